//! Keeps a panic to the call that it happened in. The hook in `telemetry` has logged it; the payload is dropped unread.

use std::{
    future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use http::{Request, Response};
use tonic::{Status, body::Body};

use super::{Inner, Middleware, forward};
use crate::transport::status::CallError;

/// The layer.
#[derive(Clone, Copy, Debug)]
pub struct CatchPanic;

impl Middleware for CatchPanic {
    async fn handle<S: Inner>(self, request: Request<Body>, inner: S) -> Response<Body> {
        let mut call = pin!(forward(request, inner));
        // Unwind safe: the future is not polled again, and what calls share is immutable or behind locks of its own.
        future::poll_fn(|context| {
            catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context)))
                .unwrap_or_else(|_| Poll::Ready(Status::from(CallError::Internal).into_http()))
        })
        .await
    }
}
