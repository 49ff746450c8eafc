//! The whole service before `aimock`, from a client's call to aimock and back; `tools/provider-test/replies.json` has what it
//! answers to each draft. Ignored like the tests of `aimock.rs`.

use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use vermilion::transport::proto::{PolishResult, Review, TextEdit, polish_result::Outcome, review_point};

use super::{
    aimock::{KEY, port},
    desk::Desk,
    logged,
};

/// What a caller gets.
#[derive(Clone, Copy, Debug)]
enum Got {
    /// The draft, as `polished` has it.
    Polished,
    /// The draft, as the model has nothing to change.
    Unchanged,
    /// The draft, and why.
    Rejected(&'static [&'static str]),
    /// No result: the reason, and in how many seconds to try again.
    Failed(&'static str, Option<u64>),
}

use Got::{Failed, Polished, Rejected, Unchanged};

/// What aimock makes of a draft: in all of its answers that are good.
fn polished(draft: &str) -> String {
    draft.replace("hi, ur", "Hi, your") + "."
}

/// The draft, and what comes of it whole and in a stream, by OpenAI's protocol.
const OPENAI: &[(&str, Got, Got)] = &[
    ("hi, ur plain teapot is here", Polished, Polished),
    // `reasoning_content`, then a `<think>` block.
    ("hi, ur musing teapot is here", Polished, Polished),
    ("hi, ur talking teapot is here", Polished, Polished),
    ("hi, ur finished teapot is here", Unchanged, Unchanged),
    // 429 with `Retry-After: 30`, and with one that says nothing.
    ("hi, ur booked teapot is here", Failed("MODEL_RATE_LIMITED", Some(30)), Failed("MODEL_RATE_LIMITED", Some(30))),
    ("hi, ur crowded teapot is here", Failed("MODEL_RATE_LIMITED", Some(10)), Failed("MODEL_RATE_LIMITED", Some(10))),
    // 500, 403, and 404 as aimock has no answer.
    ("hi, ur chipped teapot is here", Failed("MODEL_FAILED", Some(1)), Failed("MODEL_FAILED", Some(1))),
    ("hi, ur banned teapot is here", Failed("MODEL_CREDENTIALS", None), Failed("MODEL_CREDENTIALS", None)),
    ("hi, ur unknown teapot is here", Failed("MODEL_REFUSED", None), Failed("MODEL_REFUSED", None)),
    // `length`, `content_filter`, no content.
    ("hi, ur long teapot is here", Rejected(&["CUT"]), Rejected(&["CUT"])),
    ("hi, ur veiled teapot is here", Rejected(&["WITHHELD"]), Rejected(&["WITHHELD"])),
    ("hi, ur hollow teapot is here", Rejected(&["EMPTY"]), Rejected(&["EMPTY"])),
    // What is no JSON, a connection that is closed, one where nothing comes, a stream that stalls, one that is cut.
    ("hi, ur smashed teapot is here", Failed("MODEL_MALFORMED", Some(1)), Failed("MODEL_MALFORMED", Some(1))),
    ("hi, ur dropped teapot is here", Failed("MODEL_UNREACHABLE", Some(1)), Failed("MODEL_UNREACHABLE", Some(1))),
    ("hi, ur sleeping teapot is here", Failed("MODEL_TIMEOUT", Some(1)), Failed("MODEL_TIMEOUT", Some(1))),
    ("hi, ur slow teapot is here", Polished, Failed("MODEL_TIMEOUT", Some(1))),
    ("hi, ur split teapot is here", Polished, Failed("MODEL_UNREACHABLE", Some(1))),
    // Answers that the guard refuses, and after that: a good one, a bad one, 500.
    ("hi, ur linked teapot is here", Polished, Polished),
    ("hi, ur 2 counted teapots are here", Rejected(&["NUMBER_CHANGED"]), Rejected(&["NUMBER_CHANGED"])),
    ("hi, ur reduced teapot is here", Rejected(&["PERCENTAGE_CHANGED"]), Rejected(&["PERCENTAGE_CHANGED"])),
];

/// By OpenRouter's: codes of errors are numbers, comments stand between events.
const OPENROUTER: &[(&str, Got, Got)] = &[
    ("hi, ur brewing teapot is here", Polished, Polished),
    ("hi, ur booked teapot is here", Failed("MODEL_RATE_LIMITED", Some(30)), Failed("MODEL_RATE_LIMITED", Some(30))),
    ("hi, ur chipped teapot is here", Failed("MODEL_FAILED", Some(1)), Failed("MODEL_FAILED", Some(1))),
    ("hi, ur banned teapot is here", Failed("MODEL_CREDENTIALS", None), Failed("MODEL_CREDENTIALS", None)),
];

/// At Azure's paths, with Azure's header for the key.
const AZURE: &[(&str, Got, Got)] = &[
    ("hi, ur plain teapot is here", Polished, Polished),
    ("hi, ur chipped teapot is here", Failed("MODEL_FAILED", Some(1)), Failed("MODEL_FAILED", Some(1))),
];

/// With a key that aimock does not know: 401.
const STRANGER: &[(&str, Got, Got)] =
    &[("hi, ur plain teapot is here", Failed("MODEL_CREDENTIALS", None), Failed("MODEL_CREDENTIALS", None))];

/// The same, with a fallback that knows the key.
const RESCUED: &[(&str, Got, Got)] = &[
    ("hi, ur plain teapot is here", Polished, Polished),
    ("hi, ur chipped teapot is here", Failed("MODEL_FAILED", Some(1)), Failed("MODEL_FAILED", Some(1))),
];

const WRONG_KEY: &str = "sk-qjzxvwkbpf";

/// Short, so that what hangs is known soon; long enough for an answer on a busy machine.
const PATIENCE: &str = "timeout = \"2s\"\nstall_timeout = \"1s\"";

/// The draft with the edits made; all of it is ASCII, so units are bytes.
fn edited(draft: &str, edits: &[TextEdit]) -> String {
    let (mut content, mut at) = (String::new(), 0);
    for edit in edits {
        let span = edit.span.unwrap();
        let (start, end) = (usize::try_from(span.start).unwrap(), usize::try_from(span.end).unwrap());
        content += &draft[at..start];
        content += &edit.text;
        at = end;
    }
    content + &draft[at..]
}

#[track_caller]
fn check(row: &str, draft: &str, outcome: &Result<PolishResult, Status>, remaining: i32, got: Got) {
    let kept = |result: &PolishResult, expected: Outcome| {
        assert_eq!((result.outcome(), result.content.as_str()), (expected, draft), "{row}: {result:?}");
        assert_eq!((result.remaining_in_conversation, remaining), (10, 10), "{row}");
        assert!(result.edits.is_empty(), "{row}");
    };
    match (got, outcome) {
        (Polished, Ok(result)) => {
            assert_eq!((result.outcome(), &result.content), (Outcome::Polished, &polished(draft)), "{row}: {result:?}");
            assert_eq!((result.remaining_in_conversation, remaining), (9, 9), "{row}");
            assert_eq!(edited(draft, &result.edits), result.content, "{row}");
        }
        (Unchanged, Ok(result)) => kept(result, Outcome::Unchanged),
        (Rejected(codes), Ok(result)) => {
            kept(result, Outcome::RejectedByGuard);
            let findings: Vec<&str> = result.findings.iter().map(|finding| finding.code.as_str()).collect();
            assert_eq!(findings, codes, "{row}");
        }
        (Failed(reason, retry), Err(status)) => {
            let details = status.get_error_details();
            let told = details.error_info().map(|info| info.reason.as_str());
            assert_eq!((status.code(), told), (Code::Unavailable, Some(reason)), "{row}: {status:?}");
            let wait = details.retry_info().and_then(|info| info.retry_delay).map(|delay| delay.as_secs());
            assert_eq!(wait, retry, "{row}");
            let all = format!("{status:?}");
            assert!(!all.contains("teapot") && !all.contains(KEY) && !all.contains(WRONG_KEY), "{row}: {all}");
            assert_eq!(remaining, 10, "{row}");
        }
        _ => panic!("{row}: {outcome:?} instead of {got:?}"),
    }
}

/// On one thread, so that everything logs into what is captured.
#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn for_each_answer_the_draft_is_kept_the_quota_is_right_and_nothing_is_logged() {
    let port = port();
    let (captured, _guard) = logged::as_the_program();
    let fallback = format!(
        "{PATIENCE}\n[polishing.fallback]\nbase_url = \"http://127.0.0.1:{port}/v1\"\napi_key = \"{KEY}\"\nmodel = \"m\"\n\
         allowed_for_customer_text = true"
    );
    let azure = format!("api_version = \"2024-10-21\"\n{PATIENCE}");
    for (path, key, more, rows) in [
        ("/v1", KEY, PATIENCE, OPENAI),
        ("/api/v1", KEY, PATIENCE, OPENROUTER),
        ("", KEY, azure.as_str(), AZURE),
        ("/v1", WRONG_KEY, PATIENCE, STRANGER),
        ("/v1", WRONG_KEY, fallback.as_str(), RESCUED),
    ] {
        let mut desk = Desk::start(&format!("http://127.0.0.1:{port}{path}"), key, more).await;
        for (draft, whole, stream) in rows {
            for (streamed, got) in [(false, *whole), (true, *stream)] {
                let row = format!("{path}: {draft}, streamed: {streamed}");
                let outcome = desk.polish(draft, &row, streamed).await;
                let remaining = desk.remaining(&row).await;
                check(&row, draft, &outcome, remaining, got);
            }
        }
    }
    logged::assert_without(
        &captured.text(),
        &["teapot", KEY, WRONG_KEY, &KEY[3..], &WRONG_KEY[3..], "You rewrite", "refused:"],
    );
}

/// Aimock writes and reads.
#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn aimock_reads_what_it_has_written() {
    let port = port();
    let mut desk = Desk::start_with_review(&format!("http://127.0.0.1:{port}/v1"), KEY, PATIENCE, "model").await;
    for streamed in [false, true] {
        let result = desk.polish("hi, ur reviewed teapot may be here", "c1", streamed).await.unwrap();
        assert_eq!((result.outcome(), result.review()), (Outcome::Polished, Review::Model), "{result:?}");
        assert_eq!(result.content, "Hi, your reviewed teapot will be here.");
        let points = result.review_points.iter().filter(|point| point.source() == review_point::Source::Model);
        let places: Vec<_> =
            points.map(|point| (point.severity(), point.draft_spans[0].start, point.content_spans[0].start)).collect();
        assert_eq!(places, [(review_point::Severity::Low, 23, 25)]);
        assert!(result.review_usage.unwrap().prompt_tokens > 100);
        let result = desk.polish("hi, ur promised teapot may be here", "c1", streamed).await.unwrap();
        assert_eq!((result.outcome(), result.review()), (Outcome::Polished, Review::Model), "{result:?}");
        assert_eq!(result.content, "Hi, your promised teapot may be here.");
        let requests = (result.usage.unwrap().requests, result.review_usage.unwrap().requests);
        assert_eq!(requests, (4, 2), "it promised, and was asked again");
        // There is no reading of this one: 404.
        let result = desk.polish("hi, ur plain teapot is here", "c2", streamed).await.unwrap();
        assert_eq!((result.outcome(), result.content.as_str()), (Outcome::Polished, "Hi, your plain teapot is here."));
        assert_eq!(result.review(), Review::RulesOnly);
    }
}

/// A stream of aimock counts no tokens unless asked to.
#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn aimock_polishes_a_draft_whole_and_in_a_stream() {
    let port = port();
    let mut desk = Desk::start(&format!("http://127.0.0.1:{port}/v1"), KEY, "").await;
    for (streamed, left) in [(false, 9), (true, 8)] {
        let result = desk.polish("hi, ur plain teapot is here", "c1", streamed).await.unwrap();
        assert_eq!(result.content, "Hi, your plain teapot is here.");
        let edits: Vec<(i32, i32, &str)> = result
            .edits
            .iter()
            .map(|edit| (edit.span.unwrap().start, edit.span.unwrap().end, edit.text.as_str()))
            .collect();
        assert_eq!(edits, [(0, 2, "Hi"), (4, 6, "your"), (27, 27, ".")]);
        assert_eq!((result.remaining_in_conversation, desk.remaining("c1").await), (left, left));
        let usage = result.usage.unwrap();
        assert!(usage.prompt_tokens > 100 && usage.completion_tokens > 0, "{usage:?}");
        assert_eq!(usage.estimated, streamed, "{usage:?}");
        assert!(!result.polish_id.is_empty() && result.findings.is_empty());
    }
}
