//! The composition root: the one place that puts concrete parts together. Exports no types of its own.

pub mod demo;
pub mod identity;
pub mod model;
pub mod polishing;
pub mod settings;

use std::{convert::Infallible, fs, future, io::ErrorKind, sync::Arc};

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;

use crate::{
    auth::{Authenticator, key_cache::KeyCache},
    config::{Config, auth::Mode},
    spelling::{Layers, Speller, data::LanguageData},
    telemetry::panics,
    transport::{
        engine::Engine,
        server::{Server, Stopped},
    },
};

/// What the whole process shares and any command may need; the first thing that `main` does.
pub fn prepare() {
    // Two crates in one process may ask for different providers, and rustls then panics; so there is one, from the start.
    // An error says that there is one already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    panics::install();
}

/// The spelling engine that the configuration asks for: the data built into the program, and from `spelling.data_dir`
/// whichever of its files are there.
///
/// # Errors
/// If a file cannot be read or is damaged: the message names it. Nothing is half loaded.
pub fn speller(config: &Config, layers: Layers) -> anyhow::Result<Speller> {
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

/// Serves with an engine and an authenticator until `shutdown` completes and the calls in hand are done.
///
/// # Errors
/// If a part cannot be set up, or the transport fails.
pub async fn serve(
    config: &Config,
    speller: Speller,
    authenticator: Authenticator,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<Stopped> {
    let authenticator = Arc::new(authenticator);
    let address = listener.local_addr().context("the listener has no address")?;
    if config.auth.mode == Mode::Development && !address.ip().is_loopback() {
        bail!("auth.mode \"development\" does not listen on {address}, which others can reach");
    }
    let keys = authenticator.key_cache();
    let engine: Arc<dyn Engine> = Arc::new(speller);
    let mut server = Server::new(config.server.clone(), Arc::clone(&engine)).with_authenticator(authenticator);
    let (cache, ledger) = settings::cache(config).await?.unzip();
    if let Some(polisher) = polishing::polisher(config, ledger.clone(), engine, server.tasks())? {
        server = server.with_polisher(polisher);
    }
    if let Some(cache) = &cache {
        server = server.with_reader(cache.clone(), config.settings.cache_ttl).with_store(cache.clone());
    }
    tokio::select! {
        stopped = server.run(listener, shutdown) => Ok(stopped?),
        never = keep_fresh(keys) => match never {},
        never = settings::follow(cache) => match never {},
        never = polishing::forget(ledger) => match never {},
    }
}

/// Never ends.
async fn keep_fresh(keys: Option<Arc<KeyCache>>) -> Infallible {
    match keys {
        Some(keys) => keys.keep_fresh().await,
        None => future::pending().await,
    }
}
