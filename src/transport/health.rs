//! `grpc.health.v1`, for the whole and for each service. Says SERVING only between the start of the listener and the signal
//! to stop; of what needs the settings store, only while that takes changes. The whole does not: spelling goes on.

use std::{convert::Infallible, future, pin::Pin};

use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Code, Request, Response, Status};
use tonic_health::{
    ServingStatus,
    pb::{
        HealthCheckRequest, HealthCheckResponse, health_check_response,
        health_server::{Health, HealthServer},
    },
    server::{HealthReporter, HealthService},
};

use super::proto::{polishing_service_server, settings_service_server};

/// What is closed while the store fails.
const NEED_THE_STORE: [&str; 2] = [settings_service_server::SERVICE_NAME, polishing_service_server::SERVICE_NAME];

/// tonic's service, but that a watch of an unknown service is told so and goes on, as `health.proto` has it.
struct HealthHandlers(HealthService);

type Statuses = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

#[tonic::async_trait]
impl Health for HealthHandlers {
    type WatchStream = Statuses;

    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        self.0.check(request).await
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Statuses>, Status> {
        match self.0.watch(request).await {
            Ok(response) => Ok(response.map(|statuses| Box::pin(statuses) as Statuses)),
            Err(status) if status.code() == Code::NotFound => {
                let unknown =
                    HealthCheckResponse { status: health_check_response::ServingStatus::ServiceUnknown.into() };
                // No service comes to be while the program runs.
                Ok(Response::new(Box::pin(tokio_stream::once(Ok(unknown)).chain(tokio_stream::pending()))))
            }
            Err(status) => Err(status),
        }
    }
}

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

    /// Whether calls are taken.
    pub(crate) fn is_serving(&self) -> watch::Receiver<bool> {
        self.is_serving.subscribe()
    }

    /// The service that says so.
    #[must_use]
    pub(crate) fn service(&self) -> HealthServer<impl Health> {
        HealthServer::new(HealthHandlers(HealthService::from_health_reporter(self.reporter.clone())))
    }

    async fn set(&self, services: &[&'static str], status: ServingStatus) {
        for service in services {
            self.reporter.set_service_status(service, status).await;
        }
    }
}
