//! Not one request reaches a model unless all four conditions hold: tried with the real program, in every state of the four, and
//! while they change under load.

use std::sync::atomic::{AtomicUsize, Ordering};

use tonic::{Code, Request, transport::Channel};
use vermilion::{
    settings::TenantFields,
    transport::proto::{
        Agent, AgentType, Document, PolishReplyRequest, Tenant, UpdateAgentRequest, UpdateTenantRequest,
        polishing_service_client::PolishingServiceClient, settings_service_client::SettingsServiceClient,
    },
};

use super::{
    programs::{ServiceProcess, SharedStore, agent_request},
    scripted::{Reply, Scripted},
};
use crate::support::engines::{StorageEngine, on_each_engine};

const DRAFT: &str = "hi, pls look at the questionnaire we sent";
const BETTER: &str = "Hello, please look at the questionnaire that we sent.";
/// The draft of those who only make the load.
const OTHER_DRAFT: &str = "hi, pls look at the brochure we sent";

/// The four, as bits of a number: refine response, versatile, intelligent recognition, reply polishing.
const ALL: u8 = 0b1111;

static CONVERSATIONS: AtomicUsize = AtomicUsize::new(0);

struct House {
    shared: SharedStore,
    model: Scripted,
    program: ServiceProcess,
}

impl House {
    async fn open(engine: StorageEngine) -> Self {
        let shared = SharedStore::open(engine).await;
        let unlimited = TenantFields {
            agent_daily_polish_limit: 100_000,
            tenant_daily_polish_limit: 100_000,
            ..TenantFields::default()
        };
        shared.seed(&[("acme", unlimited.clone()), ("busy", unlimited)]).await;
        let model = Scripted::start(&[Reply::text(BETTER)]).await;
        let program =
            ServiceProcess::start(&shared, &model, &[("VERMILION_POLISHING__TENANT_CALLS_PER_MINUTE", "100000")]).await;
        Self { shared, model, program }
    }

    /// How many requests for `acme` have reached the model.
    fn reached(&self) -> usize {
        self.model.asked().iter().filter(|asked| asked.body.contains("questionnaire")).count()
    }

    /// Brings `acme` and its agent into a state; it holds when this returns.
    async fn set(&self, state: u8) {
        let mut settings = SettingsServiceClient::new(self.program.channel());
        let tenant =
            Tenant { name: "tenants/acme".to_owned(), refine_response_enabled: state & 1 != 0, ..Tenant::default() };
        let update = UpdateTenantRequest { tenant: Some(tenant), update_mask: mask(&["refine_response_enabled"]) };
        settings.update_tenant(by("operator", update)).await.unwrap();
        let kind = if state & 2 != 0 { AgentType::Versatile } else { AgentType::Multimedia };
        let agent = Agent {
            name: "tenants/acme/agents/ana".to_owned(),
            r#type: kind.into(),
            intelligent_recognition: state & 4 != 0,
            reply_polishing: state & 8 != 0,
            ..Agent::default()
        };
        let paths = ["type", "intelligent_recognition", "reply_polishing"];
        for role in ["operator", "tenant_admin"] {
            // Each may write some of the fields; docs/permissions.md says which.
            let paths: &[&str] = if role == "operator" { &paths[..1] } else { &paths[1..] };
            let update = UpdateAgentRequest { agent: Some(agent.clone()), update_mask: mask(paths) };
            settings.update_agent(by(role, update)).await.unwrap();
        }
    }

    async fn polish(&self, streamed: bool) -> Result<(), Code> {
        ask(self.program.channel(), "acme", DRAFT, streamed).await
    }

    /// At once.
    async fn polish_four_times(&self) -> Vec<Result<(), Code>> {
        let call = |streamed| tokio::spawn(ask(self.program.channel(), "acme", DRAFT, streamed));
        let mut answers = Vec::new();
        for call in [true, false, true, false].map(call) {
            answers.push(call.await.unwrap());
        }
        answers
    }
}

fn mask(paths: &[&str]) -> Option<prost_types::FieldMask> {
    Some(prost_types::FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() })
}

fn by<M>(role: &str, message: M) -> Request<M> {
    let mut request = agent_request("acme", message);
    request.metadata_mut().insert("x-roles", role.parse().unwrap());
    request
}

async fn ask(channel: Channel, tenant: &str, draft: &str, streamed: bool) -> Result<(), Code> {
    let mut client = PolishingServiceClient::new(channel);
    let asked = PolishReplyRequest {
        document: Some(Document { content: draft.to_owned(), ..Document::default() }),
        // Each in a conversation of its own, so that no limit is in the way.
        conversation_id: CONVERSATIONS.fetch_add(1, Ordering::Relaxed).to_string(),
        ..PolishReplyRequest::default()
    };
    let asked = agent_request(tenant, asked);
    let code = |status: tonic::Status| status.code();
    if !streamed {
        return client.polish_reply(asked).await.map(drop).map_err(code);
    }
    let mut stream = client.stream_polish_reply(asked).await.map_err(code)?.into_inner();
    while stream.message().await.map_err(code)?.is_some() {}
    Ok(())
}

on_each_engine!(every_state_but_one_keeps_the_model_out);
async fn every_state_but_one_keeps_the_model_out(engine: StorageEngine) {
    let house = House::open(engine).await;
    for state in 0..=ALL {
        house.set(state).await;
        for streamed in [false, true] {
            house.model.will(&if streamed { Reply::stream(&[BETTER]) } else { Reply::text(BETTER) });
            let before = house.reached();
            let answer = house.polish(streamed).await;
            if state == ALL {
                assert_eq!(answer, Ok(()), "{state:04b} streamed: {streamed}");
                assert_eq!(house.reached(), before + 1);
            } else {
                assert_eq!(answer, Err(Code::FailedPrecondition), "{state:04b} streamed: {streamed}");
                assert_eq!(house.reached(), before, "{state:04b} streamed: {streamed}");
            }
        }
    }
    drop(house.shared);
}

on_each_engine!(what_is_switched_off_is_off_at_once_under_load);
async fn what_is_switched_off_is_off_at_once_under_load(engine: StorageEngine) {
    let house = House::open(engine).await;
    let load: Vec<_> = (0..4)
        .map(|n| {
            let channel = house.program.channel();
            tokio::spawn(async move {
                loop {
                    // What comes of these is not what is tested.
                    let _ = ask(channel.clone(), "busy", OTHER_DRAFT, n % 2 == 0).await;
                }
            })
        })
        .collect();
    for flip in 0..25 {
        house.set(ALL & !(1 << (flip % 4))).await;
        let before = house.reached();
        for answer in house.polish_four_times().await {
            assert_eq!(answer, Err(Code::FailedPrecondition), "flip {flip}");
        }
        assert_eq!(house.reached(), before, "flip {flip}");
        house.set(ALL).await;
        assert_eq!(house.polish(false).await, Ok(()), "flip {flip}");
    }
    assert!(house.model.asked().len() > house.reached(), "there was load");
    for task in load {
        task.abort();
    }
    drop(house.shared);
}
