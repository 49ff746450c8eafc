//! Pages lead through a list once, whatever changes meanwhile.

use vermilion::settings::{PageRequest, StoreError, audit::AuditScope};

use super::{
    engines::Fresh,
    support::{agent, agent_fields, author_at, create_tenant_with_agents, tenant, tenant_owner},
};
use crate::support::engines::{StorageEngine, on_each_engine};

on_each_engine!(what_comes_and_goes_neither_repeats_nor_hides_the_rest);
async fn what_comes_and_goes_neither_repeats_nor_hides_the_rest(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    create_tenant_with_agents(store.as_ref(), "acme", 0, &["a", "B", "c", "d-1", "d_1", "e.2"]).await;
    let first = store.list_agents(&tenant("acme"), &PageRequest::first(3)).await.unwrap();
    let ids = |items: &[vermilion::settings::Agent]| items.iter().map(|agent| agent.id.to_string()).collect::<Vec<_>>();
    // By bytes, in any locale.
    assert_eq!(ids(&first.items), ["B", "a", "c"]);
    store.delete_agent(&tenant("acme"), &agent("c"), "", &author_at(2)).await.unwrap();
    store.delete_agent(&tenant("acme"), &agent("d-1"), "", &author_at(2)).await.unwrap();
    store.create_agent(&tenant("acme"), &agent("b"), &agent_fields(false), &author_at(3)).await.unwrap();
    store.create_agent(&tenant("acme"), &agent("z"), &agent_fields(false), &author_at(3)).await.unwrap();
    let token = first.next_page_token("list");
    let next = store.list_agents(&tenant("acme"), &PageRequest::new(3, &token, "list").unwrap()).await.unwrap();
    assert_eq!(ids(&next.items), ["d_1", "e.2", "z"]);
    assert_eq!(next.last_key, None);
    assert_eq!(store.list_agents(&tenant("no"), &PageRequest::first(3)).await, Err(StoreError::NotFound));
    assert_eq!(
        store.list_audit_entries(&tenant("no"), AuditScope::Id, &PageRequest::first(3)).await,
        Err(StoreError::NotFound)
    );
}

on_each_engine!(forged_keys_are_refused_or_just_a_position);
async fn forged_keys_are_refused_or_just_a_position(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    create_tenant_with_agents(store.as_ref(), "acme", 0, &["a"]).await;
    for key in ["' OR 1=1 --", "1; DROP TABLE agents", "", "\u{fffd}"] {
        let page = PageRequest::after(10, key.to_owned());
        assert!(matches!(store.list_words(&tenant_owner("acme"), &page).await, Err(StoreError::PageToken(_))));
        assert!(matches!(
            store.list_audit_entries(&tenant("acme"), AuditScope::Tenant, &page).await,
            Err(StoreError::PageToken(_))
        ));
        assert!(store.list_agents(&tenant("acme"), &page).await.unwrap().items.len() <= 1);
    }
}
