//! Keeps a fetched key set fresh. Calls ask for a newer one when a token names a key that is not known; they cannot make us
//! fetch more often than the limits here, whatever they send.

use std::{
    collections::VecDeque,
    convert::Infallible,
    error::Error as _,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, timeout},
};

use super::{
    key_set::KeySet,
    key_source::{FETCH_TIMEOUT, FetchError, KeySource},
};

/// How often keys are fetched, and how long they last.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Between two fetches that nobody has asked for.
    pub refresh: Duration,
    /// Between a fetch that failed and the next.
    pub retry: Duration,
    /// No two fetches that calls ask for are closer than this.
    pub pause: Duration,
    /// An unknown key asks for one fetch in this time, however often it is named.
    pub key_memory: Duration,
    /// While the source is down the last keys are used for so long: an issuer's outage is not ours, but what it has revoked
    /// must not be accepted for ever.
    pub last: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            refresh: Duration::from_secs(5 * 60),
            retry: Duration::from_secs(10),
            pause: Duration::from_secs(10),
            key_memory: Duration::from_secs(60),
            last: Duration::from_secs(12 * 60 * 60),
        }
    }
}

/// How many unknown keys are remembered.
const KEYS_REMEMBERED: usize = 256;

/// The keys just now.
#[derive(Clone, Debug, Default)]
pub(super) struct Current {
    /// None before the first fetch.
    pub(super) keys: Arc<KeySet>,
    /// When they were fetched.
    fetched: Option<Instant>,
    last: Duration,
}

impl Current {
    /// Whether they may be used at all.
    pub(super) fn are_usable(&self, now: Instant) -> bool {
        self.fetched.is_some_and(|fetched| now.duration_since(fetched) <= self.last)
    }
}

/// A key set and where it comes from.
#[derive(Debug)]
pub struct KeyCache {
    source: KeySource,
    limits: Limits,
    current: watch::Sender<Current>,
    asking: Mutex<Asking>,
    wanted: Notify,
    hasher: RandomState,
}

#[derive(Debug)]
struct Asking {
    /// Whether a fetch is on its way or will be at once.
    under_way: bool,
    last: Option<Instant>,
    /// Hashes of key ids: what a client invents is not kept.
    unknown: VecDeque<(u64, Instant)>,
}

/// Waits for the fetch that is on its way.
pub(super) struct Wait(watch::Receiver<Current>);

impl Wait {
    /// The keys after it, or after a while the ones that were there.
    pub(super) async fn newer(mut self) -> Current {
        // A fetch cannot last longer; and where nobody fetches, waiting must end.
        let _ = timeout(FETCH_TIMEOUT + Duration::from_secs(1), self.0.changed()).await;
        self.0.borrow().clone()
    }
}

impl KeyCache {
    /// Empty until [`KeyCache::keep_fresh`] runs.
    #[must_use]
    pub fn new(source: KeySource, limits: Limits) -> Self {
        let asking = Asking { under_way: true, last: None, unknown: VecDeque::new() };
        Self {
            source,
            limits,
            current: watch::Sender::new(Current::default()),
            asking: Mutex::new(asking),
            wanted: Notify::new(),
            hasher: RandomState::new(),
        }
    }

    /// Fetches now, every [`Limits::refresh`], and when calls ask. Never ends; runs beside the server.
    pub async fn keep_fresh(&self) -> Infallible {
        loop {
            let fetched = self.fetch().await;
            let pause = match fetched {
                Ok(()) => self.limits.refresh,
                Err(error) => {
                    let cause = error.source().map(ToString::to_string).unwrap_or_default();
                    tracing::warn!(%error, cause, "cannot get the keys to verify tokens by; using the last ones");
                    self.limits.retry
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = self.wanted.notified() => {}
            }
        }
    }

    /// Fetches once, and keeps what was there if that fails.
    ///
    /// # Errors
    /// [`FetchError`], if it fails.
    pub async fn fetch(&self) -> Result<(), FetchError> {
        {
            let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            (asking.under_way, asking.last) = (true, Some(Instant::now()));
        }
        let fetched = self.source.fetch().await;
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.under_way = false;
        // Under the lock, and in any case: whoever waits is woken, and whoever comes later sees what came of it.
        match fetched {
            Ok(keys) => {
                tracing::debug!(?keys, "fetched the keys to verify tokens by");
                let (keys, fetched) = (Arc::new(keys), Some(Instant::now()));
                self.current.send_replace(Current { keys, fetched, last: self.limits.last });
                Ok(())
            }
            Err(error) => {
                self.current.send_modify(|_| {});
                Err(error)
            }
        }
    }

    pub(super) fn current(&self) -> Current {
        self.current.borrow().clone()
    }

    /// Asks for a newer set, because a token names a key that this one has not. `None`: not now.
    pub(super) fn ask(&self, key: &str, now: Instant) -> Option<Wait> {
        let key = self.hasher.hash_one(key);
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if !asking.under_way {
            let recently = |since: Instant, limit| now.duration_since(since) < limit;
            let known_as_unknown =
                asking.unknown.iter().any(|(other, at)| *other == key && recently(*at, self.limits.key_memory));
            if known_as_unknown || asking.last.is_some_and(|last| recently(last, self.limits.pause)) {
                return None;
            }
            if asking.unknown.len() == KEYS_REMEMBERED {
                asking.unknown.pop_front();
            }
            asking.unknown.push_back((key, now));
            asking.under_way = true;
            self.wanted.notify_one();
        }
        // Under the lock, so that the end of the fetch is not missed.
        Some(Wait(self.current.subscribe()))
    }
}
