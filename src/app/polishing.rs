//! Composes polishing: a model, the ledger of the store, and spelling for what comes out.

use std::{convert::Infallible, future, sync::Arc, time::Duration};

use tokio_util::task::TaskTracker;

use super::model;
use crate::{
    config::Config,
    polishing::{
        quota::QuotaLedger,
        service::{Polisher, PolisherDependencies},
    },
    transport::{engine::SpellingEngine, proofreading::EngineProofreader},
};

/// How often what is too old is forgotten.
const EXPIRE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The polisher that the configuration asks for, if it names a model.
///
/// # Errors
/// As [`model::model`].
pub fn polisher(
    config: &Config,
    ledger: Arc<dyn QuotaLedger>,
    engine: Arc<dyn SpellingEngine>,
    tasks: TaskTracker,
) -> anyhow::Result<Option<Arc<Polisher>>> {
    let Some((model, key)) = model::model(config)? else { return Ok(None) };
    let needs = PolisherDependencies {
        model,
        ledger,
        proofreader: Arc::new(EngineProofreader(engine)),
        privacy: config.privacy.compile(),
        key,
        tasks,
    };
    Ok(Some(Arc::new(Polisher::new(needs).with_max_concurrency(config.polishing.calls))))
}

/// Forgets old polishes now and then. Never ends.
pub(crate) async fn expire_old_polishes(ledger: Option<Arc<dyn QuotaLedger>>) -> Infallible {
    let Some(ledger) = ledger else { return future::pending().await };
    loop {
        tokio::time::sleep(EXPIRE_INTERVAL).await;
        match ledger.delete_expired(super::wall_clock()).await {
            Ok(0) | Err(_) => {}
            Ok(polishes) => tracing::info!(polishes, "old polishes are forgotten"),
        }
    }
}
