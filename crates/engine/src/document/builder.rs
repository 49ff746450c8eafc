//! Puts a prose together, piece by piece of its source. Knows no format.

use std::borrow::Cow;

use super::prose::{
    LanguageChange, LanguageTag, OBJECT_REPLACEMENT, PackedRegion, Prose, ReferenceLengths, Segment, SegmentHead,
};
use crate::text::Span;

/// Collects the text of a source, in order.
pub(super) struct ProseBuilder<'s> {
    source: &'s str,
    text: String,
    segments: Vec<Segment>,
    languages: Vec<LanguageChange>,
    /// What will stand before the next text; [`SegmentHead::Plain`]: nothing.
    pause: SegmentHead,
    /// Where the source of the last text ends.
    end: usize,
    reference_lengths: ReferenceLengths,
    /// The language of the text to come.
    language: LanguageTag,
}

/// How far a builder had come.
#[derive(Clone, Copy, Debug)]
pub(super) struct BuilderMark {
    text: usize,
    segments: usize,
    languages: usize,
    pause: SegmentHead,
    end: usize,
}

impl BuilderMark {
    /// Where the text ended.
    pub(super) const fn text(self) -> usize {
        self.text
    }
}

impl<'s> ProseBuilder<'s> {
    /// For a source; `segments` is a guess at how many there will be.
    pub(super) fn new(source: &'s str, segments: usize, reference_lengths: ReferenceLengths) -> Self {
        Self {
            source,
            text: String::new(),
            segments: Vec::with_capacity(segments),
            languages: Vec::new(),
            pause: SegmentHead::Block,
            end: 0,
            reference_lengths,
            language: LanguageTag::default(),
        }
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where the source of the last text ends.
    pub(super) const fn source_end(&self) -> usize {
        self.end
    }

    /// How far it has come, to be returned to.
    pub(super) const fn mark(&self) -> BuilderMark {
        BuilderMark {
            text: self.text.len(),
            segments: self.segments.len(),
            languages: self.languages.len(),
            pause: self.pause,
            end: self.end,
        }
    }

    /// Forgets what came after a mark, but for the language of the text to come.
    pub(super) fn return_to(&mut self, mark: BuilderMark) {
        self.text.truncate(mark.text);
        self.segments.truncate(mark.segments);
        self.languages.truncate(mark.languages);
        (self.pause, self.end) = (mark.pause, mark.end);
    }

    /// Reserves this number of bytes of text.
    pub(super) fn reserve(&mut self, text: usize) {
        self.text.reserve_exact(text);
    }

    /// Something comes between the text before and the text after: the greatest of all pauses in a row counts.
    pub(super) fn push_break(&mut self, head: SegmentHead) {
        self.pause = self.pause.max(head);
    }

    /// From here on the document is in another language.
    pub(super) const fn set_language(&mut self, tag: LanguageTag) {
        self.language = tag;
    }

    /// Whether blanks that come now would begin a line.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.pause >= SegmentHead::Line
    }

    /// Appends text as it stands in the source; line ends become blanks unless `preformatted`.
    pub(super) fn push_text(&mut self, span: Span, preformatted: bool) {
        if span.is_empty() {
            return;
        }
        self.begin(SegmentHead::Plain, span.start);
        let literal = span.slice(self.source);
        if preformatted {
            self.text.push_str(literal);
        } else {
            let mut rest = literal;
            while let Some(at) = memchr::memchr3(b'\n', b'\r', b'\t', rest.as_bytes()) {
                self.text.push_str(&rest[..at]);
                self.text.push(' ');
                rest = &rest[at + 1..];
            }
            self.text.push_str(rest);
        }
        self.end = span.end;
    }

    /// Appends what a character reference of the source stands for.
    pub(super) fn push_reference(&mut self, span: Span, append: impl FnOnce(&mut String)) {
        self.begin(SegmentHead::Reference, span.start);
        append(&mut self.text);
        self.end = span.end;
    }

    /// Begins a segment, unless the text goes on where it ended.
    fn begin(&mut self, head: SegmentHead, source: usize) {
        let pause = std::mem::replace(&mut self.pause, SegmentHead::Plain);
        let is_first = self.text.is_empty();
        let changes = self.language != self.languages.last().map_or_else(LanguageTag::default, |last| last.tag);
        if pause != SegmentHead::Plain && !is_first {
            self.segments.push(Segment::new(pause, self.text.len(), source));
            self.text.push(if pause == SegmentHead::Object { OBJECT_REPLACEMENT } else { '\n' });
            if head == SegmentHead::Reference {
                self.segments.push(Segment::new(head, self.text.len(), source));
            }
        } else if head == SegmentHead::Reference || is_first || self.end != source {
            self.segments.push(Segment::new(head, self.text.len(), source));
        }
        if changes {
            #[expect(clippy::cast_possible_truncation, reason = "as in Segment::new")]
            self.languages.push(LanguageChange { text: self.text.len() as u32, tag: self.language });
        }
    }

    /// The prose, with what the reader left out; `is_plain` if every line is a block.
    pub(super) fn finish(self, skipped: Vec<PackedRegion>, is_plain: bool) -> Prose<'s> {
        Prose {
            source: self.source,
            text: Cow::Owned(self.text),
            segments: self.segments,
            skipped,
            quoted: Vec::new(),
            languages: self.languages,
            is_plain,
            reference_lengths: self.reference_lengths,
        }
    }
}
