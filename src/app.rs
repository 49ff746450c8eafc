//! The composition root: the one place that puts concrete parts together. Exports no types of its own.

use std::sync::Arc;

use anyhow::bail;
use tokio::net::TcpListener;

use crate::{
    config::Config,
    spelling::Speller,
    telemetry::panics,
    transport::server::{Server, Stopped},
};

/// What the whole process shares and any command may need; the first thing that `main` does.
pub fn prepare() {
    // Two crates in one process may ask for different providers, and rustls then panics; so there is one, from the start.
    // An error says that there is one already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    panics::install();
}

/// The spelling engine that the configuration asks for.
///
/// # Errors
/// If its data cannot be read.
pub fn speller(config: &Config) -> anyhow::Result<Speller> {
    if config.spelling.data_dir.is_some() {
        bail!("spelling.data_dir: this version has only the dictionaries built into it");
    }
    Ok(Speller::embedded())
}

/// Serves until `shutdown` completes and the calls in hand are done.
///
/// # Errors
/// If a part cannot be set up, or the transport fails.
pub async fn serve(
    config: &Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<Stopped> {
    let speller = speller(config)?;
    Ok(Server::new(config.server.clone(), Arc::new(speller)).run(listener, shutdown).await?)
}
