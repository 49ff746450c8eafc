//! `[server.deadlines]`: how long a call may take.

use std::time::Duration;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "default",
        value: Preset::Default(r#""10s""#),
        about: "For a client that sends no deadline (the header grpc-timeout).",
    },
    ConfigKey {
        name: "max",
        value: Preset::Default(r#""60s""#),
        about: "A later deadline is cut to this. Health checks and reflection may last longer.",
    },
    ConfigKey {
        name: "request",
        value: Preset::Default(r#""10s""#),
        about: "So long a request may take to arrive, once its head is there.",
    },
];

/// How long a call may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlinesConfig {
    /// Without a deadline from the client.
    pub default: Duration,
    /// At most.
    pub max: Duration,
    /// For a request's body to arrive.
    pub request: Duration,
}

impl DeadlinesConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let deadlines = Self {
            default: reader.duration("server.deadlines.default", 1, 3_600_000)?,
            max: reader.duration("server.deadlines.max", 1, 3_600_000)?,
            request: reader.duration("server.deadlines.request", 1, 3_600_000)?,
        };
        if deadlines.default > deadlines.max {
            return Err(invalid("server.deadlines.default", "expected at most server.deadlines.max".into()));
        }
        Ok(deadlines)
    }
}
