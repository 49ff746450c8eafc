//! The cache: what it asks the store, how old it lets anything become, and what it says when the store is down. The clock
//! stands still except where a test moves it, and the store is a table.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, SystemTime},
};

use tokio::{
    sync::{Notify, mpsc},
    time::{advance, sleep},
};
use vermilion::settings::{
    Agent, AgentFields, AgentId, AgentType, AgentUpdate, AuditContext, Cache, DictionaryOwner, DictionaryWord,
    DictionaryWordId, PageRequest, PagedItems, SettingsReader, SettingsStore, SettingsUnavailable, StoreError, Tenant,
    TenantFields, TenantId, TenantUpdate,
    audit::{AuditEntry, AuditScope},
    learning::{DictionaryCandidate, LearningStore, SpellingFeedback},
    name::DictionaryCandidateId,
    store::{ChangeNotice, SettingsSnapshot, SettingsVersions},
};

use super::support::{agent, author_at, recognition_change, tenant};

const TTL: Duration = Duration::from_secs(5);

/// A store whose every agent exists, with the switch as in the table.
struct Table {
    /// Of each tenant: how often it has changed, and whether its agents' switches are on.
    tenants: Mutex<HashMap<TenantId, (i64, bool)>>,
    down: AtomicBool,
    /// Words of each tenant; if more than one, each agent has one, too.
    words: AtomicUsize,
    /// If set, answers wait for the bell once they have been read.
    slow: AtomicBool,
    bell: Notify,
    asked: AtomicUsize,
    read: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    news: Mutex<Option<mpsc::UnboundedReceiver<ChangeNotice>>>,
}

impl Table {
    fn new(ids: &[&str]) -> (Arc<Self>, mpsc::UnboundedSender<ChangeNotice>) {
        let (tell, news) = mpsc::unbounded_channel();
        let table = Self {
            tenants: Mutex::new(ids.iter().map(|id| (tenant(id), (1, true))).collect()),
            down: AtomicBool::new(false),
            words: AtomicUsize::new(1),
            slow: AtomicBool::new(false),
            bell: Notify::new(),
            asked: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            news: Mutex::new(Some(news)),
        };
        (Arc::new(table), tell)
    }

    fn turn(&self, id: &str, on: bool) {
        let mut tenants = self.tenants.lock().unwrap();
        let entry = tenants.entry(tenant(id)).or_insert((0, on));
        *entry = (entry.0 + 1, on);
    }

    /// Questions about versions, and snapshots, since the last time.
    fn counts(&self) -> (usize, usize) {
        (self.asked.swap(0, SeqCst), self.read.swap(0, SeqCst))
    }

    async fn answer<T>(&self, value: Option<T>) -> Result<Option<T>, StoreError> {
        let now = self.at_once.fetch_add(1, SeqCst) + 1;
        self.most_at_once.fetch_max(now, SeqCst);
        if self.slow.load(SeqCst) {
            self.bell.notified().await;
        } else {
            tokio::task::yield_now().await;
        }
        self.at_once.fetch_sub(1, SeqCst);
        if self.down.load(SeqCst) { Err(StoreError::Unavailable) } else { Ok(value) }
    }

    fn entry(&self, id: &TenantId) -> Option<(i64, bool)> {
        self.tenants.lock().unwrap().get(id).copied()
    }
}

#[async_trait::async_trait]
impl SettingsStore for Table {
    async fn get_versions(&self, id: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
        self.asked.fetch_add(1, SeqCst);
        self.answer(self.entry(id).map(|(settings, _)| SettingsVersions { settings, words: 1 })).await
    }

    async fn get_snapshot(
        &self,
        id: &TenantId,
        caller: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError> {
        self.read.fetch_add(1, SeqCst);
        let words = self.words.load(SeqCst);
        let record = |id: &TenantId, caller: &AgentId, on| Agent {
            tenant: id.clone(),
            id: caller.clone(),
            etag: String::new(),
            fields: AgentFields { kind: AgentType::Audio, intelligent_recognition: on, reply_polishing: on },
            created: author_at(0).time,
            updated: author_at(0).time,
        };
        let snapshot = self.entry(id).map(|(settings, on)| SettingsSnapshot {
            versions: SettingsVersions { settings, words: 1 },
            tenant: Tenant {
                id: id.clone(),
                etag: String::new(),
                fields: TenantFields {
                    refine_response_enabled: true,
                    intelligent_agent_limit: 1,
                    language_code: "pt-BR".to_owned(),
                    conversation_polish_limit: 1,
                    agent_daily_polish_limit: 1,
                    tenant_daily_polish_limit: 1,
                    ..TenantFields::default()
                },
                intelligent_agent_count: 1,
                created: author_at(0).time,
                updated: author_at(0).time,
            },
            administrator_agent: None,
            words: (words_known != Some(1)).then(|| {
                let more = (1..words).map(|number| format!("word{number}"));
                more.chain(["FreteBox".to_owned()]).collect()
            }),
            agent: caller.map(|caller| record(id, caller, on)),
            agent_words: caller.filter(|_| words > 1).map(|caller| format!("of-{caller}")).into_iter().collect(),
        });
        self.answer(snapshot).await
    }

    async fn update_agent(
        &self,
        id: &TenantId,
        _: &AgentId,
        change: &AgentUpdate,
        _: &str,
        _: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.turn(id.as_str(), change.intelligent_recognition.unwrap());
        Err(StoreError::Unavailable)
    }

    async fn watch_changes(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        let mut news = self.news.lock().unwrap().take().unwrap();
        while let Some(changed) = news.recv().await {
            tell(changed);
        }
    }

    async fn get_tenant(&self, _: &TenantId) -> Result<Option<Tenant>, StoreError> {
        unreachable!()
    }
    async fn list_tenants(&self, _: &PageRequest) -> Result<PagedItems<Tenant>, StoreError> {
        unreachable!()
    }
    async fn create_tenant(&self, _: &TenantId, _: &TenantFields, _: &AuditContext) -> Result<Tenant, StoreError> {
        unreachable!()
    }
    async fn update_tenant(
        &self,
        _: &TenantId,
        _: &TenantUpdate,
        _: &str,
        _: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        unreachable!()
    }
    async fn delete_tenant(&self, _: &TenantId, _: &str, _: &AuditContext) -> Result<(), StoreError> {
        unreachable!()
    }
    async fn get_agent(&self, _: &TenantId, _: &AgentId) -> Result<Option<Agent>, StoreError> {
        unreachable!()
    }
    async fn list_agents(&self, _: &TenantId, _: &PageRequest) -> Result<PagedItems<Agent>, StoreError> {
        unreachable!()
    }
    async fn create_agent(
        &self,
        _: &TenantId,
        _: &AgentId,
        _: &AgentFields,
        _: &AuditContext,
    ) -> Result<Agent, StoreError> {
        unreachable!()
    }
    async fn delete_agent(&self, _: &TenantId, _: &AgentId, _: &str, _: &AuditContext) -> Result<(), StoreError> {
        unreachable!()
    }
    fn check_line(&self, _: &DictionaryOwner) -> Result<(), StoreError> {
        unreachable!()
    }

    async fn list_words(&self, _: &DictionaryOwner, _: &PageRequest) -> Result<PagedItems<DictionaryWord>, StoreError> {
        unreachable!()
    }
    async fn create_word(&self, _: &DictionaryOwner, _: &str, _: &AuditContext) -> Result<DictionaryWord, StoreError> {
        unreachable!()
    }
    async fn create_words(
        &self,
        _: &DictionaryOwner,
        _: &[String],
        _: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        unreachable!()
    }
    async fn delete_word(&self, _: &DictionaryOwner, _: DictionaryWordId, _: &AuditContext) -> Result<(), StoreError> {
        unreachable!()
    }
    async fn list_audit_entries(
        &self,
        _: &TenantId,
        _: AuditScope,
        _: &PageRequest,
    ) -> Result<PagedItems<AuditEntry>, StoreError> {
        unreachable!()
    }
}

#[async_trait::async_trait]
impl LearningStore for Table {
    async fn record_spelling_feedback(
        &self,
        _: &TenantId,
        _: &AgentId,
        _: &[SpellingFeedback],
        _: SystemTime,
    ) -> Result<(), StoreError> {
        unreachable!()
    }

    async fn list_candidates(
        &self,
        _: &TenantId,
        _: u32,
        _: SystemTime,
        _: &PageRequest,
    ) -> Result<PagedItems<DictionaryCandidate>, StoreError> {
        unreachable!()
    }

    async fn accept_candidate(
        &self,
        _: &TenantId,
        _: DictionaryCandidateId,
        _: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        unreachable!()
    }

    async fn dismiss_candidate(
        &self,
        _: &TenantId,
        _: DictionaryCandidateId,
        _: &AuditContext,
    ) -> Result<(), StoreError> {
        unreachable!()
    }

    async fn delete_expired_candidates(&self, _: SystemTime) -> Result<u64, StoreError> {
        unreachable!()
    }
}

/// Whether the agent's switch is on; `None`: no such tenant.
async fn is_on(cache: &Cache, id: &str, caller: &str) -> Result<Option<bool>, SettingsUnavailable> {
    let view = cache.polishing_settings(&tenant(id), Some(&agent(caller))).await?;
    Ok(view.tenant.is_some().then(|| view.caller.is_some_and(|caller| caller.fields.intelligent_recognition)))
}

#[tokio::test(start_paused = true)]
async fn in_a_time_to_live_a_tenant_costs_one_question_however_many_agents_it_has() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Cache::new(table.clone(), TTL);
    let all = || async {
        for n in 0..100 {
            assert_eq!(is_on(&cache, "acme", &format!("agent{n}")).await, Ok(Some(true)));
        }
    };
    all().await;
    assert_eq!(table.counts().1, 100);
    all().await;
    assert_eq!(table.counts(), (0, 0));
    advance(TTL).await;
    all().await;
    assert_eq!(table.counts(), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_older_than_the_time_to_live() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Cache::new(table.clone(), TTL);
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    assert_eq!(is_on(&cache, "never", "ana").await, Ok(None));
    table.turn("acme", false);
    table.turn("never", true);
    advance(TTL - Duration::from_millis(1)).await;
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    assert_eq!(is_on(&cache, "never", "ana").await, Ok(None));
    advance(Duration::from_millis(1)).await;
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(false)));
    assert_eq!(is_on(&cache, "never", "ana").await, Ok(Some(true)));
}

#[tokio::test(start_paused = true)]
async fn news_and_own_changes_are_seen_at_once() {
    let (table, tell) = Table::new(&["acme", "other"]);
    let cache = Arc::new(Cache::new(table.clone(), TTL));
    let follower = Arc::clone(&cache);
    let following = tokio::spawn(async move { follower.follow().await });
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    assert_eq!(is_on(&cache, "other", "ana").await, Ok(Some(true)));
    table.turn("acme", false);
    tell.send(ChangeNotice::Tenant(tenant("acme"))).unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(false)));
    table.turn("acme", true);
    table.turn("other", false);
    tell.send(ChangeNotice::Anything).unwrap();
    sleep(Duration::from_millis(1)).await;
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    assert_eq!(is_on(&cache, "other", "ana").await, Ok(Some(false)));
    // Even one whose acknowledgement was lost.
    let lost = cache.update_agent(&tenant("acme"), &agent("ana"), &recognition_change(false), "", &author_at(1)).await;
    assert_eq!(lost, Err(StoreError::Unavailable));
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(false)));
    following.abort();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_a_change_has_overtaken_is_not_kept() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Arc::new(Cache::new(table.clone(), TTL));
    table.slow.store(true, SeqCst);
    let early = Arc::clone(&cache);
    let early = tokio::spawn(async move { is_on(&early, "acme", "ana").await });
    sleep(Duration::from_millis(1)).await;
    let _ = cache.update_agent(&tenant("acme"), &agent("ana"), &recognition_change(false), "", &author_at(1)).await;
    table.slow.store(false, SeqCst);
    table.bell.notify_waiters();
    // It was asked before the change.
    assert_eq!(early.await.unwrap(), Ok(Some(true)));
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(false)));
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_down_polishing_is_closed_and_spelling_goes_on() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Cache::new(table.clone(), TTL);
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    table.down.store(true, SeqCst);
    advance(TTL - Duration::from_millis(1)).await;
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    advance(Duration::from_millis(1)).await;
    for _ in 0..100 {
        assert_eq!(is_on(&cache, "acme", "ana").await, Err(SettingsUnavailable));
        let spelling = cache.spelling_settings(&tenant("acme"), Some(&agent("ana"))).await;
        assert_eq!(&*spelling.language_code, "pt-BR");
        assert!(!spelling.glossary.is_empty());
        assert!(cache.spelling_settings(&tenant("never"), None).await.glossary.is_empty());
    }
    // All of them together have asked once.
    assert_eq!(table.counts().0, 1);
    table.turn("acme", false);
    table.down.store(false, SeqCst);
    advance(Duration::from_millis(500)).await;
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(false)));
    assert_eq!(is_on(&cache, "acme", "bruno").await, Ok(Some(false)));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_does_not_hold_spelling_up_for_long() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Cache::new(table.clone(), TTL);
    cache.spelling_settings(&tenant("acme"), None).await;
    table.slow.store(true, SeqCst);
    advance(TTL).await;
    let start = tokio::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(&*cache.spelling_settings(&tenant("acme"), None).await.language_code, "pt-BR");
    }
    assert!(start.elapsed() <= Duration::from_millis(1500), "{:?}", start.elapsed());
}

/// A large tenant whose every agent has a word of its own: the tenant's are kept once, so all of them stay in the cache, and no
/// call builds anything.
#[tokio::test(start_paused = true)]
async fn the_words_of_a_tenant_are_kept_once_for_all_its_agents() {
    let (table, _tell) = Table::new(&["acme"]);
    table.words.store(50_000, SeqCst);
    let cache = Cache::new(table.clone(), TTL);
    let agents: Vec<AgentId> = (0..100).map(|number| agent(&format!("agent-{number}"))).collect();
    for round in 0..2 {
        for id in &agents {
            let glossary = cache.spelling_settings(&tenant("acme"), Some(id)).await.glossary;
            assert_eq!(glossary.len(), 50_001);
            assert!(glossary.contains("FreteBox") && glossary.contains(&format!("of-{id}")));
        }
        assert_eq!(table.counts().1, if round == 0 { 100 } else { 0 }, "snapshots read in round {round}");
    }
    assert_eq!(cache.spelling_settings(&tenant("acme"), None).await.glossary.len(), 50_000);
}

#[tokio::test(start_paused = true)]
async fn those_who_miss_together_ask_once() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Arc::new(Cache::new(table.clone(), TTL));
    let ask = |_| {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { is_on(&cache, "acme", "ana").await })
    };
    for call in (0..200).map(ask).collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Ok(Some(true)));
    }
    assert_eq!(table.counts(), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn made_up_tenants_neither_flood_the_store_nor_push_out_the_real() {
    let (table, _tell) = Table::new(&["acme"]);
    let cache = Arc::new(Cache::new(table.clone(), TTL));
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    for _ in 0..10 {
        assert_eq!(is_on(&cache, "never", "ana").await, Ok(None));
    }
    assert_eq!(table.counts(), (0, 2));
    let ask = |n| {
        let cache = Arc::clone(&cache);
        tokio::spawn(async move { is_on(&cache, &format!("made-up-{n}"), "ana").await })
    };
    for call in (0..30_000).map(ask).collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Ok(None));
    }
    assert!(table.most_at_once.load(SeqCst) <= 4);
    table.counts();
    assert_eq!(is_on(&cache, "acme", "ana").await, Ok(Some(true)));
    assert_eq!(table.counts(), (0, 0));
}
