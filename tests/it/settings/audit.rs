//! The audit log tells every change, and nothing that has not happened.

use std::sync::Arc;

use vermilion::settings::{
    AgentUpdate, DictionaryOwner, PageRequest, SettingsStore, StoreError, TenantUpdate,
    audit::{AuditAction, AuditScope},
};

use super::{
    engines::Fresh,
    support::{agent, author_at, create_tenant_with_agents, guidance, recognition_change, tenant, tenant_owner},
};
use crate::support::engines::{StorageEngine, on_each_engine};

on_each_engine!(every_change_of_a_field_is_a_line);
async fn every_change_of_a_field_is_a_line(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    let acme = tenant("acme");
    create_tenant_with_agents(store.as_ref(), "acme", 1, &["ana"]).await;
    let change = TenantUpdate {
        refine_response_enabled: Some(true),
        administrator_agent: Some(Some(agent("ana"))),
        language_code: Some("zh-Hans".to_owned()),
        polishing_guidance: Some(guidance("say guest\nsign as 云")),
        ..TenantUpdate::default()
    };
    store.update_tenant(&acme, &change, "", &author_at(2)).await.unwrap();
    let both = AgentUpdate { reply_polishing: Some(true), ..recognition_change(true) };
    store.update_agent(&acme, &agent("ana"), &both, "", &author_at(3)).await.unwrap();
    let word = store.create_word(&tenant_owner("acme"), "张伟", &author_at(4)).await.unwrap();
    store.delete_word(&tenant_owner("acme"), word.id, &author_at(5)).await.unwrap();
    store.delete_agent(&acme, &agent("ana"), "", &author_at(6)).await.unwrap();
    store.delete_tenant(&acme, "", &author_at(7)).await.unwrap();
    // It outlives the tenant.
    let mut lines = store.list_audit_entries(&acme, AuditScope::Id, &PageRequest::first(100)).await.unwrap().items;
    lines.reverse();
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            let change = &line.change;
            (change.action, change.resource.as_str(), change.field.as_str(), change.old.as_str(), change.new.as_str())
        })
        .collect();
    let (name, ana) = ("tenants/acme", "tenants/acme/agents/ana");
    let word = tenant_owner("acme").word_name(word.id);
    let tenant_before = "refine_response_enabled: false, intelligent_agent_limit: 1, conversation_polish_limit: 10, \
                         agent_daily_polish_limit: 500, tenant_daily_polish_limit: 20000, dictionary_learning: false";
    let tenant_after = "refine_response_enabled: true, administrator_agent: tenants/acme/agents/ana, \
                        intelligent_agent_limit: 1, language_code: zh-Hans, conversation_polish_limit: 10, \
                        agent_daily_polish_limit: 500, tenant_daily_polish_limit: 20000, \
                        polishing_guidance: say guest\nsign as 云, dictionary_learning: false";
    let agent_before = "type: multimedia, intelligent_recognition: false, reply_polishing: false";
    let agent_after = "type: multimedia, intelligent_recognition: true, reply_polishing: true";
    let expected = [
        (AuditAction::Create, name, "", "", tenant_before),
        (AuditAction::Create, ana, "", "", agent_before),
        (AuditAction::Update, name, "refine_response_enabled", "false", "true"),
        (AuditAction::Update, name, "administrator_agent", "", ana),
        (AuditAction::Update, name, "language_code", "", "zh-Hans"),
        (AuditAction::Update, name, "polishing_guidance", "", "say guest\nsign as 云"),
        (AuditAction::Update, ana, "intelligent_recognition", "false", "true"),
        (AuditAction::Update, ana, "reply_polishing", "false", "true"),
        (AuditAction::Create, word.as_str(), "", "", "张伟"),
        (AuditAction::Delete, word.as_str(), "", "张伟", ""),
        (AuditAction::Delete, ana, "", agent_after, ""),
        (AuditAction::Delete, name, "", tenant_after, ""),
    ];
    assert_eq!(told, expected);
    assert_eq!(lines[2].by, author_at(2));
}

on_each_engine!(under_load_the_log_and_the_settings_tell_the_same);
async fn under_load_the_log_and_the_settings_tell_the_same(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    for id in ["a", "b", "c"] {
        create_tenant_with_agents(store.as_ref(), id, 4, &["x", "y"]).await;
    }
    let work = |n: u64| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let id = ["a", "b", "c"][(n % 3) as usize];
            let owner =
                if n.is_multiple_of(2) { tenant_owner(id) } else { DictionaryOwner::agent(tenant(id), agent("x")) };
            store.create_words(&owner, &[format!("word{}", n / 5)], &author_at(n)).await.unwrap();
            store
                .update_agent(&tenant(id), &agent("y"), &recognition_change(n % 4 < 2), "", &author_at(n))
                .await
                .unwrap();
        })
    };
    for task in (0..60).map(work).collect::<Vec<_>>() {
        task.await.unwrap();
    }
    for id in ["a", "b", "c"] {
        let lines =
            store.list_audit_entries(&tenant(id), AuditScope::Tenant, &PageRequest::first(1000)).await.unwrap().items;
        assert!(lines.windows(2).all(|pair| pair[0].id > pair[1].id));
        let words = lines.iter().filter(|line| line.change.resource.contains("/dictionaryWords/")).count();
        let of_tenant = store.list_words(&tenant_owner(id), &PageRequest::first(1000)).await.unwrap().items.len();
        let of_agent =
            store.list_words(&DictionaryOwner::agent(tenant(id), agent("x")), &PageRequest::first(1000)).await.unwrap();
        assert_eq!(words, of_tenant + of_agent.items.len());
        // The turns of the switch alternate, and the last is how it stands.
        let turns: Vec<_> = lines.iter().filter(|line| line.change.field == "intelligent_recognition").collect();
        assert!(turns.windows(2).all(|pair| pair[0].change.old == pair[1].change.new));
        let on = store.get_agent(&tenant(id), &agent("y")).await.unwrap().unwrap().fields.intelligent_recognition;
        assert_eq!(turns.first().map_or("false", |line| line.change.new.as_str()), on.to_string());
    }
}

/// The new values in a log, the newest first.
async fn logged(store: &dyn SettingsStore, scope: AuditScope) -> Result<Vec<String>, StoreError> {
    let page = store.list_audit_entries(&tenant("acme"), scope, &PageRequest::first(100)).await?;
    Ok(page.items.into_iter().map(|line| line.change.new).collect())
}

on_each_engine!(a_tenant_knows_nothing_of_another_that_had_its_id);
async fn a_tenant_knows_nothing_of_another_that_had_its_id(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    let store = store.as_ref();
    let acme = tenant("acme");
    create_tenant_with_agents(store, "acme", 0, &["ana"]).await;
    let ana = DictionaryOwner::agent(acme.clone(), agent("ana"));
    for owner in [&tenant_owner("acme"), &ana] {
        for word in ["Segredo", "Outro"] {
            store.create_word(owner, word, &author_at(2)).await.unwrap();
        }
    }
    let before = store.get_versions(&acme).await.unwrap().unwrap();
    store.delete_tenant(&acme, "", &author_at(3)).await.unwrap();
    assert_eq!(logged(store, AuditScope::Tenant).await, Err(StoreError::NotFound), "the operator alone reads it now");
    assert_eq!(logged(store, AuditScope::Id).await.unwrap().len(), 7);

    // As soon as there has been a change in each millisecond, or sooner.
    create_tenant_with_agents(store, "acme", 0, &["ana"]).await;
    let own = logged(store, AuditScope::Tenant).await.unwrap();
    assert_eq!(own.len(), 2, "{own:?}");
    assert_eq!(logged(store, AuditScope::Id).await.unwrap().len(), 9);
    for owner in [&tenant_owner("acme"), &ana] {
        assert_eq!(store.list_words(owner, &PageRequest::first(9)).await.unwrap().items, []);
    }
    for later in 0..20 {
        store.delete_tenant(&acme, "", &author_at(later)).await.unwrap();
        create_tenant_with_agents(store, "acme", 0, &[]).await;
        store.delete_tenant(&acme, "", &author_at(later)).await.unwrap();
        let by = author_at(later + 1);
        store.create_tenant(&acme, &super::support::tenant_fields(0), &by).await.unwrap();
        let after = store.get_versions(&acme).await.unwrap().unwrap();
        assert!(after.settings > before.settings && after.words > before.words, "{before:?} {after:?}");
    }
}

/// The last statement of a step, for databases in which tenants are already.
fn update_statement(step: &'static str) -> &'static str {
    &step[step.find("UPDATE").unwrap()..]
}

on_each_engine!(a_database_from_before_knows_where_the_logs_of_its_tenants_begin);
async fn a_database_from_before_knows_where_the_logs_of_its_tenants_begin(engine: StorageEngine) {
    let fresh = Fresh::open(engine).await;
    let store = fresh.store.as_ref();
    create_tenant_with_agents(store, "acme", 0, &["ana"]).await;
    store.delete_tenant(&tenant("acme"), "", &author_at(2)).await.unwrap();
    create_tenant_with_agents(store, "acme", 0, &["ana", "bob"]).await;
    assert_eq!(logged(store, AuditScope::Tenant).await.unwrap().len(), 3);
    fresh.execute("UPDATE tenants SET audit_start = 0").await;
    assert_eq!(logged(store, AuditScope::Tenant).await.unwrap().len(), 6);
    fresh
        .execute(match engine {
            StorageEngine::Sqlite => update_statement(include_str!("../../../migrations/sqlite/0003_audit_start.sql")),
            StorageEngine::Postgres => {
                update_statement(include_str!("../../../migrations/postgres/0003_audit_start.sql"))
            }
        })
        .await;
    assert_eq!(logged(store, AuditScope::Tenant).await.unwrap().len(), 3);
}
