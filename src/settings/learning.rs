//! What agents do with marks: counted, and, where the tenant lets its dictionary learn, the words that several of them report, which
//! its administrator may add or dismiss. Knows no database, no text around a word, and no caller's rights.

use std::time::{Duration, SystemTime};

use super::{
    AgentId, AuditContext, DictionaryWord, PageRequest, PagedItems, StoreError, TenantId, name::DictionaryCandidateId,
    rules,
};

/// How long a word is kept after the last report of it.
pub const CANDIDATE_RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// How many agents of a word are told apart; more are as many.
pub const MAX_AGENTS: u32 = 20;

/// How many words of one agent's reports are kept at once: nobody fills the room of the others alone.
pub const MAX_WORDS_OF_AGENT: i64 = 500;

/// How many words of a tenant are kept at once.
pub const MAX_CANDIDATES: i64 = 10_000;

/// How many agents must have reported a word before it is offered, unless the administrator says.
pub const DEFAULT_MIN_AGENTS: u32 = 3;

/// What of one agent alone is kept is never told.
pub const LEAST_MIN_AGENTS: u32 = 2;

/// The most digits of a word that is kept: more are a number of somebody's.
const MAX_DIGITS: usize = 3;

/// What an agent did with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedbackAction {
    /// Took a suggestion.
    Accepted,
    /// Had the word left alone.
    Ignored,
    /// Added the word to a dictionary.
    Added,
}

impl FeedbackAction {
    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Ignored => "ignored",
            Self::Added => "added",
        }
    }
}

/// What is counted: of one tenant there are some hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedbackKey {
    /// The tag of the language that was used.
    pub language: &'static str,
    /// The word for the kind of the mark.
    pub kind: &'static str,
    /// What was done.
    pub action: FeedbackAction,
    /// Which of the suggestions was taken, from 1; 0: none, or not said.
    pub rank: u8,
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpellingFeedback {
    /// What is counted.
    pub key: FeedbackKey,
    /// The word that was left alone or added, if it may be learnt.
    pub word: Option<String>,
}

/// A word as it may be learnt: one that a dictionary takes, without a blank, and not a number of somebody's. `None`: it is not kept.
#[must_use]
pub fn learnable_word(text: &str) -> Option<String> {
    let word = rules::validate_word(text).ok()?;
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    (digits <= MAX_DIGITS && !word.contains(|c: char| matches!(c, '@' | '/') || c.is_whitespace())).then_some(word)
}

/// A word that several agents have reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryCandidate {
    /// Whose dictionary it may go into.
    pub tenant: TenantId,
    /// Which.
    pub id: DictionaryCandidateId,
    /// The word, composed.
    pub text: String,
    /// The tag of the language of the latest report.
    pub language: String,
    /// Different agents that reported it, [`MAX_AGENTS`] at most.
    pub agents: u32,
    /// How often it was left alone.
    pub ignored: u32,
    /// How often it was added to an agent's own words.
    pub added: u32,
    /// When it was first reported, in whole milliseconds.
    pub created: SystemTime,
    /// When it was last reported, in whole milliseconds.
    pub reported: SystemTime,
}

impl DictionaryCandidate {
    /// When it is forgotten, unless it is reported again.
    #[must_use]
    pub fn expires(&self) -> SystemTime {
        self.reported + CANDIDATE_RETENTION
    }
}

/// Where reports are kept. [`StoreError::Unavailable`] may be the answer to everything.
#[async_trait::async_trait]
pub trait LearningStore: Send + Sync + 'static {
    /// Counts reports of an agent, and keeps their words if the tenant wishes so and there is room. Of a tenant that does not exist
    /// nothing is kept.
    async fn record_spelling_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        feedback: &[SpellingFeedback],
        now: SystemTime,
    ) -> Result<(), StoreError>;

    /// Words that at least so many agents have reported and that the tenant's dictionary lacks, in the order in which they were first
    /// reported.
    async fn list_candidates(
        &self,
        tenant: &TenantId,
        min_agents: u32,
        now: SystemTime,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryCandidate>, StoreError>;

    /// Makes a candidate a word of the tenant's dictionary, if it is none yet.
    async fn accept_candidate(
        &self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError>;

    /// Offers a candidate no more, until it is forgotten.
    async fn dismiss_candidate(
        &self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
        by: &AuditContext,
    ) -> Result<(), StoreError>;

    /// Forgets what has expired. How many words that were.
    async fn delete_expired_candidates(&self, now: SystemTime) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_learnt_and_numbers_are_not() {
        for word in ["FreteBox", "报歉", "cafe", "d'água", "item(ns)", "A4", "iPhone16", "C++"] {
            assert_eq!(learnable_word(word).as_deref(), Some(word));
        }
        for text in ["", "报", "two words", "a\u{3000}b", "ana@example", "BR-2024-17", "AB1234", "x\n", "1234", "a/b"]
        {
            assert_eq!(learnable_word(text), None, "{text:?}");
        }
        assert_eq!(learnable_word("cafe\u{301}").as_deref(), Some("café"));
    }
}
