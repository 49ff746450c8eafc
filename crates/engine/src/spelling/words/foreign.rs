//! Sentences of another language: a quotation, a signature, a canned line, a whole reply in a language that we do not check. Marking
//! every word of one helps nobody.
//!
//! A sentence is told by counting its words: those that are right here, those that the other language of our lexicons has (frequent
//! ones: large dictionaries have most short strings), the commonest words of languages that we do not check (`tongues.rs`), and
//! the unknown words that are no slips of words of this language. Once a text has such a sentence, less evidence is asked of its
//! others. A sentence of slips stays: most of its unknown words are a letter from a frequent one.

use super::{
    common::CentiZipf,
    neighbours::SymmetricDeletionIndex,
    normal::normalised,
    tokens::{self, TokenShape},
    tongues::TongueCounts,
    vocabulary::Vocabulary,
};
use crate::{
    document::{SkipReason, SkippedRegion},
    language::LanguageCode,
    spelling::{
        finding::{FindingKind, SpellingReport},
        marks::overlaps_any,
        meter::StepMeter,
    },
    text::Span,
};

/// What a look at one word of a sentence takes of the meter.
const WORD_STEPS: u32 = 8;
/// What a look for frequent words near an unknown one takes of it.
pub(super) const SLIP_STEPS: u32 = 10;
/// So many words tell the language of a sentence, however long.
const MOST_WORDS: usize = 32;

/// A word of the other language counts if it is this frequent there, or long.
const LEAST_THERE: CentiZipf = 250;
/// Words this long are hardly words of another language by chance.
const LONG: usize = 7;
/// Every word of a short sentence is this frequent there.
const LEAST_OF_SHORT: CentiZipf = 400;
/// And the only word of a sentence.
const LEAST_OF_SINGLE: CentiZipf = 470;
/// Words of a sentence that is short.
const SHORT: usize = 3;
/// A slip leads to a word this frequent.
const LEAST_MEANT: CentiZipf = 340;
/// An unknown word this short is near some word by chance.
const SHORTEST_SLIP: usize = 4;
/// Words of a sentence that no language is told of.
const LEAST_WORDS_UNTOLD: usize = 4;

/// What tells languages apart.
pub(super) struct ForeignTest<'f> {
    /// Whether a word is right here.
    pub(super) is_right: &'f dyn Fn(&str) -> bool,
    /// What [`is_slip`] says of a word that is not right here; counts its own work.
    pub(super) is_slip: &'f dyn Fn(&str) -> bool,
    /// The other language that agents mix in, with its code.
    pub(super) other: (&'f Vocabulary, LanguageCode),
    /// Counts the work.
    pub(super) meter: &'f StepMeter<'f>,
}

/// Whether a word is near a frequent one, which was probably meant.
pub(super) fn is_slip(word: &str, frequent: &SymmetricDeletionIndex) -> bool {
    let long = word.chars().nth(SHORTEST_SLIP - 1).is_some();
    frequent.any_nearby(word, |near| {
        (near.edits == 0 || long && near.edits == 1) && near.frequency >= LEAST_MEANT && near.common_noun
    })
}

/// Takes the marks out of sentences of other languages, and reports those sentences as skipped. `unknown` are the words that are not
/// right here, ascending; more than those does no harm.
pub(super) fn skip_foreign_sentences(
    text: &str,
    report: &mut SpellingReport,
    unknown: &[Span],
    test: &ForeignTest<'_>,
) {
    let sentences = marked_sentences(text, report);
    // Names are words of the sentence; what is masked is none.
    let is_name = |reason| matches!(reason, SkipReason::ProperName | SkipReason::Acronym);
    let left_out: Vec<SkippedRegion> = if sentences.is_empty() {
        Vec::new()
    } else {
        report.skipped.iter().copied().filter(|skipped| !is_name(skipped.reason)).collect()
    };
    let count = |&sentence: &Span| SentenceCounts::of(text, sentence, &left_out, test);
    // Most marks are the only unknown word of their sentence, which is then not worth counting.
    let may_tell = |&sentence: &&Span| test.meter.goes_on() && may_be_foreign(text, *sentence, &left_out, unknown);
    let counts: Vec<Option<SentenceCounts>> =
        sentences.iter().map(|sentence| Some(sentence).filter(may_tell).and_then(count)).collect();
    let mut foreign: Vec<Option<Foreign>> =
        counts.iter().map(|counts| counts.and_then(|counts| counts.verdict(test))).collect();
    // A text in a language has more sentences of it, and the short ones tell little by themselves.
    if let Some(established) = foreign.iter().flatten().next().copied() {
        for ((verdict, counts), sentence) in foreign.iter_mut().zip(&counts).zip(&sentences) {
            if verdict.is_none() {
                let counts = counts.or_else(|| count(sentence));
                *verdict = counts.filter(|counts| counts.agrees_with(established, test)).map(|_| established);
            }
        }
    }
    let regions: Vec<SkippedRegion> = sentences
        .iter()
        .zip(foreign)
        .filter_map(|(&span, foreign)| foreign.map(|Foreign(code)| (span, SkipReason::OtherLanguage(code))))
        .map(|(span, reason)| SkippedRegion { span, reason })
        .collect();
    if regions.is_empty() {
        return;
    }
    let within = |span: Span| {
        let next = regions.partition_point(|region| region.span.end <= span.start);
        regions.get(next).is_some_and(|region| region.span.overlaps(span))
    };
    report.findings.retain(|finding| finding.kind == FindingKind::WrongCharacter || !within(finding.spans[0]));
    report.skipped.retain(|skipped| !within(skipped.span));
    report.skipped.extend(regions.iter().copied());
    report.skipped.sort_unstable_by_key(|skipped| skipped.span.start);
}

/// A language that is not checked: its code, if it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Foreign(Option<LanguageCode>);

/// The sentences with marks, ascending.
fn marked_sentences(text: &str, report: &SpellingReport) -> Vec<Span> {
    let mut sentences: Vec<Span> = Vec::new();
    for finding in &report.findings {
        let first = finding.spans[0];
        if sentences.last().is_none_or(|last| first.start >= last.end) {
            sentences.push(sentence_around(text, first));
        }
    }
    sentences
}

/// From the end of the sentence before to the end of this one, without the blanks around.
fn sentence_around(text: &str, span: Span) -> Span {
    // Chinese text around a foreign sentence is no part of it.
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '\n' | '\r' | '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FF65}');
    let start = text[..span.start].rfind(ends).map_or(0, |at| text.ceil_char_boundary(at + 1));
    let end = text[span.end..].find(ends).map_or(text.len(), |at| span.end + at);
    let sentence = &text[start..end];
    let start = start + (sentence.len() - sentence.trim_start().len());
    Span::new(start, start + sentence.trim().len())
}

/// Whether a sentence may be told to be of another language by itself: `false` where [`SentenceCounts::verdict`] would say nothing.
fn may_be_foreign(text: &str, sentence: Span, left_out: &[SkippedRegion], unknown: &[Span]) -> bool {
    let first = unknown.partition_point(|span| span.start < sentence.start);
    if unknown.get(first + 1).is_some_and(|second| second.start < sentence.end) {
        return true;
    }
    // Only of a short sentence one word tells.
    let mut words = 0;
    for_each_word(text, sentence, left_out, |_| {
        words += 1;
        words <= SHORT
    });
    words <= SHORT
}

/// Calls `visit` with each word of a sentence that is not left out, as long as it says `true`.
fn for_each_word(text: &str, sentence: Span, left_out: &[SkippedRegion], mut visit: impl FnMut(Span) -> bool) {
    tokens::for_each_token(text, sentence, |token| {
        let is_word = matches!(token.shape, TokenShape::Plain | TokenShape::Composed);
        !is_word || overlaps_any(left_out, token.span) || visit(token.span)
    });
}

/// What the words of a sentence are.
#[derive(Clone, Copy, Debug, Default)]
struct SentenceCounts {
    words: usize,
    /// Right here.
    right: usize,
    /// Right here, and no word of the other language.
    right_only: usize,
    /// Words of the other language.
    there: usize,
    /// Words of the other language, and not right here.
    there_only: usize,
    /// The least frequency there.
    least_there: CentiZipf,
    /// Unknown here, though a letter from a frequent word.
    slips: usize,
    tongues: TongueCounts,
}

impl SentenceCounts {
    /// Counts the words; `None` once the check is abandoned.
    fn of(text: &str, sentence: Span, left_out: &[SkippedRegion], test: &ForeignTest<'_>) -> Option<Self> {
        let (other, _) = test.other;
        let mut counts = Self { least_there: CentiZipf::MAX, ..Self::default() };
        let mut last_unknown: Option<(String, bool)> = None;
        for_each_word(text, sentence, left_out, |span| {
            let word = normalised(span.slice(text));
            let lower = word.to_lowercase();
            let frequency = other.common.frequency(&lower).unwrap_or_default();
            let tells = frequency >= LEAST_THERE || lower.chars().nth(LONG - 1).is_some();
            let is_there = tells && other.accepts(&word);
            let right = (test.is_right)(&word);
            counts.words += 1;
            counts.right += usize::from(right);
            counts.right_only += usize::from(right && !is_there);
            counts.there += usize::from(is_there);
            counts.there_only += usize::from(is_there && !right);
            counts.least_there = counts.least_there.min(if is_there { frequency } else { 0 });
            counts.tongues.count(&lower, right);
            let repeated = last_unknown.as_ref().is_some_and(|(last, _)| *last == lower);
            if !right {
                // Who repeats a word repeats it at once.
                if !repeated {
                    last_unknown = Some((lower, (test.is_slip)(&word)));
                }
                counts.slips += usize::from(last_unknown.as_ref().is_some_and(|(_, is_slip)| *is_slip));
            }
            test.meter.spend(if repeated { 0 } else { WORD_STEPS }) && counts.words < MOST_WORDS
        });
        (test.meter.goes_on() && counts.words > 0).then_some(counts)
    }

    const fn unknown(&self) -> usize {
        self.words - self.right
    }

    fn verdict(&self, test: &ForeignTest<'_>) -> Option<Foreign> {
        let (_, code) = test.other;
        let best = self.tongues.best();
        if self.is_of_other() {
            // Languages that share most words are told by their commonest.
            let related = best.filter(|best| best.words > self.tongues.words_of(code) + 1).and_then(|best| best.code);
            return Some(Foreign(related.or(Some(code))));
        }
        if let Some(best) = best.filter(|best| self.is_of_tongue(best.words, best.strange)) {
            return Some(Foreign(best.code));
        }
        // No language is told, and hardly a word is one of ours or a slip of one.
        let strange = self.unknown() - self.slips;
        let untold =
            self.words >= LEAST_WORDS_UNTOLD && 10 * self.unknown() >= 7 * self.words && 2 * strange > self.unknown();
        untold.then_some(Foreign(best.and_then(|best| best.code)))
    }

    /// Whether it is in the other language of the lexicons, its own slips aside.
    fn is_of_other(&self) -> bool {
        if self.there_only == 0 || self.right_only > 0 && self.words <= SHORT {
            return false;
        }
        match self.words {
            1 => self.least_there >= LEAST_OF_SINGLE && self.slips == 0,
            2..=SHORT => self.least_there >= LEAST_OF_SHORT,
            words => {
                self.there_only >= 2
                    && 20 * self.there >= 11 * words
                    && self.there_only >= 2 * self.right_only
                    && 4 * self.right_only <= words
            }
        }
    }

    /// Whether it is in a language with so many of its words in it.
    const fn is_of_tongue(&self, words: usize, strange: usize) -> bool {
        // One word in five is among a language's commonest, and what is not is mostly unknown here.
        words >= 2
            && strange >= 1
            && 5 * words >= self.words
            && 5 * self.unknown() >= 2 * self.words
            && self.unknown() >= 2
            && self.right_only <= words + self.words / 5
    }

    /// Whether a sentence of a text with sentences of a language is in that, too.
    fn agrees_with(&self, established: Foreign, test: &ForeignTest<'_>) -> bool {
        let (_, code) = test.other;
        match established.0 {
            Some(told) if told == code => self.there_only > 0 && self.right_only == 0 && 2 * self.there >= self.words,
            Some(told) => 2 * self.unknown() >= self.words && (self.tongues.words_of(told) > 0 || self.right_only == 0),
            None => 2 * self.unknown() > self.words && self.slips == 0,
        }
    }
}
