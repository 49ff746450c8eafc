//! Reading of documents: see `tests/documents.rs` for whole messages.
