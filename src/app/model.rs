//! Composes the language model that polishing asks.

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context as _, bail};

use crate::{
    config::{Config, polishing::ModelServerConfig},
    polishing::{
        ChatModel,
        openai::{ApiKey, ModelProviders, ModelServer, ProviderSettings},
        secret::{self, FingerprintKey},
    },
};

/// The model that the configuration asks for, if it names one, and the key of fingerprints: of the primary's credential, so
/// that all replicas have the same. Nothing is connected to yet.
///
/// # Errors
/// If the file with a key cannot be read or holds none, or the client cannot be set up.
pub fn model(config: &Config) -> anyhow::Result<Option<(Arc<dyn ChatModel>, FingerprintKey)>> {
    let polishing = &config.polishing;
    let Some(primary) = &polishing.primary else { return Ok(None) };
    let primary = model_server(primary).context("polishing.primary")?;
    let fallback = polishing.fallback.as_ref().map(model_server).transpose().context("polishing.fallback")?;
    for server in std::iter::once(&primary).chain(&fallback) {
        tracing::info!(base_url = server.base_url, model = server.model, "polishing asks a model");
        if is_unencrypted(&server.base_url) && !server.api_key.is_empty() {
            tracing::warn!(base_url = server.base_url, "its key and the drafts travel unencrypted");
        }
    }
    let key = primary.fingerprint_key();
    let settings = ProviderSettings {
        primary,
        fallback,
        connect_timeout: polishing.connect_timeout,
        tenant_calls: polishing.tenant_calls,
        tenant_calls_per_minute: polishing.tenant_calls_per_minute,
    };
    Ok(Some((Arc::new(ModelProviders::new(settings, Arc::new(random_fraction))?), key)))
}

/// Whether others on the way could read along.
fn is_unencrypted(base_url: &str) -> bool {
    let own = ["127.", "localhost", "[::1]"];
    base_url.strip_prefix("http://").is_some_and(|host| !own.iter().any(|own| host.starts_with(own)))
}

/// With its key.
fn model_server(endpoint: &ModelServerConfig) -> anyhow::Result<ModelServer> {
    let mut server = endpoint.server.clone();
    if let Some(file) = &endpoint.api_key_file {
        server.api_key = api_key(file).with_context(|| format!("api_key_file: {}", file.display()))?;
    }
    Ok(server)
}

fn api_key(file: &Path) -> anyhow::Result<ApiKey> {
    let text = fs::read_to_string(file)?;
    match ApiKey::new(text.trim()) {
        Some(secret) if !secret.is_empty() => Ok(secret),
        _ => bail!("expected one line of visible ASCII characters"),
    }
}

/// A random number from 0 to 1.
fn random_fraction() -> f64 {
    f64::from(u32::try_from(secret::random_number() >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}
