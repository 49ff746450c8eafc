//! Where the parts of one text stand in another that was made of it: a masked draft in the draft as sent, a masked answer in the
//! reply. Pure; knows neither masking nor documents.

use unicode_segmentation::GraphemeCursor;
use vermilion_engine::text::Span;

/// How a piece of the one text stands in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PieceKind {
    /// Byte for byte.
    Exact,
    /// As something else: a part of it stands for all of it.
    Whole,
    /// As markup, which belongs to no words: what reaches over it is divided there.
    Gap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MapPiece {
    from: Span,
    to: Span,
    kind: PieceKind,
}

/// Maps spans of one text to those of another. Pieces are pushed in their order, and ascend in both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpanMap {
    pieces: Vec<MapPiece>,
}

impl SpanMap {
    /// The next `length` bytes of the one text stand at `to` of the other as they are.
    pub(crate) fn push_exact(&mut self, from: usize, to: usize, length: usize) {
        if length == 0 {
            return;
        }
        if let Some(last) = self.pieces.last_mut() {
            let goes_on = last.kind == PieceKind::Exact && last.from.end == from && last.to.end == to;
            if goes_on {
                (last.from.end, last.to.end) = (from + length, to + length);
                return;
            }
        }
        let (from, to) = (Span::new(from, from + length), Span::new(to, to + length));
        self.pieces.push(MapPiece { from, to, kind: PieceKind::Exact });
    }

    /// A piece that is written otherwise there.
    pub(crate) fn push_whole(&mut self, from: Span, to: Span) {
        self.pieces.push(MapPiece { from, to, kind: PieceKind::Whole });
    }

    /// A piece of markup.
    pub(crate) fn push_gap(&mut self, from: Span, to: Span) {
        self.pieces.push(MapPiece { from, to, kind: PieceKind::Gap });
    }

    /// Where a span stands in the other text: ascending, disjoint, more than one where markup divides it; none where it is empty or
    /// nothing but markup.
    pub(crate) fn map(&self, span: Span) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        let mut goes_on = false;
        let first = self.pieces.partition_point(|piece| piece.from.end <= span.start);
        for piece in self.pieces[first..].iter().take_while(|piece| piece.from.start < span.end) {
            let part = match piece.kind {
                PieceKind::Gap => {
                    goes_on = false;
                    continue;
                }
                PieceKind::Whole => piece.to,
                PieceKind::Exact => {
                    let start = span.start.max(piece.from.start) - piece.from.start;
                    let end = span.end.min(piece.from.end) - piece.from.start;
                    Span::new(piece.to.start + start, piece.to.start + end)
                }
            };
            match found.last_mut() {
                Some(last) if goes_on && last.end == part.start => last.end = part.end,
                _ => found.push(part),
            }
            goes_on = true;
        }
        found.retain(|part| !part.is_empty());
        found
    }

    /// Where all of these stand: ascending, disjoint.
    pub(crate) fn map_all(&self, spans: &[Span]) -> Vec<Span> {
        let mut found: Vec<Span> = spans.iter().flat_map(|span| self.map(*span)).collect();
        found.sort_unstable();
        found.dedup_by(|next, kept| {
            let overlaps = next.start < kept.end;
            if overlaps {
                kept.end = kept.end.max(next.end);
            }
            overlaps
        });
        found
    }

    /// Appends to `map` what this one says of a span, as if the span began at `from`.
    pub(crate) fn project(&self, span: Span, from: usize, map: &mut Self) {
        self.project_shifted(span, from, (0, 0), map);
    }

    /// The same, with the other text counted from `(this place, as if it were that place)`.
    pub(crate) fn project_shifted(&self, span: Span, from: usize, to: (usize, usize), map: &mut Self) {
        let there = |at: usize| at - to.0 + to.1;
        let first = self.pieces.partition_point(|piece| piece.from.end <= span.start);
        for piece in self.pieces[first..].iter().take_while(|piece| piece.from.start < span.end) {
            let (start, end) = (span.start.max(piece.from.start), span.end.min(piece.from.end));
            let here = Span::new(from + start - span.start, from + end - span.start);
            let whole = Span::new(there(piece.to.start), there(piece.to.end));
            match piece.kind {
                PieceKind::Exact => {
                    map.push_exact(here.start, whole.start + start - piece.from.start, here.len());
                }
                PieceKind::Whole => map.push_whole(here, whole),
                PieceKind::Gap => map.push_gap(here, whole),
            }
        }
    }
}

/// A span as it may be shown: within the text, and of whole graphemes.
pub(crate) fn whole_graphemes(text: &str, span: Span) -> Span {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    let boundary = |at: usize, is_end: bool| {
        let mut cursor = GraphemeCursor::new(at, text.len(), true);
        // All of the text is at hand, so that no more of it is asked for.
        match cursor.is_boundary(text, 0) {
            Ok(false) if is_end => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
            Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
            _ => at,
        }
    };
    if span.is_empty() { Span::new(start, start) } else { Span::new(boundary(start, false), boundary(end, true)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(map: &SpanMap, span: (usize, usize), expected: &[(usize, usize)]) {
        let found: Vec<_> = map.map(Span::new(span.0, span.1)).iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(found, expected, "{span:?}");
    }

    #[test]
    fn spans_are_of_whole_graphemes() {
        for (text, span, expected) in [
            ("ae\u{301}b", (2, 4), (1, 4)),
            ("ae\u{301}b", (1, 2), (1, 4)),
            ("a\r\nb", (2, 4), (1, 4)),
            ("a👩‍💻b", (2, 5), (1, 12)),
            ("abc", (1, 9), (1, 3)),
            ("é", (1, 1), (0, 0)),
            ("", (3, 7), (0, 0)),
        ] {
            let found = whole_graphemes(text, Span::new(span.0, span.1));
            assert_eq!((found.start, found.end), expected, "{text:?} {span:?}");
        }
    }

    #[test]
    fn spans_are_divided_at_markup_and_widened_to_what_they_cut() {
        let mut map = SpanMap::default();
        map.push_exact(0, 10, 4);
        map.push_exact(4, 14, 2);
        map.push_whole(Span::new(6, 16), Span::new(16, 20));
        map.push_gap(Span::new(16, 30), Span::new(20, 23));
        map.push_exact(30, 23, 5);
        check(&map, (0, 6), &[(10, 16)]);
        check(&map, (1, 3), &[(11, 13)]);
        check(&map, (5, 8), &[(15, 20)]);
        check(&map, (7, 9), &[(16, 20)]);
        check(&map, (2, 33), &[(12, 20), (23, 26)]);
        check(&map, (17, 20), &[]);
        check(&map, (3, 3), &[]);
        check(&map, (40, 50), &[]);
        assert_eq!(
            map.map_all(&[Span::new(31, 33), Span::new(0, 2), Span::new(1, 4)]),
            [Span::new(10, 14), Span::new(24, 26)]
        );
    }
}
