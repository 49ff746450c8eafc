//! Makes the file of the language model: the packed n-grams, without the vocabulary's own misspellings, and an index of its
//! words by sound.

use rustc_hash::FxHashSet;

use super::{
    homophones::Homophones,
    model::{
        Model, ModelError,
        ngrams::NGrams,
        pack::{self, PackError, Summary},
    },
    readings::Readings,
};

/// The section of the model's file that holds [`Homophones`].
pub const HOMOPHONES: &str = "homophones";

/// Why a model cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The n-grams do not fit the format.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// What was packed cannot be read: a bug of ours.
    #[error("the packed model cannot be read")]
    Unreadable(#[from] ModelError),
}

/// Packs a model. `misspellings` are lines of `word TAB right word`, `#` for comments: words that the model learnt from texts
/// with errors, left out. 10 s and 1 GB for libime's model.
///
/// # Errors
/// [`CompileError`].
pub fn compile(ngrams: &NGrams, misspellings: &str, readings: &Readings) -> Result<(Vec<u8>, Summary), CompileError> {
    let rows = misspellings.lines().filter(|line| !line.starts_with('#'));
    let misspelt: FxHashSet<&str> = rows.filter_map(|line| line.split('\t').next()).collect();
    let mut packed = pack::pack(ngrams, |word| !misspelt.contains(word))?;
    let model = Model::open(packed.to_bytes().into(), false)?;
    packed.add_section(HOMOPHONES, Homophones::pack(&model, readings));
    let bytes = packed.to_bytes();
    Ok((bytes, packed.summary))
}
