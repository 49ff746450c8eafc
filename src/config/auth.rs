//! `[auth]`: where identity comes from. Reads no file and no key: it says which to read.

use std::{num::NonZeroU32, path::PathBuf};

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
    server::ServerConfig,
};
use crate::auth::{SharedSecret, key_source::KeySetUrl, token::ClaimRules};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "mode",
        value: Preset::Default(r#""auto""#),
        about: "Where the identity of a call comes from. \"development\": headers from whoever calls; only on a loopback\n\
                address. \"trusted_proxy\": headers from a proxy that proves itself. \"jwt\": bearer tokens. \"none\": nowhere.\n\
                \"auto\": development if server.mode is so on a loopback address, else none.",
    },
    ConfigKey {
        name: "anonymous_spelling",
        value: Preset::Default(r#""auto""#),
        about: "Whether calls without credentials may check spelling (and nothing else): \"on\", \"off\" or \"auto\" (on where\n\
                auth.mode gives no identity at all).",
    },
    ConfigKey {
        name: "anonymous_calls_per_minute",
        value: Preset::Default("600"),
        about: "So many from one address (of IPv6, one /64), a sixth of them at once. Behind a proxy all calls have the proxy's\n\
                address: let it do the limiting, and set this to what it lets through.",
    },
];

pub(super) const PROXY_KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "secret",
        value: Preset::Example(r#""32 bytes or more, from a random source""#),
        about: "What the proxy sends as x-proxy-secret. It must remove x-proxy-secret, x-tenant-id, x-agent-id, x-roles and\n\
                x-subject from what it receives. Needed, unless server.tls.client_ca is set; with both, both are needed.",
    },
    ConfigKey {
        name: "secret_file",
        value: Preset::Example(r#""/run/secrets/proxy""#),
        about: "A file with it instead. Read at the start and at SIGHUP.",
    },
];

pub(super) const JWT_KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "issuer",
        value: Preset::Example(r#""https://login.example.com/""#),
        about: "The claim iss of every token, exactly. Needed. The other claims: exp (needed), nbf, sub, tenant, agent, and roles, a\n\
                list of \"agent\", \"tenant_admin\", \"operator\", \"service\".",
    },
    ConfigKey {
        name: "audience",
        value: Preset::Example(r#""vermilion""#),
        about: "One of the claim aud of every token, exactly. Needed.",
    },
    ConfigKey {
        name: "secret",
        value: Preset::Example(r#""32 bytes or more, from a random source""#),
        about: "Tokens are signed by HS256 with this. One of secret, secret_file, jwks_file and jwks_url is needed.",
    },
    ConfigKey {
        name: "secret_file",
        value: Preset::Example(r#""/run/secrets/jwt""#),
        about: "A file with it instead. Read at the start and at SIGHUP.",
    },
    ConfigKey {
        name: "jwks_file",
        value: Preset::Example(r#""/etc/vermilion/jwks.json""#),
        about: "Tokens are signed by RS256, ES256 or EdDSA with a key of this JSON Web Key Set. Read every five minutes, at\n\
                SIGHUP, and when a token names an unknown key.",
    },
    ConfigKey {
        name: "jwks_url",
        value: Preset::Example(r#""https://login.example.com/.well-known/jwks.json""#),
        about: "Where such a set is fetched from, by https, without redirects or a proxy, at most 256 KiB in 5 s.",
    },
    ConfigKey {
        name: "jwks_ca",
        value: Preset::Example(r#""/etc/vermilion/issuer-ca.crt""#),
        about: "PEM file with the only certificates to trust for jwks_url. Without it: those of the system.",
    },
    ConfigKey {
        name: "jwks_private_network",
        value: Preset::Default(r#""off""#),
        about: "\"on\" allows a jwks_url whose address is a private one or this machine's, there also by http.",
    },
    ConfigKey {
        name: "clock_skew",
        value: Preset::Default(r#""30s""#),
        about: "How far the issuer's clock may be from ours, 5 minutes at most.",
    },
];

/// Where identity comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthConfig {
    /// The mode.
    pub mode: AuthMode,
    /// How many anonymous calls one address may make in a minute; `None`: none at all.
    pub anonymous_calls_per_minute: Option<NonZeroU32>,
}

/// How callers are known.
#[derive(Clone, Debug, PartialEq)]
pub enum AuthMode {
    /// Not at all.
    None,
    /// By headers, on this machine.
    Development,
    /// By headers from a proxy.
    TrustedProxy {
        /// What it sends to prove itself.
        secret: Option<SecretSource>,
        /// Whether it must show a certificate.
        certificate: bool,
    },
    /// By tokens.
    Jwt(JwtConfig),
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// Here.
    Inline(SharedSecret),
    /// In a file.
    File(PathBuf),
}

/// `[auth.jwt]`.
#[derive(Clone, Debug, PartialEq)]
pub struct JwtConfig {
    /// What verifies the signatures.
    pub keys: JwtKeySource,
    /// What the claims must say.
    pub rules: ClaimRules,
}

/// What verifies signatures.
#[derive(Clone, Debug, PartialEq)]
pub enum JwtKeySource {
    /// A secret, for HS256.
    Secret(SecretSource),
    /// A file with public keys.
    File(PathBuf),
    /// A URL with public keys.
    Url {
        /// Where.
        url: KeySetUrl,
        /// The only certificates to trust, PEM.
        ca: Option<PathBuf>,
    },
}

impl AuthConfig {
    pub(super) fn read(reader: &ConfigReader<'_>, server: &ServerConfig) -> Result<Self, ConfigError> {
        let mode = AuthMode::read(reader, server)?;
        let certificate = matches!(mode, AuthMode::TrustedProxy { certificate: true, .. });
        if server.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some()) && !certificate {
            return Err(invalid("server.tls.client_ca", "only with auth.mode = \"trusted_proxy\"".into()));
        }
        let calls = reader.number("auth.anonymous_calls_per_minute", 1, 1_000_000)?;
        let calls = u32::try_from(calls).ok().and_then(NonZeroU32::new);
        let anonymous = read_switch(reader, "auth.anonymous_spelling", Some(mode == AuthMode::None))?;
        Ok(Self { mode, anonymous_calls_per_minute: calls.filter(|_| anonymous) })
    }
}

impl AuthMode {
    fn read(reader: &ConfigReader<'_>, server: &ServerConfig) -> Result<Self, ConfigError> {
        let loopback = server.listen.ip().is_loopback();
        let path = "auth.mode";
        match reader.text(path)?.unwrap_or_default() {
            "auto" => {
                reject_unused_keys(reader)?;
                Ok(if server.development && loopback { Self::Development } else { Self::None })
            }
            "none" => Ok(Self::None),
            "development" if loopback => Ok(Self::Development),
            "development" => Err(invalid(
                path,
                format!(
                    "\"development\" believes every header, so server.listen must be a loopback address, found {}",
                    server.listen
                ),
            )),
            "trusted_proxy" => read_trusted_proxy(reader, server),
            "jwt" => Ok(Self::Jwt(JwtConfig::read(reader)?)),
            found => Err(invalid(
                path,
                format!("expected \"auto\", \"development\", \"trusted_proxy\", \"jwt\" or \"none\", found {found:?}"),
            )),
        }
    }
}

/// Whoever sets a key of a mode means to have that mode: without it the service would be open where it seems closed.
fn reject_unused_keys(reader: &ConfigReader<'_>) -> Result<(), ConfigError> {
    for (mode, keys) in [("trusted_proxy", PROXY_KEYS), ("jwt", JWT_KEYS)] {
        for key in keys.iter().filter(|key| matches!(key.value, Preset::Example(_))) {
            let path = format!("auth.{mode}.{}", key.name);
            if reader.text(&path)?.is_some() {
                return Err(invalid(
                    &path,
                    format!("is set, but auth.mode is not: set it to {mode:?} or to another mode"),
                ));
            }
        }
    }
    Ok(())
}

fn read_trusted_proxy(reader: &ConfigReader<'_>, server: &ServerConfig) -> Result<AuthMode, ConfigError> {
    let secret = read_secret(reader, "auth.trusted_proxy.secret", "auth.trusted_proxy.secret_file")?;
    let certificate = server.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some());
    if secret.is_none() && !certificate {
        let problem = "needed with auth.mode = \"trusted_proxy\", or secret_file, or server.tls.client_ca";
        return Err(invalid("auth.trusted_proxy.secret", problem.into()));
    }
    Ok(AuthMode::TrustedProxy { secret, certificate })
}

impl JwtConfig {
    fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let needed = |path: &str| match reader.text(path)? {
            None | Some("") => Err(invalid(path, "needed with auth.mode = \"jwt\"".into())),
            Some(text) => Ok(text.to_owned()),
        };
        let rules = ClaimRules {
            issuer: needed("auth.jwt.issuer")?,
            audience: needed("auth.jwt.audience")?,
            clock_skew: reader.duration("auth.jwt.clock_skew", 0, 300_000)?,
        };
        Ok(Self { keys: JwtKeySource::read(reader)?, rules })
    }
}

impl JwtKeySource {
    fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let secret = read_secret(reader, "auth.jwt.secret", "auth.jwt.secret_file")?;
        let file = reader.path("auth.jwt.jwks_file")?;
        let url = reader.text("auth.jwt.jwks_url")?;
        let private = read_switch(reader, "auth.jwt.jwks_private_network", None)?;
        let ca = reader.path("auth.jwt.jwks_ca")?;
        if ca.is_some() && url.is_none() {
            return Err(invalid("auth.jwt.jwks_ca", "only with auth.jwt.jwks_url".into()));
        }
        match (secret, file, url) {
            (Some(secret), None, None) => Ok(Self::Secret(secret)),
            (None, Some(file), None) => Ok(Self::File(file)),
            (None, None, Some(url)) => {
                let url =
                    KeySetUrl::new(url, private).map_err(|error| invalid("auth.jwt.jwks_url", error.to_string()))?;
                Ok(Self::Url { url, ca })
            }
            _ => Err(invalid("auth.jwt", "expected one of secret, secret_file, jwks_file and jwks_url".into())),
        }
    }
}

/// A secret, here or in a file. No message says what was found.
fn read_secret(reader: &ConfigReader<'_>, inline: &str, file: &str) -> Result<Option<SecretSource>, ConfigError> {
    match (reader.text(inline)?, reader.path(file)?) {
        (None, None) => Ok(None),
        (None, Some(path)) => Ok(Some(SecretSource::File(path))),
        (Some(text), None) => match SharedSecret::new(text) {
            Ok(secret) => Ok(Some(SecretSource::Inline(secret))),
            Err(error) => Err(invalid(inline, error.to_string())),
        },
        (Some(_), Some(_)) => Err(invalid(file, format!("expected nothing, because {inline} is set"))),
    }
}

/// `automatic`: what "auto" means, where there is such a thing.
fn read_switch(reader: &ConfigReader<'_>, path: &str, automatic: Option<bool>) -> Result<bool, ConfigError> {
    let expected = if automatic.is_some() { "\"auto\", \"on\" or \"off\"" } else { "\"on\" or \"off\"" };
    reader.parsed(path, expected, |text| match text {
        "auto" => automatic,
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    })
}
