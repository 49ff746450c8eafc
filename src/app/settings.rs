//! Opens the store that the configuration names, and puts the cache over it.

use std::{convert::Infallible, future, sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow};
use tokio::sync::watch;

use super::demo;
use crate::{
    config::{Config, settings::StoreLocation},
    polishing::quota::QuotaLedger,
    settings::{Cache, LearningStore, SettingsStore},
    storage::{DatabaseStore, PostgresEngine, SqliteEngine},
};

/// How often words are forgotten that are too old.
const FORGET_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A database, by what it is used for.
pub(crate) struct StorageHandles {
    /// The settings.
    pub store: Arc<dyn SettingsStore>,
    /// The polishes.
    pub ledger: Arc<dyn QuotaLedger>,
    database: Arc<DatabaseStore>,
}

/// A ledger that ends with the process, for a service without a store.
///
/// # Errors
/// If SQLite itself fails.
pub(super) async fn ledger_in_memory(config: &Config) -> anyhow::Result<Arc<dyn QuotaLedger>> {
    let engine = SqliteEngine::in_memory().await.context("cannot keep a ledger in memory")?;
    Ok(Arc::new(DatabaseStore::new(engine, config.settings.timeout)))
}

/// The store of `settings.store`; `None`, if there is none. One in memory holds the demonstration.
///
/// # Errors
/// If it cannot be opened or brought up to date. A database that cannot be reached just now is no error.
pub(crate) async fn open_storage(config: &Config) -> anyhow::Result<Option<StorageHandles>> {
    let settings = &config.settings;
    let opened = match &settings.store {
        StoreLocation::None => return Ok(None),
        StoreLocation::Memory => {
            let engine = SqliteEngine::in_memory().await.context("cannot keep settings in memory")?;
            let opened = into_handles(DatabaseStore::new(engine, settings.timeout));
            demo::seed(opened.store.as_ref()).await.context("cannot write the demonstration")?;
            opened
        }
        StoreLocation::Sqlite(path) => {
            let engine = SqliteEngine::open(path, settings.connections).await.map_err(root_cause);
            let engine = engine.with_context(|| format!("settings.store: cannot open {}", path.display()))?;
            into_handles(DatabaseStore::new(engine, settings.timeout))
        }
        StoreLocation::Postgres(url) => {
            // The error may name host, user and database, but never the password: the driver keeps it to itself.
            let engine = PostgresEngine::open(url, settings.connections, settings.timeout).await.map_err(root_cause);
            into_handles(DatabaseStore::new(
                engine.context("settings.store: cannot use the database")?,
                settings.timeout,
            ))
        }
    };
    Ok(Some(opened))
}

/// The last error of the chain: the driver's errors repeat each the next.
fn root_cause(error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    anyhow!("{}", anyhow::Error::from(error).root_cause())
}

fn into_handles(database: DatabaseStore) -> StorageHandles {
    let database = Arc::new(database);
    StorageHandles { store: database.clone(), ledger: database.clone(), database }
}

/// The database of a service.
pub(crate) struct OpenedStore {
    /// The settings.
    pub cache: Arc<Cache>,
    /// The polishes.
    pub ledger: Arc<dyn QuotaLedger>,
    database: Arc<DatabaseStore>,
}

impl OpenedStore {
    /// Whether it takes changes.
    pub(crate) fn health(&self) -> watch::Receiver<bool> {
        self.database.health()
    }
}

/// The cache over it, and the ledger in the same database; said once.
///
/// # Errors
/// As [`open_storage`].
pub(crate) async fn open_with_cache(config: &Config) -> anyhow::Result<Option<OpenedStore>> {
    match &config.settings.store {
        StoreLocation::None => {
            tracing::info!("settings.store is none: there are no tenants, and only spelling is open");
        }
        StoreLocation::Memory => tracing::info!("settings are in memory, with a demo tenant, and end with the process"),
        StoreLocation::Sqlite(path) => tracing::info!(path = %path.display(), "settings are in a file"),
        StoreLocation::Postgres(_) => tracing::info!("settings are in PostgreSQL"),
    }
    let cached = |StorageHandles { store, ledger, database }| {
        let cache = Arc::new(Cache::new(store, config.settings.cache_ttl));
        OpenedStore { cache, ledger, database }
    };
    Ok(open_storage(config).await?.map(cached))
}

/// Keeps the cache up to date with what others change, watches over the database, and forgets words that nobody reports any more. Never
/// ends.
pub(crate) async fn follow(opened: Option<OpenedStore>) -> Infallible {
    let Some(OpenedStore { cache, database, .. }) = opened else { return future::pending().await };
    let ((), never, _) = tokio::join!(cache.follow(), database.watch_over(), forget_candidates(database.as_ref()));
    match never {}
}

async fn forget_candidates(store: &dyn LearningStore) -> Infallible {
    loop {
        tokio::time::sleep(FORGET_INTERVAL).await;
        match store.delete_expired_candidates(super::wall_clock()).await {
            Ok(0) | Err(_) => {}
            Ok(words) => tracing::info!(words, "reported words that nobody reports any more are forgotten"),
        }
    }
}
