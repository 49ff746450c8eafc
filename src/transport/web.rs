//! Browsers: which pages may call, what they may send and read. gRPC-Web itself is tonic-web's.

use std::{net::IpAddr, time::Duration};

use http::{HeaderName, HeaderValue, Method, Uri, header};
use tonic::Status;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::layers::REQUEST_ID_HEADER;
use crate::config::cors::Cors;

/// How long a browser may remember a preflight: the longest that Chromium honours.
const PREFLIGHT_AGE: Duration = Duration::from_secs(7200);

/// What a page may send beyond what browsers always may.
fn request_headers() -> [HeaderName; 10] {
    [
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
    ]
}

/// No credentials mode: identity comes in a header that the page sets, never in a cookie that the browser adds.
pub(super) fn cors(config: &Cors, development: bool) -> CorsLayer {
    let origins = config.origins.clone();
    let allowed = move |origin: &HeaderValue, _: &http::request::Parts| {
        let Ok(origin) = origin.to_str() else { return false };
        origins.iter().any(|listed| listed == origin || listed == "*") || (development && is_loopback(origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::POST, Method::OPTIONS])
        .allow_headers(request_headers())
        .expose_headers([Status::GRPC_STATUS, Status::GRPC_MESSAGE, Status::GRPC_STATUS_DETAILS, REQUEST_ID_HEADER])
        .max_age(PREFLIGHT_AGE)
}

/// A page on this machine, at any port.
fn is_loopback(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
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
