//! The workbench page: the built bundle of `workbench/page`, embedded, with which people try the service in a browser. Knows files
//! and headers; no call, no identity.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::Write as _,
    sync::OnceLock,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::json;
use tonic::body::Body;

/// Only what the service itself sends: no script, style, image or call of another origin, no inline script or style, no frame
/// around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Path, content type, content.
const FILES: [(&str, &str, &[u8]); 4] = [
    ("/", "text/html; charset=utf-8", include_bytes!("../../workbench/page/dist/index.html")),
    ("/workbench.js", "text/javascript; charset=utf-8", include_bytes!("../../workbench/page/dist/workbench.js")),
    ("/workbench.css", "text/css; charset=utf-8", include_bytes!("../../workbench/page/dist/workbench.css")),
    ("/icon.svg", "image/svg+xml", include_bytes!("../../workbench/page/dist/icon.svg")),
];

/// Where the page reads what it cannot know: [`PageFacts`] as JSON.
const FACTS_PATH: &str = "/workbench.json";

/// What the page is told of the service that serves it.
#[derive(Clone, Debug)]
pub struct PageFacts {
    /// How the page says who calls.
    pub identity: PageIdentity,
    /// Whether drafts are rewritten by fixed rules that only look like a model.
    pub demo_model: bool,
    /// Who may be tried; empty where identity is a token.
    pub tenants: Vec<PageTenant>,
}

impl PageFacts {
    fn to_json(&self) -> String {
        let identity = match self.identity {
            PageIdentity::Headers => "headers",
            PageIdentity::Token => "token",
        };
        let tenants: Vec<_> =
            self.tenants.iter().map(|tenant| json!({ "id": tenant.id, "agents": tenant.agents })).collect();
        json!({ "identity": identity, "demoModel": self.demo_model, "tenants": tenants }).to_string()
    }
}

/// How the page says who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageIdentity {
    /// By headers, which are believed (development).
    Headers,
    /// By a token that the person pastes.
    Token,
}

/// A tenant to try.
#[derive(Clone, Debug)]
pub struct PageTenant {
    /// Its id.
    pub id: &'static str,
    /// The ids of its agents, the one to begin with first.
    pub agents: Vec<&'static str>,
}

/// The page, ready to be sent.
#[derive(Debug)]
pub(super) struct WorkbenchPage {
    files: Vec<PageFile>,
}

#[derive(Debug)]
struct PageFile {
    path: &'static str,
    content_type: HeaderValue,
    bytes: Bytes,
    etag: HeaderValue,
    /// Made when a browser first asks.
    gzip: OnceLock<Bytes>,
}

impl WorkbenchPage {
    /// With these facts.
    pub(super) fn new(facts: &PageFacts) -> Self {
        let facts = facts.to_json();
        let mut files: Vec<PageFile> = FILES
            .iter()
            .map(|&(path, content_type, bytes)| PageFile::new(path, content_type, Bytes::from_static(bytes)))
            .collect();
        files.push(PageFile::new(FACTS_PATH, "application/json", Bytes::from(facts)));
        Self { files }
    }

    /// A file of the page, if the request asks for one: GET and HEAD alone.
    pub(super) fn answer<B>(&self, request: &Request<B>) -> Option<Response<Body>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let file = self.files.iter().find(|file| file.path == request.uri().path())?;
        Some(file.response(request.method(), request.headers()))
    }
}

impl PageFile {
    fn new(path: &'static str, content_type: &'static str, bytes: Bytes) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let etag = HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish()));
        Self {
            path,
            content_type: HeaderValue::from_static(content_type),
            bytes,
            // Hexadecimal digits in quotation marks are a header's value.
            etag: etag.unwrap_or(HeaderValue::from_static("\"\"")),
            gzip: OnceLock::new(),
        }
    }

    fn response(&self, method: &Method, asked: &HeaderMap) -> Response<Body> {
        let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| *tag == self.etag);
        let is_compressed = accepts_gzip(asked);
        let bytes = if is_compressed { self.gzip.get_or_init(|| compressed(&self.bytes)) } else { &self.bytes };
        let body = if is_known || *method == Method::HEAD { Bytes::new() } else { bytes.clone() };
        let mut response = Response::new(Body::new(Full::new(body)));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        headers.insert(header::ETAG, self.etag.clone());
        // A new version of the program has a new page: ask, and be told that nothing is new.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if is_compressed && !is_known {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        for (name, value) in GUARDS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// What a browser may not do with the page.
const GUARDS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

fn accepts_gzip(asked: &HeaderMap) -> bool {
    let codings = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    codings.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn compressed(bytes: &Bytes) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::best());
    // Writing to memory cannot fail; if it did, an empty file would show it at once.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_which_codings_a_browser_takes() {
        for (value, expected) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, br", false),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(accepts_gzip(&headers), expected, "{value:?}");
        }
    }
}
