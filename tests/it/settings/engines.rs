//! Stores of settings on the engine that a test runs on.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use vermilion::{
    settings::SettingsStore,
    storage::{DatabaseStore, PostgresEngine, SqliteEngine},
};

use crate::support::engines::{StorageEngine, create_postgres_database};

/// Long: a test machine may be busy.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// An empty store, gone when it is dropped.
pub(crate) struct Fresh {
    pub(crate) store: Arc<dyn SettingsStore>,
    /// For `settings.store`.
    pub(crate) location: String,
    _folder: Option<TempDir>,
}

impl Fresh {
    pub(crate) async fn open(engine: StorageEngine) -> Self {
        match engine {
            StorageEngine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("new/settings.db");
                let engine = SqliteEngine::open(&path, 4).await.unwrap();
                let store = Arc::new(DatabaseStore::new(engine, TIMEOUT));
                Self { store, location: format!("sqlite:{}", path.display()), _folder: Some(folder) }
            }
            StorageEngine::Postgres => {
                let location = create_postgres_database().await;
                let engine = PostgresEngine::open(&location, 5, TIMEOUT).await.unwrap();
                Self { store: Arc::new(DatabaseStore::new(engine, TIMEOUT)), location, _folder: None }
            }
        }
    }

    /// Another store over the same database, as another replica has it.
    pub(crate) async fn replica(&self) -> Arc<dyn SettingsStore> {
        match self.location.strip_prefix("sqlite:") {
            Some(path) => {
                let engine = SqliteEngine::open(Path::new(path), 4).await.unwrap();
                Arc::new(DatabaseStore::new(engine, TIMEOUT))
            }
            None => {
                let engine = PostgresEngine::open(&self.location, 5, TIMEOUT).await.unwrap();
                Arc::new(DatabaseStore::new(engine, TIMEOUT))
            }
        }
    }

    /// What someone at the database's own prompt does.
    pub(crate) async fn execute(&self, statement: &'static str) {
        if self.location.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.location).await.unwrap();
            connection.execute(statement).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.location).await.unwrap();
            connection.execute(statement).await.unwrap();
        }
    }
}
