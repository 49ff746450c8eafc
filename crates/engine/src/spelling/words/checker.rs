//! Checks prose in one language: words, layer by layer, from the cheapest test to the dearest.
//!
//! 1. the vocabulary (lexicons and supplements, with Hunspell's case and break rules);
//! 2. rules of word formation (possessives, clitics, numerals);
//! 3. the parts of a hyphenated word, each by itself;
//! 4. names and abbreviations, unless they resemble a known word;
//! 5. what is left is a misspelling.
//!
//! Accepted words pass one more test in Portuguese: whether an accent was dropped.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use quick_cache::{Equivalent, sync::Cache};
use rustc_hash::FxHashSet;

use super::{
    accents::AccentPairs,
    casing::{self, Casing},
    foreign,
    names::{self, Known, Place},
    neighbours::Neighbours,
    normal::normalised,
    rules::{Grammar, Numeral, is_roman, numeral, right_ordinal},
    suggest::{Budget, Ranked, suggest},
    tokens::{self, Shape, Token},
    vocabulary::Vocabulary,
};
use crate::{
    document::{SkipReason, Skipped},
    spelling::{
        finding::{Finding, Kind, Report, Suggestion},
        marks::{merged, on_graphemes, settle},
    },
    text::Span,
};

/// Search steps for the suggestions of one text, about 60 ms: some 130 misspellings of the usual kind. See [`Budget`].
const TEXT_BUDGET: u32 = 400_000;

/// How often a check looks whether it was abandoned, in words.
const CANCEL_INTERVAL: usize = 256;

/// What a caller wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// At most this many suggestions for each finding.
    pub max_suggestions: usize,
    /// Set to abandon the check.
    pub cancelled: &'o AtomicBool,
}

/// What is known of the frequent words of a language.
#[derive(Clone, Debug)]
pub struct Frequent {
    /// Which of them are near a word.
    pub neighbours: Arc<Neighbours>,
    /// Those that every variety of the language has, in small letters: most words of a text need no other look.
    pub certain: Arc<FxHashSet<Box<str>>>,
}

/// A key of the remembered suggestions that borrows its word.
#[derive(Hash)]
struct Asked<'w>(&'w str, usize);

impl Equivalent<(Box<str>, usize)> for Asked<'_> {
    fn equivalent(&self, (word, limit): &(Box<str>, usize)) -> bool {
        self.0 == &**word && self.1 == *limit
    }
}

/// What a checker is made of.
#[derive(Debug)]
pub struct Parts {
    /// Which words are right.
    pub vocabulary: Vocabulary,
    /// The frequent words of the vocabulary's language.
    pub frequent: Frequent,
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
pub struct Checker {
    parts: Parts,
    /// Suggestions of recent misspellings by word and number asked for: the same few are typed over and over.
    remembered: Cache<(Box<str>, usize), Arc<Ranked>>,
}

impl Checker {
    /// A checker.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self { remembered: Cache::new(parts.memory), parts }
    }

    /// Checks a text, but for the `masked` regions (ascending, disjoint). O(length), plus bounded work for suggestions.
    #[must_use]
    pub fn check(&self, text: &str, masked: Vec<Skipped>, options: Options<'_>) -> Report {
        let mut pass = Pass {
            checker: self,
            text,
            options,
            budget: Budget::new(TEXT_BUDGET),
            words: 0,
            report: Report::default(),
            stretch: 0,
            previous: Span::new(0, 0),
        };
        for region in masked.iter().map(|skipped| skipped.span).chain([Span::new(text.len(), text.len())]) {
            if !tokens::for_each(text, Span::new(pass.stretch, region.start), |token| pass.visit(token)) {
                pass.report.incomplete = true;
                break;
            }
            pass.stretch = region.end;
        }
        let mut report = pass.report;
        report.skipped = merged(masked, report.skipped);
        settle(&mut report.findings, &report.skipped);
        if let Some(other) = &self.parts.other {
            foreign::skip_sentences(text, &mut report, |word| self.is_right(word), |word| other.accepts(word));
        }
        report
    }

    /// Whether a single word is right as written.
    #[must_use]
    pub fn accepts(&self, word: &str) -> bool {
        self.is_right(&normalised(word))
    }

    /// Ranks the likeliest right spellings of one word, best first.
    #[must_use]
    pub fn suggest(&self, word: &str, limit: usize) -> Vec<Suggestion> {
        self.ranked(&normalised(word), limit, &mut Budget::new(TEXT_BUDGET)).suggestions.clone()
    }

    /// The suggestions for a normalised word, remembered or searched for.
    fn ranked(&self, word: &str, limit: usize, budget: &mut Budget) -> Arc<Ranked> {
        if limit == 0 {
            return Arc::default();
        }
        if let Some(ranked) = self.remembered.get(&Asked(word, limit)) {
            return ranked;
        }
        let ranked = Arc::new(suggest(&self.parts.vocabulary, word, limit, budget));
        // What the spent budget of one text cut short would be less than the next text is due.
        if !budget.is_spent() {
            self.remembered.insert((word.into(), limit), Arc::clone(&ranked));
        }
        ranked
    }

    /// Whether a normalised word is right by the vocabulary or by the rules over it.
    fn is_right(&self, word: &str) -> bool {
        let Parts { frequent, vocabulary, grammar, .. } = &self.parts;
        frequent.certain.contains(word)
            || vocabulary.accepts(word)
            || grammar.derives(word, &|base| vocabulary.accepts(base))
    }
}

/// One text being checked.
struct Pass<'a> {
    checker: &'a Checker,
    text: &'a str,
    options: Options<'a>,
    budget: Budget,
    words: usize,
    report: Report,
    /// Where the present stretch between masked regions begins.
    stretch: usize,
    /// The word before the present one.
    previous: Span,
}

impl Pass<'_> {
    /// Looks at one word; `false` once the check is abandoned.
    fn visit(&mut self, token: Token) -> bool {
        self.words += 1;
        if self.words.is_multiple_of(CANCEL_INTERVAL) && self.options.cancelled.load(Ordering::Relaxed) {
            return false;
        }
        self.word(token);
        self.previous = token.span;
        true
    }

    fn word(&mut self, token: Token) {
        let written = token.span.of(self.text);
        let word = match token.shape {
            Shape::Number => return,
            Shape::OtherScript => return self.skip(token.span, SkipReason::OtherScript),
            Shape::Plain => Cow::Borrowed(written),
            Shape::Composed => normalised(written),
        };
        if self.checker.is_right(&word) {
            if !self.checker.parts.accents.is_empty() {
                self.likely_accent(token.span, &word);
            }
        } else if !self.is_right_with_stop(&word, token.span) {
            self.unknown(token, &word);
        }
    }

    /// `approx.` and `Sr.` are words only with their full stop.
    fn is_right_with_stop(&self, word: &str, span: Span) -> bool {
        self.text[span.end..].starts_with('.') && self.checker.parts.vocabulary.accepts(&format!("{word}."))
    }

    fn unknown(&mut self, token: Token, word: &str) {
        if word.chars().nth(1).is_none() || is_roman(word) {
            return;
        }
        if let Some(parts) = tokens::hyphenated(self.text, token.span).filter(|parts| !parts.is_empty()) {
            if !self.likely_accent(token.span, word) {
                self.parts(&parts);
            }
            return;
        }
        if word.contains(|c: char| c.is_ascii_digit()) {
            return match numeral(word, self.checker.parts.grammar) {
                Numeral::Right => {}
                Numeral::Code => self.skip(token.span, SkipReason::Code),
                Numeral::WrongOrdinal => {
                    self.find(token.span, Kind::NonWord, vec![Suggestion { text: right_ordinal(word), score: 1.0 }]);
                }
            };
        }
        if word.contains('&') {
            return self.skip(token.span, SkipReason::Acronym);
        }
        self.misspelling(token.span, word);
    }

    /// Judges each part of a hyphenated word by itself, so that the mark is no longer than the mistake.
    fn parts(&mut self, parts: &[Token]) {
        for (index, part) in parts.iter().enumerate() {
            let prefix =
                index + 1 < parts.len() && self.checker.parts.grammar.is_prefix(&normalised(part.span.of(self.text)));
            if !prefix {
                self.word(*part);
            }
        }
    }

    fn misspelling(&mut self, span: Span, word: &str) {
        let Parts { vocabulary, frequent, other, .. } = &self.checker.parts;
        let known = Known { vocabulary, neighbours: &frequent.neighbours, other: other.as_ref() };
        // A possessive is looked up by its noun: Kartika's is as much a name as Kartika.
        let noun = word.strip_suffix("'s").unwrap_or(word);
        let place = Place { text: self.text, span };
        if let Some(reason) = names::excuse(noun, place, known) {
            return self.skip(span, reason);
        }
        let ranked = self.checker.ranked(word, self.options.max_suggestions, &mut self.budget);
        self.report.incomplete |= ranked.cut;
        self.find(span, Kind::NonWord, ranked.suggestions.clone());
    }

    /// Reports a word that lost an accent though dictionaries accept it; `false` if it lost none.
    fn likely_accent(&mut self, span: Span, word: &str) -> bool {
        let casing = casing::of(word);
        if !word.is_ascii() || !matches!(casing, Casing::Lower | Casing::Initial) {
            return false;
        }
        let lower = word.to_ascii_lowercase();
        let accented = if lower.contains('-') {
            self.checker.parts.grammar.missing_accent(&lower, &|verb| self.checker.parts.vocabulary.accepts(verb))
        } else {
            self.accented_twin(span, &lower)
        };
        let Some(accented) = accented else { return false };
        let text = if casing == Casing::Initial { casing::capitalised(&accented) } else { accented };
        self.find(span, Kind::LikelyAccent, vec![Suggestion { text, score: 1.0 }]);
        true
    }

    fn accented_twin(&self, span: Span, lower: &str) -> Option<String> {
        let accents = &self.checker.parts.accents;
        if !accents.contains(lower) {
            return None;
        }
        let before = self.neighbour(self.previous, Span::new(self.previous.end, span.start));
        let next = self.next_word(span.end);
        let after = self.neighbour(next, Span::new(span.end, next.start));
        accents.meant(lower, &before, &after).map(str::to_owned)
    }

    /// A neighbouring word in small letters; empty if the end of a sentence or of the text lies between.
    fn neighbour(&self, word: Span, gap: Span) -> String {
        if gap.of(self.text).contains(['.', '!', '?', '\n', ':', ';']) {
            return String::new();
        }
        word.of(self.text).to_lowercase()
    }

    fn next_word(&self, from: usize) -> Span {
        // A word and the blank before it lie within this many bytes, or do not matter.
        const REACH: usize = 64;
        let end = self.text.floor_char_boundary(from + REACH);
        let mut next = Span::new(from, from);
        tokens::for_each(self.text, Span::new(from, end), |token| {
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
        self.report.skipped.push(Skipped { span, reason });
    }

    fn find(&mut self, span: Span, kind: Kind, mut suggestions: Vec<Suggestion>) {
        suggestions.truncate(self.options.max_suggestions);
        self.report.findings.push(Finding {
            spans: vec![on_graphemes(self.text, span)],
            kind,
            hint: false,
            suggestions,
        });
    }
}
