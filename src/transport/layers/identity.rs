//! Finds out who calls and whether such a caller may call the method at all, or answers why not. Handlers find the
//! [`Caller`] among the request's extensions; where there is none, this layer has not seen the call.

use std::{
    convert::Infallible,
    future::{self, Ready},
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Extensions, HeaderMap, Request, Response, header};
use tonic::{Status, body::Body};
use tower::{Layer, Service};

use super::{CallTime, Facts};
use crate::{
    auth::{
        AccessTarget, AuthDecision, AuthError, Authenticator, Caller, CredentialHeader, Credentials, Method, authorize,
        permissions::may_call,
    },
    transport::{connections::Peer, status::CallError},
};

/// Headers by which proxies say for whom they call, or that they are there; besides all that begin with `x-forwarded`.
const FORWARDED: [&str; 14] = [
    "cf-connecting-ip",
    "cf-ray",
    "fastly-client-ip",
    "forwarded",
    "fly-client-ip",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-envoy-external-address",
    "x-original-forwarded-for",
    "x-original-host",
    "x-proxyuser-ip",
    "x-real-ip",
];

/// Whether a proxy has passed the request on, as far as its headers tell.
fn is_forwarded(headers: &HeaderMap) -> bool {
    const PREFIXES: [&str; 3] = ["x-forwarded", "x-appengine-", "x-amzn-trace-"];
    headers.keys().any(|name| {
        let name = name.as_str();
        FORWARDED.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    })
}

/// The caller of a call that is about nobody else, if it may call the method at all.
///
/// # Errors
/// [`CallError::Unauthenticated`] and [`CallError::Forbidden`].
pub(crate) fn authorized_caller(call: &Extensions, method: Method) -> Result<Caller, CallError> {
    let caller: Caller = call.get().cloned().unwrap_or_default();
    authorize(&caller, method, AccessTarget::Caller)?;
    Ok(caller)
}

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Identify(Arc<Authenticator>);

impl Identify {
    /// By this authenticator.
    #[must_use]
    pub(crate) const fn new(authenticator: Arc<Authenticator>) -> Self {
        Self(authenticator)
    }
}

impl<S> Layer<S> for Identify {
    type Service = Identified<S>;

    fn layer(&self, inner: S) -> Identified<S> {
        Identified { authenticator: Arc::clone(&self.0), inner }
    }
}

/// The service of an [`Identify`]. Not a `Middleware`, because a call may have to wait before it is handed on.
#[derive(Clone, Debug)]
pub(crate) struct Identified<S> {
    authenticator: Arc<Authenticator>,
    inner: S,
}

type ServiceFuture = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S> Service<Request<Body>> for Identified<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ServiceFuture;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> ServiceFuture {
        // Health, reflection, and what nobody serves: no handler of ours.
        let Some(method) = Method::at(request.uri().path()) else { return Box::pin(self.inner.call(request)) };
        // Only this layer says who calls.
        request.extensions_mut().remove::<Caller>();
        match self.authenticator.authenticate(&credentials(&request), method, CallTime::of(request.extensions()).now) {
            AuthDecision::Ready(outcome) => match admit(&mut request, method, outcome) {
                Ok(()) => Box::pin(self.inner.call(request)),
                Err(error) => Box::pin(refuse(error)),
            },
            AuthDecision::Pending(pending) => {
                // The clone has not been polled to readiness; the one that has must take the call.
                let next = self.inner.clone();
                let mut ready = mem::replace(&mut self.inner, next);
                Box::pin(async move {
                    match admit(&mut request, method, pending.resolve().await) {
                        Ok(()) => ready.call(request).await,
                        Err(error) => refuse(error).await,
                    }
                })
            }
        }
    }
}

fn admit(request: &mut Request<Body>, method: Method, outcome: Result<Caller, AuthError>) -> Result<(), CallError> {
    let refused = |error: &AuthError| tracing::debug!(method = method.path(), reason = error.reason(), "refused");
    let caller = outcome.inspect_err(refused)?;
    if let Some(facts) = request.extensions().get::<Arc<Facts>>().filter(|_| !caller.is_anonymous()) {
        facts.note_known();
    }
    if !may_call(&caller, method) {
        return Err(CallError::Forbidden);
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

fn refuse(error: CallError) -> Ready<Result<Response<Body>, Infallible>> {
    future::ready(Ok(Status::from(error).into_http()))
}

fn credentials(request: &Request<Body>) -> Credentials<'_> {
    let headers = request.headers();
    let peer = request.extensions().get::<Peer>();
    Credentials {
        authorization: credential_header(headers, header::AUTHORIZATION.as_str()),
        tenant: credential_header(headers, "x-tenant-id"),
        agent: credential_header(headers, "x-agent-id"),
        roles: credential_header(headers, "x-roles"),
        subject: credential_header(headers, "x-subject"),
        proxy_secret: credential_header(headers, "x-proxy-secret"),
        host: credential_header(headers, header::HOST.as_str()),
        authority: request.uri().authority().map(http::uri::Authority::as_str),
        forwarded: is_forwarded(headers),
        peer: peer.map(Peer::address),
        certificate: peer.is_some_and(Peer::has_certificate),
    }
}

fn credential_header<'r>(headers: &'r HeaderMap, name: &str) -> CredentialHeader<'r> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => CredentialHeader::Absent,
        (Some(value), None) => value.to_str().map_or(CredentialHeader::Unusable, CredentialHeader::Once),
        (Some(_), Some(_)) => CredentialHeader::Unusable,
    }
}
