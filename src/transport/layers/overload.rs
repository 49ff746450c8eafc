//! Turns calls away at once when too many are in hand: a quick refusal can be retried elsewhere, a queue only grows.

use std::sync::Arc;

use http::{Request, Response};
use tokio::sync::Semaphore;
use tonic::{Status, body::Body};

use super::{Inner, Middleware, forward, is_standing};
use crate::transport::status::CallError;

/// The layer. Clones share one count.
#[derive(Clone, Debug)]
pub struct Overload {
    slots: Arc<Semaphore>,
}

impl Overload {
    /// Lets so many calls in at once, on all connections together.
    #[must_use]
    pub fn new(calls: usize) -> Self {
        Self { slots: Arc::new(Semaphore::new(calls)) }
    }
}

impl Middleware for Overload {
    async fn handle<S: Inner>(self, request: Request<Body>, inner: S) -> Response<Body> {
        if is_standing(request.uri().path()) {
            return forward(request, inner).await;
        }
        match self.slots.try_acquire() {
            Ok(_slot) => forward(request, inner).await,
            Err(_) => Status::from(CallError::Overloaded).into_http(),
        }
    }
}
