//! What is asked of polishing and what comes of it. Knows no wire.

use std::time::SystemTime;

use tokio::time::Instant;

use super::{
    diff::TextEdit,
    draft::Draft,
    guard::GuardFinding,
    model::{ModelError, TokenUsage},
    privacy::ValueKind,
    prompt::{Operation, Speaker, Tone},
    quota::LedgerError,
};

/// A draft and what to do to it. Its `Debug` shows no text.
#[derive(Clone, PartialEq, Eq)]
pub struct PolishRequest {
    /// The draft, and what of it a model may see.
    pub draft: Draft,
    /// How it should sound.
    pub tone: Tone,
    /// What to do.
    pub operation: Operation,
    /// What was said before, oldest first.
    pub turns: Vec<(Speaker, String)>,
    /// The most characters that the channel takes.
    pub limit: Option<usize>,
    /// The client's name of the conversation.
    pub conversation: String,
    /// The client's name of the request.
    pub request_id: Option<String>,
}

impl std::fmt::Debug for PolishRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PolishRequest")
            .field("draft", &self.draft)
            .field("turns", &self.turns.len())
            .finish_non_exhaustive()
    }
}

/// The time that a call gives: polishing itself reads no clock (its results kept and the model's client have their own).
#[derive(Clone, Copy, Debug)]
pub struct PolishWindow {
    /// When it came in, by the wall clock.
    pub now: SystemTime,
    /// When it came in, by the clock of deadlines.
    pub started: Instant,
    /// When it must be answered.
    pub deadline: Instant,
}

impl PolishWindow {
    /// When it must be answered, by the wall clock.
    #[must_use]
    pub fn end(&self) -> SystemTime {
        self.now + self.deadline.saturating_duration_since(self.started)
    }
}

/// How a polish ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolishOutcome {
    /// The content is a better reply.
    Polished,
    /// The model had nothing to change.
    Unchanged,
    /// The model's answer broke a rule; the content is the draft.
    RejectedByGuard,
}

impl PolishOutcome {
    /// For logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Polished => "polished",
            Self::Unchanged => "unchanged",
            Self::RejectedByGuard => "rejected",
        }
    }
}

/// A result. Its content is safe to insert, whatever the outcome.
#[derive(Clone, PartialEq, Eq)]
pub struct PolishedReply {
    /// How it ended.
    pub outcome: PolishOutcome,
    /// The reply, or the draft as sent.
    pub content: String,
    /// What changed.
    pub edits: Vec<TextEdit>,
    /// Why the answer was rejected.
    pub findings: Vec<GuardFinding>,
    /// What was kept from the model, in the draft and in the turns.
    pub masked: Vec<(ValueKind, usize)>,
    /// All requests together.
    pub usage: TokenUsage,
    /// Places left in the conversation.
    pub remaining: u32,
    /// For feedback.
    pub polish_id: String,
}

/// Why there is no result. The draft in the client's hands stays valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolishError {
    /// A limit of polishes, or the ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// As many are in hand as may be.
    #[error("too many polishes at once")]
    Busy,
}
