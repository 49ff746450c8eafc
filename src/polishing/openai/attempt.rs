//! A request that is in hand, until it is known how its server did: the breaker learns of it, and the operator. Knows no HTTP.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    breaker::{BreakerGuard, CircuitBreaker, ServerHealth},
    clock,
    settings::ModelServer,
};
use crate::polishing::ModelError;

/// A request that is in hand. Dropped without an outcome, it has shown nothing.
#[derive(Debug)]
pub(super) struct RequestAttempt {
    /// `primary` or `fallback`, for the log.
    provider: &'static str,
    breaker_guard: BreakerGuard,
    since: Instant,
    stall_timeout: Duration,
    cooldown: Duration,
}

impl RequestAttempt {
    /// [`ModelError::CircuitOpen`] while the server rests.
    pub(super) fn begin(
        provider: &'static str,
        server: &ModelServer,
        breaker: &Arc<CircuitBreaker>,
    ) -> Result<Self, ModelError> {
        let since = clock::now();
        let breaker_guard = breaker.try_acquire(since).ok_or(ModelError::CircuitOpen)?;
        Ok(Self { provider, breaker_guard, since, stall_timeout: server.stall_timeout, cooldown: server.cooldown })
    }

    /// When it began.
    pub(super) const fn since(&self) -> Instant {
        self.since
    }

    /// Learns from an outcome, and tells the operator what went wrong, in our words only.
    pub(super) fn record_outcome(self, error: Option<ModelError>) {
        if let Some(error) = error {
            tracing::warn!(provider = self.provider, %error, "no answer from the model");
        }
        let now = clock::now();
        let health = match error {
            // A caller in a hurry says nothing about the server; one that has waited half as long as we would does.
            Some(ModelError::Timeout) if now < self.since + self.stall_timeout / 2 => ServerHealth::Unknown,
            Some(
                ModelError::Unreachable | ModelError::Timeout | ModelError::ServerFailed { .. } | ModelError::Malformed,
            ) => ServerHealth::Failing,
            _ => ServerHealth::Healthy,
        };
        if self.breaker_guard.record(health, now) {
            tracing::warn!(provider = self.provider, rest = ?self.cooldown, "the model's server keeps failing: it rests");
        }
    }
}
