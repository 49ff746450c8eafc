//! From the text that was checked back to the content as sent: every finding and every region. Knows no format.

use super::{SpellingFinding, SpellingReport, marks::overlaps_any};
use crate::{
    document::{Prose, SkippedRegion, mask},
    text::Span,
};

/// The report with its spans in bytes of the source; regions that the document left out are added, and in them what the client
/// protects is told apart. Linear but for sorting.
pub(super) fn map_to_source(mut report: SpellingReport, prose: &Prose<'_>, protected: &[Span]) -> SpellingReport {
    if prose.is_identical() {
        return report;
    }
    // What the document leaves out belongs to no language.
    let source = |(span, language)| prose.source_extent(span).map(|span| (span, language));
    report.languages = report.languages.into_iter().filter_map(source).collect();
    let mut end = 0;
    report.findings.retain_mut(|finding| {
        let stays = map_finding(finding, prose).is_some_and(|start| start >= end);
        if let (true, Some(last)) = (stays, finding.spans.last()) {
            end = last.end;
        }
        stays
    });
    let mut whole = Vec::new();
    let mut parts = with_protected(prose, protected);
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

/// What the document left out, and in it, but for quotations, what the client protects (a chip that nobody can edit).
fn with_protected(prose: &Prose<'_>, protected: &[Span]) -> Vec<SkippedRegion> {
    let mut protected = mask::protected_regions(protected).into_iter().peekable();
    let mut inside = Vec::new();
    for region in prose.skipped_regions().filter(|region| !region.reason.is_quoting()) {
        while protected.next_if(|own| own.span.end <= region.span.start).is_some() {}
        while let Some(own) = protected.peek().filter(|own| own.span.start < region.span.end) {
            let span = Span::new(own.span.start.max(region.span.start), own.span.end.min(region.span.end));
            inside.push(SkippedRegion { span, ..*own });
            if own.span.end > region.span.end {
                break;
            }
            protected.next();
        }
    }
    mask::overlay(prose.skipped_regions().collect(), &inside)
}

/// Moves a finding to the source. Returns where it begins there; `None` if markup divides it where no word goes on.
fn map_finding(finding: &mut SpellingFinding, prose: &Prose<'_>) -> Option<usize> {
    let span = finding.spans[0];
    if prose.is_divided(span) {
        return None;
    }
    finding.spans = prose.source_spans(span);
    finding.word = match finding.word[..] {
        [word] if !prose.is_divided(word) => prose.source_spans(word),
        _ => Vec::new(),
    };
    finding.spans.first().map(|first| first.start)
}
