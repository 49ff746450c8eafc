//! The rules of the guard by their names. Knows no text.

use strum::{IntoStaticStr, VariantArray};

/// A rule that an answer broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum GuardCode {
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
    /// Before and after, at least and at most, a month and a year: one stands for the other.
    #[error("a limit, an order, a period or a means was changed")]
    RelationChanged,
    /// What stands with a value: at least and at most, within and after, per night and per stay, with and without tax.
    #[error("a bound, a period or what a price includes was changed")]
    BoundChanged,
    /// Two numbers, links or codes changed places.
    #[error("two values were exchanged")]
    ValuesSwapped,
    /// What may be is so, or the other way round.
    #[error("what is uncertain was made certain, or the other way round")]
    HedgeChanged,
    /// A name or an abbreviation stands for another.
    #[error("a name or an abbreviation was changed")]
    NameChanged,
    /// What was so under a condition or a limit is so without.
    #[error("a condition or a limit was left out")]
    ConditionDropped,
    /// A clause of the draft is missing.
    #[error("a statement of the draft was left out")]
    StatementDropped,
    /// A clause that the draft lacks.
    #[error("a statement was added")]
    StatementAdded,
    /// Blame that the draft does not take.
    #[error("an admission of fault was added")]
    FaultAdmitted,
    /// A password, a PIN, a card's number or a code that the draft does not ask for.
    #[error("a password, a PIN, a card's number or a code is asked for")]
    SecretAsked,
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
    /// The same sentence again.
    #[error("the answer says the same twice")]
    Repeated,
    /// Characters that no one types: replacement characters, controls, text in the wrong encoding.
    #[error("the answer holds damaged characters")]
    Damaged,
    /// The end is missing.
    #[error("the answer breaks off")]
    Cut,
    /// Hardly a word of the draft is left.
    #[error("the answer is about something else")]
    Unrelated,
    /// A piece of our own instructions.
    #[error("the answer repeats instructions")]
    PromptLeaked,
    /// A word of the tenant's dictionary that the draft holds. Found by `terms.rs`, not here.
    #[error("a word of the tenant's dictionary was changed or left out")]
    TermChanged,
    /// Something that matters, found by the second reading, not here.
    #[error("the answer says something else than the draft")]
    MeaningChanged,
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

/// What becomes of an answer that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GuardClass {
    /// It is refused: the rule is about what code can decide.
    Hard,
    /// It is shown, and a person is pointed at the place: the rule is about meaning, of which words tell only something.
    Soft,
}

impl GuardCode {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Whether code can decide it.
    #[must_use]
    pub const fn class(self) -> GuardClass {
        match self {
            Self::OfferAdded
            | Self::NegationChanged
            | Self::RelationChanged
            | Self::HedgeChanged
            | Self::NameChanged
            | Self::ConditionDropped
            | Self::StatementDropped
            | Self::StatementAdded
            | Self::FaultAdmitted
            | Self::RequestDropped => GuardClass::Soft,
            Self::PlaceholderChanged
            | Self::AmountChanged
            | Self::PercentageChanged
            | Self::DateChanged
            | Self::TimeChanged
            | Self::NumberChanged
            | Self::LinkAdded
            | Self::ContactAdded
            | Self::CodeAdded
            | Self::LanguageChanged
            | Self::TooLong
            | Self::TooShort
            | Self::ChannelLimit
            | Self::BoundChanged
            | Self::ValuesSwapped
            | Self::SecretAsked
            | Self::ListChanged
            | Self::Preamble
            | Self::Remark
            | Self::FormatAdded
            | Self::Repeated
            | Self::Damaged
            | Self::Cut
            | Self::Unrelated
            | Self::PromptLeaked
            | Self::TermChanged
            | Self::MeaningChanged
            | Self::Empty
            | Self::Withheld
            | Self::MisspellingAdded => GuardClass::Hard,
        }
    }

    /// Stable, part of the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_api() {
        let expected = [
            "PLACEHOLDER_CHANGED",
            "AMOUNT_CHANGED",
            "PERCENTAGE_CHANGED",
            "DATE_CHANGED",
            "TIME_CHANGED",
            "NUMBER_CHANGED",
            "LINK_ADDED",
            "CONTACT_ADDED",
            "CODE_ADDED",
            "LANGUAGE_CHANGED",
            "TOO_LONG",
            "TOO_SHORT",
            "CHANNEL_LIMIT",
            "OFFER_ADDED",
            "NEGATION_CHANGED",
            "RELATION_CHANGED",
            "BOUND_CHANGED",
            "VALUES_SWAPPED",
            "HEDGE_CHANGED",
            "NAME_CHANGED",
            "CONDITION_DROPPED",
            "STATEMENT_DROPPED",
            "STATEMENT_ADDED",
            "FAULT_ADMITTED",
            "SECRET_ASKED",
            "REQUEST_DROPPED",
            "LIST_CHANGED",
            "PREAMBLE",
            "REMARK",
            "FORMAT_ADDED",
            "REPEATED",
            "DAMAGED",
            "CUT",
            "UNRELATED",
            "PROMPT_LEAKED",
            "TERM_CHANGED",
            "MEANING_CHANGED",
            "EMPTY",
            "WITHHELD",
            "MISSPELLING_ADDED",
        ];
        let names: Vec<&str> = GuardCode::VARIANTS.iter().map(|one| one.name()).collect();
        assert_eq!(names, expected);
    }
}
