//! SettingsService by a real client: resources, etags, masks, pages, rights, and every refusal with what to do.

use std::{sync::Arc, time::Duration};

use prost_types::FieldMask;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_types::StatusExt as _;
use vermilion::{
    auth::Authenticator,
    settings::SettingsStore,
    storage::{DatabaseStore, SqliteEngine},
    transport::proto::{
        Agent, AgentType, AuditAction, BatchCreateDictionaryWordsRequest, CreateAgentRequest,
        CreateDictionaryWordRequest, CreateTenantRequest, DeleteAgentRequest, DeleteDictionaryWordRequest,
        DeleteTenantRequest, DictionaryWord, GetAgentRequest, GetTenantRequest, ListAgentsRequest,
        ListAuditEntriesRequest, ListDictionaryWordsRequest, ListTenantsRequest, Tenant, UpdateAgentRequest,
        UpdateTenantRequest, settings_service_client::SettingsServiceClient,
    },
};

use super::support::{FakeEngine, TestServer};

type Client = SettingsServiceClient<Channel>;

async fn store() -> Arc<dyn SettingsStore> {
    Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), Duration::from_secs(5)))
}

async fn start() -> (TestServer, Client) {
    let store = store().await;
    let server = TestServer::start_with_server(
        Arc::new(FakeEngine::default()),
        |_| {},
        |server| server.with_authenticator(Arc::new(Authenticator::development())).with_store(store),
    )
    .await;
    let client = Client::new(server.channel().await);
    (server, client)
}

/// A call by someone of a tenant.
fn by<M>(role: &'static str, tenant: &'static str, agent: &'static str, message: M) -> Request<M> {
    let mut request = Request::new(message);
    let headers = request.metadata_mut();
    headers.insert("x-roles", role.parse().unwrap());
    headers.insert("x-tenant-id", tenant.parse().unwrap());
    if !agent.is_empty() {
        headers.insert("x-agent-id", agent.parse().unwrap());
    }
    request
}

fn operator<M>(message: M) -> Request<M> {
    by("operator", "ops", "", message)
}

fn admin<M>(message: M) -> Request<M> {
    by("tenant_admin", "acme", "", message)
}

fn mask(paths: &[&str]) -> Option<FieldMask> {
    Some(FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() })
}

async fn add_tenant(client: &mut Client, id: &str, limit: i32) -> Tenant {
    let tenant = Tenant { intelligent_agent_limit: limit, ..Tenant::default() };
    let asked = CreateTenantRequest { tenant_id: id.to_owned(), tenant: Some(tenant) };
    client.create_tenant(operator(asked)).await.unwrap().into_inner()
}

async fn add_agent(client: &mut Client, tenant: &str, id: &str, recognition: bool) -> Result<Agent, Status> {
    let agent = Agent { r#type: AgentType::Audio.into(), intelligent_recognition: recognition, ..Agent::default() };
    let asked = CreateAgentRequest { parent: format!("tenants/{tenant}"), agent_id: id.to_owned(), agent: Some(agent) };
    Ok(client.create_agent(operator(asked)).await?.into_inner())
}

fn switch(name: &str, on: bool) -> UpdateAgentRequest {
    let agent = Agent { name: name.to_owned(), intelligent_recognition: on, ..Agent::default() };
    UpdateAgentRequest { agent: Some(agent), update_mask: mask(&["intelligent_recognition"]) }
}

#[track_caller]
fn refused(status: &Status, code: Code, reason: &str, field: &str, description: &str) {
    assert_eq!(status.code(), code, "{status:?}");
    let details = status.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, reason);
    let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    let violation = violations.first().map_or(("", ""), |found| (found.field.as_str(), found.description.as_str()));
    assert_eq!(violation, (field, description));
}

#[tokio::test]
async fn a_tenant_and_its_agents_come_change_and_go() {
    let (_server, mut client) = start().await;
    let tenant = add_tenant(&mut client, "acme", 1).await;
    assert_eq!((tenant.name.as_str(), tenant.conversation_polish_limit), ("tenants/acme", 10));
    assert_eq!((tenant.agent_daily_polish_limit, tenant.tenant_daily_polish_limit), (500, 20_000));
    assert!(tenant.create_time.is_some() && tenant.create_time == tenant.update_time && !tenant.etag.is_empty());
    let agent = add_agent(&mut client, "acme", "ana", false).await.unwrap();
    assert_eq!((agent.name.as_str(), agent.r#type()), ("tenants/acme/agents/ana", AgentType::Audio));

    let changed = Tenant {
        name: tenant.name.clone(),
        etag: tenant.etag.clone(),
        language_code: "pt-BR".to_owned(),
        conversation_polish_limit: 3,
        ..Tenant::default()
    };
    let asked = |tenant: &Tenant, paths: &[&str]| UpdateTenantRequest {
        tenant: Some(tenant.clone()),
        update_mask: mask(paths),
    };
    let update = asked(&changed, &["language_code", "conversation_polish_limit"]);
    let changed = client.update_tenant(admin(update.clone())).await.unwrap().into_inner();
    assert_eq!((changed.language_code.as_str(), changed.conversation_polish_limit), ("pt-BR", 3));
    // What the mask does not name is left alone.
    assert_eq!((changed.intelligent_agent_limit, changed.agent_daily_polish_limit), (1, 500));
    assert_ne!(changed.etag, tenant.etag);
    let stale = client.update_tenant(admin(update)).await.unwrap_err();
    refused(&stale, Code::Aborted, "ETAG_MISMATCH", "", "");

    let mut bound = changed.clone();
    bound.administrator_agent = agent.name.clone();
    let bound = client.update_tenant(operator(asked(&bound, &["administrator_agent"]))).await.unwrap().into_inner();
    let read = GetTenantRequest { name: "tenants/acme".to_owned() };
    assert_eq!(client.get_tenant(admin(read.clone())).await.unwrap().into_inner(), bound);

    let name = agent.name.clone();
    client.delete_agent(operator(DeleteAgentRequest { name: name.clone(), etag: agent.etag })).await.unwrap();
    let gone = client.get_agent(admin(GetAgentRequest { name })).await.unwrap_err();
    refused(&gone, Code::NotFound, "NOT_FOUND", "", "");
    let delete = DeleteTenantRequest { name: "tenants/acme".to_owned(), etag: tenant.etag };
    let stale = client.delete_tenant(operator(delete.clone())).await.unwrap_err();
    refused(&stale, Code::Aborted, "ETAG_MISMATCH", "", "");
    client.delete_tenant(operator(DeleteTenantRequest { etag: bound.etag, ..delete })).await.unwrap();
    assert_eq!(client.get_tenant(admin(read)).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn intelligent_agents_are_limited() {
    let (_server, mut client) = start().await;
    add_tenant(&mut client, "acme", 1).await;
    add_agent(&mut client, "acme", "ana", true).await.unwrap();
    add_agent(&mut client, "acme", "bruno", false).await.unwrap();
    for refusal in [
        client.update_agent(admin(switch("tenants/acme/agents/bruno", true))).await.unwrap_err(),
        add_agent(&mut client, "acme", "chen", true).await.unwrap_err(),
    ] {
        refused(&refusal, Code::FailedPrecondition, "INTELLIGENT_AGENT_LIMIT", "", "");
        let details = refusal.get_error_details();
        let violation = &details.quota_failure().unwrap().violations[0];
        assert_eq!(violation.description, "the tenant may have Intelligent Recognition on for 1 agents at once");
    }
    let asked = GetTenantRequest { name: "tenants/acme".to_owned() };
    assert_eq!(client.get_tenant(admin(asked)).await.unwrap().into_inner().intelligent_agent_count, 1);
    client.update_agent(admin(switch("tenants/acme/agents/ana", true))).await.unwrap();
    client.update_agent(admin(switch("tenants/acme/agents/ana", false))).await.unwrap();
    client.update_agent(admin(switch("tenants/acme/agents/bruno", true))).await.unwrap();
}

#[tokio::test]
async fn pages_lead_through_everything_once() {
    let (_server, mut client) = start().await;
    for id in ["b", "a", "B", "c_", "c-", "0"] {
        add_tenant(&mut client, id, 0).await;
    }
    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let asked = ListTenantsRequest { page_size: 2, page_token };
        let page = client.list_tenants(operator(asked)).await.unwrap().into_inner();
        assert!(page.tenants.len() <= 2);
        seen.extend(page.tenants.into_iter().map(|tenant| tenant.name));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let names = ["tenants/0", "tenants/B", "tenants/a", "tenants/b", "tenants/c-", "tenants/c_"];
    assert_eq!(seen, names);
    for (page_size, page_token, reason, field, description) in [
        (-1, "", "PAGE_SIZE_OUT_OF_RANGE", "page_size", "expected 1 to 1000, or 0 for the default, found -1"),
        (1001, "", "PAGE_SIZE_OUT_OF_RANGE", "page_size", "expected 1 to 1000, or 0 for the default, found 1001"),
        (0, "'; --", "PAGE_TOKEN_INVALID", "page_token", "not the next_page_token of a page of this list"),
    ] {
        let asked = ListTenantsRequest { page_size, page_token: page_token.to_owned() };
        let status = client.list_tenants(operator(asked)).await.unwrap_err();
        refused(&status, Code::InvalidArgument, reason, field, description);
    }
}

#[tokio::test]
async fn words_come_all_or_none_and_the_log_has_them() {
    let (_server, mut client) = start().await;
    add_tenant(&mut client, "acme", 0).await;
    add_agent(&mut client, "acme", "ana", false).await.unwrap();
    let batch = |texts: &[&str]| BatchCreateDictionaryWordsRequest {
        parent: "tenants/acme".to_owned(),
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
    };
    let wrong = client.batch_create_dictionary_words(admin(batch(&["FreteBox", " x", "张伟", ""]))).await.unwrap_err();
    let one_line = "a word is one line without control characters, tabs, or spaces at its beginning or end";
    refused(&wrong, Code::InvalidArgument, "WORD_INVALID", "texts[1]", one_line);
    let fields: Vec<_> = wrong.get_error_details().bad_request().unwrap().field_violations.clone();
    assert_eq!(fields[1].field, "texts[3]");
    let list = |parent: &str| ListDictionaryWordsRequest { parent: parent.to_owned(), ..Default::default() };
    assert!(
        client
            .list_dictionary_words(admin(list("tenants/acme")))
            .await
            .unwrap()
            .into_inner()
            .dictionary_words
            .is_empty()
    );

    let mut added = Vec::new();
    for texts in [["FreteBox", "张伟"], ["cafe\u{301}", "FreteBox"]] {
        let words = client.batch_create_dictionary_words(admin(batch(&texts))).await.unwrap().into_inner();
        added.extend(words.dictionary_words);
    }
    // Composed, in the order of the texts, and what was there keeps its name.
    assert_eq!(
        added.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(),
        ["FreteBox", "张伟", "café", "FreteBox"]
    );
    assert_eq!(added[0].name, added[3].name);
    let again = CreateDictionaryWordRequest {
        parent: "tenants/acme".to_owned(),
        dictionary_word: Some(DictionaryWord { text: "张伟".to_owned(), ..Default::default() }),
    };
    let twice = client.create_dictionary_word(admin(again.clone())).await.unwrap_err();
    refused(&twice, Code::AlreadyExists, "ALREADY_EXISTS", "", "");
    let own = CreateDictionaryWordRequest { parent: "tenants/acme/agents/ana".to_owned(), ..again };
    let own = client.create_dictionary_word(by("agent", "acme", "ana", own)).await.unwrap().into_inner();
    assert!(own.name.starts_with("tenants/acme/agents/ana/dictionaryWords/"));
    let gone = DeleteDictionaryWordRequest { name: added[1].name.clone() };
    client.delete_dictionary_word(admin(gone.clone())).await.unwrap();
    let status = client.delete_dictionary_word(admin(gone)).await.unwrap_err();
    refused(&status, Code::NotFound, "NOT_FOUND", "", "");
    let left = client.list_dictionary_words(admin(list("tenants/acme"))).await.unwrap().into_inner().dictionary_words;
    assert_eq!(left.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["FreteBox", "café"]);

    let mut asked = admin(ListAuditEntriesRequest { parent: "tenants/acme".to_owned(), ..Default::default() });
    asked.metadata_mut().insert("x-request-id", "audit-1".parse().unwrap());
    let log = client.list_audit_entries(asked).await.unwrap().into_inner().audit_entries;
    let told: Vec<_> = log
        .iter()
        .map(|entry| (entry.action(), entry.resource.as_str(), entry.old_value.as_str(), entry.new_value.as_str()))
        .collect();
    let whole = "type: audio, intelligent_recognition: false, reply_polishing: false";
    assert_eq!(told[0], (AuditAction::Delete, added[1].name.as_str(), "张伟", ""));
    assert_eq!(told[1], (AuditAction::Create, own.name.as_str(), "", "张伟"));
    assert_eq!(told[2], (AuditAction::Create, added[2].name.as_str(), "", "café"));
    assert_eq!(told[5], (AuditAction::Create, "tenants/acme/agents/ana", "", whole));
    assert_eq!(told.len(), 7);
    assert!(log.iter().all(|entry| !entry.actor.is_empty() && !entry.request_id.is_empty()));
}

#[tokio::test]
async fn bad_input_names_its_field() {
    let (_server, mut client) = start().await;
    add_tenant(&mut client, "acme", 0).await;
    let form = "expected a name of the form tenants/{tenant}";
    for name in ["", "acme", "tenants/", "tenants/a/b", "tenants/a';--", "tenants/../acme"] {
        let status = client.get_tenant(operator(GetTenantRequest { name: name.to_owned() })).await.unwrap_err();
        refused(&status, Code::InvalidArgument, "NAME_INVALID", "name", form);
    }
    let update = |tenant: Tenant, paths: &[&str]| UpdateTenantRequest {
        tenant: Some(Tenant { name: "tenants/acme".to_owned(), ..tenant }),
        update_mask: mask(paths),
    };
    let foreign = Tenant { administrator_agent: "tenants/other/agents/ana".to_owned(), ..Tenant::default() };
    let fields = "refine_response_enabled, administrator_agent, intelligent_agent_limit, language_code, \
                  conversation_polish_limit, agent_daily_polish_limit, tenant_daily_polish_limit, polishing_guidance, \
                  dictionary_learning";
    let no_field = format!("not a field that can be changed; these can: {fields}");
    let tag = "not a well-formed BCP 47 language tag, such as \"en\", \"pt-BR\" or \"zh-Hans\"; or empty for none";
    for (asked, reason, field, description) in [
        (update(Tenant::default(), &["*"]), "UPDATE_MASK_INVALID", "update_mask.paths[0]", &*no_field),
        (
            update(Tenant::default(), &["refine_response_enabled", "etag"]),
            "UPDATE_MASK_INVALID",
            "update_mask.paths[1]",
            &no_field,
        ),
        (
            update(Tenant::default(), &[]),
            "UPDATE_MASK_INVALID",
            "update_mask",
            &format!("expected the fields to change: {fields}"),
        ),
        (
            update(foreign, &["administrator_agent"]),
            "NAME_INVALID",
            "tenant.administrator_agent",
            "expected an agent of this tenant",
        ),
        (
            update(Tenant { intelligent_agent_limit: -1, ..Tenant::default() }, &["intelligent_agent_limit"]),
            "VALUE_OUT_OF_RANGE",
            "tenant.intelligent_agent_limit",
            "expected 0 to 1000000000",
        ),
        (UpdateTenantRequest::default(), "RESOURCE_MISSING", "tenant", "expected a tenant"),
    ] {
        let status = client.update_tenant(operator(asked)).await.unwrap_err();
        refused(&status, Code::InvalidArgument, reason, field, description);
    }
    for (tenant, path, reason, description) in [
        (
            Tenant { language_code: "english".to_owned(), ..Tenant::default() },
            "language_code",
            "LANGUAGE_CODE_INVALID",
            tag,
        ),
        (Tenant::default(), "conversation_polish_limit", "VALUE_OUT_OF_RANGE", "expected 1 to 1000"),
        (
            Tenant { polishing_guidance: "é".repeat(1001), ..Tenant::default() },
            "polishing_guidance",
            "TEXT_TOO_LONG",
            "the text has 1001 characters, more than the limit of 1000",
        ),
        (
            Tenant { polishing_guidance: "a\u{7}".to_owned(), ..Tenant::default() },
            "polishing_guidance",
            "TEXT_INVALID",
            "a text has no control characters but line ends and tabs",
        ),
    ] {
        let status = client.update_tenant(admin(update(tenant, &[path]))).await.unwrap_err();
        refused(&status, Code::InvalidArgument, reason, &format!("tenant.{path}"), description);
    }
    for kind in [0, 9] {
        let asked = CreateAgentRequest {
            parent: "tenants/acme".to_owned(),
            agent_id: "ana".to_owned(),
            agent: Some(Agent { r#type: kind, ..Agent::default() }),
        };
        let status = client.create_agent(operator(asked)).await.unwrap_err();
        let description = format!("expected AUDIO, VIDEO, MULTIMEDIA or VERSATILE, found {kind}");
        refused(&status, Code::InvalidArgument, "AGENT_TYPE_UNKNOWN", "agent.type", &description);
    }
}

#[tokio::test]
async fn a_foreign_resource_answers_exactly_like_a_missing_one() {
    let (_server, mut client) = start().await;
    for tenant in ["acme", "other"] {
        add_tenant(&mut client, tenant, 5).await;
        add_agent(&mut client, tenant, "ana", false).await.unwrap();
    }
    let mut answers = Vec::new();
    for tenant in ["other", "never"] {
        // As bytes: the details, too, may tell nothing but the name that was asked for.
        let plain = |status: Status| {
            let details = String::from_utf8_lossy(status.details()).into_owned();
            format!("{:?} {} {details}", status.code(), status.message()).replace("other", "never")
        };
        let name = format!("tenants/{tenant}");
        let agent = format!("{name}/agents/ana");
        answers.push(vec![
            plain(client.get_tenant(admin(GetTenantRequest { name: name.clone() })).await.unwrap_err()),
            plain(client.get_agent(admin(GetAgentRequest { name: agent.clone() })).await.unwrap_err()),
            plain(client.update_agent(admin(switch(&agent, true))).await.unwrap_err()),
            plain(
                client
                    .list_agents(admin(ListAgentsRequest { parent: name.clone(), ..Default::default() }))
                    .await
                    .unwrap_err(),
            ),
            plain(
                client
                    .list_audit_entries(admin(ListAuditEntriesRequest { parent: name, ..Default::default() }))
                    .await
                    .unwrap_err(),
            ),
        ]);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].iter().all(|answer| answer.starts_with("NotFound")), "{answers:?}");
}

#[tokio::test]
async fn fields_have_owners() {
    let (_server, mut client) = start().await;
    add_tenant(&mut client, "acme", 5).await;
    add_agent(&mut client, "acme", "ana", false).await.unwrap();
    let tenant = Tenant { name: "tenants/acme".to_owned(), ..Tenant::default() };
    let asked = UpdateTenantRequest { tenant: Some(tenant), update_mask: mask(&["refine_response_enabled"]) };
    let status = client.update_tenant(admin(asked)).await.unwrap_err();
    refused(&status, Code::PermissionDenied, "PERMISSION_DENIED", "", "");
    assert_eq!(status.message(), "refine_response_enabled is changed by callers with the role \"operator\" only");
    let status = client.update_agent(operator(switch("tenants/acme/agents/ana", true))).await.unwrap_err();
    assert_eq!(status.message(), "intelligent_recognition is changed by callers with the role \"tenant_admin\" only");
    let status =
        client.update_agent(by("agent", "acme", "ana", switch("tenants/acme/agents/ana", true))).await.unwrap_err();
    refused(&status, Code::PermissionDenied, "PERMISSION_DENIED", "", "");
}

#[tokio::test]
async fn a_tenant_with_too_many_changes_waiting_is_told_to_wait() {
    let (_server, mut client) = start().await;
    add_tenant(&mut client, "acme", 0).await;
    let batch = |n: usize| {
        let mut client = client.clone();
        let texts = (0..500).map(|at| format!("w{n}x{at}")).collect();
        let asked = BatchCreateDictionaryWordsRequest { parent: "tenants/acme".to_owned(), texts };
        tokio::spawn(async move { client.batch_create_dictionary_words(admin(asked)).await })
    };
    let mut busy = 0;
    for call in (0..80).map(batch).collect::<Vec<_>>() {
        match call.await.unwrap() {
            Err(status) if status.code() == Code::ResourceExhausted => {
                refused(&status, Code::ResourceExhausted, "SETTINGS_BUSY", "", "");
                assert!(status.get_error_details().retry_info().is_some());
                busy += 1;
            }
            answer => assert!(answer.is_ok(), "{answer:?}"),
        }
    }
    assert!(busy > 0);
}

#[tokio::test]
async fn the_log_of_a_tenant_that_is_gone_is_the_operators() {
    let (_server, mut client) = start().await;
    let log = || ListAuditEntriesRequest { parent: "tenants/acme".to_owned(), ..Default::default() };
    let gone = || DeleteTenantRequest { name: "tenants/acme".to_owned(), ..Default::default() };
    add_tenant(&mut client, "acme", 5).await;
    client.delete_tenant(operator(gone())).await.unwrap();
    refused(&client.list_audit_entries(admin(log())).await.unwrap_err(), Code::NotFound, "NOT_FOUND", "", "");
    add_tenant(&mut client, "acme", 7).await;
    let own = client.list_audit_entries(admin(log())).await.unwrap().into_inner().audit_entries;
    assert!(own.len() == 1 && own[0].new_value.contains("intelligent_agent_limit: 7"), "{own:?}");
    let all = client.list_audit_entries(operator(log())).await.unwrap().into_inner().audit_entries;
    assert_eq!(all.len(), 3, "{all:?}");
}
