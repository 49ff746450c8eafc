//! Makes the file of the language model: the packed n-grams, without the vocabulary's own misspellings, and an index of its
//! words by sound.

use rustc_hash::FxHashSet;

use super::{
    homophones::HomophoneIndex,
    model::{
        NGramModel, NGramModelError,
        ngrams::NGrams,
        pack::{self, PackError, PackSummary},
    },
    readings::PinyinReadings,
};

/// The section of the model's file that holds [`HomophoneIndex`].
pub(crate) const HOMOPHONES_SECTION: &str = "homophones";

/// Why a model cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ModelCompileError {
    /// The n-grams do not fit the format.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// What was packed cannot be read: a bug of ours.
    #[error("the packed model cannot be read")]
    Unreadable(#[from] NGramModelError),
}

/// Packs a model. `misspellings` are lines of `word TAB right word`, `#` for comments: words that the model learnt from texts
/// with errors, left out. 10 s and 1 GB for libime's model.
///
/// # Errors
/// [`ModelCompileError`].
pub fn compile_model(
    ngrams: &NGrams,
    misspellings: &str,
    readings: &PinyinReadings,
) -> Result<(Vec<u8>, PackSummary), ModelCompileError> {
    let rows = misspellings.lines().filter(|line| !line.starts_with('#'));
    let misspelt: FxHashSet<&str> = rows.filter_map(|line| line.split('\t').next()).collect();
    let mut packed = pack::pack_model(ngrams, |word| !misspelt.contains(word))?;
    let model = NGramModel::open(packed.to_bytes().into(), false)?;
    packed.add_section(HOMOPHONES_SECTION, HomophoneIndex::pack(&model, readings));
    let bytes = packed.to_bytes();
    Ok((bytes, packed.summary))
}
