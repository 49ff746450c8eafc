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
pub struct RefreshPolicy {
    /// Between two fetches that nobody has asked for.
    pub refresh_interval: Duration,
    /// Between a fetch that failed and the next.
    pub retry_interval: Duration,
    /// No two fetches that calls ask for are closer than this.
    pub min_interval: Duration,
    /// An unknown key asks for one fetch in this time, however often it is named.
    pub unknown_key_ttl: Duration,
    /// While the source is down the last keys are used for so long: an issuer's outage is not ours, but what it has revoked
    /// must not be accepted for ever.
    pub max_stale: Duration,
}

impl Default for RefreshPolicy {
    fn default() -> Self {
        Self {
            refresh_interval: Duration::from_secs(5 * 60),
            retry_interval: Duration::from_secs(10),
            min_interval: Duration::from_secs(10),
            unknown_key_ttl: Duration::from_secs(60),
            max_stale: Duration::from_secs(12 * 60 * 60),
        }
    }
}

/// How many unknown keys are remembered.
const KEYS_REMEMBERED: usize = 256;

/// The keys just now.
#[derive(Clone, Debug, Default)]
pub(super) struct CachedKeys {
    /// None before the first fetch.
    pub(super) keys: Arc<KeySet>,
    /// When they were fetched.
    fetched: Option<Instant>,
    max_stale: Duration,
}

/// By the runtime's clock, which tests can stop.
#[expect(clippy::disallowed_methods, reason = "keys are fetched now and then, and age")]
fn now() -> Instant {
    Instant::now()
}

impl CachedKeys {
    /// Whether they may be used at all.
    pub(super) fn are_usable(&self) -> bool {
        self.fetched.is_some_and(|fetched| now().duration_since(fetched) <= self.max_stale)
    }
}

/// A key set and where it comes from.
#[derive(Debug)]
pub struct KeyCache {
    source: KeySource,
    limits: RefreshPolicy,
    current: watch::Sender<CachedKeys>,
    asking: Mutex<RefreshState>,
    wanted: Notify,
    hasher: RandomState,
}

#[derive(Debug)]
struct RefreshState {
    /// Whether a fetch is on its way or will be at once.
    in_flight: bool,
    last_fetch: Option<Instant>,
    /// Hashes of key ids: what a client invents is not kept.
    unknown: VecDeque<(u64, Instant)>,
}

/// Waits for the fetch that is on its way.
pub(super) struct RefreshWaiter(watch::Receiver<CachedKeys>);

impl RefreshWaiter {
    /// The keys after it, or after a while the ones that were there.
    pub(super) async fn newer_keys(mut self) -> CachedKeys {
        // A fetch cannot last longer; and where nobody fetches, waiting must end.
        let _ = timeout(FETCH_TIMEOUT + Duration::from_secs(1), self.0.changed()).await;
        self.0.borrow().clone()
    }
}

impl KeyCache {
    /// Empty until [`KeyCache::keep_fresh`] runs.
    #[expect(clippy::disallowed_methods, reason = "nobody must be able to choose an id that hashes as another does")]
    #[must_use]
    pub fn new(source: KeySource, limits: RefreshPolicy) -> Self {
        let asking = RefreshState { in_flight: true, last_fetch: None, unknown: VecDeque::new() };
        Self {
            source,
            limits,
            current: watch::Sender::new(CachedKeys::default()),
            asking: Mutex::new(asking),
            wanted: Notify::new(),
            hasher: RandomState::new(),
        }
    }

    /// Fetches now, every [`RefreshPolicy::refresh_interval`], and when calls ask. Never ends; runs beside the server.
    pub async fn keep_fresh(&self) -> Infallible {
        loop {
            let fetched = self.fetch().await;
            let pause = match fetched {
                Ok(()) => self.limits.refresh_interval,
                Err(error) => {
                    let cause = error.source().map(ToString::to_string).unwrap_or_default();
                    tracing::warn!(%error, cause, "cannot get the keys to verify tokens by; using the last ones");
                    self.limits.retry_interval
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
            (asking.in_flight, asking.last_fetch) = (true, Some(now()));
        }
        let fetched = self.source.fetch().await;
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.in_flight = false;
        // Under the lock, and in any case: whoever waits is woken, and whoever comes later sees what came of it.
        match fetched {
            Ok(keys) => {
                tracing::debug!(?keys, "fetched the keys to verify tokens by");
                let (keys, fetched) = (Arc::new(keys), Some(now()));
                self.current.send_replace(CachedKeys { keys, fetched, max_stale: self.limits.max_stale });
                Ok(())
            }
            Err(error) => {
                self.current.send_modify(|_| {});
                Err(error)
            }
        }
    }

    pub(super) fn current(&self) -> CachedKeys {
        self.current.borrow().clone()
    }

    /// Asks for a newer set, because a token names a key that this one has not. `None`: not now.
    pub(super) fn request_refresh(&self, key: &str) -> Option<RefreshWaiter> {
        let (key, now) = (self.hasher.hash_one(key), now());
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if !asking.in_flight {
            let recently = |since: Instant, limit| now.duration_since(since) < limit;
            let known_as_unknown =
                asking.unknown.iter().any(|(other, at)| *other == key && recently(*at, self.limits.unknown_key_ttl));
            if known_as_unknown || asking.last_fetch.is_some_and(|last| recently(last, self.limits.min_interval)) {
                return None;
            }
            if asking.unknown.len() == KEYS_REMEMBERED {
                asking.unknown.pop_front();
            }
            asking.unknown.push_back((key, now));
            asking.in_flight = true;
            self.wanted.notify_one();
        }
        // Under the lock, so that the end of the fetch is not missed.
        Some(RefreshWaiter(self.current.subscribe()))
    }
}
