//! What servers send, and what becomes of it: the table of docs/providers.md.

use vermilion::polishing::{ModelError, TokenUsage};

use super::{
    scripted::{Reply, STOP, Scripted, USAGE as USAGE_EVENT, delta},
    support::{USAGE, complete, drain, single_provider, stream},
};

/// One row: what came, how it is said in the documentation, and what the caller gets of it after how many requests.
pub(crate) struct Quirk {
    pub(crate) came: &'static str,
    pub(crate) reply: Reply,
    pub(crate) got: Result<(&'static str, TokenUsage), ModelError>,
    requests: usize,
}

fn row(
    came: &'static str,
    reply: Reply,
    got: Result<(&'static str, TokenUsage), ModelError>,
    requests: usize,
) -> Quirk {
    Quirk { came, reply, got, requests }
}

/// Of the prompt in `support`, and of `Hi there`.
const ESTIMATED: TokenUsage = TokenUsage { prompt: 3, completion: 2, estimated: true };

fn limited(seconds: Option<u64>) -> ModelError {
    ModelError::RateLimited { retry_after: seconds.map(std::time::Duration::from_secs) }
}

/// Statuses; they are the same whether a stream was asked for or not.
pub(crate) fn statuses() -> Vec<Quirk> {
    const ERROR: &str = r#"{"error":{"message":"no","type":"t","param":null,"code":"c"}}"#;
    vec![
        row("401", Reply::json(401, ERROR), Err(ModelError::Credentials), 1),
        row("403", Reply::json(403, ERROR), Err(ModelError::Credentials), 1),
        row(
            "429 with `Retry-After: 30`",
            Reply::json(429, ERROR).header("retry-after", "30"),
            Err(limited(Some(30))),
            1,
        ),
        row(
            "429 with `Retry-After: 3600`",
            Reply::json(429, ERROR).header("retry-after", "3600"),
            Err(limited(Some(60))),
            1,
        ),
        row("429 with `Retry-After: 0`", Reply::json(429, ERROR).header("retry-after", "0"), Err(limited(Some(0))), 2),
        row("429 without `Retry-After`", Reply::json(429, ERROR), Err(limited(None)), 2),
        row("400", Reply::json(400, ERROR), Err(ModelError::Refused { status: 400 }), 1),
        row("404 with an HTML page", Reply::of(404, "text/html", "<p>"), Err(ModelError::Refused { status: 404 }), 1),
        row("500", Reply::json(500, ERROR), Err(ModelError::ServerFailed { status: 500 }), 2),
        row(
            "503 with an HTML page",
            Reply::of(503, "text/html", "<p>"),
            Err(ModelError::ServerFailed { status: 503 }),
            2,
        ),
        row(
            "503 with `Retry-After: 30`",
            Reply::json(503, ERROR).header("retry-after", "30"),
            Err(ModelError::Overloaded { status: 503, retry_after: std::time::Duration::from_secs(30) }),
            1,
        ),
        row(
            "529 with `Retry-After: 20`",
            Reply::json(529, ERROR).header("retry-after", "20"),
            Err(ModelError::Overloaded { status: 529, retry_after: std::time::Duration::from_secs(20) }),
            1,
        ),
        row("529", Reply::json(529, ERROR), Err(ModelError::ServerFailed { status: 529 }), 2),
        row("408", Reply::json(408, ERROR), Err(ModelError::ServerFailed { status: 408 }), 2),
        row("409", Reply::json(409, ERROR), Err(ModelError::ServerFailed { status: 409 }), 2),
        row("425", Reply::json(425, ERROR), Err(ModelError::ServerFailed { status: 425 }), 2),
        row(
            "400 with Azure's `content_filter`",
            Reply::json(400, r#"{"error":{"code":"content_filter","status":400,"innererror":{"code":"x"}}}"#),
            Err(ModelError::Withheld),
            1,
        ),
        row(
            "429 with `insufficient_quota`",
            Reply::json(429, r#"{"error":{"message":"no","type":"insufficient_quota","code":"insufficient_quota"}}"#),
            Err(ModelError::QuotaExhausted),
            1,
        ),
        row(
            "302, a redirect",
            Reply::of(302, "text/plain", "").header("location", "http://127.0.0.1:1/v1"),
            Err(ModelError::Refused { status: 302 }),
            1,
        ),
        row(
            "429 in Huawei's form, `{\"error_code\": ...}`",
            Reply::json(429, r#"{"error_code":"ModelArts.81101","error_msg":"slow down"}"#),
            Err(limited(None)),
            2,
        ),
        row(
            "401 in Huawei's form",
            Reply::json(401, r#"{"error_code":"ModelArts.81001","error_msg":"who?"}"#),
            Err(ModelError::Credentials),
            1,
        ),
        row(
            "400 in vLLM's form, `{\"object\": \"error\"}`",
            Reply::json(400, r#"{"object":"error","message":"no","code":40001}"#),
            Err(ModelError::Refused { status: 400 }),
            1,
        ),
        row(
            "402 with an integer `error.code` (OpenRouter)",
            Reply::json(402, r#"{"error":{"code":402,"message":"pay"}}"#),
            Err(ModelError::Refused { status: 402 }),
            1,
        ),
        row(
            "429 in LiteLLM's form, `llm_provider-retry-after: 30`",
            Reply::json(429, r#"{"error":{"message":"no","type":"throttling_error","param":null,"code":"429"}}"#)
                .header("llm_provider-retry-after", "30"),
            Err(limited(Some(30))),
            1,
        ),
        row(
            "HTML with status 200",
            Reply::of(200, "text/html; charset=utf-8", "<html>Sign in"),
            Err(ModelError::Malformed),
            1,
        ),
        row("an error in JSON with status 200", Reply::json(200, ERROR), Err(ModelError::Malformed), 1),
        row("a connection closed at once", Reply::slam(), Err(ModelError::Unreachable), 2),
        row("a body that never ends", Reply::text(&"x".repeat(70_000)), Err(ModelError::Malformed), 1),
    ]
}

pub(crate) fn whole_answers() -> Vec<Quirk> {
    let ended = |message: &str, rest: &str| {
        Reply::choice(&format!(r#"{{"index":0,"message":{message},"finish_reason":"stop"}}"#), rest)
    };
    let by = |reason: &str| {
        Reply::choice(
            &format!(r#"{{"message":{{"role":"assistant","content":"Hi there"}},"finish_reason":{reason}}}"#),
            "",
        )
    };
    let used = r#","usage":{"prompt_tokens":7,"completion_tokens":3}"#;
    vec![
        row("a whole answer", Reply::text("Hi there"), Ok(("Hi there", USAGE)), 1),
        row("no usage", by(r#""stop""#), Ok(("Hi there", ESTIMATED)), 1),
        row(
            "no `object`, no `id`, `usage: {}`",
            Reply::json(200, r#"{"choices":[{"message":{"content":"Hi there"},"finish_reason":"stop"}],"usage":{}}"#),
            Ok(("Hi there", ESTIMATED)),
            1,
        ),
        row(
            "a `<think>` block",
            ended(r#"{"role":"assistant","content":"<think>hm</think>Hi"}"#, used),
            Ok(("<think>hm</think>Hi", USAGE)),
            1,
        ),
        row(
            "`reasoning_content` beside the text",
            ended(r#"{"role":"assistant","content":"Hi there","reasoning_content":"hm"}"#, used),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row(
            "content in parts, one of them reasoning",
            ended(r#"{"content":[{"type":"thinking","text":"hm"},{"type":"text","text":"Hi there"}]}"#, used),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row("empty content", ended(r#"{"role":"assistant","content":""}"#, used), Err(ModelError::Empty), 1),
        row("`content: null`", ended(r#"{"role":"assistant","content":null}"#, used), Err(ModelError::Empty), 1),
        row("`finish_reason: length`", by(r#""length""#), Err(ModelError::Truncated), 1),
        row("`finish_reason: content_filter`", by(r#""content_filter""#), Err(ModelError::Withheld), 1),
        row("`finish_reason: \"\"`", by(r#""""#), Err(ModelError::Malformed), 1),
        row("`finish_reason: \"null\"`", by(r#""null""#), Err(ModelError::Malformed), 1),
        row(
            "a byte order mark before the answer",
            Reply::json(
                200,
                "\u{FEFF}{\"choices\":[{\"message\":{\"content\":\"Hi there\"},\"finish_reason\":\"stop\"}],\"usage\":{}}",
            ),
            Ok(("Hi there", ESTIMATED)),
            1,
        ),
        row("an unknown `finish_reason`", by(r#""abort""#), Err(ModelError::Malformed), 1),
        row("bad JSON with status 200", Reply::json(200, r#"{"choices":[{"mess"#), Err(ModelError::Malformed), 1),
        row(
            "a body cut in the middle",
            Reply::text("Hi").header("x-is", "cut").shorten(),
            Err(ModelError::Unreachable),
            2,
        ),
    ]
}

/// What came in the streams before they failed is in the error's row of its own test below.
pub(crate) fn streams() -> Vec<Quirk> {
    let (hi, there) = (delta("Hi "), delta("there"));
    let (hi, there) = (hi.as_str(), there.as_str());
    let by = |reason: &str| format!(r#"{{"choices":[{{"index":0,"delta":{{}},"finish_reason":"{reason}"}}]}}"#);
    let (length, filter) = (by("length"), by("content_filter"));
    let think = delta("<think>hm</think>Hi");
    let reasoning = r#"{"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"hm"}}]}"#;
    let first = r#"{"choices":[],"prompt_filter_results":[]}"#;
    let chunks = |events: &[&str]| Reply::events(events);
    vec![
        row("a stream", Reply::stream(&["Hi ", "there"]), Ok(("Hi there", USAGE)), 1),
        row("a stream without usage", chunks(&[hi, there, STOP, "[DONE]"]), Ok(("Hi there", ESTIMATED)), 1),
        row("a stream without `[DONE]`", chunks(&[hi, there, STOP]), Ok(("Hi there", ESTIMATED)), 1),
        row("a stream that hangs after its end", chunks(&[hi, there, STOP]).hang(), Ok(("Hi there", ESTIMATED)), 1),
        row("a stream that breaks after its end", chunks(&[hi, there, STOP]).cut(), Ok(("Hi there", ESTIMATED)), 1),
        row(
            "an event without choices first (Azure)",
            chunks(&[first, hi, there, STOP, USAGE_EVENT]),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row(
            "`reasoning_content` in events",
            chunks(&[reasoning, hi, there, STOP, USAGE_EVENT]),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row("a `<think>` block in events", chunks(&[&think, STOP, USAGE_EVENT]), Ok(("<think>hm</think>Hi", USAGE)), 1),
        row(
            "comments between events",
            Reply::events(&[hi]).then(": wait\n\n").then_events(&[there, STOP, USAGE_EVENT]),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row(
            "events with `delta` and `\"message\": null`, and `finish_reason: \"null\"`",
            chunks(&[&with_nulls("Hi "), &with_nulls("there"), STOP, USAGE_EVENT]),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row(
            "a byte order mark, empty events, `[DONE]` with a blank",
            Reply::events(&[])
                .then("\u{FEFF}data: \n\n")
                .then_events(&[hi, "", there, " ", STOP, USAGE_EVENT, "[DONE] "])
                .then_events(&["nonsense behind the end"]),
            Ok(("Hi there", USAGE)),
            1,
        ),
        row("a stream without text", chunks(&[STOP, "[DONE]"]), Err(ModelError::Empty), 1),
        row(
            "a stream of reasoning cut at its limit",
            chunks(&[reasoning, &length, "[DONE]"]),
            Err(ModelError::Truncated),
            1,
        ),
        row("a stream cut at its limit", chunks(&[hi, &length, "[DONE]"]), Err(ModelError::Truncated), 1),
        row("a stream withheld in the middle", chunks(&[hi, &filter, "[DONE]"]), Err(ModelError::Withheld), 1),
        row("a stream cut off before its end", chunks(&[hi]).cut(), Err(ModelError::Unreachable), 1),
        row(
            "a stream that ends without `finish_reason`",
            chunks(&[hi, there, "[DONE]"]),
            Err(ModelError::Malformed),
            1,
        ),
        row("a bad event", chunks(&[hi, r#"{"choices":[{"del"#, there, STOP, "[DONE]"]), Err(ModelError::Malformed), 1),
        row(
            "an error in the middle of a stream",
            chunks(&[hi, r#"{"error":{"message":"overloaded","code":503}}"#, there, STOP]),
            Err(ModelError::Malformed),
            1,
        ),
        row(
            "an error in the middle of a stream, in LiteLLM's form",
            chunks(&[hi, r#"{"error": {"message": "gone", "type": null, "param": null, "code": "500"}}"#]),
            Err(ModelError::Malformed),
            1,
        ),
        row("a stream that stalls", chunks(&[hi]).hang(), Err(ModelError::Timeout), 1),
        row("a stream that never begins", Reply::silence(), Err(ModelError::Timeout), 1),
        row("a stream that never ends", chunks(&vec![hi; 1000]), Err(ModelError::Malformed), 1),
        row("a whole answer where a stream was asked for", Reply::text("Hi there"), Err(ModelError::Malformed), 1),
    ]
}

/// As some servers write what is not there.
fn with_nulls(text: &str) -> String {
    format!(r#"{{"choices":[{{"index":0,"delta":{{"content":"{text}"}},"message":null,"finish_reason":"null"}}]}}"#)
}

fn label(got: &Result<(&'static str, TokenUsage), ModelError>) -> String {
    match got {
        Ok((_, usage)) if usage.estimated => "the text, usage estimated".to_owned(),
        Ok(_) => "the text".to_owned(),
        Err(ModelError::RateLimited { retry_after: Some(wait) }) => format!("`RateLimited`, {} s", wait.as_secs()),
        Err(ModelError::RateLimited { retry_after: None }) => "`RateLimited`".to_owned(),
        Err(ModelError::Refused { status }) => format!("`Refused` ({status})"),
        Err(ModelError::Overloaded { status, retry_after }) => {
            format!("`Overloaded` ({status}), {} s", retry_after.as_secs())
        }
        Err(ModelError::ServerFailed { status }) => format!("`ServerFailed` ({status})"),
        Err(error) => format!("`{error:?}`"),
    }
}

async fn check(quirk: &Quirk, streamed: bool) {
    let server = Scripted::start(std::slice::from_ref(&quirk.reply)).await;
    let model = single_provider(&server);
    let found = if streamed {
        match stream(&model).await {
            Err(error) => Err(error),
            Ok(pieces) => match drain(pieces).await {
                (text, Ok(usage)) => Ok((text, usage)),
                (_, Err(error)) => Err(error),
            },
        }
    } else {
        complete(&model).await.map(|completion| (completion.text, completion.usage))
    };
    let expected = quirk.got.map(|(text, usage)| (text.to_owned(), usage));
    assert_eq!(found, expected, "{}, streamed: {streamed}", quirk.came);
    assert_eq!(server.asked().len(), quirk.requests, "requests: {}, streamed: {streamed}", quirk.came);
}

#[tokio::test]
async fn statuses_are_read_before_bodies() {
    for quirk in statuses() {
        check(&quirk, false).await;
        check(&quirk, true).await;
    }
}

#[tokio::test]
async fn whole_answers_are_read_as_they_come() {
    for quirk in whole_answers() {
        check(&quirk, false).await;
    }
}

#[tokio::test]
async fn streams_have_exactly_one_end() {
    for quirk in streams() {
        check(&quirk, true).await;
    }
}

/// The rows, made again, are the documentation's.
#[test]
fn the_documentation_has_every_row() {
    let page = include_str!("../../../docs/providers.md");
    for (test, quirks) in [
        ("statuses_are_read_before_bodies", statuses()),
        ("whole_answers_are_read_as_they_come", whole_answers()),
        ("streams_have_exactly_one_end", streams()),
    ] {
        let mut rows = String::new();
        for quirk in &quirks {
            rows += &format!("| {} | {} | {} |\n", quirk.came, label(&quirk.got), quirk.requests);
        }
        assert!(page.contains(&rows) && page.contains(test), "docs/providers.md, of {test}:\n{rows}");
    }
}
