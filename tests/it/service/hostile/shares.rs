//! What one address and one tenant may have of what all share. On Linux every address of 127.0.0.0/8 is this machine.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use tokio::net::TcpSocket;
use vermilion::{
    auth::Authenticator,
    config::{limits::Share, server::ServerConfig},
    transport::server::GrpcServer,
};

use super::{CHECK, RawClient, read, status_of};
use crate::service::{
    support::{FakeEngine, TestServer, check_request, eventually},
    web::frame,
};

/// A client at an address of its own.
pub(super) struct Caller {
    sender: h2::client::SendRequest<Bytes>,
}

impl Caller {
    pub(super) async fn from(source: &str, server: SocketAddr) -> Option<Self> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{source}:0").parse().unwrap()).unwrap();
        let stream = socket.connect(server).await.ok()?;
        let (sender, connection) = h2::client::handshake(stream).await.ok()?;
        tokio::spawn(connection);
        Some(Self { sender })
    }

    pub(super) async fn call(&mut self, text: &str) -> Option<(i32, String)> {
        let request = http::Request::post(format!("http://localhost{CHECK}"))
            .header("content-type", "application/grpc")
            .body(())
            .unwrap();
        std::future::poll_fn(|context| self.sender.poll_ready(context)).await.ok()?;
        let (answer, mut stream) = self.sender.send_request(request, false).ok()?;
        stream.send_data(frame(&check_request(text, "en")).into(), true).ok()?;
        let (_, trailers) = read(answer.await.ok()?).await.ok()?;
        Some(status_of(&trailers))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_half_of_the_calls() {
    let engine = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&engine) as _, |config| {
        (config.limits.calls, config.limits.long_checks) = (8, 8);
        config.limits.address_share = Share::percent(50);
    })
    .await;
    let mut held = Vec::new();
    for count in 1..=4 {
        // Two connections, which count together.
        let mut caller = Caller::from("127.0.0.2", server.address).await.unwrap();
        held.push(tokio::spawn(async move { caller.call(&format!("wait {}", "filler ".repeat(1000))).await }));
        let engine = Arc::clone(&engine);
        eventually("waiting", move || engine.waiting.load(Ordering::SeqCst) == count).await;
    }
    let mut same = Caller::from("127.0.0.2", server.address).await.unwrap();
    assert_eq!(same.call("text").await.unwrap().1, "OVERLOADED");
    let mut other = Caller::from("127.0.0.3", server.address).await.unwrap();
    assert_eq!(other.call("text").await.unwrap().0, 0);
    engine.release();
    for call in held {
        assert_eq!(call.await.unwrap().unwrap().0, 0);
    }
    assert_eq!(same.call("text").await.unwrap().0, 0);
}

#[tokio::test]
async fn one_address_has_half_of_the_connections() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        (config.connections.max, config.limits.address_share) = (6, Share::percent(50));
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut caller = Caller::from("127.0.0.2", server.address).await.unwrap();
        assert_eq!(caller.call("text").await.unwrap().0, 0);
        held.push(caller);
    }
    let answer = match Caller::from("127.0.0.2", server.address).await {
        Some(mut caller) => caller.call("text").await,
        None => None,
    };
    assert_eq!(answer, None, "a fourth connection is closed");
    let mut other = Caller::from("127.0.0.3", server.address).await.unwrap();
    assert_eq!(other.call("text").await.unwrap().0, 0);
    drop(held);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut again = Caller::from("127.0.0.2", server.address).await.unwrap();
    assert_eq!(again.call("text").await.unwrap().0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_tenant_has_half_of_the_calls() {
    let engine = Arc::new(FakeEngine::default());
    let authenticator = |server: GrpcServer| server.with_authenticator(Arc::new(Authenticator::development()));
    let change = |config: &mut ServerConfig| {
        (config.limits.calls, config.limits.long_checks) = (8, 8);
        (config.limits.address_share, config.limits.tenant_share) = (Share::percent(100), Share::percent(50));
    };
    let server = TestServer::start_with_server(Arc::clone(&engine) as _, change, authenticator).await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    let headers = |tenant| [("x-tenant-id", tenant), ("x-agent-id", "a"), ("x-roles", "agent")];
    let message = |text: &str| frame(&check_request(text, "en"));
    let mut held = Vec::new();
    for count in 1..=4 {
        held.push(client.call(CHECK, &headers("acme"), message(&format!("wait {}", "filler ".repeat(1000)))).await);
        let engine = Arc::clone(&engine);
        eventually("waiting", move || engine.waiting.load(Ordering::SeqCst) == count).await;
    }
    let answer = client.call(CHECK, &headers("acme"), message("text")).await.await.unwrap();
    assert_eq!(status_of(answer.headers()).1, "OVERLOADED");
    let answer = client.call(CHECK, &headers("other"), message("text")).await.await.unwrap();
    assert_eq!(status_of(&read(answer).await.unwrap().1).0, 0);
    engine.release();
    for answer in held {
        assert_eq!(status_of(&read(answer.await.unwrap()).await.unwrap().1).0, 0);
    }
    let answer = client.call(CHECK, &headers("acme"), message("text")).await.await.unwrap();
    assert_eq!(status_of(&read(answer).await.unwrap().1).0, 0);
}
