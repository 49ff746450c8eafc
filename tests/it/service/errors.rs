//! Every documented error, with its details; and the limits of size.

use std::sync::Arc;

use tonic::{Code, Status, codec::CompressionEncoding};
use tonic_types::StatusExt as _;
use vermilion::transport::proto::{CheckSpellingOptions, CheckSpellingRequest, GetSuggestionsRequest, Span};

use super::support::{Client, FakeEngine, TestServer, check_request};

#[track_caller]
fn check(status: &Status, code: Code, reason: &str, field: &str, description: &str) {
    assert_eq!(status.code(), code, "{status:?}");
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason, "vermilion"));
    let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    let violation = violations.first().map_or(("", ""), |found| (found.field.as_str(), found.description.as_str()));
    assert_eq!(violation, (field, description));
}

#[track_caller]
pub(super) fn invalid(status: &Status, reason: &str, field: &str, description: &str) {
    check(status, Code::InvalidArgument, reason, field, description);
}

async fn refuse(client: &mut Client, asked: CheckSpellingRequest) -> Status {
    client.check_spelling(asked).await.unwrap_err()
}

#[tokio::test]
async fn bad_input_names_its_field() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    let status = refuse(&mut client, check_request("text", "english")).await;
    let tag = "not a well-formed BCP 47 language tag, such as \"en\", \"pt-BR\" or \"zh-Hans\"";
    invalid(&status, "LANGUAGE_CODE_INVALID", "language_code", tag);
    for found in [-1, 21] {
        let asked = CheckSpellingRequest { max_suggestions: Some(found), ..check_request("text", "en") };
        let description = format!("expected 0 to 20, found {found}");
        invalid(&refuse(&mut client, asked).await, "MAX_SUGGESTIONS_OUT_OF_RANGE", "max_suggestions", &description);
    }
    let asked = CheckSpellingRequest { offset_encoding: 9, ..check_request("text", "en") };
    let status = refuse(&mut client, asked).await;
    invalid(&status, "OFFSET_ENCODING_UNKNOWN", "offset_encoding", "unknown offset encoding 9");
    let options = Some(CheckSpellingOptions { kinds: vec![1, 77], ..CheckSpellingOptions::default() });
    let status = refuse(&mut client, CheckSpellingRequest { options, ..check_request("text", "en") }).await;
    invalid(&status, "KIND_UNKNOWN", "options.kinds[1]", "unknown kind of misspelling 77");
}

#[tokio::test]
async fn a_bad_protected_span_is_named() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    let range = "the span is out of the text's range";
    let inside = "the span begins or ends inside a character";
    for (start, end, description) in [
        (0, 5, range),
        (-1, 2, range),
        (i32::MAX, i32::MAX, range),
        (2, 1, "the span ends before it starts"),
        (1, 2, inside),
        (2, 3, inside),
    ] {
        // UTF-16: a 😀😀... the emoji take the units 1..3.
        let mut asked = check_request("a😀b", "en");
        asked.document.as_mut().unwrap().protected_spans = vec![Span { start: 0, end: 1 }, Span { start, end }];
        let status = refuse(&mut client, asked).await;
        let field = "document.protected_spans[1]";
        check(&status, Code::InvalidArgument, "PROTECTED_SPAN_INVALID", field, description);
    }
}

#[tokio::test]
async fn six_thousand_protected_spans_in_the_worst_order_take_less_than_two_seconds() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    let mut asked = check_request(&"ã".repeat(6_000), "en");
    asked.document.as_mut().unwrap().protected_spans =
        (0..6_000).rev().map(|start| Span { start, end: start + 1 }).collect();
    let started = std::time::Instant::now();
    client.check_spelling(asked).await.unwrap();
    assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_word_has_its_own_rules() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    for (word, max_suggestions, reason, field, description) in [
        ("", None, "WORD_EMPTY", "word", "the word is empty"),
        (&*"ç".repeat(151), None, "WORD_TOO_LONG", "word", "the word has 151 characters, more than the limit of 150"),
        ("word", Some(0), "MAX_SUGGESTIONS_OUT_OF_RANGE", "max_suggestions", "expected 1 to 20, found 0"),
    ] {
        let asked = GetSuggestionsRequest { word: word.to_owned(), language_code: String::new(), max_suggestions };
        let status = client.get_suggestions(asked).await.unwrap_err();
        check(&status, Code::InvalidArgument, reason, field, description);
    }
    let asked = GetSuggestionsRequest { word: "ç".repeat(150), ..Default::default() };
    client.get_suggestions(asked).await.unwrap();
}

#[tokio::test]
async fn what_this_version_cannot_read_is_unimplemented() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let mut asked = check_request("<b>text</b>", "en");
    asked.document.as_mut().unwrap().format = 9;
    check(&refuse(&mut client, asked).await, Code::Unimplemented, "FORMAT_UNSUPPORTED", "", "");
}

#[tokio::test]
async fn sizes_have_two_limits() {
    let server =
        TestServer::start_with(Arc::new(FakeEngine::default()), |config| config.limits.text_bytes = 1000).await;
    for compress in [false, true] {
        let mut client = server.client().await;
        if compress {
            client = client.send_compressed(CompressionEncoding::Gzip);
        }
        client.check_spelling(check_request(&"a".repeat(1000), "en")).await.unwrap();
        let status = refuse(&mut client, check_request(&"a".repeat(1001), "en")).await;
        let description = "the text has 1001 bytes, more than the limit of 1000";
        check(&status, Code::InvalidArgument, "TEXT_TOO_LONG", "document.content", description);
        // Above the receive limit tonic answers by itself, and we put its answer into our form.
        let status = refuse(&mut client, check_request(&"a".repeat(4001), "en")).await;
        check(&status, Code::ResourceExhausted, "MESSAGE_TOO_LONG", "", "");
        assert!(status.message().contains("4000"), "{status:?}");
    }
}
