//! Finds misspellings in a document. Synchronous and total: any text yields findings, never an error or a panic. Knows no
//! transport, no settings, no polishing.

mod asked;
pub mod assembly;
pub mod chinese;
pub mod data;
mod detection;
pub mod finding;
mod marks;
pub mod meter;
mod mixed;
mod own_words;
mod pieces;
mod placing;
pub mod service;
pub mod words;

pub use assembly::DataError;
pub use assembly::SpellerLayers;
pub use finding::{FindingKind, SpellingFinding, SpellingReport, Suggestion};
pub use own_words::with_own_words;
pub use pieces::divide_replacement;
pub use service::{CheckRequest, Speller};
