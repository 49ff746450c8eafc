//! Checks per second and their times, by text, wire and number of connections; one call at a time on each connection.

use std::time::{Duration, Instant};

use super::{
    clients::{Client, Wire, request},
    outcome::Outcome,
    program::Program,
    texts,
};
use vermilion::transport::proto::CheckSpellingRequest;

/// Requests of one kind, by number.
type Make = fn(usize) -> CheckSpellingRequest;

const ROWS: [(&str, Make); 8] = [
    ("en, 20 words", |n| request(texts::english(n, 20, false), "en", false)),
    ("en, 200 words", |n| request(texts::english(n, 200, false), "en", false)),
    ("en, 2,000 words", |n| request(texts::english(n, 2000, false), "en", false)),
    ("pt-BR, 200 words", |n| request(texts::portuguese(n, 200, false), "pt-BR", false)),
    ("zh, 20 characters", |n| request(texts::chinese(n, 20), "zh-Hans", false)),
    ("zh, 200 characters", |n| request(texts::chinese(n, 200), "zh-Hans", false)),
    ("zh, 2,000 characters", |n| request(texts::chinese(n, 2000), "zh-Hans", false)),
    ("HTML, 240 words, half of them quoted", |n| request(texts::html(n), "en", true)),
];

/// Different requests of one kind.
const VARIANTS: usize = 50;

pub(crate) async fn run(time: Duration, connections: &[usize]) {
    println!("| text | wire | connections | checks/s | p50 / p99 / p99.9 | refused | memory, MB |");
    println!("|---|---|---|---|---|---|---|");
    let program = Program::start(None);
    for (name, make) in ROWS {
        let requests: Vec<_> = (0..VARIANTS).map(make).collect();
        for wire in [Wire::Grpc, Wire::GrpcWeb] {
            for &count in connections {
                let mut clients = Vec::new();
                for _ in 0..count {
                    clients.push(Client::connect(program.address, wire).await);
                }
                // Once, so that connections stand and suggestions are remembered, as they are in a running service.
                measure(clients.clone(), &requests, Duration::from_millis(300)).await;
                let started = Instant::now();
                let outcome = measure(clients, &requests, time).await;
                println!(
                    "| {name} | {wire:?} | {count} | {:.0} | {} | {} | {:.0} |",
                    outcome.answered() as f64 / started.elapsed().as_secs_f64(),
                    outcome.percentiles(),
                    outcome.refusals(),
                    program.resident(),
                );
            }
        }
    }
}

/// All clients at once, each with one call at a time.
pub(crate) async fn measure(clients: Vec<Client>, requests: &[CheckSpellingRequest], time: Duration) -> Outcome {
    let end = Instant::now() + time;
    let work = clients.into_iter().enumerate().map(|(number, mut client)| {
        let requests = requests.to_vec();
        tokio::spawn(async move {
            let mut outcome = Outcome::default();
            for message in requests.iter().cycle().skip(number % requests.len()) {
                let started = Instant::now();
                if started >= end {
                    break;
                }
                outcome.add(client.check(message.clone(), 10_000).await, started.elapsed());
            }
            outcome
        })
    });
    let mut all = Outcome::default();
    for task in work.collect::<Vec<_>>() {
        all.merge(task.await.unwrap());
    }
    all
}
