//! The service's tests, in one program: the language data is linked once. A process of its own has only what is about the
//! process (`tests/panics.rs`).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise"
)]

mod architecture;
mod config;
mod permissions;
mod polishing;
mod polishing_model;
mod service;
mod settings;
mod support;
