//! Makes the authenticator that the configuration asks for: reads secrets and certificates, and says once what it means.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context as _;

use super::reload::SecretFile;
use crate::{
    auth::{
        Authenticator, SharedSecret,
        anonymous::AnonymousLimiter,
        jwt::JwtVerifier,
        key_cache::{KeyCache, RefreshPolicy},
        key_source::KeySource,
        proxy::TrustedProxy,
    },
    config::{
        Config,
        auth::{AuthConfig, AuthMode, JwtKeySource, SecretSource},
    },
};

/// The authenticator of `[auth]`.
///
/// # Errors
/// If a file cannot be read or holds no secret, no certificate or no keys: the message names the key.
pub async fn authenticator(config: &Config) -> anyhow::Result<Authenticator> {
    let AuthConfig { mode, anonymous_calls_per_minute } = &config.auth;
    let authenticator = match mode {
        AuthMode::None => Authenticator::disabled(),
        AuthMode::Development => Authenticator::development(),
        AuthMode::TrustedProxy { secret, certificate } => Authenticator::proxy(proxy(secret.as_ref(), *certificate)?),
        AuthMode::Jwt(jwt) => Authenticator::jwt(match &jwt.keys {
            JwtKeySource::Secret(source) => JwtVerifier::with_secret(&secret(source)?, jwt.rules.clone()),
            keys => JwtVerifier::with_key_set(
                Arc::new(KeyCache::new(key_source(keys).await?, RefreshPolicy::default())),
                jwt.rules.clone(),
            ),
        }),
    };
    announce(&config.auth);
    Ok(match anonymous_calls_per_minute {
        None => authenticator,
        Some(calls) => authenticator.with_anonymous_spelling(AnonymousLimiter::per_minute(*calls)),
    })
}

/// The file of `[auth]` with the secret that proves identity, if there is one.
pub(super) fn secret_file(config: &Config, authenticator: &Arc<Authenticator>) -> Option<SecretFile> {
    let (key, source, by_header) = match &config.auth.mode {
        AuthMode::TrustedProxy { secret, .. } => ("auth.trusted_proxy.secret_file", secret.as_ref()?, true),
        AuthMode::Jwt(jwt) => match &jwt.keys {
            JwtKeySource::Secret(source) => ("auth.jwt.secret_file", source, false),
            JwtKeySource::File(_) | JwtKeySource::Url { .. } => return None,
        },
        AuthMode::None | AuthMode::Development => return None,
    };
    let SecretSource::File(path) = source else { return None };
    let (authenticator, source) = (Arc::clone(authenticator), SecretSource::File(path.clone()));
    Some(SecretFile::new(key, move || {
        let secret = secret(&source)?;
        if by_header {
            ensure_header(&secret)?;
        }
        authenticator.replace_secret(secret);
        Ok(())
    }))
}

/// The secret of a source.
///
/// # Errors
/// If the file cannot be read or is too short.
pub fn secret(source: &SecretSource) -> anyhow::Result<SharedSecret> {
    match source {
        SecretSource::Inline(secret) => Ok(secret.clone()),
        SecretSource::File(path) => {
            let text =
                String::from_utf8(read(path)?).map_err(|_| anyhow::anyhow!("{} is not UTF-8", path.display()))?;
            SharedSecret::new(&text).with_context(|| format!("no secret in {}", path.display()))
        }
    }
}

fn proxy(source: Option<&SecretSource>, certificate: bool) -> anyhow::Result<TrustedProxy> {
    let proof = source.map(secret).transpose().context("auth.trusted_proxy")?;
    proof.as_ref().map(ensure_header).transpose().context("auth.trusted_proxy")?;
    match (proof, certificate) {
        (proof, true) => Ok(TrustedProxy::with_certificate(proof)),
        (Some(proof), false) => Ok(TrustedProxy::with_secret(proof)),
        (None, false) => anyhow::bail!("auth.trusted_proxy: no proof is configured"),
    }
}

fn ensure_header(secret: &SharedSecret) -> anyhow::Result<()> {
    let expected = "expected visible ASCII characters, with spaces only between them";
    anyhow::ensure!(secret.fits_header(), "no header carries the secret as it is: {expected}");
    Ok(())
}

async fn key_source(keys: &JwtKeySource) -> anyhow::Result<KeySource> {
    match keys {
        JwtKeySource::Secret(_) => anyhow::bail!("auth.jwt: a secret is no key set"),
        JwtKeySource::File(path) => {
            let source = KeySource::File(path.clone());
            // A file is there from the start or it is a mistake; a URL may be down for a while.
            source.fetch().await.with_context(|| format!("auth.jwt.jwks_file: {}", path.display()))?;
            Ok(source)
        }
        JwtKeySource::Url { url, ca } => {
            let ca = ca.as_deref().map(read).transpose().context("auth.jwt.jwks_ca")?;
            KeySource::url(url.clone(), ca.as_deref()).context("auth.jwt.jwks_url")
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn announce(auth: &AuthConfig) {
    let anonymous_spelling = auth.anonymous_calls_per_minute.is_some();
    let mode = match auth.mode {
        AuthMode::Development => {
            let hint = "whoever reaches this port is whoever the headers say; put no proxy before it";
            tracing::warn!(mode = "development", hint, "identity");
            return;
        }
        AuthMode::None => {
            let hint =
                "nobody has an identity until auth.mode is set: only health, reflection and anonymous spelling answer";
            tracing::warn!(mode = "none", anonymous_spelling, hint, "identity");
            return;
        }
        AuthMode::TrustedProxy { .. } => "trusted_proxy",
        AuthMode::Jwt(_) => "jwt",
    };
    tracing::info!(mode, anonymous_spelling, "identity");
}
