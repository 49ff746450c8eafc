//! Turns, patience and overload, on a clock that stands still.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use tokio::{
    task::{JoinHandle, yield_now},
    time::{advance, sleep},
};

use super::*;

type Queue = Arc<WorkQueue<&'static str>>;

fn queue(places: usize) -> Queue {
    Arc::new(WorkQueue::new(places, places))
}

/// Joins the queue, and is in it when this returns.
async fn join(
    queue: &Queue,
    caller: &'static str,
    deadline: Option<Duration>,
) -> JoinHandle<Result<Place<&'static str>, Refused>> {
    let queue = Arc::clone(queue);
    let deadline = deadline.map(|left| now() + left);
    let joined = tokio::spawn(async move { queue.enter(caller, deadline).await });
    for _ in 0..3 {
        yield_now().await;
    }
    joined
}

/// Who gets the place next, of those that wait: each keeps it for a moment.
async fn order(
    queue: &Queue,
    first: Place<&'static str>,
    joined: &[(&'static str, &'static str)],
) -> Vec<&'static str> {
    let served = Arc::new(Mutex::new(Vec::new()));
    let mut waiting = Vec::new();
    for &(caller, name) in joined {
        let (queue, served) = (Arc::clone(queue), Arc::clone(&served));
        waiting.push(tokio::spawn(async move {
            let place = queue.enter(caller, None).await.unwrap();
            served.lock().unwrap().push(name);
            drop(place);
        }));
        yield_now().await;
    }
    drop(first);
    for one in waiting {
        one.await.unwrap();
    }
    Arc::into_inner(served).unwrap().into_inner().unwrap()
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_places_are_taken() {
    let queue = queue(2);
    let (one, _two) = (queue.enter("a", None).await.unwrap(), queue.enter("a", None).await.unwrap());
    let third = join(&queue, "a", None).await;
    assert!(!third.is_finished());
    drop(one);
    third.await.unwrap().unwrap();
    assert_eq!(lock(&queue.0).free, 1, "what nobody waits for is free");
}

#[tokio::test(start_paused = true)]
async fn callers_take_turns() {
    let queue = queue(1);
    let first = queue.enter("much", None).await.unwrap();
    let joined = [("much", "m1"), ("much", "m2"), ("much", "m3"), ("little", "l1"), ("other", "o1"), ("little", "l2")];
    assert_eq!(order(&queue, first, &joined).await, ["m1", "l1", "o1", "m2", "l2", "m3"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_has_left_is_passed_over() {
    let queue = queue(1);
    let first = queue.enter("a", None).await.unwrap();
    let (left, stays) = (join(&queue, "a", None).await, join(&queue, "b", None).await);
    left.abort();
    assert!(left.await.is_err());
    drop(first);
    stays.await.unwrap().unwrap();
    assert_eq!(lock(&queue.0).free, 1);
}

/// The place was given, and then nobody came for it.
#[tokio::test(start_paused = true)]
async fn a_place_that_is_not_taken_goes_on() {
    let queue = queue(1);
    let first = queue.enter("a", None).await.unwrap();
    let (leaves, stays) = (join(&queue, "a", None).await, join(&queue, "b", None).await);
    drop(first);
    leaves.abort();
    let _ = leaves.await;
    stays.await.unwrap().unwrap();
    assert_eq!(lock(&queue.0).free, 1);
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_second_or_half_of_the_time_left() {
    let queue = queue(1);
    let _first = queue.enter("a", None).await.unwrap();
    for (deadline, patience) in [(None, 1_000), (Some(10_000), 1_000), (Some(300), 150), (Some(0), 0)] {
        let start = now();
        let refused = join(&queue, "b", deadline.map(Duration::from_millis)).await.await.unwrap();
        assert!(refused.is_err());
        let waited = (now() - start).as_millis();
        assert!((patience..patience + 3).contains(&waited), "{deadline:?}: {waited} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_stands_serves_the_newest_and_refuses_soon() {
    let queue = queue(1);
    let first = queue.enter("much", None).await.unwrap();
    // Each joins before the one before it gives up: the oldest is always late.
    let mut burst = Vec::new();
    for _ in 0..4 {
        burst.push(join(&queue, "much", None).await);
        advance(Duration::from_millis(400)).await;
    }
    let old = join(&queue, "much", None).await;
    advance(Duration::from_millis(60)).await;
    let (new, little) = (join(&queue, "much", None).await, join(&queue, "little", None).await);
    drop(first);
    let place = new.await.unwrap().unwrap();
    assert!(!old.is_finished() && !little.is_finished());
    advance(Duration::from_millis(60)).await;
    assert!(old.await.unwrap().is_err(), "a tenth of a second is over");
    assert!(!little.is_finished(), "who sends little has its second");
    drop(place);
    little.await.unwrap().unwrap();
}

/// Sends work of `work` at `offered` times what two places do, for 30 s; the share of what they could do that is done in time, and
/// how long refusals and what is served waited at most, once the queue stands.
async fn overload(callers: &[&'static str], work: Duration, offered: f64, deadline: Duration) -> (f64, Duration) {
    let queue = queue(2);
    let (done, slowest) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Duration::ZERO)));
    let (start, length) = (now(), Duration::from_secs(30));
    let pause = work.div_f64(2.0 * offered);
    let mut at = 0;
    while now() - start < length {
        let (queue, done, slowest) = (Arc::clone(&queue), Arc::clone(&done), Arc::clone(&slowest));
        let caller = callers[at % callers.len()];
        at += 1;
        tokio::spawn(async move {
            let arrived = now();
            let call = async {
                let place = queue.enter(caller, Some(arrived + deadline)).await;
                let answer = place.map(|place| (place, arrived.elapsed()));
                if arrived - start > Duration::from_secs(5) {
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = (*slowest).max(arrived.elapsed());
                }
                if let Ok((_place, _)) = answer {
                    sleep(work).await;
                    done.fetch_add(1, SeqCst);
                }
            };
            let _ = timeout(deadline, call).await;
        });
        sleep(pause).await;
    }
    let capacity = 2.0 * length.as_secs_f64() / work.as_secs_f64();
    let slowest = *slowest.lock().unwrap();
    (done.load(SeqCst) as f64 / capacity, slowest)
}

#[tokio::test(start_paused = true)]
async fn overload_leaves_the_goodput_as_it_is() {
    let ms = Duration::from_millis;
    for (callers, work, offered, deadline, waited) in [
        (&["one"][..], ms(150), 1.0, ms(10_000), 1_010),
        (&["one"], ms(150), 3.0, ms(10_000), 110),
        (&["one"], ms(150), 10.0, ms(10_000), 110),
        (&["one"], ms(20), 3.0, ms(10_000), 110),
        // With a first come, first served queue all of these would begin just before their deadline, and be given up.
        (&["one"], ms(150), 3.0, ms(300), 160),
        (&["one", "two", "three"], ms(150), 3.0, ms(10_000), 1_010),
        (&["one"], ms(1_000), 3.0, ms(10_000), 1_010),
    ] {
        let (goodput, slowest) = overload(callers, work, offered, deadline).await;
        assert!(goodput >= 0.9, "{goodput:.3} of the capacity: {work:?}, {offered} times, within {deadline:?}");
        assert!(slowest <= ms(waited), "{slowest:?} of waiting: {work:?}, {offered} times, within {deadline:?}");
    }
}

/// As many calls at once as one client may have, each sent when the one before it is answered: busy, but no overload.
#[tokio::test(start_paused = true)]
async fn a_queue_that_is_long_but_quick_refuses_nobody() {
    let queue = queue(2);
    let streams: Vec<_> = (0..100)
        .map(|_| {
            let queue = Arc::clone(&queue);
            tokio::spawn(async move {
                for _ in 0..100 {
                    let _place = queue.enter("one", None).await.unwrap();
                    sleep(Duration::from_millis(1)).await;
                }
            })
        })
        .collect();
    for stream in streams {
        stream.await.unwrap();
    }
}

/// One who sends ten times what is served takes nothing from one who sends a little.
#[tokio::test(start_paused = true)]
async fn who_sends_little_is_served_whatever_others_send() {
    let queue = queue(2);
    let flood = Arc::clone(&queue);
    tokio::spawn(async move {
        loop {
            let queue = Arc::clone(&flood);
            tokio::spawn(async move {
                if let Ok(_place) = queue.enter("much", None).await {
                    sleep(Duration::from_millis(100)).await;
                }
            });
            sleep(Duration::from_millis(5)).await;
        }
    });
    for _ in 0..50 {
        sleep(Duration::from_millis(250)).await;
        let start = now();
        let _place = queue.enter("little", None).await.unwrap();
        assert!(now() - start <= Duration::from_millis(110), "the next place that is free");
        sleep(Duration::from_millis(100)).await;
    }
}

/// With work of two seconds in each of its places, it would leave none for anybody in time.
#[tokio::test(start_paused = true)]
async fn one_caller_never_has_all_places() {
    let queue = Arc::new(WorkQueue::new(3, 2));
    let (first, _second) = (queue.enter("much", None).await.unwrap(), queue.enter("much", None).await.unwrap());
    let third = join(&queue, "much", None).await;
    assert!(!third.is_finished(), "though one is free");
    let little = queue.enter("little", None).await.unwrap();
    drop(little);
    yield_now().await;
    assert!(!third.is_finished(), "nor does it get what another gives back");
    drop(first);
    third.await.unwrap().unwrap();
    assert_eq!(lock(&queue.0).serving, [("much", 1)]);
}
