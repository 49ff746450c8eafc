//! Judges a model's answer: only one that keeps the facts, the language and the bounds of the draft may be shown. Deterministic
//! and pure; it sees masked texts, and what it reports holds no piece of them.
//!
//! Facts are compared, not strings (`facts.rs`): 1.234,56 and 1,234.56, 三千五百元 and 3500元, "5 pm" and 17:00, "May 5" and
//! 5月5日 are the same fact; a number with another unit is another fact. What draft and reply state must be equal as
//! multisets, with two exceptions: sums and days may be stated again, and ways and options may be counted. Words that
//! may be numbers (um, one, 一个, 十分感谢) may come and go. Of two days in numbers alone the order must stay, as nothing
//! tells which is the month.
//!
//! What surrounds a fact counts, too: values that changed places (`swaps.rs`), one word for its opposite
//! (`relations.rs`), a denial dropped or added (`polarity.rs`), a condition or a clause left out (`omissions.rs`), a
//! name that goes while another comes (`names.rs`). Tables are of folded text (`plain.rs`), so that each word stands
//! there once. The guard errs on the side of the draft: time said in another unit (24 hours, one day) is refused. A
//! word for another that no table knows passes; docs/benchmarks.md says how often.

mod code;
mod facts;
mod form;
pub mod language;
mod names;
mod numerals;
mod omissions;
mod plain;
mod polarity;
mod relations;
mod swaps;
mod units;
mod wording;

pub use code::{GuardCode, GuardFinding};

use facts::{Fact, Value};
use language::DetectedLanguage;
use wording::Plain;

use super::{
    privacy::{self, MaskedPiece, Masking},
    prompt::Operation,
};

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

/// Everything that is wrong with an answer; nothing, if it may be shown. O(length), but for facts, values, names and denials, which
/// are compared with each other up to a bounded number.
#[must_use]
pub fn judge(case: &GuardCase<'_>) -> Vec<GuardFinding> {
    let mut findings = Vec::new();
    let mut add = |code: GuardCode, count: usize| {
        if count > 0 {
            findings.push(GuardFinding { code, count });
        }
    };
    if case.reply.trim().is_empty() {
        add(GuardCode::Empty, 1);
        return findings;
    }
    if case.reply.len() > LONGEST_REPLY {
        add(GuardCode::TooLong, 1);
        return findings;
    }
    let (draft, reply) = (prose(case.masking, case.draft), prose(case.masking, case.reply));
    let (plain_draft, plain_reply) = (Plain::new(&draft), Plain::new(&reply));
    add(GuardCode::PlaceholderChanged, placeholders(case, &reply));
    for (code, count) in
        fact_changes(&facts::read(&plain_draft.text), &facts::read(&plain_reply.text), plain_draft.tongue)
    {
        add(code, count);
    }
    for (code, count) in additions(&draft, &reply) {
        add(code, count);
    }
    add(GuardCode::LanguageChanged, usize::from(language::differs(&draft, &reply)));
    if let Some(code) = form::length(case, &draft, &reply) {
        add(code, 1);
    }
    add(GuardCode::OfferAdded, wording::added_offers(&plain_draft, &plain_reply));
    add(GuardCode::ValuesSwapped, swaps::count(&plain::fold(case.draft), &plain::fold(case.reply)));
    add(GuardCode::NameChanged, usize::from(names::changed(&draft, &reply)));
    add(GuardCode::ConditionDropped, usize::from(omissions::condition(&plain_draft.text, &plain_reply.text)));
    add(GuardCode::RelationChanged, relations::changed(&plain_draft.text, &plain_reply.text));
    add(GuardCode::NegationChanged, usize::from(polarity::negation_changed(&plain_draft, &plain_reply)));
    let may_be_terse = matches!(case.operation, Operation::Shorten | Operation::Simplify);
    add(GuardCode::RequestDropped, usize::from(!may_be_terse && wording::request_dropped(&plain_draft, &plain_reply)));
    if !may_be_terse {
        add(GuardCode::StatementDropped, omissions::statements(&plain_draft.text, &plain_reply.text));
    }
    add(GuardCode::ListChanged, form::items_changed(case.draft, case.reply));
    add(GuardCode::Preamble, usize::from(wording::has_preamble(&plain_draft, &plain_reply)));
    add(GuardCode::Remark, usize::from(wording::has_remark(&plain_draft, &plain_reply)));
    add(GuardCode::FormatAdded, usize::from(form::has_format(case.draft, case.reply)));
    add(GuardCode::Cut, usize::from(form::is_cut(case.draft, case.reply)));
    add(GuardCode::Unrelated, usize::from(form::is_unrelated(&draft, &reply, case.operation)));
    add(GuardCode::PromptLeaked, usize::from(form::leaks(case)));
    findings
}

/// Whether it is a Chinese character, as far as the guard tells scripts apart.
const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Stands for a placeholder in what is read as prose.
const MARK: char = '\u{FFFC}';

/// The text as prose: each placeholder one character, markup nothing.
fn prose(masking: &Masking, text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    for piece in masking.pieces(text) {
        match piece {
            // What we mark with, nobody else does.
            MaskedPiece::Text(text) => prose.extend(text.chars().filter(|c| !matches!(*c, MARK | numerals::BY_WORD))),
            MaskedPiece::Value { kind: privacy::ValueKind::Markup, .. } => {}
            MaskedPiece::Value { .. } => prose.push(MARK),
        }
    }
    prose
}

/// How many placeholders are missing, too many or damaged. Markup must stay in its order, too.
fn placeholders(case: &GuardCase<'_>, reply_prose: &str) -> usize {
    let ids = |text, markup: bool| -> Vec<usize> {
        let of_kind = |piece| match piece {
            MaskedPiece::Value { id, kind, .. } if (kind == privacy::ValueKind::Markup) == markup => Some(id),
            _ => None,
        };
        case.masking.pieces(text).filter_map(of_kind).collect()
    };
    let (mut before, mut after) = (ids(case.draft, false), ids(case.reply, false));
    before.sort_unstable();
    after.sort_unstable();
    let values = difference(&before, &after);
    let (before, after) = (ids(case.draft, true), ids(case.reply, true));
    let markup = usize::from(before != after);
    // What still holds the nonce was a placeholder once.
    let damaged = reply_prose.matches(case.masking.nonce()).count();
    values + markup + damaged
}

/// How many members of two sorted lists the other lacks, the larger of both counts. One pass.
fn difference(mut one: &[usize], mut another: &[usize]) -> usize {
    let (mut missing, mut added) = (0, 0);
    while let (Some(a), Some(b)) = (one.first(), another.first()) {
        missing += usize::from(a < b);
        added += usize::from(b < a);
        let (a_goes, b_goes) = (usize::from(a <= b), usize::from(b <= a));
        (one, another) = (&one[a_goes..], &another[b_goes..]);
    }
    (missing + one.len()).max(added + another.len())
}

/// The most facts that are compared: a text with more is compared as far as this, and then by their number.
const MAX_FACTS: usize = 400;

fn fact_changes(draft: &[Fact], reply: &[Fact], tongue: Option<DetectedLanguage>) -> Vec<(GuardCode, usize)> {
    // A number without a currency may get that of the language, or one that the draft uses; likewise its per cent.
    let used = draft.iter().filter_map(|fact| fact.unit);
    let used = used.filter(|unit| matches!(unit, units::Unit::Money(_) | units::Unit::Percent));
    let home: Vec<units::Unit> = units::home(tongue).iter().copied().chain(used).collect();
    let mut changes: Vec<(GuardCode, usize, usize)> = Vec::new();
    let mut note =
        |code: GuardCode, missing: usize, added: usize| match changes.iter_mut().find(|change| change.0 == code) {
            Some(change) => (change.1, change.2) = (change.1 + missing, change.2 + added),
            None => changes.push((code, missing, added)),
        };
    if draft.len().max(reply.len()) > MAX_FACTS && draft.len() != reply.len() {
        note(GuardCode::NumberChanged, draft.len().abs_diff(reply.len()), 0);
    }
    let (draft, reply) = (&draft[..draft.len().min(MAX_FACTS)], &reply[..reply.len().min(MAX_FACTS)]);
    let mut used = vec![false; reply.len()];
    // What must be there first, so that it is not taken by what need not.
    let mut open: Vec<&Fact> = draft.iter().filter(|fact| fact.required).collect();
    open.extend(draft.iter().filter(|fact| !fact.required));
    let same: &dyn Fn(&Fact, &Fact) -> bool = &|fact, other| fact.equals(other);
    let alike: &dyn Fn(&Fact, &Fact) -> bool = &|fact, other| fact.matches(other, &home);
    // What is written alike first, so that nothing is taken by what is only like it.
    for matches in [same, alike] {
        open.retain(|fact| {
            let like = |required: bool| {
                (0..reply.len()).find(|&at| !used[at] && reply[at].required == required && matches(fact, &reply[at]))
            };
            let found = like(true).or_else(|| like(false));
            if let Some(at) = found {
                used[at] = true;
            }
            found.is_none()
        });
    }
    for fact in open.into_iter().filter(|fact| fact.required) {
        note(code_of(fact), 1, 0);
    }
    // Sums and days of the draft may be stated again; and things may be counted: "there are two ways".
    let again = |fact: &Fact| code_of(fact) != GuardCode::NumberChanged && draft.iter().any(|other| other.equals(fact));
    let new = |(fact, used): &(&Fact, bool)| fact.required && !used && !fact.is_small_count && !again(fact);
    for (fact, _) in reply.iter().zip(used).filter(new) {
        note(code_of(fact), 0, 1);
    }
    changes.into_iter().map(|(code, missing, added)| (code, missing.max(added))).collect()
}

const fn code_of(fact: &Fact) -> GuardCode {
    match (&fact.value, fact.unit) {
        (_, Some(units::Unit::Money(_))) => GuardCode::AmountChanged,
        (_, Some(units::Unit::Percent | units::Unit::Zhe)) => GuardCode::PercentageChanged,
        (Value::Date(_) | Value::Weekday(_) | Value::Relative(_) | Value::Month(_), _) => GuardCode::DateChanged,
        (Value::Time { .. }, _) => GuardCode::TimeChanged,
        (Value::Number(_) | Value::Raw(_), _) => GuardCode::NumberChanged,
    }
}

/// Links, addresses and codes that the reply has and the draft lacks. Both may still hold some where little is masked.
fn additions(draft: &str, reply: &str) -> Vec<(GuardCode, usize)> {
    let found = privacy::detect(reply);
    if found.is_empty() {
        return Vec::new();
    }
    let mut counts: Vec<(GuardCode, usize)> = Vec::new();
    let mut small = None;
    let mut known: Vec<&str> = privacy::detect(draft).iter().map(|detected| detected.span.slice(draft)).collect();
    for detected in found {
        let value = detected.span.slice(reply);
        if let Some(at) = known.iter().position(|other| *other == value) {
            known.swap_remove(at);
            continue;
        }
        if draft.contains(value) {
            // It is there, if not as what it is here.
            continue;
        }
        let code = match detected.kind {
            privacy::ValueKind::Url => GuardCode::LinkAdded,
            privacy::ValueKind::Code
                if small.get_or_insert_with(|| draft.to_lowercase()).contains(&value.to_lowercase()) =>
            {
                continue;
            }
            privacy::ValueKind::Code | privacy::ValueKind::Mention | privacy::ValueKind::Placeholder => {
                GuardCode::CodeAdded
            }
            _ => GuardCode::ContactAdded,
        };
        match counts.iter_mut().find(|(other, _)| *other == code) {
            Some((_, count)) => *count += 1,
            None => counts.push((code, 1)),
        }
    }
    counts
}
