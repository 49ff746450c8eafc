//! What a check answers when all is well.

use std::sync::Arc;

use tonic::codec::CompressionEncoding;
use vermilion::transport::proto::{
    CheckSpellingOptions, CheckSpellingResponse, GetSuggestionsRequest, LanguageSpan, MisspellingKind, OffsetEncoding,
    SkipReason, SkippedRegion, Span, document::Format,
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

/// The languages that an answer says it used, with the text of each part.
fn parts<'t>(answer: &CheckSpellingResponse, text: &'t str) -> Vec<(String, &'t str)> {
    let part = |part: &LanguageSpan| {
        let span = part.span.unwrap();
        (part.language_code.clone(), &text[span.start as usize..span.end as usize])
    };
    answer.languages.iter().map(part).collect()
}

#[tokio::test]
async fn finds_out_the_language_of_each_sentence() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let text = "We recieved it. O seu peddido chegou. 您的包裹已经寄出。";
    let mut asked = check_request(text, "und");
    asked.offset_encoding = OffsetEncoding::Utf8.into();
    let answer = client.check_spelling(asked.clone()).await.unwrap().into_inner();
    let marked: Vec<_> = answer.misspellings.iter().map(|found| found.text.as_str()).collect();
    assert_eq!(marked, ["recieved", "peddido"]);
    assert_eq!(answer.misspellings[1].suggestions[0].text, "pedido");
    let expected = [("en", "We recieved it."), ("pt-BR", " O seu peddido chegou."), ("zh-Hans", " 您的包裹已经寄出。")];
    assert_eq!(parts(&answer, text), expected.map(|(tag, part)| (tag.to_owned(), part)));
    assert_eq!((answer.language_code.as_str(), answer.language_fallback), ("zh-Hans", false), "that of most of it");

    // Who says the language is told no others.
    asked.language_code = "en".to_owned();
    let answer = client.check_spelling(asked).await.unwrap().into_inner();
    assert_eq!((answer.language_code.as_str(), answer.languages.len()), ("en", 0));

    // HTML: parts of the content as it was sent, and what it declares.
    let html = "<p>We <b>recieved</b> it.</p><p>O seu peddido chegou.</p><p lang=\"fr\">Je recieve.</p>";
    let mut asked = check_request(html, "und");
    asked.document.as_mut().unwrap().format = Format::Html.into();
    let answer = client.check_spelling(asked).await.unwrap().into_inner();
    let marked: Vec<_> = answer.misspellings.iter().map(|found| found.text.as_str()).collect();
    assert_eq!(marked, ["recieved", "peddido"]);
    let skipped = answer.skipped_regions.iter().find(|region| region.reason() == SkipReason::OtherLanguage).unwrap();
    assert_eq!(skipped.language_code, "fr");
    assert_eq!(parts(&answer, html)[0].0, "en");

    for (word, used) in [("recieve", "en"), ("报歉", "zh-Hans")] {
        let asked = GetSuggestionsRequest { word: word.into(), language_code: "und".into(), max_suggestions: None };
        assert_eq!(client.get_suggestions(asked).await.unwrap().into_inner().language_code, used);
    }
}

#[tokio::test]
async fn says_which_language_a_skipped_region_is_in() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for (tag, text, code) in [
        ("en", "Thanks. O seu pedido foi enviado ontem e chega hoje.", "pt"),
        ("pt-BR", "Obrigado. Please confirm your shipping address today.", "en"),
        ("fr", "Merci pour votre commande, nous vous répondrons rapidement.", "fr"),
        ("en", "It is called 您的包裹.", "zh"),
        ("en", "Kiitos tilauksestasi, lähetämme pakettisi huomenna aamulla.", ""),
    ] {
        let answer = client.check_spelling(check_request(text, tag)).await.unwrap().into_inner();
        assert!(answer.misspellings.is_empty(), "{text}");
        let is_language =
            |region: &&SkippedRegion| matches!(region.reason(), SkipReason::OtherLanguage | SkipReason::OtherScript);
        let codes: Vec<_> =
            answer.skipped_regions.iter().filter(is_language).map(|region| region.language_code.as_str()).collect();
        assert_eq!(codes, [code], "{text}");
    }
    // A name is in no language.
    let answer =
        client.check_spelling(check_request("I spoke to Szczepan yesterday.", "en")).await.unwrap().into_inner();
    assert!(answer.skipped_regions.iter().all(|region| region.language_code.is_empty()));
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
