//! Where a call comes in: hyper hands over a request, and the layers are asked for its answer.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use http::{Request, Response, Version};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tonic::{Status, body::Body};

use super::{
    calls::{ConnectionCalls, OpenCall},
    peer::Peer,
    resources::Resource,
};
use crate::{
    config::deadlines::DeadlinesConfig,
    transport::{
        layers::{CallTime, is_standing},
        status::CallError,
    },
};

/// The layers and all that is behind them.
pub(crate) trait Layers:
    tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + Unpin + 'static>
    + Clone
    + Send
    + Sync
    + Unpin
    + 'static
{
}

impl<S> Layers for S where
    S: tower::Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + Unpin + 'static>
        + Clone
        + Send
        + Sync
        + Unpin
        + 'static
{
}

/// The door of one connection.
#[derive(Debug)]
pub(super) struct Door<S> {
    pub(super) layers: S,
    pub(super) peer: Peer,
    pub(super) calls: Arc<ConnectionCalls>,
    pub(super) deadlines: Arc<DeadlinesConfig>,
}

impl<S: Layers> hyper::service::Service<Request<Incoming>> for Door<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering<S>;

    fn call(&self, request: Request<Incoming>) -> Answering<S> {
        let mut request = request.map(Body::new);
        let time = CallTime::of_arrival(&self.deadlines, &request);
        // Health has limits of its own: a probe that is refused ends the process.
        let standing = is_standing(request.uri().path());
        let taken = if standing { None } else { self.peer.take(Resource::OpenCalls, 1) };
        if taken.is_none() && !standing {
            return Answering::refused();
        }
        let exchange = if request.version() == Version::HTTP_2 {
            self.calls.begin_stream(time.deadline, taken);
            None
        } else {
            Some(self.calls.begin_exchange(time.deadline, taken))
        };
        request.extensions_mut().insert(time);
        request.extensions_mut().insert(self.peer.clone());
        Answering { asked: Some((self.layers.clone(), request)), answer: None, exchange }
    }
}

/// A call on its way to its answer. The layers are asked where it is polled, which over HTTP/2 is a task of its own.
pub(super) struct Answering<S: Layers> {
    asked: Option<(S, Request<Body>)>,
    answer: Option<S::Future>,
    exchange: Option<OpenCall>,
}

impl<S: Layers> Answering<S> {
    /// There are too many already: nothing is asked.
    const fn refused() -> Self {
        Self { asked: None, answer: None, exchange: None }
    }
}

impl<S: Layers> Future for Answering<S> {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some((layers, _)) = &mut self.asked {
            ready!(layers.poll_ready(context))?;
        }
        if let Some((mut layers, request)) = self.asked.take() {
            self.answer = Some(layers.call(request));
        }
        let Some(answer) = &mut self.answer else {
            // All head, it waits for no window.
            return Poll::Ready(Ok(Status::from(CallError::Overloaded).into_http()));
        };
        let response = ready!(Pin::new(answer).poll(context))?;
        Poll::Ready(Ok(match self.exchange.take() {
            None => response,
            Some(exchange) => response.map(|inner| Body::new(Exchange { inner, _open: exchange })),
        }))
    }
}

/// The answer of an HTTP/1.1 call, which is open until it has gone.
struct Exchange {
    inner: Body,
    _open: OpenCall,
}

impl http_body::Body for Exchange {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
