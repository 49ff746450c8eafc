//! A request that is in hand, until it is known how its server did: the breaker learns of it, and the operator. Knows no HTTP.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;
use tracing::{Span, field};

use super::{
    breaker::{BreakerGuard, CircuitBreaker, ServerHealth},
    clock,
    settings::ModelServer,
};
use crate::{
    metrics::{model_asked, model_rests},
    polishing::ModelError,
};

/// A request that is in hand. Dropped without an outcome, it has shown nothing.
#[derive(Debug)]
pub(super) struct RequestAttempt {
    /// `primary` or `fallback`, for the log.
    provider: &'static str,
    breaker_guard: BreakerGuard,
    since: Instant,
    stall_timeout: Duration,
    cooldown: Duration,
    /// The step that it is, until its answer is whole.
    span: Span,
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
        let span = tracing::info_span!(
            "model",
            otel.kind = "client",
            vermilion.provider = provider,
            vermilion.error = field::Empty,
            otel.status_code = field::Empty,
        );
        Ok(Self {
            provider,
            breaker_guard,
            since,
            stall_timeout: server.stall_timeout,
            cooldown: server.cooldown,
            span,
        })
    }

    /// What is done for it is done within this.
    pub(super) const fn span(&self) -> &Span {
        &self.span
    }

    /// When it began.
    pub(super) const fn since(&self) -> Instant {
        self.since
    }

    /// Learns from an outcome, and tells the operator what went wrong, in our words only.
    pub(super) fn record_outcome(self, error: Option<ModelError>) {
        if let Some(error) = error {
            tracing::warn!(provider = self.provider, %error, "no answer from the model");
            self.span.record("vermilion.error", field::display(&error)).record("otel.status_code", "ERROR");
        }
        let now = clock::now();
        model_asked(self.provider, error.map_or("OK", Into::into), now - self.since);
        let health = match error {
            // A caller in a hurry says nothing about the server; one that has waited half as long as we would does.
            Some(ModelError::Timeout) if now < self.since + self.stall_timeout / 2 => ServerHealth::Unknown,
            Some(
                ModelError::Unreachable
                | ModelError::Timeout
                | ModelError::Overloaded { .. }
                | ModelError::ServerFailed { .. }
                | ModelError::Malformed,
            ) => ServerHealth::Failing,
            _ => ServerHealth::Healthy,
        };
        if self.breaker_guard.is_probe() && health == ServerHealth::Healthy {
            model_rests(self.provider, false);
        }
        if self.breaker_guard.record(health, now) {
            model_rests(self.provider, true);
            tracing::warn!(provider = self.provider, rest = ?self.cooldown, "the model's server keeps failing: it rests");
        }
    }
}
