//! What every checker does with its marks: none cuts a grapheme, and skipped regions are one list.

use unicode_segmentation::GraphemeCursor;

use crate::{document::Skipped, text::Span};

/// Widens a span that would cut a grapheme (a letter that carries a mark of another script, a variation selector).
pub(super) fn on_graphemes(text: &str, span: Span) -> Span {
    let is_boundary = |at: usize| GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true);
    let (mut start, mut end) = (span.start, span.end);
    while !is_boundary(start) {
        start = text.floor_char_boundary(start - 1);
    }
    while !is_boundary(end) {
        end = text.ceil_char_boundary(end + 1);
    }
    Span::new(start, end)
}

/// Both lists in the order of the text.
pub(super) fn merged(mut skipped: Vec<Skipped>, more: Vec<Skipped>) -> Vec<Skipped> {
    skipped.extend(more);
    skipped.sort_unstable_by_key(|skipped| skipped.span.start);
    skipped
}
