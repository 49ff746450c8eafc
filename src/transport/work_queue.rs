//! Who of those that wait for a place on the blocking pool is next. Knows callers by a key, and nothing of their work.
//!
//! A bounded number of places is taken at a time. Callers take turns, so one who sends much waits for itself (fair queueing, as
//! RFC 8290 does it for packets). A caller whose oldest work has waited for more than a tenth of a second, for a whole second,
//! sends more than it is served: until its queue is empty, its work waits for a tenth of a second at most, the newest first, so
//! that what is served is fresh and the rest is refused soon ("controlled delay" and "adaptive LIFO", B. Maurer, Fail at Scale,
//! ACM Queue 13 (8), 2015). Nobody waits longer than half of the time to the deadline: what begins has time to end. Whoever no
//! longer waits is passed over.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

/// A queue whose work has waited too long for so long is no burst; and the longest that work waits in a burst.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long work may wait without it being too long; and the longest that it waits in a queue that is no burst.
const TARGET: Duration = Duration::from_millis(100);

/// Hands out places. Clones share them.
#[derive(Debug)]
pub(super) struct WorkQueue<K: PartialEq>(Arc<Mutex<Queues<K>>>);

/// The work has waited as long as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

impl<K: PartialEq> WorkQueue<K> {
    /// With so many places.
    #[must_use]
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Mutex::new(Queues { free: places, turns: VecDeque::new() })))
    }

    /// Waits for a place. One who gives up waiting has left the queue.
    ///
    /// # Errors
    /// [`Refused`], after a second at most.
    pub(super) async fn enter(&self, caller: K, deadline: Option<Instant>) -> Result<Place<K>, Refused> {
        let now = now();
        let (turn, patience) = {
            let mut queues = lock(&self.0);
            if queues.free > 0 {
                queues.free -= 1;
                return Ok(Place(Some(Arc::clone(&self.0))));
            }
            queues.join(caller, now)
        };
        let half = deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now) / 2);
        match timeout(patience.min(half), turn).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(Refused),
        }
    }
}

/// A place; the next in turn gets it when it is dropped.
#[derive(Debug)]
pub(super) struct Place<K: PartialEq>(Option<Arc<Mutex<Queues<K>>>>);

impl<K: PartialEq> Drop for Place<K> {
    fn drop(&mut self) {
        if let Some(queues) = self.0.take() {
            lock(&queues).pass_on(&queues, now());
        }
    }
}

#[derive(Debug)]
struct Queues<K: PartialEq> {
    free: usize,
    /// Callers that wait, the next first.
    turns: VecDeque<CallerQueue<K>>,
}

#[derive(Debug)]
struct CallerQueue<K: PartialEq> {
    caller: K,
    /// Since when the oldest has waited too long.
    late_since: Option<Instant>,
    /// Whether it has done so for long enough.
    standing: bool,
    /// The oldest first, with the time at which it came.
    waiting: VecDeque<(Instant, oneshot::Sender<Place<K>>)>,
}

impl<K: PartialEq> Queues<K> {
    /// Puts one more behind the others of its caller; how long it may wait.
    fn join(&mut self, caller: K, now: Instant) -> (oneshot::Receiver<Place<K>>, Duration) {
        let (turn, place) = oneshot::channel();
        for queue in &mut self.turns {
            queue.waiting.retain(|(_, turn)| !turn.is_closed());
        }
        self.turns.retain(|queue| !queue.waiting.is_empty());
        let patience = match self.turns.iter_mut().find(|queue| queue.caller == caller) {
            Some(queue) => {
                let standing = queue.is_standing(now);
                queue.waiting.push_back((now, turn));
                if standing { TARGET } else { INTERVAL }
            }
            None => {
                let waiting = VecDeque::from([(now, turn)]);
                self.turns.push_back(CallerQueue { caller, late_since: None, standing: false, waiting });
                INTERVAL
            }
        };
        (place, patience)
    }

    /// Gives a place to the next.
    fn pass_on(&mut self, all: &Arc<Mutex<Self>>, now: Instant) {
        let mut place = Place(Some(Arc::clone(all)));
        while let Some(mut queue) = self.turns.pop_front() {
            let standing = queue.is_standing(now);
            while let Some((_, turn)) = if standing { queue.waiting.pop_back() } else { queue.waiting.pop_front() } {
                match turn.send(place) {
                    Ok(()) => {
                        if !queue.waiting.is_empty() {
                            self.turns.push_back(queue);
                        }
                        return;
                    }
                    Err(back) => place = back,
                }
            }
        }
        // Dropped with its queues, it would be passed on for ever.
        place.0 = None;
        self.free += 1;
    }
}

impl<K: PartialEq> CallerQueue<K> {
    fn is_standing(&mut self, now: Instant) -> bool {
        let late = self.waiting.front().is_some_and(|(came, _)| now.saturating_duration_since(*came) > TARGET);
        self.late_since = if late { self.late_since.or(Some(now)) } else { None };
        self.standing |= self.late_since.is_some_and(|since| now.saturating_duration_since(since) >= INTERVAL);
        self.standing
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// By the runtime's clock, which tests can stop.
#[expect(clippy::disallowed_methods, reason = "how long work has waited decides who is served next")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
