//! The composition root: the one place that puts concrete parts together.

pub mod demo;
pub mod identity;
pub mod model;
pub mod polishing;
pub mod reload;
pub mod settings;

use std::{convert::Infallible, fs, future, io::ErrorKind, sync::Arc, time::SystemTime};

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;

use self::{
    model::ConfiguredModel,
    reload::{Reload, SecretFile},
    settings::OpenedStore,
};
use crate::{
    auth::key_cache::KeyCache,
    config::{Config, auth::AuthMode},
    settings::{NoSettings, SettingsReader},
    telemetry::panics,
    transport::{
        admin::AdminPort,
        connections::check_files,
        engine::SpellingEngine,
        page::{PageFacts, PageIdentity},
        server::{GrpcServer, ShutdownOutcome},
    },
};
use vermilion_engine::spelling::{Speller, SpellerLayers, data::LanguageData};

/// What the whole process shares and any command may need; the first thing that `main` does.
pub fn prepare() {
    // Two crates in one process may ask for different providers, and rustls then panics; so there is one, from the start.
    // An error says that there is one already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    panics::install();
}

/// The time of day, for what the process does by itself and for commands; a call's comes in with it.
#[expect(clippy::disallowed_methods, reason = "the composition root hands time in")]
#[must_use]
pub(crate) fn wall_clock() -> SystemTime {
    SystemTime::now()
}

/// The spelling engine that the configuration asks for: the data built into the program, and from `spelling.data_dir`
/// whichever of its files are there.
///
/// # Errors
/// If a file cannot be read or is damaged: the message names it. Nothing is half loaded.
pub(crate) fn load_speller(config: &Config, layers: SpellerLayers) -> anyhow::Result<Speller> {
    let mut data = LanguageData::embedded();
    if let Some(folder) = &config.spelling.data_dir {
        let mut replaced = 0;
        for file in data.files_mut() {
            let path = folder.join(file.path);
            match fs::read(&path) {
                Ok(bytes) => {
                    (file.bytes, file.replaced) = (bytes.into(), true);
                    replaced += 1;
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
            }
        }
        if replaced == 0 {
            bail!(
                "spelling.data_dir: {} holds none of the files it could replace, such as en-US/lexicon.bin",
                folder.display()
            );
        }
        tracing::info!(files = replaced, "language data replaced from spelling.data_dir");
    }
    Speller::new(data, layers).context("cannot use the language data")
}

/// All that is wrong with the files that a configuration names: certificates, keys, secrets, language data. Nothing is connected to,
/// and no database is opened.
pub(crate) async fn file_problems(config: &Config) -> Vec<anyhow::Error> {
    let tls = config.server.tls.as_ref().map_or(Ok(()), |tls| check_files(tls).context("server.tls"));
    let mut found = vec![tls, identity::authenticator(config).await.map(drop)];
    found.extend(model::key_problems(config).map(Err));
    found.push(load_speller(config, SpellerLayers::ALL).map(drop));
    found.into_iter().filter_map(Result::err).collect()
}

/// All parts of a service, put together: what can go wrong in its configuration has gone wrong before there is one.
pub struct Application {
    server: GrpcServer,
    development: bool,
    keys: Option<Arc<KeyCache>>,
    opened: Option<OpenedStore>,
    secrets: Arc<[SecretFile]>,
}

/// Puts together the service that the configuration asks for.
///
/// # Errors
/// If a file is missing or damaged, or a part cannot be set up: the message names it.
pub async fn build(config: &Config) -> anyhow::Result<Application> {
    crate::polishing::guard::verify()?;
    let engine: Arc<dyn SpellingEngine> = Arc::new(load_speller(config, SpellerLayers::ALL)?);
    let authenticator = Arc::new(identity::authenticator(config).await?);
    let keys = authenticator.key_cache();
    let mut secrets: Vec<SecretFile> = identity::secret_file(config, &authenticator).into_iter().collect();
    let opened = settings::open_with_cache(config).await?;
    let mut server = GrpcServer::new(config.server.clone(), Arc::clone(&engine)).with_authenticator(authenticator);
    let model = if config.polishing.demo_model { Some(model::demo_model(&engine)) } else { model::model(config)? };
    if let Some(ConfiguredModel { model, key, files }) = model {
        let (reviewer, file) = model::reviewer(config)?.unzip();
        secrets.extend(files.into_iter().chain(file.flatten()));
        // Without a store no condition of polishing ever holds: what is counted in memory then is nothing.
        let (reader, ledger): (Arc<dyn SettingsReader>, _) = match &opened {
            Some(opened) => (opened.cache.clone(), Arc::clone(&opened.ledger)),
            None => (Arc::new(NoSettings), settings::ledger_in_memory(config).await?),
        };
        let polisher = polishing::polisher(config, (model, key), reviewer, reader, ledger, engine, server.tasks());
        server = server.with_polisher(polisher);
    }
    if let Some(opened) = &opened {
        let cache = &opened.cache;
        server = server.with_settings(cache.clone(), config.settings.cache_ttl).with_store(cache.clone());
        server = server.with_store_health(opened.health());
    }
    if config.server.page {
        let tenants = if config.auth.mode == AuthMode::Development { demo::page_tenants() } else { Vec::new() };
        let identity = if tenants.is_empty() { PageIdentity::Token } else { PageIdentity::Headers };
        server = server.with_page(PageFacts { identity, demo_model: config.polishing.demo_model, tenants });
    }
    let development = config.auth.mode == AuthMode::Development;
    Ok(Application { server, development, keys, opened, secrets: secrets.into() })
}

impl Application {
    /// With the admin port.
    #[must_use]
    pub fn with_admin(self, admin: AdminPort) -> Self {
        Self { server: self.server.with_admin(admin), ..self }
    }

    /// Has files read anew while the service runs.
    #[must_use]
    pub fn reload(&self) -> Reload {
        Reload {
            certificates: self.server.reload(),
            secrets: Arc::clone(&self.secrets),
            keys: self.keys.clone(),
            tasks: self.server.tasks(),
        }
    }

    /// Serves until `shutdown` completes and the calls in hand are done.
    ///
    /// # Errors
    /// If others can reach the listener though headers are trusted, or the transport fails.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> anyhow::Result<ShutdownOutcome> {
        let address = listener.local_addr().context("the listener has no address")?;
        if self.development && !address.ip().is_loopback() {
            bail!("auth.mode \"development\" does not listen on {address}, which others can reach");
        }
        let ledger = self.opened.as_ref().map(|opened| Arc::clone(&opened.ledger));
        tokio::select! {
            stopped = self.server.run(listener, shutdown) => Ok(stopped?),
            never = keep_fresh(self.keys) => match never {},
            never = polishing::expire_old_polishes(ledger) => match never {},
            never = settings::follow(self.opened) => match never {},
        }
    }
}

/// Never ends.
async fn keep_fresh(keys: Option<Arc<KeyCache>>) -> Infallible {
    match keys {
        Some(keys) => keys.keep_fresh().await,
        None => future::pending().await,
    }
}
