//! One tenant that writes without end, and the others: whoever else writes waits for one change of its, not for all of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, SystemTime},
};

use tokio::task::JoinHandle;
use vermilion::{
    polishing::{
        conditions::PolishLimits,
        quota::{QuotaLedger, ReservationOutcome, ReservationRequest},
    },
    settings::{DictionaryOwner, SettingsStore, StoreError},
    storage::{DatabaseStore, PostgresEngine, SqliteEngine},
};

use super::{
    engines::TIMEOUT,
    support::{agent, author_at, create_tenant_with_agents, tenant, tenant_owner},
};
use crate::support::engines::{StorageEngine, create_postgres_database, on_each_engine};

/// As many loops as one tenant writes in; fewer than may wait.
const LOOPS: usize = 24;

/// Words of a batch: a change that takes a while.
const BATCH: usize = 400;

struct Loader {
    done: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    loops: Vec<JoinHandle<()>>,
}

impl Loader {
    async fn start(store: &Arc<DatabaseStore>) -> Self {
        let (done, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let write = |at: usize| {
            let (store, done, stop) = (Arc::clone(store), Arc::clone(&done), Arc::clone(&stop));
            tokio::spawn(async move {
                // A dictionary of its own each, as one is full after a while.
                let owner = DictionaryOwner::agent(tenant("loader"), agent(&format!("a{at}")));
                for round in 0.. {
                    if stop.load(SeqCst) {
                        return;
                    }
                    let texts: Vec<_> = (0..BATCH).map(|n| format!("w{at}x{round}x{n}")).collect();
                    match store.create_words(&owner, &texts, &author_at(2)).await {
                        Ok(_) => done.fetch_add(1, SeqCst),
                        Err(StoreError::DictionaryFull { .. }) => return,
                        Err(error) => panic!("{error}"),
                    };
                }
            })
        };
        let loops = (0..LOOPS).map(write).collect();
        let loader = Self { done, stop, loops };
        while loader.done() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        loader
    }

    fn done(&self) -> usize {
        self.done.load(SeqCst)
    }

    async fn end(self) {
        self.stop.store(true, SeqCst);
        for task in self.loops {
            task.await.unwrap();
        }
    }
}

async fn open(engine: StorageEngine) -> (Arc<DatabaseStore>, Option<tempfile::TempDir>) {
    let (store, folder) = match engine {
        StorageEngine::Sqlite => {
            let folder = tempfile::tempdir().unwrap();
            let engine = SqliteEngine::open(&folder.path().join("settings.db"), 4).await.unwrap();
            (DatabaseStore::new(engine, TIMEOUT), Some(folder))
        }
        StorageEngine::Postgres => {
            let engine = PostgresEngine::open(&create_postgres_database().await, 5, TIMEOUT).await.unwrap();
            (DatabaseStore::new(engine, TIMEOUT), None)
        }
    };
    let agents: Vec<_> = (0..LOOPS).map(|at| format!("a{at}")).collect();
    let agents: Vec<_> = agents.iter().map(String::as_str).collect();
    create_tenant_with_agents(&store, "loader", 1, &agents).await;
    create_tenant_with_agents(&store, "other", 1, &["ana"]).await;
    (Arc::new(store), folder)
}

/// A place in the ledger, had and given back: two changes.
async fn polish(ledger: &dyn QuotaLedger, id: &str) {
    let (tenant, agent) = (tenant("other"), agent("ana"));
    let claim = ReservationRequest {
        polish_id: id,
        tenant: &tenant,
        agent: &agent,
        conversation: id,
        request: None,
        limits: PolishLimits { conversation: 1, agent_daily: 100, tenant_daily: 100 },
        now: SystemTime::UNIX_EPOCH,
        expires: SystemTime::UNIX_EPOCH + TIMEOUT,
    };
    let reserved = ledger.reserve(&claim).await.unwrap();
    ledger.end_reservation(&tenant, &reserved, ReservationOutcome::Charged, 1).await.unwrap();
}

on_each_engine!(who_writes_little_waits_for_one_change_of_who_writes_much);
async fn who_writes_little_waits_for_one_change_of_who_writes_much(engine: StorageEngine) {
    let (store, _folder) = open(engine).await;
    let loader = Loader::start(&store).await;
    // Counted for ten of each; that a count is read late on a busy machine is a matter of few.
    let (mut of_ledger, mut of_settings) = (0, 0);
    for n in 0..10 {
        let before = loader.done();
        polish(store.as_ref(), &format!("p{n}")).await;
        of_ledger += loader.done() - before;
        let before = loader.done();
        store.create_word(&tenant_owner("other"), &format!("word{n}"), &author_at(3)).await.unwrap();
        of_settings += loader.done() - before;
    }
    loader.end().await;
    // Without turns each waits for all that stand before it: 24 changes of the loader, or twice that.
    assert!(of_ledger <= 120, "{of_ledger} batches were written while ten polishes waited twice each");
    assert!(of_settings <= 80, "{of_settings} batches were written while ten changes waited");
}

on_each_engine!(a_tenant_that_has_too_many_changes_waiting_is_told_at_once);
async fn a_tenant_that_has_too_many_changes_waiting_is_told_at_once(engine: StorageEngine) {
    let (store, _folder) = open(engine).await;
    let write = |n: usize| {
        let store = Arc::clone(&store);
        let texts: Vec<_> = (0..BATCH).map(|at| format!("w{n}x{at}")).collect();
        tokio::spawn(async move { store.create_words(&tenant_owner("loader"), &texts, &author_at(2)).await })
    };
    let (mut written, mut refused) = (0, 0);
    for write in (0..100).map(write).collect::<Vec<_>>() {
        match write.await.unwrap() {
            Ok(words) => written += words.len() / BATCH,
            Err(StoreError::Busy { limit: 32 }) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(written >= 33 && refused > 0 && written + refused == 100, "{written} written, {refused} refused");
    store.create_word(&tenant_owner("loader"), "again", &author_at(3)).await.unwrap();
}
