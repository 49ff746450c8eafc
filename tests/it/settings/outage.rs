//! PostgreSQL stopped and started under load. Ignored unless asked for, as it takes the database from all other tests:
//! tools/postgres-test.sh does it.

use std::{
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use tonic::Code;
use vermilion::{
    app::demo,
    storage::{DatabaseStore, PostgresEngine},
};

use super::{engines::Fresh, servers::Replica};
use crate::support::engines::StorageEngine;

const TTL: Duration = Duration::from_secs(1);

fn control(action: &[&str]) {
    let command = std::env::var("TEST_POSTGRES_CONTROL").unwrap();
    let mut words = command.split_whitespace();
    assert!(Command::new(words.next().unwrap()).args(words).args(action).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "stops the database: tools/postgres-test.sh"]
async fn nothing_wrong_is_said_spelling_goes_on_and_it_recovers_by_itself() {
    let fresh = Fresh::open(StorageEngine::Postgres).await;
    demo::seed(fresh.store.as_ref()).await.unwrap();
    let open = || async {
        let engine = PostgresEngine::open(&fresh.location, 5, Duration::from_secs(2)).await.unwrap();
        Arc::new(DatabaseStore::new(engine, Duration::from_secs(2)))
    };
    let (one, other) = (open().await, open().await);
    let mut health = one.health();
    let watched = Arc::clone(&one);
    let watch = tokio::spawn(async move { watched.watch_over().await });
    let replicas = Arc::new([Replica::start(one, TTL, true).await, Replica::start(other, TTL, true).await]);
    // When the switch was turned off for good.
    let off = Arc::new(Mutex::new(None::<Instant>));
    let stop = Arc::new(AtomicBool::new(false));
    let load = |n: usize| {
        let (replicas, off, stop) = (Arc::clone(&replicas), Arc::clone(&off), Arc::clone(&stop));
        tokio::spawn(async move {
            let (mut calls, mut closed) = (0, 0);
            while !stop.load(SeqCst) {
                let replica = &replicas[n % 2];
                let asked = Instant::now();
                let off_before = *off.lock().unwrap();
                match replica.available("demo", "ana").await {
                    Ok(true) => {
                        let since = off_before.map(|off| asked.duration_since(off));
                        assert!(since.is_none_or(|since| since <= TTL), "available {since:?} after it was turned off");
                    }
                    Ok(false) => {}
                    Err(status) => {
                        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
                        closed += 1;
                    }
                }
                // The tenant's own word is never marked, the mistake always.
                assert_eq!(replica.marked("demo", "ana", "Your FreteBox has beeen sent.").await.unwrap(), ["beeen"]);
                calls += 2;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            (calls, closed)
        })
    };
    let tasks: Vec<_> = (0..8).map(load).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(replicas[0].available("demo", "ana").await.unwrap());

    replicas[0].turn("demo", "ana", false).await.unwrap();
    *off.lock().unwrap() = Some(Instant::now());
    control(&["stop", "--mode=immediate"]);
    tokio::time::sleep(3 * TTL).await;
    for replica in replicas.iter() {
        assert_eq!(replica.available("demo", "ana").await.unwrap_err().code(), Code::Unavailable);
        assert_eq!(replica.turn("demo", "ana", true).await.unwrap_err().code(), Code::Unavailable);
    }
    let told = tokio::time::timeout(Duration::from_secs(30), health.wait_for(|is_well| !is_well)).await.is_ok();
    assert!(told, "health does not tell");
    control(&["start"]);
    let started = Instant::now();
    for replica in replicas.iter() {
        while !matches!(replica.available("demo", "ana").await, Ok(false)) {
            assert!(started.elapsed() < Duration::from_secs(30), "it does not recover");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    println!("polishing answers again {} ms after the start of the database", started.elapsed().as_millis());
    *off.lock().unwrap() = None;
    replicas[1].turn("demo", "ana", true).await.unwrap();
    while !replicas[0].available("demo", "ana").await.unwrap() {
        assert!(started.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let told = tokio::time::timeout(Duration::from_secs(30), health.wait_for(|is_well| *is_well)).await.is_ok();
    assert!(told, "health does not recover");
    watch.abort();
    stop.store(true, SeqCst);
    let (mut calls, mut closed) = (0, 0);
    for task in tasks {
        let (some, few) = task.await.unwrap();
        (calls, closed) = (calls + some, closed + few);
    }
    println!("{calls} calls under load, {closed} of them UNAVAILABLE, none wrong");
    assert!(closed > 0);
}
