//! Asks a model for a second reading, within its share of the caller's time. Whatever goes wrong, there is an answer in time: that there
//! is no reading. Knows no provider.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, timeout_at};

use super::{Difference, ReviewInput, control::ControlDifference, prompt, read_answer};
use crate::polishing::{
    Permit,
    model::{ChatModel, ModelError, TokenUsage},
    prompt::text_bytes,
    time_share::share_until,
};

/// What becomes of a reply that still differs where it matters after a second answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HighSeverity {
    /// The draft comes back.
    Draft,
    /// The reply comes, with its review points.
    Reply,
}

/// How a reading is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewPolicy {
    /// How much of the time that the caller leaves a reading may take, in per cent.
    pub deadline_share: u32,
    /// And no longer than this.
    pub timeout: Duration,
    /// Whether the server is told to answer with a JSON object, and so must be asked for one.
    pub as_object: bool,
    /// What becomes of a reply that matters.
    pub high: HighSeverity,
}

/// Whoever reads a second time.
pub struct Reviewer {
    model: Arc<dyn ChatModel>,
    policy: ReviewPolicy,
}

/// What came of asking for a reading.
pub(crate) struct Reading {
    /// The differences, perhaps none; `None` if nothing was read that can be used.
    pub(crate) differences: Option<Vec<Difference>>,
    /// What it took.
    pub(crate) usage: TokenUsage,
    /// Whether a server worked on it.
    pub(crate) is_billable: bool,
}

impl Reviewer {
    /// Over a model of its own, or the one that also writes.
    #[must_use]
    pub fn new(model: Arc<dyn ChatModel>, policy: ReviewPolicy) -> Self {
        Self { model, policy }
    }

    /// What becomes of a reply that matters.
    #[must_use]
    pub(crate) const fn high(&self) -> HighSeverity {
        self.policy.high
    }

    /// Reads once, and is done by its share of the time until `deadline`.
    pub(crate) async fn read(&self, permit: &Permit, input: &ReviewInput<'_>, deadline: Instant) -> Reading {
        let (started, share) = share_until(deadline, self.policy.deadline_share);
        let by = share.min(started + self.policy.timeout);
        let control = ControlDifference::for_texts(input.draft, input.reply, input.nonce);
        let prompt = prompt::compose(input, control.as_ref(), self.policy.as_object);
        let estimated = || TokenUsage {
            prompt: u32::try_from(text_bytes(&prompt) / 4).unwrap_or(u32::MAX),
            completion: 0,
            estimated: true,
        };
        let answer = match timeout_at(by, self.model.complete(permit, &prompt, by)).await {
            Ok(answer) => answer,
            Err(_) => Err(ModelError::Timeout),
        };
        match answer {
            Ok(answer) => match read_answer(&answer.text, input.draft, input.reply, control.as_ref()) {
                Ok(differences) => Reading { differences: Some(differences), usage: answer.usage, is_billable: true },
                Err(reason) => {
                    tracing::warn!(reason = reason.name(), "a second reading cannot be used");
                    Reading { differences: None, usage: answer.usage, is_billable: true }
                }
            },
            Err(error) => {
                tracing::warn!(%error, "no second reading");
                let is_billable = error.is_billable();
                let usage = if is_billable { estimated() } else { TokenUsage::default() };
                Reading { differences: None, usage, is_billable }
            }
        }
    }
}
