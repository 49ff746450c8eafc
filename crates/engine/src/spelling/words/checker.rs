//! Checks prose in one language: words, layer by layer, from the cheapest test to the dearest.
//!
//! 0. words that are certain: frequent, or a slip though a dictionary has it (`slips.rs`);
//! 1. the vocabulary (lexicons and supplements, with Hunspell's case and break rules);
//! 2. rules of word formation (possessives, clitics, numerals);
//! 3. what makes it right where it stands (`acceptance.rs`): expressions, brackets, prefixes, the channel;
//! 4. the parts of a hyphenated word, each by itself;
//! 5. names and abbreviations, unless they resemble a known word; loans from the other language;
//! 6. what is left is a misspelling, unless the text around says more: runs of English, names that are repeated.
//!
//! What no look at a single word finds (`broken.rs`: `don,t`, `th ank`) is told from the words around it.
//!
//! Accepted words pass one more test: whether another word was meant, by the words around; in Portuguese also whether an accent
//! was dropped.

mod acceptance;
mod broken_words;
mod exceptions;

use std::{borrow::Cow, sync::Arc};

use quick_cache::{Equivalent, sync::Cache};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    accents::AccentPairs,
    casing::{self, Casing, in_case_of},
    chat::ChatWords,
    common::CentiZipf,
    context::{ContextJudge, ContextPlace, ContextVerdict, window::ContextWindow, written_with_capital},
    expressions::Expressions,
    foreign::{self, ForeignTest},
    lexicon::Lexicon,
    memory::{KeyMemory, MemoryKey, SecretKeys},
    names::{self, KnownWords, WordOccurrence},
    neighbours::SymmetricDeletionIndex,
    normal::{normalised, unaccented},
    rules::{Grammar, NumeralClass, classify_numeral, correct_ordinal, is_roman_numeral},
    suggest::{RankedSuggestions, SearchBudget, suggest},
    tokens::{self, TokenShape, WordToken},
    vocabulary::Vocabulary,
};
use crate::{
    document::{MessageChannel, SkipReason, SkippedRegion},
    language::LanguageCode,
    spelling::{
        asked::AskedParts,
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

/// What an unknown word takes of the meter, beside its suggestions: to be looked up in two languages, as it is, by its parts and by
/// what stands around it.
const UNKNOWN_STEPS: u32 = 10;

/// What a look at the frequent words near a word takes of the meter.
const NEARBY_STEPS: u32 = 20;

/// What a look at the words around a word takes of the meter, and what the model's judgement by them takes in each set that has the
/// word.
const CONTEXT_STEPS: u32 = 3;
const JUDGEMENT_STEPS: u32 = 12;

/// Hyphens of a word up to which each doubles the ways to divide it that are tried.
const MOST_DOUBLINGS: usize = 6;

/// What a caller wants to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordCheckOptions<'o> {
    /// At most this many suggestions for each finding.
    pub max_suggestions: usize,
    /// What is asked about: for other words no suggestions are searched.
    pub asked: &'o AskedParts,
    /// Where the text will be sent: it decides on chat words.
    pub channel: MessageChannel,
    /// Also report findings of lower certainty.
    pub hints: bool,
    /// Says when to stop.
    pub meter: &'o StepMeter<'o>,
}

/// What is known of the frequent words of a language.
#[derive(Clone, Debug)]
pub(crate) struct FrequentWords {
    /// Which of them are near a word.
    pub(crate) neighbours: Arc<SymmetricDeletionIndex>,
    /// Those that every variety of the language has, in small letters and as they begin a sentence, so that most words of a
    /// text need no other look.
    pub(crate) certain: Arc<FxHashSet<Box<str>>>,
    /// Rare words that are slips of them though a dictionary has them, each with the word that was meant.
    pub(crate) slips: Arc<FxHashMap<Box<str>, Box<str>>>,
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
    /// What is right only as a whole of several words.
    pub expressions: Arc<Expressions>,
    /// Short forms that are right in some channels.
    pub chat_words: Arc<ChatWords>,
    /// Judges words by what is around them, of the same language.
    pub contexts: Arc<ContextJudge>,
    /// How the language forms words.
    pub grammar: Grammar,
    /// The variety whose dictionary has derivations that this one lacks.
    pub sister: Option<Vocabulary>,
    /// The lexicon of the other variety of the language, whose spellings are no slips.
    pub other_variety: Option<Arc<Lexicon>>,
    /// The other language that agents mix in; its sentences are skipped.
    pub other: Option<Vocabulary>,
    /// How many misspellings' suggestions are remembered.
    pub memory: usize,
}

/// Answers of yes, right words most of them, that are remembered.
const YESES: usize = 1 << 13;

/// Answers of no that are remembered.
const NOES: usize = 1 << 12;

/// A checker of one language.
#[derive(Debug)]
pub(crate) struct WordChecker {
    parts: CheckerParts,
    /// Suggestions of recent misspellings by word and number asked for: the same few are typed over and over.
    remembered: Cache<(Box<str>, usize), Arc<RankedSuggestions>>,
    /// Normalised words that are right, and questions by secret keys to which the answer is yes.
    yeses: KeyMemory,
    /// Questions about normalised words to which the answer is no, by secret keys: a word that somebody made to look like another
    /// must not have that marked.
    noes: KeyMemory,
    secret: SecretKeys,
}

/// What is asked about words by themselves, wherever they stand, and takes many looks. Who is remembered spends nothing of the meter.
#[derive(Clone, Copy, Debug, Hash)]
enum WordQuestion<'w> {
    IsRight(&'w str),
    IsDerived(&'w str),
    IsSlip(&'w str),
    /// What two neighbours are without the blank between them.
    Rejoined {
        left: &'w str,
        right: &'w str,
        both_unknown: bool,
    },
}

impl WordChecker {
    /// A checker.
    #[must_use]
    pub(crate) fn new(parts: CheckerParts) -> Self {
        Self {
            remembered: Cache::new(parts.memory),
            yeses: KeyMemory::with_slots(YESES),
            noes: KeyMemory::with_slots(NOES),
            secret: SecretKeys::new(),
            parts,
        }
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
            loans: Vec::new(),
            stretch: 0,
            previous: Span::new(0, 0),
            seen_to: 0,
            unknown: Vec::new(),
            window: ContextWindow::default(),
        };
        for region in masked.iter().map(|skipped| skipped.span).chain([Span::new(text.len(), text.len())]) {
            if !tokens::for_each_token(text, Span::new(pass.stretch, region.start), |token| pass.visit(token)) {
                pass.report.incomplete = true;
                break;
            }
            pass.stretch = region.end;
        }
        let report = &mut pass.report;
        report.skipped = merge_skipped(masked, std::mem::take(&mut report.skipped));
        drop_overlapping(&mut report.findings, &report.skipped);
        // Whoever no longer waits is not kept.
        if let Some(other) = self.parts.other.as_ref().filter(|_| options.meter.goes_on()) {
            let code = match self.parts.grammar {
                Grammar::English => LanguageCode::PORTUGUESE,
                Grammar::Portuguese => LanguageCode::ENGLISH,
            };
            let test = ForeignTest {
                // A chat word and a slip of the shift key are of this language, too.
                is_right: &|word| {
                    self.is_right(word) || {
                        let lower = word.to_lowercase();
                        lower != word && self.is_right(&lower)
                            || self.parts.chat_words.verdict(&lower, MessageChannel::WebChat).is_some()
                    }
                },
                is_slip: &|word| {
                    self.remembered(WordQuestion::IsSlip(word), || {
                        options.meter.spend(foreign::SLIP_STEPS);
                        foreign::is_slip(word, &self.parts.frequent.neighbours)
                    })
                },
                other: (other, code),
                meter: options.meter,
            };
            foreign::skip_foreign_sentences(text, report, &pass.unknown, &test);
            report.incomplete |= options.meter.is_outrun();
        }
        pass.settle_marks();
        pass.report
    }

    /// Whether a single word is right as written.
    #[must_use]
    pub(crate) fn accepts(&self, word: &str) -> bool {
        self.is_right(&normalised(word))
    }

    /// How frequent a word in small letters is in the language, whether right or not; 0 if rare.
    #[must_use]
    pub(crate) fn frequency(&self, lower: &str) -> CentiZipf {
        self.parts.vocabulary.common.frequency(lower).unwrap_or_default()
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
        let mut ranked = suggest(&self.parts.vocabulary, word, limit, &mut lent);
        self.put_certain_first(&mut ranked, word, limit);
        let ranked = Arc::new(ranked);
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
        let key = MemoryKey::of(word);
        if self.yeses.has(key) {
            return true;
        }
        let is_right = self.unless_known_no(self.secret.key_of(WordQuestion::IsRight(word)), || {
            let CheckerParts { frequent, vocabulary, grammar, .. } = &self.parts;
            let is_right = frequent.certain.contains(word)
                || !frequent.slips.contains_key(word)
                    && (vocabulary.accepts(word) && !self.is_bound_stem(word)
                        || grammar.derives(word, &|base| vocabulary.accepts(base))
                        || self.is_prefixed(word));
            is_right.then_some(())
        });
        if is_right.is_some() {
            self.yeses.put(key);
        }
        is_right.is_some()
    }

    /// The answer to a question about words by themselves, remembered either way.
    fn remembered(&self, question: WordQuestion<'_>, find: impl FnOnce() -> bool) -> bool {
        let key = self.secret.key_of(question);
        if self.yeses.has(key) {
            return true;
        }
        let is_so = self.unless_known_no(key, || find().then_some(())).is_some();
        if is_so {
            self.yeses.put(key);
        }
        is_so
    }

    /// What is found for the question with this key; that nothing is found is remembered.
    fn unless_known_no<T>(&self, key: MemoryKey, find: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.noes.has(key) {
            return None;
        }
        let found = find();
        if found.is_none() {
            self.noes.put(key);
        }
        found
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
    /// Marks of words of the other language that are right as loans, unless their whole sentence is of that language.
    loans: Vec<Span>,
    /// Where the present stretch between masked regions begins.
    stretch: usize,
    /// The word before the present one.
    previous: Span,
    /// Where the last finding of several words ends.
    seen_to: usize,
    /// All words that are not right by themselves, ascending; parts of words may be among them beside the whole.
    unknown: Vec<Span>,
    /// What is around the present word, where that matters.
    window: ContextWindow,
}

impl WordCheckPass<'_> {
    /// Looks at one word; `false` once the check is abandoned.
    fn visit(&mut self, token: WordToken) -> bool {
        self.words += 1;
        if self.words.is_multiple_of(CANCEL_INTERVAL) && !self.options.meter.goes_on() {
            return false;
        }
        if token.span.start >= self.seen_to {
            self.check_word(token);
        } else {
            self.unknown.push(token.span);
        }
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
        let is_told = self.report_broken_contraction(token.span)
            || self.report_pronoun(token.span, &word)
            || token.shape == TokenShape::Composed && self.report_wrong_hyphenation(token.span, &word);
        if is_told || !self.checker.is_right(&word) {
            self.unknown.push(token.span);
            if !is_told && !self.is_right_with_stop(&word, token.span) {
                self.check_unknown_word(token, &word);
            }
        } else if self.is_capitalised_slip(token.span, &word) {
            self.check_misspelling(token.span, &word);
        } else {
            self.check_in_context(token.span, &word);
        }
    }

    /// `approx.` and `Sr.` are words only with their full stop.
    fn is_right_with_stop(&self, word: &str, span: Span) -> bool {
        let vocabulary = &self.checker.parts.vocabulary;
        // What is wrong though the dictionaries have it is no better with a stop.
        self.text[span.end..].starts_with('.') && !vocabulary.accepts(word) && vocabulary.accepts(&format!("{word}."))
    }

    fn check_unknown_word(&mut self, token: WordToken, word: &str) {
        if word.chars().nth(1).is_none() || is_roman_numeral(word) {
            return;
        }
        if self.is_right_here(token.span, word) || self.settle_chat_word(token.span, word) {
            self.options.meter.spend(UNKNOWN_STEPS);
            return;
        }
        if let Some(parts) = tokens::hyphenated_parts(self.text, token.span).filter(|parts| !parts.is_empty()) {
            self.options.meter.spend(UNKNOWN_STEPS << parts.len().min(MOST_DOUBLINGS));
            return self.check_hyphenated_parts(&parts);
        }
        if word.contains(|c: char| c.is_ascii_digit()) {
            return match classify_numeral(word, self.checker.parts.grammar) {
                NumeralClass::Right => {}
                NumeralClass::Code => self.check_code(token.span, word),
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
        // Half a word may look like what capitals stand for (`de livery`).
        if !capitals && self.options.asked.touch(span) && self.report_stray_blank(span, word) {
            return;
        }
        if let Some(reason) = names::name_or_acronym(noun, place, known) {
            return self.skip(span, reason);
        }
        if !self.options.asked.touch(span) {
            // It still tells what language its sentence is in.
            return self.report_finding(span, FindingKind::NonWord, Arc::default());
        }
        if capitals && self.report_stray_blank(span, word) {
            return;
        }
        if self.is_loan(word) {
            self.report_finding(span, FindingKind::NonWord, Arc::default());
            self.loans.extend(self.report.findings.last().map(|finding| finding.spans[0]));
            return;
        }
        let ranked = self.ranked_suggestions(word);
        let span = self.with_stray_apostrophe(span, &ranked);
        self.report_finding(span, FindingKind::NonWord, Arc::clone(&ranked.suggestions));
        self.report.incomplete |= ranked.cut;
        if let Some(finding) = self.report.findings.last_mut() {
            finding.suggestions_incomplete = ranked.cut;
        }
    }

    fn ranked_suggestions(&mut self, word: &str) -> Arc<RankedSuggestions> {
        if let Some(ranked) = self.searched.get(word) {
            return Arc::clone(ranked);
        }
        let WordCheckOptions { max_suggestions, meter, .. } = self.options;
        let ranked = self.checker.ranked_suggestions(word, max_suggestions, &mut self.budget, meter);
        if ranked.steps > 0 {
            self.searched.insert(word.into(), Arc::clone(&ranked));
        }
        ranked
    }

    /// Whether a right word is right in its place.
    fn check_in_context(&mut self, span: Span, word: &str) {
        let CheckerParts { contexts, accents, .. } = &self.checker.parts;
        let may_be_member = contexts.may_be_member(word);
        if !may_be_member && accents.is_empty() {
            return;
        }
        // What ends an abbreviation looks like the end of a sentence, and is none (`p.f. à nossa`).
        let before = self.text[..span.start].trim_end();
        if let Some(abbreviation) = before.strip_suffix('.')
            && abbreviation.rsplit(char::is_whitespace).next().is_some_and(|last| last.contains('.'))
            && word.starts_with(char::is_lowercase)
        {
            return;
        }
        if !(may_be_member && self.report_real_word(span, word)) {
            self.report_likely_accent(span, word);
        }
    }

    /// Reports a member of a confusion set that is another in its place; whether all is said of the word then: it was reported, or is a
    /// member of the model's.
    fn report_real_word(&mut self, span: Span, word: &str) -> bool {
        let Some(capital) = written_with_capital(word) else { return false };
        let lower = if capital { Cow::Owned(word.to_lowercase()) } else { Cow::Borrowed(word) };
        let checker = self.checker;
        let judge = &checker.parts.contexts;
        let Some(asked) = judge.questions(&lower) else { return false };
        let sets = asked.own_sets();
        self.options.meter.spend(CONTEXT_STEPS + JUDGEMENT_STEPS * sets);
        let place = ContextPlace { text: self.text, span, lower: &lower, capital };
        if let Some(verdict) = judge.judge(asked, place, &mut self.window) {
            self.report_verdict(verdict, capital);
            return true;
        }
        sets > 0
    }

    fn report_verdict(&mut self, verdict: ContextVerdict, capital: bool) {
        let ContextVerdict { span, meant, hint, explanation } = verdict;
        // What stands beside a misspelling is not what the model has read, unless it knows that, as it does where accents are missing.
        let before = self.report.findings.last().filter(|finding| finding.kind == FindingKind::NonWord);
        let misspelt = before.map(|finding| finding.spans[0]).filter(|before| before.end + 1 >= span.start);
        let contexts = &self.checker.parts.contexts;
        let hint = hint
            || misspelt.is_some_and(|before| !contexts.has_read(&normalised(before.slice(self.text)).to_lowercase()));
        let written = normalised(span.slice(self.text)).to_lowercase();
        let accent_only = meant.first().is_some_and(|(text, _)| unaccented(text) == written);
        let kind = if accent_only { FindingKind::LikelyAccent } else { FindingKind::RealWord };
        let in_case = |text: String| if capital { casing::capitalised(&text) } else { text };
        let suggestions = meant.into_iter().map(|(text, score)| Suggestion { text: in_case(text), score }).collect();
        let explanation = Some(explanation).filter(|explanation| !explanation.is_empty());
        self.report_graded(span, kind, hint, suggestions, explanation);
    }

    /// Reports a word that lost an accent though dictionaries accept it; `false` if it lost none.
    fn report_likely_accent(&mut self, span: Span, word: &str) -> bool {
        let casing = casing::classify(word);
        if !word.is_ascii() || !matches!(casing, Casing::Lower | Casing::Initial | Casing::AllCaps) {
            return false;
        }
        // A short word in capitals is an abbreviation (`PAIS`, `NOS`) where its neighbours are in small letters.
        const SHORTEST_IN_CAPITALS: usize = 5;
        let occurrence = WordOccurrence { text: self.text, span };
        if casing == Casing::AllCaps && word.len() < SHORTEST_IN_CAPITALS && !occurrence.is_among_capitals() {
            return false;
        }
        let lower = if casing == Casing::Lower { Cow::Borrowed(word) } else { Cow::Owned(word.to_ascii_lowercase()) };
        let checker = self.checker;
        let Some(pair) = checker.parts.accents.twin(&lower) else { return false };
        // Twice the features: of its kind, and of its own.
        self.options.meter.spend(CONTEXT_STEPS + 2 * JUDGEMENT_STEPS);
        let place = ContextPlace { text: self.text, span, lower: &lower, capital: casing == Casing::Initial };
        let judge = &checker.parts.contexts;
        // Asked here alone: of most words nobody would look for an accent.
        let asked = written_with_capital(word).and_then(|_| judge.questions(&lower));
        if asked.is_some_and(|asked| judge.says_right(asked, place, &mut self.window)) {
            return false;
        }
        let Some((hint, score)) = judge.judge_accent(place, pair, &mut self.window) else {
            return false;
        };
        let text = in_case_of(&pair.accented, casing);
        self.report_graded(span, FindingKind::LikelyAccent, hint, [Suggestion { text, score }].into(), None);
        true
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
        self.report_graded(span, kind, false, suggestions, None);
    }

    fn report_graded(
        &mut self,
        span: Span,
        kind: FindingKind,
        hint: bool,
        suggestions: Arc<[Suggestion]>,
        explanation: Option<Arc<str>>,
    ) {
        if hint && !self.options.hints {
            return;
        }
        let most = self.options.max_suggestions;
        let suggestions = if suggestions.len() > most { suggestions[..most].into() } else { suggestions };
        let span = widen_to_graphemes(self.text, span);
        self.report.findings.push(SpellingFinding {
            hint,
            explanation,
            ..SpellingFinding::new(span, kind, suggestions)
        });
    }
}
