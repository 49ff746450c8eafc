//! What the writer's own words change in a check, whatever the language: they are never marked, and what is a slip away from
//! one is offered it.

use super::{
    FindingKind, SpellingFinding, SpellingReport, Suggestion,
    marks::{merge_skipped, overlaps_any, widen_to_graphemes},
};
use crate::{
    document::{SkipReason, SkippedRegion},
    glossary::Glossary,
};

/// The regions that are not checked, with the own words among them. Those inside an address or another region are not told
/// twice.
pub(super) fn mask_own_words(glossary: &Glossary, text: &str, masked: Vec<SkippedRegion>) -> Vec<SkippedRegion> {
    let mut own = glossary.find(text);
    own.retain(|&span| !overlaps_any(&masked, span) && widen_to_graphemes(text, span) == span);
    if own.is_empty() {
        return masked;
    }
    merge_skipped(masked, own.into_iter().map(|span| SkippedRegion { span, reason: SkipReason::OwnWord }).collect())
}

/// Offers own words for misspellings, and marks what was taken for a name but is a slip of one.
pub(super) fn suggest_own_words(report: &mut SpellingReport, glossary: &Glossary, text: &str, limit: usize) {
    if glossary.is_empty() {
        return;
    }
    for finding in report.findings.iter_mut().filter(|finding| finding.kind == FindingKind::NonWord) {
        if let [span] = finding.spans[..] {
            offer_own_words(&mut finding.suggestions, &glossary.similar_words(span.slice(text), limit), limit);
        }
    }
    let mut slips = Vec::new();
    report.skipped.retain(|skipped| {
        let near = match skipped.reason {
            SkipReason::ProperName => glossary.similar_words(skipped.span.slice(text), limit.max(1)),
            _ => Vec::new(),
        };
        if !near.is_empty() {
            let mut suggestions = Vec::new();
            offer_own_words(&mut suggestions, &near, limit);
            slips.push(SpellingFinding {
                spans: vec![skipped.span],
                kind: FindingKind::NonWord,
                hint: false,
                suggestions,
            });
        }
        near.is_empty()
    });
    if !slips.is_empty() {
        report.findings.append(&mut slips);
        report.findings.sort_by_key(|finding| finding.spans[0].start);
    }
}

/// The suggestions for one word, own words among them.
#[must_use]
pub fn with_own_words(
    mut suggestions: Vec<Suggestion>,
    glossary: &Glossary,
    word: &str,
    limit: usize,
) -> Vec<Suggestion> {
    offer_own_words(&mut suggestions, &glossary.similar_words(word, limit), limit);
    suggestions
}

/// Puts own words first: whoever has a product of that name means it more often than any other word.
fn offer_own_words(suggestions: &mut Vec<Suggestion>, near: &[&str], limit: usize) {
    let score = suggestions.first().map_or(0.9, |best| best.score);
    suggestions.retain(|suggestion| !near.contains(&suggestion.text.as_str()));
    let own = near.iter().map(|&text| Suggestion { text: text.to_owned(), score });
    suggestions.splice(0..0, own);
    suggestions.truncate(limit);
}
