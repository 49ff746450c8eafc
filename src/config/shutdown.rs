//! `[server.shutdown]`: how the service goes.

use std::time::Duration;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "delay",
        value: Preset::Default(r#""0s""#),
        about: "For so long after the signal, health says NOT_SERVING while new calls are still answered: time for load\n\
                balancers to look elsewhere.",
    },
    ConfigKey {
        name: "grace",
        value: Preset::Default(r#""20s""#),
        about: "Then calls in hand may take so long to finish. A second signal ends the process at once.",
    },
];

/// How the service goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShutdownConfig {
    /// Between NOT_SERVING and refusing new calls.
    pub delay: Duration,
    /// For calls in hand.
    pub grace: Duration,
}

impl ShutdownConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            delay: reader.duration("server.shutdown.delay", 0, 600_000)?,
            grace: reader.duration("server.shutdown.grace", 0, 3_600_000)?,
        })
    }
}
