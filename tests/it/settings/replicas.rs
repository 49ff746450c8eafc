//! Two servers on one PostgreSQL: what one writes, the other sees, by its news at once and by its time to live at last.

use std::time::{Duration, Instant};

use vermilion::{app::demo, storage::PostgresEngine};

use super::{
    engines::{Fresh, TIMEOUT},
    servers::Replica,
};
use crate::support::engines::StorageEngine;

/// How long it takes the reader to see each of some changes, in milliseconds, ascending.
async fn delays(writer: &Replica, reader: &Replica, changes: usize) -> Vec<u128> {
    let mut delays = Vec::new();
    for n in 0..changes {
        let on = n % 2 == 1;
        assert_eq!(reader.available("demo", "ana").await.unwrap(), !on);
        writer.turn("demo", "ana", on).await.unwrap();
        let written = Instant::now();
        // On the replica that wrote it, at once.
        assert_eq!(writer.available("demo", "ana").await.unwrap(), on);
        while reader.available("demo", "ana").await.unwrap() != on {
            assert!(written.elapsed() < Duration::from_secs(20), "change {n} is never seen");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        delays.push(written.elapsed().as_millis());
    }
    delays.sort_unstable();
    delays
}

#[tokio::test]
#[ignore = "needs TEST_POSTGRES_URL: tools/postgres-test.sh"]
async fn a_change_is_seen_by_the_other_replica() {
    let fresh = Fresh::open(StorageEngine::Postgres).await;
    demo::seed(fresh.store.as_ref()).await.unwrap();
    // A time to live so long that only news can be the reason.
    let long = Duration::from_secs(60);
    let writer = Replica::start(fresh.store.clone(), long, true).await;
    let reader = Replica::start(fresh.replica().await, long, true).await;
    // The listeners may not be there yet, and say so when they are.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let seen = delays(&writer, &reader, 40).await;
    println!("seen through news after {} ms (median), {} ms (most)", seen[20], seen[39]);

    // And without any news, the time to live.
    let deaf = Replica::start(fresh.replica().await, Duration::from_millis(300), false).await;
    let seen = delays(&writer, &deaf, 6).await;
    println!("seen without news, with a time to live of 300 ms, after {} ms (median), {} ms (most)", seen[3], seen[5]);
}

#[tokio::test]
#[ignore = "needs TEST_POSTGRES_URL: tools/postgres-test.sh"]
async fn replicas_that_start_together_bring_the_database_up_to_date_once() {
    let fresh = Fresh::open(StorageEngine::Postgres).await;
    let start = |_| {
        let location = fresh.location.clone();
        tokio::spawn(async move { PostgresEngine::open(&location, 2, TIMEOUT).await.is_ok() })
    };
    for started in (0..4).map(start).collect::<Vec<_>>() {
        assert!(started.await.unwrap());
    }
}
