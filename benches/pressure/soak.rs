//! Hours of mixed traffic: agents that come and go, all languages, nonsense, and calls that are given up. Memory must not grow.

use std::time::{Duration, Instant};

use tokio::time::{self, MissedTickBehavior};

use super::{
    clients::{Client, Wire, request},
    outcome::Outcome,
    program::Program,
    texts,
};
use vermilion::transport::proto::CheckSpellingRequest;

/// Time between two checks of one agent.
const PAUSE: Duration = Duration::from_millis(200);

/// Checks of an agent before it closes its page.
const CHECKS: usize = 300;

/// How much memory may grow after it has warmed up.
const GROWTH: f64 = 1.1;

/// So many agents at work at the same time; whether memory stayed within a tenth of what it was after the warm-up.
pub(crate) async fn run(agents: usize, duration: Duration, warm_up: Duration) -> bool {
    let program = Program::start(None);
    let end = Instant::now() + warm_up + duration;
    let address = program.address;
    let agents: Vec<_> =
        (0..agents).map(|agent| tokio::spawn(async move { work(address, agent, end).await })).collect();
    println!("start: {:.1} MB", program.resident());
    time::sleep(warm_up).await;
    let warm = program.resident();
    println!("after a warm-up of {} s: {warm:.1} MB", warm_up.as_secs());
    let mut most = warm;
    let step = Duration::from_secs(10).max(duration / 60);
    while Instant::now() + step < end {
        time::sleep(step).await;
        let now = program.resident();
        most = most.max(now);
        println!("{:>6} s before the end: {now:.1} MB", end.saturating_duration_since(Instant::now()).as_secs());
    }
    let mut all = Outcome::default();
    for agent in agents {
        all.merge(agent.await.unwrap());
    }
    println!("most: {most:.1} MB, {:.3} of what it was", most / warm);
    println!("{} answered, {}; refused: {}", all.answered(), all.percentiles(), all.refusals());
    most <= GROWTH * warm
}

async fn work(address: std::net::SocketAddr, agent: usize, end: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    let mut number = agent * 100_003;
    let mut tick = time::interval(PAUSE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < end {
        let wire = if agent.is_multiple_of(2) { Wire::Grpc } else { Wire::GrpcWeb };
        let mut client = Client::connect(address, wire).await;
        for _ in 0..CHECKS {
            tick.tick().await;
            if Instant::now() >= end {
                break;
            }
            number += 1;
            let started = Instant::now();
            // One in ten gives up long before the answer can be there.
            let patience = if number.is_multiple_of(10) { 1 } else { 10_000 };
            outcome.add(client.check(message(number), patience).await, started.elapsed());
        }
    }
    outcome
}

fn message(number: usize) -> CheckSpellingRequest {
    match number % 16 {
        0 => request(nonsense(number), "en", false),
        1 => request(texts::english(number, 2000, true), "en", false),
        2 => request(texts::chinese(number, 1000), "zh-Hans", false),
        3..=5 => request(texts::html(number), "en", true),
        6..=8 => request(texts::portuguese(number, 60, true), "pt-BR", false),
        9..=11 => request(texts::chinese(number, 60), "zh-Hans", false),
        _ => request(texts::english(number, 40, true), "en", false),
    }
}

/// Two hundred words that nobody knows.
fn nonsense(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    let word = |at: usize| [number, at, number / 26 + at, at / 26, number + 7].map(letter).iter().collect::<String>();
    (0..200).map(word).collect::<Vec<_>>().join(" ")
}
