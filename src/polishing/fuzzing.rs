//! What the fuzz target `answer` runs: any answer of a model, up to the content that an agent would insert.

use std::borrow::Cow;

use vermilion_engine::document::{Document, DocumentFormat, MessageChannel};

use super::{
    answer,
    draft::Draft,
    guard::{self, GuardCase, GuardFinding},
    job::{AcceptedAnswer, PolishJob, TenantVoice},
    privacy::{MaskingPolicy, Patterns, Scope},
    prompt::Operation,
    request::PolishRequest,
    stream::AnswerPreview,
};

const DRAFTS: [(DocumentFormat, &str); 4] = [
    (
        DocumentFormat::Plain,
        "Dear Ana, your order 4711 of 12/03/2026 costs $45.00 within 3 days. See https://acme.com/x or write to a@b.com",
    ),
    (
        DocumentFormat::Plain,
        "Prezada Ana, o pedido 4711 custa R$ 45,00 e chega em até 3 dias úteis. Não pague de novo.",
    ),
    (DocumentFormat::Plain, "您好，订单4711已于3月12日发货，预计3天内送达，运费¥45.00不退。"),
    (
        DocumentFormat::Html,
        "<p>Hello <b>Ana</b>, we will <a href=\"https://acme.com\">refund $45.00</a> if you ask.</p><blockquote>old</blockquote>",
    ),
];

const OPERATIONS: [Operation; 5] =
    [Operation::Improve, Operation::FixGrammar, Operation::Shorten, Operation::Expand, Operation::Simplify];

/// Takes an answer to one of four drafts; `§` in it is the nonce of the placeholders.
///
/// # Panics
/// If a place is wrong, a value is lost, or the edits do not make the content.
pub fn read_answer(choice: u8, answer: &str) {
    let (format, content) = DRAFTS[usize::from(choice) % DRAFTS.len()];
    let operation = OPERATIONS[usize::from(choice) / DRAFTS.len() % OPERATIONS.len()];
    let document = Document { content, format, channel: MessageChannel::Email };
    let request = PolishRequest {
        draft: Draft::read(&document, &[]),
        tone: super::prompt::Tone::Professional,
        operation,
        turns: Vec::new(),
        limit: None,
        conversation: String::new(),
        request_id: None,
    };
    let policy = MaskingPolicy { scope: Scope::All, patterns: Patterns::default() };
    let job = PolishJob::prepare(&request, &policy, TenantVoice::default());
    let answer = answer.replace('§', job.masking.nonce());
    check_preview(&job, &answer, usize::from(choice));

    let reply = answer::clean(&job.draft, &answer);
    let case = GuardCase { draft: &job.draft, reply: &reply, masking: &job.masking, operation, limit: None };
    let findings = guard::judge(&case);
    for finding in &findings {
        for (spans, text) in [(&finding.draft, job.draft.as_str()), (&finding.reply, &*reply)] {
            for span in spans {
                assert!(text.get(span.start..span.end).is_some(), "{:?} at {span:?}", finding.code);
            }
        }
    }
    if findings.iter().any(GuardFinding::refuses) {
        return;
    }
    let draft = &request.draft;
    let body = draft.body_of(&job.masking, &job.draft, &reply);
    let accepted = AcceptedAnswer { reply: Cow::into_owned(reply), soft: findings, differences: None };
    let written = job.write(&accepted, &body);
    let mut edited = String::new();
    let mut done = 0;
    for edit in &written.edits {
        edited.push_str(&content[done..edit.span.start]);
        edited.push_str(&edit.text);
        done = edit.span.end;
    }
    edited.push_str(&content[done..]);
    assert_eq!(edited, written.content, "what the edits make");
    for point in &written.points {
        for span in &point.content {
            assert!(written.content.get(span.start..span.end).is_some(), "{span:?}");
        }
    }
    for value in ["4711", "45"] {
        assert!(!content.contains(value) || written.content.contains(value), "{value} is gone");
    }
}

/// However an answer is cut, no placeholder is shown, and all of it is there in the end.
fn check_preview(job: &PolishJob<'_>, answer: &str, size: usize) {
    let mut preview = AnswerPreview::new(&job.masking, &job.request.draft);
    let mut rest = answer;
    let mut shown = String::new();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary((size % 16 + 1).min(rest.len())));
        shown.push_str(&preview.push(piece));
        rest = after;
    }
    assert!(!shown.contains(&format!("_{}]]", job.masking.nonce())), "a placeholder is shown");
    assert_eq!(preview.into_answer(), answer);
}
