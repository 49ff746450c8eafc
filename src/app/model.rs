//! Composes the language model that polishing asks.

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context as _, bail};

use super::reload::SecretFile;
use crate::{
    config::{Config, polishing::ModelServerConfig},
    polishing::{
        ChatModel,
        demo_model::DemoModel,
        openai::{ApiKey, ModelProviders, ModelServer, ProviderSettings},
        review::Reviewer,
        secret::{self, FingerprintKey},
    },
    transport::{engine::SpellingEngine, proofreading::EngineProofreader},
};

/// Whom polishing asks.
pub struct ConfiguredModel {
    /// Asks.
    pub model: Arc<dyn ChatModel>,
    /// Of fingerprints: from the primary's credential, so that all replicas have the same.
    pub key: FingerprintKey,
    /// Where the servers' keys stand.
    pub files: Vec<SecretFile>,
}

/// The model that the configuration asks for, if it names one. Nothing is connected to yet.
///
/// # Errors
/// If the file with a key cannot be read or holds none, or the client cannot be set up.
pub fn model(config: &Config) -> anyhow::Result<Option<ConfiguredModel>> {
    let polishing = &config.polishing;
    let Some(primary) = &polishing.primary else { return Ok(None) };
    let primary_file = primary.api_key_file.as_deref();
    let fallback_file = polishing.fallback.as_ref().and_then(|server| server.api_key_file.as_deref());
    let primary = model_server(primary).context("polishing.primary")?;
    let fallback = polishing.fallback.as_ref().map(model_server).transpose().context("polishing.fallback")?;
    for server in std::iter::once(&primary).chain(&fallback) {
        tracing::info!(base_url = server.base_url, model = server.model, "polishing asks a model");
        if is_unencrypted(&server.base_url) && !server.api_key.is_empty() {
            tracing::warn!(base_url = server.base_url, "its key and the drafts travel unencrypted");
        }
    }
    let key = primary.fingerprint_key();
    let server = primary.clone();
    let settings = ProviderSettings {
        primary,
        fallback,
        connect_timeout: polishing.connect_timeout,
        tenant_calls: polishing.tenant_calls,
        tenant_calls_per_minute: polishing.tenant_calls_per_minute,
    };
    let model = Arc::new(ModelProviders::new(settings, Arc::new(random_fraction))?);
    let mut files = Vec::new();
    if let Some(file) = primary_file {
        let (model, key) = (Arc::clone(&model), key.clone());
        files.push(key_file("polishing.primary.api_key_file", file, move |api_key| {
            model.replace_primary_key(&api_key);
            // As a replica has it that starts with this key.
            key.replace(&ModelServer { api_key, ..server.clone() }.fingerprint_key());
        }));
    }
    if let Some(file) = fallback_file {
        let model = Arc::clone(&model);
        let name = "polishing.fallback.api_key_file";
        files.push(key_file(name, file, move |api_key| model.replace_fallback_key(&api_key)));
    }
    Ok(Some(ConfiguredModel { model, key, files }))
}

/// A file with the key of a server, and who takes it.
fn key_file(name: &'static str, file: &Path, take: impl Fn(ApiKey) + Send + Sync + 'static) -> SecretFile {
    let file = file.to_owned();
    SecretFile::new(name, move || {
        take(api_key(&file).with_context(|| file.display().to_string())?);
        Ok(())
    })
}

/// Who reads a second time, if the configuration asks for it. Nothing is connected to yet.
///
/// # Errors
/// As [`model`].
pub fn reviewer(config: &Config) -> anyhow::Result<Option<(Reviewer, Option<SecretFile>)>> {
    let polishing = &config.polishing;
    let Some(review) = &polishing.review else { return Ok(None) };
    let server = model_server(&review.server).context("polishing.review")?;
    tracing::info!(base_url = server.base_url, model = server.model, "replies are read a second time");
    if is_unencrypted(&server.base_url) && !server.api_key.is_empty() {
        tracing::warn!(base_url = server.base_url, "its key, drafts and replies travel unencrypted");
    }
    let settings = ProviderSettings {
        primary: server,
        fallback: None,
        connect_timeout: polishing.connect_timeout,
        tenant_calls: polishing.tenant_calls,
        tenant_calls_per_minute: polishing.tenant_calls_per_minute,
    };
    let model = Arc::new(ModelProviders::for_review(settings, Arc::new(random_fraction))?);
    // The primary's, where it is the primary that reads.
    let file = review.server.api_key_file.as_deref().map(|file| {
        let model = Arc::clone(&model);
        key_file("polishing.review", file, move |api_key| model.replace_primary_key(&api_key))
    });
    Ok(Some((Reviewer::new(model, review.policy), file)))
}

/// What is wrong with the files that hold the servers' keys.
pub(super) fn key_problems(config: &Config) -> impl Iterator<Item = anyhow::Error> {
    let polishing = &config.polishing;
    let primary = polishing.primary.as_ref();
    // Where the primary reads, its file is no second one.
    let review = polishing
        .review
        .as_ref()
        .map(|review| &review.server)
        .filter(|server| server.api_key_file.as_ref() != primary.and_then(|primary| primary.api_key_file.as_ref()));
    [("polishing.primary", primary), ("polishing.fallback", polishing.fallback.as_ref()), ("polishing.review", review)]
        .into_iter()
        .filter_map(|(section, server)| model_server(server?).context(section).err())
}

/// What stands in for a model in development: fixed rules, and the engine for misspellings.
pub(super) fn demo_model(engine: &Arc<dyn SpellingEngine>) -> ConfiguredModel {
    tracing::warn!("polishing asks no model: fixed rules stand in for one (polishing.demo_model)");
    let model = DemoModel(Arc::new(EngineProofreader(Arc::clone(engine))));
    ConfiguredModel { model: Arc::new(model), key: FingerprintKey::derive(b"demo"), files: Vec::new() }
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
