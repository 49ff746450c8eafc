//! Reads a document: what in it is prose to be checked, and what is not. Knows no language, no dictionary, no network.

pub mod mask;

use crate::text::Span;

/// Why a part of a document is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// A web address or a domain.
    Url,
    /// An e-mail address.
    EmailAddress,
    /// `@someone`.
    Mention,
    /// `#topic`.
    Hashtag,
    /// A template variable: `{{name}}`, `${name}`, `%s`.
    Placeholder,
    /// A file name or a path.
    FileName,
    /// An order number, a code, a hexadecimal value: letters mixed with digits.
    Code,
    /// A character entity written out in plain text.
    Entity,
    /// Program code between backticks.
    ProgramCode,
    /// Named by the client.
    Protected,
    /// Words of another script than the language's.
    OtherScript,
    /// A sentence most of whose words are of another language.
    OtherLanguage,
    /// A capitalised word that is no known word and resembles none: taken for a name.
    ProperName,
    /// A short word in capitals: taken for an abbreviation.
    Acronym,
    /// Between quotation marks or title marks: another's words.
    Quotation,
    /// A word of the tenant's or the agent's own dictionary: right as it is.
    OwnWord,
}

/// A part of a document that is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where.
    pub span: Span,
    /// Why.
    pub reason: SkipReason,
}
