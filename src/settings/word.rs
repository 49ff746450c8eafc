//! A word of a dictionary.

use std::time::SystemTime;

use super::name::{DictionaryOwner, DictionaryWordId};

/// A word, name or term that is right for a tenant or for one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryWord {
    /// Whose.
    pub owner: DictionaryOwner,
    /// Which.
    pub id: DictionaryWordId,
    /// The word, composed.
    pub text: String,
    /// When it was added, in whole milliseconds.
    pub created: SystemTime,
}
