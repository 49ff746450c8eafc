//! `vermilion serve`: starts the service, says where and how to try it, and obeys signals.

use std::{io::Write as _, net::SocketAddr, process::ExitCode, time::Duration};

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    select,
    signal::unix::{Signal, SignalKind, signal},
};

use super::GlobalArguments;
use crate::{app, config::Config, telemetry::logs, transport::server::ShutdownOutcome};

/// The request of the lines that say how to try it.
const EXAMPLE: &str = include_str!("../../docs/examples/check-english.json");

/// How long the process waits, once the server has stopped, for threads that are still in a check.
const SHUTDOWN_WAIT: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ServeArguments {}

pub(crate) fn run(global: &GlobalArguments, _: ServeArguments) -> anyhow::Result<ExitCode> {
    let config = global.config()?;
    let _log = logs::install(&config.log)?;
    let runtime = Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    let outcome = runtime.block_on(serve(&config));
    Runtime::shutdown_timeout(runtime, SHUTDOWN_WAIT);
    outcome
}

async fn serve(config: &Config) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::new().context("cannot listen for signals")?;
    let listen = config.server.listen;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("server.listen: cannot listen on {listen}"))?;
    let service = app::build(config).await?;
    announce(config, listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async {
        // The sender lives as long as this function, so an error is the end as well.
        let _ = stopped.await;
    };
    let mut serving = std::pin::pin!(service.run(listener, shutdown));
    select! {
        ended = &mut serving => return exit_code(&ended?),
        () = signals.recv() => {}
    }
    let _ = stop.send(());
    select! {
        ended = serving => exit_code(&ended?),
        () = signals.recv() => {
            tracing::warn!("second signal: ending at once");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn exit_code(stopped: &ShutdownOutcome) -> anyhow::Result<ExitCode> {
    match stopped {
        ShutdownOutcome::Drained => tracing::info!("stopped"),
        ShutdownOutcome::CutOff => tracing::warn!("stopped with calls still in hand: the grace is over"),
    }
    Ok(ExitCode::SUCCESS)
}

fn announce(config: &Config, address: SocketAddr) {
    let scheme = if config.server.tls.is_some() { "https" } else { "http" };
    tracing::info!(%address, scheme, reflection = config.server.reflection, "listening");
    if !(config.server.development && config.server.reflection && scheme == "http") {
        return;
    }
    let data = EXAMPLE.trim();
    print_if_read(format!(
        "Vermilion listens on {address}. Try it:\n\n  \
         buf curl --http2-prior-knowledge --protocol grpc -d '{data}' \\\n    \
         http://{address}/vermilion.v1.SpellingService/CheckSpelling\n\n  \
         grpcurl -plaintext -d '{data}' \\\n    \
         {address} vermilion.v1.SpellingService/CheckSpelling\n\n"
    ));
}

/// On standard output, which may be full, closed, or a pipe that nobody reads: none of it is a reason not to serve.
fn print_if_read(text: String) {
    std::thread::spawn(move || {
        let mut output = std::io::stdout();
        let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    });
}

/// SIGTERM, from an orchestrator, and SIGINT, from a keyboard: both mean the same.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn recv(&mut self) {
        select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
