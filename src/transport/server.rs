//! The server: puts layers and services together, serves on a listener that it is given, and stops in good order.

use std::{fs, io, path::PathBuf, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch, time};
use tokio_stream::StreamExt as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    codec::CompressionEncoding,
    transport::{
        self, Certificate, Identity, ServerTlsConfig,
        server::{Router, TcpIncoming},
    },
};
use tonic_web::GrpcWebLayer;
use tower::layer::util::Stack;

use super::{
    aging::AgingConnection,
    engine::SpellingEngine,
    health::ServiceHealth,
    layers::{Around, CallLog, CatchPanic, Deadline, Identify, NameCall, Overload},
    polishing::PolishingHandlers,
    proto::{
        polishing_service_server::{self, PolishingServiceServer},
        settings_service_server,
        spelling_service_server::{self, SpellingServiceServer},
    },
    reflection,
    settings::SettingsHandlers,
    spelling::SpellingHandlers,
    web,
};
use crate::{
    auth::{Authenticator, anonymous::AnonymousLimiter},
    config::{server::ServerConfig as Config, tls::TlsConfig},
    polishing::service::Polisher,
    settings::{NoSettings, SettingsReader, SettingsStore},
};

/// Why the server does not start, or ends by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A file of `[server.tls]`.
    #[error("cannot read {}", path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A descriptor set that cannot be read: a fault of the build.
    #[error("the descriptors of the API are broken")]
    Descriptors(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Tonic refuses the certificate, or the listener fails.
    #[error("the transport failed")]
    Transport(#[from] transport::Error),
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

    /// Serves until `shutdown` completes; then turns health first, lets calls finish, and cuts off what outlasts the grace.
    ///
    /// # Errors
    /// [`ServeError`], if TLS cannot be set up or the transport fails.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<ShutdownOutcome, ServeError> {
        let mut services = vec![spelling_service_server::SERVICE_NAME, polishing_service_server::SERVICE_NAME];
        services.extend(self.store.as_ref().map(|_| settings_service_server::SERVICE_NAME));
        let health = ServiceHealth::new(&services).await;
        let router = self.router(&health)?;
        let lifetime = self.config.connections.max_age + self.config.connections.max_age_grace;
        let incoming = TcpIncoming::from(listener)
            .with_nodelay(Some(true))
            .map(move |connection| connection.map(|stream| AgingConnection::new(stream, lifetime)));
        let serving = router.serve_with_incoming_shutdown(incoming, self.stopping.clone().cancelled_owned());
        health.set_serving().await;
        let served = async {
            serving.await?;
            // Work whose client has gone is told to stop, but may need a moment.
            self.tasks.close();
            self.tasks.wait().await;
            Ok(ShutdownOutcome::Drained)
        };
        tokio::select! {
            ended = served => ended,
            () = self.stop(&health, shutdown) => Ok(ShutdownOutcome::CutOff),
            never = health.follow_store(self.store_health.clone()) => match never {},
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

    fn router(&self, health: &ServiceHealth) -> Result<Router<LayerStack>, ServeError> {
        let limits = &self.config.limits;
        let handlers =
            SpellingHandlers::new(Arc::clone(&self.engine), Arc::clone(&self.settings), limits, self.tasks.clone());
        let spelling = SpellingServiceServer::new(handlers)
            .max_decoding_message_size(limits.message_bytes())
            .accept_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Gzip);
        let handlers = PolishingHandlers::new(Arc::clone(&self.settings), self.settings_max_age, self.polisher.clone());
        let polishing = PolishingServiceServer::new(handlers)
            .max_decoding_message_size(limits.message_bytes())
            .accept_compressed(CompressionEncoding::Gzip)
            .send_compressed(CompressionEncoding::Gzip);
        let settings = self.store.as_ref().map(|store| SettingsHandlers::new(Arc::clone(store)).service());
        let broken = |error: tonic_reflection::server::Error| ServeError::Descriptors(error.into());
        let reflection = self.config.reflection;
        let v1 = reflection.then(reflection::v1).transpose().map_err(broken)?;
        let v1alpha = reflection.then(reflection::v1alpha).transpose().map_err(broken)?;
        Ok(self
            .layers()?
            .add_service(spelling)
            .add_service(polishing)
            .add_optional_service(settings)
            .add_service(health.service())
            .add_optional_service(v1)
            .add_optional_service(v1alpha))
    }

    fn layers(&self) -> Result<transport::Server<LayerStack>, ServeError> {
        let paths = reflection::method_paths().map_err(|error| ServeError::Descriptors(error.into()))?;
        let config = &self.config;
        Ok(self
            .transport()?
            .layer(Around(NameCall))
            .layer(web::cors_layer(&config.cors, config.development))
            .layer(GrpcWebLayer::new())
            .layer(Around(CallLog::new(paths)))
            .layer(Around(Deadline::new(config.deadlines.clone(), self.stopping.clone())))
            .layer(Identify::new(Arc::clone(&self.authenticator)))
            .layer(Around(Overload::new(config.limits.calls)))
            .layer(Around(CatchPanic)))
    }

    fn transport(&self) -> Result<transport::Server, ServeError> {
        let connections = &self.config.connections;
        let transport = transport::Server::builder()
            // Browsers speak HTTP/1.1 where there is no TLS.
            .accept_http1(true)
            .http2_keepalive_interval(Some(connections.keepalive_interval))
            .http2_keepalive_timeout(Some(connections.keepalive_timeout))
            .max_connection_age(connections.max_age)
            .max_concurrent_streams(connections.max_streams);
        match &self.config.tls {
            None => Ok(transport),
            Some(tls) => Ok(transport.tls_config(server_tls(tls)?)?),
        }
    }
}

fn server_tls(tls: &TlsConfig) -> Result<ServerTlsConfig, ServeError> {
    let read = |path: &PathBuf| fs::read(path).map_err(|source| ServeError::Tls { path: path.clone(), source });
    let config = ServerTlsConfig::new().identity(Identity::from_pem(read(&tls.cert)?, read(&tls.key)?));
    let Some(ca) = &tls.client_ca else { return Ok(config) };
    // A wrong certificate ends the connection. None at all is for the authenticator to refuse: health is open to all.
    Ok(config.client_ca_root(Certificate::from_pem(read(ca)?)).client_auth_optional(true))
}

/// All layers, the innermost first.
type LayerStack = Stack<
    Around<CatchPanic>,
    Stack<
        Around<Overload>,
        Stack<
            Identify,
            Stack<
                Around<Deadline>,
                Stack<
                    Around<CallLog>,
                    Stack<
                        GrpcWebLayer,
                        Stack<web::BrowserLayer, Stack<Around<NameCall>, tower::layer::util::Identity>>,
                    >,
                >,
            >,
        >,
    >,
>;
