//! `[server.tls]`: certificate and key.

use std::path::PathBuf;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "cert",
        value: Preset::Example(r#""/etc/vermilion/tls.crt""#),
        about: "PEM file with the certificate, followed by its intermediates. Read at the start, at SIGHUP,\n\
                and when the files of this section change.",
    },
    ConfigKey {
        name: "key",
        value: Preset::Example(r#""/etc/vermilion/tls.key""#),
        about: "PEM file with the certificate's private key.",
    },
    ConfigKey {
        name: "client_ca",
        value: Preset::Example(r#""/etc/vermilion/proxy-ca.crt""#),
        about: "PEM file with the certificates by which the trusted proxy's own is verified (mutual TLS). Use an authority\n\
                that signs for the proxy alone. Only with auth.mode = \"trusted_proxy\".",
    },
];

/// Where the certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsConfig {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
    /// Whom the trusted proxy's certificate must be signed by, PEM.
    pub client_ca: Option<PathBuf>,
}

impl TlsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Option<Self>, ConfigError> {
        let client_ca = reader.path("server.tls.client_ca")?;
        match (reader.path("server.tls.cert")?, reader.path("server.tls.key")?) {
            (None, None) if client_ca.is_some() => {
                Err(invalid("server.tls.cert", "expected a path, because server.tls.client_ca is set".into()))
            }
            (None, None) => Ok(None),
            (Some(cert), Some(key)) => Ok(Some(Self { cert, key, client_ca })),
            (Some(_), None) => Err(invalid("server.tls.key", "expected a path, because server.tls.cert is set".into())),
            (None, Some(_)) => Err(invalid("server.tls.cert", "expected a path, because server.tls.key is set".into())),
        }
    }
}
