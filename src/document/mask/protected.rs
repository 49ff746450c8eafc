//! The client's own ranges, laid over what was found. Knows nothing of patterns.

use super::super::{SkipReason, Skipped};
use crate::text::Span;

/// Lays `protected`, in any order, over `found`, ascending and disjoint: what they share belongs to the client.
/// O(n log n) in the number of protected ranges, linear in the rest; free where there is none.
pub(super) fn lay_over(found: Vec<Skipped>, protected: &[Span]) -> Vec<Skipped> {
    if protected.is_empty() {
        return found;
    }
    let protected = merge(protected);
    let mut regions = Vec::with_capacity(found.len() + protected.len());
    let mut protected = protected.into_iter().peekable();
    let mut covered = 0;
    for Skipped { mut span, reason } in found {
        span.start = covered.clamp(span.start, span.end);
        while let Some(cover) = protected.next_if(|cover| cover.start < span.end) {
            if span.start < cover.start {
                regions.push(Skipped { span: Span::new(span.start, cover.start), reason });
            }
            regions.push(Skipped { span: cover, reason: SkipReason::Protected });
            covered = cover.end;
            span.start = covered.clamp(span.start, span.end);
        }
        if !span.is_empty() {
            regions.push(Skipped { span, reason });
        }
    }
    regions.extend(protected.map(|span| Skipped { span, reason: SkipReason::Protected }));
    regions
}

/// Ascending and disjoint; ranges that only touch stay two.
fn merge(spans: &[Span]) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.iter().copied().filter(|span| !span.is_empty()).collect();
    sorted.sort_unstable();
    sorted.dedup_by(|next, kept| {
        let is_shared = next.start < kept.end;
        if is_shared {
            kept.end = kept.end.max(next.end);
        }
        is_shared
    });
    sorted
}
