//! A text that was made of another, and where each piece of it came from: so a rule that reads folded text can point into the text
//! that it was given. Pure; knows no rule.

use std::ops::Range;

use vermilion_engine::text::Span;

/// Where a piece begins.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// In this text, in bytes.
    start: usize,
    /// In its source, in bytes.
    source: usize,
    /// Whether it stands for something of another length, so that only its whole can be pointed at.
    is_replaced: bool,
}

/// A text and its way back. Finding a place costs O(log pieces); most texts have a few.
#[derive(Clone, Debug, Default)]
pub(super) struct MappedText {
    text: String,
    pieces: Vec<Piece>,
    source_len: usize,
}

impl MappedText {
    /// Empty, of a source of so many bytes.
    pub(super) fn of_source(source_len: usize) -> Self {
        Self { text: String::with_capacity(source_len), pieces: Vec::new(), source_len }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Appends what stands in the source at `source` as it is, or in characters of the same length.
    pub(super) fn push_run(&mut self, text: &str, source: usize) {
        let start = self.text.len();
        let goes_on = |last: &Piece| !last.is_replaced && last.source + (start - last.start) == source;
        if !self.pieces.last().is_some_and(goes_on) {
            self.pieces.push(Piece { start, source, is_replaced: false });
        }
        self.text.push_str(text);
    }

    /// Appends a character that stands for one of the same length.
    pub(super) fn push(&mut self, c: char, source: usize) {
        self.push_run(c.encode_utf8(&mut [0; 4]), source);
    }

    /// Appends what stands for something else; the next piece tells where that ends.
    pub(super) fn push_replaced(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece { start: self.text.len(), source, is_replaced: true });
        self.text.push_str(text);
    }

    /// Where a place of this text is in its source; pieces that were replaced are there as a whole.
    pub(super) fn source_span(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            let at = self.piece_at(range.start).map_or(self.source_len, |(piece, end)| {
                if piece.is_replaced { piece.source } else { (piece.source + range.start - piece.start).min(end) }
            });
            return Span::new(at, at);
        }
        let start = self.piece_at(range.start).map_or(0, |(piece, _)| match piece.is_replaced {
            true => piece.source,
            false => piece.source + range.start - piece.start,
        });
        let end = self.piece_at(range.end - 1).map_or(self.source_len, |(piece, end)| match piece.is_replaced {
            true => end,
            false => (piece.source + range.end - piece.start).min(end),
        });
        Span::new(start, end.max(start))
    }

    /// The piece that holds a byte, and where it ends in the source.
    fn piece_at(&self, at: usize) -> Option<(Piece, usize)> {
        let next = self.pieces.partition_point(|piece| piece.start <= at);
        let piece = *self.pieces.get(next.checked_sub(1)?)?;
        let end = self.pieces.get(next).map_or(self.source_len, |piece| piece.source);
        Some((piece, end.max(piece.source)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_back() {
        // "São b4 5" folded: the accent goes, "b4" becomes "before".
        let source = "São b4 5";
        let mut mapped = MappedText::of_source(source.len());
        mapped.push_run("s", 0);
        mapped.push_replaced("a", 1);
        mapped.push_run("o ", 3);
        mapped.push_replaced("before", 5);
        mapped.push_run(" 5", 7);
        assert_eq!(mapped.as_str(), "sao before 5");
        for (range, expected) in
            [(0..3, "São"), (1..2, "ã"), (4..10, "b4"), (5..7, "b4"), (11..12, "5"), (0..12, source)]
        {
            assert_eq!(mapped.source_span(range.clone()).slice(source), expected, "{range:?}");
        }
    }
}
