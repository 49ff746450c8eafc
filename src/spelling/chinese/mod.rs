//! Chinese: wrongly written characters, found by a language model of words.

mod characters;
mod checker;
mod normal;
mod reviewed;
mod untouchable;
