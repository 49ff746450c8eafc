//! Judges a model's answer: only one that keeps the facts, the language and the bounds of the draft may be shown. Deterministic
//! and pure; it sees masked texts, and what it reports is places, no piece of them.
//!
//! Each text is read once (`reading.rs`): as prose without markup, folded (`fold.rs`), in clauses, with what its phrases say
//! (`lexicon.rs`) and the facts that it states (`facts.rs`). A rule is a function of two readings (`rules/mod.rs` has the list);
//! what it finds is a code and its places in both texts.
//!
//! *Hard* rules refuse an answer; they are about what code can decide. Facts are compared, not strings: 1.234,56 and 1,234.56,
//! 三千五百元 and 3500元, "5 pm" and 17:00, "May 5" and 5月5日 are the same fact; a number with another unit is another fact. What
//! draft and reply state must be equal as multisets, with two exceptions: sums and days may be stated again, and ways and options
//! may be counted. Words that may be numbers (um, one, 一个, 十分感谢) may come and go. Of two days in numbers alone the order must
//! stay, as nothing tells which is the month. The guard errs on the side of the draft: time said in another unit (24 hours, one
//! day) is refused.
//!
//! *Soft* rules point: they are about meaning, of which words tell only something. docs/benchmarks.md says how often they are right.

mod anchor;
mod chats;
mod code;
mod compare;
mod facts;
mod finding;
mod fold;
pub mod language;
mod lexicon;
mod mapped;
mod numerals;
mod reading;
mod rules;
mod units;
mod wordfiles;
mod words;

pub use code::{GuardClass, GuardCode};
pub use finding::GuardFinding;
pub(crate) use lexicon::{is_opening, is_role, may_open};
pub use wordfiles::WordsError;

use reading::{Reading, Texts};
use regex::Regex;
use rules::{Pair, RULES};

use super::{privacy::Masking, prompt::Operation};

/// One answer to judge.
#[derive(Clone, Copy, Debug)]
pub struct GuardCase<'c> {
    /// The draft, masked.
    pub draft: &'c str,
    /// The model's answer, without its reasoning.
    pub reply: &'c str,
    /// What masked them.
    pub masking: &'c Masking,
    /// What was asked for.
    pub operation: Operation,
    /// The most characters that the channel takes.
    pub limit: Option<usize>,
}

/// A longer reply is not read, in bytes: four times the longest draft.
const LONGEST_REPLY: usize = 128 << 10;

/// The most findings of a rule: more point at nothing.
const MOST_FINDINGS: usize = 50;

/// Everything that is wrong with an answer; nothing, if it may be shown as it is. One finding a fact, hard ones first; soft ones that
/// point at the same place are one. O(length), but for facts, values, names and phrases, which are compared with each other up to a
/// bounded number.
#[must_use]
pub fn judge(case: &GuardCase<'_>) -> Vec<GuardFinding> {
    if case.reply.trim().is_empty() {
        return vec![GuardFinding::whole(GuardCode::Empty)];
    }
    if case.reply.len() > LONGEST_REPLY {
        return vec![GuardFinding::whole(GuardCode::TooLong)];
    }
    if case.reply == case.draft {
        return Vec::new();
    }
    let [draft, reply] = [case.draft, case.reply].map(|text| Texts::new(case.masking, text));
    // Both are read in the language of the draft; that of the answer is a rule of its own.
    let language = language::detect_language(draft.prose()).or_else(|| language::detect_language(reply.prose()));
    let lexicon = lexicon::of(language);
    let [draft, reply] = [&draft, &reply].map(|texts| Reading::new(texts, lexicon, language));
    let pair = Pair::new(case, &draft, &reply);
    let mut findings: Vec<GuardFinding> = Vec::new();
    for rule in RULES {
        for place in (rule.find)(&pair, rule.code).into_iter().take(MOST_FINDINGS) {
            let finding = GuardFinding { code: rule.code, draft: place.draft, reply: place.reply };
            let is_told = |other: &GuardFinding| !other.refuses() && other.touches(&finding);
            if finding.refuses() || !findings.iter().any(is_told) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// Whether all that the guard reads by can be read and compiled: who starts a program asks, as a rule without its words finds nothing.
///
/// # Errors
/// [`WordsError`] names the file, the line and what was expected there.
///
/// # Panics
/// Where a pattern does not compile.
pub fn verify() -> Result<(), WordsError> {
    facts::compile_patterns();
    rules::compile_patterns();
    chats::verify()?;
    words::verify()?;
    language::verify()?;
    lexicon::verify()
}

/// A pattern of our own.
///
/// # Panics
/// Where it does not compile: [`verify`] compiles those of the rules at the start, and the tests all.
#[expect(clippy::expect_used, reason = "a constant of ours, compiled at the start and by the tests")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// Whether it is a Chinese character, as far as the guard tells scripts apart.
const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Stands for a placeholder in what is read as prose.
const MARK: char = '\u{FFFC}';

#[cfg(test)]
mod tests;
