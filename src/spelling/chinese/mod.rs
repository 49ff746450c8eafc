//! Chinese: wrongly written characters, found by a language model of words.

pub mod candidates;
mod characters;
pub mod checker;
pub mod compile;
pub mod confusion;
pub mod corrector;
pub mod decode;
pub mod features;
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
pub mod traditional;
pub mod untouchable;
pub mod verifier;
