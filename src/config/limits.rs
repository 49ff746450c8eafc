//! `[server.limits]`: sizes and counts.

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "text_bytes",
        value: Preset::Default("262144"),
        about: "The longest text, in bytes of UTF-8; data: addresses of HTML do not count. A message of more than four times\n\
                as much is not even read.",
    },
    ConfigKey {
        name: "calls",
        value: Preset::Default("1024"),
        about: "How many calls may be in hand at once, on all connections; more are answered UNAVAILABLE at once.\n\
                Health checks and reflection do not count.",
    },
    ConfigKey {
        name: "long_checks",
        value: Preset::Default("0"),
        about: "How many long texts are checked at the same time; more wait for their turn. 0: one per processor.",
    },
];

/// How many times the text limit a whole message may be: room for protected spans, and for saying which limit was hit.
const MESSAGE_FACTOR: usize = 4;

/// Sizes and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsConfig {
    /// The longest text, in bytes of UTF-8.
    pub text_bytes: usize,
    /// How many calls at once.
    pub calls: usize,
    /// How many long checks at once.
    pub long_checks: usize,
}

impl LimitsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let long_checks = reader.number("server.limits.long_checks", 0, 1024)?;
        let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            // Offsets are int32; 64 MiB leaves room in every arithmetic on them.
            text_bytes: reader.number("server.limits.text_bytes", 1, 64 << 20)?,
            calls: reader.number("server.limits.calls", 1, 1 << 20)?,
            long_checks: if long_checks == 0 { processors() } else { long_checks },
        })
    }

    /// The longest message that is read, in bytes.
    #[must_use]
    pub const fn message_bytes(&self) -> usize {
        self.text_bytes * MESSAGE_FACTOR
    }
}
