//! The engines that a test runs on.

use std::{
    io::Write as _,
    sync::{
        Arc, Once,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use vermilion::{
    settings::SettingsStore,
    storage::{DatabaseStore, PostgresEngine, SqliteEngine},
};

/// Long: a test machine may be busy.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// An empty store, gone when it is dropped.
pub(crate) struct Fresh {
    pub(crate) store: Arc<dyn SettingsStore>,
    pub(crate) engine: &'static str,
    /// For `settings.store`.
    pub(crate) location: String,
    _folder: Option<TempDir>,
}

impl Fresh {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/settings.db");
        let engine = SqliteEngine::open(&path, 4).await.unwrap();
        let store = Arc::new(DatabaseStore::new(engine, TIMEOUT));
        Self { store, engine: "SQLite", location: format!("sqlite:{}", path.display()), _folder: Some(folder) }
    }

    /// `None`, and a line to say so, where there is no PostgreSQL.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            // Past the harness, which keeps to itself what a test prints that does not fail.
            static SAID: Once = Once::new();
            let line =
                b"\n*** SKIPPED on PostgreSQL: TEST_POSTGRES_URL is not set; tools/postgres-test.sh sets it ***\n";
            SAID.call_once(|| std::io::stderr().write_all(line).unwrap());
            return None;
        };
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("vermilion_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
        connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        connection.close().await.unwrap();
        let location = format!("{server}/{name}");
        let store = Arc::new(DatabaseStore::new(PostgresEngine::open(&location, 5, TIMEOUT).await.unwrap(), TIMEOUT));
        Some(Self { store, engine: "PostgreSQL", location, _folder: None })
    }

    /// Each engine that there is.
    pub(crate) async fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite().await];
        all.extend(Self::postgres().await);
        all
    }
}
