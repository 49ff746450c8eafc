//! The model's side of polishing, against a server that says whatever a test tells it to, byte for byte.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod aimock;
mod aimock_service;
mod cancelling;
#[path = "../support/captured.rs"]
mod captured;
mod desk;
mod logged;
#[path = "../support/permit.rs"]
mod permit;
mod policy;
mod privacy;
mod quirks;
mod replies;
mod requests;
mod scripted;
mod support;
