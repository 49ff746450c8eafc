//! What the writer's own words change in a check, whatever the language: they are never marked, and what is a slip away from
//! one is offered it.

use std::sync::Arc;

use super::{
    FindingKind, SpellingFinding, SpellingReport, Suggestion,
    marks::{merge_skipped, overlaps_any, widen_to_graphemes},
    meter::StepMeter,
};
use crate::{
    document::{SkipReason, SkippedRegion},
    glossary::{Glossary, NearbyWords},
};

/// Steps of the search for own words near those of one text, at most: some 20 ms.
const TEXT_STEPS: u32 = 200_000;

/// The regions that are not checked, with the own words among them. Those inside an address or another region are not told
/// twice.
pub(super) fn mask_own_words(
    glossary: &Glossary,
    text: &str,
    masked: Vec<SkippedRegion>,
    meter: &StepMeter<'_>,
) -> Vec<SkippedRegion> {
    let mut own = glossary.find_while(text, |compared| meter.spend_bytes(compared));
    own.retain(|&span| !overlaps_any(&masked, span) && widen_to_graphemes(text, span) == span);
    if own.is_empty() {
        return masked;
    }
    merge_skipped(masked, own.into_iter().map(|span| SkippedRegion { span, reason: SkipReason::OwnWord }).collect())
}

/// Offers own words for misspellings, says where not all of them were compared, and marks what was taken for a name but is a slip of one.
pub(super) fn suggest_own_words(
    report: &mut SpellingReport,
    glossary: &Glossary,
    text: &str,
    limit: usize,
    meter: &StepMeter<'_>,
) {
    if glossary.is_empty() {
        return;
    }
    let mut search = NearbySearch { glossary, meter, steps: TEXT_STEPS, cut: false };
    for finding in report.findings.iter_mut().filter(|finding| finding.kind == FindingKind::NonWord) {
        if let [span] = finding.spans[..] {
            let near = search.near(span.slice(text), limit);
            offer_own_words(&mut finding.suggestions, &near.words, limit);
            finding.suggestions_incomplete |= near.cut;
        }
    }
    let mut slips = Vec::new();
    report.skipped.retain(|skipped| {
        let near = match skipped.reason {
            SkipReason::ProperName => search.near(skipped.span.slice(text), limit.max(1)),
            _ => NearbyWords::default(),
        };
        if !near.words.is_empty() {
            let mut suggestions = Arc::default();
            offer_own_words(&mut suggestions, &near.words, limit);
            slips.push(SpellingFinding {
                suggestions_incomplete: near.cut,
                ..SpellingFinding::new(skipped.span, FindingKind::NonWord, suggestions)
            });
        }
        near.words.is_empty()
    });
    report.incomplete |= search.cut;
    if !slips.is_empty() {
        report.findings.append(&mut slips);
        report.findings.sort_by_key(|finding| finding.spans[0].start);
    }
}

/// The suggestions for one word, own words among them.
#[must_use]
pub fn with_own_words(suggestions: Vec<Suggestion>, glossary: &Glossary, word: &str, limit: usize) -> Vec<Suggestion> {
    let near = glossary.similar_words(word, limit, &mut { TEXT_STEPS }).words;
    if near.is_empty() {
        return suggestions;
    }
    let mut suggestions = suggestions.into();
    offer_own_words(&mut suggestions, &near, limit);
    suggestions.to_vec()
}

/// Looks for own words near those of one text.
struct NearbySearch<'s> {
    glossary: &'s Glossary,
    meter: &'s StepMeter<'s>,
    steps: u32,
    cut: bool,
}

impl<'s> NearbySearch<'s> {
    fn near(&mut self, word: &str, limit: usize) -> NearbyWords<'s> {
        if !self.meter.goes_on() {
            self.cut = true;
            return NearbyWords { cut: true, ..NearbyWords::default() };
        }
        let before = self.steps;
        let near = self.glossary.similar_words(word, limit, &mut self.steps);
        self.meter.spend(before - self.steps);
        self.cut |= near.cut;
        near
    }
}

/// Puts own words first: whoever has a product of that name means it more often than any other word.
fn offer_own_words(suggestions: &mut Arc<[Suggestion]>, near: &[&str], limit: usize) {
    if near.is_empty() {
        return;
    }
    let score = suggestions.first().map_or(0.9, |best| best.score);
    let own = near.iter().map(|&text| Suggestion { text: text.to_owned(), score });
    let others = suggestions.iter().filter(|suggestion| !near.contains(&suggestion.text.as_str())).cloned();
    *suggestions = own.chain(others).take(limit).collect();
}
