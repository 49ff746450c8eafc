//! The rules, each a function of two readings, in a file of its own by its theme. What a rule's code means and whether it refuses is
//! in `code.rs`.

mod added;
mod bounds;
mod condition;
mod contacts;
mod cut;
mod damaged;
mod denial;
mod dropped;
mod fault;
mod format;
mod hedge;
mod language;
mod leak;
mod length;
mod list;
mod names;
mod names_chinese;
mod offer;
mod placeholders;
mod relation;
mod remark;
mod repeated;
mod request;
mod secret;
mod swaps;
mod unrelated;
mod values;

use vermilion_engine::text::Span;

use super::{
    GuardCase, GuardCode,
    compare::{FactMatch, compare},
    facts::Fact,
    reading::Reading,
};

/// A draft and an answer, as rules see them.
#[derive(Debug)]
pub(super) struct Pair<'r> {
    pub(super) case: &'r GuardCase<'r>,
    pub(super) draft: &'r Reading<'r>,
    pub(super) reply: &'r Reading<'r>,
    pub(super) facts: FactMatch,
    /// Links, addresses and codes that the draft lacks.
    contacts: Vec<(GuardCode, Span)>,
}

impl<'r> Pair<'r> {
    /// Of two readings.
    pub(super) fn new(case: &'r GuardCase<'r>, draft: &'r Reading<'r>, reply: &'r Reading<'r>) -> Self {
        let facts = compare(&draft.facts, &reply.facts, draft.language);
        Self { case, draft, reply, facts, contacts: contacts::added(draft, reply) }
    }

    /// Where a fact of the draft stands in the masked draft.
    fn draft_fact(&self, fact: &Fact) -> Span {
        self.draft.span(fact.span.clone())
    }

    /// Where a fact of the answer stands in the masked answer.
    fn reply_fact(&self, fact: &Fact) -> Span {
        self.reply.span(fact.span.clone())
    }
}

/// Where a rule is broken, in the masked texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) draft: Vec<Span>,
    pub(super) reply: Vec<Span>,
}

impl Place {
    /// Of the draft alone.
    fn of_draft(span: Span) -> Self {
        Self { draft: vec![span], reply: Vec::new() }
    }

    /// Of the answer alone.
    fn of_reply(span: Span) -> Self {
        Self { draft: Vec::new(), reply: vec![span] }
    }

    /// Of both.
    fn of_both(draft: Span, reply: Span) -> Self {
        Self { draft: vec![draft], reply: vec![reply] }
    }
}

/// Compiles the patterns of all rules.
pub(super) fn compile_patterns() {
    format::compile_patterns();
    damaged::compile_patterns();
}

/// A rule: which it is, and where it is broken.
pub(super) struct Rule {
    pub(super) code: GuardCode,
    pub(super) find: fn(&Pair<'_>, GuardCode) -> Vec<Place>,
}

const fn rule(code: GuardCode, find: fn(&Pair<'_>, GuardCode) -> Vec<Place>) -> Rule {
    Rule { code, find }
}

/// All of them, in the order of their findings: what refuses first.
pub(super) const RULES: &[Rule] = &[
    rule(GuardCode::PlaceholderChanged, placeholders::find),
    rule(GuardCode::AmountChanged, values::find),
    rule(GuardCode::PercentageChanged, values::find),
    rule(GuardCode::DateChanged, values::find),
    rule(GuardCode::TimeChanged, values::find),
    rule(GuardCode::NumberChanged, values::find),
    rule(GuardCode::BoundChanged, bounds::find),
    rule(GuardCode::ValuesSwapped, swaps::find),
    rule(GuardCode::LinkAdded, contacts::find),
    rule(GuardCode::ContactAdded, contacts::find),
    rule(GuardCode::CodeAdded, contacts::find),
    rule(GuardCode::LanguageChanged, language::find),
    rule(GuardCode::TooLong, length::find),
    rule(GuardCode::TooShort, length::find),
    rule(GuardCode::ChannelLimit, length::find),
    rule(GuardCode::SecretAsked, secret::find),
    rule(GuardCode::ListChanged, list::find),
    rule(GuardCode::Preamble, remark::preamble),
    rule(GuardCode::Remark, remark::find),
    rule(GuardCode::FormatAdded, format::find),
    rule(GuardCode::Repeated, repeated::find),
    rule(GuardCode::Damaged, damaged::find),
    rule(GuardCode::Cut, cut::find),
    rule(GuardCode::Unrelated, unrelated::find),
    rule(GuardCode::PromptLeaked, leak::find),
    rule(GuardCode::NegationChanged, denial::find),
    rule(GuardCode::HedgeChanged, hedge::find),
    rule(GuardCode::ConditionDropped, condition::find),
    rule(GuardCode::RelationChanged, relation::find),
    rule(GuardCode::NameChanged, names::find),
    rule(GuardCode::FaultAdmitted, fault::find),
    rule(GuardCode::OfferAdded, offer::find),
    rule(GuardCode::RequestDropped, request::find),
    rule(GuardCode::StatementDropped, dropped::find),
    rule(GuardCode::StatementAdded, added::find),
];
