//! Neither prompt nor answer nor key reaches a log, at any level, or an error.

use std::fmt::Write as _;

use tokio::time::Instant;
use vermilion::polishing::{
    ChatModel as _,
    openai::{ApiKey, ModelServer},
};

use super::{
    logged,
    scripted::{Reply, STOP, Scripted, delta},
    support::{TEST_TIMEOUT, drain, permit, prompt, providers, server, settings},
};

/// Letters that no log line holds by chance.
const ASKED: &str = "zqxjkvbwpq";
const ANSWERED: &str = "wvkzjqxbpf";
const KEY: &str = "sk-qjzxvwkbpf";

/// Every way in which an answer, or an error that repeats the prompt, can come.
fn replies() -> Vec<Reply> {
    let echo = format!(r#"{{"error":{{"message":"bad {ASKED} {ANSWERED} {KEY}"}}}}"#);
    let (piece, page) = (delta(ANSWERED), format!("<p>{ANSWERED}"));
    let mut replies: Vec<Reply> = [400, 401, 429, 500, 200].map(|status| Reply::json(status, &echo)).to_vec();
    replies.extend([
        Reply::text(ANSWERED),
        Reply::of(200, "text/html", &page),
        Reply::of(200, "text/plain", &page),
        Reply::json(200, &format!(r#"{{"choices":"{ANSWERED}"}}"#)),
        Reply::choice(&format!(r#"{{"message":{{"content":"{ANSWERED}"}},"finish_reason":"{ANSWERED}"}}"#), ""),
        Reply::events(&[&piece, STOP, "[DONE]"]),
        Reply::events(&[&piece, &format!("{{bad {ANSWERED}")]),
        Reply::events(&[&piece, &echo]),
        Reply::events(&[&piece]).cut(),
        Reply::events(&[&piece]).hang(),
    ]);
    replies
}

/// All that can be printed of what came.
async fn ask(reply: &Reply, printed: &mut String) {
    let scripted = Scripted::start(std::slice::from_ref(reply)).await;
    let server = ModelServer { api_key: ApiKey::new(KEY).unwrap(), ..server(&scripted.url()) };
    let fallback = ModelServer { base_url: "http://127.0.0.1:1/v1".to_owned(), ..server.clone() };
    let settings = settings(server, Some(fallback));
    let prompt = prompt(ASKED);
    writeln!(printed, "{settings:?} {prompt:?}").unwrap();
    let model = providers(settings);
    let deadline = Instant::now() + TEST_TIMEOUT;
    if let Err(error) = model.complete(&permit("acme"), &prompt, deadline).await {
        writeln!(printed, "{error} {error:?}").unwrap();
    }
    match model.stream(&permit("acme"), &prompt, deadline).await {
        Ok(pieces) => writeln!(printed, "{:?}", drain(pieces).await.1).unwrap(),
        Err(error) => writeln!(printed, "{error} {error:?}").unwrap(),
    }
    assert!(scripted.asked().iter().all(|asked| asked.body.contains(ASKED) && asked.head.contains(KEY)), "it was sent");
}

/// On one thread, so that the library's own tasks log here, too.
#[tokio::test]
async fn no_text_and_no_key_is_logged_even_at_trace() {
    let (captured, _guard) = logged::as_the_program();
    let mut printed = String::new();
    for reply in replies() {
        ask(&reply, &mut printed).await;
    }
    printed += &captured.text();
    logged::assert_without(&printed, &[ASKED, ANSWERED, KEY, &KEY[3..]]);
}

/// That the test above would notice: without the filter the library's errors hold the answer.
#[tokio::test]
async fn the_library_would_log_answers_if_it_were_let() {
    let (captured, _guard) = logged::unfiltered();
    ask(&Reply::json(200, &format!(r#"{{"choices":"{ANSWERED}"}}"#)), &mut String::new()).await;
    assert!(captured.text().contains(ANSWERED));
}
