//! The gRPC surface: proto messages in and out, and everything that surrounds a call. Knows how to ask for a check, not how
//! one is done.

pub mod admin;
pub mod connections;
pub(crate) mod convert;
pub mod engine;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod health;
pub mod json;
pub(crate) mod layers;
pub mod own_port;
pub mod page;
pub mod polishing;
pub mod proofreading;
pub mod proto;
pub mod reflection;
pub mod server;
pub mod settings;
pub mod spelling;
pub mod status;

mod caller;
mod check_response;
mod compression;
mod feedback;
mod plain;
mod tallies;
mod web;
mod work_queue;
mod workers;
