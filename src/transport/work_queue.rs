//! Who of those that wait for a place on the blocking pool is next. Knows callers by a key, and nothing of their work.
//!
//! A bounded number of places is taken at a time, and one caller never has them all: one who sends what takes long leaves a place to
//! the others. Callers take turns, so one who sends much waits for itself (fair queueing, as
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

use crate::metrics::Present;

/// A queue whose work has waited too long for so long is no burst; and the longest that work waits in a burst.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long work may wait without it being too long; and the longest that it waits in a queue that is no burst.
const TARGET: Duration = Duration::from_millis(100);

/// Hands out places. Clones share them.
#[derive(Debug)]
pub(super) struct WorkQueue<K: Clone + PartialEq>(Arc<Mutex<Queues<K>>>);

/// The work has waited as long as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

impl<K: Clone + PartialEq> WorkQueue<K> {
    /// With so many places, of which each caller may have so many.
    #[must_use]
    pub(super) fn new(places: usize, most_each: usize) -> Self {
        let queues = Queues { free: places, most_each, serving: Vec::new(), turns: VecDeque::new() };
        Self(Arc::new(Mutex::new(queues)))
    }

    /// Waits for a place. One who gives up waiting has left the queue.
    ///
    /// # Errors
    /// [`Refused`], after a second at most.
    pub(super) async fn enter(&self, caller: K, deadline: Option<Instant>) -> Result<Place<K>, Refused> {
        let now = now();
        let (turn, patience) = {
            let mut queues = lock(&self.0);
            if queues.begin(&caller) {
                return Ok(Place(Some((Arc::clone(&self.0), caller))));
            }
            queues.join(caller, now)
        };
        let _present = Present::waiting_text();
        let half = deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now) / 2);
        match timeout(patience.min(half), turn).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(Refused),
        }
    }
}

/// A place; the next in turn gets it when it is dropped.
#[derive(Debug)]
pub(super) struct Place<K: Clone + PartialEq>(Option<(Arc<Mutex<Queues<K>>>, K)>);

impl<K: Clone + PartialEq> Drop for Place<K> {
    fn drop(&mut self) {
        if let Some((queues, caller)) = self.0.take() {
            let mut locked = lock(&queues);
            locked.end(&caller);
            locked.hand_out(&queues, now());
        }
    }
}

#[derive(Debug)]
struct Queues<K: Clone + PartialEq> {
    free: usize,
    most_each: usize,
    /// Callers that have places, and how many.
    serving: Vec<(K, usize)>,
    /// Callers that wait, the next first.
    turns: VecDeque<CallerQueue<K>>,
}

#[derive(Debug)]
struct CallerQueue<K: Clone + PartialEq> {
    caller: K,
    /// Since when the oldest has waited too long.
    late_since: Option<Instant>,
    /// Whether it has done so for long enough.
    standing: bool,
    /// The oldest first, with the time at which it came.
    waiting: VecDeque<(Instant, oneshot::Sender<Place<K>>)>,
}

impl<K: Clone + PartialEq> Queues<K> {
    fn may_begin(&self, caller: &K) -> bool {
        let has = self.serving.iter().find(|(served, _)| served == caller).map_or(0, |(_, places)| *places);
        self.free > 0 && has < self.most_each
    }

    /// Whether the caller has got a place.
    fn begin(&mut self, caller: &K) -> bool {
        let begins = self.may_begin(caller);
        if begins {
            self.free -= 1;
            match self.serving.iter_mut().find(|(served, _)| served == caller) {
                Some((_, places)) => *places += 1,
                None => self.serving.push((caller.clone(), 1)),
            }
        }
        begins
    }

    fn end(&mut self, caller: &K) {
        self.free += 1;
        if let Some((_, places)) = self.serving.iter_mut().find(|(served, _)| served == caller) {
            *places -= 1;
        }
        self.serving.retain(|(_, places)| *places > 0);
    }

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

    /// Gives the places that are free to the next who may have them.
    fn hand_out(&mut self, all: &Arc<Mutex<Self>>, now: Instant) {
        while let Some(next) = self.turns.iter().position(|queue| self.may_begin(&queue.caller)) {
            let Some(mut queue) = self.turns.remove(next) else { return };
            let standing = queue.is_standing(now);
            while let Some((_, turn)) = if standing { queue.waiting.pop_back() } else { queue.waiting.pop_front() } {
                self.begin(&queue.caller);
                match turn.send(Place(Some((Arc::clone(all), queue.caller.clone())))) {
                    Ok(()) => break,
                    Err(mut unwanted) => {
                        // Dropped with its queues, it would wait for the lock that is held here.
                        unwanted.0 = None;
                        self.end(&queue.caller);
                    }
                }
            }
            if !queue.waiting.is_empty() {
                self.turns.push_back(queue);
            }
        }
    }
}

impl<K: Clone + PartialEq> CallerQueue<K> {
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
