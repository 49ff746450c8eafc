//! Browsers: which pages may call, what they may send and read. A page may send some requests anywhere without asking first, so
//! what a page may not send is refused here, before anything is done for it. gRPC-Web itself is tonic-web's.

use std::{
    future, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderName, HeaderValue, Method, Request, Response, Uri, header};
use tonic::{Status, body::Body};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, Cors as CorsService, CorsLayer};

use super::{
    layers::{FromBrowser, REQUEST_ID_HEADER},
    page::WorkbenchPage,
    plain::{FOREIGN, ensure_call, is_grpc_web},
};
use crate::{auth::development::is_loopback_authority, config::cors::CorsConfig};

/// How long a browser may remember a preflight: the longest that Chromium honours.
const PREFLIGHT_AGE: Duration = Duration::from_secs(7200);

/// The longest name of a header that is repeated in the log.
const MAX_LOGGED_NAME: usize = 64;

/// What a page may send beyond what browsers always may; in development also as whom it calls.
fn request_headers(development: bool) -> Vec<HeaderName> {
    let mut headers = vec![
        header::CONTENT_TYPE,
        header::AUTHORIZATION,
        HeaderName::from_static("x-grpc-web"),
        HeaderName::from_static("x-user-agent"),
        HeaderName::from_static("grpc-timeout"),
        HeaderName::from_static("x-tenant-id"),
        HeaderName::from_static("x-agent-id"),
        REQUEST_ID_HEADER,
        HeaderName::from_static("traceparent"),
        HeaderName::from_static("tracestate"),
        // Connect's clients may send it with gRPC-Web, too.
        HeaderName::from_static("connect-protocol-version"),
    ];
    if development {
        headers.push(HeaderName::from_static("x-roles"));
    }
    headers
}

/// Lets in what is a call of a page that may call, or of no page. A request without an origin is no page's, and is spared the
/// headers of CORS.
#[derive(Clone, Debug)]
pub(super) struct BrowserLayer(Arc<Browsers>);

#[derive(Debug)]
struct Browsers {
    cors: CorsLayer,
    origins: AllowedOrigins,
    headers: Vec<HeaderName>,
    page: Option<WorkbenchPage>,
}

/// The origins whose pages may call.
#[derive(Clone, Debug)]
struct AllowedOrigins {
    listed: Vec<String>,
    loopback: bool,
}

impl AllowedOrigins {
    fn contains(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        self.listed.iter().any(|listed| listed == origin || listed == "*") || (self.loopback && is_loopback(origin))
    }
}

impl<S: Clone> Layer<S> for BrowserLayer {
    type Service = BrowserService<S>;

    fn layer(&self, inner: S) -> BrowserService<S> {
        BrowserService { browsers: Arc::clone(&self.0), inner }
    }
}

/// The service of a [`BrowserLayer`].
#[derive(Clone, Debug)]
pub(super) struct BrowserService<S> {
    browsers: Arc<Browsers>,
    inner: S,
}

impl<S> Service<Request<Body>> for BrowserService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error: Send + 'static, Future: Send + 'static> + Clone,
    CorsService<S>: Service<Request<Body>, Response = Response<Body>, Error = S::Error, Future: Send + 'static>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let mut origins = request.headers().get_all(header::ORIGIN).iter().peekable();
        let is_page = origins.peek().is_some();
        if !origins.all(|origin| self.browsers.origins.contains(origin)) {
            tracing::debug!(
                is_preflight = is_preflight(&request),
                "refused: server.cors.origins lacks the page's origin"
            );
            return Box::pin(future::ready(Ok(FOREIGN.response())));
        }
        if let Some(file) = self.browsers.page.as_ref().and_then(|page| page.answer(&request)) {
            return Box::pin(future::ready(Ok(file)));
        }
        if is_page && is_preflight(&request) {
            log_refusal(&request, &self.browsers.headers);
        } else if let Err(plain) = ensure_call(&mut request) {
            return Box::pin(future::ready(Ok(plain.response())));
        }
        if is_grpc_web(&request) {
            request.extensions_mut().insert(FromBrowser);
        }
        if !is_page {
            return Box::pin(self.inner.call(request));
        }
        // The clone has not been polled to readiness; the one that has must take the call.
        let next = self.inner.clone();
        let ready = mem::replace(&mut self.inner, next);
        Box::pin(self.browsers.cors.layer(ready).call(request))
    }
}

/// No credentials mode: identity comes in a header that the page sets, never in a cookie that the browser adds. `page`: what is at `/`.
pub(super) fn browser_layer(config: &CorsConfig, development: bool, page: Option<WorkbenchPage>) -> BrowserLayer {
    let origins = AllowedOrigins { listed: config.origins.clone(), loopback: development };
    let allowed = origins.clone();
    let headers = request_headers(development);
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| allowed.contains(origin)))
        .allow_methods([Method::POST, Method::OPTIONS])
        .allow_headers(headers.clone())
        .expose_headers([Status::GRPC_STATUS, Status::GRPC_MESSAGE, Status::GRPC_STATUS_DETAILS, REQUEST_ID_HEADER])
        .max_age(PREFLIGHT_AGE);
    BrowserLayer(Arc::new(Browsers { cors, origins, headers, page }))
}

/// A browser asks whether a page may call.
fn is_preflight(request: &Request<Body>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Says in the log why the browser will refuse what its page wants to send, as neither says it to whoever writes the page. Names that
/// are none of HTTP's are not repeated.
fn log_refusal(request: &Request<Body>, allowed: &[HeaderName]) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let asked =
        |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let method = asked(header::ACCESS_CONTROL_REQUEST_METHOD);
    if method != Method::POST.as_str() {
        tracing::debug!("a page's preflight will be refused by its browser: calls are sent by POST");
    }
    for name in asked(header::ACCESS_CONTROL_REQUEST_HEADERS).split(',').map(str::trim) {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        if !allowed.contains(&name) && name.as_str().len() <= MAX_LOGGED_NAME {
            tracing::debug!(
                header = name.as_str(),
                "a page's preflight will be refused by its browser: no such header"
            );
        }
    }
}

/// A page on this machine, at any port.
fn is_loopback(origin: &str) -> bool {
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.into_parts().authority);
    authority.is_some_and(|authority| is_loopback_authority(authority.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_pages_on_this_machine() {
        for origin in ["http://localhost:5173", "http://127.0.0.1:80", "https://[::1]:3000", "http://app.localhost"] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in ["http://localhost.example.com", "http://10.0.0.1", "null", "", "http://notlocalhost"] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
