//! Polishing end to end: a real server, a real client, real settings and ledger, and a model on strings.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use tokio_stream::StreamExt as _;
use tokio_util::task::TaskTracker;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_types::StatusExt as _;
use vermilion::{
    app::demo,
    auth::Authenticator,
    polishing::{
        ChatModel, Completion, ModelChunk, ModelError, ModelStream, Permit, Prompt, TokenUsage,
        privacy::{Patterns, Scope},
        quota::QuotaLedger,
        review::Reviewer,
        secret::FingerprintKey,
        service::{MaskingPolicy, Polisher, PolisherDependencies},
    },
    settings::{AgentId, AgentUpdate, AuditContext, Cache, SettingsStore, TenantId, TenantUpdate},
    storage::{DatabaseStore, SqliteEngine},
    transport::{
        engine::SpellingEngine,
        proofreading::EngineProofreader,
        proto::{
            Channel as Sent, ConversationTurn, Document, GetPolishingAvailabilityRequest, ModelState,
            PolishReplyRequest, PolishResult, RecordPolishFeedbackRequest, Review, document::Format,
            polish_result::Outcome, polishing_service_client::PolishingServiceClient,
            record_polish_feedback_request::Feedback, stream_polish_reply_response::Event,
        },
    },
};

use super::{
    hostile::RawClient,
    support::{TestServer, check_request, eventually},
};
use crate::support::{prompts::masked_draft, spelling::speller};

pub(super) type Client = PolishingServiceClient<Channel>;

/// What the model does next.
pub(super) enum Act {
    /// Answers with the masked draft, changed.
    Say(fn(&str) -> String),
    Fail(ModelError),
    Hang,
    /// Answers as `Say`, once it is told to.
    SayWhenTold(Arc<Notify>, fn(&str) -> String),
}

#[derive(Default)]
struct Puppet {
    acts: Mutex<VecDeque<Act>>,
    asked: Mutex<Vec<Prompt>>,
    hanging: std::sync::atomic::AtomicUsize,
    streaming: Arc<std::sync::atomic::AtomicUsize>,
}

/// An answer on its way, until it is dropped.
struct Streaming(Arc<std::sync::atomic::AtomicUsize>);

impl Drop for Streaming {
    fn drop(&mut self) {
        self.0.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}

struct Hanging<'p>(&'p Puppet);

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.hanging.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Puppet {
    fn will(acts: impl IntoIterator<Item = Act>) -> Arc<Self> {
        Arc::new(Self { acts: Mutex::new(acts.into_iter().collect()), ..Self::default() })
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn hanging(&self) -> usize {
        self.hanging.load(std::sync::atomic::Ordering::SeqCst)
    }

    async fn act(&self, prompt: &Prompt) -> Result<String, ModelError> {
        self.asked.lock().unwrap().push(prompt.clone());
        let act = self.acts.lock().unwrap().pop_front();
        match act {
            None => panic!("the model was asked too often"),
            Some(Act::Fail(error)) => Err(error),
            Some(Act::Hang) => {
                self.hanging.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let _hanging = Hanging(self);
                std::future::pending().await
            }
            Some(Act::Say(change)) => Ok(answer(prompt, change)),
            Some(Act::SayWhenTold(told, change)) => {
                told.notified().await;
                Ok(answer(prompt, change))
            }
        }
    }
}

/// What the model makes of the masked draft. It sees `[[URL_1_§]]`: the nonce of placeholders is random letters and digits,
/// in which a word that is to be replaced would stand once in a hundred runs.
fn answer(prompt: &Prompt, change: fn(&str) -> String) -> String {
    let (nonce, draft) = masked_draft(&prompt.messages[1].text);
    change(&draft.replace(nonce, "§")).replace('§', nonce)
}

const USAGE: TokenUsage = TokenUsage { prompt: 100, completion: 20, estimated: false };

#[async_trait::async_trait]
impl ChatModel for Puppet {
    async fn complete(&self, _: &Permit, prompt: &Prompt, _: Instant) -> Result<Completion, ModelError> {
        Ok(Completion { text: self.act(prompt).await?, usage: USAGE })
    }

    async fn stream(&self, _: &Permit, prompt: &Prompt, _: Instant) -> Result<ModelStream, ModelError> {
        let text = self.act(prompt).await?;
        self.streaming.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let guard = Streaming(Arc::clone(&self.streaming));
        let characters: Vec<char> = text.chars().collect();
        let mut pieces: Vec<_> =
            characters.chunks(3).map(|piece| Ok(ModelChunk::Text(piece.iter().collect()))).collect();
        pieces.push(Ok(ModelChunk::End(USAGE)));
        Ok(Box::pin(tokio_stream::iter(pieces).map(move |piece| {
            let _ = &guard;
            piece
        })))
    }
}

pub(super) struct Desk {
    server: TestServer,
    pub(super) client: Client,
    model: Arc<Puppet>,
    /// By which the service reads them, so that it knows of a change at once.
    pub(super) settings: Arc<Cache>,
}

impl Desk {
    /// Rules alone compare draft and reply.
    pub(super) async fn with(acts: impl IntoIterator<Item = Act>) -> Self {
        Self::with_reviewer(acts, None).await
    }

    pub(super) async fn with_reviewer(acts: impl IntoIterator<Item = Act>, reviewer: Option<Reviewer>) -> Self {
        let model = Puppet::will(acts);
        let database = Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), Duration::from_secs(5)));
        demo::seed(database.as_ref()).await.unwrap();
        let (store, ledger): (Arc<dyn SettingsStore>, Arc<dyn QuotaLedger>) = (database.clone(), database);
        let engine: Arc<dyn SpellingEngine> = speller();
        let settings = Arc::new(Cache::new(store, Duration::from_secs(1)));
        let needs = PolisherDependencies {
            model: model.clone(),
            settings: settings.clone(),
            ledger,
            proofreader: Arc::new(EngineProofreader(Arc::clone(&engine))),
            privacy: MaskingPolicy { scope: Scope::All, patterns: Patterns::new(&["Gold-[A-Z]+"]).unwrap() },
            key: FingerprintKey::derive(b"test"),
            tasks: TaskTracker::new(),
        };
        let server = TestServer::start_with_server(
            engine,
            |_| {},
            |server| {
                server
                    .with_authenticator(Arc::new(Authenticator::development()))
                    .with_settings(settings.clone(), Duration::from_secs(1))
                    .with_polisher(Arc::new(match reviewer {
                        Some(reviewer) => Polisher::new(needs).with_reviewer(reviewer),
                        None => Polisher::new(needs),
                    }))
            },
        )
        .await;
        let client = Client::new(server.channel().await);
        Self { server, client, model, settings }
    }

    /// Everything that the model was asked, one string a request.
    pub(super) fn prompts(&self) -> Vec<String> {
        let text = |prompt: &Prompt| prompt.messages.iter().map(|message| message.text.as_str()).collect();
        self.model.asked.lock().unwrap().iter().map(text).collect()
    }

    pub(super) async fn polish(&mut self, asked: PolishReplyRequest) -> Result<PolishResult, Status> {
        Ok(self.client.polish_reply(asked).await?.into_inner().result.unwrap())
    }

    async fn remaining(&mut self) -> i32 {
        let asked = GetPolishingAvailabilityRequest { conversation_id: "c1".to_owned() };
        self.client.get_polishing_availability(asked).await.unwrap().into_inner().remaining_in_conversation.unwrap()
    }
}

pub(super) fn draft(content: &str) -> PolishReplyRequest {
    PolishReplyRequest {
        document: Some(Document { content: content.to_owned(), ..Document::default() }),
        conversation_id: "c1".to_owned(),
        client_revision: 7,
        ..PolishReplyRequest::default()
    }
}

#[track_caller]
pub(super) fn refused(status: &Status, code: Code, reason: &str) {
    let details = status.get_error_details();
    assert_eq!(
        (status.code(), details.error_info().map(|info| info.reason.as_str())),
        (code, Some(reason)),
        "{status:?}"
    );
}

const DRAFT: &str = "hi, pls see https://acme.com/t/9 and pay $49.90 until Friday";

fn better(masked: &str) -> String {
    masked.replace("hi, pls see", "Hello, please see").replace("until Friday", "by Friday.")
}

#[tokio::test]
async fn a_draft_comes_back_better_with_its_facts() {
    let mut desk = Desk::with([Act::Say(better)]).await;
    let mut asked = draft(DRAFT);
    asked.turns = vec![ConversationTurn { speaker: 1, text: "I am bob@acme.com".to_owned() }];
    let result = desk.polish(asked).await.unwrap();
    assert_eq!(result.outcome(), Outcome::Polished, "{result:?}");
    assert_eq!(result.content, "Hello, please see https://acme.com/t/9 and pay $49.90 by Friday.");
    let mut applied: Vec<u16> = DRAFT.encode_utf16().collect();
    for edit in result.edits.iter().rev() {
        let span = edit.span.unwrap();
        applied.splice(span.start as usize..span.end as usize, edit.text.encode_utf16());
    }
    assert_eq!(String::from_utf16(&applied).unwrap(), result.content);
    let masked: Vec<_> = result.masked.iter().map(|kind| (kind.kind.as_str(), kind.count)).collect();
    assert_eq!(masked, [("URL", 1), ("EMAIL_ADDRESS", 1)]);
    assert_eq!((result.remaining_in_conversation, result.client_revision), (9, 7));
    let usage = result.usage.unwrap();
    assert!(!result.polish_id.is_empty() && !usage.estimated);
    assert_eq!((usage.requests, result.remaining_today, result.review_usage), (1, 499, None));
    assert_eq!((result.review(), result.review_points.len()), (Review::RulesOnly, 0));
    let prompt: String =
        desk.model.asked.lock().unwrap()[0].messages.iter().map(|message| message.text.clone()).collect();
    assert!(!prompt.contains("acme.com") && !prompt.contains("bob@"), "what is masked has not left");
    assert_eq!(desk.remaining().await, 9);
}

#[tokio::test]
async fn a_stream_shows_and_then_tells() {
    let mut desk = Desk::with([Act::Say(|masked| format!("<think>{masked} hmm</think>\n{}", better(masked)))]).await;
    let mut stream = desk.client.stream_polish_reply(draft(DRAFT)).await.unwrap().into_inner();
    let (mut shown, mut deltas, mut result) = (String::new(), 0, None);
    while let Some(message) = stream.next().await {
        assert!(result.is_none(), "the result is last");
        match message.unwrap().event.unwrap() {
            Event::Delta(delta) => {
                shown.push_str(&delta.text);
                deltas += 1;
            }
            Event::Result(last) => result = Some(last),
        }
    }
    let result = result.unwrap();
    assert_eq!((result.outcome(), shown), (Outcome::Polished, result.content));
    assert!(deltas > 3, "{deltas}");
}

#[tokio::test]
async fn an_answer_that_changes_a_fact_is_asked_for_again_and_then_refused() {
    let wrong = || Act::Say(|masked| better(masked).replace("49.90", "39.90"));
    let mut desk = Desk::with([wrong(), Act::Say(better), wrong(), wrong()]).await;
    let result = desk.polish(draft(DRAFT)).await.unwrap();
    assert_eq!(
        (result.outcome(), desk.model.asked(), result.usage.unwrap().prompt_tokens),
        (Outcome::Polished, 2, 200)
    );
    let result = desk.polish(draft(DRAFT)).await.unwrap();
    assert_eq!((result.outcome(), result.content.as_str()), (Outcome::RejectedByGuard, DRAFT));
    assert_eq!(result.findings[0].code, "AMOUNT_CHANGED");
    assert!(!result.findings[0].message.contains("39"));
    assert!(result.edits.is_empty());
    assert_eq!((result.remaining_in_conversation, desk.remaining().await), (9, 9), "a rejected one is not charged");
}

/// An answer that says another price, which the guard refuses.
fn wrong(masked: &str) -> String {
    format!("{masked} It costs $999.")
}

pub(super) fn author() -> AuditContext {
    AuditContext { actor: "test".to_owned(), request_id: "test".to_owned(), time: std::time::SystemTime::now() }
}

#[tokio::test]
async fn who_may_not_polish_any_more_gets_no_second_answer() {
    let (demo, ana) = (TenantId::new("demo").unwrap(), AgentId::new("ana").unwrap());
    let told = Arc::new(Notify::new());
    let desk = Desk::with([Act::SayWhenTold(told.clone(), wrong), Act::Say(better)]).await;
    let mut client = desk.client.clone();
    let call = tokio::spawn(async move { client.polish_reply(draft(DRAFT)).await });
    let model = desk.model.clone();
    eventually("the model is asked", move || model.asked() == 1).await;
    let off = AgentUpdate { reply_polishing: Some(false), ..AgentUpdate::default() };
    desk.settings.update_agent(&demo, &ana, &off, "", &author()).await.unwrap();
    told.notify_one();
    let result = call.await.unwrap().unwrap().into_inner().result.unwrap();
    assert_eq!((result.outcome(), result.content.as_str()), (Outcome::RejectedByGuard, DRAFT));
    assert_eq!(desk.model.asked(), 1, "the conditions held for the first request alone");
}

#[tokio::test]
async fn a_day_of_ten_requests_has_ten_also_where_all_come_at_once_and_are_refused() {
    let desk = Desk::with(std::iter::repeat_with(|| Act::Say(wrong)).take(60)).await;
    let limit = TenantUpdate { agent_daily_polish_limit: Some(10), ..TenantUpdate::default() };
    desk.settings.update_tenant(&TenantId::new("demo").unwrap(), &limit, "", &author()).await.unwrap();
    let calls = (0..30).map(|n| {
        let mut client = desk.client.clone();
        let asked = PolishReplyRequest { conversation_id: format!("c{n}"), ..draft(DRAFT) };
        tokio::spawn(async move { client.polish_reply(asked).await })
    });
    let mut limited = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(answer) => assert_eq!(answer.into_inner().result.unwrap().outcome(), Outcome::RejectedByGuard),
            Err(status) => {
                refused(&status, Code::ResourceExhausted, "POLISH_LIMIT_REACHED");
                limited += 1;
            }
        }
    }
    assert_eq!(desk.model.asked(), 10);
    assert!((20..=25).contains(&limited), "{limited}: each that was admitted made a request or two");
}

#[tokio::test]
async fn nothing_to_change_a_misspelling_and_a_leak() {
    let acts = [
        Act::Say(str::to_owned),
        Act::Say(|masked| masked.replace("account", "acount")),
        Act::Say(|masked| format!("{masked} Please visit https://evil.example.")),
        Act::Fail(ModelError::Truncated),
        Act::Fail(ModelError::Empty),
    ];
    let mut desk = Desk::with(acts).await;
    let text = "We have updated the account of Gold-ANA today.";
    let result = desk.polish(draft(text)).await.unwrap();
    assert_eq!((result.outcome(), result.content.as_str()), (Outcome::Unchanged, text));
    assert_eq!(result.masked[0].kind, "CUSTOM");
    let codes = |result: &PolishResult| result.findings.iter().map(|finding| finding.code.clone()).collect::<Vec<_>>();
    let result = desk.polish(draft(text)).await.unwrap();
    assert_eq!((result.outcome(), codes(&result)), (Outcome::RejectedByGuard, vec!["LINK_ADDED".to_owned()]));
    for code in ["CUT", "EMPTY"] {
        let result = desk.polish(draft(text)).await.unwrap();
        assert_eq!(
            (result.outcome(), codes(&result), result.content.as_str()),
            (Outcome::RejectedByGuard, vec![code.to_owned()], text)
        );
    }
    assert_eq!(desk.remaining().await, 10);
}

#[tokio::test]
async fn markup_is_masked_and_comes_back_in_its_place() {
    let mut desk = Desk::with([Act::Say(|masked| {
        assert!(!masked.contains(['<', '&']), "{masked}");
        masked.replace("hi", "Hello").replace("pls check the", "please check the").replace("now", "here > now")
    })])
    .await;
    let mut asked = draft(
        "<p>hi <b>Ana</b>,</p>\n<p class=\"a\">pls check the caf&eacute; order <a href=\"https://a.com/?x&amp;y\">now</a></p>",
    );
    asked.document.as_mut().unwrap().format = Format::Html.into();
    asked.document.as_mut().unwrap().channel = Sent::Email.into();
    let result = desk.polish(asked).await.unwrap();
    assert_eq!(
        result.content,
        "<p>Hello <b>Ana</b>,</p>\n<p class=\"a\">please check the caf&eacute; order <a href=\"https://a.com/?x&amp;y\">here &gt; now</a></p>",
        "{result:?}"
    );
}

#[tokio::test]
async fn ten_in_a_conversation_and_then_a_named_limit() {
    let mut desk = Desk::with((0..10).map(|_| Act::Say(better))).await;
    for left in (0..10).rev() {
        assert_eq!(desk.polish(draft(DRAFT)).await.unwrap().remaining_in_conversation, left);
    }
    let status = desk.polish(draft(DRAFT)).await.unwrap_err();
    refused(&status, Code::ResourceExhausted, "POLISH_LIMIT_REACHED");
    let failure = status.get_error_details().quota_failure().unwrap().violations[0].clone();
    assert_eq!(failure.subject, "CONVERSATION_POLISHES");
    assert_eq!(desk.model.asked(), 10);
}

#[tokio::test]
async fn a_retried_request_is_answered_from_memory_and_another_is_refused() {
    let mut desk = Desk::with([Act::Say(better)]).await;
    let asked = || PolishReplyRequest { request_id: "r1".to_owned(), ..draft(DRAFT) };
    let first = desk.polish(asked()).await.unwrap();
    assert_eq!(desk.polish(asked()).await.unwrap(), first);
    let other = PolishReplyRequest { tone: 1, ..asked() };
    let status = desk.polish(other).await.unwrap_err();
    refused(&status, Code::InvalidArgument, "REQUEST_ID_REUSED");
    assert_eq!((desk.model.asked(), desk.remaining().await), (1, 9));
}

#[tokio::test]
async fn a_request_in_hand_is_not_begun_twice() {
    let mut desk = Desk::with([Act::Hang, Act::Say(better)]).await;
    let asked = || PolishReplyRequest { request_id: "r1".to_owned(), ..draft(DRAFT) };
    let mut client = desk.client.clone();
    let hanging = tokio::spawn(async move { client.polish_reply(asked()).await });
    let model = Arc::clone(&desk.model);
    eventually("it hangs", move || model.hanging() == 1).await;
    refused(&desk.polish(asked()).await.unwrap_err(), Code::Aborted, "REQUEST_IN_PROGRESS");
    let other = PolishReplyRequest { tone: 1, ..asked() };
    refused(&desk.polish(other).await.unwrap_err(), Code::InvalidArgument, "REQUEST_ID_REUSED");
    hanging.abort();
    let model = Arc::clone(&desk.model);
    eventually("it is given up", move || model.hanging() == 0).await;
    // At once, whether or not its place has been freed.
    assert_eq!(desk.polish(asked()).await.unwrap().remaining_in_conversation, 9);
    assert_eq!((desk.model.asked(), desk.remaining().await), (2, 9));
}

#[tokio::test]
async fn a_model_that_fails_costs_nothing() {
    let failures = [
        (ModelError::Unreachable, Code::Unavailable, "MODEL_UNREACHABLE", true),
        (ModelError::Timeout, Code::Unavailable, "MODEL_TIMEOUT", true),
        (ModelError::CircuitOpen, Code::Unavailable, "MODEL_RESTING", true),
        (ModelError::TenantBusy, Code::ResourceExhausted, "TENANT_BUSY", true),
        (ModelError::RateLimited { retry_after: None }, Code::Unavailable, "MODEL_RATE_LIMITED", true),
        (ModelError::Credentials, Code::Unavailable, "MODEL_CREDENTIALS", false),
        (ModelError::Refused { status: 400 }, Code::Unavailable, "MODEL_REFUSED", false),
        (ModelError::ServerFailed { status: 500 }, Code::Unavailable, "MODEL_FAILED", true),
        (ModelError::Malformed, Code::Unavailable, "MODEL_MALFORMED", true),
    ];
    let mut desk = Desk::with(failures.iter().map(|failure| Act::Fail(failure.0))).await;
    for (_, code, reason, passes) in failures {
        let status = desk.polish(draft(DRAFT)).await.unwrap_err();
        refused(&status, code, reason);
        assert_eq!(status.get_error_details().retry_info().is_some(), passes, "{reason}");
    }
    assert_eq!(desk.remaining().await, 10);
}

#[tokio::test]
async fn who_hangs_up_frees_the_place_and_the_model_and_spelling_goes_on() {
    let mut desk = Desk::with([Act::Hang, Act::Hang]).await;
    let mut client = desk.client.clone();
    let unary = tokio::spawn(async move { client.polish_reply(draft(DRAFT)).await });
    let mut client = desk.client.clone();
    let mut stream = client.stream_polish_reply(draft(DRAFT)).await.unwrap().into_inner();
    let reading = tokio::spawn(async move { stream.next().await });
    let model = Arc::clone(&desk.model);
    eventually("both hang", move || model.hanging() == 2).await;
    assert_eq!(desk.remaining().await, 8);
    // A provider that hangs holds nobody else up.
    desk.server.client().await.check_spelling(check_request("helo", "en")).await.unwrap();
    unary.abort();
    reading.abort();
    let model = Arc::clone(&desk.model);
    eventually("both are given up", move || model.hanging() == 0).await;
    for _ in 0..200 {
        if desk.remaining().await == 10 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the places were not freed");
}

#[tokio::test]
async fn conditions_come_first_and_bad_input_names_its_field() {
    let mut desk = Desk::with([]).await;
    let mut asked = Request::new(draft(DRAFT));
    asked.metadata_mut().insert("x-tenant-id", "demo".parse().unwrap());
    asked.metadata_mut().insert("x-agent-id", "bruno".parse().unwrap());
    asked.metadata_mut().insert("x-roles", "agent".parse().unwrap());
    let status = desk.client.polish_reply(asked).await.unwrap_err();
    refused(&status, Code::FailedPrecondition, "CONDITIONS_UNMET");
    let long = || "x".repeat(129);
    for (asked, field, reason) in [
        (draft(" "), "document.content", "EMPTY"),
        (draft(&"a".repeat(40_000)), "document.content", "TEXT_TOO_LONG"),
        (PolishReplyRequest { conversation_id: String::new(), ..draft("a") }, "conversation_id", "EMPTY"),
        (PolishReplyRequest { conversation_id: long(), ..draft("a") }, "conversation_id", "TOO_LONG"),
        (PolishReplyRequest { request_id: long(), ..draft("a") }, "request_id", "TOO_LONG"),
        (PolishReplyRequest { tone: 9, ..draft("a") }, "tone", "VALUE_UNKNOWN"),
        (PolishReplyRequest { operation: 9, ..draft("a") }, "operation", "VALUE_UNKNOWN"),
        (PolishReplyRequest { turns: vec![ConversationTurn::default(); 21], ..draft("a") }, "turns", "TOO_MANY"),
    ] {
        let status = desk.polish(asked).await.unwrap_err();
        refused(&status, Code::InvalidArgument, reason);
        assert_eq!(status.get_error_details().bad_request().unwrap().field_violations[0].field, field);
    }
    assert_eq!(desk.model.asked(), 0);
}

#[tokio::test]
async fn feedback_is_for_ones_own_polish() {
    let mut desk = Desk::with([Act::Say(better)]).await;
    let polish_id = desk.polish(draft(DRAFT)).await.unwrap().polish_id;
    let feedback = Feedback::Accepted.into();
    let said = RecordPolishFeedbackRequest { polish_id: polish_id.clone(), feedback };
    desk.client.record_polish_feedback(said).await.unwrap();
    let other = RecordPolishFeedbackRequest { polish_id: "nope".to_owned(), feedback };
    refused(&desk.client.record_polish_feedback(other).await.unwrap_err(), Code::NotFound, "NOT_FOUND");
    let unknown = RecordPolishFeedbackRequest { polish_id, feedback: 0 };
    refused(&desk.client.record_polish_feedback(unknown).await.unwrap_err(), Code::InvalidArgument, "VALUE_UNKNOWN");
}

#[tokio::test]
async fn without_a_model_all_says_so() {
    let database = Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), Duration::from_secs(5)));
    demo::seed(database.as_ref()).await.unwrap();
    let server = TestServer::start_with_server(
        Arc::new(super::support::FakeEngine::default()),
        |_| {},
        |server| {
            server
                .with_authenticator(Arc::new(Authenticator::development()))
                .with_settings(Arc::new(Cache::new(database, Duration::from_secs(1))), Duration::from_secs(1))
        },
    )
    .await;
    let mut client = Client::new(server.channel().await);
    let status = client.polish_reply(draft(DRAFT)).await.unwrap_err();
    refused(&status, Code::FailedPrecondition, "MODEL_NOT_CONFIGURED");
    assert!(status.message().contains("polishing.primary"), "{status:?}");
    let availability = client.get_polishing_availability(GetPolishingAvailabilityRequest::default()).await.unwrap();
    let availability = availability.into_inner();
    assert!(!availability.available && !availability.model_configured);
    assert_eq!(
        (availability.model_state(), availability.review(), availability.remaining_today),
        (ModelState::NotConfigured, Review::Unspecified, None)
    );
    assert!(availability.conditions.iter().all(|condition| condition.met));
}

/// What a polish holds, its place among `polishing.calls` too, is in the stream of its answer.
#[tokio::test]
async fn a_stream_nobody_takes_ends_at_its_deadline() {
    let mut desk = Desk::with([Act::Say(|masked| format!("{} {}", better(masked), "and more ".repeat(100)))]).await;
    let mut hostile = RawClient::connect(desk.server.address, 0).await;
    let path = "/vermilion.v1.PolishingService/StreamPolishReply";
    let headers = [("grpc-timeout", "800m"), ("x-tenant-id", "demo"), ("x-agent-id", "ana")];
    let answer = hostile.call(path, &headers, super::web::frame(&draft(DRAFT))).await.await.unwrap();
    let model = Arc::clone(&desk.model);
    let streaming = move || model.streaming.load(std::sync::atomic::Ordering::SeqCst);
    eventually("it begins", || streaming() == 1).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(streaming(), 1, "nobody takes it");
    eventually("it ends", || streaming() == 0).await;
    let error = answer.into_body().data().await.unwrap().unwrap_err();
    assert_eq!(error.reason(), Some(h2::Reason::CANCEL), "{error:?}");
    assert_eq!(desk.remaining().await, 10, "nothing is charged");
}
