//! `[server.tls]`: certificate and key.

use std::path::PathBuf;

use super::{
    ConfigError,
    keys::{Key, Preset, Reader, invalid},
};

pub(super) const KEYS: &[Key] = &[
    Key {
        name: "cert",
        value: Preset::Example(r#""/etc/vermilion/tls.crt""#),
        about: "PEM file with the certificate, followed by its intermediates. Read at start.",
    },
    Key {
        name: "key",
        value: Preset::Example(r#""/etc/vermilion/tls.key""#),
        about: "PEM file with the certificate's private key.",
    },
];

/// Where the certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub cert: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

impl Tls {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Option<Self>, ConfigError> {
        match (reader.path("server.tls.cert")?, reader.path("server.tls.key")?) {
            (None, None) => Ok(None),
            (Some(cert), Some(key)) => Ok(Some(Self { cert, key })),
            (Some(_), None) => Err(invalid("server.tls.key", "expected a path, because server.tls.cert is set".into())),
            (None, Some(_)) => Err(invalid("server.tls.cert", "expected a path, because server.tls.key is set".into())),
        }
    }
}
