//! `[spelling]`: the language data.

use std::path::PathBuf;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset},
};

pub(super) const KEYS: &[ConfigKey] = &[ConfigKey {
    name: "data_dir",
    value: Preset::Example(r#""/var/lib/vermilion/dictionaries""#),
    about: "A folder whose files replace the dictionaries built into the program.",
}];

/// The language data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpellingConfig {
    /// Replaces embedded files, if set.
    pub data_dir: Option<PathBuf>,
}

impl SpellingConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        Ok(Self { data_dir: reader.path("spelling.data_dir")? })
    }
}
