//! No text of a customer reaches a log, at any level, or a status.

use std::{fmt::Write as _, io::Read as _};

use jsonwebtoken::{Algorithm, Header};
use tonic::Request;
use vermilion::transport::proto::{GetSuggestionsRequest, RecordSpellingFeedbackRequest, Span, SpellingFeedback};

use super::{
    issuer::{SECRET, claims, sign_by_secret},
    lifecycle::{kill, program},
    support::{Client, check_request},
};
use crate::support::serving::connect;

/// Letters that no log line holds by chance, however they are cut.
const MARK: &str = "zqxjkvbwpq";

/// On two threads, so that the client can say goodbye while this one waits for the program.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_logs_no_text_even_at_trace() {
    let (mut child, address, mut log) = program(&[("RUST_LOG", "trace")]);
    let mut output = child.stdout.take().unwrap();
    // Read along: the program stops in mid-sentence when the pipe is full.
    let log = std::thread::spawn(move || {
        let mut lines = String::new();
        log.read_to_string(&mut lines).unwrap();
        lines
    });
    let channel = connect(&address).await;
    let statuses = misuse(&mut Client::new(channel)).await;
    web(&address);
    kill(&child, "-TERM");
    assert!(child.wait().unwrap().success());
    let mut printed = statuses;
    printed += &log.join().unwrap();
    output.read_to_string(&mut printed).unwrap();
    assert!(printed.contains("\"message\":\"call\"") && printed.contains("h2"), "it did log, and at trace");
    if let Some(at) = printed.find(MARK) {
        panic!("the text is in a log line or a status: {}", &printed[at.saturating_sub(300)..at]);
    }
}

/// Neither a token, good or bad, nor a secret, right or wrong, is in a line of the log or in a status.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_logs_no_credentials_even_at_trace() {
    let good = sign_by_secret(SECRET.as_bytes(), &Header::new(Algorithm::HS256), &claims());
    let wrong = sign_by_secret(&[7; 32], &Header::new(Algorithm::HS256), &claims());
    let jwt = [
        ("VERMILION_AUTH__MODE", "jwt"),
        ("VERMILION_AUTH__JWT__ISSUER", "https://login.example.com/"),
        ("VERMILION_AUTH__JWT__AUDIENCE", "vermilion"),
        ("VERMILION_AUTH__JWT__SECRET", SECRET),
    ];
    let proxy = [("VERMILION_AUTH__MODE", "trusted_proxy"), ("VERMILION_AUTH__TRUSTED_PROXY__SECRET", SECRET)];
    let guessed = format!("{MARK}-a-wrong-secret-that-is-as-long-as-a-right-one");
    let bearer = |token: &str| format!("Bearer {token}");
    for (mode, credentials) in [
        (
            &jwt[..],
            vec![
                ("authorization", bearer(&good)),
                ("authorization", bearer(&wrong)),
                ("authorization", bearer(MARK)),
                ("authorization", MARK.to_owned()),
            ],
        ),
        (&proxy, vec![("x-proxy-secret", SECRET.to_owned()), ("x-proxy-secret", guessed.clone())]),
    ] {
        let mut environment = mode.to_vec();
        environment.push(("RUST_LOG", "trace"));
        let (mut child, address, mut log) = program(&environment);
        let log = std::thread::spawn(move || {
            let mut lines = String::new();
            log.read_to_string(&mut lines).unwrap();
            lines
        });
        let channel = connect(&address).await;
        let mut printed = String::new();
        let body = super::web::frame(&check_request("text", "en"));
        for (name, value) in credentials {
            let mut asked = Request::new(check_request("text", "en"));
            asked.metadata_mut().insert("x-tenant-id", "acme".parse().unwrap());
            asked.metadata_mut().insert(name, value.parse().unwrap());
            if let Err(status) = Client::new(channel.clone()).check_spelling(asked).await {
                writeln!(printed, "{status:?} {}", String::from_utf8_lossy(status.details())).unwrap();
            }
            super::web::post(&address, "/vermilion.v1.SpellingService/CheckSpelling", &[(name, &value)], &body);
        }
        kill(&child, "-TERM");
        assert!(child.wait().unwrap().success());
        printed += &log.join().unwrap();
        assert!(printed.contains("UNAUTHENTICATED") && printed.contains("h2"), "it did log, and at trace");
        let parts = [&good, &wrong].map(|token| token.split('.').collect::<Vec<_>>()[1..].to_vec());
        let secrets = parts.iter().flatten().copied().chain([SECRET, MARK]);
        for secret in secrets {
            if let Some(at) = printed.find(secret) {
                panic!("a credential is in a log line or a status: {}", &printed[at.saturating_sub(300)..at]);
            }
        }
    }
}

/// Calls that succeed and calls that fail, each with the mark in every place where a client can put it.
async fn misuse(client: &mut Client) -> String {
    let mut statuses = String::new();
    let mut bad_span = check_request(&format!("{MARK}😀"), "en");
    bad_span.document.as_mut().unwrap().protected_spans = vec![Span { start: 0, end: 11 }];
    let mut html = check_request(MARK, "en");
    html.document.as_mut().unwrap().format = 2;
    for asked in [
        check_request(MARK, "en"),
        check_request(&format!("{MARK} ").repeat(2000), "pt"),
        bad_span,
        html,
        check_request(MARK, MARK),
    ] {
        let mut asked = Request::new(asked);
        asked.metadata_mut().insert("x-request-id", format!("{MARK} two words").parse().unwrap());
        if let Err(status) = client.check_spelling(asked).await {
            writeln!(statuses, "{status:?} {}", String::from_utf8_lossy(status.details())).unwrap();
        }
    }
    for word in [MARK.to_owned(), MARK.repeat(20), format!("{MARK}\0")] {
        let mut asked = check_request("text", "en");
        asked.ignored_words = vec![word.clone()];
        asked.only_spans = vec![Span { start: 9, end: 11 }];
        writeln!(statuses, "{:?}", client.check_spelling(asked).await.unwrap_err()).unwrap();
        let feedback = SpellingFeedback { action: 2, kind: 1, word, ..SpellingFeedback::default() };
        let asked = RecordSpellingFeedbackRequest { feedbacks: vec![feedback] };
        if let Err(status) = client.record_spelling_feedback(asked).await {
            writeln!(statuses, "{status:?} {}", String::from_utf8_lossy(status.details())).unwrap();
        }
    }
    let word = GetSuggestionsRequest { word: MARK.repeat(20), ..Default::default() };
    writeln!(statuses, "{:?}", client.get_suggestions(word).await.unwrap_err()).unwrap();
    let word = GetSuggestionsRequest { word: MARK.to_owned(), ..Default::default() };
    client.get_suggestions(word).await.unwrap();
    statuses
}

/// The same over HTTP/1.1. (A path is no place for a text; tonic-web tells it at trace.)
fn web(address: &str) {
    let body = super::web::frame(&check_request(MARK, "en"));
    super::web::post(address, "/vermilion.v1.SpellingService/CheckSpelling", &[], &body);
    super::web::post(address, "/unknown/Method", &[], &body);
}
