//! Which parts of a text are asked about. The rest is read, too, as words and sentences are told by their neighbours, but nothing is
//! said of it. Knows no checker and no format.

use crate::text::Span;

/// Spans of a text, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AskedParts {
    /// Ascending, and none touches the next; `None`: all.
    spans: Option<Vec<Span>>,
}

impl AskedParts {
    /// All of a text.
    #[must_use]
    pub(crate) const fn everything() -> Self {
        Self { spans: None }
    }

    /// What these touch, in any order; all of the text if there are none. O(n log n).
    #[must_use]
    pub(crate) fn new(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        if spans.is_empty() {
            return Self::everything();
        }
        spans.sort_unstable();
        spans.dedup_by(|next, kept| {
            let touches = next.start <= kept.end;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
        Self { spans: Some(spans) }
    }

    /// Whether something at this span is asked about: whether a span of these shares a character with it or ends or begins where it
    /// begins or ends, as a word changes also by what is typed beside it. O(log n).
    #[must_use]
    pub(crate) fn touch(&self, span: Span) -> bool {
        let Some(spans) = &self.spans else { return true };
        let first = spans.partition_point(|asked| asked.end < span.start);
        spans.get(first).is_some_and(|asked| asked.start <= span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &[(usize, usize)], touched: &[(usize, usize)], left: &[(usize, usize)]) {
        let span = |&(start, end): &(usize, usize)| Span::new(start, end);
        let parts = AskedParts::new(asked.iter().map(span));
        for one in touched {
            assert!(parts.touch(span(one)), "{asked:?} {one:?}");
        }
        for one in left {
            assert!(!parts.touch(span(one)), "{asked:?} {one:?}");
        }
    }

    #[test]
    fn edges_touch() {
        check(&[], &[(0, 0), (7, 9)], &[]);
        check(&[(5, 7)], &[(0, 5), (5, 7), (6, 6), (7, 9), (0, 90)], &[(0, 4), (8, 9)]);
        check(&[(5, 5)], &[(0, 5), (5, 7), (3, 8)], &[(0, 4), (6, 9)]);
        check(&[(20, 30), (0, 2), (1, 4), (4, 6)], &[(6, 7), (10, 20), (30, 31)], &[(7, 19), (31, 40)]);
    }
}
