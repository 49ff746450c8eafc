//! Pages of other origins, and what is no gRPC at all.

use std::sync::Arc;

use super::{CHECK, RawClient, read, status_of};
use crate::service::{
    support::{FakeEngine, TestServer, check_request},
    web::{frame, send_text},
};

async fn server(origins: &[&str], development: bool) -> TestServer {
    let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    TestServer::start_with(Arc::new(FakeEngine::default()), move |config| {
        (config.development, config.cors.origins) = (development, origins);
    })
    .await
}

/// The HTTP status of a call, over both protocols; over HTTP/2 also the status of gRPC.
async fn post(server: &TestServer, headers: &[(&str, &str)]) -> (u16, u16, Option<i32>) {
    let body = frame(&check_request("wrogn", "en"));
    let address = server.address.to_string();
    let owned: Vec<(String, String)> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sent = body.clone();
    let head = tokio::task::spawn_blocking(move || {
        let headers: Vec<_> = owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send_text(&address, CHECK, &headers, &sent).0
    })
    .await
    .unwrap();
    let first = head.split_whitespace().nth(1).unwrap().parse().unwrap();
    let mut client = RawClient::connect(server.address, 65_535).await;
    let answer = client.call(CHECK, headers, body).await.await.unwrap();
    let second = answer.status().as_u16();
    let (_, trailers) = read(answer).await.unwrap();
    (first, second, trailers.get("grpc-status").map(|_| status_of(&trailers).0))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_grpc_is_a_call() {
    let server = server(&[], false).await;
    for refused in [
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
        "application/grpcx",
        "application/grpc+json",
        "application/grpc-web+thrift",
        "application",
        "",
        "text/plain, application/grpc",
        "text/plain; application/grpc",
    ] {
        assert_eq!(post(&server, &[("content-type", refused)]).await, (415, 415, None), "{refused:?}");
    }
    for (allowed, http_1, status) in [
        ("application/grpc", 415, Some(0)),
        ("application/grpc+proto", 415, Some(0)),
        ("Application/GRPC", 415, Some(0)),
        ("application/grpc; charset=utf-8", 415, Some(0)),
        ("application/grpc-web", 200, None),
        ("application/grpc-web+proto", 200, None),
        ("application/grpc-web+proto; charset=utf-8", 200, None),
        ("APPLICATION/grpc-web ;x=y", 200, None),
    ] {
        assert_eq!(post(&server, &[("content-type", allowed)]).await, (http_1, 200, status), "{allowed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_pages_are_refused_on_every_call() {
    let listed = "https://workbench.example.com";
    for (development, origin, allowed) in [
        (false, listed, true),
        (false, "https://evil.example", false),
        (false, "null", false),
        (false, "http://localhost:5173", false),
        (false, "https://workbench.example.com.evil.example", false),
        (true, "https://evil.example", false),
        (true, "null", false),
        (true, "http://localhost.evil.example", false),
        (true, "http://localhost:5173", true),
        (true, listed, true),
    ] {
        let server = server(&[listed], development).await;
        let expected = if allowed { (200, 200) } else { (403, 403) };
        let (first, second, _) =
            post(&server, &[("content-type", "application/grpc-web+proto"), ("origin", origin)]).await;
        assert_eq!((first, second), expected, "{origin} in development: {development}");
    }
    let server = server(&[listed], false).await;
    let two = [("content-type", "application/grpc-web"), ("origin", listed), ("origin", "https://evil.example")];
    let (first, second, _) = post(&server, &two).await;
    assert_eq!((first, second), (403, 403), "one of two is foreign");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_a_sentence() {
    let server = server(&[], false).await;
    let address = server.address.to_string();
    for (method, path, status) in [
        ("GET", "/", "200"),
        ("HEAD", "/", "200"),
        ("GET", "/favicon.ico", "404"),
        ("GET", CHECK, "404"),
        ("PUT", "/", "405"),
        ("DELETE", CHECK, "405"),
        ("OPTIONS", CHECK, "405"),
        ("POST", "/", "415"),
    ] {
        let (head, body) = crate::service::web::send(&address, method, path, &[], &[]);
        assert_eq!(head.split_whitespace().nth(1), Some(status), "{method} {path}: {head}");
        assert!(head.contains("text/plain") && (method == "HEAD" || body.len() > 20), "{method} {path}: {head}");
    }
    let asks = [("access-control-request-method", "POST")];
    let (head, _) = crate::service::web::send(&address, "OPTIONS", CHECK, &asks, &[]);
    assert!(head.starts_with("http/1.1 405"), "a preflight of no page: {head}");
}
