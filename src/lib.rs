//! Vermilion: spelling and reply polishing for contact-centre workbenches, over gRPC.
//!
//! The modules are floors, and imports go down only; `tests/it/architecture.rs` holds them to it. ARCHITECTURE.md is
//! the map.
#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests read clocks"))]

/// The allocator of the program, and of tests and benchmarks of this package. A thread of its own gives memory back to the system. Fuzzers
/// have their own, which looks for overruns.
#[cfg(not(any(target_env = "msvc", fuzzing)))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod metrics;
pub mod polishing;
pub mod settings;
pub mod storage;
pub mod telemetry;
pub mod transport;
