//! Opens the store that the configuration names, and puts the cache over it.

use std::{convert::Infallible, future, sync::Arc};

use anyhow::{Context as _, anyhow};

use super::demo;
use crate::{
    config::{Config, settings::Location},
    polishing::quota::Ledger,
    settings::{Cache, Store},
    storage::{Database, PostgresEngine, SqliteEngine},
};

/// A database, by what it is used for.
pub struct Opened {
    /// The settings.
    pub store: Arc<dyn Store>,
    /// The polishes.
    pub ledger: Arc<dyn Ledger>,
}

/// The store of `settings.store`; `None`, if there is none. One in memory holds the demonstration.
///
/// # Errors
/// If it cannot be opened or brought up to date. A database that cannot be reached just now is no error.
pub async fn store(config: &Config) -> anyhow::Result<Option<Opened>> {
    let settings = &config.settings;
    let opened = match &settings.store {
        Location::None => return Ok(None),
        Location::Memory => {
            let engine = SqliteEngine::in_memory().await.context("cannot keep settings in memory")?;
            let opened = both(Database::new(engine, settings.timeout));
            demo::fill(opened.store.as_ref()).await.context("cannot write the demonstration")?;
            opened
        }
        Location::Sqlite(path) => {
            let engine = SqliteEngine::open(path, settings.connections).await.map_err(root);
            let engine = engine.with_context(|| format!("settings.store: cannot open {}", path.display()))?;
            both(Database::new(engine, settings.timeout))
        }
        Location::Postgres(url) => {
            // The error may quote parts of the URL, but never the password: the driver keeps it to itself.
            let engine = PostgresEngine::open(url, settings.connections, settings.timeout).await.map_err(root);
            both(Database::new(engine.context("settings.store: cannot use the database")?, settings.timeout))
        }
    };
    Ok(Some(opened))
}

/// The last error of the chain: the driver's errors repeat each the next.
fn root(error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    anyhow!("{}", anyhow::Error::from(error).root_cause())
}

fn both<D: Store + Ledger>(database: D) -> Opened {
    let database = Arc::new(database);
    Opened { store: database.clone(), ledger: database }
}

/// The cache over it, and the ledger in the same database; said once.
///
/// # Errors
/// As [`store`].
pub async fn cache(config: &Config) -> anyhow::Result<Option<(Arc<Cache>, Arc<dyn Ledger>)>> {
    match &config.settings.store {
        Location::None => tracing::info!("settings.store is none: there are no tenants, and only spelling is open"),
        Location::Memory => tracing::info!("settings are in memory, with a demo tenant, and end with the process"),
        Location::Sqlite(path) => tracing::info!(path = %path.display(), "settings are in a file"),
        Location::Postgres(_) => tracing::info!("settings are in PostgreSQL"),
    }
    let cached = |opened: Opened| (Arc::new(Cache::new(opened.store, config.settings.cache_ttl)), opened.ledger);
    Ok(store(config).await?.map(cached))
}

/// Keeps the cache up to date with what others change. Never ends.
pub async fn follow(cache: Option<Arc<Cache>>) -> Infallible {
    if let Some(cache) = cache {
        cache.follow().await;
    }
    future::pending().await
}
