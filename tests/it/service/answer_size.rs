//! Answers have at most so many bytes, whatever the text: fewer suggestions first, then an end.

use prost::Message as _;
use vermilion::transport::proto::{CheckSpellingRequest, CheckSpellingResponse, Document, document::Format};

use super::support::TestServer;

/// The longest text that the service takes.
const TEXT_BYTES: usize = 256 * 1024;

/// What a server with this limit says of a text as long as it may be, made of a piece.
async fn answer(server: &TestServer, piece: &str, language: &str, format: Format, most: i32) -> CheckSpellingResponse {
    let document =
        Document { content: piece.repeat(TEXT_BYTES / piece.len()), format: format.into(), ..Document::default() };
    let request = CheckSpellingRequest {
        document: Some(document),
        language_code: language.to_owned(),
        max_suggestions: Some(most),
        ..CheckSpellingRequest::default()
    };
    let mut client = server.client().await.max_decoding_message_size(64 << 20);
    client.check_spelling(request).await.unwrap().into_inner()
}

/// Every pair of letters.
fn pairs() -> String {
    ('a'..='z').flat_map(|first| ('a'..='z').map(move |second| format!("{first}{second} "))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worst_texts_get_answers_that_every_client_takes() {
    let server = TestServer::start().await;
    let pairs = pairs();
    let tags: String = pairs.split(' ').map(|pair| format!("<b>{pair}</b> ")).collect();
    for (piece, language, format, cut) in [
        (pairs.as_str(), "en", Format::Plain, true),
        (&pairs, "pt-BR", Format::Plain, true),
        (&pairs, "zh", Format::Plain, true),
        (&pairs, "pl", Format::Plain, true),
        (&tags, "en", Format::Html, false),
        ("rec<b>ieve</b> ", "en", Format::Html, false),
        // No language is told, and no word is near one of ours: skipped as another's.
        ("x<b>q</b> ", "en", Format::Html, false),
        ("@a ", "en", Format::Plain, false),
        ("я a ", "en", Format::Plain, false),
        ("以经报歉", "zh", Format::Plain, true),
        ("<i>请座</i>", "zh-TW", Format::Html, false),
    ] {
        let found = answer(&server, piece, language, format, 20).await;
        let size = found.encoded_len();
        assert!(size <= 3 << 20, "{piece:.20}: {size} bytes");
        if cut {
            assert!(found.incomplete, "{piece:.20}: {size} bytes");
        }
    }
}

/// As many as asked for, then half of that, and so on: the same number for every mark. Then the rest of the text is left out.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_long_gets_fewer_suggestions_and_then_an_end() {
    let whole = TestServer::start_with(crate::support::spelling::speller(), |config| {
        config.limits.answer_bytes = 64 << 20;
    })
    .await;
    let whole = answer(&whole, "Please recieve the frm today. ", "en", Format::Plain, 4).await;
    let full = whole.encoded_len();
    assert!(!whole.incomplete && whole.misspellings.iter().any(|mark| mark.suggestions.len() == 4));
    let mut seen = Vec::new();
    // Two bytes say that it is incomplete.
    for limit in [full + 2, full - 1, full * 3 / 5, full / 3, full / 10] {
        let server = TestServer::start_with(crate::support::spelling::speller(), |config| {
            config.limits.answer_bytes = limit;
        })
        .await;
        let cut = answer(&server, "Please recieve the frm today. ", "en", Format::Plain, 4).await;
        let size = cut.encoded_len();
        assert!(size <= limit && size > limit / 4, "{size} of {limit}");
        assert_eq!(cut.incomplete, limit < full, "{limit} of {full}");
        let most = cut.misspellings.iter().map(|mark| mark.suggestions.len()).max().unwrap();
        for (mark, in_full) in cut.misspellings.iter().zip(&whole.misspellings) {
            assert_eq!(mark.spans, in_full.spans);
            assert_eq!(mark.suggestions[..], in_full.suggestions[..most.min(in_full.suggestions.len())]);
            assert_eq!(mark.message.contains("Did you mean"), !mark.suggestions.is_empty());
        }
        seen.push((most, cut.misspellings.len() == whole.misspellings.len()));
    }
    assert!(seen.is_sorted_by(|a, b| a >= b), "{seen:?}");
    assert!(seen[1] == (2, true) && seen[4] == (0, false), "{seen:?}");
}
