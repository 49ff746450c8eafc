//! Keeps a panic to the call that it happened in. The hook in `telemetry` has logged it; the payload is dropped unread.

use std::{
    future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use http::{Request, Response};
use tonic::{Status, body::Body};

use super::{Answering, Middleware, ResponseFuture};
use crate::transport::status::CallError;

/// The layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CatchPanic;

impl Middleware for CatchPanic {
    fn handle<F: Answering>(&self, request: Request<Body>, next: impl FnOnce(Request<Body>) -> F) -> ResponseFuture {
        // Unwind safe: the future is not polled again, and what calls share is immutable or behind locks of its own.
        let call = catch_unwind(AssertUnwindSafe(|| next(request)));
        Box::pin(async move {
            let Ok(call) = call else { return internal() };
            let mut call = pin!(call);
            future::poll_fn(|context| {
                catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context)))
                    .unwrap_or_else(|_| Poll::Ready(internal()))
            })
            .await
        })
    }
}

fn internal() -> Response<Body> {
    Status::from(CallError::Internal).into_http()
}
