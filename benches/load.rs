//! A load client that counts errors: CheckSpelling as each kind of caller sends it, beside a bare echo server of the same
//! transport, in turns, by the same client on the same machine.
//! `cargo bench --bench load -- --connections 4 --streams 25 --seconds 2 --rounds 3 --scenario anonymous --floor 0.55`; without
//! `--scenario` all of them, and `besieged`, one caller beside eight who send nonsense; with `--floor` the exit status is 1 if a
//! median ratio to the echo is below it.
//!
//! With `VERMILION_OTLP__ENDPOINT` and `VERMILION_OTLP__TRACE_SAMPLE` calls are traced, also where nobody listens.
//!
//! The log is that of production, JSON at `info`, written to the null device: the program runs itself with such a standard error.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool that may stop at the first surprise, and prints"
)]

use std::{
    env,
    net::SocketAddr,
    process::{Command, ExitCode, Stdio},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Channel};
use vermilion::{
    auth::{Authenticator, SharedSecret, anonymous::AnonymousLimiter, proxy::TrustedProxy},
    config::{Config, log::LogFormat},
    settings::{AuditContext, Cache, DictionaryOwner, SettingsStore as _, TenantFields, TenantId},
    storage::{DatabaseStore, SqliteEngine},
    telemetry::{logs, otlp},
    transport::{
        proto::{
            CheckSpellingRequest, CheckSpellingResponse, Document, GetSuggestionsRequest, GetSuggestionsResponse,
            RecordSpellingFeedbackRequest, RecordSpellingFeedbackResponse,
            document::Format,
            spelling_service_client::SpellingServiceClient,
            spelling_service_server::{SpellingService, SpellingServiceServer},
        },
        server::GrpcServer,
    },
};
use vermilion_engine::spelling::Speller;

const TEXT: &str = "Thank you for contacting us today, we have recieved your order and it will arrive \
                    at your home address by tomorrow.";

/// Set for the process that measures.
const MEASURES: &str = "VERMILION_LOAD_MEASURES";

/// By which the proxy in front of the service proves itself.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The settings' time to live in the benchmark: longer than it takes.
const TTL: Duration = Duration::from_secs(600);

/// A kind of call.
#[derive(Clone, Copy)]
struct Scenario {
    name: &'static str,
    /// Empty: a caller without identity.
    tenant: &'static str,
    /// Whether it is measured against the echo of the same message: only the small message says what a call costs.
    beside_echo: bool,
    language: &'static str,
    format: Format,
    text: fn() -> String,
}

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "anonymous", ..USUAL },
    Scenario { name: "tenant", tenant: "plain", ..USUAL },
    Scenario { name: "words", tenant: "worded", ..USUAL },
    Scenario { name: "html", beside_echo: false, format: Format::Html, text: html, ..USUAL },
    Scenario { name: "chinese", beside_echo: false, language: "zh", text: chinese, ..USUAL },
];

/// What most have in common.
const USUAL: Scenario =
    Scenario { name: "", tenant: "", beside_echo: true, language: "en", format: Format::Plain, text: message };

/// 21 words with one misspelling, whose suggestions are remembered after the first call.
fn message() -> String {
    TEXT.to_owned()
}

/// 2 KB.
fn html() -> String {
    format!("<p style=\"margin:0\">{TEXT} <b>Many</b> thanks &amp; regards</p>").repeat(11)
}

/// 100 characters.
fn chinese() -> String {
    "您好，感谢您的耐心等待，您的订单已经发出，预计明天送达。".chars().cycle().take(100).collect()
}

/// Answers at once, with the text it was sent: the same messages, decoded and encoded, and no work.
struct Echo;

#[tonic::async_trait]
impl SpellingService for Echo {
    async fn check_spelling(
        &self,
        request: Request<CheckSpellingRequest>,
    ) -> Result<Response<CheckSpellingResponse>, Status> {
        let language_code = request.into_inner().document.unwrap_or_default().content;
        Ok(Response::new(CheckSpellingResponse { language_code, ..Default::default() }))
    }

    async fn get_suggestions(
        &self,
        _: Request<GetSuggestionsRequest>,
    ) -> Result<Response<GetSuggestionsResponse>, Status> {
        Err(Status::unimplemented("an echo suggests nothing"))
    }

    async fn record_spelling_feedback(
        &self,
        _: Request<RecordSpellingFeedbackRequest>,
    ) -> Result<Response<RecordSpellingFeedbackResponse>, Status> {
        Err(Status::unimplemented("an echo keeps nothing"))
    }
}

#[derive(Clone, Copy)]
struct Load {
    connections: usize,
    streams: usize,
    duration: Duration,
}

struct Outcome {
    per_second: f64,
    p50: Duration,
    p99: Duration,
    errors: usize,
    /// Processor time of this process for each request, client and server together: what other work on the machine hardly
    /// changes.
    cpu: Duration,
}

fn main() -> ExitCode {
    if env::var_os(MEASURES).is_some() {
        return measure_all();
    }
    let this = env::current_exe().unwrap();
    let status = Command::new(this).args(env::args().skip(1)).env(MEASURES, "1").stderr(Stdio::null()).status();
    if status.unwrap().success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure_all() -> ExitCode {
    let load = Load {
        connections: argument("--connections").unwrap_or(4),
        streams: argument("--streams").unwrap_or(25),
        duration: Duration::from_secs_f64(argument("--seconds").unwrap_or(2.0)),
    };
    let rounds = argument("--rounds").unwrap_or(3);
    let floor = argument("--floor").unwrap_or(0.0);
    let only: Option<String> = argument("--scenario");
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    install_log(&runtime);
    let lowest = runtime.block_on(async {
        let echo = serve_echo().await;
        let spelling = serve_spelling().await;
        println!("{} connections x {} streams, {:?} each", load.connections, load.streams, load.duration);
        let mut lowest = f64::INFINITY;
        for scenario in SCENARIOS.iter().filter(|scenario| only.as_ref().is_none_or(|only| only == scenario.name)) {
            lowest = lowest.min(compare(scenario, echo, spelling, load, rounds).await);
        }
        if only.as_ref().is_none_or(|only| only == "besieged") {
            besieged(spelling, load.duration).await;
        }
        lowest
    });
    // What the servers still hold need not be waited for.
    runtime.shutdown_background();
    if lowest < floor {
        println!("below the floor of {floor}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Measures both in turns, so that a neighbour on the machine disturbs both alike. The lower of the median ratios.
async fn compare(scenario: &Scenario, echo: SocketAddr, spelling: SocketAddr, load: Load, rounds: usize) -> f64 {
    let (mut ratios, mut cpu_ratios) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        if scenario.beside_echo {
            let floor = measure(echo, load, *scenario).await;
            report("echo", &floor);
            let ours = measure(spelling, load, *scenario).await;
            report(scenario.name, &ours);
            ratios.push(ours.per_second / floor.per_second);
            cpu_ratios.push(floor.cpu.as_secs_f64() / ours.cpu.as_secs_f64());
        } else {
            report(scenario.name, &measure(spelling, load, *scenario).await);
        }
    }
    let mut lowest = f64::INFINITY;
    for (what, mut ratios) in [("requests/s, check/echo", ratios), ("processor time, echo/check", cpu_ratios)] {
        ratios.sort_by(f64::total_cmp);
        if let Some(&median) = ratios.get(ratios.len() / 2) {
            println!("{}: {what}, median of {rounds}: {median:.3}", scenario.name);
            lowest = lowest.min(median);
        }
    }
    lowest
}

/// The message by one caller, alone and while eight others send nonsense as fast as it is answered.
async fn besieged(spelling: SocketAddr, duration: Duration) {
    const OTHERS: usize = 8;
    let one = Load { connections: 1, streams: 1, duration };
    report("alone", &measure(spelling, one, USUAL).await);
    let others: Vec<_> = (0..OTHERS).map(|number| tokio::spawn(send_nonsense(spelling, number))).collect();
    let outcome = measure(spelling, one, USUAL).await;
    report("besieged", &outcome);
    for other in others {
        other.abort();
    }
}

/// Unknown words, never the same twice, in texts of 250 to 4,000 bytes.
async fn send_nonsense(spelling: SocketAddr, number: usize) {
    let agent = format!("agent-{number}");
    let mut client = SpellingServiceClient::connect(format!("http://{spelling}")).await.unwrap();
    let mut seed = number as u64 + 1;
    for call in 0.. {
        let mut word = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (0..8).map(|place| char::from(b'a' + (seed >> (8 + 5 * place)) as u8 % 26)).collect::<String>() + " "
        };
        let text = (0..28 << (call % 5)).map(|_| word()).collect::<String>();
        let mut request = call_of(USUAL, &text);
        for (name, value) in
            [("x-proxy-secret", SECRET), ("x-tenant-id", "plain"), ("x-agent-id", &agent), ("x-roles", "agent")]
        {
            request.metadata_mut().insert(name, value.parse().unwrap());
        }
        let _ = client.check_spelling(request).await;
    }
}

fn argument<T: std::str::FromStr>(name: &str) -> Option<T> {
    let arguments: Vec<_> = env::args().collect();
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments[at + 1].parse().ok()
}

/// What is still in its queue at the end is nobody's to read.
fn install_log(runtime: &Runtime) {
    let named = |(name, _): &(String, String)| name.starts_with("VERMILION_OTLP__");
    let environment: Vec<_> = vermilion::config::environment().into_iter().filter(named).collect();
    let Config { mut log, otlp, .. } = Config::parse("", &environment).unwrap();
    log.format = LogFormat::Json;
    let _runtime = runtime.enter();
    let (signals, guard) = otlp.as_ref().map(|collector| otlp::start(collector).unwrap()).unzip();
    std::mem::forget((guard, logs::install(&log, signals).unwrap().0));
}

fn report(name: &str, outcome: &Outcome) {
    let Outcome { per_second, p50, p99, errors, cpu } = outcome;
    println!(
        "{name:>9}: {per_second:>9.0} requests/s   p50 {p50:>8.1?}   p99 {p99:>8.1?}   {cpu:>7.1?} cpu   errors {errors}"
    );
}

async fn serve_echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = tonic::transport::Server::builder().add_service(SpellingServiceServer::new(Echo));
    tokio::spawn(router.serve_with_incoming(TcpListenerStream::new(listener)));
    address
}

async fn serve_spelling() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let proxy = TrustedProxy::with_secret(SharedSecret::new(SECRET).unwrap());
    let authenticator = Authenticator::proxy(proxy).with_anonymous_spelling(AnonymousLimiter::unlimited());
    let server = GrpcServer::new(Config::parse("", &[]).unwrap().server, Arc::new(Speller::embedded().unwrap()))
        .with_authenticator(Arc::new(authenticator))
        .with_settings(settings().await, TTL);
    tokio::spawn(server.run(listener, std::future::pending()));
    address
}

/// A tenant without words, and one with ten thousand.
async fn settings() -> Arc<Cache> {
    let by = AuditContext { actor: "bench".to_owned(), request_id: String::new(), time: SystemTime::now() };
    let store = Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), TTL));
    let cache = Arc::new(Cache::new(store, TTL));
    for tenant in ["plain", "worded"].map(|id| TenantId::new(id).unwrap()) {
        cache.create_tenant(&tenant, &TenantFields::default(), &by).await.unwrap();
    }
    let words: Vec<String> = (0..10_000).map(|number| format!("Word{number}x")).collect();
    let owner = DictionaryOwner::tenant(TenantId::new("worded").unwrap());
    cache.create_words(&owner, &words, &by).await.unwrap();
    cache
}

async fn measure(address: SocketAddr, load: Load, scenario: Scenario) -> Outcome {
    let mut tasks = Vec::new();
    let mut clients = Vec::new();
    for _ in 0..load.connections {
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        let mut client = SpellingServiceClient::new(channel);
        // The first call reads settings, and searches for suggestions.
        client.check_spelling(call_of(scenario, &(scenario.text)())).await.unwrap();
        clients.push(client);
    }
    let (started, cpu_before) = (Instant::now(), processor_time());
    for client in clients {
        for _ in 0..load.streams {
            tasks.push(tokio::spawn(call_until(client.clone(), scenario, started + load.duration)));
        }
    }
    let (mut times, mut errors) = (Vec::new(), 0);
    for task in tasks {
        let (more, failed) = task.await.unwrap();
        times.extend(more);
        errors += failed;
    }
    let per_second = times.len() as f64 / started.elapsed().as_secs_f64();
    let cpu = (processor_time() - cpu_before) / u32::try_from(times.len().max(1)).unwrap();
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    Outcome { per_second, p50: at(0.5), p99: at(0.99), errors, cpu }
}

/// Of this process, all threads, in user and kernel mode; to 10 ms.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name before it may hold blanks, but it ends at the last parenthesis.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u32 = fields[11..13].iter().map(|field| field.parse::<u32>().unwrap()).sum();
    ticks * Duration::from_millis(10)
}

fn call_of(scenario: Scenario, text: &str) -> Request<CheckSpellingRequest> {
    let document = Some(Document { content: text.to_owned(), format: scenario.format.into(), ..Default::default() });
    let language_code = scenario.language.to_owned();
    let mut request = Request::new(CheckSpellingRequest { document, language_code, ..Default::default() });
    if !scenario.tenant.is_empty() {
        // The echo is sent them, too.
        let headers =
            [("x-proxy-secret", SECRET), ("x-tenant-id", scenario.tenant), ("x-agent-id", "ana"), ("x-roles", "agent")];
        for (name, value) in headers {
            request.metadata_mut().insert(name, value.parse().unwrap());
        }
    }
    request
}

/// One call after the other; the times of those that succeeded, and how many did not.
async fn call_until(
    mut client: SpellingServiceClient<Channel>,
    scenario: Scenario,
    end: Instant,
) -> (Vec<Duration>, usize) {
    let text = (scenario.text)();
    let (mut times, mut errors) = (Vec::new(), 0);
    while Instant::now() < end {
        let request = call_of(scenario, &text);
        let started = Instant::now();
        match client.check_spelling(request).await {
            Ok(_) => times.push(started.elapsed()),
            Err(_) => errors += 1,
        }
    }
    (times, errors)
}
