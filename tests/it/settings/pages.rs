//! Pages lead through a list once, whatever changes meanwhile.

use vermilion::settings::{Page, StoreError};

use super::{
    engines::Fresh,
    support::{agent, by, fill, own, recognition, tenant},
};

#[tokio::test]
async fn what_comes_and_goes_neither_repeats_nor_hides_the_rest() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        fill(store.as_ref(), "acme", 0, &["a", "B", "c", "d-1", "d_1", "e.2"]).await;
        let first = store.agents(&tenant("acme"), &Page::first(3)).await.unwrap();
        let ids =
            |items: &[vermilion::settings::Agent]| items.iter().map(|agent| agent.id.to_string()).collect::<Vec<_>>();
        // By bytes, in any locale.
        assert_eq!(ids(&first.items), ["B", "a", "c"], "{engine}");
        store.delete_agent(&tenant("acme"), &agent("c"), "", &by(2)).await.unwrap();
        store.delete_agent(&tenant("acme"), &agent("d-1"), "", &by(2)).await.unwrap();
        store.create_agent(&tenant("acme"), &agent("b"), &recognition(false), &by(3)).await.unwrap();
        store.create_agent(&tenant("acme"), &agent("z"), &recognition(false), &by(3)).await.unwrap();
        let token = first.token("list");
        let next = store.agents(&tenant("acme"), &Page::new(3, &token, "list").unwrap()).await.unwrap();
        assert_eq!(ids(&next.items), ["d_1", "e.2", "z"], "{engine}");
        assert_eq!(next.last, None, "{engine}");
        assert_eq!(store.agents(&tenant("no"), &Page::first(3)).await, Err(StoreError::NotFound), "{engine}");
        assert_eq!(store.audit_entries(&tenant("no"), &Page::first(3)).await, Err(StoreError::NotFound));
    }
}

#[tokio::test]
async fn forged_keys_find_nothing() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        fill(store.as_ref(), "acme", 0, &["a"]).await;
        for key in ["' OR 1=1 --", "1; DROP TABLE agents", "", "\u{fffd}"] {
            let page = Page::after(10, key.to_owned());
            assert!(matches!(store.words(&own("acme"), &page).await, Err(StoreError::PageToken(_))), "{engine}");
            assert!(matches!(store.audit_entries(&tenant("acme"), &page).await, Err(StoreError::PageToken(_))));
            assert!(store.agents(&tenant("acme"), &page).await.unwrap().items.len() <= 1, "{engine}");
        }
    }
}
