//! `[log]`: form and level.

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "format",
        value: Preset::Default(r#""auto""#),
        about: "\"pretty\" for people, \"json\" for machines; \"auto\": pretty on a terminal, else json.",
    },
    ConfigKey {
        name: "level",
        value: Preset::Default(r#""info""#),
        about: "\"error\", \"warn\", \"info\", \"debug\" or \"trace\". The variable RUST_LOG, if set, has the last word and\n\
                may differ by module.",
    },
];

/// From the most important on.
pub(crate) const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For machines.
    Json,
    /// Pretty on a terminal, JSON elsewhere.
    Auto,
}

/// Form and level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// How lines look.
    pub format: LogFormat,
    /// The least important level that is written.
    pub level: String,
}

impl LogConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let format = reader.parsed("log.format", "\"auto\", \"pretty\" or \"json\"", |text| match text {
            "auto" => Some(LogFormat::Auto),
            "pretty" => Some(LogFormat::Pretty),
            "json" => Some(LogFormat::Json),
            _ => None,
        })?;
        let expected = "\"error\", \"warn\", \"info\", \"debug\" or \"trace\"";
        let level = reader.parsed("log.level", expected, |text| LEVELS.contains(&text).then(|| text.to_owned()))?;
        Ok(Self { format, level })
    }
}
