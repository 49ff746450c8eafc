//! What is no call: a person's browser, a page that sends what it need not ask for, a health check of HTTP. Answered in one plain
//! sentence.

use http::{HeaderValue, Method, Request, Response, StatusCode, Version, header};
use tonic::body::Body;

/// The content types of gRPC with protobuf, as tonic wants them.
const GRPC: [&str; 2] = ["application/grpc", "application/grpc+proto"];

/// The same of gRPC-Web.
const GRPC_WEB: [&str; 4] = [
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpc-web-text",
    "application/grpc-web-text+proto",
];

/// A plain answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlainAnswer(StatusCode, &'static str);

/// For a page of an origin that may not call.
pub(super) const FOREIGN: PlainAnswer =
    PlainAnswer(StatusCode::FORBIDDEN, "Pages of this origin may not call: server.cors.origins does not name it.\n");

const GREETING: PlainAnswer = PlainAnswer(StatusCode::OK, "Vermilion speaks gRPC and gRPC-Web on this port.\n");
const NOTHING: PlainAnswer =
    PlainAnswer(StatusCode::NOT_FOUND, "There is nothing here: Vermilion speaks gRPC and gRPC-Web on this port.\n");
const METHOD: PlainAnswer = PlainAnswer(StatusCode::METHOD_NOT_ALLOWED, "gRPC and gRPC-Web calls are sent by POST.\n");
const CONTENT_TYPE: PlainAnswer = PlainAnswer(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "Expected the content type application/grpc, application/grpc-web or application/grpc-web-text, with protobuf.\n",
);
const HTTP_VERSION: PlainAnswer =
    PlainAnswer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "gRPC needs HTTP/2; over HTTP/1.1 there is gRPC-Web.\n");

impl PlainAnswer {
    /// As HTTP sends it.
    pub(super) fn response(self) -> Response<Body> {
        let Self(status, sentence) = self;
        let mut response = Response::new(Body::new(http_body_util::Full::from(sentence)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
        }
        response
    }
}

/// Whether it is a call of gRPC or gRPC-Web, whose content type it puts into the one form that tonic knows.
///
/// # Errors
/// The plain answer to what is none.
pub(super) fn ensure_call<B>(request: &mut Request<B>) -> Result<(), PlainAnswer> {
    match *request.method() {
        Method::POST => {}
        Method::GET | Method::HEAD if request.uri().path() == "/" => return Err(GREETING),
        Method::GET | Method::HEAD => return Err(NOTHING),
        _ => return Err(METHOD),
    }
    let content_type = content_type(request).ok_or(CONTENT_TYPE)?;
    if GRPC.contains(&content_type) && request.version() < Version::HTTP_2 {
        return Err(HTTP_VERSION);
    }
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|sent| sent != content_type) {
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Ok(())
}

/// Whether a call that [`ensure_call`] has let in is one of gRPC-Web.
pub(super) fn is_grpc_web<B>(request: &Request<B>) -> bool {
    request.headers().get(header::CONTENT_TYPE).is_some_and(|sent| sent.as_bytes().starts_with(b"application/grpc-web"))
}

/// The one that is meant: parameters and capital letters do not matter (RFC 9110, section 8.3.1).
fn content_type<B>(request: &Request<B>) -> Option<&'static str> {
    let mut sent = request.headers().get_all(header::CONTENT_TYPE).iter();
    let (Some(only), None) = (sent.next(), sent.next()) else { return None };
    let media_type = only.to_str().ok()?.split(';').next()?.trim_matches([' ', '\t']);
    GRPC.into_iter().chain(GRPC_WEB).find(|known| known.eq_ignore_ascii_case(media_type))
}
