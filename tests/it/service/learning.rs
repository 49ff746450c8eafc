//! What agents report of marks, and the words that a tenant's administrator is then offered.

use std::sync::Arc;

use prost_types::FieldMask;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_types::StatusExt as _;
use vermilion::{
    auth::Authenticator,
    transport::proto::{
        AcceptDictionaryCandidateRequest, AuditAction, DismissDictionaryCandidateRequest, ListAuditEntriesRequest,
        ListDictionaryCandidatesRequest, ListDictionaryCandidatesResponse, MisspellingKind,
        RecordSpellingFeedbackRequest, SpellingFeedback, Tenant, UpdateTenantRequest,
        settings_service_client::SettingsServiceClient, spelling_feedback::Action,
        spelling_service_client::SpellingServiceClient,
    },
};

use super::{
    availability,
    support::{TestServer, check_request, marked_texts},
};
use crate::support::spelling::speller;

struct Service {
    _server: TestServer,
    spelling: SpellingServiceClient<Channel>,
    settings: SettingsServiceClient<Channel>,
}

/// The real engine, over the demonstration.
async fn start() -> Service {
    let server = availability::start().await;
    let (spelling, settings) = (server.client().await, SettingsServiceClient::new(server.channel().await));
    Service { _server: server, spelling, settings }
}

fn with<M>(header: &'static str, value: &str, message: M) -> Request<M> {
    let mut request = Request::new(message);
    request.metadata_mut().insert(header, value.parse().unwrap());
    request
}

fn admin<M>(message: M) -> Request<M> {
    with("x-roles", "tenant_admin", message)
}

fn report(action: Action, kind: MisspellingKind, word: &str) -> SpellingFeedback {
    SpellingFeedback {
        action: action.into(),
        kind: kind.into(),
        language_code: "en".to_owned(),
        word: word.to_owned(),
        ..SpellingFeedback::default()
    }
}

fn ignored(word: &str) -> SpellingFeedback {
    report(Action::Ignored, MisspellingKind::NonWord, word)
}

impl Service {
    async fn report(&mut self, agent: &str, feedbacks: Vec<SpellingFeedback>) -> Result<(), Status> {
        let asked = with("x-agent-id", agent, RecordSpellingFeedbackRequest { feedbacks });
        self.spelling.record_spelling_feedback(asked).await.map(drop)
    }

    async fn learn(&mut self, on: bool) {
        let name = "tenants/demo".to_owned();
        let asked = UpdateTenantRequest {
            tenant: Some(Tenant { name, dictionary_learning: on, ..Tenant::default() }),
            update_mask: Some(FieldMask { paths: vec!["dictionary_learning".to_owned()] }),
        };
        assert_eq!(self.settings.update_tenant(admin(asked)).await.unwrap().into_inner().dictionary_learning, on);
    }

    async fn list(&mut self, min_agents: i32) -> Result<ListDictionaryCandidatesResponse, Status> {
        let parent = "tenants/demo".to_owned();
        let asked = ListDictionaryCandidatesRequest { parent, min_agents, ..Default::default() };
        Ok(self.settings.list_dictionary_candidates(admin(asked)).await?.into_inner())
    }

    async fn candidates(&mut self, min_agents: i32) -> Vec<String> {
        let listed = self.list(min_agents).await.unwrap().dictionary_candidates;
        listed.into_iter().map(|candidate| candidate.text).collect()
    }
}

#[tokio::test]
async fn words_that_several_agents_report_are_offered_and_taken_into_the_dictionary() {
    let mut service = start().await;
    service.learn(true).await;
    for (agent, word) in [("ana", "zorblax"), ("bruno", "zorblax"), ("ana", "quuxly"), ("ana", "quuxly")] {
        service.report(agent, vec![ignored(word)]).await.unwrap();
    }
    service.report("chen", vec![report(Action::Added, MisspellingKind::NonWord, "zorblax")]).await.unwrap();
    assert_eq!(service.candidates(0).await, ["zorblax"]);
    let candidate = service.list(2).await.unwrap().dictionary_candidates.remove(0);
    assert_eq!((candidate.agent_count, candidate.ignored_count, candidate.added_count), (3, 2, 1));
    assert_eq!(candidate.language_code, "en");
    let days = candidate.expire_time.unwrap().seconds - candidate.update_time.unwrap().seconds;
    assert_eq!(days, 90 * 24 * 60 * 60);

    let text = check_request("We ship zorblax.", "en");
    let before = service.spelling.check_spelling(text.clone()).await.unwrap().into_inner();
    assert!(marked_texts(&before).contains(&"zorblax"), "{before:?}");
    let asked = || admin(AcceptDictionaryCandidateRequest { name: candidate.name.clone() });
    let word = service.settings.accept_dictionary_candidate(asked()).await.unwrap().into_inner();
    assert!(word.name.starts_with("tenants/demo/dictionaryWords/") && word.text == "zorblax");
    let after = service.spelling.check_spelling(text).await.unwrap().into_inner();
    assert_eq!(after.misspellings.len() + 1, before.misspellings.len());
    assert_eq!(service.settings.accept_dictionary_candidate(asked()).await.unwrap_err().code(), Code::NotFound);
    // What the dictionary has is no candidate.
    for agent in ["ana", "bruno", "chen"] {
        service.report(agent, vec![ignored("zorblax")]).await.unwrap();
    }
    assert!(service.candidates(2).await.is_empty());
    let log = ListAuditEntriesRequest { parent: "tenants/demo".to_owned(), page_size: 2, ..Default::default() };
    let log = service.settings.list_audit_entries(admin(log)).await.unwrap().into_inner().audit_entries;
    let told: Vec<_> = log
        .iter()
        .map(|entry| (entry.action(), entry.resource.as_str(), &*entry.old_value, &*entry.new_value))
        .collect();
    let expected = [
        (AuditAction::Delete, candidate.name.as_str(), "zorblax", ""),
        (AuditAction::Create, word.name.as_str(), "", "zorblax"),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_dismissed_word_is_not_offered_again() {
    let mut service = start().await;
    service.learn(true).await;
    for agent in ["ana", "bruno"] {
        service.report(agent, vec![ignored("Zorblax"), ignored("quuxly")]).await.unwrap();
    }
    let name = service.list(2).await.unwrap().dictionary_candidates[0].name.clone();
    let asked = || admin(DismissDictionaryCandidateRequest { name: name.clone() });
    service.settings.dismiss_dictionary_candidate(asked()).await.unwrap();
    let again = service.settings.dismiss_dictionary_candidate(asked()).await.unwrap_err();
    assert_eq!(again.code(), Code::NotFound);
    service.report("chen", vec![ignored("Zorblax"), ignored("quuxly")]).await.unwrap();
    assert_eq!(service.candidates(2).await.len(), 1);
}

#[tokio::test]
async fn nothing_is_learnt_unless_the_tenant_wishes_so_nor_kept_afterwards() {
    let mut service = start().await;
    for agent in ["ana", "bruno", "chen"] {
        service.report(agent, vec![ignored("Zorblax")]).await.unwrap();
    }
    service.learn(true).await;
    assert!(service.candidates(2).await.is_empty());
    for agent in ["ana", "bruno", "chen"] {
        service.report(agent, vec![ignored("Zorblax")]).await.unwrap();
    }
    assert_eq!(service.candidates(0).await, ["Zorblax"]);
    service.learn(false).await;
    assert!(service.candidates(2).await.is_empty());
    service.learn(true).await;
    assert!(service.candidates(2).await.is_empty());
}

#[tokio::test]
async fn only_words_that_may_be_learnt_are_kept() {
    let mut service = start().await;
    service.learn(true).await;
    for agent in ["ana", "bruno"] {
        let reports = vec![
            report(Action::Accepted, MisspellingKind::NonWord, "accepted"),
            report(Action::Ignored, MisspellingKind::StyleVariant, "登陆"),
            report(Action::Ignored, MisspellingKind::WrongCharacter, "报"),
            report(Action::Ignored, MisspellingKind::WrongCharacter, "报歉"),
            report(Action::Ignored, MisspellingKind::LikelyAccent, "analise"),
            ignored("two words"),
            ignored("BR20241"),
            ignored("ana@example"),
            ignored(""),
        ];
        service.report(agent, reports).await.unwrap();
    }
    // A tenant has the FreteBox.
    for agent in ["ana", "bruno"] {
        service.report(agent, vec![ignored("FreteBox")]).await.unwrap();
    }
    assert_eq!(service.candidates(2).await, ["报歉", "analise"]);
}

#[tokio::test]
async fn bad_reports_name_their_field_and_who_is_no_agent_makes_none() {
    let mut service = start().await;
    let right = ignored("word");
    for (feedback, reason, field) in [
        (SpellingFeedback { action: 0, ..right.clone() }, "VALUE_UNKNOWN", "feedbacks[1].action"),
        (SpellingFeedback { action: 9, ..right.clone() }, "VALUE_UNKNOWN", "feedbacks[1].action"),
        (SpellingFeedback { kind: 0, ..right.clone() }, "KIND_UNKNOWN", "feedbacks[1].kind"),
        (SpellingFeedback { kind: 99, ..right.clone() }, "KIND_UNKNOWN", "feedbacks[1].kind"),
        (
            SpellingFeedback { language_code: "english".to_owned(), ..right.clone() },
            "LANGUAGE_CODE_INVALID",
            "feedbacks[1].language_code",
        ),
        (
            SpellingFeedback { suggestion_rank: 21, ..right.clone() },
            "MAX_SUGGESTIONS_OUT_OF_RANGE",
            "feedbacks[1].suggestion_rank",
        ),
        (SpellingFeedback { word: "ç".repeat(151), ..right.clone() }, "WORD_TOO_LONG", "feedbacks[1].word"),
        (SpellingFeedback { word: "a\0b".to_owned(), ..right.clone() }, "ID_INVALID", "feedbacks[1].word"),
    ] {
        let status = service.report("ana", vec![right.clone(), feedback]).await.unwrap_err();
        let details = status.get_error_details();
        assert_eq!((status.code(), details.error_info().unwrap().reason.as_str()), (Code::InvalidArgument, reason));
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, field);
    }
    for count in [0, 51] {
        let status = service.report("ana", vec![right.clone(); count]).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{count}");
    }
    service.report("ana", vec![right.clone(); 50]).await.unwrap();
    for min_agents in [1, -1, 21] {
        assert_eq!(service.list(min_agents).await.unwrap_err().code(), Code::InvalidArgument);
    }
    let asked = admin(RecordSpellingFeedbackRequest { feedbacks: vec![right] });
    let status = service.spelling.record_spelling_feedback(asked).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
    let asked = with(
        "x-agent-id",
        "ana",
        ListDictionaryCandidatesRequest { parent: "tenants/demo".to_owned(), ..Default::default() },
    );
    let status = service.settings.list_dictionary_candidates(asked).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied);
}

/// There is no tenant whose counts they could be.
#[tokio::test]
async fn without_a_store_nothing_is_kept() {
    let more = |server: vermilion::transport::server::GrpcServer| {
        server.with_authenticator(Arc::new(Authenticator::development()))
    };
    let server = TestServer::start_with_server(speller(), |_| {}, more).await;
    let asked = RecordSpellingFeedbackRequest { feedbacks: vec![ignored("word")] };
    server.client().await.record_spelling_feedback(asked).await.unwrap();
}
