//! What a mark tells beside its place, and what a check is asked beside its text, over the wire.

use std::sync::Arc;

use vermilion::transport::proto::{
    CheckSpellingRequest, CheckSpellingResponse, OffsetEncoding, SkipReason, Span, TextEdit, document::Format,
};

use super::{
    errors::invalid,
    support::{Client, FakeEngine, TestServer, check_request, marked_texts},
};

async fn ask(client: &mut Client, asked: CheckSpellingRequest) -> CheckSpellingResponse {
    client.check_spelling(asked).await.unwrap().into_inner()
}

fn html(content: &str, language: &str) -> CheckSpellingRequest {
    let mut asked = check_request(content, language);
    asked.document.as_mut().unwrap().set_format(Format::Html);
    asked
}

/// The content as a client has it once it has taken the first suggestion of each mark.
fn replaced(content: &str, answer: &CheckSpellingResponse) -> String {
    let mut edits: Vec<(Span, &str)> = Vec::new();
    for mark in &answer.misspellings {
        let best = &mark.suggestions[0];
        match &mark.spans[..] {
            [span] => {
                assert!(best.edits.is_empty());
                edits.push((*span, &best.text));
            }
            _ => edits.extend(best.edits.iter().map(|edit: &TextEdit| (edit.span.unwrap(), edit.text.as_str()))),
        }
    }
    let units: Vec<u16> = content.encode_utf16().collect();
    let (mut written, mut at) = (Vec::new(), 0);
    for (Span { start, end }, text) in edits {
        written.extend(&units[at..usize::try_from(start).unwrap()]);
        written.extend(text.encode_utf16());
        at = usize::try_from(end).unwrap();
    }
    written.extend(&units[at..]);
    String::from_utf16(&written).unwrap()
}

#[tokio::test]
async fn edits_keep_the_markup_within_a_word() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for (content, language, expected) in [
        ("<p>😀 re<b>ciev</b>e it</p>", "en", "<p>😀 re<b>ceiv</b>e it</p>"),
        ("<p>the vouch<i>r</i>, ap<b>proov</b>ed</p>", "en", "<p>the vouche<i>r</i>, ap<b>prov</b>ed</p>"),
        ("<p>a caf&eacute; is <u>defi</u>nately</p>", "en", "<p>a caf&eacute; is <u>defi</u>nitely</p>"),
        ("<p>não: vo<b>ce</b> foi em<i>via</i>do</p>", "pt-BR", "<p>não: vo<b>cê</b> foi en<i>via</i>do</p>"),
        ("<p>recieve it</p>", "en", "<p>receive it</p>"),
    ] {
        let answer = ask(&mut client, html(content, language)).await;
        assert_eq!(replaced(content, &answer), expected, "{answer:?}");
    }
    // Markup of chats divides a word as well.
    let answer = ask(&mut client, check_request("We re*ciev*e it", "en")).await;
    assert_eq!(replaced("We re*ciev*e it", &answer), "We re*ceiv*e it");
}

#[tokio::test]
async fn a_mark_tells_its_word() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let answer = ask(&mut client, check_request("非常报歉，recieve。", "zh")).await;
    let told: Vec<_> = answer.misspellings.iter().map(|mark| (mark.text.as_str(), mark.word.as_str())).collect();
    assert_eq!(told, [("报", "报歉"), ("recieve", "recieve")]);
    let answer = ask(&mut client, html("<p>re<b>ciev</b>e caf&eacute;tt</p>", "en")).await;
    let told: Vec<_> = answer.misspellings.iter().map(|mark| (mark.text.as_str(), mark.word.as_str())).collect();
    assert_eq!(told, [("recieve", "recieve"), ("cafétt", "cafétt")]);
}

#[tokio::test]
async fn a_mark_tells_that_its_suggestions_are_cut_and_the_answer_that_some_are() {
    let whole = TestServer::start().await;
    let whole = ask(&mut whole.client().await, check_request(&"recieve ".repeat(50), "en")).await;
    assert!(!whole.incomplete && whole.misspellings.iter().all(|mark| !mark.suggestions_incomplete));
    let limited = TestServer::start_with(crate::support::spelling::speller(), |config| {
        config.limits.answer_bytes = 5_000;
    })
    .await;
    let cut = ask(&mut limited.client().await, check_request(&"recieve ".repeat(50), "en")).await;
    assert!(cut.incomplete && cut.misspellings.len() == 50);
    for mark in &cut.misspellings {
        assert!(mark.suggestions_incomplete && mark.suggestions.len() < whole.misspellings[0].suggestions.len());
    }
    let mut none = check_request("recieve", "en");
    none.max_suggestions = Some(0);
    assert!(!ask(&mut limited.client().await, none).await.misspellings[0].suggestions_incomplete);
}

#[tokio::test]
async fn asks_about_spans_in_any_order_and_unit() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let text = "😀 recieve, tomorow and mony @ana";
    for (encoding, shift) in [(OffsetEncoding::Utf8, 2), (OffsetEncoding::Utf16, 0), (OffsetEncoding::Utf32, -1)] {
        let span = |start: i32, end: i32| Span { start: start + shift, end: end + shift };
        for (only, marks, regions) in [
            (vec![], vec!["recieve", "tomorow", "mony"], 1),
            (vec![span(26, 26), span(4, 5)], vec!["recieve", "mony"], 0),
            (vec![span(10, 12)], vec!["recieve", "tomorow"], 0),
            (vec![span(29, 30)], vec![], 1),
        ] {
            let mut asked = check_request(text, "en");
            asked.set_offset_encoding(encoding);
            asked.only_spans = only.clone();
            let answer = ask(&mut client, asked).await;
            assert_eq!(marked_texts(&answer), marks, "{encoding:?} {only:?}");
            assert_eq!(answer.skipped_regions.len(), regions, "{encoding:?} {only:?}");
        }
    }
}

#[tokio::test]
async fn leaves_ignored_words_alone() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let mut asked = check_request("Recieve tomorow, 非常报歉。 Cafétt", "zh");
    asked.ignored_words = ["recieve", "报歉", "Cafe\u{301}tt"].map(str::to_owned).to_vec();
    let answer = ask(&mut client, asked).await;
    assert_eq!(marked_texts(&answer), ["tomorow"]);
    let own = answer.skipped_regions.iter().filter(|region| region.reason() == SkipReason::OwnWord);
    assert_eq!(own.count(), 3);
}

#[tokio::test]
async fn bad_spans_and_words_are_named() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = server.client().await;
    for (start, end, description) in [
        (0, 5, "the span is out of the text's range"),
        (2, 1, "the span ends before it starts"),
        (1, 2, "the span begins or ends inside a character"),
    ] {
        let mut asked = check_request("a😀b", "en");
        asked.only_spans = vec![Span { start: 0, end: 1 }, Span { start, end }];
        let status = client.check_spelling(asked).await.unwrap_err();
        invalid(&status, "ONLY_SPAN_INVALID", "only_spans[1]", description);
    }
    let one_line = "a word is one line without control characters, tabs, or spaces at its beginning or end";
    let single = "a single character would be right within every word: add the whole word that it stands in";
    for (word, reason, description) in [
        ("", "WORD_EMPTY", "the word is empty"),
        ("a\nb", "WORD_INVALID", one_line),
        ("123", "WORD_INVALID", "a word has at least one letter"),
        ("报", "WORD_SINGLE_CHARACTER", single),
        (&"a".repeat(65), "WORD_TOO_LONG", "the word has 65 characters, more than the limit of 64"),
    ] {
        let mut asked = check_request("text", "en");
        asked.ignored_words = vec!["fine".to_owned(), word.to_owned()];
        invalid(&client.check_spelling(asked).await.unwrap_err(), reason, "ignored_words[1]", description);
    }
    let mut asked = check_request("text", "en");
    asked.ignored_words = vec!["word".to_owned(); 101];
    let status = client.check_spelling(asked.clone()).await.unwrap_err();
    invalid(&status, "TOO_MANY", "ignored_words", "expected at most 100, found 101");
    asked.ignored_words.pop();
    client.check_spelling(asked).await.unwrap();
}
