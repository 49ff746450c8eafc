//! A word of a dictionary.

use std::time::SystemTime;

use super::name::{Owner, WordId};

/// A word, name or term that is right for a tenant or for one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryWord {
    /// Whose.
    pub owner: Owner,
    /// Which.
    pub id: WordId,
    /// The word, composed.
    pub text: String,
    /// When it was added, in whole milliseconds.
    pub created: SystemTime,
}
