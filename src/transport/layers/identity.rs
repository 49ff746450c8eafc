//! Finds out who calls and whether such a caller may call the method at all, or answers why not. Handlers find the
//! [`Caller`] among the request's extensions; where there is none, this layer has not seen the call.

use std::{
    convert::Infallible,
    future::{self, Ready},
    mem,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::SystemTime,
};

use http::{HeaderMap, Request, Response, header};
use tonic::{
    Status,
    body::Body,
    transport::server::{TcpConnectInfo, TlsConnectInfo},
};
use tower::{Layer, Service};

use crate::{
    auth::{AuthError, Authenticator, Caller, Credentials, Method, Sent, Verdict, permissions::may_call},
    transport::status::CallError,
};

/// Headers by which a proxy says for whom it calls.
const FORWARDED: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// The layer.
#[derive(Clone, Debug)]
pub struct Identify(Arc<Authenticator>);

impl Identify {
    /// By this authenticator.
    #[must_use]
    pub const fn new(authenticator: Arc<Authenticator>) -> Self {
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
pub struct Identified<S> {
    authenticator: Arc<Authenticator>,
    inner: S,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S> Service<Request<Body>> for Identified<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Answer {
        // Health, reflection, and what nobody serves: no handler of ours.
        let Some(method) = Method::at(request.uri().path()) else { return Box::pin(self.inner.call(request)) };
        // Only this layer says who calls.
        request.extensions_mut().remove::<Caller>();
        match self.authenticator.judge(&credentials(&request), method, now()) {
            Verdict::Now(outcome) => match admit(&mut request, method, outcome) {
                Ok(()) => Box::pin(self.inner.call(request)),
                Err(error) => Box::pin(refuse(error)),
            },
            Verdict::Later(pending) => {
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

fn now() -> SystemTime {
    SystemTime::now()
}

fn admit(request: &mut Request<Body>, method: Method, outcome: Result<Caller, AuthError>) -> Result<(), CallError> {
    let refused = |error: &AuthError| tracing::debug!(method = method.path(), reason = error.reason(), "refused");
    let caller = outcome.inspect_err(refused)?;
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
    let extensions = request.extensions();
    let tls = extensions.get::<TlsConnectInfo<TcpConnectInfo>>();
    let tcp = tls.map(TlsConnectInfo::get_ref).or_else(|| extensions.get::<TcpConnectInfo>());
    Credentials {
        authorization: sent(headers, header::AUTHORIZATION.as_str()),
        tenant: sent(headers, "x-tenant-id"),
        agent: sent(headers, "x-agent-id"),
        roles: sent(headers, "x-roles"),
        subject: sent(headers, "x-subject"),
        proxy_secret: sent(headers, "x-proxy-secret"),
        host: sent(headers, header::HOST.as_str()),
        authority: request.uri().authority().map(http::uri::Authority::as_str),
        forwarded: FORWARDED.iter().any(|name| headers.contains_key(*name)),
        peer: tcp.and_then(TcpConnectInfo::remote_addr).map(|address| -> IpAddr { address.ip() }),
        certificate: tls.and_then(TlsConnectInfo::peer_certs).is_some_and(|certificates| !certificates.is_empty()),
    }
}

fn sent<'r>(headers: &'r HeaderMap, name: &str) -> Sent<'r> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Sent::No,
        (Some(value), None) => value.to_str().map_or(Sent::Unusable, Sent::Once),
        (Some(_), Some(_)) => Sent::Unusable,
    }
}
