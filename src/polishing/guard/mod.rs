//! Judges a model's answer: only one that keeps the facts, the language and the bounds of the draft may be shown. Deterministic
//! and pure; it sees masked texts, and what it reports holds no piece of them.

mod facts;
mod form;
pub mod language;
mod numerals;
mod units;
mod wording;

use facts::{Fact, Value};
use wording::Plain;

use super::{
    privacy::{self, Masking, Piece},
    prompt::Operation,
};

/// A rule that an answer broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Code {
    /// A masked value is missing, doubled or damaged.
    #[error("a link, number or variable of the draft is missing or was changed")]
    PlaceholderChanged,
    /// A sum of money.
    #[error("an amount of money was changed, added or left out")]
    AmountChanged,
    /// A percentage or a discount.
    #[error("a percentage was changed, added or left out")]
    PercentageChanged,
    /// A day.
    #[error("a date was changed, added or left out")]
    DateChanged,
    /// A time of day.
    #[error("a time was changed, added or left out")]
    TimeChanged,
    /// Any other number.
    #[error("a number was changed, added or left out")]
    NumberChanged,
    /// A web address that the draft lacks.
    #[error("a link was added")]
    LinkAdded,
    /// An e-mail address or a telephone number that the draft lacks.
    #[error("an address or a telephone number was added")]
    ContactAdded,
    /// A code, a mention or a variable that the draft lacks.
    #[error("a code or a variable was added")]
    CodeAdded,
    /// Another language or script.
    #[error("the language was changed")]
    LanguageChanged,
    /// Much longer than the draft.
    #[error("the answer is too long for what was asked")]
    TooLong,
    /// Much shorter than the draft.
    #[error("the answer is too short for what was asked")]
    TooShort,
    /// Longer than the channel takes.
    #[error("the answer is longer than the channel allows")]
    ChannelLimit,
    /// An offer or a promise that the draft lacks.
    #[error("an offer or a promise was added")]
    OfferAdded,
    /// A denial dropped or added.
    #[error("a negation was dropped or added")]
    NegationChanged,
    /// A request or a question of the draft.
    #[error("a request or a question was left out")]
    RequestDropped,
    /// Items of a list.
    #[error("items of a list were left out")]
    ListChanged,
    /// "Here is ...".
    #[error("the answer begins by talking about itself")]
    Preamble,
    /// "I have made ...".
    #[error("the answer talks about itself")]
    Remark,
    /// Quotation marks, fences, headings around or in the answer.
    #[error("quotation marks or formatting were added")]
    FormatAdded,
    /// The end is missing.
    #[error("the answer breaks off")]
    Cut,
    /// Hardly a word of the draft is left.
    #[error("the answer is about something else")]
    Unrelated,
    /// A piece of our own instructions.
    #[error("the answer repeats instructions")]
    PromptLeaked,
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// The model's server withheld the answer. Found by the model's adapter, not here.
    #[error("the model's server withheld the answer")]
    Withheld,
    /// A misspelling that the draft lacks. Found by spelling, not here.
    #[error("a misspelling was added")]
    MisspellingAdded,
}

impl Code {
    /// Stable, part of the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PlaceholderChanged => "PLACEHOLDER_CHANGED",
            Self::AmountChanged => "AMOUNT_CHANGED",
            Self::PercentageChanged => "PERCENTAGE_CHANGED",
            Self::DateChanged => "DATE_CHANGED",
            Self::TimeChanged => "TIME_CHANGED",
            Self::NumberChanged => "NUMBER_CHANGED",
            Self::LinkAdded => "LINK_ADDED",
            Self::ContactAdded => "CONTACT_ADDED",
            Self::CodeAdded => "CODE_ADDED",
            Self::LanguageChanged => "LANGUAGE_CHANGED",
            Self::TooLong => "TOO_LONG",
            Self::TooShort => "TOO_SHORT",
            Self::ChannelLimit => "CHANNEL_LIMIT",
            Self::OfferAdded => "OFFER_ADDED",
            Self::NegationChanged => "NEGATION_CHANGED",
            Self::RequestDropped => "REQUEST_DROPPED",
            Self::ListChanged => "LIST_CHANGED",
            Self::Preamble => "PREAMBLE",
            Self::Remark => "REMARK",
            Self::FormatAdded => "FORMAT_ADDED",
            Self::Cut => "CUT",
            Self::Unrelated => "UNRELATED",
            Self::PromptLeaked => "PROMPT_LEAKED",
            Self::Empty => "EMPTY",
            Self::Withheld => "WITHHELD",
            Self::MisspellingAdded => "MISSPELLING_ADDED",
        }
    }
}

/// What was broken, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub code: Code,
    /// How many times.
    pub count: usize,
}

/// One answer to judge.
#[derive(Clone, Copy, Debug)]
pub struct Case<'c> {
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

/// Everything that is wrong with an answer; nothing, if it may be shown. O(length) as a rule.
#[must_use]
pub fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |code: Code, count: usize| {
        if count > 0 {
            findings.push(Finding { code, count });
        }
    };
    if case.reply.trim().is_empty() {
        add(Code::Empty, 1);
        return findings;
    }
    let (draft, reply) = (prose(case.masking, case.draft), prose(case.masking, case.reply));
    add(Code::PlaceholderChanged, placeholders(case, &reply));
    for (code, count) in fact_changes(&facts::read(&draft), &facts::read(&reply)) {
        add(code, count);
    }
    for (code, count) in additions(&draft, &reply) {
        add(code, count);
    }
    add(Code::LanguageChanged, usize::from(language::differs(&draft, &reply)));
    if let Some(code) = form::length(case, &draft, &reply) {
        add(code, 1);
    }
    let (plain_draft, plain_reply) = (Plain::new(&draft), Plain::new(&reply));
    add(Code::OfferAdded, wording::added_offers(&plain_draft, &plain_reply));
    add(Code::NegationChanged, usize::from(wording::negation_changed(&plain_draft, &plain_reply)));
    let may_be_terse = matches!(case.operation, Operation::Shorten | Operation::Simplify);
    add(Code::RequestDropped, usize::from(!may_be_terse && wording::request_dropped(&plain_draft, &plain_reply)));
    add(Code::ListChanged, form::items_dropped(case.draft, case.reply));
    add(Code::Preamble, usize::from(wording::has_preamble(&plain_draft, &plain_reply)));
    add(Code::Remark, usize::from(wording::has_remark(&plain_draft, &plain_reply)));
    add(Code::FormatAdded, usize::from(form::has_format(case.draft, case.reply)));
    add(Code::Cut, usize::from(form::is_cut(case.draft, case.reply)));
    add(Code::Unrelated, usize::from(form::is_unrelated(&draft, &reply, case.operation)));
    add(Code::PromptLeaked, usize::from(form::leaks(case)));
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
            Piece::Text(text) => prose.push_str(text),
            Piece::Value { kind: privacy::Kind::Markup, .. } => {}
            Piece::Value { .. } => prose.push(MARK),
        }
    }
    prose
}

/// How many placeholders are missing, too many or damaged. Markup must stay in its order, too.
fn placeholders(case: &Case<'_>, reply_prose: &str) -> usize {
    let ids = |text, markup: bool| -> Vec<usize> {
        let of_kind = |piece| match piece {
            Piece::Value { id, kind, .. } if (kind == privacy::Kind::Markup) == markup => Some(id),
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

/// How many members of two sorted lists have no like in the other, the larger of both counts. One pass.
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

fn fact_changes(draft: &[Fact], reply: &[Fact]) -> Vec<(Code, usize)> {
    let mut changes: Vec<(Code, usize, usize)> = Vec::new();
    let mut note = |code: Code, missing: usize, added: usize| match changes.iter_mut().find(|change| change.0 == code) {
        Some(change) => (change.1, change.2) = (change.1 + missing, change.2 + added),
        None => changes.push((code, missing, added)),
    };
    if draft.len().max(reply.len()) > MAX_FACTS && draft.len() != reply.len() {
        note(Code::NumberChanged, draft.len().abs_diff(reply.len()), 0);
    }
    let (draft, reply) = (&draft[..draft.len().min(MAX_FACTS)], &reply[..reply.len().min(MAX_FACTS)]);
    let mut used = vec![false; reply.len()];
    let mut open: Vec<&Fact> = Vec::new();
    // What must be there first, so that it is not taken by what need not.
    for fact in draft.iter().filter(|fact| fact.required).chain(draft.iter().filter(|fact| !fact.required)) {
        let like = |required: bool| {
            (0..reply.len()).find(|&at| !used[at] && reply[at].required == required && fact.matches(&reply[at]))
        };
        match like(true).or_else(|| like(false)) {
            Some(at) => used[at] = true,
            None => open.push(fact),
        }
    }
    for fact in open.into_iter().filter(|fact| fact.required) {
        note(code_of(fact), 1, 0);
    }
    for (fact, _) in reply.iter().zip(used).filter(|(fact, used)| fact.required && !used) {
        note(code_of(fact), 0, 1);
    }
    changes.into_iter().map(|(code, missing, added)| (code, missing.max(added))).collect()
}

const fn code_of(fact: &Fact) -> Code {
    match (&fact.value, fact.unit) {
        (_, Some(units::Unit::Money(_))) => Code::AmountChanged,
        (_, Some(units::Unit::Percent | units::Unit::Zhe)) => Code::PercentageChanged,
        (Value::Date(_) | Value::Weekday(_) | Value::Relative(_) | Value::Month(_), _) => Code::DateChanged,
        (Value::Time(_), _) => Code::TimeChanged,
        (Value::Number(_) | Value::Raw(_), _) => Code::NumberChanged,
    }
}

/// Links, addresses and codes that the reply has and the draft lacks. Both may still hold some where little is masked.
fn additions(draft: &str, reply: &str) -> Vec<(Code, usize)> {
    let found = privacy::detect(reply);
    if found.is_empty() {
        return Vec::new();
    }
    let mut counts: Vec<(Code, usize)> = Vec::new();
    let mut known: Vec<&str> = privacy::detect(draft).iter().map(|detected| detected.span.of(draft)).collect();
    for detected in found {
        let value = detected.span.of(reply);
        if let Some(at) = known.iter().position(|other| *other == value) {
            known.swap_remove(at);
            continue;
        }
        let code = match detected.kind {
            privacy::Kind::Url => Code::LinkAdded,
            privacy::Kind::Code if draft.to_lowercase().contains(&value.to_lowercase()) => continue,
            privacy::Kind::Code | privacy::Kind::Mention | privacy::Kind::Placeholder => Code::CodeAdded,
            _ => Code::ContactAdded,
        };
        match counts.iter_mut().find(|(other, _)| *other == code) {
            Some((_, count)) => *count += 1,
            None => counts.push((code, 1)),
        }
    }
    counts
}
