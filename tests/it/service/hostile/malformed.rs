//! Bodies that are no message: the client's fault, and told so.

use std::sync::Arc;

use tonic::Code;

use super::{CHECK, RawClient, read, status_of};
use crate::service::{
    support::{FakeEngine, TestServer, check_request},
    web::{frame, post},
};

/// A gRPC frame around bytes that are no message.
pub(super) fn framed(flag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![flag];
    frame.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    frame.extend(bytes);
    frame
}

#[tokio::test]
async fn what_is_no_message_is_the_clients_fault() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    let whole = frame(&check_request("text", "en"));
    let longer = [&whole[..], &whole[..]].concat();
    let more = [&whole[..], &[0, 0]].concat();
    for (name, headers, body) in [
        ("nothing", &[][..], Vec::new()),
        ("half a head", &[], vec![0, 0]),
        ("half a message", &[], whole[..whole.len() - 1].to_vec()),
        ("a message and a bit", &[], more),
        ("two messages", &[], longer),
        ("no protobuf", &[], framed(0, &[0xff; 9])),
        ("a wrong wire type", &[], framed(0, &[0x08, 1])),
        // `language_code`, with a byte that is no UTF-8.
        ("no UTF-8", &[], framed(0, &[0x12, 1, 0xff])),
        ("an unknown flag", &[], framed(7, b"text")),
        ("a flag without an encoding", &[], framed(1, b"text")),
        ("no gzip", &[("grpc-encoding", "gzip")], framed(1, b"text that nobody compressed")),
    ] {
        let answer = client.call(CHECK, headers, body).await.await.unwrap();
        let (_, trailers) = read(answer).await.unwrap();
        let message = trailers["grpc-message"].to_str().unwrap().to_owned();
        assert_eq!(
            status_of(&trailers),
            (Code::InvalidArgument.into(), "REQUEST_UNREADABLE".to_owned()),
            "{name}: {message}"
        );
        assert!(!message.contains("nobody"), "{name}: {message}");
    }
}

#[tokio::test]
async fn so_it_is_with_every_service() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    for path in [
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/Watch",
        "/vermilion.v1.SpellingService/GetSuggestions",
        "/vermilion.v1.PolishingService/StreamPolishReply",
    ] {
        let answer = client.call(path, &[], framed(0, &[0xff; 9])).await.await.unwrap();
        let (_, trailers) = read(answer).await.unwrap();
        let (code, _) = status_of(&trailers);
        assert!([Code::InvalidArgument.into(), Code::Unauthenticated.into()].contains(&code), "{path}: {trailers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn base64_is_read_or_refused() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let address = server.address.to_string();
    let text = |body: &[u8]| {
        let headers = [
            ("content-type", "application/grpc-web-text"),
            ("accept", "application/grpc-web-text"),
            ("x-grpc-web", "1"),
        ];
        let (head, body) = crate::service::web::send_text(&address, CHECK, &headers, body);
        format!("{head}{}", String::from_utf8_lossy(&body)).replace(": ", ":")
    };
    for broken in [&b"####"[..], b"AAAAA", b"not base64 at all!!!", b"AAAA===="] {
        let answer = text(broken);
        assert!(answer.contains("grpc-status:3"), "{answer}");
    }
    // `frame(check_request("wrogn", "en"))` in base64.
    let whole = "AAAAAA0KBwoFd3JvZ24SAmVu";
    let answer = text(whole.as_bytes());
    assert!(answer.starts_with("http/1.1 200") && !answer.contains("grpc-status:"), "{answer}");
    let (head, _) = post(&address, CHECK, &[], &framed(0, &[0xff; 9]));
    assert!(head.contains("grpc-status: 3"), "{head}");
}
