//! What of a draft a model sees, and how its answer becomes a draft again. Pure; knows documents, no model and no rule.
//!
//! ```text
//! content   <p>caf&eacute; is <b>here</b></p><blockquote type="cite">wher is it?</blockquote>
//!              +---------- body ----+
//! text         café is <b>here                                  <b> is fixed: a placeholder to the model
//! ```
//!
//! The body reaches from the first to the last of the writer's own words, as spelling reads them; markup, quoted history and
//! signatures around it never leave, those within it stay as placeholders. Character references are read. On the way back, what
//! stands between two fixed ranges and is as it was comes back byte for byte; anything else is escaped, each character as the
//! draft writes it.

use std::collections::{HashMap, HashSet};

use super::{
    diff::{self, Granularity, TextEdit},
    privacy::{MaskedPiece, Masking, ValueKind},
    spans::SpanMap,
};
use vermilion_engine::{
    document::{Document, DocumentFormat},
    text::Span,
};

/// What a placeholder adds to what is sent, in bytes, about: `[[MARKUP_12_xq1w2e3]]`.
const PLACEHOLDER_BYTES: usize = 24;

/// A draft as sent, and the text that stands for it. Its `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    content: String,
    is_html: bool,
    body: Span,
    text: String,
    fixed: Vec<(Span, ValueKind)>,
    /// The stretches of the content, within the body, between what is fixed as markup.
    stretches: Vec<Span>,
    /// Characters that the draft writes as references only.
    references: HashMap<char, String>,
    /// From the text to the content.
    source: SpanMap,
}

/// The body of a reply, and where the parts of the answer stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReplyBody {
    /// As it stands in the format of the draft.
    pub(crate) text: String,
    /// From the masked answer to the body.
    pub(crate) map: SpanMap,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

impl Draft {
    /// Reads a document, of which the client protects some ranges (bytes, in any order, may overlap). O(length).
    #[must_use]
    pub fn read(document: &Document<'_>, protected: &[Span]) -> Self {
        let content = document.content;
        let own = own_spans(document);
        let body = match (own.first(), own.last()) {
            (Some(first), Some(last)) => Span::new(first.start, last.end),
            _ => Span::new(0, 0),
        };
        let markup = own.windows(2).map(|pair| Span::new(pair[0].end, pair[1].start));
        let mut fixed: Vec<(Span, ValueKind)> = markup.map(|span| (span, ValueKind::Markup)).collect();
        let clipped = protected.iter().map(|span| {
            let start = span.start.clamp(body.start, body.end);
            Span::new(start, span.end.clamp(start, body.end))
        });
        fixed.extend(clipped.map(|span| (span, ValueKind::Protected)));
        let fixed = united(fixed);
        let mut draft = Self {
            content: content.to_owned(),
            is_html: document.format == DocumentFormat::Html,
            body,
            text: String::with_capacity(body.len()),
            fixed: Vec::with_capacity(fixed.len()),
            stretches: Vec::new(),
            references: HashMap::new(),
            source: SpanMap::default(),
        };
        draft.read_body(document, &fixed);
        draft
    }

    fn read_body(&mut self, document: &Document<'_>, fixed: &[(Span, ValueKind)]) {
        let (mut at, mut stretch) = (self.body.start, self.body.start);
        for &(span, kind) in fixed {
            self.read_prose(document, Span::new(at, span.start));
            let start = self.text.len();
            self.text.push_str(span.slice(document.content));
            self.source.push_exact(start, span.start, span.len());
            self.fixed.push((Span::new(start, self.text.len()), kind));
            if kind == ValueKind::Markup {
                self.stretches.push(Span::new(stretch, span.start));
                stretch = span.end;
            }
            at = span.end;
        }
        self.read_prose(document, Span::new(at, self.body.end));
        self.stretches.push(Span::new(stretch, self.body.end));
        self.references = references(document, &self.stretches);
    }

    /// Appends what a reader reads at a part of the content, and where it stands there.
    fn read_prose(&mut self, document: &Document<'_>, part: Span) {
        let text = document.text_at(&[part]);
        let start = self.text.len();
        self.text.push_str(&text);
        let references = document.references(part);
        let meant: usize = references.iter().map(|(_, meaning)| meaning.len()).sum();
        let written: usize = references.iter().map(|(span, _)| span.len()).sum();
        if part.len() + meant != text.len() + written {
            // Something else than references is read otherwise than it is written.
            self.source.push_whole(Span::new(start, self.text.len()), part);
            return;
        }
        let (mut from, mut at) = (start, part.start);
        for (span, meaning) in references {
            self.source.push_exact(from, at, span.start - at);
            from += span.start - at;
            self.source.push_whole(Span::new(from, from + meaning.len()), span);
            (from, at) = (from + meaning.len(), span.end);
        }
        self.source.push_exact(from, at, part.end - at);
    }

    /// From the masked text, trimmed as it is sent, to the content. O(length).
    #[must_use]
    pub(crate) fn masked_map(&self, masking: &Masking, masked: &str) -> SpanMap {
        // What is cut off before the masked text is white space of the text, unless it is part of a value.
        let mut at = self.text.len() - self.text.trim_start().len();
        if let Some(MaskedPiece::Value { value, .. }) = masking.pieces(masked).next()
            && !self.text[at..].starts_with(value)
        {
            at = 0;
        }
        let (mut map, mut from) = (SpanMap::default(), 0);
        for piece in masking.pieces(masked) {
            let length = masking.piece_len(piece);
            let span = Span::new(from, from + length);
            match piece {
                MaskedPiece::Text(text) => {
                    self.source.project(Span::new(at, (at + text.len()).min(self.text.len())), from, &mut map);
                    at += text.len();
                }
                MaskedPiece::Value { kind, value, .. } => {
                    let there = self.source.map(Span::new(at, (at + value.len()).min(self.text.len())));
                    at += value.len();
                    if let (Some(first), Some(last)) = (there.first(), there.last()) {
                        let to = Span::new(first.start, last.end);
                        if kind == ValueKind::Markup { map.push_gap(span, to) } else { map.push_whole(span, to) }
                    }
                }
            }
            from += length;
        }
        map
    }

    /// As sent.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The body, its character references read but in the fixed ranges. Empty if nothing is the writer's own.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The ranges of the text that must stay as they are, in bytes: ascending, disjoint.
    #[must_use]
    pub fn fixed(&self) -> &[(Span, ValueKind)] {
        &self.fixed
    }

    /// How many bytes go to a model, about: the text, with placeholders for what is fixed in it.
    #[must_use]
    pub fn model_bytes(&self) -> usize {
        let fixed: usize = self.fixed.iter().map(|(span, _)| span.len()).sum();
        self.text.len() - fixed + PLACEHOLDER_BYTES * self.fixed.len()
    }

    /// The body as sent.
    #[must_use]
    pub(crate) fn body(&self) -> &str {
        self.body.slice(&self.content)
    }

    /// What stands in the content before the body, and behind it.
    #[must_use]
    pub fn around_body(&self) -> (&str, &str) {
        (&self.content[..self.body.start], &self.content[self.body.end..])
    }

    /// The content with another body.
    #[must_use]
    pub(crate) fn with_body(&self, body: &str) -> String {
        let (before, behind) = self.around_body();
        [before, body, behind].concat()
    }

    /// What makes the content with another body out of this one.
    #[must_use]
    pub(crate) fn edits(&self, body: &str, granularity: Granularity) -> Vec<TextEdit> {
        let edits = diff::edits(self.body(), body, granularity).into_iter();
        edits.map(|edit| TextEdit { span: edit.span.shifted(self.body.start), ..edit }).collect()
    }

    /// The body as an answer has it. `masked` is the text as it was sent, of which the answer has all markup in its order.
    #[must_use]
    pub(crate) fn body_of(&self, masking: &Masking, masked: &str, answer: &str) -> ReplyBody {
        let text = String::with_capacity(self.body.len() + answer.len());
        let mut body = ReplyBody { text, map: SpanMap::default() };
        let before = stretches(masking, masked);
        // Of the draft, only if something of it comes back as it was.
        let mut own: Option<SpanMap> = None;
        let (mut from, mut from_before) = (0, 0);
        for (at, (stretch, markup)) in stretches(masking, answer).into_iter().enumerate() {
            let same = before.get(at).is_some_and(|(before, _)| *before == stretch);
            match self.stretches.get(at).filter(|_| same) {
                Some(source) => {
                    let own = own.get_or_insert_with(|| self.masked_map(masking, masked));
                    let start = body.text.len();
                    own.project_shifted(
                        Span::new(from_before, from_before + stretch.len()),
                        from,
                        (source.start, start),
                        &mut body.map,
                    );
                    body.text.push_str(source.slice(&self.content));
                }
                None => self.write(masking, stretch, from, &mut body),
            }
            from += stretch.len();
            if let Some(placeholder) = markup {
                let start = body.text.len();
                body.text.push_str(placeholder.value);
                body.map.push_gap(Span::new(from, from + placeholder.length), Span::new(start, body.text.len()));
                from += placeholder.length;
            }
            from_before += before.get(at).map_or(0, |(before, markup)| {
                before.len() + markup.as_ref().map_or(0, |placeholder| placeholder.length)
            });
        }
        body
    }

    /// Appends a stretch of an answer, which begins at `from` of it, with its values, in the form of the draft.
    fn write(&self, masking: &Masking, stretch: &str, mut from: usize, body: &mut ReplyBody) {
        let has_carriage_returns = self.body().contains("\r\n");
        for piece in masking.pieces(stretch) {
            let span = Span::new(from, from + masking.piece_len(piece));
            from = span.end;
            let start = body.text.len();
            match piece {
                MaskedPiece::Value { kind: ValueKind::Protected, value, .. } => body.text.push_str(value),
                MaskedPiece::Value { value, .. } => value.chars().for_each(|c| self.escape(c, &mut body.text)),
                MaskedPiece::Text(text) => {
                    self.write_text(text, span.start, has_carriage_returns, body);
                    continue;
                }
            }
            body.map.push_whole(span, Span::new(start, body.text.len()));
        }
    }

    /// Appends text of an answer, which stands at `from` of it, as it stands in the format of the draft.
    fn write_text(&self, text: &str, mut from: usize, has_carriage_returns: bool, body: &mut ReplyBody) {
        if !self.is_html && !has_carriage_returns {
            body.map.push_exact(from, body.text.len(), text.len());
            body.text.push_str(text);
            return;
        }
        let mut before = None;
        for c in text.chars() {
            let start = body.text.len();
            if has_carriage_returns && c == '\n' && before != Some('\r') {
                body.text.push('\r');
            }
            self.escape(c, &mut body.text);
            let written = Span::new(start, body.text.len());
            if written.len() == c.len_utf8() {
                body.map.push_exact(from, start, written.len());
            } else {
                body.map.push_whole(Span::new(from, from + c.len_utf8()), written);
            }
            from += c.len_utf8();
            before = Some(c);
        }
    }

    /// Appends a character as it stands in the format of the draft.
    fn escape(&self, c: char, body: &mut String) {
        if !self.is_html {
            body.push(c);
            return;
        }
        match (self.references.get(&c), c) {
            (Some(reference), _) => body.push_str(reference),
            (None, '&') => body.push_str("&amp;"),
            (None, '<') => body.push_str("&lt;"),
            (None, '>') => body.push_str("&gt;"),
            (None, '\u{A0}') => body.push_str("&nbsp;"),
            (None, c) => body.push(c),
        }
    }

    /// What a reader reads at spans of a content in the format of the draft, the draft itself or a reply to it.
    #[must_use]
    pub(crate) fn words_at(&self, content: &str, spans: &[Span]) -> Vec<String> {
        let format = if self.is_html { DocumentFormat::Html } else { DocumentFormat::Plain };
        let channel = vermilion_engine::document::MessageChannel::Unspecified;
        let document = Document { content, format, channel };
        spans.iter().map(|span| document.text_at(&[*span])).collect()
    }

    /// A value as a preview in plain text shows it.
    #[must_use]
    pub(crate) fn shown(&self, kind: ValueKind, value: &str) -> String {
        match kind {
            ValueKind::Markup if self.is_html => {
                (if value.contains('\n') || is_block(value) { "\n" } else { "" }).to_owned()
            }
            ValueKind::Protected if self.is_html => Document {
                content: value,
                format: DocumentFormat::Html,
                channel: vermilion_engine::document::MessageChannel::Unspecified,
            }
            .text_at(&[Span::new(0, value.len())]),
            _ => value.to_owned(),
        }
    }
}

/// The writer's own words in the content: ascending, disjoint. In HTML the spans of the prose; in plain text all but quotations,
/// with the line ends between.
fn own_spans(document: &Document<'_>) -> Vec<Span> {
    let prose = document.read();
    let quoted: Vec<Span> = prose.quoted_regions().map(|region| region.span).collect();
    let mut own = Vec::new();
    if document.format == DocumentFormat::Html {
        for block in prose.blocks() {
            for part in without(block.text, &quoted) {
                own.extend(prose.source_spans(trimmed(prose.text(), part)));
            }
        }
        own.sort_unstable();
        // Two may share a reference that stands for two characters.
        own.dedup_by(|next, kept| {
            let is_shared = next.start < kept.end;
            if is_shared {
                kept.end = kept.end.max(next.end);
            }
            is_shared
        });
    } else {
        let extent = |region: &Span| {
            let spans = prose.source_spans(*region);
            spans.first().zip(spans.last()).map(|(first, last)| Span::new(first.start, last.end))
        };
        let quoted: Vec<Span> = quoted.iter().filter_map(extent).collect();
        let whole = Span::new(0, document.content.len());
        own.extend(without(whole, &quoted).into_iter().map(|part| trimmed(document.content, part)));
        own.retain(|span| !span.is_empty());
    }
    let shows = |span: &Span| span.slice(document.content).contains(|c: char| !c.is_whitespace());
    let first = own.iter().position(shows).unwrap_or(own.len());
    let end = own.iter().rposition(shows).map_or(first, |last| last + 1);
    own[first..end].to_vec()
}

/// The characters that a document writes, in some of its parts, as references only, and how.
fn references(document: &Document<'_>, parts: &[Span]) -> HashMap<char, String> {
    if document.format == DocumentFormat::Plain {
        return HashMap::new();
    }
    let mut references: HashMap<char, String> = HashMap::new();
    let mut literal: HashSet<char> = HashSet::new();
    for part in parts {
        let mut at = part.start;
        for (span, meaning) in document.references(*part) {
            literal.extend(document.content[at..span.start].chars());
            at = span.end;
            let (mut characters, reference) = (meaning.chars(), span.slice(document.content));
            if let (Some(c), None, true) = (characters.next(), characters.next(), reference.ends_with(';')) {
                references.entry(c).or_insert_with(|| reference.to_owned());
            }
        }
        literal.extend(document.content[at..part.end].chars());
    }
    references.retain(|c, _| !literal.contains(c));
    references
}

/// What is left of a span without others, which ascend and are disjoint.
fn without(span: Span, others: &[Span]) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut at = span.start;
    let first = others.partition_point(|other| other.end <= span.start);
    for other in others[first..].iter().take_while(|other| other.start < span.end) {
        if at < other.start {
            parts.push(Span::new(at, other.start));
        }
        at = at.max(other.end);
    }
    if at < span.end {
        parts.push(Span::new(at, span.end));
    }
    parts
}

/// A span of a text without the blanks at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.slice(text);
    let start = span.start + inner.len() - inner.trim_start().len();
    Span::new(start, start + inner.trim().len())
}

/// Ranges that overlap become one, which is markup if any of them is.
fn united(mut ranges: Vec<(Span, ValueKind)>) -> Vec<(Span, ValueKind)> {
    ranges.retain(|(span, _)| !span.is_empty());
    ranges.sort_unstable();
    ranges.dedup_by(|(next, next_kind), (kept, kind)| {
        let overlaps = next.start < kept.end;
        if overlaps {
            kept.end = kept.end.max(next.end);
            *kind = (*kind).max(*next_kind);
        }
        overlaps
    });
    ranges
}

/// A piece of markup in a masked text.
struct MarkupPiece<'t> {
    value: &'t str,
    /// Of its placeholder, in bytes.
    length: usize,
}

/// A masked text divided at its markup: what stands before each, and the markup; nothing behind the last.
fn stretches<'t>(masking: &'t Masking, text: &'t str) -> Vec<(&'t str, Option<MarkupPiece<'t>>)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for piece in masking.pieces(text) {
        let length = masking.piece_len(piece);
        if let MaskedPiece::Value { kind: ValueKind::Markup, value, .. } = piece {
            found.push((&text[start..at], Some(MarkupPiece { value, length })));
            start = at + length;
        }
        at += length;
    }
    found.push((&text[start..], None));
    found
}

/// Whether markup begins a new line.
fn is_block(markup: &str) -> bool {
    ["<br", "</p", "</div", "</li", "</tr", "</h"].iter().any(|tag| markup.to_ascii_lowercase().contains(tag))
}

#[cfg(test)]
mod tests;
