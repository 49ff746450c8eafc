//! What the checker reports of words that are wrong together, or whatever dictionaries say: broken contractions and words, the
//! pronoun `i`, wrong hyphens, slips that have a capital because they begin a sentence. Knows the pass of a check.

use std::sync::Arc;

use super::{
    super::{
        broken,
        casing::{self, Casing, in_case_of},
        names::WordOccurrence,
        normal::unaccented,
        rules::Grammar,
        suggest::RankedSuggestions,
    },
    NEARBY_STEPS, WordCheckPass, WordChecker, WordQuestion,
};
use crate::{
    document::{SkipReason, mask::has_stray_digit},
    spelling::finding::{FindingKind, Suggestion},
    text::Span,
};

/// What a look at the words beside a word, and at both together, takes of the meter.
const BLANK_STEPS: u32 = 3;

impl WordCheckPass<'_> {
    /// Reports `don,t` and the like as one; `false` if the word is none.
    pub(super) fn report_broken_contraction(&mut self, span: Span) -> bool {
        if self.checker.parts.grammar != Grammar::English {
            return false;
        }
        let Some((whole, right)) = broken::contraction(self.text, span, &self.checker.parts.vocabulary) else {
            return false;
        };
        self.report_certain(whole, FindingKind::NonWord, right);
        true
    }

    /// Reports the English pronoun in a small letter; `false` if the word is none.
    pub(super) fn report_pronoun(&mut self, span: Span, word: &str) -> bool {
        if word != "i" || self.checker.parts.grammar != Grammar::English {
            return false;
        }
        let before = self.neighbouring_word(self.previous, Span::new(self.previous.end, span.start));
        let next = self.next_word(span.end);
        let divided = Span::new(span.end, next.start).slice(self.text) != " ";
        let after = if divided { String::new() } else { self.neighbouring_word(next, Span::new(span.end, next.start)) };
        let is_pronoun = broken::is_pronoun(&before, &after);
        if is_pronoun {
            self.report_certain(span, FindingKind::NonWord, "I".to_owned());
        }
        is_pronoun
    }

    /// Reports a hyphenated word that breaks a rule of the language, though its parts be right; `false` if it breaks none.
    pub(super) fn report_wrong_hyphenation(&mut self, span: Span, word: &str) -> bool {
        if !word.contains('-') {
            return false;
        }
        let casing = casing::classify(word);
        // Capitals inside are a name's: Auto-Escola Modelo.
        if !matches!(casing, Casing::Lower | Casing::Initial | Casing::AllCaps) {
            return false;
        }
        let (grammar, vocabulary) = (self.checker.parts.grammar, &self.checker.parts.vocabulary);
        let lower = word.to_lowercase();
        let Some(right) = grammar.repaired_hyphenation(&lower, &|part| vocabulary.accepts(part)) else { return false };
        let accents_only = lower.is_ascii() && unaccented(&right) == lower;
        let kind = if accents_only { FindingKind::LikelyAccent } else { FindingKind::NonWord };
        self.report_certain(span, kind, in_case_of(&right, casing));
        true
    }

    /// Whether a word that is right with its capital is a slip, as it has the capital only because it begins a sentence or stands
    /// among capitals.
    pub(super) fn is_capitalised_slip(&self, span: Span, word: &str) -> bool {
        let place = WordOccurrence { text: self.text, span };
        word.starts_with(char::is_uppercase)
            && self.checker.is_capitalised_slip(word)
            && match casing::classify(word) {
                Casing::Initial => place.begins_sentence(),
                Casing::AllCaps => place.is_among_capitals(),
                _ => false,
            }
    }

    /// Reports a word with a digit in it as a slip, or skips it as a code.
    pub(super) fn check_code(&mut self, span: Span, word: &str) {
        if has_stray_digit(word) {
            self.options.meter.spend(NEARBY_STEPS);
            if let Some(meant) = broken::without_digit(word, &self.checker.parts.vocabulary) {
                return self.report_certain(span, FindingKind::NonWord, meant);
            }
        }
        self.skip(span, SkipReason::Code);
    }

    /// Reports an unknown word and a neighbour together, if the blank between them is a slip; `false` if it is none.
    pub(super) fn report_stray_blank(&mut self, span: Span, word: &str) -> bool {
        let is_blank = |from: usize, to: usize| self.text.get(from..to) == Some(" ");
        let next = self.next_word(span.end);
        // A word that is repeated is no part of one.
        if next.slice(self.text) == word {
            return false;
        }
        self.options.meter.spend(BLANK_STEPS);
        if is_blank(span.end, next.start) && next.end > next.start {
            let right = next.slice(self.text);
            let both_unknown = !self.checker.is_right(right);
            if let Some(meant) = self.rejoined(word, right, both_unknown) {
                self.report_certain(Span::new(span.start, next.end), FindingKind::NonWord, meant);
                return true;
            }
        }
        let left = self.previous;
        if left.start < self.stretch || left.end == 0 || !is_blank(left.end, span.start) || left.start < self.seen_to {
            return false;
        }
        let left_word = left.slice(self.text);
        let both_unknown = !self.checker.is_right(left_word);
        let Some(meant) = self.rejoined(left_word, word, both_unknown) else { return false };
        // The neighbour was looked at by itself before.
        if self.report.findings.last().is_some_and(|last| last.spans[0].start >= left.start) {
            self.report.findings.pop();
        }
        if self.report.skipped.last().is_some_and(|last| last.span.start >= left.start) {
            self.report.skipped.pop();
        }
        self.report_certain(Span::new(left.start, span.end), FindingKind::NonWord, meant);
        true
    }

    /// See [`broken::rejoined`].
    fn rejoined(&self, left: &str, right: &str, both_unknown: bool) -> Option<String> {
        let WordChecker { secret, parts, .. } = self.checker;
        let key = secret.key_of(WordQuestion::Rejoined { left, right, both_unknown });
        self.checker.unless_known_no(key, || broken::rejoined(left, right, both_unknown, &parts.vocabulary))
    }

    /// The span with the apostrophe that was typed behind the word, if what is meant has one.
    pub(super) fn with_stray_apostrophe(&self, span: Span, ranked: &RankedSuggestions) -> Span {
        let meant = ranked.suggestions.first().is_some_and(|first| first.text.contains('\''));
        let behind = meant.then(|| broken::stray_apostrophe(self.text, span)).flatten();
        Span::new(span.start, span.end + behind.unwrap_or_default())
    }

    fn report_certain(&mut self, span: Span, kind: FindingKind, text: String) {
        self.seen_to = self.seen_to.max(span.end);
        let suggestions: Arc<[Suggestion]> = [Suggestion { text, score: 1.0 }].into();
        self.report_finding(span, kind, suggestions);
    }
}
