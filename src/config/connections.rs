//! `[server.connections]`: how long a connection may live.

use std::time::Duration;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "keepalive_interval",
        value: Preset::Default(r#""30s""#),
        about: "An HTTP/2 PING goes out this often.",
    },
    ConfigKey {
        name: "keepalive_timeout",
        value: Preset::Default(r#""20s""#),
        about: "A connection that does not answer a PING for so long is closed.",
    },
    ConfigKey {
        name: "max_age",
        value: Preset::Default(r#""30m""#),
        about: "A connection older than this is asked to go (GOAWAY), so that clients find new replicas.",
    },
    ConfigKey {
        name: "max_age_grace",
        value: Preset::Default(r#""90s""#),
        about: "A connection asked to go is cut off after this.",
    },
    ConfigKey {
        name: "max_streams",
        value: Preset::Default("256"),
        about: "How many calls one connection may have in hand.",
    },
];

/// How long a connection may live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionsConfig {
    /// Time between PINGs.
    pub keepalive_interval: Duration,
    /// How long a PING may go unanswered.
    pub keepalive_timeout: Duration,
    /// When a connection is asked to go.
    pub max_age: Duration,
    /// How much later it is cut off.
    pub max_age_grace: Duration,
    /// Calls in hand on one connection.
    pub max_streams: u32,
}

impl ConnectionsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let day = 24 * 3_600_000;
        let max_streams = reader.number("server.connections.max_streams", 1, 1 << 20)?;
        Ok(Self {
            keepalive_interval: reader.duration("server.connections.keepalive_interval", 1000, day)?,
            keepalive_timeout: reader.duration("server.connections.keepalive_timeout", 1000, day)?,
            max_age: reader.duration("server.connections.max_age", 1000, day)?,
            max_age_grace: reader.duration("server.connections.max_age_grace", 1000, day)?,
            max_streams: u32::try_from(max_streams).unwrap_or(u32::MAX),
        })
    }
}
