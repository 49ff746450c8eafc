//! Whether the store takes changes: looked at from time to time, and at once when a call has failed. Only a look decides, so that one
//! call's bad luck is no outage. Knows neither what is stored nor who asks.

use std::{convert::Infallible, time::Duration};

use tokio::{
    sync::{Notify, watch},
    time::{sleep, timeout},
};

use crate::metrics::store_well;

/// How long at most until it is looked at again.
const INTERVAL: Duration = Duration::from_secs(5);

/// How long at least, and always while it fails.
const PAUSE: Duration = Duration::from_secs(1);

/// What is known of it.
#[derive(Debug)]
pub(super) struct StoreHealth {
    is_well: watch::Sender<bool>,
    suspicion: Notify,
}

impl StoreHealth {
    /// Well, until it is known to be otherwise; which is the first thing to find out.
    pub(super) fn new() -> Self {
        let health = Self { is_well: watch::Sender::new(true), suspicion: Notify::new() };
        health.suspect();
        health
    }

    /// For whoever tells others.
    pub(super) fn subscribe(&self) -> watch::Receiver<bool> {
        self.is_well.subscribe()
    }

    /// A call has failed, and it may be for the store.
    pub(super) fn suspect(&self) {
        self.suspicion.notify_one();
    }

    /// Keeps watch. `check` is cheap and finds some faults; `probe` tries a change and finds all. Never ends.
    pub(super) async fn follow<F: Future<Output = bool>>(
        &self,
        check: impl Fn() -> bool,
        probe: impl Fn() -> F,
    ) -> Infallible {
        loop {
            let was_well = *self.is_well.borrow();
            store_well(was_well);
            let interval = if was_well { INTERVAL } else { Duration::ZERO };
            let is_suspected = timeout(interval, self.suspicion.notified()).await.is_ok();
            let is_well = if is_suspected || !was_well { probe().await } else { check() };
            if is_well != was_well {
                self.is_well.send_replace(is_well);
                if is_well {
                    tracing::info!("the settings store takes changes again");
                } else {
                    tracing::warn!("the settings store fails: settings and polishing are closed, spelling goes on");
                }
            }
            sleep(PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_looked_into_at_once_and_only_a_look_decides() {
        let (health, works, probes) =
            (Arc::new(StoreHealth::new()), Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
        let mut told = health.subscribe();
        let (watched, probed, counted) = (Arc::clone(&health), Arc::clone(&works), Arc::clone(&probes));
        let task = tokio::spawn(async move {
            let probe = || {
                counted.fetch_add(1, SeqCst);
                std::future::ready(probed.load(SeqCst))
            };
            watched.follow(|| true, probe).await
        });
        sleep(10 * INTERVAL).await;
        assert_eq!(probes.load(SeqCst), 1, "but for the start, nothing is tried where nothing fails");
        for _ in 0..100 {
            health.suspect();
        }
        sleep(Duration::from_millis(1)).await;
        assert_eq!((probes.load(SeqCst), *told.borrow()), (2, true), "a hundred failures are one look");
        works.store(false, SeqCst);
        health.suspect();
        told.changed().await.unwrap();
        assert!(!*told.borrow_and_update());
        works.store(true, SeqCst);
        told.changed().await.unwrap();
        assert!(*told.borrow_and_update());
        task.abort();
    }
}
