//! The second reading as the program composes it: over HTTP, by the primary or by a server of its own.

use vermilion::transport::proto::{Review, polish_result::Outcome, review_point::Severity};

use super::{
    desk::Desk,
    logged,
    scripted::{Reply, Scripted},
};

const DRAFT: &str = "hi, we may call you today";
const REPLY: &str = "Hello, we will call you today";
const ITEM: &str = r#"[{\"kind\":\"changed\",\"draft\":\"may call\",\"reply\":\"will call\",\"severity\":\"low\"}]"#;
const KEY: &str = "sk-qjzxvwkbpf";

/// On one thread, so that everything logs into what is captured.
#[tokio::test]
async fn the_primary_writes_and_reads() {
    let (captured, _guard) = logged::as_the_program();
    let said = |text| Reply::text(text);
    let script = [said(REPLY), said(ITEM), said(REPLY), said("nothing"), said(REPLY), Reply::json(401, "{}")];
    let model = Scripted::start(&script).await;
    let mut desk = Desk::start_with_review(&model.url(), KEY, "", "model").await;
    let result = desk.polish(DRAFT, "c1", false).await.unwrap();
    assert_eq!((result.outcome(), result.review()), (Outcome::Polished, Review::Model), "{result:?}");
    let points: Vec<_> = result
        .review_points
        .iter()
        .filter(|point| point.kind == "CHANGED")
        .map(|point| (point.severity(), point.draft_spans[0].start, point.content_spans[0].end))
        .collect();
    assert_eq!(points, [(Severity::Low, 7, 19)]);
    let (usage, reading) = (result.usage.unwrap(), result.review_usage.unwrap());
    assert_eq!((usage.requests, usage.prompt_tokens, reading.requests, reading.prompt_tokens), (2, 14, 1, 7));
    for _ in ["no JSON", "no credentials"] {
        let result = desk.polish(DRAFT, "c1", false).await.unwrap();
        assert_eq!((result.outcome(), result.review()), (Outcome::Polished, Review::RulesOnly));
    }
    let asked = model.asked();
    assert!(asked[1].body.contains("Compare a draft and its rewrite") && asked[1].body.contains(REPLY));
    assert!(!asked[1].body.contains("response_format"), "what is not asked for is not sent");
    logged::assert_without(&captured.text(), &[DRAFT, REPLY, "may call", KEY, "Compare a draft"]);
}

#[tokio::test]
async fn a_server_of_its_own_reads_and_its_failure_closes_nothing() {
    let writer = Scripted::start(&[Reply::stream(&[REPLY])]).await;
    let reader = Scripted::start(&[Reply::text(ITEM), Reply::json(500, "{}")]).await;
    let own = format!(
        "[polishing.review]\nbase_url = \"{}\"\nmodel = \"reader\"\njson_object = true\n\
         rest_after = 1\nrest = \"1m\"\nallowed_for_customer_text = true",
        reader.url()
    );
    let mut desk = Desk::start_with(&writer.url(), KEY, "", &own).await;
    let result = desk.polish(DRAFT, "c1", true).await.unwrap();
    assert_eq!((result.outcome(), result.review()), (Outcome::Polished, Review::Model));
    let asked = reader.asked().remove(0);
    assert!(asked.body.starts_with(r#"{"model":"reader""#), "{}", asked.body);
    assert!(asked.body.ends_with(r#""response_format":{"type":"json_object"}}"#), "{}", asked.body);
    assert!(!asked.head.to_lowercase().contains("authorization"), "the primary's key stays with the primary");
    for _ in 0..3 {
        let result = desk.polish(DRAFT, "c2", true).await.unwrap();
        assert_eq!((result.outcome(), result.review()), (Outcome::Polished, Review::RulesOnly));
    }
    // It failed, and rests; the writer was asked each time.
    assert_eq!((reader.asked().len(), writer.asked().len()), (2, 4));
    assert!(desk.availability().await.available);
}
