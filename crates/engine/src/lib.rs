//! The engine of Vermilion: what in a document is prose, and what in the prose is misspelled.
//!
//! Synchronous and total: it does no I/O, knows no runtime, no network and no wire format, and answers any text with
//! findings, never with an error or a panic. The service's `tests/it/architecture.rs` holds it to that.

pub mod document;
pub mod glossary;
pub mod language;
pub mod spelling;
pub mod text;
