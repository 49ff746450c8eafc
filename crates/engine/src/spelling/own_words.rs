//! What the writer's own words change in a check, whatever the language: they are never marked, and what is a slip away from
//! one is offered it.

use super::{
    Finding, Kind, Report, Suggestion,
    marks::{merged, on_graphemes, overlaps_any},
};
use crate::{
    document::{SkipReason, Skipped},
    glossary::Glossary,
};

/// The regions that are not checked, with the own words among them. Those inside an address or another region are not told
/// twice.
pub(super) fn masked(glossary: &Glossary, text: &str, masked: Vec<Skipped>) -> Vec<Skipped> {
    let mut own = glossary.find(text);
    own.retain(|&span| !overlaps_any(&masked, span) && on_graphemes(text, span) == span);
    if own.is_empty() {
        return masked;
    }
    merged(masked, own.into_iter().map(|span| Skipped { span, reason: SkipReason::OwnWord }).collect())
}

/// Offers own words for misspellings, and marks what was taken for a name but is a slip of one.
pub(super) fn suggest(report: &mut Report, glossary: &Glossary, text: &str, limit: usize) {
    if glossary.is_empty() {
        return;
    }
    for finding in report.findings.iter_mut().filter(|finding| finding.kind == Kind::NonWord) {
        if let [span] = finding.spans[..] {
            offer(&mut finding.suggestions, &glossary.near(span.of(text), limit), limit);
        }
    }
    let mut slips = Vec::new();
    report.skipped.retain(|skipped| {
        let near = match skipped.reason {
            SkipReason::ProperName => glossary.near(skipped.span.of(text), limit.max(1)),
            _ => Vec::new(),
        };
        if !near.is_empty() {
            let mut suggestions = Vec::new();
            offer(&mut suggestions, &near, limit);
            slips.push(Finding { spans: vec![skipped.span], kind: Kind::NonWord, hint: false, suggestions });
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
    offer(&mut suggestions, &glossary.near(word, limit), limit);
    suggestions
}

/// Puts own words first: whoever has a product of that name means it more often than any other word.
fn offer(suggestions: &mut Vec<Suggestion>, near: &[&str], limit: usize) {
    let score = suggestions.first().map_or(0.9, |best| best.score);
    suggestions.retain(|suggestion| !near.contains(&suggestion.text.as_str()));
    let own = near.iter().map(|&text| Suggestion { text: text.to_owned(), score });
    suggestions.splice(0..0, own);
    suggestions.truncate(limit);
}
