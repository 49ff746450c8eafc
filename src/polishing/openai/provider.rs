//! One server: asked once at a time it is told to, within its time and the caller's, unless it is resting. Never asks twice.

use std::{future::poll_fn, pin::Pin, sync::Arc};

use tokio::time::{Instant, timeout_at};
use tokio_stream::{Stream as _, StreamExt as _};
use tracing::Instrument as _;

use super::{
    attempt::RequestAttempt,
    breaker::CircuitBreaker,
    client::ChatClient,
    clock,
    completion_stream::CompletionStream,
    http::HttpExchange,
    response::ResponseAssembler,
    settings::{ApiKey, ModelServer},
};
use crate::{
    metrics::model_began,
    polishing::{Completion, ModelError, ModelStream, Prompt},
};

/// One server.
pub(super) struct Provider {
    /// `primary` or `fallback`, for the log.
    name: &'static str,
    client: ChatClient,
    breaker: Arc<CircuitBreaker>,
    server: ModelServer,
}

impl Provider {
    pub(super) fn new(name: &'static str, server: ModelServer, http: reqwest::Client) -> Self {
        let client = ChatClient::new(&server, http);
        Self { name, client, breaker: CircuitBreaker::new(server.failure_threshold, server.cooldown), server }
    }

    /// `primary` or `fallback`.
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it would not be asked now.
    pub(super) fn is_circuit_open(&self) -> bool {
        self.breaker.is_open(clock::now())
    }

    /// Sends this key from now on.
    pub(super) fn replace_key(&self, key: &ApiKey) {
        self.client.replace_key(key);
    }

    /// Asks once for a whole answer.
    pub(super) async fn complete(&self, prompt: &Prompt, deadline: Instant) -> Result<Completion, ModelError> {
        let attempt = self.begin_attempt()?;
        let exchange = self.exchange(&attempt, deadline, false);
        let asked = self.client.complete(prompt, &exchange).instrument(attempt.span().clone());
        let outcome = match timeout_at(exchange.deadline, asked).await {
            Err(_) => Err(ModelError::Timeout),
            Ok(answer) => answer.and_then(|answer| ResponseAssembler::new(prompt).complete(answer)),
        };
        attempt.record_outcome(outcome.as_ref().err().copied());
        outcome
    }

    /// Asks once for a stream, and waits for its first piece until `by`; for the others there is time until `deadline`.
    pub(super) async fn stream(
        &self,
        prompt: &Prompt,
        by: Instant,
        deadline: Instant,
    ) -> Result<ModelStream, ModelError> {
        let attempt = self.begin_attempt()?;
        let since = attempt.since();
        let exchange = self.exchange(&attempt, deadline, true);
        let by = by.min(exchange.deadline);
        let asked = self.client.stream(prompt, &exchange).instrument(attempt.span().clone());
        let events = match timeout_at(by, asked).await {
            Ok(Ok(events)) => events,
            failed => {
                let error = failed.map_or(ModelError::Timeout, |failed| failed.err().unwrap_or(ModelError::Timeout));
                attempt.record_outcome(Some(error));
                return Err(error);
            }
        };
        let mut writing = CompletionStream::new(events, ResponseAssembler::new(prompt), exchange, attempt);
        match timeout_at(by, poll_fn(|context| Pin::new(&mut writing).poll_next(context))).await {
            Ok(Some(Ok(first))) => {
                model_began(self.name, clock::now() - since);
                Ok(Box::pin(tokio_stream::once(Ok(first)).chain(writing)))
            }
            Ok(Some(Err(error))) => Err(error),
            Ok(None) => Err(ModelError::Malformed),
            Err(_) => {
                writing.fail(ModelError::Timeout);
                Err(ModelError::Timeout)
            }
        }
    }

    fn begin_attempt(&self) -> Result<RequestAttempt, ModelError> {
        RequestAttempt::begin(self.name, &self.server, &self.breaker)
    }

    fn exchange(&self, attempt: &RequestAttempt, deadline: Instant, streamed: bool) -> Arc<HttpExchange> {
        let deadline = deadline.min(attempt.since() + self.server.timeout);
        HttpExchange::new(deadline, streamed.then_some(self.server.stall_timeout), self.server.max_answer_bytes)
    }
}
