//! What a check reports.

use std::sync::Arc;

use crate::{document::SkippedRegion, text::Span};

/// Why a span is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// No word of the language.
    NonWord,
    /// A wrongly written Chinese character.
    WrongCharacter,
    /// A word, but a far more frequent one differs from it by accents only.
    LikelyAccent,
    /// A variant that is right, but that a style guide would change.
    StyleVariant,
}

/// What the writer probably meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The replacement for the whole misspelling, in the case of the original.
    pub text: String,
    /// 0 to 1; comparable only within one list.
    pub score: f32,
}

/// One misspelling.
#[derive(Clone, Debug, PartialEq)]
pub struct SpellingFinding {
    /// Where, in bytes of the content as sent. One span, unless markup divides the word.
    pub spans: Vec<Span>,
    /// Why.
    pub kind: FindingKind,
    /// Whether it is of lower certainty: only for those who ask for hints.
    pub hint: bool,
    /// Best first; shared with what is remembered of them, so that a text that repeats a word repeats no list.
    pub suggestions: Arc<[Suggestion]>,
}

/// The outcome of checking one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpellingReport {
    /// In the order of the text; disjoint, never inside a grapheme.
    pub findings: Vec<SpellingFinding>,
    /// In the order of the text; disjoint.
    pub skipped: Vec<SkippedRegion>,
    /// Whether a work limit left out suggestions, or the check was abandoned.
    pub incomplete: bool,
}
