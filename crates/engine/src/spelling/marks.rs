//! What every checker does with its marks: none cuts a grapheme, and skipped regions are one list.

use unicode_segmentation::GraphemeCursor;

use super::SpellingFinding;
use crate::{document::SkippedRegion, text::Span};

/// Widens a span that would cut a grapheme (a letter that carries a mark of another script, a variation selector).
pub(super) fn widen_to_graphemes(text: &str, span: Span) -> Span {
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

/// Puts findings in order, and keeps of those that widening made overlap the first, and none that reaches into a region.
pub(super) fn drop_overlapping(findings: &mut Vec<SpellingFinding>, regions: &[SkippedRegion]) {
    findings.sort_by_key(|finding| finding.spans[0].start);
    let mut end = 0;
    findings.retain(|finding| {
        let span = finding.spans[0];
        let stays = span.start >= end && !overlaps_any(regions, span);
        if stays {
            end = span.end;
        }
        stays
    });
}

/// Whether a span meets any of the regions, which ascend and are disjoint. O(log n).
pub(super) fn overlaps_any(regions: &[SkippedRegion], span: Span) -> bool {
    let first = regions.partition_point(|region| region.span.end <= span.start);
    regions.get(first).is_some_and(|region| region.span.overlaps(span))
}

/// Both lists in the order of the text.
pub(super) fn merge_skipped(mut skipped: Vec<SkippedRegion>, more: Vec<SkippedRegion>) -> Vec<SkippedRegion> {
    skipped.extend(more);
    skipped.sort_unstable_by_key(|skipped| skipped.span.start);
    skipped
}
