//! `grpc.health.v1`, for the whole and for each service. Says SERVING only between the start of the listener and the signal
//! to stop; of what needs the settings store, only while that takes changes. The whole does not: spelling goes on.

use std::{convert::Infallible, future};

use tokio::sync::watch;
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

use super::proto::{polishing_service_server, settings_service_server};

/// What is closed while the store fails.
const NEED_THE_STORE: [&str; 2] = [settings_service_server::SERVICE_NAME, polishing_service_server::SERVICE_NAME];

/// What the health service says.
#[derive(Debug)]
pub(crate) struct ServiceHealth {
    reporter: HealthReporter,
    services: Vec<&'static str>,
    need_the_store: Vec<&'static str>,
    is_serving: watch::Sender<bool>,
}

impl ServiceHealth {
    /// Not serving yet. The services are those that are there at all.
    pub(crate) async fn new(services: &[&'static str]) -> Self {
        // The empty name stands for the whole.
        let services = [&[""], services].concat();
        let need_the_store = NEED_THE_STORE.into_iter().filter(|service| services.contains(service)).collect();
        let is_serving = watch::Sender::new(false);
        let health = Self { reporter: HealthReporter::new(), services, need_the_store, is_serving };
        health.set(&health.services, ServingStatus::NotServing).await;
        health
    }

    /// Ready for calls.
    pub(crate) async fn set_serving(&self) {
        self.is_serving.send_replace(true);
        self.set(&self.services, ServingStatus::Serving).await;
    }

    /// Going; calls in hand still finish.
    pub(crate) async fn set_not_serving(&self) {
        self.is_serving.send_replace(false);
        self.set(&self.services, ServingStatus::NotServing).await;
    }

    /// Says of what needs the store how the store is. Never ends.
    pub(crate) async fn follow_store(&self, is_well: Option<watch::Receiver<bool>>) -> Infallible {
        let Some(mut is_well) = is_well else { return future::pending().await };
        let mut is_serving = self.is_serving.subscribe();
        loop {
            tokio::select! {
                changed = is_well.changed() => if changed.is_err() {
                    // Nobody watches over it any more.
                    return future::pending().await;
                },
                _ = is_serving.changed() => {}
            }
            // Whatever has just been said of all: after the last change of either, this is said of these.
            let is_open = *is_well.borrow_and_update() && *is_serving.borrow_and_update();
            self.set(&self.need_the_store, if is_open { ServingStatus::Serving } else { ServingStatus::NotServing })
                .await;
        }
    }

    /// The service that says so.
    #[must_use]
    pub(crate) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    async fn set(&self, services: &[&'static str], status: ServingStatus) {
        for service in services {
            self.reporter.set_service_status(service, status).await;
        }
    }
}
