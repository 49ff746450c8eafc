//! Languages written in words divided by spaces: English and Portuguese.

pub mod casing;
pub mod common;
pub mod compile;
pub mod hunspell;
pub mod lexicon;
pub mod supplement;
pub mod vocabulary;
