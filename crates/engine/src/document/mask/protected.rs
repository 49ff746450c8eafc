//! The client's own ranges and other regions, laid over what was found. Knows nothing of patterns.

use super::super::{SkipReason, SkippedRegion};
use crate::text::Span;

/// Lays `over` over `found`, both ascending and disjoint: what they share belongs to the former. Linear; free where there is
/// nothing to lay over.
#[must_use]
pub(crate) fn overlay(found: Vec<SkippedRegion>, over: &[SkippedRegion]) -> Vec<SkippedRegion> {
    if over.is_empty() {
        return found;
    }
    let mut regions = Vec::with_capacity(found.len() + over.len());
    let mut over = over.iter().copied().peekable();
    let mut covered = 0;
    for SkippedRegion { mut span, reason } in found {
        span.start = covered.clamp(span.start, span.end);
        while let Some(cover) = over.next_if(|cover| cover.span.start < span.end) {
            if span.start < cover.span.start {
                regions.push(SkippedRegion { span: Span::new(span.start, cover.span.start), reason });
            }
            regions.push(cover);
            covered = cover.span.end;
            span.start = covered.clamp(span.start, span.end);
        }
        if !span.is_empty() {
            regions.push(SkippedRegion { span, reason });
        }
    }
    regions.extend(over);
    regions
}

/// The client's ranges (bytes, in any order, may overlap) as regions: ascending and disjoint; ranges that only touch stay two.
/// O(n log n).
#[must_use]
pub(crate) fn protected_regions(spans: &[Span]) -> Vec<SkippedRegion> {
    let mut sorted: Vec<Span> = spans.iter().copied().filter(|span| !span.is_empty()).collect();
    sorted.sort_unstable();
    sorted.dedup_by(|next, kept| {
        let is_shared = next.start < kept.end;
        if is_shared {
            kept.end = kept.end.max(next.end);
        }
        is_shared
    });
    sorted.into_iter().map(|span| SkippedRegion { span, reason: SkipReason::Protected }).collect()
}
