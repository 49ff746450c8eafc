//! What surrounds every call, from the outside in: request id, CORS and gRPC-Web (in `web`), the call's log line, deadline,
//! identity, admission, panic. None reads a value of a message; `message` counts its fields.

mod admission;
mod answer;
mod calls;
mod deadline;
mod identity;
mod message;
mod panics;
mod refusals;
mod request;
mod request_id;

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use tonic::{Status, body::Body};
use tower::{Layer, Service};

use crate::transport::status::CallError;

pub(crate) use admission::Admission;
pub(crate) use calls::{CallLog, Facts, FromBrowser};
pub(crate) use deadline::{CallTime, Cancelled, Deadline};
pub(crate) use identity::{Identify, authorized_caller};
pub(crate) use message::RequestShapes;
#[cfg(fuzzing)]
pub(crate) use message::{prepare_message, split};
pub(crate) use panics::CatchPanic;
pub(crate) use request::RequestLimits;
pub(crate) use request_id::{HEADER as REQUEST_ID_HEADER, NameCall};

/// A layer: looks at the request, hands it on or does not, and follows the answer.
pub(crate) trait Middleware: Clone + Send + Sync + 'static {
    /// Answers the call, as a rule by handing it on to `next`, at once: what lies further in is then neither cloned nor locked.
    fn handle<F: Answering>(&self, request: Request<Body>, next: impl FnOnce(Request<Body>) -> F) -> ResponseFuture;
}

/// A call on its way to its answer.
pub(crate) trait Answering: Future<Output = Response<Body>> + Send + 'static {}

impl<F: Future<Output = Response<Body>> + Send + 'static> Answering for F {}

/// The same, as a layer gives it.
pub(crate) type ResponseFuture = Pin<Box<dyn Answering>>;

/// Puts a [`Middleware`] around a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<M>(pub M);

impl<M: Clone, S> Layer<S> for Around<M> {
    type Service = Surrounded<M, S>;

    fn layer(&self, inner: S) -> Surrounded<M, S> {
        Surrounded { middleware: self.0.clone(), inner }
    }
}

/// A service with a [`Middleware`] around it.
#[derive(Clone, Debug)]
pub(crate) struct Surrounded<M, S> {
    middleware: M,
    inner: S,
}

impl<M, S> Service<Request<Body>> for Surrounded<M, S>
where
    M: Middleware,
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Infallibly<ResponseFuture>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let inner = &mut self.inner;
        Infallibly(self.middleware.handle(request, |request| infallible(inner.call(request))))
    }
}

async fn infallible(call: impl Future<Output = Result<Response<Body>, Infallible>>) -> Response<Body> {
    match call.await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// An answer as tower wants it.
#[derive(Debug)]
pub(crate) struct Infallibly<F>(F);

impl<F: Future + Unpin> Future for Infallibly<F> {
    type Output = Result<F::Output, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(Ok)
    }
}

/// The end of an answer whose head has gone.
fn ending(error: CallError) -> Result<Frame<Bytes>, Status> {
    let mut trailers = HeaderMap::new();
    Status::from(error).add_header(&mut trailers)?;
    Ok(Frame::trailers(trailers))
}

/// Whether a path belongs to health or reflection: they must answer when all else is busy, and their streams last.
pub(crate) fn is_standing(path: &str) -> bool {
    path.starts_with("/grpc.")
}
