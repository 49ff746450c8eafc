//! What is changed is kept, what is refused leaves nothing, and nobody gets round the limit by being quick.

use std::sync::Arc;

use vermilion::settings::{
    AgentType, AgentUpdate, PageRequest, StoreError, TenantFields, TenantUpdate, audit::AuditScope,
};

use super::{
    engines::Fresh,
    support::{
        agent, agent_fields, author_at, create_tenant_with_agents, guidance, recognition_change, tenant, tenant_fields,
        tenant_owner,
    },
};
use crate::support::engines::{StorageEngine, on_each_engine};

on_each_engine!(what_is_changed_is_kept);
async fn what_is_changed_is_kept(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    let fields = TenantFields {
        refine_response_enabled: true,
        administrator_agent: Some(agent("later")),
        intelligent_agent_limit: 1_000_000_000,
        language_code: "pt-BR".to_owned(),
        polishing_guidance: guidance("diga hóspede\nassine como Equipe"),
        ..TenantFields::default()
    };
    let made = store.create_tenant(&tenant("acme"), &fields, &author_at(5)).await.unwrap();
    assert_eq!(store.get_tenant(&tenant("acme")).await.unwrap(), Some(made.clone()));
    assert_eq!((made.created, made.updated), (author_at(5).time, author_at(5).time));
    assert_eq!(made.fields.administrator_agent, Some(agent("later")));
    let change = TenantUpdate {
        administrator_agent: Some(None),
        language_code: Some(String::new()),
        tenant_daily_polish_limit: Some(0),
        ..TenantUpdate::default()
    };
    let changed = store.update_tenant(&tenant("acme"), &change, &made.etag, &author_at(9)).await.unwrap();
    assert_eq!(store.get_tenant(&tenant("acme")).await.unwrap(), Some(changed.clone()));
    assert_eq!((changed.fields.administrator_agent.clone(), changed.fields.tenant_daily_polish_limit), (None, 0));
    assert_eq!((changed.created, changed.updated), (author_at(5).time, author_at(9).time));
    assert!(changed.fields.refine_response_enabled && changed.etag != made.etag);

    let made = store.create_agent(&tenant("acme"), &agent("ana"), &agent_fields(true), &author_at(10)).await.unwrap();
    let kind = AgentUpdate { kind: Some(AgentType::Versatile), ..AgentUpdate::default() };
    let changed = store.update_agent(&tenant("acme"), &agent("ana"), &kind, &made.etag, &author_at(11)).await.unwrap();
    assert_eq!(store.get_agent(&tenant("acme"), &agent("ana")).await.unwrap(), Some(changed.clone()));
    assert_eq!((changed.fields.kind, changed.fields.intelligent_recognition), (AgentType::Versatile, true));
    assert_eq!(store.get_tenant(&tenant("acme")).await.unwrap().unwrap().intelligent_agent_count, 1);
}

on_each_engine!(what_changes_nothing_writes_nothing);
async fn what_changes_nothing_writes_nothing(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    create_tenant_with_agents(store.as_ref(), "acme", 1, &["ana"]).await;
    let before = store.get_versions(&tenant("acme")).await.unwrap();
    let tenant_before = store.get_tenant(&tenant("acme")).await.unwrap().unwrap();
    let same = TenantUpdate { intelligent_agent_limit: Some(1), ..TenantUpdate::default() };
    assert_eq!(store.update_tenant(&tenant("acme"), &same, "", &author_at(7)).await, Ok(tenant_before));
    store.update_agent(&tenant("acme"), &agent("ana"), &recognition_change(false), "", &author_at(7)).await.unwrap();
    assert_eq!(store.get_versions(&tenant("acme")).await.unwrap(), before);
    assert_eq!(
        store.list_audit_entries(&tenant("acme"), AuditScope::Id, &PageRequest::first(10)).await.unwrap().items.len(),
        2
    );
}

on_each_engine!(what_is_refused_leaves_nothing);
async fn what_is_refused_leaves_nothing(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    create_tenant_with_agents(store.as_ref(), "acme", 0, &["ana"]).await;
    let (acme, ana) = (tenant("acme"), agent("ana"));
    let before = store.get_versions(&acme).await.unwrap();
    let full = Err(StoreError::IntelligentAgentLimit { limit: 0 });
    assert_eq!(store.create_tenant(&acme, &tenant_fields(1), &author_at(2)).await, Err(StoreError::AlreadyExists));
    let again = store.create_agent(&acme, &ana, &agent_fields(false), &author_at(2)).await;
    assert_eq!(again, Err(StoreError::AlreadyExists));
    assert_eq!(store.create_agent(&acme, &agent("bo"), &agent_fields(true), &author_at(2)).await, full);
    assert_eq!(store.update_agent(&acme, &ana, &recognition_change(true), "", &author_at(2)).await, full);
    let mismatch = Err(StoreError::EtagMismatch);
    assert_eq!(store.update_agent(&acme, &ana, &recognition_change(true), "stale", &author_at(2)).await, mismatch);
    assert_eq!(store.delete_agent(&acme, &ana, "0", &author_at(2)).await, Err(StoreError::EtagMismatch));
    assert_eq!(store.delete_tenant(&acme, "' OR 1=1 --", &author_at(2)).await, Err(StoreError::EtagMismatch));
    let missing = Err(StoreError::NotFound);
    assert_eq!(store.create_agent(&tenant("no"), &ana, &agent_fields(false), &author_at(2)).await, missing);
    assert_eq!(store.update_agent(&acme, &agent("no"), &recognition_change(true), "", &author_at(2)).await, missing);
    assert_eq!(store.delete_agent(&acme, &agent("no"), "", &author_at(2)).await, Err(StoreError::NotFound));
    assert_eq!(store.delete_tenant(&tenant("no"), "", &author_at(2)).await, Err(StoreError::NotFound));
    assert_eq!(store.create_word(&tenant_owner("no"), "word", &author_at(2)).await.err(), Some(StoreError::NotFound));
    assert_eq!(store.get_versions(&acme).await.unwrap(), before);
    assert_eq!(store.get_agent(&acme, &agent("bo")).await, Ok(None));
    assert_eq!(store.list_audit_entries(&acme, AuditScope::Id, &PageRequest::first(10)).await.unwrap().items.len(), 2);
}

on_each_engine!(a_namesake_is_another);
async fn a_namesake_is_another(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    let acme = tenant("acme");
    create_tenant_with_agents(store.as_ref(), "acme", 3, &["ana"]).await;
    let word = store.create_word(&tenant_owner("acme"), "FreteBox", &author_at(2)).await.unwrap();
    let (old, versions) = (store.get_tenant(&acme).await.unwrap().unwrap(), store.get_versions(&acme).await.unwrap());
    store.delete_tenant(&acme, "", &author_at(3)).await.unwrap();
    assert_eq!(store.get_agent(&acme, &agent("ana")).await, Ok(None));
    let new = store.create_tenant(&acme, &tenant_fields(3), &author_at(60_000)).await.unwrap();
    assert_ne!(new.etag, old.etag);
    assert_ne!(store.get_versions(&acme).await.unwrap(), versions);
    let stale = store.update_tenant(&acme, &TenantUpdate::default(), &old.etag, &author_at(60_001)).await;
    assert_eq!(stale, Err(StoreError::EtagMismatch));
    assert_eq!(store.list_words(&tenant_owner("acme"), &PageRequest::first(10)).await.unwrap().items, []);
    let again = store.create_word(&tenant_owner("acme"), "FreteBox", &author_at(60_002)).await.unwrap();
    assert_ne!(again.id, word.id);
}

on_each_engine!(of_two_at_the_last_place_one_is_admitted);
async fn of_two_at_the_last_place_one_is_admitted(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    for round in 0..20 {
        let id = format!("acme-{round}");
        create_tenant_with_agents(store.as_ref(), &id, 3, &["a", "b", "c", "d", "e", "f"]).await;
        let turn = |name: &'static str| {
            let (store, id) = (Arc::clone(store), tenant(&id));
            tokio::spawn(async move {
                store.update_agent(&id, &agent(name), &recognition_change(true), "", &author_at(2)).await
            })
        };
        let calls = ["a", "b", "c", "d", "e", "f"].map(turn);
        let mut admitted = 0;
        for call in calls {
            match call.await.unwrap() {
                Ok(_) => admitted += 1,
                Err(error) => assert_eq!(error, StoreError::IntelligentAgentLimit { limit: 3 }),
            }
        }
        assert_eq!(admitted, 3, "round {round}");
        assert_eq!(store.get_tenant(&tenant(&id)).await.unwrap().unwrap().intelligent_agent_count, 3);
    }
}

on_each_engine!(of_many_with_the_same_etag_one_writes);
async fn of_many_with_the_same_etag_one_writes(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    let made = store.create_tenant(&tenant("acme"), &tenant_fields(0), &author_at(0)).await.unwrap();
    let update = |places: u32| {
        let (store, etag) = (Arc::clone(store), made.etag.clone());
        let change = TenantUpdate { intelligent_agent_limit: Some(places), ..TenantUpdate::default() };
        tokio::spawn(
            async move { store.update_tenant(&tenant("acme"), &change, &etag, &author_at(places.into())).await },
        )
    };
    let mut written = 0;
    for call in (1..=8).map(update).collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(_) => written += 1,
            Err(error) => assert_eq!(error, StoreError::EtagMismatch),
        }
    }
    assert_eq!(written, 1);
}
