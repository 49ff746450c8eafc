//! What is kept of agents' reports: counts for ever, words within bounds and for a time.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection};
use tokio::task::JoinSet;
use vermilion::settings::{
    PageRequest, SettingsStore, StoreError, TenantUpdate,
    learning::{
        CANDIDATE_RETENTION, DictionaryCandidate, FeedbackAction, FeedbackKey, MAX_AGENTS, MAX_WORDS_OF_AGENT,
        SpellingFeedback,
    },
};

use super::{
    engines::Fresh,
    support::{agent, author_at, create_tenant_with_agents, tenant, tenant_owner},
};
use crate::support::engines::{StorageEngine, on_each_engine};

fn ignored(word: &str) -> SpellingFeedback {
    let key = FeedbackKey { language: "en", kind: "NON_WORD", action: FeedbackAction::Ignored, rank: 0 };
    SpellingFeedback { key, word: Some(word.to_owned()) }
}

fn at(days: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs((20_000 + days) * 24 * 60 * 60)
}

async fn report(store: &dyn SettingsStore, by: &str, words: &[&str], now: SystemTime) {
    let feedback: Vec<_> = words.iter().map(|word| ignored(word)).collect();
    store.record_spelling_feedback(&tenant("acme"), &agent(by), &feedback, now).await.unwrap();
}

async fn listed(store: &dyn SettingsStore, min_agents: u32, now: SystemTime) -> Vec<DictionaryCandidate> {
    store.list_candidates(&tenant("acme"), min_agents, now, &PageRequest::first(1000)).await.unwrap().items
}

async fn learning(engine: StorageEngine) -> Fresh {
    let fresh = Fresh::open(engine).await;
    create_tenant_with_agents(fresh.store.as_ref(), "acme", 0, &["ana", "bruno"]).await;
    let change = TenantUpdate { dictionary_learning: Some(true), ..TenantUpdate::default() };
    fresh.store.update_tenant(&tenant("acme"), &change, "", &author_at(1)).await.unwrap();
    fresh
}

on_each_engine!(words_are_kept_with_counts_and_forgotten_in_time);
async fn words_are_kept_with_counts_and_forgotten_in_time(engine: StorageEngine) {
    let fresh = learning(engine).await;
    let store = fresh.store.as_ref();
    // Case, accents, scripts and quotes are all letters to a store; the last is an attempt.
    let words = ["b", "B", "á", "报歉", "'); DROP TABLE tenants; --"];
    report(store, "ana", &words, at(0)).await;
    report(store, "ana", &["b", "b"], at(1)).await;
    report(store, "bruno", &words, at(2)).await;
    report(store, "bruno", &["alone"], at(2)).await;
    let found = listed(store, 2, at(3)).await;
    assert_eq!(found.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), words);
    let first = &found[0];
    assert_eq!((first.agents, first.ignored, first.added), (2, 4, 0));
    assert_eq!((first.created, first.reported, first.language.as_str()), (at(0), at(2), "en"));
    assert_eq!(listed(store, 1, at(3)).await.len(), 6);
    assert_eq!(listed(store, 3, at(3)).await, []);
    // Page by page, and of no tenant that is not there.
    let page = store.list_candidates(&tenant("acme"), 2, at(3), &PageRequest::first(2)).await.unwrap();
    let next = PageRequest::after(2, page.last_key.unwrap());
    let next = store.list_candidates(&tenant("acme"), 2, at(3), &next).await.unwrap();
    assert_eq!(next.items.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), words[2..4]);
    let nowhere = store.list_candidates(&tenant("nowhere"), 2, at(3), &PageRequest::first(2)).await;
    assert_eq!(nowhere, Err(StoreError::NotFound));
    store.record_spelling_feedback(&tenant("nowhere"), &agent("ana"), &[ignored("b")], at(3)).await.unwrap();

    let last = at(2) + CANDIDATE_RETENTION;
    assert_eq!(store.delete_expired_candidates(last).await, Ok(0));
    assert_eq!(listed(store, 2, last).await.len(), 5);
    report(store, "ana", &["b"], last).await;
    let after = last + Duration::from_secs(1);
    assert_eq!(listed(store, 2, after).await.len(), 1);
    assert_eq!(store.delete_expired_candidates(after).await, Ok(5));
    assert_eq!(listed(store, 1, after).await.len(), 1);
    // An agent that is gone no longer counts.
    store.delete_agent(&tenant("acme"), &agent("ana"), "", &author_at(9)).await.unwrap();
    assert_eq!(listed(store, 1, after).await[0].agents, 1);
}

on_each_engine!(nobody_fills_the_room_alone);
async fn nobody_fills_the_room_alone(engine: StorageEngine) {
    let fresh = learning(engine).await;
    let store = fresh.store.as_ref();
    let most = usize::try_from(MAX_WORDS_OF_AGENT).unwrap();
    let words: Vec<String> = (0..most + 60).map(|number| format!("word{number}")).collect();
    for some in words.chunks(40) {
        report(store, "ana", &some.iter().map(String::as_str).collect::<Vec<_>>(), at(0)).await;
    }
    assert_eq!(listed(store, 1, at(0)).await.len(), most);
    report(store, "bruno", &[&words[0], &words[most + 1]], at(0)).await;
    assert_eq!(listed(store, 2, at(0)).await.len(), 1);
    // She is not counted for what there was no room for.
    report(store, "ana", &[&words[most + 1]], at(1)).await;
    assert_eq!(listed(store, 2, at(1)).await.len(), 1);
    for number in 0..MAX_AGENTS + 5 {
        report(store, &format!("agent{number}"), &["everybody"], at(1)).await;
    }
    assert_eq!(listed(store, MAX_AGENTS, at(1)).await[0].agents, MAX_AGENTS);
}

on_each_engine!(a_candidate_becomes_a_word_or_is_offered_no_more);
async fn a_candidate_becomes_a_word_or_is_offered_no_more(engine: StorageEngine) {
    let fresh = learning(engine).await;
    let store = fresh.store.as_ref();
    let acme = tenant("acme");
    for by in ["ana", "bruno"] {
        report(store, by, &["one", "two", "three"], at(0)).await;
    }
    let [one, two, three] = &listed(store, 2, at(0)).await[..] else { panic!("three") };
    let before = store.get_versions(&acme).await.unwrap().unwrap();
    let word = store.accept_candidate(&acme, one.id, &author_at(2)).await.unwrap();
    assert_eq!((word.text.as_str(), &word.owner), ("one", &tenant_owner("acme")));
    assert!(store.get_versions(&acme).await.unwrap().unwrap().words > before.words);
    assert_eq!(store.accept_candidate(&acme, one.id, &author_at(3)).await, Err(StoreError::NotFound));
    store.dismiss_candidate(&acme, two.id, &author_at(3)).await.unwrap();
    assert_eq!(store.accept_candidate(&acme, two.id, &author_at(3)).await, Err(StoreError::NotFound));
    assert_eq!(store.dismiss_candidate(&tenant("nowhere"), three.id, &author_at(3)).await, Err(StoreError::NotFound));
    // One that is in the dictionary already is what was asked for.
    let there = store.create_word(&tenant_owner("acme"), "three", &author_at(4)).await.unwrap();
    assert_eq!(listed(store, 1, at(0)).await, []);
    assert_eq!(store.accept_candidate(&acme, three.id, &author_at(5)).await, Ok(there));
    report(store, "ana", &["one", "two", "three"], at(1)).await;
    assert_eq!(listed(store, 1, at(1)).await, []);
    store.delete_tenant(&acme, "", &author_at(6)).await.unwrap();
}

// Of the same words by other agents at once, on two replicas: none is lost, and when the tenant wishes so no more, none is left.
on_each_engine!(replicas_lose_no_report_and_keep_none_against_the_tenants_wish);
async fn replicas_lose_no_report_and_keep_none_against_the_tenants_wish(engine: StorageEngine) {
    let fresh = learning(engine).await;
    let replicas = [Arc::clone(&fresh.store), fresh.replica().await];
    let reports = || {
        let mut tasks = JoinSet::new();
        for number in 0..40 {
            let store = Arc::clone(&replicas[number % 2]);
            tasks.spawn(async move {
                report(store.as_ref(), &format!("agent{}", number / 2), &["one", "two"], at(0)).await;
            });
        }
        tasks
    };
    reports().join_all().await;
    for candidate in listed(fresh.store.as_ref(), 2, at(0)).await {
        assert_eq!((candidate.agents, candidate.ignored), (20, 40), "{candidate:?}");
    }
    for _ in 0..3 {
        let running = reports();
        for wish in [false, true] {
            let change = TenantUpdate { dictionary_learning: Some(wish), ..TenantUpdate::default() };
            let store = &replicas[usize::from(wish)];
            store.update_tenant(&tenant("acme"), &change, "", &author_at(2)).await.unwrap();
        }
        running.join_all().await;
        let change = TenantUpdate { dictionary_learning: Some(false), ..TenantUpdate::default() };
        let running = reports();
        fresh.store.update_tenant(&tenant("acme"), &change, "", &author_at(3)).await.unwrap();
        running.join_all().await;
        assert_eq!(listed(fresh.store.as_ref(), 1, at(0)).await, []);
        let change = TenantUpdate { dictionary_learning: Some(true), ..TenantUpdate::default() };
        fresh.store.update_tenant(&tenant("acme"), &change, "", &author_at(4)).await.unwrap();
        assert_eq!(listed(fresh.store.as_ref(), 1, at(0)).await, [], "what was reported meanwhile is not kept");
    }
}

on_each_engine!(reports_are_counted_by_kind_and_language_whoever_wishes_what);
async fn reports_are_counted_by_kind_and_language_whoever_wishes_what(engine: StorageEngine) {
    let fresh = Fresh::open(engine).await;
    let store = fresh.store.as_ref();
    create_tenant_with_agents(store, "acme", 0, &["ana"]).await;
    let accepted = |language, rank| SpellingFeedback {
        key: FeedbackKey { language, kind: "NON_WORD", action: FeedbackAction::Accepted, rank },
        word: None,
    };
    for _ in 0..2 {
        let feedback = [accepted("en", 1), accepted("en", 1), accepted("en", 2), accepted("pt-BR", 1), ignored("word")];
        store.record_spelling_feedback(&tenant("acme"), &agent("ana"), &feedback, at(0)).await.unwrap();
    }
    let sql =
        "SELECT language || ' ' || kind || ' ' || action || ' ' || suggestion || ' ' || count FROM spelling_feedback";
    let lines: Vec<String> = if fresh.location.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&fresh.location).await.unwrap();
        sqlx::query(sql).fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get(0)).collect()
    } else {
        let mut connection = PgConnection::connect(&fresh.location).await.unwrap();
        sqlx::query(sql).fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    let mut lines: Vec<_> = lines.iter().map(String::as_str).collect();
    lines.sort_unstable();
    let expected = [
        "en NON_WORD accepted 1 4",
        "en NON_WORD accepted 2 2",
        "en NON_WORD ignored 0 2",
        "pt-BR NON_WORD accepted 1 2",
    ];
    assert_eq!(lines, expected);
    assert_eq!(listed(store, 1, at(0)).await, []);
}
