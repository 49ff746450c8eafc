//! Dictionaries: thousands at a time, all or none, in their order.

use vermilion::settings::{DictionaryOwner, PageRequest, StoreError, rules::MAX_WORDS};

use super::{
    engines::Fresh,
    support::{agent, author_at, create_tenant_with_agents, tenant, tenant_owner},
};
use crate::support::engines::{StorageEngine, on_each_engine};

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

on_each_engine!(words_keep_their_order_and_their_ids);
async fn words_keep_their_order_and_their_ids(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    create_tenant_with_agents(store.as_ref(), "acme", 0, &["ana"]).await;
    let acme = tenant_owner("acme");
    // Case, accents, scripts and quotes are all letters to a store; the last is an attempt.
    let first = texts(&["b", "a", "B", "á", "a", "张伟", "'); DROP TABLE tenants; --", "\\", "😀a"]);
    let added = store.create_words(&acme, &first, &author_at(2)).await.unwrap();
    assert_eq!(added.iter().map(|word| word.text.clone()).collect::<Vec<_>>(), first);
    assert_eq!(added[1].id, added[4].id);
    let again = store.create_words(&acme, &texts(&["new", "b"]), &author_at(3)).await.unwrap();
    assert_eq!((again[1].id, again[1].created), (added[0].id, author_at(2).time));
    let listed = store.list_words(&acme, &PageRequest::first(20)).await.unwrap();
    let expected = ["b", "a", "B", "á", "张伟", "'); DROP TABLE tenants; --", "\\", "😀a", "new"];
    assert_eq!(listed.items.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(store.create_word(&acme, "a", &author_at(4)).await, Err(StoreError::AlreadyExists));
    // An agent's words are others.
    let ana = DictionaryOwner::agent(tenant("acme"), agent("ana"));
    let own = store.create_word(&ana, "a", &author_at(4)).await.unwrap();
    assert_eq!(store.delete_word(&acme, own.id, &author_at(5)).await, Err(StoreError::NotFound));
    store.delete_word(&ana, own.id, &author_at(5)).await.unwrap();
    assert_eq!(store.list_words(&ana, &PageRequest::first(20)).await.unwrap().items, []);
    let nobody = DictionaryOwner::agent(tenant("acme"), agent("nobody"));
    assert_eq!(store.list_words(&nobody, &PageRequest::first(20)).await, Err(StoreError::NotFound));
}

on_each_engine!(a_dictionary_has_an_end);
async fn a_dictionary_has_an_end(engine: StorageEngine) {
    let Fresh { store, .. } = &Fresh::open(engine).await;
    create_tenant_with_agents(store.as_ref(), "acme", 0, &[]).await;
    let acme = tenant_owner("acme");
    let batch = |from: u32, to: u32| (from..to).map(|n| format!("word{n}")).collect::<Vec<_>>();
    for from in (0..MAX_WORDS - 10_000).step_by(10_000) {
        store.create_words(&acme, &batch(from, from + 10_000), &author_at(1)).await.unwrap();
    }
    // Half of it would fit: none of it is taken.
    let full = Err(StoreError::DictionaryFull { limit: MAX_WORDS });
    let rest = MAX_WORDS - 10_000;
    store.create_words(&acme, &batch(rest, MAX_WORDS - 5), &author_at(2)).await.unwrap();
    let before = store.get_versions(&tenant("acme")).await.unwrap();
    assert_eq!(store.create_words(&acme, &batch(MAX_WORDS, MAX_WORDS + 10), &author_at(3)).await, full);
    assert_eq!(store.get_versions(&tenant("acme")).await.unwrap(), before);
    store.create_words(&acme, &batch(MAX_WORDS, MAX_WORDS + 5), &author_at(4)).await.unwrap();
    let one_more = store.create_word(&acme, "more", &author_at(5)).await;
    assert_eq!(one_more, Err(StoreError::DictionaryFull { limit: MAX_WORDS }));
    // What is there already takes no place.
    store.create_words(&acme, &batch(0, 10), &author_at(6)).await.unwrap();
    let snapshot = store.get_snapshot(&tenant("acme"), None, None).await.unwrap().unwrap();
    assert_eq!(snapshot.words.unwrap().len(), MAX_WORDS as usize);
}
