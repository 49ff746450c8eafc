//! Turns calls away at once when too many are in hand: a quick refusal can be retried elsewhere, a queue only grows.

use std::sync::Arc;

use http::Request;
use tokio::sync::Semaphore;
use tonic::{Status, body::Body};

use super::{Answering, Middleware, ResponseFuture, is_standing};
use crate::transport::status::CallError;

/// The layer. Clones share one count.
#[derive(Clone, Debug)]
pub(crate) struct Overload {
    slots: Arc<Semaphore>,
}

impl Overload {
    /// Lets at most `calls` calls in at once, on all connections together.
    #[must_use]
    pub(crate) fn new(calls: usize) -> Self {
        Self { slots: Arc::new(Semaphore::new(calls)) }
    }
}

impl Middleware for Overload {
    fn handle<F: Answering>(&self, request: Request<Body>, next: impl FnOnce(Request<Body>) -> F) -> ResponseFuture {
        let slot = if is_standing(request.uri().path()) {
            Ok(None)
        } else {
            Arc::clone(&self.slots).try_acquire_owned().map(Some)
        };
        let admitted = slot.map(|slot| (slot, next(request)));
        Box::pin(async move {
            match admitted {
                Ok((_slot, answer)) => answer.await,
                Err(_) => Status::from(CallError::Overloaded).into_http(),
            }
        })
    }
}
