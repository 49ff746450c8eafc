//! A load client that counts errors: a bare echo server and CheckSpelling of a 20-word message, in one run, by the same
//! client on the same machine. `cargo bench --bench load -- --connections 4 --streams 25 --seconds 5`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool that may stop at the first surprise, and prints"
)]

use std::{
    env,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Channel};
use vermilion::{
    config::Config,
    transport::{
        proto::{
            CheckSpellingRequest, CheckSpellingResponse, Document, GetSuggestionsRequest, GetSuggestionsResponse,
            spelling_service_client::SpellingServiceClient,
            spelling_service_server::{SpellingService, SpellingServiceServer},
        },
        server::GrpcServer,
    },
};
use vermilion_engine::spelling::Speller;

const TEXT: &str = "Thank you for contacting us today, we have recieved your order and it will arrive \
                    at your home address by tomorrow.";

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

fn main() {
    let load = Load {
        connections: argument("--connections", 4),
        streams: argument("--streams", 25),
        duration: Duration::from_secs(argument("--seconds", 5) as u64),
    };
    let rounds = argument("--rounds", 3);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let echo = serve_echo().await;
        let spelling = serve_spelling().await;
        println!("{} connections x {} streams, {:?} each", load.connections, load.streams, load.duration);
        let (mut ratios, mut cpu_ratios) = (Vec::new(), Vec::new());
        // In turns, so that a neighbour on the machine disturbs both alike.
        for _ in 0..rounds {
            let floor = measure(echo, load).await;
            let ours = measure(spelling, load).await;
            report("echo", &floor);
            report("check", &ours);
            ratios.push(ours.per_second / floor.per_second);
            cpu_ratios.push(floor.cpu.as_secs_f64() / ours.cpu.as_secs_f64());
        }
        for (name, mut ratios) in [("requests/s, check/echo", ratios), ("processor time, echo/check", cpu_ratios)] {
            ratios.sort_by(f64::total_cmp);
            println!("{name}, median of {rounds}: {:.3}", ratios[rounds / 2]);
        }
    });
    std::process::exit(0);
}

fn argument(name: &str, default: usize) -> usize {
    let arguments: Vec<_> = env::args().collect();
    let at = arguments.iter().position(|argument| argument == name);
    at.map_or(default, |at| arguments[at + 1].parse().unwrap())
}

fn report(name: &str, outcome: &Outcome) {
    let Outcome { per_second, p50, p99, errors, cpu } = outcome;
    println!(
        "{name:>6}: {per_second:>9.0} requests/s   p50 {p50:>8.1?}   p99 {p99:>8.1?}   {cpu:>7.1?} cpu   errors {errors}"
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
    let server = GrpcServer::new(Config::parse("", &[]).unwrap().server, Arc::new(Speller::embedded().unwrap()));
    tokio::spawn(server.run(listener, std::future::pending()));
    address
}

async fn measure(address: SocketAddr, load: Load) -> Outcome {
    let mut tasks = Vec::new();
    let (started, cpu_before) = (Instant::now(), processor_time());
    for _ in 0..load.connections {
        let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        for _ in 0..load.streams {
            tasks.push(tokio::spawn(call_until(channel.clone(), started + load.duration)));
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

/// One call after the other; the times of those that succeeded, and how many did not.
async fn call_until(channel: Channel, end: Instant) -> (Vec<Duration>, usize) {
    let mut client = SpellingServiceClient::new(channel);
    let (mut times, mut errors) = (Vec::new(), 0);
    while Instant::now() < end {
        let document = Some(Document { content: TEXT.to_owned(), ..Default::default() });
        let request = CheckSpellingRequest { document, language_code: "en".to_owned(), ..Default::default() };
        let started = Instant::now();
        match client.check_spelling(request).await {
            Ok(_) => times.push(started.elapsed()),
            Err(_) => errors += 1,
        }
    }
    (times, errors)
}
