//! `[server.connections]`: how many connections there may be, and how long each may live.

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
        about: "A connection that does not answer a PING for so long, or takes nothing of what is sent, is closed.",
    },
    ConfigKey {
        name: "handshake",
        value: Preset::Default(r#""10s""#),
        about: "A new connection is closed if its TLS handshake takes longer, or its first bytes after that, or the head of an\n\
                HTTP/1.1 request.",
    },
    ConfigKey {
        name: "idle",
        value: Preset::Default(r#""5m""#),
        about: "A connection without a call for so long is asked to go. Over HTTP/1.1 the limit is \"handshake\".",
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
    ConfigKey {
        name: "max",
        value: Preset::Default("4096"),
        about: "How many connections may be open; those beyond are closed at once. Fewer, if the system allows the process\n\
                too few file descriptors. Of one address at most its share, limits.address_share.",
    },
];

/// How many connections, and how long each may live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionsConfig {
    /// Time between PINGs.
    pub keepalive_interval: Duration,
    /// How long a PING may go unanswered.
    pub keepalive_timeout: Duration,
    /// For a TLS handshake, for the first bytes, for the head of an HTTP/1.1 request.
    pub handshake: Duration,
    /// How long a connection may be without a call.
    pub idle: Duration,
    /// When a connection is asked to go.
    pub max_age: Duration,
    /// How much later it is cut off.
    pub max_age_grace: Duration,
    /// Calls in hand on one connection.
    pub max_streams: u32,
    /// Open connections.
    pub max: usize,
}

impl ConnectionsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let day = 24 * 3_600_000;
        let max_streams = reader.number("server.connections.max_streams", 1, 1 << 20)?;
        Ok(Self {
            keepalive_interval: reader.duration("server.connections.keepalive_interval", 1000, day)?,
            keepalive_timeout: reader.duration("server.connections.keepalive_timeout", 1000, day)?,
            handshake: reader.duration("server.connections.handshake", 10, 3_600_000)?,
            idle: reader.duration("server.connections.idle", 10, day)?,
            max_age: reader.duration("server.connections.max_age", 1000, day)?,
            max_age_grace: reader.duration("server.connections.max_age_grace", 1000, day)?,
            max_streams: u32::try_from(max_streams).unwrap_or(u32::MAX),
            max: reader.number("server.connections.max", 1, 1 << 20)?,
        })
    }
}
