//! What the settings add to a call: `cargo bench --bench settings`. A tenant with ten thousand words in SQLite in memory, read
//! through the cache by one thread and by as many as there are processors, which all ask for the same agents.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, and may stop at the first surprise"
)]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use tokio::runtime::Builder;
use vermilion::{
    settings::{
        AgentFields, AgentId, AgentType, AuditContext, Cache, DictionaryOwner, SettingsReader as _, SettingsStore as _,
        TenantFields, TenantId,
    },
    storage::{DatabaseStore, SqliteEngine},
};

const CALLS: u32 = 200_000;
const AGENTS: usize = 100;

fn main() {
    // `cargo test --benches` passes --test: build and go.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (cache, tenant, agents) = filled().await;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        for tasks in [1, threads] {
            let start = Instant::now();
            let work = (0..tasks).map(|_| {
                let (cache, tenant, agents) = (Arc::clone(&cache), tenant.clone(), agents.clone());
                tokio::spawn(async move {
                    for agent in agents.iter().cycle().take(CALLS as usize) {
                        black_box(cache.polishing_settings(&tenant, Some(agent)).await.expect("settings"));
                    }
                })
            });
            for task in work.collect::<Vec<_>>() {
                task.await.expect("no panic");
            }
            println!("the conditions' view from the cache, {tasks} at a time: {:?}", start.elapsed() / CALLS);
        }
        let start = Instant::now();
        for agent in agents.iter().cycle().take(CALLS as usize) {
            black_box(cache.spelling_settings(&tenant, Some(agent)).await);
        }
        println!("language and words from the cache: {:?}", start.elapsed() / CALLS);
    });
}

async fn filled() -> (Arc<Cache>, TenantId, Vec<AgentId>) {
    let by = AuditContext { actor: "bench".to_owned(), request_id: String::new(), time: SystemTime::now() };
    let timeout = Duration::from_secs(60);
    let store = Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.expect("SQLite"), timeout));
    let cache = Arc::new(Cache::new(store, timeout));
    let tenant = TenantId::new("acme").expect("an id");
    cache.create_tenant(&tenant, &TenantFields::default(), &by).await.expect("a tenant");
    let words: Vec<String> = (0..10_000).map(|n| format!("Word{n}x")).collect();
    let adding = Instant::now();
    cache.create_words(&DictionaryOwner::tenant(tenant.clone()), &words, &by).await.expect("words");
    println!("ten thousand words added, with their audit log, in {:?}", adding.elapsed());
    let agents: Vec<_> = (0..AGENTS).map(|n| AgentId::new(&format!("agent{n}")).expect("an id")).collect();
    let fields = AgentFields { kind: AgentType::Versatile, intelligent_recognition: false, reply_polishing: true };
    for agent in &agents {
        cache.create_agent(&tenant, agent, &fields, &by).await.expect("an agent");
    }
    let missing = Instant::now();
    cache.polishing_settings(&tenant, agents.first()).await.expect("settings");
    println!("first view of the tenant, words read: {:?}", missing.elapsed());
    for agent in &agents {
        cache.polishing_settings(&tenant, Some(agent)).await.expect("settings");
    }
    (cache, tenant, agents)
}
