//! Requests that come slowly, or not at all.

use std::{
    io::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use h2::{SendStream, client::ResponseFuture};
use tonic::Code;
use vermilion::{config::limits::Share, transport::server::ShutdownOutcome};

use super::{CHECK, RawClient, read, status_of};
use crate::service::{
    support::{FakeEngine, TestServer, check_request},
    web::frame,
};

#[tokio::test]
async fn calls_whose_requests_do_not_come_hold_up_nobody() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        (config.limits.calls, config.deadlines.request) = (10, Duration::from_secs(60));
        config.limits.address_share = Share::percent(100);
    })
    .await;
    let mut hostile = RawClient::connect(server.address, 65_535).await;
    let headers = [("grpc-timeout", "60S")];
    let mut held = Vec::new();
    for _ in 0..39 {
        held.push(hostile.begin(CHECK, &headers).await);
    }
    let mut client = server.client().await;
    for _ in 0..50 {
        client.check_spelling(check_request("text", "en")).await.unwrap();
    }
    // A task and a head each, so there is an end to them, too.
    let more = [hostile.begin(CHECK, &headers).await, hostile.begin(CHECK, &headers).await];
    assert_eq!(only_answer(more).await, "OVERLOADED");
}

/// The reason of the one call of several that is answered; the others are still waited for.
async fn only_answer(calls: impl IntoIterator<Item = (ResponseFuture, SendStream<Bytes>)>) -> String {
    let (answered, mut answers) = tokio::sync::mpsc::unbounded_channel();
    for (answer, stream) in calls {
        let answered = answered.clone();
        tokio::spawn(async move {
            let reason = status_of(answer.await.unwrap().headers()).1;
            let _ = answered.send(reason);
            drop(stream);
        });
    }
    let first = tokio::time::timeout(Duration::from_secs(8), answers.recv()).await.expect("an answer").unwrap();
    let second = tokio::time::timeout(Duration::from_millis(300), answers.recv()).await;
    assert!(second.is_err(), "{second:?}");
    first
}

#[tokio::test]
async fn a_request_has_its_time_to_arrive() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.deadlines.request = Duration::from_millis(200);
    })
    .await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    for part in [&b""[..], &frame(&check_request("text", "en"))[..7]] {
        let (answer, mut stream) = client.begin(CHECK, &[]).await;
        stream.send_data(part.to_vec().into(), false).unwrap();
        let answer = answer.await.unwrap();
        assert_eq!(status_of(answer.headers()), (Code::DeadlineExceeded.into(), "REQUEST_INCOMPLETE".to_owned()));
    }
    // One byte at a time, but in time.
    let (answer, mut stream) = client.begin(CHECK, &[]).await;
    let message = frame(&check_request("wrogn", "en"));
    for byte in &message {
        stream.send_data(vec![*byte].into(), false).unwrap();
        tokio::task::yield_now().await;
    }
    stream.send_data(Bytes::new(), true).unwrap();
    let (_, trailers) = read(answer.await.unwrap()).await.unwrap();
    assert_eq!(status_of(&trailers).0, 0);
}

#[tokio::test]
async fn what_arrives_has_its_room() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        (config.limits.request_bytes, config.deadlines.request) = (1 << 16, Duration::from_secs(60));
        config.limits.address_share = Share::percent(100);
    })
    .await;
    let mut hostile = RawClient::connect(server.address, 65_535).await;
    let mut calls = Vec::new();
    for _ in 0..3 {
        let (answer, mut stream) = hostile.begin(CHECK, &[("grpc-timeout", "60S")]).await;
        stream.send_data(vec![0; 30_000].into(), false).unwrap();
        calls.push((answer, stream));
    }
    assert_eq!(only_answer(calls).await, "OVERLOADED");
    let mut client = server.client().await;
    client.check_spelling(check_request("short texts need no room", "en")).await.unwrap();
}

#[tokio::test]
async fn half_a_request_does_not_hold_up_the_end() {
    let mut server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.shutdown.grace = Duration::from_secs(60);
    })
    .await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    let (answer, _stream) = client.begin(CHECK, &[("grpc-timeout", "60S")]).await;
    // Silent ones: a connection, half a head of HTTP/1.1, half an HTTP/2 preface, and a peer that answers no PING.
    let mut others = Vec::new();
    for bytes in [&b""[..], b"POST / HTTP/1.1\r\nho", b"PRI * HTTP/2.0\r\n", &[PREFACE, SETTINGS].concat()] {
        let mut other = std::net::TcpStream::connect(server.address).unwrap();
        other.write_all(bytes).unwrap();
        others.push(other);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    server.begin_shutdown();
    let answer = answer.await.unwrap();
    assert_eq!(status_of(answer.headers()), (Code::Unavailable.into(), "SHUTTING_DOWN".to_owned()));
    assert_eq!(server.wait_until_stopped().await, ShutdownOutcome::Drained);
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn standing_calls_are_few_on_a_connection_and_health_waits_for_nobody() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.deadlines.request = Duration::from_millis(300);
        config.connections.max_streams = 32;
    })
    .await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    let (answer, _stream) = client.begin("/grpc.health.v1.Health/Check", &[]).await;
    assert_eq!(status_of(answer.await.unwrap().headers()).1, "REQUEST_INCOMPLETE");
    let mut watches = Vec::new();
    for _ in 0..16 {
        let watch = client.call("/grpc.health.v1.Health/Watch", &[], vec![0; 5]).await.await.unwrap();
        assert!(!watch.headers().contains_key("grpc-status"));
        watches.push(watch);
    }
    let refused = client.call("/grpc.health.v1.Health/Watch", &[], vec![0; 5]).await.await.unwrap();
    assert_eq!(status_of(refused.headers()).1, "OVERLOADED");
    crate::service::standing::is_serving(&server, "").await;
    drop(watches.pop());
    for _ in 0..100 {
        let check = client.call("/grpc.health.v1.Health/Check", &[], vec![0; 5]).await.await.unwrap();
        if !check.headers().contains_key("grpc-status") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("its place is never free");
}
