//! Answers that nobody takes where there is no call: refusals of what is none, and streams that never end.

use std::{sync::Arc, time::Duration};

use tonic_health::pb::HealthCheckRequest;
use vermilion::transport::server::ShutdownOutcome;

use super::{CHECK, RawClient, read, shares::Caller, status_of};
use crate::service::{
    support::{FakeEngine, TestServer, check_request},
    web::frame,
};

/// Of 1,024 that may be open where `calls` is small, one address may have three quarters.
const SHARE: usize = 768;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_call_counts_too() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| config.limits.calls = 8).await;
    // Longer than a busy machine takes to ask for them all.
    let timeout = ("grpc-timeout", "15S");
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut hostile = RawClient::connect(server.address, 0).await;
        for _ in 0..SHARE / 4 {
            let answer = hostile.call(CHECK, &[("content-type", "text/plain"), timeout], Vec::new()).await;
            let answer = answer.await.unwrap();
            assert_eq!(answer.status(), 415);
            held.push(answer);
        }
        std::mem::forget(hostile);
    }
    let mut same = RawClient::connect(server.address, 65_535).await;
    let request = frame(&check_request("text", "en"));
    let refused = same.call(CHECK, &[], request.clone()).await.await.unwrap();
    assert_eq!(status_of(&read(refused).await.unwrap().1).1, "OVERLOADED");
    let mut other = Caller::from("127.0.0.3", server.address).await.unwrap();
    assert_eq!(other.call("text").await.unwrap().0, 0, "another address");
    for _ in 0..3000 {
        let answer = same.call(CHECK, &[], request.clone()).await.await.unwrap();
        if status_of(&read(answer).await.unwrap().1).0 == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never served again");
}

#[tokio::test]
async fn a_watch_that_nobody_reads_does_not_hold_up_the_end() {
    let mut server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.shutdown.grace = Duration::from_secs(60);
    })
    .await;
    let mut hostile = RawClient::connect(server.address, 0).await;
    let watch = frame(&HealthCheckRequest { service: String::new() });
    let answer = hostile.call("/grpc.health.v1.Health/Watch", &[], watch).await.await.unwrap();
    assert_eq!(answer.status(), 200);
    server.begin_shutdown();
    let stopped = tokio::time::timeout(Duration::from_secs(30), server.wait_until_stopped()).await;
    assert_eq!(stopped.unwrap(), ShutdownOutcome::Drained);
}
