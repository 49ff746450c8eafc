//! Why a configuration is refused. Every message names the key by its full path, or the variable.

use std::path::PathBuf;

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: String,
    },
    /// The file is not TOML.
    #[error("the configuration file is not valid TOML: {0}")]
    Syntax(String),
    /// No section has this key.
    #[error("unknown key {path} in the configuration file{}", hint(suggestion))]
    UnknownKey {
        /// Its full path.
        path: String,
        /// A known key that looks alike.
        suggestion: Option<String>,
    },
    /// A variable with our prefix sets nothing.
    #[error("unknown environment variable {name}: there is no key {path}{}", hint(suggestion))]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The key that it would set.
        path: String,
        /// A known key that looks alike.
        suggestion: Option<String>,
    },
    /// A value is of the wrong type or out of range.
    #[error("{path}: {problem}")]
    Invalid {
        /// The key's full path.
        path: String,
        /// What was expected and what was found.
        problem: String,
    },
}

fn hint(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map(|key| format!("; did you mean {key}?")).unwrap_or_default()
}
