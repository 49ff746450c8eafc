//! What makes a word right where it stands though no vocabulary has it: an expression around it, an ending in brackets, a living
//! prefix, the channel, the other language of the trade. Its parent asks in the order of what the questions cost.

use std::{cell::LazyCell, sync::Arc};

use rustc_hash::FxHashMap;

use super::{NEARBY_STEPS, UNKNOWN_STEPS, WordCheckPass, WordQuestion};
use crate::{
    document::{SkipReason, SkippedRegion},
    language::LanguageCode,
    spelling::{
        finding::{FindingKind, SpellingFinding, SpellingReport, Suggestion},
        marks::merge_skipped,
        words::{
            casing::{self, Casing},
            chat::{self, ChatVerdict},
            common::CentiZipf,
            normal::normalised,
            rules::{Formation, Grammar},
        },
    },
    text::Span,
};

/// English words at least this frequent (one in a million) are used as loans.
const LOAN_ZIPF: CentiZipf = 300;

/// A shorter English word is a slip of a Portuguese one as likely as a loan.
const MIN_LOAN_LETTERS: usize = 4;

/// Long English words are like few others, so that less frequent ones will do.
const LONG_LOAN_LETTERS: usize = 7;

/// See [`LONG_LOAN_LETTERS`].
const LONG_LOAN_ZIPF: CentiZipf = 110;

/// Letters of a loan that English itself has from its supplement only.
const MIN_TRADE_LETTERS: usize = 6;

/// English words of three letters or fewer must be this frequent to stand in a run of English.
const SHORT_ENGLISH_ZIPF: CentiZipf = 400;

/// How much more frequent in English a word must be that is a word here, too, to be taken for English: a factor of 4.
const RATHER_ENGLISH_ZIPF: CentiZipf = 60;

/// A word of unknown capitals that stands this often in a text is a name.
const NAME_REPETITIONS: usize = 3;

/// The base of a derivation is at least this frequent.
const BASE_ZIPF: CentiZipf = 300;

/// The same for what a word or an ending is joined to.
const JOINED_ZIPF: CentiZipf = 350;

/// A word one edit from a derivation is likelier meant if it is at most so much rarer than the base.
const DERIVATION_ZIPF: CentiZipf = 50;

/// A word of the sister variety is at least this frequent.
const SISTER_ZIPF: CentiZipf = 250;

/// Letters of an ending in brackets, at most: `(ões)`, `(ências)`.
const MAX_ENDING_LETTERS: usize = 6;

/// Letters that an ending takes the place of, at most.
const MAX_REPLACED_LETTERS: usize = 4;

impl WordCheckPass<'_> {
    /// Whether an unknown word, normalised, is right by what stands around it or by how it is formed.
    pub(super) fn is_right_here(&self, span: Span, word: &str) -> bool {
        let lower = word.to_lowercase();
        let parts = &self.checker.parts;
        let around = parts.expressions.count_with(&lower);
        if around > 0 {
            self.options.meter.spend(u32::try_from(around).unwrap_or(u32::MAX));
            if parts.expressions.surround(self.text, span, &lower) {
                return true;
            }
        }
        if self.is_ending_in_brackets(span, word) || self.is_completed_in_brackets(span, word) {
            return true;
        }
        if let Some(hyphen) = word.find('-') {
            // Give-aways: what is right joined is right divided, in English.
            return parts.grammar == Grammar::English
                && hyphen > 1
                && word.len() - hyphen > 3
                && !word[hyphen + 1..].contains('-')
                && self.checker.is_right(&word.replacen('-', "", 1));
        }
        chat::is_laughter(&lower)
            || self.checker.remembered(WordQuestion::IsDerived(&lower), || self.is_derived(&lower))
    }

    /// Marks a chat word, or lets it pass, by the channel; `false` if it is none.
    pub(super) fn settle_chat_word(&mut self, span: Span, word: &str) -> bool {
        let casing = casing::classify(word);
        if !matches!(casing, Casing::Lower | Casing::Initial | Casing::AllCaps) {
            return false;
        }
        let parts = &self.checker.parts;
        let meanings = match parts.chat_words.verdict(&word.to_lowercase(), self.options.channel) {
            None => return false,
            Some(ChatVerdict::Right) => return true,
            // In capitals it may be any abbreviation.
            Some(ChatVerdict::Marked(_)) if casing == Casing::AllCaps => return false,
            Some(ChatVerdict::Marked(meanings)) => meanings,
        };
        let suggestion = |meaning: &str, score| {
            let text = if casing == Casing::Initial { casing::capitalised(meaning) } else { meaning.to_owned() };
            Suggestion { text, score }
        };
        let share = 1.0 / meanings.len().max(1) as f32;
        let suggestions: Arc<[Suggestion]> = meanings.iter().map(|meaning| suggestion(meaning, share)).collect();
        self.report_finding(span, FindingKind::NonWord, suggestions);
        true
    }

    /// Whether a word is an English one that Portuguese replies use as it is: frequent there, and unlike any frequent word here.
    pub(super) fn is_loan(&self, word: &str) -> bool {
        if self.checker.parts.grammar != Grammar::Portuguese || word.chars().nth(MIN_LOAN_LETTERS - 1).is_none() {
            return false;
        }
        let lower = word.to_lowercase();
        let letters = lower.chars().count();
        let least = if letters >= LONG_LOAN_LETTERS { LONG_LOAN_ZIPF } else { LOAN_ZIPF };
        let frequent = self.english_frequency(&lower).is_some_and(|frequency| frequency >= least);
        // The supplement of English holds the words of the trade, which no frequency list has yet.
        let of_trade = || {
            let other = self.checker.parts.other.as_ref();
            letters >= MIN_TRADE_LETTERS
                && other.is_some_and(|other| other.supplements.iter().any(|list| list.has_form(&lower)))
        };
        if !frequent && !of_trade() {
            return false;
        }
        self.options.meter.spend(NEARBY_STEPS);
        !self.checker.parts.frequent.neighbours.has_neighbour(&lower)
    }

    /// How frequent a word is in English, if it is a word in small letters there.
    fn english_frequency(&self, lower: &str) -> Option<CentiZipf> {
        self.checker.parts.other.as_ref()?.frequency_of_form(lower)
    }

    /// Whether a word is formed by a living rule, or is one of the sister variety, and unlike any frequent word.
    fn is_derived(&self, lower: &str) -> bool {
        let parts = &self.checker.parts;
        let frequency = |word: &str| parts.vocabulary.frequency_of_form(word);
        if parts.grammar.elides(lower, &|base| frequency(base).is_some()) {
            return true;
        }
        let neighbours = &parts.frequent.neighbours;
        let unlike = |least: CentiZipf| {
            self.options.meter.spend(NEARBY_STEPS);
            !neighbours.has_neighbour_of(lower, least)
        };
        let unlike_any = LazyCell::new(|| unlike(0));
        let of_sister = || {
            let frequency = parts.sister.as_ref().and_then(|sister| sister.frequency_of_form(lower));
            frequency.is_some_and(|frequency| frequency >= SISTER_ZIPF)
        };
        let is_frequent = |word: &str, least: CentiZipf| frequency(word).is_some_and(|frequency| frequency >= least);
        parts.grammar.forms(lower, &|base, formation| match formation {
            // A slip of a word that is rarer than the base is less likely than a derivation.
            Formation::Derived => frequency(base)
                .filter(|&frequency| frequency >= BASE_ZIPF)
                .is_some_and(|frequency| unlike(frequency.saturating_sub(DERIVATION_ZIPF))),
            Formation::Prefixed => is_frequent(base, BASE_ZIPF) && *unlike_any,
            Formation::Inflected => {
                let has_base = match parts.grammar {
                    // The dictionaries have the forms of their words, and what looks like another is a slip (`funguses`).
                    Grammar::English => parts.vocabulary.supplements.iter().any(|list| list.has_form(base)),
                    Grammar::Portuguese => parts.vocabulary.has_form(base),
                };
                has_base && *unlike_any
            }
            Formation::Joined => {
                is_frequent(base, JOINED_ZIPF) && !parts.vocabulary.run_ons.resembles(lower) && *unlike_any
            }
        }) || of_sister() && *unlike_any
    }

    /// Whether a word is an ending in brackets or after a stroke that fits the word before it (`item(ns)`, `subscrição(ões)`), or
    /// a prefix in brackets before one (`(re)enviar`).
    fn is_ending_in_brackets(&self, span: Span, word: &str) -> bool {
        let (before, after) = (&self.text[..span.start], &self.text[span.end..]);
        if word.chars().nth(MAX_ENDING_LETTERS).is_some() {
            return false;
        }
        let accepts = |word: &str| self.checker.is_right(&normalised(word));
        let bracketed = before.strip_suffix('(').filter(|_| after.starts_with([')', '/']));
        // `compan(y/ies)`: the second of two endings.
        let second = before.strip_suffix('/').map(|before| before.trim_end_matches(char::is_alphabetic));
        let bracketed = bracketed.or_else(|| second.and_then(|before| before.strip_suffix('(')));
        // `pão(ães)` keeps one letter; after a stroke stand whole words, too (`his/hers`).
        let least = if bracketed.is_some() { 1 } else { 3 };
        let base = bracketed.or_else(|| before.strip_suffix('/')).map_or("", last_letters);
        if !base.is_empty() {
            let letters = base.chars().count();
            return (0..=MAX_REPLACED_LETTERS.min(letters.saturating_sub(1))).any(|replaced| {
                self.options.meter.spend(1);
                let kept: usize = base.chars().take(letters - replaced).map(char::len_utf8).sum();
                kept >= least && accepts(&format!("{}{word}", &base[..kept]))
            });
        }
        let rest = after.strip_prefix(')').map(first_letters).filter(|rest| !rest.is_empty());
        rest.is_some_and(|rest| {
            before.ends_with('(') && (self.checker.parts.grammar.is_prefix(word) || accepts(&format!("{word}{rest}")))
        })
    }

    /// Whether a word is completed by the ending in brackets after it: `compan(y/ies)`, `Sr(a)`.
    fn is_completed_in_brackets(&self, span: Span, word: &str) -> bool {
        let ending = self.text[span.end..].strip_prefix('(').map(first_letters);
        ending.is_some_and(|ending| {
            !ending.is_empty()
                && self.text[span.end + 1 + ending.len()..].starts_with([')', '/'])
                && self.checker.is_right(&format!("{word}{}", normalised(ending)))
        })
    }

    /// What a look at the whole text changes: takes out the marks of loans, of runs of English in Portuguese, and of names that
    /// stand several times. O(marks), each with a look at its two neighbours.
    pub(super) fn settle_marks(&mut self) {
        let mut report = std::mem::take(&mut self.report);
        let loans = std::mem::take(&mut self.loans);
        // Both ascend, and what a foreign sentence took with it is in the loans alone.
        report.findings.retain(|finding| {
            finding.kind != FindingKind::NonWord
                || loans.binary_search_by_key(&finding.spans[0].start, |loan| loan.start).is_err()
        });
        let mut released: Vec<SkippedRegion> = Vec::new();
        if self.checker.parts.grammar == Grammar::Portuguese {
            report.findings.retain(|finding| {
                let run = finding.kind == FindingKind::NonWord && self.is_in_english_run(finding.spans[0]);
                if run {
                    released.push(SkippedRegion {
                        span: finding.spans[0],
                        reason: SkipReason::OtherLanguage(Some(LanguageCode::ENGLISH)),
                    });
                }
                !run
            });
        }
        self.release_repeated_names(&mut report, &mut released);
        if !released.is_empty() {
            report.skipped = merge_skipped(std::mem::take(&mut report.skipped), released);
        }
        self.report = report;
    }

    /// Whether an unknown word is English, and so is a neighbour: `home office`, `end-of-life`.
    fn is_in_english_run(&self, span: Span) -> bool {
        self.options.meter.spend(UNKNOWN_STEPS);
        let lower = normalised(span.slice(self.text)).to_lowercase();
        self.is_english(&lower)
            && [word_before(self.text, span.start), word_after(self.text, span.end)]
                .into_iter()
                .any(|neighbour| !neighbour.is_empty() && self.is_rather_english(&neighbour.to_lowercase()))
    }

    fn is_english(&self, lower: &str) -> bool {
        let short = lower.chars().nth(MIN_LOAN_LETTERS - 1).is_none();
        let least = if short { SHORT_ENGLISH_ZIPF } else { LOAN_ZIPF };
        self.english_frequency(lower).is_some_and(|frequency| frequency >= least)
    }

    /// Whether a word is English more than it is one of the text's language.
    fn is_rather_english(&self, lower: &str) -> bool {
        let Some(frequency) = self.english_frequency(lower).filter(|_| self.is_english(lower)) else { return false };
        let here = self.checker.parts.vocabulary.frequency_of_form(lower);
        here.is_none_or(|own| frequency >= own + RATHER_ENGLISH_ZIPF)
    }

    /// Takes out the marks of words with capitals of which the same stands several times and that are no slip of a word: nobody
    /// makes the same slip of a name each time.
    fn release_repeated_names(&self, report: &mut SpellingReport, released: &mut Vec<SkippedRegion>) {
        if report.findings.len() < NAME_REPETITIONS {
            return;
        }
        let text = self.text;
        let mut times: FxHashMap<&str, usize> = FxHashMap::default();
        let named = |finding: &SpellingFinding| {
            let word = finding.spans[0].slice(text);
            let casing = casing::classify(word);
            (finding.kind == FindingKind::NonWord
                && matches!(casing, Casing::Initial | Casing::Mixed | Casing::MixedInitial))
            .then_some(word)
        };
        for word in report.findings.iter().filter_map(named) {
            *times.entry(word).or_default() += 1;
        }
        times.retain(|word, times| {
            *times >= NAME_REPETITIONS && {
                self.options.meter.spend(NEARBY_STEPS);
                !self.checker.parts.frequent.neighbours.has_likely_meaning(word)
            }
        });
        if times.is_empty() {
            return;
        }
        report.findings.retain(|finding| {
            let span = finding.spans[0];
            let repeated = finding.kind == FindingKind::NonWord && times.contains_key(span.slice(text));
            if repeated {
                released.push(SkippedRegion { span, reason: SkipReason::ProperName });
            }
            !repeated
        });
    }
}

/// The letters at the end of a text.
fn last_letters(text: &str) -> &str {
    &text[text.trim_end_matches(char::is_alphabetic).len()..]
}

/// The letters at the beginning of a text.
fn first_letters(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches(char::is_alphabetic).len()]
}

/// The word before a place in a text, if only a blank or a hyphen lies between.
fn word_before(text: &str, at: usize) -> &str {
    text[..at].strip_suffix([' ', '\u{A0}', '-']).map_or("", last_letters)
}

/// The word after a place in a text, if only a blank or a hyphen lies between.
fn word_after(text: &str, at: usize) -> &str {
    text[at..].strip_prefix([' ', '\u{A0}', '-']).map_or("", first_letters)
}
