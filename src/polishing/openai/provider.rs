//! One server: asked once at a time it is told to, within its time and the caller's, unless it is resting. Never asks twice.

use std::{future::poll_fn, pin::Pin, sync::Arc};

use tokio::time::{Instant, timeout_at};
use tokio_stream::{Stream as _, StreamExt as _};

use super::{
    answer::Reader,
    breaker::{Breaker, Health, Turn},
    client::Client,
    http::Exchange,
    pieces::Writing,
    settings::Server,
};
use crate::polishing::{Completion, ModelError, Pieces, Prompt};

/// One server.
pub(super) struct Provider {
    /// `primary` or `fallback`, for the log.
    name: &'static str,
    client: Client,
    breaker: Arc<Breaker>,
    server: Server,
}

/// A request that is in hand.
#[derive(Debug)]
pub(super) struct Attempt {
    turn: Turn,
    since: Instant,
}

impl Provider {
    pub(super) fn new(name: &'static str, server: Server, http: reqwest::Client) -> Arc<Self> {
        let client = Client::new(&server, http);
        Arc::new(Self { name, client, breaker: Breaker::new(server.rest_after, server.rest), server })
    }

    /// Whether it would not be asked now.
    pub(super) fn is_resting(&self) -> bool {
        self.breaker.is_resting(Instant::now())
    }

    /// Asks once for a whole answer.
    pub(super) async fn complete(&self, prompt: &Prompt, deadline: Instant) -> Result<Completion, ModelError> {
        let attempt = self.begin()?;
        let exchange = self.exchange(&attempt, deadline, false);
        let outcome = match timeout_at(exchange.deadline, self.client.complete(prompt, &exchange)).await {
            Err(_) => Err(ModelError::Timeout),
            Ok(answer) => answer.and_then(|answer| Reader::new(prompt).complete(answer)),
        };
        self.settle(attempt, outcome.as_ref().err().copied());
        outcome
    }

    /// Asks once for a stream, and waits for its first piece until `by`; for the others there is time until `deadline`.
    pub(super) async fn stream(
        self: &Arc<Self>,
        prompt: &Prompt,
        by: Instant,
        deadline: Instant,
    ) -> Result<Pieces, ModelError> {
        let attempt = self.begin()?;
        let exchange = self.exchange(&attempt, deadline, true);
        let by = by.min(exchange.deadline);
        let events = match timeout_at(by, self.client.stream(prompt, &exchange)).await {
            Ok(Ok(events)) => events,
            failed => {
                let error = failed.map_or(ModelError::Timeout, |failed| failed.err().unwrap_or(ModelError::Timeout));
                self.settle(attempt, Some(error));
                return Err(error);
            }
        };
        let mut writing = Writing::new(events, Reader::new(prompt), exchange, Arc::clone(self), attempt);
        match timeout_at(by, poll_fn(|context| Pin::new(&mut writing).poll_next(context))).await {
            Ok(Some(Ok(first))) => Ok(Box::pin(tokio_stream::once(Ok(first)).chain(writing))),
            Ok(Some(Err(error))) => Err(error),
            Ok(None) => Err(ModelError::Malformed),
            Err(_) => {
                writing.fail(ModelError::Timeout);
                Err(ModelError::Timeout)
            }
        }
    }

    /// Learns from an outcome, and tells the operator what went wrong, in our words only.
    pub(super) fn settle(&self, attempt: Attempt, error: Option<ModelError>) {
        if let Some(error) = error {
            tracing::warn!(provider = self.name, %error, "no answer from the model");
        }
        let now = Instant::now();
        let health = match error {
            // A caller in a hurry says nothing about the server; one that has waited half as long as we would does.
            Some(ModelError::Timeout) if now < attempt.since + self.server.stall_timeout / 2 => Health::Unknown,
            Some(
                ModelError::Unreachable | ModelError::Timeout | ModelError::ServerFailed { .. } | ModelError::Malformed,
            ) => Health::Failing,
            _ => Health::Well,
        };
        if attempt.turn.settle(health, now) {
            tracing::warn!(provider = self.name, rest = ?self.server.rest, "the model's server keeps failing: it rests");
        }
    }

    fn begin(&self) -> Result<Attempt, ModelError> {
        let since = Instant::now();
        let turn = self.breaker.enter(since).ok_or(ModelError::Resting)?;
        Ok(Attempt { turn, since })
    }

    fn exchange(&self, attempt: &Attempt, deadline: Instant, streamed: bool) -> Arc<Exchange> {
        let deadline = deadline.min(attempt.since + self.server.timeout);
        Exchange::new(deadline, streamed.then_some(self.server.stall_timeout), self.server.answer_bytes)
    }
}
