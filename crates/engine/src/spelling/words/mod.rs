//! Languages written in words divided by spaces: English and Portuguese.

pub mod accents;
pub mod casing;
pub mod checker;
pub mod common;
pub mod compile;
mod foreign;
pub mod hunspell;
pub mod lexicon;
mod names;
pub mod neighbours;
pub mod normal;
pub mod rules;
pub mod suggest;
pub mod supplement;
pub mod tokens;
pub mod vocabulary;
