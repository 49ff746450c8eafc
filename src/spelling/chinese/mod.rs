//! Chinese: wrongly written characters, found by a language model of words.

pub mod rewriting;
pub mod traditional;
