//! What a check answers when all is well.

use std::sync::Arc;

use tonic::codec::CompressionEncoding;
use vermilion::transport::proto::{
    CheckSpellingOptions, GetSuggestionsRequest, MisspellingKind, OffsetEncoding, SkipReason, Span,
};

use super::support::{FakeEngine, TestServer, check_request, marked_texts};

#[tokio::test]
async fn marks_and_suggests_with_the_real_dictionaries() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let answer = client.check_spelling(check_request("We recieve your order.", "en")).await.unwrap().into_inner();
    assert_eq!(marked_texts(&answer), ["recieve"]);
    let [misspelling] = &answer.misspellings[..] else { panic!("one") };
    assert_eq!(misspelling.spans, [Span { start: 3, end: 10 }]);
    assert_eq!(misspelling.kind(), MisspellingKind::NonWord);
    assert_eq!(misspelling.suggestions[0].text, "receive");
    assert!(misspelling.message.contains("\"receive\""), "{}", misspelling.message);

    let answer = client.check_spelling(check_request("Olá, voce recebeu?", "pt-BR")).await.unwrap().into_inner();
    assert_eq!(marked_texts(&answer), ["voce"]);
    assert_eq!(answer.misspellings[0].suggestions[0].text, "você");

    let asked =
        GetSuggestionsRequest { word: "recieve".into(), language_code: "en-US".into(), max_suggestions: Some(3) };
    let answer = client.get_suggestions(asked).await.unwrap().into_inner();
    assert_eq!(answer.suggestions[0].text, "receive");
    assert!(!answer.accepted && answer.suggestions.len() <= 3 && answer.language_code == "en-US");
}

#[tokio::test]
async fn counts_in_the_unit_that_the_client_asks_for() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    let text = "😀é@ wrogn 👩\u{200d}👧 wrogn";
    for (encoding, echoed, first, second, at) in [
        (OffsetEncoding::Unspecified, OffsetEncoding::Utf16, (5, 10), (17, 22), 3),
        (OffsetEncoding::Utf16, OffsetEncoding::Utf16, (5, 10), (17, 22), 3),
        (OffsetEncoding::Utf8, OffsetEncoding::Utf8, (8, 13), (26, 31), 6),
        (OffsetEncoding::Utf32, OffsetEncoding::Utf32, (4, 9), (14, 19), 2),
    ] {
        let mut asked = check_request(text, "en");
        asked.set_offset_encoding(encoding);
        let answer = client.check_spelling(asked).await.unwrap().into_inner();
        let spans: Vec<_> =
            answer.misspellings.iter().map(|found| (found.spans[0].start, found.spans[0].end)).collect();
        assert_eq!((answer.offset_encoding(), &spans[..]), (echoed, &[first, second][..]), "{encoding:?}");
        let region = &answer.skipped_regions[0];
        assert_eq!((region.span, region.reason()), (Some(Span { start: at, end: at + 1 }), SkipReason::Mention));
    }
}

#[tokio::test]
async fn protects_spans_in_any_order_and_unit() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    let mut asked = check_request("😀 wrogn wrogn wrogn", "en");
    let document = asked.document.as_mut().unwrap();
    document.protected_spans = vec![Span { start: 15, end: 20 }, Span { start: 0, end: 8 }, Span { start: 5, end: 5 }];
    let answer = client.check_spelling(asked).await.unwrap().into_inner();
    let spans: Vec<_> = answer.misspellings.iter().map(|found| found.spans[0]).collect();
    assert_eq!(spans, [Span { start: 9, end: 14 }]);
}

#[tokio::test]
async fn says_which_language_it_used() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    for (tag, used, fallback) in
        [("", "en", false), ("pt_br", "pt-BR", false), ("fr-CA", "en", true), ("en-IN", "en-GB", false)]
    {
        let answer = client.check_spelling(check_request("text", tag)).await.unwrap().into_inner();
        assert_eq!((answer.language_code.as_str(), answer.language_fallback), (used, fallback), "{tag:?}");
    }
}

#[tokio::test]
async fn gives_no_more_suggestions_than_asked_and_returns_the_revision() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    for (asked, given) in [(None, 1), (Some(0), 0), (Some(20), 1)] {
        let mut message = check_request("wrogn", "en");
        message.max_suggestions = asked;
        message.client_revision = -7;
        message.options = Some(CheckSpellingOptions { kinds: vec![1, 3], ..CheckSpellingOptions::default() });
        let answer = client.check_spelling(message).await.unwrap().into_inner();
        assert_eq!((answer.misspellings[0].suggestions.len(), answer.client_revision), (given, -7), "{asked:?}");
    }
    for (max_suggestions, given) in [(None, 5), (Some(1), 1), (Some(20), 20)] {
        let asked = GetSuggestionsRequest { word: "wrogn".into(), language_code: String::new(), max_suggestions };
        assert_eq!(client.get_suggestions(asked).await.unwrap().into_inner().suggestions.len(), given);
    }
}

#[tokio::test]
async fn an_empty_text_has_no_mistakes() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for asked in [check_request("", "en"), Default::default()] {
        let answer = client.check_spelling(asked).await.unwrap().into_inner();
        assert!(answer.misspellings.is_empty() && answer.skipped_regions.is_empty() && !answer.incomplete);
        assert_eq!((answer.language_code.as_str(), answer.offset_encoding()), ("en", OffsetEncoding::Utf16));
    }
}

#[tokio::test]
async fn speaks_gzip_both_ways() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client =
        server.client().await.send_compressed(CompressionEncoding::Gzip).accept_compressed(CompressionEncoding::Gzip);
    let answer = client.check_spelling(check_request(&"wrogn ".repeat(2000), "en")).await.unwrap();
    assert_eq!(answer.metadata().get("grpc-encoding").unwrap(), "gzip");
    assert_eq!(answer.get_ref().misspellings.len(), 2000);
}

#[tokio::test]
async fn echoes_a_fit_request_id_and_makes_one_otherwise() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    for (sent, echoed) in [(Some("call-1:2"), true), (Some("not fit for a log"), false), (None, false)] {
        let mut asked = tonic::Request::new(check_request("text", "en"));
        if let Some(id) = sent {
            asked.metadata_mut().insert("x-request-id", id.parse().unwrap());
        }
        let answer = client.check_spelling(asked).await.unwrap();
        let id = answer.metadata().get("x-request-id").unwrap().to_str().unwrap();
        assert_eq!(id == sent.unwrap_or_default(), echoed, "{id}");
        assert!(echoed || id.len() == 32);
    }
}
