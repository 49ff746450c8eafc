//! Chinese: wrongly written characters, found by a language model of words.
//!
//! The method, a noisy channel over a word lattice with a discriminative verifier, in the order of a check:
//!
//! 1. [`lattice`]: all ways to read the sentence as words; [`decode`]: the best one under the trigram [`model`] (Viterbi).
//! 2. [`gate`]: which characters of that reading are suspicious. Most of a clean sentence is not, and is done.
//! 3. [`confusion`]: what a suspicious character may have been, by sound ([`readings`]) or shape ([`shapes`]); edges for such
//!    words join the lattice, whole words by an index by sound ([`homophones`]).
//! 4. [`candidates`]: the edits of the best reading of the edited lattice, and the best single edits at each position.
//! 5. [`features`]: the text with and without each candidate, as the model (`fit`) and a second `witness`, a table of
//!    [`phrases`], see it.
//! 6. [`verifier`]: boosted trees, trained on synthetic errors, give each candidate a probability; [`lanes`] decide by it.
//! 7. [`corrector`]: all of it, again on the corrected text while corrections uncover others.
//!
//! Around it, what a text is more than one sentence of Simplified characters: `normal` and [`traditional`] (characters),
//! [`untouchable`] (names, numbers, quotations), [`reviewed`] (phrases that are wrong for certain, or a matter of style), and
//! [`checker`], which puts the marks on the text as written.

pub mod candidates;
pub mod characters;
pub mod checker;
pub mod class;
pub mod compile;
pub mod confusion;
pub mod corrector;
pub mod decode;
pub mod features;
mod fit;
pub mod gate;
pub mod homophones;
pub mod lanes;
pub mod lattice;
pub mod model;
mod normal;
pub mod phrases;
pub mod readings;
pub mod reviewed;
pub mod rewriting;
pub mod shapes;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod toy;
pub mod traditional;
pub mod untouchable;
pub mod verifier;
mod witness;
pub mod work;
