//! Deadlines, hang-ups, too many calls, and panics.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tonic::{Code, Request};
use tonic_types::StatusExt as _;
use vermilion::{config::limits::Share, transport::proto::GetSuggestionsRequest};

use super::support::{FakeEngine, TestServer, check_request, eventually};

/// Long enough for the blocking pool.
fn long(word: &str) -> String {
    format!("{word} {}", "filler ".repeat(1000))
}

/// Asked by gRPC-Web, because tonic's client keeps the deadline itself and would never hear the server's answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_is_answered_as_such_and_the_work_abandoned() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |_| {}).await;
    let started = Instant::now();
    let body = super::web::frame(&check_request(&long("wait"), "en"));
    let (head, body) = super::web::post(
        &server.address.to_string(),
        "/vermilion.v1.SpellingService/CheckSpelling",
        &[("grpc-timeout", "80m")],
        &body,
    );
    let answer = format!("{head}{}", String::from_utf8_lossy(&body)).replace(": ", ":");
    assert!(answer.contains("grpc-status:4") && answer.contains("grpc-status-details-bin"), "{answer}");
    assert!((80..3000).contains(&started.elapsed().as_millis()));
    eventually("abandoned", || toy.abandoned.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn a_client_without_a_deadline_gets_one() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |config| {
        config.deadlines.default = Duration::from_millis(50);
        config.deadlines.max = Duration::from_millis(100);
    })
    .await;
    for timeout in [None, Some("1H"), Some("nonsense")] {
        let mut asked = Request::new(check_request(&long("wait"), "en"));
        if let Some(timeout) = timeout {
            asked.metadata_mut().insert("grpc-timeout", timeout.parse().unwrap());
        }
        let status = server.client().await.check_spelling(asked).await.unwrap_err();
        assert_eq!(status.code(), Code::DeadlineExceeded, "{timeout:?}");
    }
}

#[tokio::test]
async fn work_for_a_client_that_hangs_up_is_abandoned() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |_| {}).await;
    let mut client = server.client().await;
    let call = tokio::spawn(async move { client.check_spelling(check_request(&long("wait"), "en")).await });
    eventually("waiting", || toy.waiting.load(Ordering::SeqCst) == 1).await;
    call.abort();
    eventually("abandoned", || toy.abandoned.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn one_call_too_many_is_turned_away_at_once() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |config| {
        (config.limits.calls, config.limits.address_share) = (2, Share::percent(100));
    })
    .await;
    let mut client = server.client().await;
    let calls: Vec<_> = (0..2)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { client.check_spelling(check_request(&long("wait"), "en")).await })
        })
        .collect();
    eventually("two calls in hand", || toy.waiting.load(Ordering::SeqCst) >= 1).await;
    let status = loop {
        match client.check_spelling(check_request("text", "en")).await {
            Err(status) => break status,
            Ok(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    let details = status.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "OVERLOADED");
    assert_eq!(details.retry_info().unwrap().retry_delay, Some(Duration::from_secs(1)));
    super::standing::is_serving(&server, "").await;
    toy.release();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    client.check_spelling(check_request("text", "en")).await.unwrap();
}

#[tokio::test]
async fn long_checks_take_turns_and_short_ones_pass_them_by() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |config| config.limits.long_checks = 1).await;
    let client = server.client().await;
    let calls: Vec<_> = (0..3)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { client.check_spelling(check_request(&long("wait"), "en")).await })
        })
        .collect();
    eventually("one is at work", || toy.waiting.load(Ordering::SeqCst) == 1).await;
    client.clone().check_spelling(check_request("short", "en")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(toy.waiting.load(Ordering::SeqCst), 1, "the others wait for their turn");
    toy.release();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

/// The server's runtime has one thread, which is the test's.
#[tokio::test]
async fn what_takes_many_steps_runs_on_another_thread() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |_| {}).await;
    let mut client = server.client().await;
    let own = std::thread::current().id();
    let threads = || std::mem::take(&mut *toy.threads.lock().unwrap());
    for (text, here) in [("short", true), ("costly", false), (&long("text"), false)] {
        client.check_spelling(check_request(text, "en")).await.unwrap();
        assert!(matches!(threads()[..], [thread] if (thread == own) == here), "{text:.9}");
    }
    for (word, here) in [("short", true), ("costly", false)] {
        let asked = GetSuggestionsRequest { word: word.to_owned(), ..GetSuggestionsRequest::default() };
        client.get_suggestions(asked).await.unwrap();
        assert!(matches!(threads()[..], [thread] if (thread == own) == here), "{word}");
    }
}

#[tokio::test]
async fn what_waits_too_long_for_its_turn_is_refused_and_everybody_else_served() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |config| config.limits.long_checks = 1).await;
    let mut client = server.client().await;
    let mut busy = client.clone();
    let holds = tokio::spawn(async move { busy.check_spelling(check_request(&long("wait"), "en")).await });
    eventually("the only place is taken", || toy.waiting.load(Ordering::SeqCst) == 1).await;
    let mut refused = client.clone();
    let waits = tokio::spawn(async move { refused.check_spelling(check_request("costly", "en")).await });
    client.check_spelling(check_request("short", "en")).await.unwrap();
    super::standing::is_serving(&server, "").await;
    let status = waits.await.unwrap().unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(status.get_error_details().error_info().unwrap().reason, "OVERLOADED");
    toy.release();
    holds.await.unwrap().unwrap();
    client.check_spelling(check_request("costly", "en")).await.unwrap();
}

#[tokio::test]
async fn a_panic_is_internal_for_its_call_alone() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |_| {}).await;
    let mut client = server.client().await;
    let mut neighbour = client.clone();
    let beside = tokio::spawn(async move { neighbour.check_spelling(check_request(&long("wait"), "en")).await });
    eventually("the neighbour waits", || toy.waiting.load(Ordering::SeqCst) == 1).await;
    for text in ["panic é".to_owned(), long("panic é")] {
        let status = client.check_spelling(check_request(&text, "en")).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Internal, "internal error"));
        assert_eq!(status.get_error_details().error_info().unwrap().reason, "INTERNAL");
    }
    toy.release();
    beside.await.unwrap().unwrap();
    client.check_spelling(check_request("text", "en")).await.unwrap();
}
