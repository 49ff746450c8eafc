//! Whether the store has just failed. Then one call in a while tries again, and the others need not wait to be told the same.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::time::Instant;

use super::now;

/// How long after a failure nobody tries.
const PAUSE: Duration = Duration::from_millis(500);

/// A question that is given up after so long without an answer counts as a failure: whoever asked has lost patience.
const HANGING: Duration = Duration::from_millis(500);

/// The state of the store, as far as it is known.
pub(super) struct Outage {
    start: Instant,
    /// Milliseconds after the start at which one call may try; 0: all may.
    next_try: AtomicU64,
}

impl Outage {
    pub(super) fn new() -> Self {
        Self { start: now(), next_try: AtomicU64::new(0) }
    }

    /// Whether the caller may ask the store.
    pub(super) fn may_try(&self, now: Instant) -> bool {
        let next = self.next_try.load(Ordering::SeqCst);
        if next == 0 {
            return true;
        }
        // Of those that come after the pause, the one that begins the next pause tries.
        self.at(now) >= next
            && self.next_try.compare_exchange(next, self.at(now + PAUSE), Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// A question to the store, to be followed to its answer or its end.
    pub(super) fn asking(&self) -> StoreQuery<'_> {
        StoreQuery { outage: self, since: now(), answered: false }
    }

    fn begins(&self) {
        self.next_try.store(self.at(now() + PAUSE), Ordering::SeqCst);
    }

    /// The store has answered.
    pub(super) fn over(&self) {
        self.next_try.store(0, Ordering::SeqCst);
    }

    fn at(&self, time: Instant) -> u64 {
        u64::try_from(time.duration_since(self.start).as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

/// A question to the store.
pub(super) struct StoreQuery<'o> {
    outage: &'o Outage,
    since: Instant,
    answered: bool,
}

impl StoreQuery<'_> {
    /// The store has answered, or failed.
    pub(super) fn answered(mut self, well: bool) {
        self.answered = true;
        if well {
            self.outage.over();
        } else {
            self.outage.begins();
        }
    }
}

impl Drop for StoreQuery<'_> {
    fn drop(&mut self) {
        if !self.answered && self.since.elapsed() >= HANGING {
            self.outage.begins();
        }
    }
}
