//! `vermilion serve`: starts the service, says where and how to try it, and obeys signals.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::{Builder, Runtime},
    select,
    signal::unix::{Signal, SignalKind, signal},
};

use super::GlobalArguments;
use crate::{
    app,
    config::{Config, otlp::OtlpConfig},
    metrics::install as install_metrics,
    telemetry::{
        logs::{self, LogLevel},
        otlp,
    },
    transport::{admin::AdminPort, server::ShutdownOutcome},
};

/// The request of the lines that say how to try it.
const EXAMPLE: &str = include_str!("../../docs/examples/check-english.json");

/// Connections that may wait in the system's queue to be accepted.
const BACKLOG: u32 = 1024;

/// How long the process waits, once the server has stopped, for threads that are still in a check.
const SHUTDOWN_WAIT: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct ServeArguments {
    /// Polish by fixed rules that only look like a model, to try it without one; on your own machine only.
    #[arg(long)]
    demo_model: bool,
}

pub(crate) fn run(global: &GlobalArguments, arguments: ServeArguments) -> anyhow::Result<ExitCode> {
    let flag = arguments.demo_model.then(|| ("VERMILION_POLISHING__DEMO_MODEL".to_owned(), "true".to_owned()));
    let config = global.config_with(flag)?;
    let runtime = Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    let (signals, sending) = {
        let _runtime = runtime.enter();
        config.otlp.as_ref().map(otlp::start).transpose().context("otlp.endpoint")?.unzip()
    };
    let (_log, log_level) = logs::install(&config.log, signals)?;
    announce_collector(&config);
    let read_level = || Ok(global.config()?.log.level);
    let outcome = runtime.block_on(serve(&config, &log_level, &read_level));
    // While there is still a runtime to send the last spans and lines in.
    drop(sending);
    Runtime::shutdown_timeout(runtime, SHUTDOWN_WAIT);
    outcome
}

async fn serve(
    config: &Config,
    log_level: &LogLevel,
    read_level: &dyn Fn() -> anyhow::Result<String>,
) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::new().context("cannot listen for signals")?;
    let listen = config.server.listen;
    let cannot_listen = || format!("server.listen: cannot listen on {listen}");
    let socket = bind(listen).with_context(cannot_listen)?;
    let mut service = app::build(config).await?;
    if let Some(address) = config.server.admin {
        service = service.with_admin(admin_port(address, log_level.clone()).await?);
    }
    let listener = socket.listen(BACKLOG).with_context(cannot_listen)?;
    let reload = service.reload();
    announce(config, listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async {
        // The sender lives as long as this function, so an error is the end as well.
        let _ = stopped.await;
    };
    let mut serving = std::pin::pin!(service.run(listener, shutdown));
    loop {
        select! {
            ended = &mut serving => return exit_code(&ended?),
            wish = signals.recv() => match wish {
                Wish::Stop => break,
                Wish::ReadAnew => {
                    reload.begin();
                    read_log_level(log_level, read_level);
                }
            }
        }
    }
    let _ = stop.send(());
    select! {
        ended = serving => exit_code(&ended?),
        () = signals.stop() => {
            tracing::warn!("second signal: ending at once");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Takes the port, so that a fault is told before all else; it is opened when calls can be answered, and no sooner.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() }?;
    // Of a service that has just ended here nothing is left but connections that wait for their end.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn admin_port(address: SocketAddr, log_level: LogLevel) -> anyhow::Result<AdminPort> {
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("server.admin: cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "the admin port listens");
    Ok(AdminPort { listener, metrics: install_metrics().context("cannot count")?, log_level })
}

/// As the configuration says now; one that cannot be read changes nothing.
fn read_log_level(log_level: &LogLevel, read: &dyn Fn() -> anyhow::Result<String>) {
    match read() {
        Ok(level) if log_level.set(&level) => {
            tracing::info!(level, "SIGHUP: the log level is read anew, and so are certificates and keys");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(error = format!("{error:#}"), "SIGHUP: the configuration cannot be read"),
    }
}

fn exit_code(stopped: &ShutdownOutcome) -> anyhow::Result<ExitCode> {
    match stopped {
        ShutdownOutcome::Drained => tracing::info!("stopped"),
        ShutdownOutcome::CutOff => tracing::warn!("stopped with calls still in hand: the grace is over"),
    }
    Ok(ExitCode::SUCCESS)
}

fn announce_collector(config: &Config) {
    if let Some(OtlpConfig { endpoint, trace_sample, logs, .. }) = &config.otlp {
        tracing::info!(endpoint, trace_sample, logs, "a collector is sent spans, and the log if so configured");
    }
}

fn announce(config: &Config, address: SocketAddr) {
    let scheme = if config.server.tls.is_some() { "https" } else { "http" };
    tracing::info!(%address, scheme, reflection = config.server.reflection, "listening");
    if !(config.server.development && config.server.reflection && scheme == "http") {
        return;
    }
    let data = EXAMPLE.trim();
    let page = if config.server.page { format!("In a browser: http://{address}/\n\n") } else { String::new() };
    print_if_read(format!(
        "Vermilion listens on {address}. {page}Try it:\n\n  \
         buf curl --http2-prior-knowledge --protocol grpc -d '{data}' \\\n    \
         http://{address}/vermilion.v1.SpellingService/CheckSpelling\n\n  \
         grpcurl -plaintext -d '{data}' \\\n    \
         {address} vermilion.v1.SpellingService/CheckSpelling\n\n"
    ));
}

/// On standard output, which may be full, closed, or a pipe that nobody reads: none of it is a reason not to serve.
fn print_if_read(text: String) {
    std::thread::spawn(move || {
        let mut output = io::stdout();
        let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    });
}

/// SIGTERM, from an orchestrator, and SIGINT, from a keyboard: both mean the same. SIGHUP has files read anew.
struct Signals {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn recv(&mut self) -> Wish {
        select! {
            _ = self.terminate.recv() => Wish::Stop,
            _ = self.interrupt.recv() => Wish::Stop,
            _ = self.hangup.recv() => Wish::ReadAnew,
        }
    }

    async fn stop(&mut self) {
        while self.recv().await != Wish::Stop {}
    }
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Stop,
    ReadAnew,
}
