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
    diff::{self, TextEdit},
    privacy::{MaskedPiece, Masking, ValueKind},
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
        };
        draft.read_body(document, &fixed);
        draft
    }

    fn read_body(&mut self, document: &Document<'_>, fixed: &[(Span, ValueKind)]) {
        let (mut at, mut stretch) = (self.body.start, self.body.start);
        for &(span, kind) in fixed {
            self.text.push_str(&document.text_at(&[Span::new(at, span.start)]));
            let start = self.text.len();
            self.text.push_str(span.slice(document.content));
            self.fixed.push((Span::new(start, self.text.len()), kind));
            if kind == ValueKind::Markup {
                self.stretches.push(Span::new(stretch, span.start));
                stretch = span.end;
            }
            at = span.end;
        }
        self.text.push_str(&document.text_at(&[Span::new(at, self.body.end)]));
        self.stretches.push(Span::new(stretch, self.body.end));
        self.references = references(document, &self.stretches);
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
    pub(crate) fn edits(&self, body: &str) -> Vec<TextEdit> {
        let edits = diff::edits(self.body(), body).into_iter();
        edits.map(|edit| TextEdit { span: edit.span.shifted(self.body.start), ..edit }).collect()
    }

    /// The body as an answer has it. `masked` is the text as it was sent, of which the answer has all markup in its order.
    #[must_use]
    pub(crate) fn body_of(&self, masking: &Masking, masked: &str, answer: &str) -> String {
        let mut body = String::with_capacity(self.body.len() + answer.len());
        let before = stretches(masking, masked);
        for (at, (stretch, markup)) in stretches(masking, answer).into_iter().enumerate() {
            match self.stretches.get(at).filter(|_| before.get(at).is_some_and(|(before, _)| *before == stretch)) {
                Some(source) => body.push_str(source.slice(&self.content)),
                None => self.write(masking, stretch, &mut body),
            }
            body.push_str(markup);
        }
        body
    }

    /// Appends a stretch of an answer with its values, in the form of the draft.
    fn write(&self, masking: &Masking, stretch: &str, body: &mut String) {
        let has_carriage_returns = self.body().contains("\r\n");
        for piece in masking.pieces(stretch) {
            match piece {
                MaskedPiece::Value { kind: ValueKind::Protected, value, .. } => body.push_str(value),
                MaskedPiece::Value { value, .. } => self.escape(value, body),
                MaskedPiece::Text(text) if has_carriage_returns => {
                    self.escape(&text.replace("\r\n", "\n").replace('\n', "\r\n"), body);
                }
                MaskedPiece::Text(text) => self.escape(text, body),
            }
        }
    }

    /// Appends text as it stands in the format of the draft.
    fn escape(&self, text: &str, body: &mut String) {
        if !self.is_html {
            body.push_str(text);
            return;
        }
        for c in text.chars() {
            match (self.references.get(&c), c) {
                (Some(reference), _) => body.push_str(reference),
                (None, '&') => body.push_str("&amp;"),
                (None, '<') => body.push_str("&lt;"),
                (None, '>') => body.push_str("&gt;"),
                (None, '\u{A0}') => body.push_str("&nbsp;"),
                (None, c) => body.push(c),
            }
        }
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

/// A masked text divided at its markup: what stands before each, and the markup; nothing behind the last.
fn stretches<'t>(masking: &'t Masking, text: &'t str) -> Vec<(&'t str, &'t str)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for piece in masking.pieces(text) {
        let length = masking.piece_len(piece);
        if let MaskedPiece::Value { kind: ValueKind::Markup, value, .. } = piece {
            found.push((&text[start..at], value));
            start = at + length;
        }
        at += length;
    }
    found.push((&text[start..], ""));
    found
}

/// Whether markup begins a new line.
fn is_block(markup: &str) -> bool {
    ["<br", "</p", "</div", "</li", "</tr", "</h"].iter().any(|tag| markup.to_ascii_lowercase().contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polishing::privacy::{Patterns, Scope};
    use vermilion_engine::document::MessageChannel;

    const HTML: DocumentFormat = DocumentFormat::Html;
    const PLAIN: DocumentFormat = DocumentFormat::Plain;

    fn read(content: &str, format: DocumentFormat, protected: &[Span]) -> Draft {
        Draft::read(&Document { content, format, channel: MessageChannel::Email }, protected)
    }

    /// Checks what a model sees, `□` for what is fixed.
    #[track_caller]
    fn sees(content: &str, format: DocumentFormat, expected: &str) {
        let draft = read(content, format, &[]);
        let mut seen = draft.text().to_owned();
        for (span, _) in draft.fixed().iter().rev() {
            seen.replace_range(span.range(), "□");
        }
        assert_eq!(seen, expected, "{content}");
        assert_eq!(polished(&draft, str::to_owned), content, "what is as it was comes back byte for byte");
    }

    /// The whole content with an answer, `change` being what the model does.
    fn polished(draft: &Draft, change: impl Fn(&str) -> String) -> String {
        let mut masking = Masking::new(&[draft.content()], || 77_777);
        let masked = masking.mask(draft.text(), draft.fixed(), &Patterns::default(), Scope::All).text;
        let body = draft.body_of(&masking, &masked, &change(&masked));
        draft.with_body(&body)
    }

    #[test]
    fn a_model_sees_the_writers_own_words() {
        sees("<p>caf&eacute; R&amp;D is&nbsp;here</p>", HTML, "café R&D is\u{A0}here");
        sees("<p>Hi <b>Ana</b>,</p>\n<p class=x>&nbsp;bye &lt;3</p>\n", HTML, "Hi □Ana□,□bye <3");
        sees("<p>a</p><img src='data:x'><p>b</p><blockquote type=cite>c</blockquote>", HTML, "a□b");
        sees("<p>a<br>On Tue, 12 Nov 2024, B &lt;b@c.de&gt; wrote:<br>&gt; c<br>d</p>", HTML, "a□d");
        sees("<p>a <code>b</code> c <s>d</s> e</p>", HTML, "a □ c □ e");
        sees("\n a\r\n\r\nb \r\n", PLAIN, "a\r\n\r\nb");
        sees("a\n\nOn Tue, 12 Nov 2024, B <b@c.de> wrote:\n> c\n", PLAIN, "a");
        sees("> a\nb\n> c\n\n> d\ne\n-- \nf", PLAIN, "b□e");
        sees("mis*spe*lled *so* &amp; x", PLAIN, "mis*spe*lled *so* &amp; x");
        sees("<p> </p><!-- a -->", HTML, "");
        sees("> a", PLAIN, "");
        sees("", PLAIN, "");
    }

    #[test]
    fn an_answer_is_written_as_the_draft_is() {
        let draft = read("<p>caf&eacute; &#39;x&#39; &amp; <b>y&nbsp;z</b> 1 &gt 0</p>", HTML, &[]);
        let reply = polished(&draft, |masked| masked.replace("café", "<Café> é & ü\u{A0}").replace("1 >", "2 >"));
        assert_eq!(
            reply,
            "<p>&lt;Caf&eacute;&gt; &eacute; &amp; ü&nbsp; &#39;x&#39; &amp; <b>y&nbsp;z</b> 2 &gt; 0</p>"
        );
        let draft = read("a\r\nb", PLAIN, &[]);
        assert_eq!(polished(&draft, |masked| masked.replace('b', "c\n<d>")), "a\r\nc\r\n<d>");
    }

    #[test]
    fn values_and_protected_ranges_come_back_as_they_were() {
        let content = "<p>see https://a.com/?x=1&amp;y=2 and <i>T&amp;C</i>&reg;</p>";
        let protected = content.find("T&amp;C").map(|at| Span::new(at, at + "T&amp;C</i>&reg;".len()));
        let draft = read(content, HTML, &[protected.expect("it is there"), Span::new(0, 1)]);
        assert_eq!(polished(&draft, |masked| masked.replace("see", "read")), content.replace("see", "read"));
        assert!(draft.text().starts_with("see https://a.com/?x=1&y=2 and "), "{}", draft.text());
    }

    #[test]
    fn what_is_fixed_counts_as_a_placeholder() {
        let image = "x".repeat(40_000);
        let draft =
            read(&format!("<p>a</p><img src='data:{image}'><p>b</p><blockquote>{image}</blockquote>"), HTML, &[]);
        assert!(draft.model_bytes() > 40_000, "a blockquote that nobody announces is the writer's");
        let draft =
            read(&format!("<p>a</p><img src='{image}'><p>b</p><blockquote type=cite>{image}</blockquote>"), HTML, &[]);
        assert_eq!(draft.model_bytes(), 2 + PLACEHOLDER_BYTES);
    }
}
