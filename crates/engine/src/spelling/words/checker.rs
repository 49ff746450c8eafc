//! Checks prose in one language: words, layer by layer, from the cheapest test to the dearest.
//!
//! 1. the vocabulary (lexicons and supplements, with Hunspell's case and break rules);
//! 2. rules of word formation (possessives, clitics, numerals);
//! 3. the parts of a hyphenated word, each by itself;
//! 4. names and abbreviations, unless they resemble a known word;
//! 5. what is left is a misspelling.
//!
//! Accepted words pass one more test in Portuguese: whether an accent was dropped.

use std::{borrow::Cow, sync::Arc};

use quick_cache::{Equivalent, sync::Cache};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    accents::AccentPairs,
    casing::{self, Casing},
    foreign,
    names::{self, KnownWords, WordOccurrence},
    neighbours::SymmetricDeletionIndex,
    normal::normalised,
    rules::{Grammar, NumeralClass, classify_numeral, correct_ordinal, is_roman_numeral},
    suggest::{RankedSuggestions, SearchBudget, suggest},
    tokens::{self, TokenShape, WordToken},
    vocabulary::Vocabulary,
};
use crate::{
    document::{SkipReason, SkippedRegion},
    spelling::{
        finding::{FindingKind, SpellingFinding, SpellingReport, Suggestion},
        marks::{drop_overlapping, merge_skipped, widen_to_graphemes},
        meter::StepMeter,
    },
    text::Span,
};

/// Search steps for the suggestions of one text, about 60 ms: some 130 misspellings of the usual kind. See [`SearchBudget`].
const TEXT_BUDGET: u32 = 400_000;

/// How often a check looks whether it was abandoned, in words.
const CANCEL_INTERVAL: usize = 256;

/// What an unknown word takes of the meter, beside its suggestions: to be looked up in two languages, as it is and by its parts.
const UNKNOWN_STEPS: u32 = 10;

/// What a look at the frequent words near a word takes of the meter.
const NEARBY_STEPS: u32 = 20;

/// What a look at the words around a word takes of the meter.
const CONTEXT_STEPS: u32 = 5;

/// Hyphens of a word up to which each doubles the ways to divide it that are tried.
const MOST_DOUBLINGS: usize = 6;

/// What a caller wants to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordCheckOptions<'o> {
    /// At most this many suggestions for each finding.
    pub max_suggestions: usize,
    /// Says when to stop.
    pub meter: &'o StepMeter<'o>,
}

/// What is known of the frequent words of a language.
#[derive(Clone, Debug)]
pub(crate) struct FrequentWords {
    /// Which of them are near a word.
    pub(crate) neighbours: Arc<SymmetricDeletionIndex>,
    /// Those that every variety of the language has, in small letters and as they begin a sentence: most words of a text need
    /// no other look.
    pub certain: Arc<FxHashSet<Box<str>>>,
}

/// A key of the remembered suggestions that borrows its word.
#[derive(Hash)]
struct SuggestionKey<'w>(&'w str, usize);

impl Equivalent<(Box<str>, usize)> for SuggestionKey<'_> {
    fn equivalent(&self, (word, limit): &(Box<str>, usize)) -> bool {
        self.0 == &**word && self.1 == *limit
    }
}

/// What a checker is made of.
#[derive(Debug)]
pub(crate) struct CheckerParts {
    /// Which words are right.
    pub vocabulary: Vocabulary,
    /// The frequent words of the vocabulary's language.
    pub frequent: FrequentWords,
    /// Words that are right but hide a dropped accent, of the same language.
    pub accents: AccentPairs,
    /// How the language forms words.
    pub grammar: Grammar,
    /// The other language that agents mix in; its sentences are skipped.
    pub other: Option<Vocabulary>,
    /// How many misspellings' suggestions are remembered.
    pub memory: usize,
}

/// A checker of one language.
#[derive(Debug)]
pub(crate) struct WordChecker {
    parts: CheckerParts,
    /// Suggestions of recent misspellings by word and number asked for: the same few are typed over and over.
    remembered: Cache<(Box<str>, usize), Arc<RankedSuggestions>>,
}

impl WordChecker {
    /// A checker.
    #[must_use]
    pub(crate) fn new(parts: CheckerParts) -> Self {
        Self { remembered: Cache::new(parts.memory), parts }
    }

    /// Checks a text, but for the `masked` regions (ascending, disjoint). O(length), plus bounded work for suggestions.
    #[must_use]
    pub(crate) fn check(
        &self,
        text: &str,
        masked: Vec<SkippedRegion>,
        options: WordCheckOptions<'_>,
    ) -> SpellingReport {
        let mut pass = WordCheckPass {
            checker: self,
            text,
            options,
            budget: SearchBudget::new(TEXT_BUDGET),
            searched: FxHashMap::default(),
            words: 0,
            report: SpellingReport::default(),
            stretch: 0,
            previous: Span::new(0, 0),
        };
        for region in masked.iter().map(|skipped| skipped.span).chain([Span::new(text.len(), text.len())]) {
            if !tokens::for_each_token(text, Span::new(pass.stretch, region.start), |token| pass.visit(token)) {
                pass.report.incomplete = true;
                break;
            }
            pass.stretch = region.end;
        }
        let mut report = pass.report;
        report.skipped = merge_skipped(masked, report.skipped);
        drop_overlapping(&mut report.findings, &report.skipped);
        // Whoever no longer waits is not kept.
        if let Some(other) = self.parts.other.as_ref().filter(|_| options.meter.goes_on()) {
            foreign::skip_foreign_sentences(text, &mut report, |word| self.is_right(word), |word| other.accepts(word));
        }
        report
    }

    /// Whether a single word is right as written.
    #[must_use]
    pub(crate) fn accepts(&self, word: &str) -> bool {
        self.is_right(&normalised(word))
    }

    /// Ranks the likeliest right spellings of one word, best first.
    #[must_use]
    pub(crate) fn suggest(&self, word: &str, limit: usize, meter: &StepMeter<'_>) -> Arc<[Suggestion]> {
        let mut budget = SearchBudget::new(TEXT_BUDGET);
        Arc::clone(&self.ranked_suggestions(&normalised(word), limit, &mut budget, meter).suggestions)
    }

    /// The suggestions for a normalised word, remembered or searched for.
    fn ranked_suggestions(
        &self,
        word: &str,
        limit: usize,
        budget: &mut SearchBudget,
        meter: &StepMeter<'_>,
    ) -> Arc<RankedSuggestions> {
        if limit == 0 {
            return Arc::default();
        }
        // A text pays for what is remembered, too: what others asked for before changes no answer.
        if let Some(ranked) = self.remembered.get(&SuggestionKey(word, limit))
            && budget.pay(ranked.steps)
        {
            return ranked;
        }
        if budget.is_spent() {
            return Arc::new(RankedSuggestions { cut: true, ..RankedSuggestions::default() });
        }
        let mut lent = SearchBudget::new(budget.left().min(meter.left()));
        let ranked = Arc::new(suggest(&self.parts.vocabulary, word, limit, &mut lent));
        if !lent.is_spent() {
            self.remembered.insert((word.into(), limit), Arc::clone(&ranked));
        } else if ranked.steps < budget.left() {
            // The meter cut it short, not the budget, by which the next text would be served as well.
            meter.outrun();
        }
        budget.take(ranked.steps);
        meter.spend(ranked.steps);
        ranked
    }

    /// Whether a normalised word is right by the vocabulary or by the rules over it.
    fn is_right(&self, word: &str) -> bool {
        let CheckerParts { frequent, vocabulary, grammar, .. } = &self.parts;
        frequent.certain.contains(word)
            || vocabulary.accepts(word)
            || grammar.derives(word, &|base| vocabulary.accepts(base))
    }
}

/// One text being checked.
struct WordCheckPass<'a> {
    checker: &'a WordChecker,
    text: &'a str,
    options: WordCheckOptions<'a>,
    budget: SearchBudget,
    /// The misspellings so far: what a text repeats it pays for once.
    searched: FxHashMap<Box<str>, Arc<RankedSuggestions>>,
    words: usize,
    report: SpellingReport,
    /// Where the present stretch between masked regions begins.
    stretch: usize,
    /// The word before the present one.
    previous: Span,
}

impl WordCheckPass<'_> {
    /// Looks at one word; `false` once the check is abandoned.
    fn visit(&mut self, token: WordToken) -> bool {
        self.words += 1;
        if self.words.is_multiple_of(CANCEL_INTERVAL) && !self.options.meter.goes_on() {
            return false;
        }
        self.check_word(token);
        self.previous = token.span;
        !self.options.meter.is_outrun()
    }

    fn check_word(&mut self, token: WordToken) {
        let written = token.span.slice(self.text);
        let word = match token.shape {
            TokenShape::Number => return,
            TokenShape::OtherScript => return self.skip(token.span, SkipReason::OtherScript),
            TokenShape::Plain => Cow::Borrowed(written),
            TokenShape::Composed => normalised(written),
        };
        if self.checker.is_right(&word) {
            if !self.checker.parts.accents.is_empty() {
                self.report_likely_accent(token.span, &word);
            }
        } else if !self.is_right_with_stop(&word, token.span) {
            self.check_unknown_word(token, &word);
        }
    }

    /// `approx.` and `Sr.` are words only with their full stop.
    fn is_right_with_stop(&self, word: &str, span: Span) -> bool {
        self.text[span.end..].starts_with('.') && self.checker.parts.vocabulary.accepts(&format!("{word}."))
    }

    fn check_unknown_word(&mut self, token: WordToken, word: &str) {
        if word.chars().nth(1).is_none() || is_roman_numeral(word) {
            return;
        }
        if let Some(parts) = tokens::hyphenated_parts(self.text, token.span).filter(|parts| !parts.is_empty()) {
            self.options.meter.spend(UNKNOWN_STEPS << parts.len().min(MOST_DOUBLINGS));
            if !self.report_likely_accent(token.span, word) {
                self.check_hyphenated_parts(&parts);
            }
            return;
        }
        if word.contains(|c: char| c.is_ascii_digit()) {
            return match classify_numeral(word, self.checker.parts.grammar) {
                NumeralClass::Right => {}
                NumeralClass::Code => self.skip(token.span, SkipReason::Code),
                NumeralClass::WrongOrdinal => {
                    self.report_finding(
                        token.span,
                        FindingKind::NonWord,
                        [Suggestion { text: correct_ordinal(word), score: 1.0 }].into(),
                    );
                }
            };
        }
        if word.contains('&') {
            return self.skip(token.span, SkipReason::Acronym);
        }
        self.check_misspelling(token.span, word);
    }

    /// Judges each part of a hyphenated word by itself, so that the mark is no longer than the mistake.
    fn check_hyphenated_parts(&mut self, parts: &[WordToken]) {
        for (index, part) in parts.iter().enumerate() {
            let prefix = index + 1 < parts.len()
                && self.checker.parts.grammar.is_prefix(&normalised(part.span.slice(self.text)));
            if !prefix {
                self.check_word(*part);
            }
        }
    }

    fn check_misspelling(&mut self, span: Span, word: &str) {
        let CheckerParts { vocabulary, frequent, other, .. } = &self.checker.parts;
        let known = KnownWords { vocabulary, neighbours: &frequent.neighbours, other: other.as_ref() };
        // A possessive is looked up by its noun: Kartika's is as much a name as Kartika.
        let noun = word.strip_suffix("'s").unwrap_or(word);
        let place = WordOccurrence { text: self.text, span };
        let capitals = noun.contains(char::is_uppercase);
        self.options.meter.spend(if capitals { UNKNOWN_STEPS + NEARBY_STEPS } else { UNKNOWN_STEPS });
        if let Some(reason) = names::name_or_acronym(noun, place, known) {
            return self.skip(span, reason);
        }
        let ranked = self.ranked_suggestions(word);
        self.report.incomplete |= ranked.cut;
        self.report_finding(span, FindingKind::NonWord, Arc::clone(&ranked.suggestions));
    }

    fn ranked_suggestions(&mut self, word: &str) -> Arc<RankedSuggestions> {
        if let Some(ranked) = self.searched.get(word) {
            return Arc::clone(ranked);
        }
        let WordCheckOptions { max_suggestions, meter } = self.options;
        let ranked = self.checker.ranked_suggestions(word, max_suggestions, &mut self.budget, meter);
        if ranked.steps > 0 {
            self.searched.insert(word.into(), Arc::clone(&ranked));
        }
        ranked
    }

    /// Reports a word that lost an accent though dictionaries accept it; `false` if it lost none.
    fn report_likely_accent(&mut self, span: Span, word: &str) -> bool {
        let casing = casing::classify(word);
        if !word.is_ascii() || !matches!(casing, Casing::Lower | Casing::Initial) {
            return false;
        }
        let lower = word.to_ascii_lowercase();
        let accented = if lower.contains('-') {
            self.checker.parts.grammar.missing_accent(&lower, &|verb| self.checker.parts.vocabulary.accepts(verb))
        } else {
            self.likely_accented_form(span, &lower)
        };
        let Some(accented) = accented else { return false };
        let text = if casing == Casing::Initial { casing::capitalised(&accented) } else { accented };
        self.report_finding(span, FindingKind::LikelyAccent, [Suggestion { text, score: 1.0 }].into());
        true
    }

    fn likely_accented_form(&self, span: Span, lower: &str) -> Option<String> {
        let accents = &self.checker.parts.accents;
        if !accents.contains(lower) {
            return None;
        }
        self.options.meter.spend(CONTEXT_STEPS);
        let before = self.neighbouring_word(self.previous, Span::new(self.previous.end, span.start));
        let next = self.next_word(span.end);
        let after = self.neighbouring_word(next, Span::new(span.end, next.start));
        accents.accented_form(lower, &before, &after).map(str::to_owned)
    }

    /// A neighbouring word in small letters; empty if the end of a sentence or of the text lies between.
    fn neighbouring_word(&self, word: Span, gap: Span) -> String {
        if gap.slice(self.text).contains(['.', '!', '?', '\n', ':', ';']) {
            return String::new();
        }
        word.slice(self.text).to_lowercase()
    }

    fn next_word(&self, from: usize) -> Span {
        // A word and the blank before it lie within this many bytes, or do not matter.
        const REACH: usize = 64;
        let end = self.text.floor_char_boundary(from + REACH);
        let mut next = Span::new(from, from);
        tokens::for_each_token(self.text, Span::new(from, end), |token| {
            next = token.span;
            false
        });
        next
    }

    fn skip(&mut self, span: Span, reason: SkipReason) {
        // Neighbouring words of another script are one region.
        if let Some(last) = self.report.skipped.last_mut()
            && last.reason == reason
            && reason == SkipReason::OtherScript
            && last.span.start >= self.stretch
            && !self.text[last.span.end..span.start].contains(char::is_alphanumeric)
        {
            last.span.end = span.end;
            return;
        }
        self.report.skipped.push(SkippedRegion { span, reason });
    }

    fn report_finding(&mut self, span: Span, kind: FindingKind, suggestions: Arc<[Suggestion]>) {
        let most = self.options.max_suggestions;
        let suggestions = if suggestions.len() > most { suggestions[..most].into() } else { suggestions };
        self.report.findings.push(SpellingFinding {
            spans: vec![widen_to_graphemes(self.text, span)],
            kind,
            hint: false,
            suggestions,
        });
    }
}
