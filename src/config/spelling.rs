//! `[spelling]`: the language data.

use std::path::PathBuf;

use super::{
    ConfigError,
    keys::{Key, Preset, Reader},
};

pub(super) const KEYS: &[Key] = &[Key {
    name: "data_dir",
    value: Preset::Example(r#""/var/lib/vermilion/dictionaries""#),
    about: "A folder whose files replace the dictionaries built into the program.",
}];

/// The language data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// Replaces embedded files, if set.
    pub data_dir: Option<PathBuf>,
}

impl Spelling {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        Ok(Self { data_dir: reader.path("spelling.data_dir")? })
    }
}
