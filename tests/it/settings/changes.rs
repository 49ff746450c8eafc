//! What is changed is kept, what is refused leaves nothing, and nobody gets round the limit by being quick.

use std::sync::Arc;

use vermilion::settings::{
    AgentType, Page, StoreError,
    store::{AgentChange, TenantChange, TenantFields},
};

use super::{
    engines::Fresh,
    support::{agent, by, fill, limit, own, recognition, tenant, turned},
};

#[tokio::test]
async fn what_is_changed_is_kept() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        let fields = TenantFields {
            refine_response_enabled: true,
            administrator_agent: Some(agent("later")),
            intelligent_agent_limit: 1_000_000_000,
            language_code: "pt-BR".to_owned(),
            ..TenantFields::default()
        };
        let made = store.create_tenant(&tenant("acme"), &fields, &by(5)).await.unwrap();
        assert_eq!(store.tenant(&tenant("acme")).await.unwrap(), Some(made.clone()), "{engine}");
        assert_eq!((made.created, made.updated), (by(5).time, by(5).time));
        assert_eq!(made.administrator_agent, Some(agent("later")));
        let change = TenantChange {
            administrator_agent: Some(None),
            language_code: Some(String::new()),
            tenant_daily_polish_limit: Some(0),
            ..TenantChange::default()
        };
        let changed = store.update_tenant(&tenant("acme"), &change, &made.etag, &by(9)).await.unwrap();
        assert_eq!(store.tenant(&tenant("acme")).await.unwrap(), Some(changed.clone()), "{engine}");
        assert_eq!((changed.administrator_agent.clone(), changed.tenant_daily_polish_limit), (None, 0));
        assert_eq!((changed.created, changed.updated), (by(5).time, by(9).time));
        assert!(changed.refine_response_enabled && changed.etag != made.etag);

        let made = store.create_agent(&tenant("acme"), &agent("ana"), &recognition(true), &by(10)).await.unwrap();
        let kind = AgentChange { kind: Some(AgentType::Versatile), ..AgentChange::default() };
        let changed = store.update_agent(&tenant("acme"), &agent("ana"), &kind, &made.etag, &by(11)).await.unwrap();
        assert_eq!(store.agent(&tenant("acme"), &agent("ana")).await.unwrap(), Some(changed.clone()), "{engine}");
        assert_eq!((changed.kind, changed.intelligent_recognition), (AgentType::Versatile, true));
        assert_eq!(store.tenant(&tenant("acme")).await.unwrap().unwrap().intelligent_agent_count, 1);
    }
}

#[tokio::test]
async fn what_changes_nothing_writes_nothing() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        fill(store.as_ref(), "acme", 1, &["ana"]).await;
        let before = store.versions(&tenant("acme")).await.unwrap();
        let tenant_before = store.tenant(&tenant("acme")).await.unwrap().unwrap();
        let same = TenantChange { intelligent_agent_limit: Some(1), ..TenantChange::default() };
        assert_eq!(store.update_tenant(&tenant("acme"), &same, "", &by(7)).await, Ok(tenant_before), "{engine}");
        store.update_agent(&tenant("acme"), &agent("ana"), &turned(false), "", &by(7)).await.unwrap();
        assert_eq!(store.versions(&tenant("acme")).await.unwrap(), before, "{engine}");
        assert_eq!(store.audit_entries(&tenant("acme"), &Page::first(10)).await.unwrap().items.len(), 2);
    }
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        fill(store.as_ref(), "acme", 0, &["ana"]).await;
        let (acme, ana) = (tenant("acme"), agent("ana"));
        let before = store.versions(&acme).await.unwrap();
        let full = Err(StoreError::IntelligentAgentLimit { limit: 0 });
        assert_eq!(store.create_tenant(&acme, &limit(1), &by(2)).await, Err(StoreError::AlreadyExists), "{engine}");
        let again = store.create_agent(&acme, &ana, &recognition(false), &by(2)).await;
        assert_eq!(again, Err(StoreError::AlreadyExists), "{engine}");
        assert_eq!(store.create_agent(&acme, &agent("bo"), &recognition(true), &by(2)).await, full, "{engine}");
        assert_eq!(store.update_agent(&acme, &ana, &turned(true), "", &by(2)).await, full, "{engine}");
        let mismatch = Err(StoreError::EtagMismatch);
        assert_eq!(store.update_agent(&acme, &ana, &turned(true), "stale", &by(2)).await, mismatch, "{engine}");
        assert_eq!(store.delete_agent(&acme, &ana, "0", &by(2)).await, Err(StoreError::EtagMismatch));
        assert_eq!(store.delete_tenant(&acme, "' OR 1=1 --", &by(2)).await, Err(StoreError::EtagMismatch));
        let missing = Err(StoreError::NotFound);
        assert_eq!(store.create_agent(&tenant("no"), &ana, &recognition(false), &by(2)).await, missing, "{engine}");
        assert_eq!(store.update_agent(&acme, &agent("no"), &turned(true), "", &by(2)).await, missing);
        assert_eq!(store.delete_agent(&acme, &agent("no"), "", &by(2)).await, Err(StoreError::NotFound));
        assert_eq!(store.delete_tenant(&tenant("no"), "", &by(2)).await, Err(StoreError::NotFound));
        assert_eq!(store.create_word(&own("no"), "word", &by(2)).await.err(), Some(StoreError::NotFound));
        assert_eq!(store.versions(&acme).await.unwrap(), before, "{engine}");
        assert_eq!(store.agent(&acme, &agent("bo")).await, Ok(None));
        assert_eq!(store.audit_entries(&acme, &Page::first(10)).await.unwrap().items.len(), 2, "{engine}");
    }
}

#[tokio::test]
async fn a_namesake_is_another() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        let acme = tenant("acme");
        fill(store.as_ref(), "acme", 3, &["ana"]).await;
        let word = store.create_word(&own("acme"), "FreteBox", &by(2)).await.unwrap();
        let (old, versions) = (store.tenant(&acme).await.unwrap().unwrap(), store.versions(&acme).await.unwrap());
        store.delete_tenant(&acme, "", &by(3)).await.unwrap();
        assert_eq!(store.agent(&acme, &agent("ana")).await, Ok(None), "{engine}");
        let new = store.create_tenant(&acme, &limit(3), &by(60_000)).await.unwrap();
        assert_ne!(new.etag, old.etag, "{engine}");
        assert_ne!(store.versions(&acme).await.unwrap(), versions, "{engine}");
        let stale = store.update_tenant(&acme, &TenantChange::default(), &old.etag, &by(60_001)).await;
        assert_eq!(stale, Err(StoreError::EtagMismatch), "{engine}");
        assert_eq!(store.words(&own("acme"), &Page::first(10)).await.unwrap().items, []);
        let again = store.create_word(&own("acme"), "FreteBox", &by(60_002)).await.unwrap();
        assert_ne!(again.id, word.id, "{engine}");
    }
}

#[tokio::test]
async fn of_two_at_the_last_place_one_is_admitted() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        for round in 0..20 {
            let id = format!("acme-{round}");
            fill(store.as_ref(), &id, 3, &["a", "b", "c", "d", "e", "f"]).await;
            let turn = |name: &'static str| {
                let (store, id) = (Arc::clone(store), tenant(&id));
                tokio::spawn(async move { store.update_agent(&id, &agent(name), &turned(true), "", &by(2)).await })
            };
            let calls = ["a", "b", "c", "d", "e", "f"].map(turn);
            let mut admitted = 0;
            for call in calls {
                match call.await.unwrap() {
                    Ok(_) => admitted += 1,
                    Err(error) => assert_eq!(error, StoreError::IntelligentAgentLimit { limit: 3 }, "{engine}"),
                }
            }
            assert_eq!(admitted, 3, "{engine}, round {round}");
            assert_eq!(store.tenant(&tenant(&id)).await.unwrap().unwrap().intelligent_agent_count, 3, "{engine}");
        }
    }
}

#[tokio::test]
async fn of_many_with_the_same_etag_one_writes() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        let made = store.create_tenant(&tenant("acme"), &limit(0), &by(0)).await.unwrap();
        let update = |places: u32| {
            let (store, etag) = (Arc::clone(store), made.etag.clone());
            let change = TenantChange { intelligent_agent_limit: Some(places), ..TenantChange::default() };
            tokio::spawn(async move { store.update_tenant(&tenant("acme"), &change, &etag, &by(places.into())).await })
        };
        let mut written = 0;
        for call in (1..=8).map(update).collect::<Vec<_>>() {
            match call.await.unwrap() {
                Ok(_) => written += 1,
                Err(error) => assert_eq!(error, StoreError::EtagMismatch, "{engine}"),
            }
        }
        assert_eq!(written, 1, "{engine}");
    }
}
