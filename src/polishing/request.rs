//! What is asked of polishing and what comes of it. Knows no wire.

use std::time::SystemTime;

use tokio::time::Instant;

use super::{
    diff::TextEdit,
    draft::Draft,
    guard::GuardCode,
    model::{ModelError, TokenUsage},
    privacy::ValueKind,
    prompt::{Operation, Speaker, Tone},
    quota::LedgerError,
    review::{DifferenceKind, ReviewState, Severity},
};
use vermilion_engine::text::Span;

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

/// A rule that the answer broke, one fact each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyFinding {
    /// Which rule.
    pub code: GuardCode,
    /// Where in the draft as sent, in bytes; nowhere where the draft says nothing of it.
    pub draft: Vec<Span>,
}

/// Who says that a place wants a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewPointKind {
    /// A rule about meaning.
    Rule(GuardCode),
    /// The second reading.
    Model(DifferenceKind),
}

/// A place of a reply that a person should look at before sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewPoint {
    /// Who says so, and what.
    pub kind: ReviewPointKind,
    /// How much it matters.
    pub severity: Severity,
    /// Where in the draft as sent, in bytes: ascending, disjoint; more than one where markup divides it, none where it says nothing.
    pub draft: Vec<Span>,
    /// Where in the content of the result; as above.
    pub content: Vec<Span>,
}

/// What was asked of models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModelUse {
    /// Of all requests together.
    pub tokens: TokenUsage,
    /// How many there were.
    pub requests: u32,
}

impl ModelUse {
    /// Counts one request more.
    pub(super) fn add(&mut self, tokens: TokenUsage) {
        self.tokens = self.tokens.plus(tokens);
        self.requests += 1;
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
    pub findings: Vec<ReplyFinding>,
    /// Who has compared the reply with the draft.
    pub review: ReviewState,
    /// What a person should look at: in the order of the content, then of the draft.
    pub points: Vec<ReviewPoint>,
    /// What was kept from the model, in the draft and in the turns.
    pub masked: Vec<(ValueKind, usize)>,
    /// All requests together.
    pub usage: ModelUse,
    /// Of these, those of second readings.
    pub review_usage: ModelUse,
    /// Places left in the conversation.
    pub remaining: u32,
    /// Requests that the caller has left today, of its own and of its tenant's whichever are fewer.
    pub remaining_today: u32,
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
