//! Remembers results for a few minutes, so that a client that did not hear the answer gets the same one again, and which requests
//! are being answered. In this process only; no store ever sees them.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::order::Polished;
use crate::settings::{AgentId, TenantId};

/// How long a result is remembered.
const MEMORY: Duration = Duration::from_secs(5 * 60);

/// How many bytes of results are remembered at most.
const MAX_BYTES: usize = 32 << 20;

/// A request by its names.
type Key = (TenantId, AgentId, String);

/// The recent requests that have an id.
#[derive(Default)]
pub(super) struct Answers(Mutex<State>);

#[derive(Default)]
struct State {
    /// Those being answered, with their fingerprints.
    working: HashMap<Key, [u8; 32]>,
    answers: HashMap<Key, Answer>,
    bytes: usize,
}

struct Answer {
    fingerprint: [u8; 32],
    until: Instant,
    polished: Polished,
}

/// What is known of a request.
pub(super) enum Recalled<'a> {
    /// Nothing: it is the caller's to answer.
    Unknown(Working<'a>),
    /// Its id belongs to another request.
    Other,
    /// Another call is at it.
    InProgress,
    /// Its result.
    Answer(Box<Polished>),
}

/// A request that is being answered until this is dropped.
pub(super) struct Working<'a> {
    answers: &'a Answers,
    key: Key,
    fingerprint: [u8; 32],
}

impl Working<'_> {
    /// Remembers the result.
    pub(super) fn done(self, polished: &Polished) {
        self.answers.remember(self.key.clone(), self.fingerprint, polished);
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.answers.state().working.remove(&self.key);
    }
}

fn size(polished: &Polished) -> usize {
    polished.content.len() + polished.edits.iter().map(|edit| edit.text.len() + 32).sum::<usize>() + 256
}

impl Answers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn recall(&self, key: Key, fingerprint: [u8; 32]) -> Recalled<'_> {
        let mut state = self.state();
        match state.answers.get(&key).filter(|answer| answer.until > Instant::now()) {
            Some(answer) if answer.fingerprint != fingerprint => return Recalled::Other,
            Some(answer) => return Recalled::Answer(Box::new(answer.polished.clone())),
            None => {}
        }
        match state.working.get(&key) {
            Some(other) if *other != fingerprint => Recalled::Other,
            Some(_) => Recalled::InProgress,
            None => {
                state.working.insert(key.clone(), fingerprint);
                Recalled::Unknown(Working { answers: self, key, fingerprint })
            }
        }
    }

    fn remember(&self, key: Key, fingerprint: [u8; 32], polished: &Polished) {
        let now = Instant::now();
        let mut state = self.state();
        let State { answers, bytes, .. } = &mut *state;
        let new = size(polished);
        if *bytes + new > MAX_BYTES {
            answers.retain(|_, answer| answer.until > now);
            *bytes = answers.values().map(|answer| size(&answer.polished)).sum();
            if *bytes + new > MAX_BYTES {
                // A retry then asks the model again, on the same charge.
                return;
            }
        }
        *bytes += new;
        let answer = Answer { fingerprint, until: now + MEMORY, polished: polished.clone() };
        if let Some(old) = answers.insert(key, answer) {
            *bytes -= size(&old.polished);
        }
    }
}
