//! Clients that do not take their answers.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use h2::{Reason, RecvStream, client::ResponseFuture};
use http::Response;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tonic::Code;
use tonic_types::StatusExt as _;
use vermilion::config::limits::Share;

use super::{CHECK, RawClient, read, status_of};
use crate::service::{
    support::{Client, FakeEngine, TestServer, check_request, marked_texts},
    web::frame,
};

/// An answer of some 50 KB.
fn long_request() -> Vec<u8> {
    frame(&check_request(&"wrogn ".repeat(800), "en"))
}

async fn server(change: impl FnOnce(&mut vermilion::config::server::ServerConfig)) -> TestServer {
    TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.limits.address_share = Share::percent(100);
        change(config);
    })
    .await
}

/// The reason by which a polite caller is turned away, if it is.
async fn refusal(client: &mut Client, text: &str) -> Option<(Code, String)> {
    let status = client.check_spelling(check_request(text, "en")).await.err()?;
    Some((status.code(), status.get_error_details().error_info().unwrap().reason.clone()))
}

async fn all(answers: Vec<ResponseFuture>) -> Vec<Response<RecvStream>> {
    let mut heads = Vec::new();
    for answer in answers {
        heads.push(answer.await.unwrap());
    }
    heads
}

async fn until_served(client: &mut Client, text: &str) {
    for _ in 0..1000 {
        if refusal(client, text).await.is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never served again");
}

#[tokio::test]
async fn answers_nobody_takes_hold_their_places_until_the_deadline_and_no_longer() {
    let server = server(|config| config.limits.calls = 8).await;
    let mut client = server.client().await;
    let mut hostile = RawClient::connect(server.address, 0).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(hostile.call(CHECK, &[("grpc-timeout", "2S")], long_request()).await);
    }
    let answers = all(answers).await;
    assert_eq!(refusal(&mut client, "text").await, Some((Code::Unavailable, "OVERLOADED".to_owned())));
    until_served(&mut client, "text").await;
    for answer in answers {
        let mut body = answer.into_body();
        let error = body.data().await.unwrap().unwrap_err();
        assert_eq!(error.reason(), Some(Reason::CANCEL), "{error:?}");
    }
    assert!(!hostile.is_closed(), "its other calls are not concerned");
}

#[tokio::test]
async fn a_window_of_a_few_bytes_is_no_better() {
    let server = server(|config| config.limits.calls = 4).await;
    let mut client = server.client().await;
    for window in [1, 20_000] {
        let mut hostile = RawClient::connect(server.address, window).await;
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(hostile.call(CHECK, &[("grpc-timeout", "2S")], long_request()).await);
        }
        let _answers = all(answers).await;
        assert_eq!(refusal(&mut client, "text").await, Some((Code::Unavailable, "OVERLOADED".to_owned())), "{window}");
        until_served(&mut client, "text").await;
    }
}

/// Or h2 would keep the last frame, in a stream that nobody owns any more.
#[tokio::test]
async fn a_window_some_bytes_short_is_no_better() {
    let server = server(|_| {}).await;
    let mut polite = RawClient::connect(server.address, 1 << 20).await;
    let (message, _) = read(polite.call(CHECK, &[], long_request()).await.await.unwrap()).await.unwrap();
    for short in [4, 100, 20_000] {
        let window = u32::try_from(message.len() - short).unwrap();
        let mut hostile = RawClient::connect(server.address, window).await;
        let answer = hostile.call(CHECK, &[("grpc-timeout", "300m")], long_request()).await.await.unwrap();
        let mut body = answer.into_body();
        let error = loop {
            match tokio::time::timeout(Duration::from_secs(5), body.data()).await.expect("an end") {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => panic!("the whole message, though {short} bytes do not fit"),
            }
        };
        assert_eq!(error.reason(), Some(Reason::CANCEL), "{short}: {error:?}");
    }
}

#[tokio::test]
async fn bytes_that_wait_are_bounded_and_freed_at_the_deadline() {
    let server = server(|config| config.limits.waiting_bytes = 1 << 17).await;
    let mut client = server.client().await;
    let mut hostile = RawClient::connect(server.address, 0).await;
    let (mut waiting, mut refused) = (Vec::new(), 0);
    for _ in 0..6 {
        let answer = hostile.call(CHECK, &[("grpc-timeout", "3S")], long_request()).await.await.unwrap();
        if answer.headers().contains_key("grpc-status") {
            assert_eq!(status_of(answer.headers()), (Code::Unavailable.into(), "ANSWERS_WAITING".to_owned()));
            refused += 1;
        } else {
            waiting.push(answer);
        }
    }
    assert!(refused >= 3 && !waiting.is_empty(), "{refused} refused, {} waiting", waiting.len());
    let long = "wrogn ".repeat(800);
    assert_eq!(refusal(&mut client, &long).await, Some((Code::Unavailable, "ANSWERS_WAITING".to_owned())));
    assert_eq!(refusal(&mut client, "short wrogn").await, None, "short answers are not counted");
    until_served(&mut client, &long).await;
}

#[tokio::test]
async fn one_connection_may_have_less_waiting_than_all() {
    let server = server(|config| config.limits.waiting_bytes_per_connection = 1 << 17).await;
    let mut client = server.client().await;
    let mut hostile = RawClient::connect(server.address, 0).await;
    let _first = hostile.call(CHECK, &[], long_request()).await.await.unwrap();
    let second = hostile.call(CHECK, &[], long_request()).await.await.unwrap();
    assert_eq!(status_of(second.headers()).1, "ANSWERS_WAITING");
    assert_eq!(refusal(&mut client, &"wrogn ".repeat(800)).await, None);
}

#[tokio::test]
async fn a_slow_reader_gets_all_of_it() {
    let server = server(|_| {}).await;
    let mut slow = RawClient::connect(server.address, 1000).await;
    let answer = slow.call(CHECK, &[], long_request()).await.await.unwrap();
    let (message, trailers) = read(answer).await.unwrap();
    assert_eq!(status_of(&trailers).0, 0);
    let decoded: vermilion::transport::proto::CheckSpellingResponse = prost::Message::decode(&message[5..]).unwrap();
    assert_eq!(marked_texts(&decoded).len(), 800);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_1_the_connection_is_closed() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        (config.limits.address_share, config.limits.calls) = (Share::percent(100), 1);
        (config.limits.answer_bytes, config.limits.waiting_bytes_per_connection) = (64 << 20, 64 << 20);
    })
    .await;
    let mut client = server.client().await;
    // More than the system buffers for a socket, whose window is small.
    let body = frame(&check_request(&"wrogn ".repeat(40_000), "en"));
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut hostile = socket.connect(server.address).await.unwrap();
    let head = format!(
        "POST {CHECK} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/grpc-web+proto\r\ngrpc-timeout: 3S\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    hostile.write_all(&[head.as_bytes(), &body].concat()).await.unwrap();
    let mut begun = [0; 12];
    hostile.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200");
    assert_eq!(refusal(&mut client, "text").await, Some((Code::Unavailable, "OVERLOADED".to_owned())));
    until_served(&mut client, "text").await;
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(60), hostile.read_to_end(&mut rest)).await.expect("it is closed");
    assert!(!rest.ends_with(b"0\r\n\r\n"), "the answer was cut off");
}

/// A connection that is not read at all: its windows are wide open, so that no stream waits for one, but nothing goes out.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_nobody_reads_is_closed_before_its_deadlines() {
    let server = server(|config| {
        (config.limits.calls, config.limits.answer_bytes) = (1, 64 << 20);
        config.connections.keepalive_timeout = Duration::from_millis(500);
    })
    .await;
    let mut client = server.client().await;
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let deaf = Arc::new(AtomicBool::new(false));
    let stream = Deaf { inner: socket.connect(server.address).await.unwrap(), deaf: Arc::clone(&deaf) };
    let wide = (1 << 31) - 1;
    let mut hostile = RawClient::over(stream, |client| {
        client.initial_window_size(wide).initial_connection_window_size(wide);
    })
    .await;
    let body = frame(&check_request(&"wrogn ".repeat(40_000), "en"));
    let answer = hostile.call(CHECK, &[("grpc-timeout", "60S")], body).await.await.unwrap();
    deaf.store(true, Ordering::SeqCst);
    assert_eq!(refusal(&mut client, "text").await, Some((Code::Unavailable, "OVERLOADED".to_owned())));
    until_served(&mut client, "text").await;
    drop(answer);
}

/// Reads until it is told not to.
struct Deaf {
    inner: TcpStream,
    deaf: Arc<AtomicBool>,
}

impl AsyncRead for Deaf {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.deaf.load(Ordering::SeqCst) {
            return Poll::Pending;
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for Deaf {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, buffer)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
