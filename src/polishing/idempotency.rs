//! Remembers results for a few minutes, so that a client that did not hear the answer gets the same one again, and which requests
//! are being answered. In this process only; no store ever sees them.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::request::PolishedReply;
use crate::settings::{AgentId, TenantId};

/// How long a result is remembered.
const RESULT_TTL: Duration = Duration::from_secs(5 * 60);

/// How many bytes of results are remembered at most.
const MAX_RESULT_BYTES: usize = 32 << 20;

/// A request by its names.
type RequestKey = (TenantId, AgentId, String);

/// The recent requests that have an id.
#[derive(Default)]
pub(super) struct IdempotencyCache(Mutex<CacheState>);

#[derive(Default)]
struct CacheState {
    /// Those being answered, with their fingerprints.
    in_progress: HashMap<RequestKey, [u8; 32]>,
    results: HashMap<RequestKey, CachedResult>,
    bytes: usize,
}

struct CachedResult {
    fingerprint: [u8; 32],
    until: Instant,
    polished: PolishedReply,
}

/// What is known of a request.
pub(super) enum IdempotencyLookup<'a> {
    /// Nothing: it is the caller's to answer.
    New(InProgressRequest<'a>),
    /// Its id belongs to another request.
    IdReused,
    /// Another call is at it.
    InProgress,
    /// Its result.
    Completed(Box<PolishedReply>),
}

/// A request that is being answered until this is dropped.
pub(super) struct InProgressRequest<'a> {
    cache: &'a IdempotencyCache,
    key: RequestKey,
    fingerprint: [u8; 32],
}

impl InProgressRequest<'_> {
    /// Remembers the result.
    pub(super) fn complete(self, polished: &PolishedReply) {
        self.cache.remember(self.key.clone(), self.fingerprint, polished);
    }
}

impl Drop for InProgressRequest<'_> {
    fn drop(&mut self) {
        self.cache.state().in_progress.remove(&self.key);
    }
}

/// By the runtime's clock, which tests can stop.
#[expect(clippy::disallowed_methods, reason = "results live for a time")]
fn now() -> Instant {
    Instant::now()
}

fn size(polished: &PolishedReply) -> usize {
    let places = polished.points.iter().map(|point| point.draft.len() + point.content.len() + 4);
    let places: usize = places.chain(polished.findings.iter().map(|finding| finding.draft.len() + 2)).sum();
    polished.content.len() + polished.edits.iter().map(|edit| edit.text.len() + 32).sum::<usize>() + 16 * places + 256
}

impl IdempotencyCache {
    fn state(&self) -> MutexGuard<'_, CacheState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin_request(&self, key: RequestKey, fingerprint: [u8; 32]) -> IdempotencyLookup<'_> {
        let mut state = self.state();
        match state.results.get(&key).filter(|answer| answer.until > now()) {
            Some(answer) if answer.fingerprint != fingerprint => return IdempotencyLookup::IdReused,
            Some(answer) => return IdempotencyLookup::Completed(Box::new(answer.polished.clone())),
            None => {}
        }
        match state.in_progress.get(&key) {
            Some(other) if *other != fingerprint => IdempotencyLookup::IdReused,
            Some(_) => IdempotencyLookup::InProgress,
            None => {
                state.in_progress.insert(key.clone(), fingerprint);
                IdempotencyLookup::New(InProgressRequest { cache: self, key, fingerprint })
            }
        }
    }

    fn remember(&self, key: RequestKey, fingerprint: [u8; 32], polished: &PolishedReply) {
        let now = now();
        let mut state = self.state();
        let CacheState { results: answers, bytes, .. } = &mut *state;
        let new = size(polished);
        if *bytes + new > MAX_RESULT_BYTES {
            answers.retain(|_, answer| answer.until > now);
            *bytes = answers.values().map(|answer| size(&answer.polished)).sum();
            if *bytes + new > MAX_RESULT_BYTES {
                // A retry then asks the model again, on the same charge.
                return;
            }
        }
        *bytes += new;
        let answer = CachedResult { fingerprint, until: now + RESULT_TTL, polished: polished.clone() };
        if let Some(old) = answers.insert(key, answer) {
            *bytes -= size(&old.polished);
        }
    }
}
