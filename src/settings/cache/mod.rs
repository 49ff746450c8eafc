//! The cache between every call and the store. Its time to live is the guarantee: nothing it says is older, except that
//! spelling goes on with what was last known. News from the store only make it faster. Knows no database.
//!
//! A tenant's versions tell whether anything of it has changed, so once in a time to live each tenant in use costs the store
//! one small question, however many agents it has. Entries never change: they are replaced.
//!
//! An answer of the store carries a stamp of the time at which its question was put, and forgetting makes older stamps
//! invalid (`stamps.rs`), so an answer that a change has overtaken is not kept. Whoever writes through a replica
//! forgets afterwards, also when the client hangs up or the acknowledgement is lost (`store.rs`).
//!
//! When the store does not answer, entries younger than the time to live still count. After that, polishing is told
//! that settings are unavailable, and spelling goes on with the last known words and language. One call in half a
//! second tries the store again, the others are answered at once (`outage.rs`). Tenants that do not exist are
//! remembered apart and looked up four at a time, so made-up names neither push out real ones nor occupy the database.

mod outage;
mod stamps;
mod store;

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    sync::Arc,
    time::Duration,
};

use quick_cache::{Equivalent, OptionsBuilder, Weighter, sync::Cache as Map};
use tokio::{
    sync::{Mutex, Semaphore},
    time::{Instant, timeout},
};

use self::{
    outage::Outage,
    stamps::{Stamp, Stamps},
};
use super::{
    Agent, AgentId, PolishingSettings, SettingsReader, SettingsStore, SettingsUnavailable, SpellingSettings,
    StoreError, Tenant, TenantId,
    store::{ChangeNotice, SettingsSnapshot, SettingsVersions},
};
use vermilion_engine::glossary::Glossary;

/// How much the cache holds, in words or what weighs as much (about 100 bytes): tenants and agents each count their own words,
/// as agents share those of their tenant.
const WEIGHT: u64 = 2_000_000;

/// So many words are put into a glossary at once, in some 0.4 ms.
const FEW_WORDS: usize = 200;

/// Parts of a map with a lock of their own; the heaviest entry must fit into one.
const SHARDS: usize = 8;

/// Tenants that do not exist, which are remembered as well.
const STRANGERS: usize = 10_000;

/// How many tenants that are not in the cache are looked for at once: names that someone makes up wait for each other and
/// leave the store to those that it knows.
const LOOKING: usize = 4;

/// Loads of different tenants, and of different agents, that may run side by side without waiting for each other by chance.
const LOCKS: usize = 64;

/// The longest that spelling waits for the store before it goes on with what was last known.
const PATIENCE: Duration = Duration::from_secs(1);

/// A cache over a store. As [`SettingsStore`] it changes what is kept and forgets what it knew of it; as [`SettingsReader`] it answers calls.
pub struct Cache {
    store: Arc<dyn SettingsStore>,
    ttl: Duration,
    tenants: Map<TenantId, Arc<TenantEntry>, EntryWeighter>,
    strangers: Map<TenantId, Arc<TenantEntry>>,
    agents: Map<AgentKey, Arc<AgentEntry>, EntryWeighter>,
    stamps: Stamps,
    outage: Outage,
    looking: Semaphore,
    hasher: RandomState,
    tenant_locks: Vec<Mutex<()>>,
    agent_locks: Vec<Mutex<()>>,
}

/// What is known of a tenant.
struct TenantEntry {
    /// `None`: it does not exist.
    known: Option<Arc<KnownTenant>>,
    stamp: Stamp,
    until: Instant,
}

struct KnownTenant {
    versions: SettingsVersions,
    tenant: Arc<Tenant>,
    administrator_agent: Option<Arc<Agent>>,
    language_code: Arc<str>,
    glossary: Arc<Glossary>,
}

/// What is known of an agent, as of a version of its tenant's settings.
struct AgentEntry {
    version: i64,
    /// `None`: there is no record.
    agent: Option<Arc<Agent>>,
    /// Over the tenant's words.
    glossary: Arc<Glossary>,
    /// How many words it has of its own.
    own_words: u64,
}

/// What is known of both, of the same instant.
struct Found {
    known: Option<Arc<KnownTenant>>,
    agent: Option<Arc<AgentEntry>>,
}

/// By the runtime's clock, which tests can stop.
#[expect(clippy::disallowed_methods, reason = "what the cache holds lives for a time")]
fn now() -> Instant {
    Instant::now()
}

/// Random, so that nobody can choose names that wait for each other.
#[expect(clippy::disallowed_methods, reason = "what is random about it is the point")]
fn hasher() -> RandomState {
    RandomState::new()
}

impl Cache {
    /// Over a store; nothing it says is older than `ttl`.
    #[must_use]
    pub fn new(store: Arc<dyn SettingsStore>, ttl: Duration) -> Self {
        let locks = || (0..LOCKS).map(|_| Mutex::new(())).collect();
        Self {
            store,
            ttl,
            tenants: map(),
            strangers: Map::new(STRANGERS),
            agents: map(),
            stamps: Stamps::new(),
            outage: Outage::new(),
            looking: Semaphore::new(LOOKING),
            hasher: hasher(),
            tenant_locks: locks(),
            agent_locks: locks(),
        }
    }

    /// Follows the news of the store until it is dropped: what others change is then known at once.
    pub async fn follow(&self) {
        self.store.watch_changes(&|changed| self.forget(&changed)).await;
    }

    fn forget(&self, changed: &ChangeNotice) {
        match changed {
            ChangeNotice::Tenant(tenant) => self.stamps.renew(self.spread(tenant)),
            ChangeNotice::Anything => {
                self.stamps.renew_all();
                // It may be back.
                self.outage.over();
            }
        }
    }

    /// What is known and recent enough. No waiting, no allocation.
    fn recent(&self, tenant: &TenantId, agent: Option<&AgentId>) -> Option<Found> {
        let entry = self.tenants.get(tenant).or_else(|| self.strangers.get(tenant))?;
        if !self.is_recent(&entry, tenant) {
            return None;
        }
        let Some(known) = entry.known.as_ref() else { return Some(Found { known: None, agent: None }) };
        let agent = match agent {
            None => None,
            Some(agent) => {
                Some(self.agents.get(&(tenant, agent)).filter(|found| found.version == known.versions.settings)?)
            }
        };
        Some(Found { known: Some(Arc::clone(known)), agent })
    }

    fn is_recent(&self, entry: &TenantEntry, tenant: &TenantId) -> bool {
        entry.stamp == self.stamps.now(self.spread(tenant)) && now() < entry.until
    }

    /// What is known, or else what the store says; whoever asks for the same waits and is told the same.
    async fn found(&self, tenant: &TenantId, agent: Option<&AgentId>) -> Result<Found, StoreError> {
        if let Some(found) = self.recent(tenant, agent) {
            return Ok(found);
        }
        let _place = match self.tenants.contains_key(tenant) {
            true => None,
            false => Some(self.looking.acquire().await.map_err(|_| StoreError::Unavailable)?),
        };
        let lock = self.tenant_locks[self.spread(tenant) % LOCKS].lock().await;
        let fresh = self.tenants.peek(tenant).filter(|entry| self.is_recent(entry, tenant));
        let (Some(agent), Some(_)) = (agent, fresh) else {
            return match self.recent(tenant, agent) {
                Some(found) => Ok(found),
                None => self.load(tenant, agent).await,
            };
        };
        // Only the agent is missing: a thousand of them after one change need not wait for each other.
        drop(lock);
        let _lock = self.agent_locks[self.spread(&(tenant, agent)) % LOCKS].lock().await;
        match self.recent(tenant, Some(agent)) {
            Some(found) => Ok(found),
            None => self.load(tenant, Some(agent)).await,
        }
    }

    /// Asks the store, unless it has just failed.
    async fn load(&self, tenant: &TenantId, agent: Option<&AgentId>) -> Result<Found, StoreError> {
        if !self.outage.may_try(now()) {
            return Err(StoreError::Unavailable);
        }
        let asking = self.outage.asking();
        let answer = self.ask(tenant, agent).await;
        asking.answered(!matches!(answer, Err(StoreError::Unavailable)));
        answer
    }

    async fn ask(&self, tenant: &TenantId, agent: Option<&AgentId>) -> Result<Found, StoreError> {
        // Both from before the question: what changes meanwhile makes the answer old.
        let (stamp, until) = (self.stamps.now(self.spread(tenant)), now() + self.ttl);
        let entry = |known| Arc::new(TenantEntry { known, stamp, until });
        let old = self.tenants.peek(tenant).and_then(|entry| entry.known.clone());
        if let Some(old) = &old {
            let kept = agent.map(|agent| self.agents.peek(&(tenant, agent)));
            let kept = kept.map(|kept| kept.filter(|kept| kept.version == old.versions.settings));
            // Where an agent is missing there is something to read in any case.
            if !matches!(kept, Some(None)) && self.store.get_versions(tenant).await? == Some(old.versions) {
                self.tenants.insert(tenant.clone(), entry(Some(Arc::clone(old))));
                return Ok(Found { known: Some(Arc::clone(old)), agent: kept.flatten() });
            }
        }
        let snapshot = self.store.get_snapshot(tenant, agent, old.as_ref().map(|old| old.versions.words)).await?;
        let Some(snapshot) = snapshot else {
            self.tenants.remove(tenant);
            self.strangers.insert(tenant.clone(), entry(None));
            return Ok(Found { known: None, agent: None });
        };
        let (known, found) = understand(snapshot, old).await;
        self.tenants.insert(tenant.clone(), entry(Some(Arc::clone(&known))));
        self.strangers.remove(tenant);
        let agent = agent.map(|agent| {
            let found = Arc::new(found);
            self.agents.insert(AgentKey(tenant.clone(), agent.clone()), Arc::clone(&found));
            found
        });
        Ok(Found { known: Some(known), agent })
    }

    /// What was last known, however long ago.
    fn remembered(&self, tenant: &TenantId, agent: Option<&AgentId>) -> Found {
        let known = self.tenants.peek(tenant).and_then(|entry| entry.known.clone());
        let agent = if known.is_some() { agent.and_then(|agent| self.agents.peek(&(tenant, agent))) } else { None };
        Found { known, agent }
    }

    fn spread(&self, key: &(impl Hash + ?Sized)) -> usize {
        usize::try_from(self.hasher.hash_one(key) & 0xffff_ffff).unwrap_or_default()
    }
}

#[async_trait::async_trait]
impl SettingsReader for Cache {
    async fn polishing_settings(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
    ) -> Result<PolishingSettings, SettingsUnavailable> {
        let found = self.found(tenant, agent).await.map_err(|_| SettingsUnavailable)?;
        let Some(known) = &found.known else { return Ok(PolishingSettings::default()) };
        Ok(PolishingSettings {
            tenant: Some(Arc::clone(&known.tenant)),
            administrator_agent: known.administrator_agent.clone(),
            caller: found.agent.as_ref().and_then(|found| found.agent.clone()),
        })
    }

    async fn spelling_settings(&self, tenant: &TenantId, agent: Option<&AgentId>) -> SpellingSettings {
        let found = match self.recent(tenant, agent) {
            Some(found) => found,
            None => match timeout(PATIENCE, self.found(tenant, agent)).await {
                Ok(Ok(found)) => found,
                Ok(Err(_)) | Err(_) => self.remembered(tenant, agent),
            },
        };
        let Some(known) = &found.known else { return SpellingSettings::default() };
        SpellingSettings {
            language_code: Arc::clone(&known.language_code),
            glossary: Arc::clone(found.agent.as_ref().map_or(&known.glossary, |agent| &agent.glossary)),
        }
    }
}

/// Takes over from `old` what has not changed.
async fn understand(snapshot: SettingsSnapshot, old: Option<Arc<KnownTenant>>) -> (Arc<KnownTenant>, AgentEntry) {
    let SettingsSnapshot { versions, tenant, administrator_agent, words, agent, agent_words } = snapshot;
    let glossary = match (words, old) {
        (None, Some(old)) => Arc::clone(&old.glossary),
        (words, _) => laid_over(&Arc::default(), words.unwrap_or_default()).await,
    };
    // Few agents have words of their own; the others share their tenant's glossary itself.
    let own = laid_over(&glossary, agent_words).await;
    let own_words = (own.len() - glossary.len()) as u64;
    let entry = AgentEntry { version: versions.settings, agent: agent.map(Arc::new), glossary: own, own_words };
    let known = KnownTenant {
        versions,
        language_code: tenant.fields.language_code.as_str().into(),
        tenant: Arc::new(tenant),
        administrator_agent: administrator_agent.map(Arc::new),
        glossary,
    };
    (Arc::new(known), entry)
}

/// Words over a glossary, which is shared. Many take longer than a thread that serves other calls may be held.
async fn laid_over(glossary: &Arc<Glossary>, words: Vec<String>) -> Arc<Glossary> {
    if words.is_empty() {
        return Arc::clone(glossary);
    }
    if words.len() <= FEW_WORDS {
        return Arc::new(glossary.with_words(words));
    }
    let below = Arc::clone(glossary);
    #[expect(clippy::disallowed_methods, reason = "it computes, and nothing of it outlives the process")]
    let building = tokio::task::spawn_blocking(move || Arc::new(below.with_words(words)));
    // It does not panic; and if it did, the tenant's spelling would go on without these words.
    building.await.unwrap_or_else(|_| Arc::clone(glossary))
}

/// An agent in its tenant; looked up without making one.
#[derive(Debug, PartialEq, Eq, Hash)]
struct AgentKey(TenantId, AgentId);

impl Equivalent<AgentKey> for (&TenantId, &AgentId) {
    fn equivalent(&self, key: &AgentKey) -> bool {
        *self.0 == key.0 && *self.1 == key.1
    }
}

/// How much an entry counts for.
#[derive(Clone, Copy, Debug)]
struct EntryWeighter;

impl Weighter<TenantId, Arc<TenantEntry>> for EntryWeighter {
    fn weight(&self, _: &TenantId, entry: &Arc<TenantEntry>) -> u64 {
        // A tenant's own records weigh as much as some words.
        10 + entry.known.as_ref().map_or(0, |known| known.glossary.len() as u64)
    }
}

impl Weighter<AgentKey, Arc<AgentEntry>> for EntryWeighter {
    fn weight(&self, _: &AgentKey, entry: &Arc<AgentEntry>) -> u64 {
        5 + entry.own_words
    }
}

fn map<K: Eq + Hash, V: Clone>() -> Map<K, V, EntryWeighter>
where
    EntryWeighter: Weighter<K, V>,
{
    let options = OptionsBuilder::new().estimated_items_capacity(10_000).weight_capacity(WEIGHT).shards(SHARDS).build();
    match options {
        Ok(options) => Map::with_options(options, EntryWeighter, Default::default(), Default::default()),
        // Only missing options are an error.
        Err(_) => Map::with_weighter(10_000, WEIGHT, EntryWeighter),
    }
}
