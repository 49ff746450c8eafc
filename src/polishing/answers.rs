//! Remembers results for a few minutes, so that a client that did not hear the answer gets the same one again. In this process
//! only; no store ever sees them.

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

/// The results of recent requests that have an id.
#[derive(Default)]
pub(super) struct Answers(Mutex<State>);

#[derive(Default)]
struct State {
    answers: HashMap<Key, Answer>,
    bytes: usize,
}

struct Answer {
    fingerprint: [u8; 32],
    until: Instant,
    polished: Polished,
}

/// What is known of a request.
pub(super) enum Recalled {
    /// Nothing.
    Unknown,
    /// Its id belongs to another request.
    Other,
    /// Its result.
    Answer(Box<Polished>),
}

fn size(polished: &Polished) -> usize {
    polished.content.len() + polished.edits.iter().map(|edit| edit.text.len() + 32).sum::<usize>() + 256
}

impl Answers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn recall(&self, key: &Key, fingerprint: &[u8; 32]) -> Recalled {
        match self.state().answers.get(key) {
            Some(answer) if answer.until <= Instant::now() => Recalled::Unknown,
            Some(answer) if answer.fingerprint != *fingerprint => Recalled::Other,
            Some(answer) => Recalled::Answer(Box::new(answer.polished.clone())),
            None => Recalled::Unknown,
        }
    }

    pub(super) fn remember(&self, key: Key, fingerprint: [u8; 32], polished: &Polished) {
        let now = Instant::now();
        let mut state = self.state();
        let State { answers, bytes } = &mut *state;
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
