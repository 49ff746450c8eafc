//! Composes polishing: a model, the ledger of the store, and spelling for what comes out.

use std::{
    convert::Infallible,
    future,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio_util::task::TaskTracker;

use super::model;
use crate::{
    config::Config,
    polishing::{
        quota::{Ledger, memory::MemoryLedger},
        service::{Needs, Polisher},
    },
    transport::{engine::Engine, proofreading::EngineProofreader},
};

/// How often what is too old is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);

/// The polisher that the configuration asks for, if it names a model. Without a store its counts end with the process.
///
/// # Errors
/// As [`model::model`].
pub fn polisher(
    config: &Config,
    ledger: Option<Arc<dyn Ledger>>,
    engine: Arc<dyn Engine>,
    tasks: TaskTracker,
) -> anyhow::Result<Option<Arc<Polisher>>> {
    let Some((model, key)) = model::model(config)? else { return Ok(None) };
    let needs = Needs {
        model,
        ledger: ledger.unwrap_or_else(|| Arc::new(MemoryLedger::default())),
        proofreader: Arc::new(EngineProofreader(engine)),
        privacy: config.privacy.rules(),
        key,
        tasks,
    };
    Ok(Some(Arc::new(Polisher::new(needs).at_most(config.polishing.calls))))
}

/// Forgets old polishes now and then. Never ends.
pub async fn forget(ledger: Option<Arc<dyn Ledger>>) -> Infallible {
    let Some(ledger) = ledger else { return future::pending().await };
    loop {
        tokio::time::sleep(FORGET_EVERY).await;
        match ledger.expire(SystemTime::now()).await {
            Ok(0) | Err(_) => {}
            Ok(polishes) => tracing::info!(polishes, "old polishes are forgotten"),
        }
    }
}
