//! What surrounds every call, from the outside in: request id, CORS and gRPC-Web (in `web`), the call's log line, deadline,
//! overload, panic. Each layer is one async function; none looks into a message.

mod calls;
mod deadline;
mod overload;
mod panics;
mod request_id;

use std::{
    convert::Infallible,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

pub use calls::{CallLog, Facts};
pub use deadline::{Cancelled, Deadline};
pub use overload::Overload;
pub use panics::CatchPanic;
pub use request_id::{HEADER as REQUEST_ID_HEADER, NameCall};

/// What lies further in.
pub trait Inner:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Send + 'static
{
}

impl<S> Inner for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Send + 'static
{
}

/// A layer written as one async function.
pub trait Middleware: Clone + Send + Sync + 'static {
    /// Answers the call, as a rule by handing it on.
    fn handle<S: Inner>(self, request: Request<Body>, inner: S) -> impl Future<Output = Response<Body>> + Send;
}

/// Puts a [`Middleware`] around a service.
#[derive(Clone, Copy, Debug)]
pub struct Around<M>(pub M);

impl<M: Clone, S> Layer<S> for Around<M> {
    type Service = Surrounded<M, S>;

    fn layer(&self, inner: S) -> Surrounded<M, S> {
        Surrounded { middleware: self.0.clone(), inner }
    }
}

/// A service with a [`Middleware`] around it.
#[derive(Clone, Debug)]
pub struct Surrounded<M, S> {
    middleware: M,
    inner: S,
}

impl<M: Middleware, S: Inner + Clone> Service<Request<Body>> for Surrounded<M, S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The clone has not been polled to readiness; the one that has must take the call.
        let next = self.inner.clone();
        let ready = mem::replace(&mut self.inner, next);
        let middleware = self.middleware.clone();
        Box::pin(async move { Ok(middleware.handle(request, ready).await) })
    }
}

/// Hands the call on.
async fn forward<S: Inner>(request: Request<Body>, mut inner: S) -> Response<Body> {
    match inner.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Whether a path belongs to health or reflection: they must answer when all else is busy, and their streams last.
fn is_standing(path: &str) -> bool {
    path.starts_with("/grpc.")
}
