//! Who may polish and why not, and whose words and language spelling takes: the demonstration of a development start, asked by
//! a real client.

use std::{sync::Arc, time::Duration};

use tonic::{Code, Request, Status, transport::Channel};
use tonic_types::StatusExt as _;
use vermilion::{
    app::demo,
    auth::Authenticator,
    settings::{Cache, SettingsStore},
    storage::{DatabaseStore, SqliteEngine},
    transport::proto::{
        GetPolishingAvailabilityRequest, GetSuggestionsRequest, PolishReplyRequest, PolishingAvailability,
        PolishingCondition, Tenant, UpdateTenantRequest, polishing_condition::Type,
        polishing_service_client::PolishingServiceClient, settings_service_client::SettingsServiceClient,
        spelling_service_client::SpellingServiceClient,
    },
};

use super::support::{TestServer, check_request, marked_texts};
use crate::support::spelling::speller;

const TTL: Duration = Duration::from_secs(5);

/// The real engine, over the demonstration in a database of its own.
pub(super) async fn start() -> TestServer {
    let store: Arc<dyn SettingsStore> = Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), TTL));
    demo::seed(store.as_ref()).await.unwrap();
    let cache = Arc::new(Cache::new(store, TTL));
    TestServer::start_with_server(
        speller(),
        |_| {},
        |server| {
            server
                .with_authenticator(Arc::new(Authenticator::development()))
                .with_settings(cache.clone(), TTL)
                .with_store(cache)
        },
    )
    .await
}

/// A call with these headers; an empty value is left out.
fn by<M>(tenant: &'static str, agent: &'static str, message: M) -> Request<M> {
    let mut request = Request::new(message);
    for (name, value) in [("x-tenant-id", tenant), ("x-agent-id", agent)] {
        if !value.is_empty() {
            request.metadata_mut().insert(name, value.parse().unwrap());
        }
    }
    request
}

async fn ask(
    client: &mut PolishingServiceClient<Channel>,
    tenant: &'static str,
    agent: &'static str,
) -> Result<PolishingAvailability, Status> {
    let asked = by(tenant, agent, GetPolishingAvailabilityRequest::default());
    Ok(client.get_polishing_availability(asked).await?.into_inner())
}

#[tokio::test]
async fn every_condition_is_told_with_its_reason() {
    let server = start().await;
    let mut client = PolishingServiceClient::new(server.channel().await);
    let ok = "";
    for (tenant, agent, codes) in [
        ("", "", [ok, ok, ok, ok]),
        ("demo", "ana", [ok, ok, ok, ok]),
        ("demo", "audio", [ok, ok, ok, ok]),
        ("demo", "bruno", [ok, ok, "INTELLIGENT_RECOGNITION_OFF", ok]),
        ("demo", "chen", [ok, ok, ok, "REPLY_POLISHING_OFF"]),
        ("demo", "dora", [ok, ok, "INTELLIGENT_RECOGNITION_OFF", "REPLY_POLISHING_OFF"]),
        ("demo", "chief", [ok, ok, "INTELLIGENT_RECOGNITION_OFF", "REPLY_POLISHING_OFF"]),
        ("demo", "nobody", [ok, ok, "AGENT_NOT_FOUND", "AGENT_NOT_FOUND"]),
        ("demo-refine-off", "ana", ["REFINE_RESPONSE_DISABLED", ok, ok, ok]),
        ("demo-not-versatile", "ana", [ok, "ADMINISTRATOR_AGENT_NOT_VERSATILE", ok, ok]),
        ("nowhere", "ana", ["TENANT_NOT_FOUND", "TENANT_NOT_FOUND", "AGENT_NOT_FOUND", "AGENT_NOT_FOUND"]),
    ] {
        let answer = ask(&mut client, tenant, agent).await.unwrap();
        let told: Vec<_> = answer.conditions.iter().map(|condition| condition.code.as_str()).collect();
        assert_eq!(told, codes, "{tenant:?} {agent:?}");
        let types: Vec<_> = answer.conditions.iter().map(PolishingCondition::r#type).collect();
        let all = [Type::RefineResponse, Type::VersatileAgent, Type::IntelligentRecognition, Type::ReplyPolishing];
        assert_eq!(types, all);
        for condition in &answer.conditions {
            assert_eq!(condition.met, condition.code.is_empty());
            assert_eq!(condition.met, condition.message.is_empty());
        }
        // No model is configured: a fact of its own, and no button.
        assert!(!answer.model_configured && !answer.available);
        assert_eq!((answer.tones.len(), answer.operations.len()), (2, 5));
        assert_eq!(answer.max_age.unwrap().seconds, 5);
    }
}

#[tokio::test]
async fn a_polish_without_the_conditions_names_each_that_is_unmet() {
    let server = start().await;
    let mut client = PolishingServiceClient::new(server.channel().await);
    let status = client.polish_reply(by("demo", "chief", PolishReplyRequest::default())).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    let violations = status.get_details_precondition_failure().unwrap().violations;
    let told: Vec<_> =
        violations.iter().map(|violation| (violation.r#type.as_str(), violation.subject.as_str())).collect();
    assert_eq!(
        told,
        [("INTELLIGENT_RECOGNITION_OFF", "INTELLIGENT_RECOGNITION"), ("REPLY_POLISHING_OFF", "REPLY_POLISHING")]
    );
    // Who may not ask at all is told neither the conditions nor what is configured.
    let mut asked = by("demo", "", PolishReplyRequest::default());
    asked.metadata_mut().insert("x-roles", "service".parse().unwrap());
    assert_eq!(client.polish_reply(asked).await.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn spelling_takes_the_tenants_language_and_words() {
    let server = start().await;
    let mut client = SpellingServiceClient::new(server.channel().await);
    let mut settings = SettingsServiceClient::new(server.channel().await);
    // The demonstration's own word, for its agents and for nobody else.
    let text = "Your FreteBox and your FreteBx.";
    let answer = client.check_spelling(by("demo", "ana", check_request(text, "en"))).await.unwrap().into_inner();
    assert_eq!(marked_texts(&answer), ["FreteBx"]);
    assert_eq!(answer.misspellings[0].suggestions[0].text, "FreteBox");
    let asked = GetSuggestionsRequest { word: "FreteBox".into(), language_code: "pt".into(), max_suggestions: None };
    let answer = client.get_suggestions(by("demo", "ana", asked.clone())).await.unwrap().into_inner();
    assert!(answer.accepted);
    let answer = client.get_suggestions(by("nowhere", "ana", asked)).await.unwrap().into_inner();
    assert!(!answer.accepted);

    // The language that the tenant's administrator chooses is used at once where a request names none.
    for (language_code, used, fallback) in [("pt-PT", "pt-PT", false), ("fr", "en", true), ("zh-TW", "zh-Hant", false)]
    {
        let tenant = Tenant { name: "tenants/demo".into(), language_code: language_code.into(), ..Tenant::default() };
        let update_mask = Some(prost_types::FieldMask { paths: vec!["language_code".into()] });
        let mut asked = Request::new(UpdateTenantRequest { tenant: Some(tenant), update_mask });
        asked.metadata_mut().insert("x-roles", "tenant_admin".parse().unwrap());
        settings.update_tenant(asked).await.unwrap();
        let answer = client.check_spelling(by("demo", "ana", check_request("ok", ""))).await.unwrap().into_inner();
        assert_eq!((answer.language_code.as_str(), answer.language_fallback), (used, fallback), "{language_code}");
        let answer = client.check_spelling(by("demo", "ana", check_request("ok", "en-GB"))).await.unwrap().into_inner();
        assert_eq!((answer.language_code.as_str(), answer.language_fallback), ("en-GB", false));
    }
}
