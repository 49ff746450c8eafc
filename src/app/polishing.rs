//! Composes polishing: a model, the ledger of the store, and spelling for what comes out.

use std::{convert::Infallible, future, sync::Arc, time::Duration};

use tokio_util::task::TaskTracker;

use crate::{
    config::Config,
    polishing::{
        ChatModel,
        quota::QuotaLedger,
        review::Reviewer,
        secret::FingerprintKey,
        service::{Polisher, PolisherDependencies},
    },
    settings::SettingsReader,
    transport::{engine::SpellingEngine, proofreading::EngineProofreader},
};

/// How often what is too old is forgotten.
const EXPIRE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The polisher that the configuration asks for.
pub(super) fn polisher(
    config: &Config,
    (model, key): (Arc<dyn ChatModel>, FingerprintKey),
    reviewer: Option<Reviewer>,
    settings: Arc<dyn SettingsReader>,
    ledger: Arc<dyn QuotaLedger>,
    engine: Arc<dyn SpellingEngine>,
    tasks: TaskTracker,
) -> Arc<Polisher> {
    let needs = PolisherDependencies {
        model,
        settings,
        ledger,
        proofreader: Arc::new(EngineProofreader(engine)),
        privacy: config.privacy.compile(),
        key,
        tasks,
    };
    let polisher = Polisher::new(needs).with_max_concurrency(config.polishing.calls);
    Arc::new(match reviewer {
        Some(reviewer) => polisher.with_reviewer(reviewer),
        None => polisher,
    })
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
