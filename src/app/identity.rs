//! Makes the authenticator that the configuration asks for: reads secrets and certificates, and says once what it means.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context as _;

use crate::{
    auth::{
        Authenticator, Secret,
        anonymous::Anonymous,
        jwt::Jwt,
        key_cache::{KeyCache, Limits},
        key_source::KeySource,
        proxy::TrustedProxy,
    },
    config::{
        Config,
        auth::{Auth, Keys, Mode, SecretSource},
    },
};

/// The authenticator of `[auth]`.
///
/// # Errors
/// If a file cannot be read or holds no secret, no certificate or no keys: the message names the key.
pub async fn authenticator(config: &Config) -> anyhow::Result<Authenticator> {
    let Auth { mode, anonymous_calls_per_minute } = &config.auth;
    let authenticator = match mode {
        Mode::None => Authenticator::nobody(),
        Mode::Development => Authenticator::development(),
        Mode::TrustedProxy { secret, certificate } => Authenticator::proxy(proxy(secret.as_ref(), *certificate)?),
        Mode::Jwt(jwt) => Authenticator::jwt(match &jwt.keys {
            Keys::Secret(source) => Jwt::by_secret(&secret(source)?, jwt.rules.clone()),
            keys => {
                Jwt::by_key_set(Arc::new(KeyCache::new(key_source(keys).await?, Limits::default())), jwt.rules.clone())
            }
        }),
    };
    announce(&config.auth);
    Ok(match anonymous_calls_per_minute {
        None => authenticator,
        Some(calls) => authenticator.with_anonymous_spelling(Anonymous::per_minute(*calls)),
    })
}

/// The secret of a source.
///
/// # Errors
/// If the file cannot be read or is too short.
pub fn secret(source: &SecretSource) -> anyhow::Result<Secret> {
    match source {
        SecretSource::Inline(secret) => Ok(secret.clone()),
        SecretSource::File(path) => {
            let text =
                String::from_utf8(read(path)?).map_err(|_| anyhow::anyhow!("{} is not UTF-8", path.display()))?;
            Secret::new(&text).with_context(|| format!("no secret in {}", path.display()))
        }
    }
}

fn proxy(source: Option<&SecretSource>, certificate: bool) -> anyhow::Result<TrustedProxy> {
    let proof = source.map(secret).transpose().context("auth.trusted_proxy")?;
    match (proof, certificate) {
        (proof, true) => Ok(TrustedProxy::by_certificate(proof)),
        (Some(proof), false) => Ok(TrustedProxy::by_secret(proof)),
        (None, false) => anyhow::bail!("auth.trusted_proxy: no proof is configured"),
    }
}

async fn key_source(keys: &Keys) -> anyhow::Result<KeySource> {
    match keys {
        Keys::Secret(_) => anyhow::bail!("auth.jwt: a secret is no key set"),
        Keys::File(path) => {
            let source = KeySource::File(path.clone());
            // A file is there from the start or it is a mistake; a URL may be down for a while.
            source.fetch().await.with_context(|| format!("auth.jwt.jwks_file: {}", path.display()))?;
            Ok(source)
        }
        Keys::Url { url, ca } => {
            let ca = ca.as_deref().map(read).transpose().context("auth.jwt.jwks_ca")?;
            KeySource::url(url.clone(), ca.as_deref()).context("auth.jwt.jwks_url")
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn announce(auth: &Auth) {
    let anonymous_spelling = auth.anonymous_calls_per_minute.is_some();
    let mode = match auth.mode {
        Mode::Development => {
            let hint = "whoever reaches this port is whoever the headers say; put no proxy before it";
            tracing::warn!(mode = "development", hint, "identity");
            return;
        }
        Mode::None => {
            let hint =
                "nobody has an identity until auth.mode is set: only health, reflection and anonymous spelling answer";
            tracing::warn!(mode = "none", anonymous_spelling, hint, "identity");
            return;
        }
        Mode::TrustedProxy { .. } => "trusted_proxy",
        Mode::Jwt(_) => "jwt",
    };
    tracing::info!(mode, anonymous_spelling, "identity");
}
