//! The model's side of polishing, against a server that says whatever a test tells it to, byte for byte.

mod aimock;
mod aimock_service;
mod cancelling;
mod desk;
mod logged;
mod policy;
mod privacy;
mod quirks;
mod replies;
mod requests;
mod reviewing;
pub(crate) mod scripted;
mod support;
mod without_store;

use crate::support::{captured, permit};
