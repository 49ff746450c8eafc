//! What the method knows of the language: opened once, shared by all checks, never changed.

use super::{
    confusion::ConfusionSets, homophones::HomophoneIndex, model::NGramModel, phrases::PhraseCounts, trade::TradeWords,
};

/// The language model, and the tables beside it.
#[derive(Debug)]
pub struct ChineseResources {
    /// How likely words are, one after another.
    pub model: NGramModel,
    /// What a character may stand for.
    pub confusions: ConfusionSets,
    /// Words of the model by their sound.
    pub homophones: HomophoneIndex,
    /// How often short strings stand in other texts; only the verifier is told.
    pub phrases: PhraseCounts,
    /// Words of the model that are right although it hardly knows them.
    pub trade: TradeWords,
}
