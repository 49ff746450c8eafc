//! What answers tell, as numbers for the operator: kinds and codes, which are ours, and never a piece of a text.

use std::collections::BTreeMap;

use super::proto::{
    CheckSpellingResponse, MisspellingKind, PolishResult, PolishingAvailability, SkipReason, polish_result::Outcome,
    review_point::Source,
};
use crate::metrics::{Choice, Tally, incomplete_check, is_counting, language_fallback, marks, skipped_regions};
use vermilion_engine::language::Language;

/// Of a check.
pub(super) fn count_check(response: &CheckSpellingResponse, language: Language) {
    if !is_counting() {
        return;
    }
    let language = label(language);
    // A text may have thousands of them.
    let mut kinds: BTreeMap<MisspellingKind, (u64, u64)> = BTreeMap::new();
    for misspelling in &response.misspellings {
        let (all, without_suggestion) = kinds.entry(misspelling.kind()).or_default();
        *all += 1;
        *without_suggestion += u64::from(misspelling.suggestions.is_empty());
    }
    for (kind, (all, without_suggestion)) in kinds {
        let name = short(kind.as_str_name(), MisspellingKind::Unspecified.as_str_name());
        marks(language, Choice { number: kind as usize, name }, all, without_suggestion);
    }
    let mut reasons: BTreeMap<SkipReason, u64> = BTreeMap::new();
    for region in &response.skipped_regions {
        *reasons.entry(region.reason()).or_default() += 1;
    }
    for (reason, times) in reasons {
        let name = short(reason.as_str_name(), SkipReason::Unspecified.as_str_name());
        skipped_regions(Choice { number: reason as usize, name }, times);
    }
    if response.language_fallback {
        language_fallback();
    }
    if response.incomplete {
        incomplete_check();
    }
}

/// A language as the value of a label.
pub(super) fn label(language: Language) -> Choice {
    Choice { number: language as usize, name: language.tag() }
}

/// Of a polish.
pub(super) fn count_polish(result: &PolishResult) {
    if !is_counting() {
        return;
    }
    Tally::OUTCOMES.add(short(result.outcome().as_str_name(), Outcome::Unspecified.as_str_name()), 1);
    for finding in &result.findings {
        Tally::FINDINGS.add(finding.code.clone(), 1);
    }
    for point in &result.review_points {
        Tally::POINTS.add(short(point.source().as_str_name(), Source::Unspecified.as_str_name()), 1);
    }
    for masked in &result.masked {
        Tally::MASKED.add(masked.kind.clone(), u64::try_from(masked.count).unwrap_or_default());
    }
    if let Some(usage) = &result.usage {
        Tally::TOKENS.add("prompt", u64::try_from(usage.prompt_tokens).unwrap_or_default());
        Tally::TOKENS.add("completion", u64::try_from(usage.completion_tokens).unwrap_or_default());
    }
}

/// Of what keeps polishing closed.
pub(super) fn count_availability(availability: &PolishingAvailability) {
    if !is_counting() {
        return;
    }
    for condition in availability.conditions.iter().filter(|condition| !condition.met) {
        Tally::UNMET.add(condition.code.clone(), 1);
    }
}

/// `NON_WORD` of `MISSPELLING_KIND_NON_WORD`, whose family `MISSPELLING_KIND_UNSPECIFIED` names.
pub(super) fn short(name: &'static str, unspecified: &str) -> &'static str {
    let prefix = unspecified.strip_suffix("UNSPECIFIED").unwrap_or_default();
    name.strip_prefix(prefix).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_family() {
        let family = MisspellingKind::Unspecified.as_str_name();
        assert_eq!(short(MisspellingKind::NonWord.as_str_name(), family), "NON_WORD");
        assert_eq!(short(SkipReason::Url.as_str_name(), SkipReason::Unspecified.as_str_name()), "URL");
    }
}
