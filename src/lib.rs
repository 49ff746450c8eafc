//! Vermilion: spelling and reply polishing for contact-centre workbenches, over gRPC.
//!
//! The modules are floors, and imports go down only; `tests/it/architecture.rs` holds them to it. ARCHITECTURE.md is
//! the map.
#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests read clocks"))]

/// The allocator of the program, its tests and its benchmarks. A thread of its own gives memory back to the system when calls end.
#[cfg(not(target_env = "msvc"))]
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
