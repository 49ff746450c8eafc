//! What a polish costs beside its model: whole calls over gRPC with a model that answers at once, and a thousand streams at
//! once from a model that writes a word each 20 ms. `cargo bench --bench polishing`.
//!
//! The server, its client and its database (SQLite in memory) share the process and its processors.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, and may stop at the first surprise"
)]

use std::{
    fs,
    hint::black_box,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use tokio::{net::TcpListener, time};
use tokio_stream::StreamExt as _;
use tokio_util::task::TaskTracker;
use tonic::transport::Channel;
use vermilion::{
    auth::Authenticator,
    config::{Config, limits::Share},
    polishing::{
        ChatModel, Completion, ModelChunk, ModelError, ModelStream, Permit, Prompt, TokenUsage, diff,
        guard::{
            self, GuardCase,
            language::{self, DetectedLanguage},
        },
        privacy::{Masking, Patterns, Scope},
        prompt::Operation,
        quota::QuotaLedger,
        secret::FingerprintKey,
        service::{MaskingPolicy, Polisher, PolisherDependencies, Proofreader},
    },
    settings::{AgentFields, AgentId, AgentType, AuditContext, Cache, SettingsStore, TenantFields, TenantId},
    storage::{DatabaseStore, SqliteEngine},
    transport::{
        engine::SpellingEngine,
        proofreading::EngineProofreader,
        proto::{
            Document, PolishReplyRequest, polish_result::Outcome, polishing_service_client::PolishingServiceClient,
            stream_polish_reply_response::Event,
        },
        server::GrpcServer,
    },
};
use vermilion_engine::spelling::Speller;

const CALLS: usize = 500;
const PARTS: u32 = 300;
const LONGEST_DRAFT: usize = 32 << 10;
const STREAMS: usize = 1000;
const FIRST_DELTAS: usize = 200;
const PIECE_EVERY: Duration = Duration::from_millis(20);

/// Replies as agents write them, of the guard's corpus.
const CORPUS: [(&str, DetectedLanguage, &str, &str); 3] = [
    ("English", DetectedLanguage::English, include_str!("../tests/it/polishing/en.txt"), ", thank you."),
    ("Portuguese", DetectedLanguage::Portuguese, include_str!("../tests/it/polishing/pt.txt"), ", obrigado."),
    ("Chinese", DetectedLanguage::Chinese, include_str!("../tests/it/polishing/zh.txt"), "，谢谢。"),
];

/// The first `characters` or so of the faithful replies of a corpus.
fn replies(corpus: &str, characters: usize) -> String {
    let mut replies = String::new();
    for line in corpus.lines().filter_map(|line| line.strip_prefix("> ")).filter(|line| !line.contains(['⏎', '{', '"']))
    {
        if replies.chars().count() + line.chars().count() > characters {
            break;
        }
        replies = replies + line + " ";
    }
    replies.trim_end().to_owned()
}

/// Gives the draft back, with thanks in every sentence; tells when it gave the first piece of a stream.
#[derive(Default)]
struct Parrot {
    began: Mutex<Option<Instant>>,
}

fn answer(prompt: &Prompt) -> String {
    let user = &prompt.messages[1].text;
    let draft = user.split_once("<draft_").and_then(|(_, rest)| rest.split_once(">\n")).expect("a draft").1;
    better(draft.rsplit_once("\n</draft_").expect("its end").0)
}

fn better(draft: &str) -> String {
    let language = CORPUS
        .iter()
        .find(|(_, tongue, ..)| language::detect_language(draft) == Some(*tongue))
        .expect("one of the corpus");
    draft.replace('。', language.3).replace(". ", &format!("{} ", language.3))
}

#[async_trait::async_trait]
impl ChatModel for Parrot {
    async fn complete(&self, _: &Permit, prompt: &Prompt, _: time::Instant) -> Result<Completion, ModelError> {
        Ok(Completion { text: answer(prompt), usage: TokenUsage::default() })
    }

    async fn stream(&self, _: &Permit, prompt: &Prompt, _: time::Instant) -> Result<ModelStream, ModelError> {
        let text = answer(prompt);
        let words: Vec<String> = text.split_inclusive(' ').map(str::to_owned).collect();
        let pieces = words
            .into_iter()
            .map(|word| Ok(ModelChunk::Text(word)))
            .chain([Ok(ModelChunk::End(TokenUsage::default()))]);
        *self.began.lock().expect("no panic") = Some(Instant::now());
        Ok(Box::pin(tokio_stream::iter(pieces).throttle(PIECE_EVERY)))
    }
}

async fn start(engine: Arc<dyn SpellingEngine>, model: Arc<Parrot>) -> PolishingServiceClient<Channel> {
    let database =
        Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.expect("a database"), Duration::from_secs(5)));
    fill(database.as_ref()).await;
    let (store, ledger): (Arc<dyn SettingsStore>, Arc<dyn QuotaLedger>) = (database.clone(), database);
    let ttl = Duration::from_secs(5);
    let settings = Arc::new(Cache::new(store, ttl));
    let needs = PolisherDependencies {
        model,
        settings: settings.clone(),
        ledger,
        proofreader: Arc::new(EngineProofreader(Arc::clone(&engine))),
        privacy: MaskingPolicy { scope: Scope::All, patterns: Patterns::new::<&str>(&[]).expect("no patterns") },
        key: FingerprintKey::derive(b"bench"),
        tasks: TaskTracker::new(),
    };
    let mut config = Config::parse("", &[]).expect("the defaults").server;
    config.connections.max_streams = 2000;
    config.limits.calls = 4000;
    (config.limits.address_share, config.limits.tenant_share) = (Share::percent(100), Share::percent(100));
    let server = GrpcServer::new(config, engine)
        .with_authenticator(Arc::new(Authenticator::development()))
        .with_settings(settings, ttl)
        .with_polisher(Arc::new(Polisher::new(needs)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(server.run(listener, std::future::pending()));
    PolishingServiceClient::connect(format!("http://{address}")).await.expect("the server")
}

/// A tenant whose limits are out of the way.
async fn fill(store: &dyn SettingsStore) {
    let by = AuditContext { actor: "bench".to_owned(), request_id: "bench".to_owned(), time: SystemTime::now() };
    let (tenant, agent) = (TenantId::new("demo").expect("an id"), AgentId::new("ana").expect("an id"));
    let fields = TenantFields {
        refine_response_enabled: true,
        administrator_agent: Some(agent.clone()),
        intelligent_agent_limit: 1,
        agent_daily_polish_limit: 100_000,
        tenant_daily_polish_limit: 100_000,
        ..TenantFields::default()
    };
    store.create_tenant(&tenant, &fields, &by).await.expect("a tenant");
    let fields = AgentFields { kind: AgentType::Versatile, intelligent_recognition: true, reply_polishing: true };
    store.create_agent(&tenant, &agent, &fields, &by).await.expect("an agent");
}

fn request(content: &str, conversation: String) -> PolishReplyRequest {
    let document = Some(Document { content: content.to_owned(), ..Document::default() });
    PolishReplyRequest { document, conversation_id: conversation, ..PolishReplyRequest::default() }
}

/// Of whole calls, one after the other.
async fn overhead(client: &mut PolishingServiceClient<Channel>, name: &str, content: &str) {
    let mut times = Vec::new();
    for call in 0..CALLS {
        let asked = request(content, format!("{name}-{call}"));
        let start = Instant::now();
        let result = client.polish_reply(asked).await.expect("an answer").into_inner().result.expect("a result");
        times.push(start.elapsed());
        assert_eq!(result.outcome(), Outcome::Polished, "{:?}", result.findings);
    }
    times.sort_unstable();
    let ms = |part: usize| times[(CALLS * part / 100).min(CALLS - 1)].as_secs_f64() * 1e3;
    let characters = content.chars().count();
    println!("{name}, {characters} characters: p50 {:.2} ms, p99 {:.2} ms", ms(50), ms(99));
}

/// The parts of a polish by themselves: masking, judging, proofreading, comparing; means.
fn parts(name: &str, content: &str, tongue: DetectedLanguage, proofreader: &dyn Proofreader) {
    let mask = || {
        let mut masking = Masking::new(&[content], || 48_271);
        let draft = masking.mask(content, &[], &Patterns::default(), Scope::All).text;
        (masking, draft)
    };
    let (masking, draft) = mask();
    let reply = better(&draft);
    let case =
        GuardCase { draft: &draft, reply: &reply, masking: &masking, operation: Operation::Improve, limit: None };
    let improved = better(content);
    let time = |part: &dyn Fn() -> usize| {
        let start = Instant::now();
        for _ in 0..PARTS {
            black_box(part());
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(PARTS)
    };
    println!(
        "{name}, parts: masking {:.0} us, guard {:.0} us, spelling {:.0} us, diff {:.0} us",
        time(&|| mask().1.len()),
        time(&|| guard::judge(&case).len()),
        time(&|| proofreader.misspelled_words(&improved, tongue).len()),
        time(&|| diff::edits(content, &improved, diff::Granularity::Clause).len()),
    );
}

/// The guard on the longest drafts of what it looks at most closely; no one writes so, but someone may send it.
fn hostile() {
    for sentence in [
        "no refund, not now. ",
        "12 34,5 67% ",
        "Ana Bob 5 of 6 ",
        "不是没有三千五百元，",
        "if 5/5 at 5:50pm or R$ 5,00 ",
        "1:30 ",
        "[[",
        "(",
        "1. ",
    ] {
        let draft = sentence.repeat(LONGEST_DRAFT / sentence.len());
        let reply: String = draft.chars().rev().collect();
        let masking = Masking::new(&[&draft], || 48_271);
        let time = |reply: &str| {
            let case =
                GuardCase { draft: &draft, reply, masking: &masking, operation: Operation::Improve, limit: None };
            let start = Instant::now();
            black_box(guard::judge(&case));
            start.elapsed().as_secs_f64() * 1e3
        };
        println!(
            "{} KiB of {sentence:?}: guard {:.1} ms, against its reverse {:.1} ms",
            draft.len() >> 10,
            time(&draft),
            time(&reply)
        );
    }
}

/// From the model's first piece to the client's first delta.
async fn first_delta(client: &mut PolishingServiceClient<Channel>, model: &Parrot) {
    let content = replies(CORPUS[0].2, 400);
    let mut times = Vec::new();
    for call in 0..FIRST_DELTAS {
        let mut stream = client
            .stream_polish_reply(request(&content, format!("first-{call}")))
            .await
            .expect("a stream")
            .into_inner();
        let first = stream.message().await.expect("a message").and_then(|message| message.event);
        let came = Instant::now();
        assert!(matches!(first, Some(Event::Delta(_))), "{first:?}");
        let began = model.began.lock().expect("no panic").expect("it was asked");
        times.push(came - began);
    }
    times.sort_unstable();
    let ms = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!("first delta behind the model's first piece: p50 {:.2} ms, p99 {:.2} ms", ms(50), ms(99));
}

/// Of many streams at once.
async fn streams(client: &PolishingServiceClient<Channel>) {
    let content = replies(CORPUS[0].2, 400);
    let before = resident();
    let start = Instant::now();
    let calls: Vec<_> = (0..STREAMS)
        .map(|call| {
            let (mut client, asked) = (client.clone(), request(&content, format!("stream-{call}")));
            tokio::spawn(async move {
                let mut stream = client.stream_polish_reply(asked).await.expect("a stream").into_inner();
                let mut polished = false;
                while let Some(message) = stream.message().await.expect("a message") {
                    polished = matches!(message.event, Some(Event::Result(ref result)) if result.outcome() == Outcome::Polished);
                }
                polished
            })
        })
        .collect();
    let mut most = before;
    let mut polished = 0;
    for call in calls {
        polished += usize::from(call.await.expect("no panic"));
        most = most.max(resident());
    }
    let written = PIECE_EVERY * u32::try_from(content.split(' ').count()).expect("few words");
    println!(
        "{STREAMS} streams at once: {polished} polished in {:.1} s, of which the model writes {:.1} s; resident {} -> {} MB, \
         client included",
        start.elapsed().as_secs_f64(),
        written.as_secs_f64(),
        before >> 10,
        most >> 10
    );
}

/// Of this process, in KB; 0 where the system does not tell.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[tokio::main]
async fn main() {
    // `cargo test --benches` passes --test: build and go.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let engine: Arc<dyn SpellingEngine> = Arc::new(Speller::embedded().expect("the embedded data"));
    let proofreader = EngineProofreader(Arc::clone(&engine));
    let model = Arc::new(Parrot::default());
    let mut client = start(engine, Arc::clone(&model)).await;
    for (name, tongue, corpus, _) in CORPUS {
        let content = replies(corpus, 1000);
        parts(name, &content, tongue, &proofreader);
        overhead(&mut client, name, &content).await;
    }
    hostile();
    first_delta(&mut client, &model).await;
    streams(&client).await;
}
