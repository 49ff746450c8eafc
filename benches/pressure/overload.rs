//! More work than the service can do: how much of its capacity still reaches clients, and how fast it turns the rest away. Calls
//! come at their own pace, as those of people do: a slow answer does not make the next call wait. Every call gives up after a
//! second, and every text has misspellings that no call before had.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, time};

use super::{
    clients::{Client, Wire, request},
    outcome::Outcome,
    program::{Program, pin_client},
    texts,
};
use vermilion::transport::proto::CheckSpellingRequest;

type Make = fn(usize) -> CheckSpellingRequest;

const KINDS: [(&str, Make); 3] = [
    ("small: en, 20 words", |n| request(texts::english(n, 20, true), "en", false)),
    ("long: en, 2,000 words", |n| request(texts::english(n, 2000, true), "en", false)),
    ("long: zh, 2,000 characters", |n| request(texts::chinese(n, 2000), "zh-Hans", false)),
];

const CONNECTIONS: usize = 32;

/// How long a caller waits, in milliseconds.
const PATIENCE: u32 = 1000;

/// How many calls are in hand when the capacity is measured: enough that no processor waits.
const IN_HAND: usize = 8;

/// Whether goodput under `factor` times the capacity is at least `floor` of the capacity, for every kind.
pub(crate) async fn run(time: Duration, factor: f64, floor: f64) -> bool {
    pin_client(0);
    println!(
        "| text | capacity, checks/s | offered/s | answered/s | share | p50 / p99 / p99.9 | refused | memory, MB |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut held = true;
    for (name, make) in KINDS {
        let program = Program::start(Some(1));
        let numbers = Arc::new(AtomicUsize::new(0));
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            clients.push(Client::connect(program.address, Wire::Grpc).await);
        }
        let capacity = capacity(&clients, make, &numbers, time).await;
        let (offered, outcome) = offer(&clients, make, &numbers, capacity * factor, time).await;
        let answered = outcome.answered() as f64 / time.as_secs_f64();
        println!(
            "| {name} | {capacity:.0} | {offered:.0} | {answered:.0} | {:.2} | {} | {} | {:.0} |",
            answered / capacity,
            outcome.percentiles(),
            outcome.refusals(),
            program.resident(),
        );
        held &= answered >= floor * capacity;
    }
    held
}

/// Checks per second of callers that wait for their answers.
async fn capacity(clients: &[Client], make: Make, numbers: &Arc<AtomicUsize>, time: Duration) -> f64 {
    let end = Instant::now() + time;
    let work = clients.iter().take(IN_HAND).map(|client| {
        let (mut client, numbers) = (client.clone(), Arc::clone(numbers));
        tokio::spawn(async move {
            let mut answered = 0;
            while Instant::now() < end {
                let message = make(numbers.fetch_add(1, Ordering::Relaxed));
                answered += usize::from(client.check(message, 60_000).await.is_ok());
            }
            answered
        })
    });
    let mut answered = 0;
    for task in work.collect::<Vec<_>>() {
        answered += task.await.unwrap();
    }
    answered as f64 / time.as_secs_f64()
}

/// So many calls a second, at even distances. How many a second there really were, and what came of them.
async fn offer(clients: &[Client], make: Make, numbers: &AtomicUsize, rate: f64, duration: Duration) -> (f64, Outcome) {
    let (done, mut outcomes) = mpsc::unbounded_channel();
    let started = Instant::now();
    let mut calls = 0_usize;
    while started.elapsed() < duration {
        // As many as are due by now; the timer of the runtime is no finer than a millisecond.
        while (calls as f64) < rate * started.elapsed().as_secs_f64() {
            let (mut client, done) = (clients[calls % clients.len()].clone(), done.clone());
            let message = make(numbers.fetch_add(1, Ordering::Relaxed));
            calls += 1;
            tokio::spawn(async move {
                let began = Instant::now();
                let answer = client.check(message, PATIENCE).await;
                // The receiver lives as long as this function.
                let _ = done.send((answer, began.elapsed()));
            });
            tokio::task::yield_now().await;
        }
        time::sleep(Duration::from_millis(1)).await;
    }
    drop(done);
    let mut all = Outcome::default();
    while let Some((answer, took)) = outcomes.recv().await {
        all.add(answer, took);
    }
    (calls as f64 / duration.as_secs_f64(), all)
}
