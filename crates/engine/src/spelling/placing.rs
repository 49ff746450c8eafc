//! From the text that was checked back to the content as sent: every finding and every region. Knows no format.

use super::{SpellingFinding, SpellingReport, marks::overlaps_any};
use crate::document::{Prose, SkippedRegion};

/// The report with its spans in bytes of the source; regions that the document left out are added. Linear but for sorting.
pub(super) fn map_to_source(mut report: SpellingReport, prose: &Prose<'_>) -> SpellingReport {
    if prose.is_identical() {
        return report;
    }
    let mut end = 0;
    report.findings.retain_mut(|finding| {
        let stays = map_finding(finding, prose).is_some_and(|start| start >= end);
        if let (true, Some(last)) = (stays, finding.spans.last()) {
            end = last.end;
        }
        stays
    });
    let mut whole = Vec::new();
    let mut parts = prose.skipped_regions().collect::<Vec<_>>();
    for region in &report.skipped {
        // A quotation is one region with the markup in it; of anything else the text alone is meant.
        if region.reason.is_quoting() {
            whole.extend(prose.source_extent(region.span).map(|span| SkippedRegion { span, ..*region }));
        } else {
            parts.extend(prose.source_spans(region.span).into_iter().map(|span| SkippedRegion { span, ..*region }));
        }
    }
    parts.retain(|part| !overlaps_any(&whole, part.span));
    parts.extend(whole);
    parts.sort_unstable_by_key(|region| region.span.start);
    // Two regions may share a reference that stands for two characters.
    parts.dedup_by(|next, kept| next.span.start < kept.span.end);
    report.skipped = parts;
    report
}

/// Moves a finding to the source. Returns where it begins there; `None` if markup divides it where no word goes on.
fn map_finding(finding: &mut SpellingFinding, prose: &Prose<'_>) -> Option<usize> {
    let span = finding.spans[0];
    if prose.is_divided(span) {
        return None;
    }
    finding.spans = prose.source_spans(span);
    finding.spans.first().map(|first| first.start)
}
