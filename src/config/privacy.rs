//! `[polishing.privacy]`: what is kept from the models.

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};
use crate::polishing::{
    privacy::{Patterns, Scope},
    service::MaskingPolicy as Rules,
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "masking",
        value: Preset::Default("\"all\""),
        about: "\"all\": links, e-mail addresses, telephone, card, account and identity numbers, codes and variables are\n\
                replaced before a text leaves and come back unchanged. \"fixed\": variables, protected spans and the patterns\n\
                below only, for a model in your own house. In either case the answer must hold each unchanged.",
    },
    ConfigKey {
        name: "patterns",
        value: Preset::Default("[]"),
        about: "What else is masked: at most 50 regular expressions (Rust's regex), each of at most 1000 bytes. Names of\n\
                persons are not found without.",
    },
];

/// What is kept from the models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivacyConfig {
    /// How much.
    pub scope: Scope,
    /// The operator's patterns; they compile.
    pub patterns: Vec<String>,
}

impl PrivacyConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let scope = reader.parsed("polishing.privacy.masking", "\"all\" or \"fixed\"", |text| match text {
            "all" => Some(Scope::All),
            "fixed" => Some(Scope::Fixed),
            _ => None,
        })?;
        let patterns: Vec<String> = reader.list("polishing.privacy.patterns")?.into_iter().map(str::to_owned).collect();
        let key = "polishing.privacy.patterns";
        Patterns::new(&patterns).map_err(|error| invalid(key, error.to_string()))?;
        Ok(Self { scope, patterns })
    }

    /// The same, compiled.
    #[must_use]
    pub(crate) fn compile(&self) -> Rules {
        // They compiled when they were read.
        Rules { scope: self.scope, patterns: Patterns::new(&self.patterns).unwrap_or_default() }
    }
}
