//! `grpc.health.v1`, for the whole and for each service. Says SERVING only between the start of the listener and the signal
//! to stop.

use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

/// What the health service says.
#[derive(Clone, Debug)]
pub(crate) struct ServiceHealth {
    reporter: HealthReporter,
    services: Vec<&'static str>,
}

impl ServiceHealth {
    /// Not serving yet. The services are those that are there at all.
    pub(crate) async fn new(services: &[&'static str]) -> Self {
        // The empty name stands for the whole.
        let services = [&[""], services].concat();
        let health = Self { reporter: HealthReporter::new(), services };
        health.set(ServingStatus::NotServing).await;
        health
    }

    /// Ready for calls.
    pub(crate) async fn set_serving(&self) {
        self.set(ServingStatus::Serving).await;
    }

    /// Going; calls in hand still finish.
    pub(crate) async fn set_not_serving(&self) {
        self.set(ServingStatus::NotServing).await;
    }

    /// The service that says so.
    #[must_use]
    pub(crate) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    async fn set(&self, status: ServingStatus) {
        for &service in &self.services {
            self.reporter.set_service_status(service, status).await;
        }
    }
}
