//! The connections of the service: accepts them, as many as there may be, and runs each in a task of its own.
//!
//! tonic has such a loop, but no door for what is needed here: a deadline that resets a stream whose client does not read
//! ([`calls`]), limits of time for a connection that says nothing and an end for one that says too much ([`io`], [`frames`]), and
//! an account of what each address uses ([`resources`]). Knows no service and no message.

mod calls;
mod connection;
mod descriptors;
mod door;
mod frames;
mod io;
mod peer;
mod resources;
mod tls;

use std::{convert::Infallible, future, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use tls::TlsError;
use tls::TlsFiles;

pub(crate) use tls::check_files;

pub(crate) use calls::farewell;
pub(crate) use door::Layers;
pub(crate) use peer::Peer;
pub(crate) use resources::{Resource, ShareTaken, Shares, Taken};

use crate::{config::server::ServerConfig, metrics::Present};
use connection::Shared;
use resources::Resources;

/// How long the loop pauses when the system has nothing left for a new connection: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// So many connections are still taken from the system's queue when the service stops: whoever floods it does not keep it alive.
const LEFT_OF_QUEUE: usize = 1024;

/// How often what goes wrong at accepting is logged.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// Accepts connections and serves them.
pub(crate) struct Connections<S> {
    shared: Arc<Shared<S>>,
    resources: Resources,
}

impl<S: Layers> Connections<S> {
    /// Serves calls by these layers; `tasks` knows of every connection and every stream.
    ///
    /// # Errors
    /// [`TlsError`] if a file of `[server.tls]` cannot be used.
    pub(crate) fn new(
        config: &ServerConfig,
        layers: S,
        tasks: TaskTracker,
        stopping: CancellationToken,
    ) -> Result<Self, TlsError> {
        let tls = config.tls.as_ref().map(TlsFiles::open).transpose()?;
        let descriptors = descriptors::for_connections();
        if descriptors < config.connections.max {
            tracing::warn!(descriptors, "fewer connections than server.connections.max: raise the limit of open files");
        }
        Ok(Self {
            resources: Resources::new(&config.connections, &config.limits, descriptors),
            shared: Arc::new(Shared {
                layers,
                config: config.connections.clone(),
                deadlines: Arc::new(config.deadlines.clone()),
                tls,
                tasks,
                stopping,
                cut: CancellationToken::new(),
            }),
        })
    }

    /// Reads the files of `[server.tls]` anew when they change, at once when it is notified. Never ends.
    pub(crate) async fn follow_files(&self, reload: &Notify) -> Infallible {
        if self.shared.tls.is_none() {
            return future::pending().await;
        }
        loop {
            let asked = tokio::select! {
                () = reload.notified() => true,
                () = sleep(tls::LOOK_INTERVAL) => false,
            };
            let shared = Arc::clone(&self.shared);
            let read = move || {
                if let Some(tls) = &shared.tls {
                    tls.read_anew(asked);
                }
            };
            // Files may lie on a network.
            let _ = self.shared.tasks.spawn_blocking(read).await;
        }
    }

    /// Accepts until the service stops; what is dropped then is the listener, and no connection.
    pub(crate) async fn accept(&self, listener: TcpListener) {
        let (mut pause, mut failures) = (PAUSES.0, Tally::new("connections cannot be accepted"));
        let mut refusals = Tally::new("connections were closed at once: there are as many as there may be");
        let mut left_of_queue = LEFT_OF_QUEUE;
        loop {
            // Who waits in the system's queue at the end may have sent a call.
            let accepted = tokio::select! {
                biased;
                accepted = listener.accept(), if left_of_queue > 0 => accepted,
                () = self.shared.stopping.cancelled() => return,
            };
            match accepted {
                Ok((stream, address)) => {
                    pause = PAUSES.0;
                    if !self.begin(stream, address) {
                        refusals.count("too many");
                    }
                    left_of_queue -= usize::from(self.shared.stopping.is_cancelled());
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    failures.count(&error.to_string());
                    tokio::select! {
                        () = sleep(pause) => {}
                        () = self.shared.stopping.cancelled() => return,
                    }
                    pause = (pause * 2).min(PAUSES.1);
                }
            }
        }
    }

    /// The newest is turned away, not an old one: whoever floods the service then gains nothing by it, and loses no time.
    fn begin(&self, stream: TcpStream, address: SocketAddr) -> bool {
        let account = self.resources.account(address.ip());
        let Some(place) = account.take(Resource::Connections, 1) else { return false };
        let shared = Arc::clone(&self.shared);
        let present = Present::connection();
        self.shared.tasks.spawn(async move {
            shared.serve(stream, account).await;
            drop((place, present));
        });
        true
    }
}

impl<S> Drop for Connections<S> {
    fn drop(&mut self) {
        self.shared.cut.cancel();
    }
}

/// Whether it says nothing about the next connection.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}

/// Counts what may happen very often, and logs it now and then.
struct Tally {
    message: &'static str,
    count: usize,
    logged: Option<Instant>,
}

impl Tally {
    const fn new(message: &'static str) -> Self {
        Self { message, count: 0, logged: None }
    }

    #[expect(clippy::disallowed_methods, reason = "a log line each ten seconds at most")]
    fn count(&mut self, reason: &str) {
        self.count += 1;
        let now = Instant::now();
        if self.logged.is_none_or(|logged| now - logged >= LOG_INTERVAL) {
            tracing::warn!(reason, count = self.count, "{}", self.message);
            (self.count, self.logged) = (0, Some(now));
        }
    }
}
