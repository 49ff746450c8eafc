//! Gives a server that fails again and again a rest. A small state machine; the time is handed in. Knows no HTTP.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// What a call showed about the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServerHealth {
    /// It answers, if only to refuse.
    Healthy,
    /// It failed.
    Failing,
    /// Nothing: the caller gave up first.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakerState {
    /// Asked, after this number of failures in a row.
    Closed { failures: u32 },
    /// Not asked before then.
    Open { until: Instant },
    /// One call is finding out.
    Probing,
}

/// Counts failures in a row; shared by the calls of one server.
#[derive(Debug)]
pub(super) struct CircuitBreaker {
    failure_threshold: u32,
    cooldown: Duration,
    state: Mutex<BreakerState>,
}

impl CircuitBreaker {
    pub(super) fn new(after: u32, rest: Duration) -> Arc<Self> {
        Arc::new(Self {
            failure_threshold: after,
            cooldown: rest,
            state: Mutex::new(BreakerState::Closed { failures: 0 }),
        })
    }

    /// Leave to ask the server; `None` while it rests. After the rest one caller at a time finds out how it is.
    pub(super) fn try_acquire(self: &Arc<Self>, now: Instant) -> Option<BreakerGuard> {
        let mut state = self.lock();
        let probe = match *state {
            BreakerState::Closed { .. } => false,
            BreakerState::Open { until } if until <= now => {
                *state = BreakerState::Probing;
                true
            }
            BreakerState::Open { .. } | BreakerState::Probing => return None,
        };
        Some(BreakerGuard { breaker: Some(Arc::clone(self)), probe, since: now })
    }

    /// Whether it would not be asked now.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        match *self.lock() {
            BreakerState::Closed { .. } => false,
            BreakerState::Open { until } => until > now,
            BreakerState::Probing => true,
        }
    }

    fn record(&self, probe: bool, health: ServerHealth, now: Instant) -> bool {
        let mut state = self.lock();
        let before = *state;
        *state = match (before, health) {
            // What a call shows that began before the rest is no news.
            (BreakerState::Open { .. } | BreakerState::Probing, _) if !probe => before,
            (BreakerState::Closed { failures }, ServerHealth::Failing) if failures + 1 < self.failure_threshold => {
                BreakerState::Closed { failures: failures + 1 }
            }
            (_, ServerHealth::Failing) => BreakerState::Open { until: now + self.cooldown },
            (_, ServerHealth::Healthy) => BreakerState::Closed { failures: 0 },
            // The next caller finds out.
            (BreakerState::Probing, ServerHealth::Unknown) => BreakerState::Open { until: now },
            (BreakerState::Closed { .. } | BreakerState::Open { .. }, ServerHealth::Unknown) => before,
        };
        matches!(*state, BreakerState::Open { until } if until > now) && *state != before
    }

    fn lock(&self) -> MutexGuard<'_, BreakerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call's leave. Dropped unsettled, it has shown nothing.
#[derive(Debug)]
pub(super) struct BreakerGuard {
    breaker: Option<Arc<CircuitBreaker>>,
    probe: bool,
    since: Instant,
}

impl BreakerGuard {
    /// Whether it is the one call that finds out, after a rest.
    pub(super) const fn is_probe(&self) -> bool {
        self.probe
    }

    /// Says how the server is; true if that begins a rest.
    pub(super) fn record(mut self, health: ServerHealth, now: Instant) -> bool {
        self.breaker.take().is_some_and(|breaker| breaker.record(self.probe, health, now))
    }
}

impl Drop for BreakerGuard {
    fn drop(&mut self) {
        if let Some(breaker) = self.breaker.take() {
            // A rest that was over then is over now.
            breaker.record(self.probe, ServerHealth::Unknown, self.since);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(10);

    fn turn(breaker: &Arc<CircuitBreaker>, now: Instant, health: ServerHealth) -> bool {
        breaker.try_acquire(now).expect("it is not resting").record(health, now)
    }

    /// Outcomes in a row, and whether the server rests after them.
    #[track_caller]
    fn check(outcomes: &[ServerHealth], rests: bool) {
        let breaker = CircuitBreaker::new(3, REST);
        let now = Instant::now();
        for outcome in outcomes {
            turn(&breaker, now, *outcome);
        }
        assert_eq!(breaker.try_acquire(now).is_none(), rests, "{outcomes:?}");
    }

    #[test]
    fn rests_after_failures_in_a_row() {
        use ServerHealth::{Failing, Healthy, Unknown};
        check(&[], false);
        check(&[Failing, Failing], false);
        check(&[Failing, Failing, Failing], true);
        check(&[Failing, Failing, Healthy, Failing, Failing], false);
        check(&[Failing, Unknown, Failing, Unknown, Failing], true);
        check(&[Unknown, Unknown, Unknown, Unknown], false);
    }

    #[test]
    fn after_the_rest_one_call_finds_out() {
        for (health, rests) in
            [(ServerHealth::Healthy, false), (ServerHealth::Failing, true), (ServerHealth::Unknown, false)]
        {
            let breaker = CircuitBreaker::new(1, REST);
            let start = Instant::now();
            assert!(turn(&breaker, start, ServerHealth::Failing), "the rest begins");
            assert!(breaker.try_acquire(start + REST - Duration::from_millis(1)).is_none());
            let probe = breaker.try_acquire(start + REST).expect("the rest is over");
            assert!(breaker.try_acquire(start + REST).is_none(), "one at a time");
            probe.record(health, start + REST);
            assert_eq!(breaker.try_acquire(start + REST).is_none(), rests, "{health:?}");
        }
    }

    #[test]
    fn a_dropped_probe_leaves_the_finding_out_to_the_next() {
        let breaker = CircuitBreaker::new(1, Duration::ZERO);
        turn(&breaker, Instant::now(), ServerHealth::Failing);
        drop(breaker.try_acquire(Instant::now()).expect("a probe"));
        assert!(breaker.try_acquire(Instant::now()).is_some());
    }

    #[test]
    fn a_late_outcome_does_not_end_a_rest() {
        let breaker = CircuitBreaker::new(1, REST);
        let now = Instant::now();
        let late = breaker.try_acquire(now).expect("closed");
        turn(&breaker, now, ServerHealth::Failing);
        late.record(ServerHealth::Healthy, now);
        assert!(breaker.try_acquire(now).is_none());
    }
}
