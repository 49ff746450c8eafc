//! What polishing needs from outside, and the traits of it that are its own.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use super::{
    guard::language::DetectedLanguage, model::ChatModel, privacy::MaskingPolicy, quota::QuotaLedger,
    secret::FingerprintKey,
};
use crate::settings::SettingsReader;

/// Checks the spelling of a result. Polishing does not know who implements it.
pub trait Proofreader: Send + Sync + 'static {
    /// The misspelled words of a text; none for a language that it does not know.
    fn misspelled_words(&self, text: &str, tongue: DetectedLanguage) -> Vec<String>;
}

/// All that polishing needs from outside.
pub struct PolisherDependencies {
    /// Whom to ask.
    pub model: Arc<dyn ChatModel>,
    /// Who knows the conditions: they are evaluated again before a second answer is asked for.
    pub settings: Arc<dyn SettingsReader>,
    /// Who counts.
    pub ledger: Arc<dyn QuotaLedger>,
    /// Who checks the spelling.
    pub proofreader: Arc<dyn Proofreader>,
    /// What is masked.
    pub privacy: MaskingPolicy,
    /// Of request fingerprints.
    pub key: FingerprintKey,
    /// Knows of work that outlives a call: freeing what a client that hung up had reserved.
    pub tasks: TaskTracker,
}
