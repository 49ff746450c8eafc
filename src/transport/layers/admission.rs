//! Admits calls, as many as there may be: a call has a place from the moment when its request is there until the last of its
//! answer has gone. More are turned away at once: a quick refusal can be retried elsewhere, a queue only grows.

use std::{
    convert::Infallible,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Extensions, HeaderMap, Request, Response};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};
use tracing::{Instrument as _, info_span};

use super::{
    answer::{Answer, Place},
    is_standing,
    request::{RequestLimits, receive},
};
use crate::{
    auth::Caller,
    settings::TenantId,
    telemetry::traces::step,
    transport::{
        connections::{Peer, Resource, Shares},
        status::CallError,
    },
};

/// The services whose requests are streams.
const REFLECTION: &str = "/grpc.reflection.";

/// What the layer goes by. How many calls there may be in all is the peer's account.
#[derive(Debug)]
struct AdmissionLimits {
    request: RequestLimits,
    tenants: Shares<TenantId>,
}

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Admission(Arc<AdmissionLimits>);

impl Admission {
    /// With so many calls of each tenant.
    #[must_use]
    pub(crate) fn new(request: RequestLimits, tenant_calls: usize) -> Self {
        Self(Arc::new(AdmissionLimits { request, tenants: Shares::of_calls(tenant_calls) }))
    }
}

impl<S> Layer<S> for Admission {
    type Service = Admitted<S>;

    fn layer(&self, inner: S) -> Admitted<S> {
        Admitted { limits: Arc::clone(&self.0), inner }
    }
}

/// The service of an [`Admission`]. Not a `Middleware`, because a call has to wait for its request before it is handed on.
#[derive(Clone, Debug)]
pub(crate) struct Admitted<S> {
    limits: Arc<AdmissionLimits>,
    inner: S,
}

impl<S> Service<Request<Body>> for Admitted<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The clone has not been polled to readiness; the one that has must take the call.
        let next = self.inner.clone();
        let inner = mem::replace(&mut self.inner, next);
        let limits = Arc::clone(&self.limits);
        Box::pin(async move { Ok(admit(&limits, inner, request).await.unwrap_or_else(refuse)) })
    }
}

async fn admit<S>(limits: &AdmissionLimits, mut inner: S, request: Request<Body>) -> Result<Response<Body>, CallError>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    // There is one in every server of ours.
    let Some(peer) = request.extensions().get::<Peer>().cloned() else { return Err(CallError::Internal) };
    let path = request.uri().path();
    // A stream of requests, of which none need ever come.
    let (request, room, place) = if path.starts_with(REFLECTION) {
        let place = take_standing_place(&peer).ok_or(CallError::Overloaded)?;
        (request, None, place)
    } else {
        let standing = is_standing(path);
        let arrived = receive(&limits.request, &peer, request).instrument(step(|| info_span!("receive"))).await?;
        // Before anything is done for it.
        let place =
            if standing { take_standing_place(&peer) } else { take_place(limits, &peer, &arrived.head.extensions) };
        let place = place.ok_or(CallError::Overloaded)?;
        let (request, room) = arrived.prepare(&limits.request, &peer)?;
        (request, room, place)
    };
    let response = match inner.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    // The message was part of the work.
    drop(room);
    if let Some(error) = misread(response.headers()) {
        return Err(error);
    }
    let (head, body) = response.into_parts();
    Ok(Response::from_parts(head, Answer::prepare(body, peer, place).instrument(step(|| info_span!("encode"))).await?))
}

/// Health and reflection must answer when all else is busy.
fn take_standing_place(peer: &Peer) -> Option<Place> {
    Some(Place { _of_all: peer.take(Resource::StandingCalls, 1)?, _of_tenant: None })
}

fn take_place(limits: &AdmissionLimits, peer: &Peer, extensions: &Extensions) -> Option<Place> {
    let tenant = extensions.get::<Caller>().and_then(|caller| caller.tenant.as_ref());
    let of_tenant = match tenant {
        Some(tenant) => Some(limits.tenants.take_call(tenant)?),
        None => None,
    };
    Some(Place { _of_all: peer.take(Resource::Calls, 1)?, _of_tenant: of_tenant })
}

fn refuse(error: CallError) -> Response<Body> {
    Status::from(error).into_http()
}

/// Tonic answers INTERNAL where a message is none: bad protobuf, UTF-8, compression, or none at all; and OUT_OF_RANGE or, if it is
/// compressed, RESOURCE_EXHAUSTED where it is too long. Our own errors have details; one without can only be tonic's, and so the
/// client's.
fn misread(headers: &HeaderMap) -> Option<CallError> {
    let status = headers.get(Status::GRPC_STATUS)?;
    if headers.contains_key(Status::GRPC_STATUS_DETAILS) {
        return None;
    }
    let told = || Status::from_header_map(headers).map(|status| status.message().to_owned()).unwrap_or_default();
    match Code::from_bytes(status.as_bytes()) {
        Code::Internal => Some(CallError::Unreadable(told())),
        Code::OutOfRange | Code::ResourceExhausted => Some(CallError::MessageTooLong(told())),
        _ => None,
    }
}
