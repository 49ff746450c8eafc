//! The server: puts layers and services together, serves on a listener that it is given, and stops in good order.

use std::{future, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    time,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{codec::CompressionEncoding, service::Routes};
use tonic_web::GrpcWebLayer;
use tower::ServiceBuilder;

use super::{
    admin::{AdminPort, Readiness},
    caller::CallerHandlers,
    connections::{Connections, Layers, TlsError},
    engine::SpellingEngine,
    health::ServiceHealth,
    layers::{Admission, Around, CallLog, CatchPanic, Deadline, Identify, NameCall, RequestLimits, RequestShapes},
    page::{PageFacts, WorkbenchPage},
    polishing::PolishingHandlers,
    proto::{
        caller_service_server::{self, CallerServiceServer},
        polishing_service_server::{self, PolishingServiceServer},
        settings_service_server,
        spelling_service_server::{self, SpellingServiceServer},
    },
    reflection,
    settings::{self, SettingsHandlers},
    spelling::SpellingHandlers,
    web,
};
use crate::{
    auth::{Authenticator, anonymous::AnonymousLimiter},
    config::server::ServerConfig as Config,
    polishing::service::Polisher,
    settings::{NoSettings, SettingsReader, SettingsStore},
};

/// Why the server does not start, or ends by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A file of `[server.tls]`.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A descriptor set that cannot be read: a fault of the build.
    #[error("the descriptors of the API are broken")]
    Descriptors(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutdownOutcome {
    /// All calls were finished.
    Drained,
    /// The grace was over with calls still in hand.
    CutOff,
}

/// A server, ready to run.
pub struct GrpcServer {
    config: Config,
    engine: Arc<dyn SpellingEngine>,
    settings: Arc<dyn SettingsReader>,
    settings_max_age: Duration,
    authenticator: Arc<Authenticator>,
    store: Option<Arc<dyn SettingsStore>>,
    store_health: Option<watch::Receiver<bool>>,
    polisher: Option<Arc<Polisher>>,
    page: Option<PageFacts>,
    admin: Option<AdminPort>,
    reload: Arc<Notify>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl GrpcServer {
    /// Serves the engine as the configuration says. Until [`GrpcServer::with_authenticator`] nobody has an identity, and
    /// everybody may spell.
    #[must_use]
    pub fn new(config: Config, engine: Arc<dyn SpellingEngine>) -> Self {
        let authenticator = Authenticator::disabled().with_anonymous_spelling(AnonymousLimiter::unlimited());
        Self {
            config,
            engine,
            settings: Arc::new(NoSettings),
            settings_max_age: Duration::ZERO,
            authenticator: Arc::new(authenticator),
            store: None,
            store_health: None,
            polisher: None,
            page: None,
            admin: None,
            reload: Arc::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }
    }

    /// With the settings of tenants and agents, which may be `max_age` old.
    #[must_use]
    pub fn with_settings(self, settings: Arc<dyn SettingsReader>, max_age: Duration) -> Self {
        Self { settings, settings_max_age: max_age, ..self }
    }

    /// Asks this authenticator who calls.
    #[must_use]
    pub fn with_authenticator(self, authenticator: Arc<Authenticator>) -> Self {
        Self { authenticator, ..self }
    }

    /// Serves `SettingsService` over this store. Without one its methods are UNIMPLEMENTED.
    #[must_use]
    pub fn with_store(self, store: Arc<dyn SettingsStore>) -> Self {
        Self { store: Some(store), ..self }
    }

    /// Tells by the health of what needs the store whether the store takes changes. Without it, that is what it is of the whole.
    #[must_use]
    pub fn with_store_health(self, is_well: watch::Receiver<bool>) -> Self {
        Self { store_health: Some(is_well), ..self }
    }

    /// Knows of work that outlives its call; the server waits for it before it ends.
    #[must_use]
    pub fn tasks(&self) -> TaskTracker {
        self.tasks.clone()
    }

    /// Polishes with this. Without it no model is configured.
    #[must_use]
    pub fn with_polisher(self, polisher: Arc<Polisher>) -> Self {
        Self { polisher: Some(polisher), ..self }
    }

    /// With the workbench page at `/`, which is told these facts.
    #[must_use]
    pub fn with_page(self, facts: PageFacts) -> Self {
        Self { page: Some(facts), ..self }
    }

    /// With the admin port.
    #[must_use]
    pub fn with_admin(self, admin: AdminPort) -> Self {
        Self { admin: Some(admin), ..self }
    }

    /// Has the files of `[server.tls]` read anew when it is notified; else they are looked at once a minute.
    #[must_use]
    pub fn reload(&self) -> Arc<Notify> {
        Arc::clone(&self.reload)
    }

    /// Serves until `shutdown` completes; then turns health first, lets calls finish, and cuts off what outlasts the grace.
    ///
    /// # Errors
    /// [`ServeError`], if TLS cannot be set up.
    pub async fn run(
        mut self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<ShutdownOutcome, ServeError> {
        let mut services = vec![
            spelling_service_server::SERVICE_NAME,
            polishing_service_server::SERVICE_NAME,
            caller_service_server::SERVICE_NAME,
        ];
        services.extend(self.store.as_ref().map(|_| settings_service_server::SERVICE_NAME));
        let health = ServiceHealth::new(&services).await;
        let layers = self.layers(self.routes(&health)?)?;
        let connections = Connections::new(&self.config, layers, self.tasks.clone(), self.stopping.clone())?;
        health.set_serving().await;
        let readiness = Readiness { is_serving: health.is_serving(), store: self.store_health.clone() };
        let admin = self.admin.take();
        let admin = async {
            match admin {
                Some(admin) => admin.serve(readiness).await,
                None => future::pending().await,
            }
        };
        let served = async {
            connections.accept(listener).await;
            // Calls in hand are finished. Work whose client has gone is told to stop, but may need a moment.
            self.tasks.close();
            self.tasks.wait().await;
            Ok(ShutdownOutcome::Drained)
        };
        tokio::select! {
            ended = served => ended,
            () = self.stop(&health, shutdown) => Ok(ShutdownOutcome::CutOff),
            never = health.follow_store(self.store_health.clone()) => match never {},
            never = connections.follow_files(&self.reload) => match never {},
            never = admin => match never {},
        }
    }

    /// Completes when the grace is over.
    async fn stop(&self, health: &ServiceHealth, shutdown: impl Future<Output = ()>) {
        shutdown.await;
        tracing::info!("shutting down");
        health.set_not_serving().await;
        time::sleep(self.config.shutdown.delay).await;
        self.stopping.cancel();
        time::sleep(self.config.shutdown.grace).await;
    }

    fn routes(&self, health: &ServiceHealth) -> Result<Routes, ServeError> {
        let limits = &self.config.limits;
        let handlers =
            SpellingHandlers::new(Arc::clone(&self.engine), Arc::clone(&self.settings), limits, self.tasks.clone())
                .with_store(self.store.clone());
        let spelling = SpellingServiceServer::new(handlers)
            .max_decoding_message_size(limits.message_bytes())
            .accept_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Gzip);
        let handlers = PolishingHandlers::new(Arc::clone(&self.settings), self.settings_max_age, self.polisher.clone());
        // Its answers are short, and tonic compresses all messages of a stream or none.
        let polishing = PolishingServiceServer::new(handlers)
            .max_decoding_message_size(limits.message_bytes())
            .accept_compressed(CompressionEncoding::Gzip);
        let caller = CallerServiceServer::new(CallerHandlers::new(Arc::clone(&self.settings), limits));
        let mut routes = Routes::new(spelling).add_service(polishing).add_service(caller).add_service(health.service());
        if let Some(store) = &self.store {
            routes = routes.add_service(SettingsHandlers::new(Arc::clone(store)).service());
        }
        if self.config.reflection {
            let broken = |error: tonic_reflection::server::Error| ServeError::Descriptors(error.into());
            routes = routes.add_service(reflection::v1().map_err(broken)?);
            routes = routes.add_service(reflection::v1alpha().map_err(broken)?);
        }
        Ok(routes.prepare())
    }

    /// The outermost first.
    fn layers(&self, routes: Routes) -> Result<impl Layers, ServeError> {
        let pools = reflection::descriptor_pools().map_err(|error| ServeError::Descriptors(error.into()))?;
        let shapes = RequestShapes::of(&pools);
        let calls = CallLog::new(shapes.paths());
        let config = &self.config;
        let request = RequestLimits {
            message_bytes: config.limits.message_bytes().max(settings::MESSAGE_BYTES),
            // SettingsService takes nothing that is packed.
            unpacked_bytes: config.limits.message_bytes(),
            shapes,
            arrival: config.deadlines.request,
            stopping: self.stopping.clone(),
        };
        Ok(ServiceBuilder::new()
            .layer(Around(NameCall))
            .layer(web::browser_layer(&config.cors, config.development, self.page.as_ref().map(WorkbenchPage::new)))
            .layer(GrpcWebLayer::new())
            .layer(Around(calls))
            .layer(Around(Deadline::new(self.stopping.clone())))
            .layer(Identify::new(Arc::clone(&self.authenticator)))
            .layer(Admission::new(request, config.limits.tenant_share.of(config.limits.calls)))
            .layer(Around(CatchPanic))
            .service(routes))
    }
}
