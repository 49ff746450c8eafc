//! The prose of a document: the text to check, and the way back from it to the content as sent. Knows no format.
//!
//! Where a document is plain text the two are the same. Elsewhere the text is a row of segments, each of which stands for a
//! stretch of the source: the source between two segments is markup. A segment may begin with a character reference, which
//! is whole or not at all, or with a character that stands in the text alone: the end of a line, an object.
//!
//! ```text
//! source     <p>re<b>ciev</b>e</p><p>caf&eacute; <code>ls</code>!</p>
//!               |  |  |   |  |       |  |        |               |
//!               3  5  8  12  16      24 27      36 left out:    51
//!               |     |      |       |  |          ProgramCode   |
//!            +-----+------+-----+--------+-----------+--------------+
//! segments   | re  | ciev | e   | \n caf | &eacute;␠ | □ !          |     one a stretch: where it begins in text and source
//!            +-----+------+-----+--------+-----------+--------------+
//! text         r e c i e v e      \n c a f  é ␠        □ !                "recieve\ncafé □!"
//!              0   2       6       7        11         14
//!
//! and back     0..7   recieve  ->  3..5, 8..12, 16..17       three spans: no markup in them
//!              8..13  café     ->  24..35                    the reference as a whole; its text: the references at the spans read
//! ```
//!
//! A span of the text becomes one span of the source for every segment that it meets, so no span covers markup. `□`
//! (U+FFFC) stands for what is part of a sentence but no prose. A segment takes eight bytes: its two offsets, and in
//! spare bits how it begins.

use std::borrow::Cow;

use super::{SkipReason, SkippedRegion};
use crate::text::Span;

/// Stands in the text for an image, for program code, for anything that is no prose but part of its sentence.
pub(crate) const OBJECT_REPLACEMENT: char = '\u{FFFC}';

/// The longest source that is read, in bytes: three bits of an offset are used otherwise.
pub(super) const MAX_SOURCE_BYTES: usize = (1 << 29) - 1;

/// A text, and where it comes from.
#[derive(Clone, Debug)]
pub struct Prose<'s> {
    pub(super) source: &'s str,
    pub(super) text: Cow<'s, str>,
    /// Ascending in both texts; none: the text is the source.
    pub(super) segments: Vec<Segment>,
    /// What of the source is not in the text though a reader may see it: ascending and disjoint.
    pub(super) skipped: Vec<PackedRegion>,
    /// What of the text is not the writer's own, in bytes of the text: ascending and disjoint.
    pub(super) quoted: Vec<PackedRegion>,
    /// Where the source names another language.
    pub(super) languages: Vec<LanguageChange>,
    /// Whether every line is a block.
    pub(super) is_plain: bool,
    pub(super) reference_lengths: ReferenceLengths,
}

/// A region of the source or of the text, in twelve bytes: there may be one for every twelve of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedRegion {
    start: u32,
    end: u32,
    reason: SkipReason,
}

impl PackedRegion {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no source is longer than MAX_SOURCE_BYTES, or all of it is one region"
    )]
    pub(super) const fn new(span: Span, reason: SkipReason) -> Self {
        Self { start: span.start as u32, end: span.end as u32, reason }
    }

    pub(super) const fn unpack(self) -> SkippedRegion {
        SkippedRegion { span: Span::new(self.start as usize, self.end as usize), reason: self.reason }
    }
}

/// Appends a region to those before it. One for the same reason, with a blank gap between, lengthens the last.
pub(super) fn push_merged(
    regions: &mut Vec<PackedRegion>,
    span: Span,
    reason: SkipReason,
    is_blank: impl Fn(Span) -> bool,
) {
    if let Some(last) = regions.last_mut() {
        let before = last.unpack();
        if before.reason == reason && is_blank(Span::new(before.span.end, span.start)) {
            *last = PackedRegion::new(Span::new(before.span.start, span.end), reason);
            return;
        }
    }
    regions.push(PackedRegion::new(span, reason));
}

/// A block of text: a paragraph, a cell, an item of a list; in plain text a line. Holds text; what lies between blocks is
/// blank or markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where, in bytes of the prose.
    pub text: Span,
    /// From its first to its last byte in the source, markup within the block included.
    pub source: Span,
}

/// A part of the text in a language that the document names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanguageRun<'s> {
    /// Where, in bytes of the prose.
    pub text: Span,
    /// The tag as the document has it; nobody has looked whether it is well-formed.
    pub tag: &'s str,
}

/// From here on the text is in the language of this tag; in that of the request if there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LanguageChange {
    pub(super) text: u32,
    pub(super) tag: LanguageTag,
}

/// Where in the source a language tag begins: the value of an attribute. Its end is read from the source, as there may be
/// one for every ten bytes of it. Zero, where no attribute's value is: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LanguageTag(u32);

impl LanguageTag {
    #[expect(clippy::cast_possible_truncation, reason = "no source is longer than MAX_SOURCE_BYTES")]
    pub(super) const fn at(start: usize) -> Self {
        Self(start as u32)
    }

    const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The tag, of which there may be none: empty.
    pub(super) fn read_from(self, source: &str) -> &str {
        if self.is_none() {
            return "";
        }
        let rest = &source[self.0 as usize..];
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | '>' | '/');
        &rest[..rest.find(ends).unwrap_or(rest.len())]
    }
}

/// The length, in bytes, of what the character reference stands for that a source begins with, and its own: how, the format
/// knows that has read the document.
pub(super) type ReferenceLengths = fn(&str) -> (usize, usize);

/// What a segment begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SegmentHead {
    /// Nothing special.
    Plain,
    /// A character reference.
    Reference,
    /// [`OBJECT_REPLACEMENT`].
    Object,
    /// A line feed that ends a line of a block.
    Line,
    /// A line feed that ends a block.
    Block,
}

const HEADS: [SegmentHead; 5] =
    [SegmentHead::Plain, SegmentHead::Reference, SegmentHead::Object, SegmentHead::Line, SegmentHead::Block];

/// A stretch of the text that is a stretch of the source, but for its head. Eight bytes, as there may be one for every four
/// bytes of a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    text: u32,
    /// The head in the upper three bits.
    source: u32,
}

impl Segment {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no source is longer than MAX_SOURCE_BYTES, its text not twice as long"
    )]
    pub(super) const fn new(head: SegmentHead, text: usize, source: usize) -> Self {
        Self { text: text as u32, source: source as u32 | (head as u32) << 29 }
    }

    const fn text(self) -> usize {
        self.text as usize
    }

    const fn source(self) -> usize {
        (self.source & (u32::MAX >> 3)) as usize
    }

    fn head(self) -> SegmentHead {
        HEADS[(self.source >> 29) as usize]
    }

    /// The lengths of the head, in the text and in the source.
    fn head_lengths(self, source: &str, reference_lengths: ReferenceLengths) -> (usize, usize) {
        match self.head() {
            SegmentHead::Plain => (0, 0),
            SegmentHead::Reference => reference_lengths(&source[self.source()..]),
            SegmentHead::Object => (OBJECT_REPLACEMENT.len_utf8(), 0),
            SegmentHead::Line | SegmentHead::Block => (1, 0),
        }
    }
}

/// The [`ReferenceLengths`] of plain text, which has none.
pub(super) const fn no_reference(_: &str) -> (usize, usize) {
    (0, 0)
}

impl<'s> Prose<'s> {
    /// A text that is its own source.
    pub(super) fn identical(source: &'s str) -> Self {
        Self {
            source,
            text: Cow::Borrowed(source),
            segments: Vec::new(),
            skipped: Vec::new(),
            quoted: Vec::new(),
            languages: Vec::new(),
            is_plain: true,
            reference_lengths: no_reference,
        }
    }

    /// The text to check.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether offsets in the text are offsets in the source.
    #[must_use]
    pub(crate) fn is_identical(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }

    /// What of the source is not in the text, though a reader may see it: in bytes of the source, ascending and disjoint.
    pub fn skipped_regions(&self) -> impl Iterator<Item = SkippedRegion> + '_ {
        self.skipped.iter().map(|region| region.unpack())
    }

    /// What of the text is not the writer's own (quoted history, signatures): in bytes of the text, ascending and disjoint.
    pub fn quoted_regions(&self) -> impl Iterator<Item = SkippedRegion> + '_ {
        self.quoted.iter().map(|region| region.unpack())
    }

    /// Where a span of the text stands in the source: ascending, disjoint, never covering markup. Empty if nothing of it does.
    #[must_use]
    pub fn source_spans(&self, text: Span) -> Vec<Span> {
        if self.is_identical() {
            return vec![text];
        }
        let mut spans: Vec<Span> = Vec::new();
        self.each_source_span(text, |piece| match spans.last_mut() {
            Some(last) if last.end >= piece.start => last.end = last.end.max(piece.end),
            _ => spans.push(piece),
        });
        spans
    }

    /// From the first to the last byte of the source that a span of the text stands for, markup between them included.
    #[must_use]
    pub(crate) fn source_extent(&self, text: Span) -> Option<Span> {
        if self.is_identical() {
            return Some(text);
        }
        let mut cover: Option<Span> = None;
        self.each_source_span(text, |piece| {
            cover = Some(cover.map_or(piece, |cover| Span::new(cover.start, piece.end)));
        });
        cover
    }

    /// Whether a span of the text holds the end of a line, an object, or any character that the source does not have.
    #[must_use]
    pub fn is_divided(&self, text: Span) -> bool {
        let first = self.segments.partition_point(|segment| segment.text() < text.start);
        self.segments[first..]
            .iter()
            .take_while(|segment| segment.text() < text.end)
            .any(|segment| matches!(segment.head(), SegmentHead::Object | SegmentHead::Line | SegmentHead::Block))
    }

    /// The part of the text that stands for a span of the source; what cuts a character reference takes all of it.
    #[must_use]
    pub(crate) fn text_span(&self, source: Span) -> Span {
        if self.is_identical() {
            return source;
        }
        let start = self.text_at(source.start, false);
        Span::new(start, self.text_at(source.end, true).max(start))
    }

    /// The blocks of the text that hold more than blanks, in order. O(length) for all.
    pub fn blocks(&self) -> impl Iterator<Item = Block> + '_ {
        let mut ends =
            self.segments.iter().filter(|segment| segment.head() == SegmentHead::Block).map(|end| end.text());
        let mut start = 0;
        std::iter::from_fn(move || {
            while start < self.text.len() {
                let rest = &self.text[start..];
                let end = if self.is_plain {
                    memchr::memchr(b'\n', rest.as_bytes()).map_or(self.text.len(), |length| start + length)
                } else {
                    ends.next().unwrap_or(self.text.len())
                };
                let (whole, shown) = (&self.text[start..end], self.text[start..end].trim());
                let first = start + whole.len() - whole.trim_start().len();
                let text = Span::new(first.min(end), first.min(end) + shown.len());
                // A line feed, real or not, ends it.
                start = if end < self.text.len() { end + 1 } else { end };
                if !text.is_empty()
                    && let Some(source) = self.source_extent(text)
                {
                    return Some(Block { text, source });
                }
            }
            None
        })
    }

    /// The parts of the text for which the document names a language, in order.
    pub fn languages(&self) -> impl Iterator<Item = LanguageRun<'s>> + '_ {
        let ends = self.languages.iter().skip(1).map(|change| change.text as usize).chain([self.text.len()]);
        self.languages.iter().zip(ends).filter(|(change, _)| !change.tag.is_none()).map(|(change, end)| LanguageRun {
            text: Span::new(change.text as usize, end),
            tag: change.tag.read_from(self.source),
        })
    }

    /// Calls `each` with the stretches of the source that a span of the text stands for, ascending, none empty.
    fn each_source_span(&self, text: Span, mut each: impl FnMut(Span)) {
        let first = self.segments.partition_point(|segment| segment.text() <= text.start).saturating_sub(1);
        for (at, segment) in self.segments.iter().enumerate().skip(first) {
            if segment.text() >= text.end {
                break;
            }
            let end = self.segments.get(at + 1).map_or(self.text.len(), |next| next.text());
            let (head, source_head) = segment.head_lengths(self.source, self.reference_lengths);
            let tail = segment.text() + head;
            let tail_source = segment.source() + source_head;
            if source_head > 0 && text.start < tail {
                each(Span::new(segment.source(), tail_source));
            }
            let (from, to) = (text.start.max(tail), text.end.min(end));
            if from < to {
                each(Span::new(tail_source + from - tail, tail_source + to - tail));
            }
        }
    }

    /// The place in the text of a place in the source: behind a reference that it cuts if `is_end`, else before it.
    fn text_at(&self, source: usize, is_end: bool) -> usize {
        let next = self.segments.partition_point(|segment| segment.source() <= source);
        let Some(at) = next.checked_sub(1) else { return 0 };
        let segment = self.segments[at];
        let end = self.segments.get(next).map_or(self.text.len(), |next| next.text());
        let (head, source_head) = segment.head_lengths(self.source, self.reference_lengths);
        let (start, tail) = (segment.text(), segment.text() + head);
        let into = source - segment.source();
        match into.checked_sub(source_head) {
            Some(_) if into == 0 && is_end => start,
            Some(into) => (tail + into).min(end),
            None if into == 0 || !is_end => start,
            None => tail,
        }
    }
}
