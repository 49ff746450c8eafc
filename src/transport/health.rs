//! `grpc.health.v1`, for the whole and for each service. Says SERVING only between the start of the listener and the signal
//! to stop.

use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

/// The empty name stands for the whole.
const SERVICES: [&str; 2] = ["", super::proto::spelling_service_server::SERVICE_NAME];

/// What the health service says.
#[derive(Clone, Debug)]
pub struct Health {
    reporter: HealthReporter,
}

impl Health {
    /// Not serving yet.
    pub async fn starting() -> Self {
        let health = Self { reporter: HealthReporter::new() };
        health.set(ServingStatus::NotServing).await;
        health
    }

    /// Ready for calls.
    pub async fn serving(&self) {
        self.set(ServingStatus::Serving).await;
    }

    /// Going; calls in hand still finish.
    pub async fn stopping(&self) {
        self.set(ServingStatus::NotServing).await;
    }

    /// The service that says so.
    #[must_use]
    pub fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(HealthService::from_health_reporter(self.reporter.clone()))
    }

    async fn set(&self, status: ServingStatus) {
        for service in SERVICES {
            self.reporter.set_service_status(service, status).await;
        }
    }
}
