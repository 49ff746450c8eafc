//! Languages written in words divided by spaces: English and Portuguese.

pub mod accents;
pub mod blocklist;
mod broken;
pub mod casing;
pub mod chat;
pub mod checker;
pub mod common;
pub mod compile;
pub mod context;
pub mod expressions;
mod foreign;
pub mod hunspell;
pub mod lexicon;
mod memory;
mod names;
pub mod neighbours;
pub mod normal;
pub mod rules;
pub mod run_ons;
pub(crate) mod slips;
pub mod suggest;
pub mod supplement;
pub mod tokens;
mod tongues;
pub mod vocabulary;
