//! Browsers: gRPC-Web over HTTP/1.1, written byte by byte, and CORS.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use prost::Message;
use vermilion::transport::proto::CheckSpellingResponse;

use super::{
    lifecycle::{kill, program},
    support::{FakeEngine, TestServer, check_request, marked_texts},
};

const METHOD: &str = "/vermilion.v1.SpellingService/CheckSpelling";

/// A gRPC-Web data frame.
pub(crate) fn frame(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    let mut frame = vec![0];
    frame.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    frame.extend(bytes);
    frame
}

pub(crate) fn send(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (String, Vec<u8>) {
    send_to(address, address, method, path, headers, body)
}

/// One HTTP/1.1 request on its own connection: the head of the answer, and its body.
fn send_to(
    address: &str,
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_ascii_lowercase();
    let body = answer.split_off(end + 4);
    let chunked = head.contains("transfer-encoding: chunked");
    (head, if chunked { dechunk(&body) } else { body })
}

fn dechunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
}

pub(crate) fn post(address: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (String, Vec<u8>) {
    post_to(address, address, path, headers, body)
}

/// As [`post`], asking for another host than the one it is sent to.
pub(crate) fn post_to(
    address: &str,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (String, Vec<u8>) {
    let mut all = vec![("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
    all.extend(headers);
    send_to(address, host, "POST", path, &all, body)
}

/// As [`post`], with these headers and no others.
pub(crate) fn send_text(address: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (String, Vec<u8>) {
    send_to(address, address, "POST", path, headers, body)
}

fn frames(mut body: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [flag, a, b, c, d, rest @ ..] = body {
        let (data, further) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        frames.push((*flag, data.to_vec()));
        body = further;
    }
    frames
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_message_and_trailers() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let origin = ("origin", "http://localhost:5173");
    let (head, body) = post(
        &server.address.to_string(),
        METHOD,
        &[origin, ("x-request-id", "page-1")],
        &frame(&check_request("wrogn", "en")),
    );
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("x-request-id: page-1"), "{head}");
    assert!(head.contains("access-control-allow-origin: http://localhost:5173"), "{head}");
    let exposed = head.lines().find(|line| line.starts_with("access-control-expose-headers")).unwrap();
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    assert!(!head.contains("allow-credentials"), "{head}");
    let [(0, message), (0x80, trailers)] = &frames(&body)[..] else { panic!("a message and trailers: {body:?}") };
    assert_eq!(marked_texts(&CheckSpellingResponse::decode(&message[..]).unwrap()), ["wrogn"]);
    assert!(String::from_utf8_lossy(trailers).contains("grpc-status:0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_errors_with_details() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let (head, body) = post(&server.address.to_string(), METHOD, &[], &frame(&check_request("text", "english")));
    let all = format!("{head}{}", String::from_utf8_lossy(&body));
    assert!(all.contains("grpc-status:3") || all.contains("grpc-status: 3"), "{all}");
    assert!(all.contains("grpc-status-details-bin"), "{all}");
}

pub(crate) fn preflight(address: &str, origin: &str, header: &str) -> String {
    let headers =
        [("origin", origin), ("access-control-request-method", "POST"), ("access-control-request-headers", header)];
    send(address, "OPTIONS", METHOD, &headers, &[]).0
}

#[tokio::test(flavor = "multi_thread")]
async fn every_header_of_the_design_passes_a_preflight() {
    let origin = "https://workbench.example.com";
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.development = false;
        config.cors.origins = vec![origin.to_owned()];
    })
    .await;
    let address = server.address.to_string();
    for header in [
        "content-type",
        "x-grpc-web",
        "x-user-agent",
        "grpc-timeout",
        "authorization",
        "x-tenant-id",
        "x-agent-id",
        "x-request-id",
        "traceparent",
        "tracestate",
        "connect-protocol-version",
    ] {
        let head = preflight(&address, origin, header);
        let line = |name: &str| {
            let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            found.unwrap_or_default().to_owned()
        };
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(line("access-control-allow-origin"), origin);
        assert_eq!(line("access-control-allow-methods"), "post,options");
        assert_eq!(line("access-control-max-age"), "7200");
        assert!(line("access-control-allow-headers").split(',').any(|allowed| allowed == header), "{header}: {head}");
        assert!(!head.contains("allow-credentials"), "{head}");
    }
}

/// As whom a page calls is for its token to say, but in development.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_names_its_roles_in_development_only() {
    let origin = "https://workbench.example.com";
    for development in [true, false] {
        let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
            config.development = development;
            config.cors.origins = vec![origin.to_owned()];
        })
        .await;
        let head = preflight(&server.address.to_string(), origin, "x-roles");
        let allowed = head.lines().find_map(|line| line.strip_prefix("access-control-allow-headers: ")).unwrap();
        assert_eq!(allowed.split(',').any(|header| header == "x-roles"), development, "{head}");
    }
}

/// A browser tells its page nothing, so the log must.
#[test]
fn a_preflight_that_will_fail_is_in_the_log_at_debug() {
    let (mut child, address, mut log) = program(&[("RUST_LOG", "vermilion=debug")]);
    preflight(&address, "https://evil.example", "content-type");
    preflight(&address, "http://localhost:5173", "content-type, x-nobody-knows");
    preflight(&address, "http://localhost:5173", "content-type, x-roles");
    kill(&child, "-TERM");
    assert!(child.wait().unwrap().success());
    let mut lines = String::new();
    log.read_to_string(&mut lines).unwrap();
    let told: Vec<_> = lines.lines().filter(|line| line.contains("preflight")).collect();
    assert_eq!(told.len(), 2, "{lines}");
    assert!(told[0].contains("server.cors.origins") && told[1].contains("x-nobody-knows"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_origins_are_refused() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.development = false;
        config.cors.origins = vec!["https://workbench.example.com".to_owned()];
    })
    .await;
    for origin in
        ["https://evil.example", "null", "http://localhost:5173", "https://workbench.example.com.evil.example"]
    {
        let head = preflight(&server.address.to_string(), origin, "content-type");
        assert!(!head.contains("access-control-allow-origin"), "{origin}: {head}");
    }
}
