//! A test of storage is two tests, one on each engine: where there is no PostgreSQL, its own is told as ignored and not as passed.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

#[derive(Clone, Copy)]
pub(crate) enum StorageEngine {
    Sqlite,
    Postgres,
}

/// Makes the tests `NAME::sqlite` and `NAME::postgres` of an asynchronous function that takes the engine.
macro_rules! on_each_engine {
    ($name:ident) => {
        mod $name {
            use crate::support::engines::StorageEngine;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(StorageEngine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            #[ignore = "needs TEST_POSTGRES_URL: tools/postgres-test.sh"]
            async fn postgres() {
                super::$name(StorageEngine::Postgres).await;
            }
        }
    };
}

pub(crate) use on_each_engine;

/// Where a new, empty database is, on the server that TEST_POSTGRES_URL names; its user may create them.
pub(crate) async fn create_postgres_database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL");
    let name = format!("vermilion_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    connection.close().await.unwrap();
    format!("{server}/{name}")
}
