//! What a check reports.

use std::sync::Arc;

use super::asked::AskedParts;
use crate::{document::SkippedRegion, language::Language, text::Span};

/// Why a span is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// No word of the language.
    NonWord,
    /// A wrongly written Chinese character.
    WrongCharacter,
    /// A word, but another differs from it by accents only, and the words around ask for that.
    LikelyAccent,
    /// A variant that is right, but that a style guide would change.
    StyleVariant,
    /// A word, but the words around ask for another that it is taken for.
    RealWord,
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
    /// Whether a work limit left out suggestions.
    pub suggestions_incomplete: bool,
    /// Where the word stands that the mark is in, as `spans`. None: the mark is the word.
    pub word: Vec<Span>,
    /// What the word and the first suggestion mean, where the two are taken for one another: one sentence for people.
    pub explanation: Option<Arc<str>>,
}

impl SpellingFinding {
    /// A mark that is a word by itself, for everyone, with all the suggestions that there are.
    #[must_use]
    pub fn new(span: Span, kind: FindingKind, suggestions: Arc<[Suggestion]>) -> Self {
        Self {
            spans: vec![span],
            kind,
            hint: false,
            suggestions,
            suggestions_incomplete: false,
            word: Vec::new(),
            explanation: None,
        }
    }

    /// Where the word stands that the mark is in.
    #[must_use]
    pub fn word_spans(&self) -> &[Span] {
        if self.word.is_empty() { &self.spans } else { &self.word }
    }
}

/// The outcome of checking one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpellingReport {
    /// In the order of the text; disjoint, never inside a grapheme.
    pub findings: Vec<SpellingFinding>,
    /// In the order of the text; disjoint.
    pub skipped: Vec<SkippedRegion>,
    /// The language that each part was checked in, in the order of the text, where the check was to find that out.
    pub languages: Vec<(Span, Language)>,
    /// Whether a work limit left out suggestions of any finding or kept some of the text from being searched, or the check was abandoned.
    pub incomplete: bool,
}

impl SpellingReport {
    /// Leaves out what is not asked about.
    pub(super) fn retain_asked(&mut self, asked: &AskedParts) {
        self.findings.retain(|finding| asked.touch(finding.spans[0]) || asked.touch(finding.word_spans()[0]));
        self.skipped.retain(|region| asked.touch(region.span));
    }
}
