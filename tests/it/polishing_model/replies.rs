//! The whole service over what servers send: for every row of the table the draft stays in the caller's hands, only a
//! polished reply is charged to the conversation, and nothing of it is logged.

use tonic::Code;
use vermilion::{polishing::ModelError, transport::proto::polish_result::Outcome};

use super::{
    desk::Desk,
    logged,
    quirks::{Quirk, statuses, streams, whole_answers},
    scripted::{Reply, Scripted},
};

const DRAFT: &str = "hi there";
const POLISHED: &str = "Hi there";
const KEY: &str = "sk-qjzxvwkbpf";

async fn check(desk: &mut Desk, model: &Scripted, quirk: &Quirk, streamed: bool) {
    let row = format!("{}, streamed: {streamed}", quirk.came);
    model.will(&quirk.reply);
    let outcome = desk.polish(DRAFT, &row, streamed).await;
    let remaining = desk.remaining(&row).await;
    match outcome {
        Ok(result) if result.outcome() == Outcome::Polished => {
            assert!(quirk.got.is_ok(), "{row}");
            assert_eq!(
                (result.content.as_str(), result.remaining_in_conversation, remaining),
                (POLISHED, 9, 9),
                "{row}"
            );
        }
        Ok(result) => {
            // Something was answered, but nothing that may be shown.
            let judged = [ModelError::Truncated, ModelError::Empty, ModelError::Withheld];
            assert!(
                quirk.got.is_ok_and(|(text, _)| text != POLISHED)
                    || quirk.got.is_err_and(|error| judged.contains(&error)),
                "{row}: {result:?}"
            );
            assert_eq!(result.outcome(), Outcome::RejectedByGuard, "{row}");
            assert!(!result.findings.is_empty(), "{row}");
            assert_eq!(
                (result.content.as_str(), result.remaining_in_conversation, remaining),
                (DRAFT, 10, 10),
                "{row}"
            );
        }
        Err(status) => {
            assert!(quirk.got.is_err(), "{row}: {status:?}");
            assert_eq!(status.code(), Code::Unavailable, "{row}: {status:?}");
            let told = format!("{status:?}");
            assert!(!told.contains(DRAFT) && !told.contains(POLISHED) && !told.contains(KEY), "{row}: {told}");
            assert_eq!(remaining, 10, "{row}");
        }
    }
}

/// On one thread, so that everything logs into what is captured.
#[tokio::test]
async fn for_each_answer_the_draft_is_kept_the_quota_is_right_and_nothing_is_logged() {
    let (captured, _guard) = logged::as_the_program();
    let model = Scripted::start(&[Reply::slam()]).await;
    let mut desk = Desk::start(&model.url(), KEY, "stall_timeout = \"300ms\"").await;
    for quirk in statuses() {
        check(&mut desk, &model, &quirk, false).await;
        check(&mut desk, &model, &quirk, true).await;
    }
    for quirk in whole_answers() {
        check(&mut desk, &model, &quirk, false).await;
    }
    for quirk in streams() {
        check(&mut desk, &model, &quirk, true).await;
    }
    logged::assert_without(&captured.text(), &[DRAFT, POLISHED, KEY, &KEY[3..], "You rewrite"]);
}
