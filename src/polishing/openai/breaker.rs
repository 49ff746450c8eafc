//! Gives a server that fails again and again a rest. A small state machine; the time is handed in. Knows no HTTP.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// What a call showed about the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// It answers, if only to refuse.
    Well,
    /// It failed.
    Failing,
    /// Nothing: the caller gave up first.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Asked, after so many failures in a row.
    Closed { failures: u32 },
    /// Not asked before then.
    Open { until: Instant },
    /// One call is finding out.
    Probing,
}

/// Counts failures in a row; shared by the calls of one server.
#[derive(Debug)]
pub(super) struct Breaker {
    after: u32,
    rest: Duration,
    state: Mutex<State>,
}

impl Breaker {
    pub(super) fn new(after: u32, rest: Duration) -> Arc<Self> {
        Arc::new(Self { after, rest, state: Mutex::new(State::Closed { failures: 0 }) })
    }

    /// Leave to ask the server; `None` while it rests. After the rest one caller at a time finds out how it is.
    pub(super) fn enter(self: &Arc<Self>, now: Instant) -> Option<Turn> {
        let mut state = self.lock();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until } if until <= now => {
                *state = State::Probing;
                true
            }
            State::Open { .. } | State::Probing => return None,
        };
        Some(Turn { breaker: Some(Arc::clone(self)), probe })
    }

    /// Whether it would not be asked now.
    pub(super) fn is_resting(&self, now: Instant) -> bool {
        match *self.lock() {
            State::Closed { .. } => false,
            State::Open { until } => until > now,
            State::Probing => true,
        }
    }

    fn settle(&self, probe: bool, health: Health, now: Instant) -> bool {
        let mut state = self.lock();
        let before = *state;
        *state = match (before, health) {
            // What a call shows that began before the rest is no news.
            (State::Open { .. } | State::Probing, _) if !probe => before,
            (State::Closed { failures }, Health::Failing) if failures + 1 < self.after => {
                State::Closed { failures: failures + 1 }
            }
            (_, Health::Failing) => State::Open { until: now + self.rest },
            (_, Health::Well) => State::Closed { failures: 0 },
            // The next caller finds out.
            (State::Probing, Health::Unknown) => State::Open { until: now },
            (State::Closed { .. } | State::Open { .. }, Health::Unknown) => before,
        };
        matches!(*state, State::Open { until } if until > now) && *state != before
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call's leave. Dropped unsettled, it has shown nothing.
#[derive(Debug)]
pub(super) struct Turn {
    breaker: Option<Arc<Breaker>>,
    probe: bool,
}

impl Turn {
    /// Says how the server is; true if that begins a rest.
    pub(super) fn settle(mut self, health: Health, now: Instant) -> bool {
        self.breaker.take().is_some_and(|breaker| breaker.settle(self.probe, health, now))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(breaker) = self.breaker.take() {
            breaker.settle(self.probe, Health::Unknown, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(10);

    fn turn(breaker: &Arc<Breaker>, now: Instant, health: Health) -> bool {
        breaker.enter(now).expect("it is not resting").settle(health, now)
    }

    /// Outcomes in a row, and whether the server rests after them.
    #[track_caller]
    fn check(outcomes: &[Health], rests: bool) {
        let breaker = Breaker::new(3, REST);
        let now = Instant::now();
        for outcome in outcomes {
            turn(&breaker, now, *outcome);
        }
        assert_eq!(breaker.enter(now).is_none(), rests, "{outcomes:?}");
    }

    #[test]
    fn rests_after_failures_in_a_row() {
        use Health::{Failing, Unknown, Well};
        check(&[], false);
        check(&[Failing, Failing], false);
        check(&[Failing, Failing, Failing], true);
        check(&[Failing, Failing, Well, Failing, Failing], false);
        check(&[Failing, Unknown, Failing, Unknown, Failing], true);
        check(&[Unknown, Unknown, Unknown, Unknown], false);
    }

    #[test]
    fn after_the_rest_one_call_finds_out() {
        for (health, rests) in [(Health::Well, false), (Health::Failing, true), (Health::Unknown, false)] {
            let breaker = Breaker::new(1, REST);
            let start = Instant::now();
            assert!(turn(&breaker, start, Health::Failing), "the rest begins");
            assert!(breaker.enter(start + REST - Duration::from_millis(1)).is_none());
            let probe = breaker.enter(start + REST).expect("the rest is over");
            assert!(breaker.enter(start + REST).is_none(), "one at a time");
            probe.settle(health, start + REST);
            assert_eq!(breaker.enter(start + REST).is_none(), rests, "{health:?}");
        }
    }

    #[test]
    fn a_dropped_probe_leaves_the_finding_out_to_the_next() {
        let breaker = Breaker::new(1, Duration::ZERO);
        turn(&breaker, Instant::now(), Health::Failing);
        drop(breaker.enter(Instant::now()).expect("a probe"));
        assert!(breaker.enter(Instant::now()).is_some());
    }

    #[test]
    fn a_late_outcome_does_not_end_a_rest() {
        let breaker = Breaker::new(1, REST);
        let now = Instant::now();
        let late = breaker.enter(now).expect("closed");
        turn(&breaker, now, Health::Failing);
        late.settle(Health::Well, now);
        assert!(breaker.enter(now).is_none());
    }
}
