//! A [`ChatModel`] behind any server that speaks OpenAI's chat completions: one primary and perhaps a fallback, at most two requests
//! a call, none after the first piece of a stream. Knows no transport and no configuration file.
//!
//! ```text
//! mod        who is asked: the tenant's share (tenant_limiter.rs: at once, by the minute), then primary, fallback, or once more
//!   provider   one server, one request, in its time and the caller's
//!     attempt    the request in hand: its circuit breaker learns how it went, the operator what failed
//!     client     the only file that names async-openai: requests, events of a stream
//!       trace_header   in which trace it is asked
//!       http       the tower service under it: status before body, no redirects, bounded size and silence
//!     response   what servers really send, read leniently where it does not matter and strictly where it does (finish_reason)
//!     completion_stream   a stream's events as text, exactly one end or error last
//! ```
//!
//! async-openai decides neither on retries nor on errors: its own retries do not know the caller's deadline, its errors
//! and its log hold whole answers, and its types refuse what many servers send. Why a body ended is something it cannot
//! hand on, so `http.rs` keeps that for each request. It also reads a stream ahead into an unbounded queue; `http.rs`
//! lets the body be read only while someone waits for a chunk, so a slow caller slows the server down. Dropping the
//! future or the stream closes the connection. `telemetry/logs.rs` keeps the library out of the log, whatever RUST_LOG
//! says. docs/providers.md has the rules and the table of what servers send.

mod attempt;
mod breaker;
mod client;
mod clock;
mod completion_stream;
mod event_lines;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
mod provider;
mod response;
mod settings;
mod tenant_limiter;
mod trace_header;

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::Instant;
use tokio_stream::Stream;

pub use settings::{ApiKey, ModelServer, ProviderSettings, RequestParameters};

use provider::Provider;
use tenant_limiter::{InFlightSlot, TenantLimiter};

use super::{ChatModel, Completion, ModelChunk, ModelError, ModelStream, Permit, Prompt};
use crate::metrics::Tally;

/// Between a failure and the second try, at least.
const MIN_RETRY_DELAY: Duration = Duration::from_millis(150);

/// And at most so much more, by chance: replicas that failed together do not come back together.
const MAX_JITTER: Duration = Duration::from_millis(350);

/// A server that asks for a longer pause than this is not waited for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3);

/// How much of a caller's time the primary may use up where there is a fallback, in tenths: a server that hangs must leave the
/// other one time to answer.
const PRIMARY_SHARE: u32 = 6;

/// A number from 0 to 1 by chance.
pub(crate) type JitterSource = Arc<dyn Fn() -> f64 + Send + Sync>;

/// Why there are no providers.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// TLS could not be set up: as a rule the system has no certificates.
    #[error("cannot set up the client for the models' servers: {0}")]
    Client(reqwest::Error),
    /// A URL that is none.
    #[error("{0}: base_url is not a URL")]
    BaseUrl(&'static str),
}

/// The servers that the operator has named.
pub struct ModelProviders {
    primary: Provider,
    fallback: Option<Provider>,
    tenants: TenantLimiter,
    jitter: JitterSource,
}

impl ModelProviders {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(settings: ProviderSettings, chance: JitterSource) -> Result<Self, SetupError> {
        Self::named("primary", settings, chance)
    }

    /// Those of the second reading, with limits and rests of their own: what fails there does not close polishing.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn for_review(settings: ProviderSettings, chance: JitterSource) -> Result<Self, SetupError> {
        Self::named("review", settings, chance)
    }

    fn named(name: &'static str, settings: ProviderSettings, chance: JitterSource) -> Result<Self, SetupError> {
        let http = http::build_client(settings.connect_timeout).map_err(SetupError::Client)?;
        let provider = |name, server: ModelServer| match reqwest::Url::parse(&server.base_url) {
            Ok(_) => Ok(Provider::new(name, server, http.clone())),
            Err(_) => Err(SetupError::BaseUrl(name)),
        };
        Ok(Self {
            primary: provider(name, settings.primary)?,
            fallback: settings.fallback.map(|server| provider("fallback", server)).transpose()?,
            tenants: TenantLimiter::new(settings.tenant_calls, settings.tenant_calls_per_minute),
            jitter: chance,
        })
    }

    /// Sends this key to the primary from now on.
    pub fn replace_primary_key(&self, key: &ApiKey) {
        self.primary.replace_key(key);
    }

    /// Sends this key to the fallback from now on, if there is one.
    pub fn replace_fallback_key(&self, key: &ApiKey) {
        if let Some(fallback) = &self.fallback {
            fallback.replace_key(key);
        }
    }

    /// Asks the primary, then, if it could not answer, the fallback; if only one of them was asked in the end and its failure
    /// looks passing, asks it again after a pause. Hence at most two requests. `ask` is told by when to begin to answer.
    async fn ask_with_fallback<'a, T, F, Asking>(&'a self, deadline: Instant, ask: F) -> Result<T, ModelError>
    where
        F: Fn(&'a Provider, Instant) -> Asking,
        Asking: Future<Output = Result<T, ModelError>>,
    {
        let mut asked: Vec<&Provider> = Vec::with_capacity(2);
        let mut outcome = ModelError::CircuitOpen;
        for provider in std::iter::once(&self.primary).chain(&self.fallback) {
            let now = clock::now();
            if now >= deadline {
                break;
            }
            let other = self.fallback.as_ref().filter(|other| !other.is_circuit_open());
            let leaves_time = other.is_some() && std::ptr::eq(provider, &self.primary);
            let by = if leaves_time { now + (deadline - now) / 10 * PRIMARY_SHARE } else { deadline };
            match ask(provider, by).await {
                Ok(answer) => return Ok(answer),
                Err(ModelError::CircuitOpen) => {}
                Err(error) => {
                    asked.push(provider);
                    outcome = error;
                    if !may_fall_back(error) {
                        return Err(error);
                    }
                }
            }
        }
        let ([provider], Some(pause)) = (asked.as_slice(), retry_delay(outcome, (self.jitter)())) else {
            return Err(outcome);
        };
        if clock::now() + pause >= deadline {
            return Err(outcome);
        }
        tokio::time::sleep(pause).await;
        Tally::RETRIES.add(provider.name(), 1);
        match ask(provider, deadline).await {
            // It has just begun to rest: what it did before tells more.
            Err(ModelError::CircuitOpen) => Err(outcome),
            answer => answer,
        }
    }
}

#[async_trait::async_trait]
impl ChatModel for ModelProviders {
    async fn complete(&self, permit: &Permit, prompt: &Prompt, deadline: Instant) -> Result<Completion, ModelError> {
        let _place = self.tenants.admit(permit.tenant())?;
        self.ask_with_fallback(deadline, |provider, by| provider.complete(prompt, by)).await
    }

    async fn stream(&self, permit: &Permit, prompt: &Prompt, deadline: Instant) -> Result<ModelStream, ModelError> {
        let place = self.tenants.admit(permit.tenant())?;
        let pieces = self.ask_with_fallback(deadline, |provider, by| provider.stream(prompt, by, deadline)).await?;
        Ok(Box::pin(AdmittedStream { pieces, _slot: place }))
    }

    fn is_resting(&self) -> bool {
        std::iter::once(&self.primary).chain(&self.fallback).all(Provider::is_circuit_open)
    }
}

/// Whether it makes sense to ask another server. Not if this one has judged the request or the text itself: what one provider
/// withholds is not to be had from another.
const fn may_fall_back(error: ModelError) -> bool {
    match error {
        ModelError::Unreachable
        | ModelError::Timeout
        | ModelError::CircuitOpen
        | ModelError::RateLimited { .. }
        | ModelError::Credentials
        | ModelError::QuotaExhausted
        | ModelError::Overloaded { .. }
        | ModelError::ServerFailed { .. }
        | ModelError::Malformed => true,
        ModelError::TenantBusy
        | ModelError::Refused { .. }
        | ModelError::Truncated
        | ModelError::Withheld
        | ModelError::Empty => false,
    }
}

/// How long to wait before the same server is asked again; `None`: it is not. A server that has used up its time would use it
/// up again, and nonsense rarely passes.
fn retry_delay(error: ModelError, chance: f64) -> Option<Duration> {
    let jittered = MAX_JITTER.mul_f64(chance.clamp(0.0, 1.0));
    match error {
        ModelError::Unreachable | ModelError::ServerFailed { .. } => Some(MIN_RETRY_DELAY + jittered),
        ModelError::RateLimited { retry_after } => pause_asked_for(retry_after.unwrap_or_default(), jittered),
        ModelError::Overloaded { retry_after, .. } => pause_asked_for(retry_after, jittered),
        _ => None,
    }
}

/// As long as the server says, if that is worth waiting for.
fn pause_asked_for(asked: Duration, jittered: Duration) -> Option<Duration> {
    (asked <= MAX_RETRY_AFTER).then(|| asked.max(MIN_RETRY_DELAY) + jittered)
}

/// A stream that holds its tenant's place.
struct AdmittedStream {
    pieces: ModelStream,
    _slot: InFlightSlot,
}

impl Stream for AdmittedStream {
    type Item = Result<ModelChunk, ModelError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().pieces.as_mut().poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: ModelError, chance: f64, milliseconds: Option<u64>) {
        assert_eq!(retry_delay(error, chance), milliseconds.map(Duration::from_millis), "{error:?}");
    }

    #[test]
    fn pauses_by_chance_and_as_long_as_asked() {
        let limited = |seconds| ModelError::RateLimited { retry_after: Some(Duration::from_secs(seconds)) };
        check(ModelError::Unreachable, 0.0, Some(150));
        check(ModelError::Unreachable, 1.0, Some(500));
        check(ModelError::ServerFailed { status: 503 }, 0.5, Some(325));
        check(ModelError::RateLimited { retry_after: None }, 0.0, Some(150));
        check(limited(0), 0.0, Some(150));
        check(limited(2), 0.5, Some(2175));
        check(limited(4), 0.0, None);
        let overloaded = |seconds| ModelError::Overloaded { status: 529, retry_after: Duration::from_secs(seconds) };
        check(overloaded(2), 0.0, Some(2000));
        check(overloaded(30), 0.0, None);
        for error in [
            ModelError::Timeout,
            ModelError::QuotaExhausted,
            ModelError::Malformed,
            ModelError::Credentials,
            ModelError::Truncated,
        ] {
            check(error, 0.0, None);
        }
    }
}
