//! Names each call: by the client's `x-request-id` if it is fit for a log, else anew; the answer carries the name.

use http::{HeaderName, HeaderValue, Request};
use tonic::body::Body;

use super::{Answering, Middleware, ResponseFuture};
use crate::telemetry::RequestId;

/// The header, in and out.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameCall;

impl Middleware for NameCall {
    fn handle<F: Answering>(
        &self,
        mut request: Request<Body>,
        next: impl FnOnce(Request<Body>) -> F,
    ) -> ResponseFuture {
        let sent = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let id = sent.and_then(RequestId::from_client).unwrap_or_else(RequestId::generate);
        request.extensions_mut().insert(id.clone());
        let answer = id.clone().scope_sync(|| next(request));
        Box::pin(async move {
            let mut response = id.clone().scope(answer).await;
            if let Ok(mut value) = HeaderValue::from_str(id.as_str()) {
                // No secret, but never the same twice: both ends need not keep it to compress the next.
                value.set_sensitive(true);
                response.headers_mut().insert(HEADER, value);
            }
            response
        })
    }
}
