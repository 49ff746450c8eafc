//! Who is asked, how often, and who is not asked at all.

use std::{num::NonZeroU32, time::Duration};

use tokio::time::Instant;
use vermilion::polishing::{ChatModel as _, ModelError, openai::ModelServer};

use super::{
    scripted::{Reply, STOP, Scripted, delta, eventually},
    support::{TEST_TIMEOUT, complete, drain, permit, prompt, providers, server, settings, single_provider, stream},
};

const LIMITED: ModelError = ModelError::RateLimited { retry_after: None };

fn text() -> Reply {
    Reply::text("Hi there")
}

/// What the primary says, what the fallback says, and what comes of it: the answer or the error, and who was asked how often.
struct Case {
    primary: Vec<Reply>,
    fallback: Vec<Reply>,
    got: Result<(), ModelError>,
    asked: (usize, usize),
}

fn case(primary: &[Reply], fallback: &[Reply], got: Result<(), ModelError>, asked: (usize, usize)) -> Case {
    Case { primary: primary.to_vec(), fallback: fallback.to_vec(), got, asked }
}

#[tokio::test]
async fn the_fallback_is_asked_when_the_primary_cannot_answer() {
    let failed = |status| Reply::json(status, "{}");
    let unless = [failed(500)];
    for (n, case) in [
        case(&[text()], &unless, Ok(()), (1, 0)),
        // The primary cannot answer.
        case(&[failed(500)], &[text()], Ok(()), (1, 1)),
        case(&[failed(429)], &[text()], Ok(()), (1, 1)),
        case(&[failed(401)], &[text()], Ok(()), (1, 1)),
        case(&[Reply::slam()], &[text()], Ok(()), (1, 1)),
        case(&[Reply::silence()], &[text()], Ok(()), (1, 1)),
        case(&[Reply::of(200, "text/html", "<p>")], &[text()], Ok(()), (1, 1)),
        // It has judged the request or the text: no other provider gets to see it.
        case(&[failed(400)], &unless, Err(ModelError::Refused { status: 400 }), (1, 0)),
        case(&[Reply::choice(r#"{"finish_reason":"content_filter"}"#, "")], &unless, Err(ModelError::Withheld), (1, 0)),
        case(&[Reply::choice(r#"{"finish_reason":"length"}"#, "")], &unless, Err(ModelError::Truncated), (1, 0)),
        case(&[Reply::choice(r#"{"finish_reason":"stop"}"#, "")], &unless, Err(ModelError::Empty), (1, 0)),
        // Neither can: two requests, and no more.
        case(&[failed(500)], &[failed(429)], Err(LIMITED), (1, 1)),
        case(&[failed(429)], &[failed(503)], Err(ModelError::ServerFailed { status: 503 }), (1, 1)),
    ]
    .into_iter()
    .enumerate()
    {
        let (primary, fallback) = (Scripted::start(&case.primary).await, Scripted::start(&case.fallback).await);
        let impatient = ModelServer { timeout: Duration::from_millis(300), ..server(&primary.url()) };
        let model = providers(settings(impatient, Some(server(&fallback.url()))));
        assert_eq!(complete(&model).await.map(|_| ()), case.got, "case {n}");
        assert_eq!((primary.asked().len(), fallback.asked().len()), case.asked, "case {n}");
    }
}

/// The caller's time is shorter than all that is configured.
#[tokio::test]
async fn a_primary_that_hangs_leaves_the_fallback_time() {
    let begins = || Reply::events(&[]).hang();
    for hangs in [Reply::silence(), begins(), Reply::events(&[r#"{"choices":[]}"#]).hang()] {
        let primary = Scripted::start(&[hangs]).await;
        let fallback = Scripted::start(&[text(), Reply::stream(&["Hi"])]).await;
        let patient = ModelServer { stall_timeout: TEST_TIMEOUT, ..server(&primary.url()) };
        let model = providers(settings(patient, Some(server(&fallback.url()))));
        let deadline = || Instant::now() + Duration::from_secs(2);
        let whole = model.complete(&permit("acme"), &prompt("hello"), deadline()).await;
        assert_eq!(whole.map(|whole| whole.text).as_deref(), Ok("Hi there"));
        let pieces = model.stream(&permit("acme"), &prompt("hello"), deadline()).await.unwrap();
        assert_eq!(drain(pieces).await.0, "Hi");
        assert_eq!((primary.asked().len(), fallback.asked().len()), (2, 2));
    }
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_once() {
    for (first, status) in [(Reply::json(503, "{}"), 503), (Reply::json(429, "{}"), 429), (Reply::slam(), 0)] {
        let server = Scripted::start(&[first.clone(), text()]).await;
        assert!(complete(&single_provider(&server)).await.is_ok(), "{status}");
        assert_eq!(server.asked().len(), 2, "{status}");
        let server = Scripted::start(&[first.clone(), Reply::stream(&["Hi"])]).await;
        let (text, end) = drain(stream(&single_provider(&server)).await.unwrap()).await;
        assert_eq!((text.as_str(), end.is_ok()), ("Hi", true), "{status}");
        let server = Scripted::start(&[first.clone(), first, self::text()]).await;
        assert!(complete(&single_provider(&server)).await.is_err(), "{status}");
        assert_eq!(server.asked().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn nothing_is_tried_again_after_the_deadline() {
    // The pause alone is longer.
    let server = Scripted::start(&[Reply::json(503, "{}"), text()]).await;
    let deadline = Instant::now() + Duration::from_millis(140);
    let outcome = single_provider(&server).complete(&permit("acme"), &prompt("x"), deadline).await;
    // On a busy machine the deadline may come before the first answer, whatever that then is.
    assert!(outcome.is_err());
    assert!(server.asked().len() <= 1);
    // The caller's deadline ends a call that the server's own time would not.
    let server = Scripted::start(&[Reply::silence()]).await;
    // It reads the certificates of the system, which may take as long on a busy machine.
    let model = single_provider(&server);
    let deadline = Instant::now() + Duration::from_millis(100);
    let outcome = model.complete(&permit("acme"), &prompt("x"), deadline).await;
    assert_eq!(outcome.err(), Some(ModelError::Timeout));
    let hangs = Scripted::start(&[Reply::events(&[&delta("Hi")]).hang()]).await;
    let slow = ModelServer { stall_timeout: Duration::from_secs(60), ..super::support::server(&hangs.url()) };
    let model = providers(settings(slow, None));
    let deadline = Instant::now() + Duration::from_millis(300);
    let pieces = model.stream(&permit("acme"), &prompt("x"), deadline).await.unwrap();
    assert_eq!(drain(pieces).await, ("Hi".to_owned(), Err(ModelError::Timeout)));
    // One that has passed already asks no one.
    let idle = Scripted::start(&[text()]).await;
    assert!(single_provider(&idle).complete(&permit("acme"), &prompt("x"), Instant::now()).await.is_err());
    assert_eq!(idle.asked().len(), 0);
}

#[tokio::test]
async fn no_one_is_asked_again_once_a_piece_is_out() {
    let fallback = Scripted::start(&[Reply::stream(&["other"])]).await;
    for end in [Reply::events(&[&delta("Hi")]).cut(), Reply::events(&[&delta("Hi"), "{bad"])] {
        let primary = Scripted::start(&[end]).await;
        let model = providers(settings(server(&primary.url()), Some(server(&fallback.url()))));
        let (text, outcome) = drain(stream(&model).await.unwrap()).await;
        assert_eq!(text, "Hi");
        assert!(outcome.is_err());
        assert_eq!((primary.asked().len(), fallback.asked().len()), (1, 0));
    }
    // Before the first piece a stream may still be had from the other.
    for early in
        [Reply::events(&[]).cut(), Reply::events(&["{bad"]), Reply::events(&[r#"{"error":{}}"#]), Reply::silence()]
    {
        let primary = Scripted::start(&[early]).await;
        let model = providers(settings(server(&primary.url()), Some(server(&fallback.url()))));
        assert_eq!(drain(stream(&model).await.unwrap()).await.0, "other");
    }
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_given_a_rest_and_then_tried() {
    let bad = Reply::of(200, "text/html", "<p>");
    let primary = Scripted::start(&[bad.clone(), bad.clone(), bad, text()]).await;
    let resting = ModelServer { failure_threshold: 3, cooldown: Duration::from_millis(400), ..server(&primary.url()) };
    let model = providers(settings(resting.clone(), None));
    for _ in 0..3 {
        assert_eq!(complete(&model).await.err(), Some(ModelError::Malformed));
    }
    assert_eq!(complete(&model).await.err(), Some(ModelError::CircuitOpen));
    assert_eq!(primary.asked().len(), 3, "while it rests it is not asked");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(complete(&model).await.is_ok() && complete(&model).await.is_ok());

    // With a fallback no one notices.
    let primary = Scripted::start(&[Reply::json(500, "{}")]).await;
    let fallback = Scripted::start(&[text()]).await;
    let resting = ModelServer { base_url: primary.url(), cooldown: Duration::from_secs(60), ..resting };
    let model = providers(settings(resting, Some(server(&fallback.url()))));
    for _ in 0..5 {
        assert!(complete(&model).await.is_ok());
    }
    assert_eq!((primary.asked().len(), fallback.asked().len()), (3, 5));
}

#[tokio::test]
async fn callers_in_a_hurry_and_answers_refused_do_not_put_a_server_to_rest() {
    let hung =
        Scripted::start(&[Reply::silence(), Reply::silence(), Reply::json(401, "{}"), Reply::json(400, "{}"), text()])
            .await;
    let model = providers(settings(ModelServer { failure_threshold: 1, ..server(&hung.url()) }, None));
    for expected in [ModelError::Timeout, ModelError::Timeout] {
        let deadline = Instant::now() + Duration::from_millis(50);
        assert_eq!(model.complete(&permit("acme"), &prompt("x"), deadline).await.err(), Some(expected));
    }
    assert_eq!(complete(&model).await.err(), Some(ModelError::Credentials));
    assert_eq!(complete(&model).await.err(), Some(ModelError::Refused { status: 400 }));
    assert!(complete(&model).await.is_ok());
}

#[tokio::test]
async fn a_stream_that_fails_counts_against_its_server() {
    let failing = Scripted::start(&[Reply::events(&[&delta("Hi")]).cut()]).await;
    let model = providers(settings(ModelServer { failure_threshold: 1, ..server(&failing.url()) }, None));
    assert!(drain(stream(&model).await.unwrap()).await.1.is_err());
    assert_eq!(stream(&model).await.err(), Some(ModelError::CircuitOpen));
}

#[tokio::test]
async fn one_tenant_does_not_use_up_what_is_there_for_all() {
    let hanging = Scripted::start(&[Reply::events(&[&delta("Hi")]).hang()]).await;
    let mut limited = settings(ModelServer { stall_timeout: Duration::from_secs(60), ..server(&hanging.url()) }, None);
    limited.tenant_calls = 2;
    let model = providers(limited);
    let first = stream(&model).await.unwrap();
    let _second = stream(&model).await.unwrap();
    assert_eq!(stream(&model).await.err(), Some(ModelError::TenantBusy));
    assert_eq!(hanging.asked().len(), 2, "the third was not sent");
    let deadline = Instant::now() + Duration::from_secs(10);
    assert!(model.stream(&permit("other"), &prompt("x"), deadline).await.is_ok());
    drop(first);
    assert!(stream(&model).await.is_ok(), "a stream that is dropped gives its place back");

    let server = Scripted::start(&[text()]).await;
    let mut limited = settings(super::support::server(&server.url()), None);
    limited.tenant_calls_per_minute = NonZeroU32::new(2).unwrap();
    let model = providers(limited);
    assert!(complete(&model).await.is_ok() && complete(&model).await.is_ok());
    assert_eq!(complete(&model).await.err(), Some(ModelError::TenantBusy));
    assert!(model.complete(&permit("other"), &prompt("x"), deadline).await.is_ok());
}

#[tokio::test]
async fn a_reader_that_waits_lets_the_server_wait() {
    // Far more than sockets hold; the library in between would read all of it into memory.
    let piece = delta(&"x".repeat(100_000));
    let mut events = vec![piece.as_str(); 300];
    events.push(STOP);
    let total: usize = events.iter().map(|event| event.len()).sum();
    let flood = Scripted::start(&[Reply::events(&events)]).await;
    let model = providers(settings(ModelServer { max_answer_bytes: 2 * total, ..server(&flood.url()) }, None));
    let pieces = stream(&model).await.unwrap();
    let mut before = 0;
    // Until nothing more is taken.
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if flood.sent() == before {
            break;
        }
        before = flood.sent();
    }
    assert!(before < total / 2, "{before} of {total} bytes were taken though no one asked for them");
    let (text, end) = drain(pieces).await;
    assert_eq!((text.len(), end.is_ok()), (30_000_000, true), "and being slow is not a stall");
    eventually("all was sent", || flood.sent() > total).await;
}
