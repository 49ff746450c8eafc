//! Two real programs on one store, asked by real clients: what one reserves or charges the other knows, also when it is killed.

use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use vermilion::{
    settings::TenantFields,
    transport::proto::{ConversationTurn, Document, PolishReplyRequest, polish_result::Outcome},
};

use super::{
    programs::{ServiceProcess, SharedStore},
    scripted::{Reply, Scripted, eventually},
};
use crate::support::engines::{StorageEngine, on_each_engine};

const DRAFT: &str = "hi, pls look at the questionnaire we sent";
const BETTER: &str = "Hello, please look at the questionnaire that we sent.";
const TURN: &str = "My hamster has eaten the voucher";

/// A model and two replicas on a store.
struct House {
    shared: SharedStore,
    model: Scripted,
    a: ServiceProcess,
    b: ServiceProcess,
}

impl House {
    async fn open(engine: StorageEngine) -> Self {
        let capped = TenantFields { agent_daily_polish_limit: 3, ..TenantFields::default() };
        let shared = SharedStore::open(engine).await;
        shared.seed(&[("acme", TenantFields::default()), ("capped", capped)]).await;
        let model = Scripted::start(&[Reply::text(BETTER)]).await;
        let a = ServiceProcess::start(&shared, &model, &[]).await;
        let b = ServiceProcess::start(&shared, &model, &[]).await;
        Self { shared, model, a, b }
    }

    /// Has A wait for the model with a request of this name, and kills it.
    async fn kill_a_at_work(&mut self, request_id: &str) {
        self.model.will(&Reply::silence());
        let before = self.model.asked().len();
        let (mut client, asked) = (self.a.client(), super::programs::agent_request("acme", asked("c", request_id)));
        let call = tokio::spawn(async move { client.polish_reply(asked).await });
        let model = self.model.clone();
        eventually("the model is asked", move || model.asked().len() > before).await;
        self.a.kill();
        assert!(call.await.unwrap().is_err());
        self.model.will(&Reply::text(BETTER));
    }
}

fn asked(conversation: &str, request_id: &str) -> PolishReplyRequest {
    PolishReplyRequest {
        document: Some(Document { content: DRAFT.to_owned(), ..Document::default() }),
        conversation_id: conversation.to_owned(),
        request_id: request_id.to_owned(),
        turns: vec![ConversationTurn { speaker: 1, text: TURN.to_owned() }],
        ..PolishReplyRequest::default()
    }
}

#[track_caller]
fn refused(status: &Status, code: Code, reason: &str) {
    let details = status.get_error_details();
    let found = details.error_info().map(|info| info.reason.as_str());
    assert_eq!((status.code(), found), (code, Some(reason)), "{status:?}");
}

/// Which cap.
#[track_caller]
fn reached(status: &Status, cap: &str) {
    refused(status, Code::ResourceExhausted, "POLISH_LIMIT_REACHED");
    let details = status.get_error_details();
    let subjects: Vec<_> =
        details.quota_failure().unwrap().violations.iter().map(|violation| &violation.subject).collect();
    assert_eq!(subjects, [cap]);
}

on_each_engine!(what_a_killed_replica_had_in_hand_is_done_by_another_on_the_same_place);
async fn what_a_killed_replica_had_in_hand_is_done_by_another_on_the_same_place(engine: StorageEngine) {
    let mut house = House::open(engine).await;
    assert_eq!(house.b.remaining("acme", "c").await, 10);
    house.kill_a_at_work("r1").await;
    assert_eq!(house.b.remaining("acme", "c").await, 9, "its place is taken");
    let result = house.b.polish("acme", asked("c", "r1")).await.unwrap();
    assert_eq!((result.outcome(), result.content.as_str()), (Outcome::Polished, BETTER));
    assert_eq!(result.remaining_in_conversation, 9);
    assert_eq!(house.b.remaining("acme", "c").await, 9, "and charged once");
    assert_eq!(house.model.asked().len(), 2);
}

on_each_engine!(what_a_killed_replica_had_reserved_is_free_again_in_time);
async fn what_a_killed_replica_had_reserved_is_free_again_in_time(engine: StorageEngine) {
    let mut house = House::open(engine).await;
    house.kill_a_at_work("r1").await;
    assert_eq!(house.b.remaining("acme", "c").await, 9);
    // The reservation ends a minute after the deadline of its call, which is here that of `server.deadlines`, 10 s. Instead
    // of sleeping through them, the test puts the row back at the database's prompt: the program then sees what it would
    // see after so much time.
    let back = |statement| house.shared.execute(statement);
    assert_eq!(back("UPDATE polishes SET expires = expires - 40000").await, 1);
    assert_eq!(house.b.remaining("acme", "c").await, 9, "not before its time");
    assert_eq!(back("UPDATE polishes SET expires = expires - 30000").await, 1);
    assert_eq!(house.b.remaining("acme", "c").await, 10);
    // All ten can be had.
    for left in (0..10).rev() {
        assert_eq!(house.b.polish("acme", asked("c", "")).await.unwrap().remaining_in_conversation, left);
    }
    reached(&house.b.polish("acme", asked("c", "")).await.unwrap_err(), "CONVERSATION_POLISHES");
}

on_each_engine!(a_retry_is_answered_from_memory_and_elsewhere_anew_on_the_same_charge);
async fn a_retry_is_answered_from_memory_and_elsewhere_anew_on_the_same_charge(engine: StorageEngine) {
    let mut house = House::open(engine).await;
    let other = || PolishReplyRequest { tone: 1, ..asked("c", "r1") };
    let first = house.a.polish("acme", asked("c", "r1")).await.unwrap();
    assert_eq!((first.outcome(), first.remaining_in_conversation), (Outcome::Polished, 9));
    assert_eq!(house.a.polish("acme", asked("c", "r1")).await.unwrap(), first);
    assert_eq!(house.model.asked().len(), 1, "from memory");
    for replica in [&house.a, &house.b] {
        refused(&replica.polish("acme", other()).await.unwrap_err(), Code::InvalidArgument, "REQUEST_ID_REUSED");
    }
    // Another answer, so that it can be told from the first one's.
    let another = "Hello, please look at the questionnaire we sent.";
    house.model.will(&Reply::text(another));
    let second = house.b.polish("acme", asked("c", "r1")).await.unwrap();
    assert_eq!((second.content.as_str(), &second.polish_id), (another, &first.polish_id));
    assert_eq!(house.b.polish("acme", asked("c", "r1")).await.unwrap(), second);
    assert_eq!(house.a.polish("acme", asked("c", "r1")).await.unwrap(), first, "what it has said it says again");
    assert_eq!(house.model.asked().len(), 2);
    // Whose memory is gone is another replica.
    for program in [&mut house.a, &mut house.b] {
        program.kill();
        *program = ServiceProcess::start(&house.shared, &house.model, &[]).await;
    }
    let third = house.a.polish("acme", asked("c", "r1")).await.unwrap();
    assert_eq!((third.remaining_in_conversation, &third.polish_id), (9, &first.polish_id));
    reached(&house.b.polish("acme", asked("c", "r1")).await.unwrap_err(), "REQUEST_REPEATS");
    for replica in [&house.a, &house.b] {
        refused(&replica.polish("acme", other()).await.unwrap_err(), Code::InvalidArgument, "REQUEST_ID_REUSED");
        assert_eq!(replica.remaining("acme", "c").await, 9);
    }
    assert_eq!(house.model.asked().len(), 3);
}

/// Eight calls at each replica at once: how many were admitted; all others were refused for the cap.
async fn sixteen_at_once(
    house: &House,
    tenant: &'static str,
    ask: impl Fn(usize) -> PolishReplyRequest,
    cap: &str,
) -> usize {
    let call = |n: usize| {
        let mut client = if n.is_multiple_of(2) { house.a.client() } else { house.b.client() };
        let asked = super::programs::agent_request(tenant, ask(n));
        tokio::spawn(async move { client.polish_reply(asked).await })
    };
    let mut admitted = 0;
    for call in (0..16).map(call).collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(answer) => {
                assert_eq!(answer.into_inner().result.unwrap().outcome(), Outcome::Polished);
                admitted += 1;
            }
            Err(status) => reached(&status, cap),
        }
    }
    admitted
}

on_each_engine!(of_many_at_both_replicas_exactly_one_gets_the_last_place);
async fn of_many_at_both_replicas_exactly_one_gets_the_last_place(engine: StorageEngine) {
    let house = House::open(engine).await;
    for n in 0..9 {
        let replica = if n % 2 == 0 { &house.a } else { &house.b };
        replica.polish("acme", asked("c", "")).await.unwrap();
    }
    let last = sixteen_at_once(&house, "acme", |_| asked("c", ""), "CONVERSATION_POLISHES").await;
    assert_eq!(last, 1);
    // The day of an agent, over conversations.
    for replica in [&house.a, &house.b] {
        replica.polish("capped", asked("d", "")).await.unwrap();
    }
    let elsewhere = |n| asked(&format!("d{n}"), "");
    let last = sixteen_at_once(&house, "capped", elsewhere, "AGENT_DAILY_POLISHES").await;
    assert_eq!(last, 1);
    assert_eq!(house.model.asked().len(), 9 + 1 + 2 + 1, "who is refused costs nothing");
}

on_each_engine!(no_text_is_kept);
async fn no_text_is_kept(engine: StorageEngine) {
    let mut house = House::open(engine).await;
    house.a.polish("acme", asked("a-conversation", "a-request")).await.unwrap();
    house.b.polish("acme", asked("a-conversation", "a-request")).await.unwrap();
    house.b.polish("acme", PolishReplyRequest { tone: 1, ..asked("c", "a-request") }).await.unwrap_err();
    let result = house.b.polish("acme", asked("c", "")).await.unwrap();
    assert_eq!(result.content, BETTER);
    house.model.will(&Reply::text("Hello, please look at the 7 questionnaires."));
    let rejected = house.b.polish("acme", asked("c", "rejected")).await.unwrap();
    assert_eq!(rejected.outcome(), Outcome::RejectedByGuard);
    house.kill_a_at_work("killed").await;
    let content = house.shared.stored_bytes().await;
    let holds = |text: &str| content.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
    for name in ["a-conversation", "a-request", "rejected", "killed"] {
        assert!(holds(name), "what is kept is looked at, also the last of it: {name}");
    }
    for text in ["questionnaire", "hello", "look at", "hamster", "voucher", "sk-of-all"] {
        assert!(!holds(text), "{text} is kept");
    }
}
