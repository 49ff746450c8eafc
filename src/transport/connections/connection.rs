//! One connection, from its handshake to its end: it is asked to go (GOAWAY) when it is old, idle, or the service stops, and
//! cut off if it does not.

use std::{io, pin::pin, sync::Arc, time::Duration};

use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Interval, interval, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    calls::{ConnectionCalls, StreamExecutor, farewell},
    door::{Door, Layers},
    io::{Patience, WatchedIo},
    peer::Peer,
    resources::Account,
    tls::TlsFiles,
};
use crate::config::{connections::ConnectionsConfig, deadlines::DeadlinesConfig};

/// Streams that one connection may have reset for errors of its client in all its life.
const LOCAL_RESETS: usize = 1 << 16;

/// The largest head of a request, in bytes: tokens with many claims fit.
const HEAD_BYTES: u32 = 16 * 1024;

/// How much of an answer HTTP/2 may have in hand beyond what the peer's window takes, in bytes; each stream.
const SEND_BUFFER: usize = 16 * 1024;

/// The buffers of HTTP/1.1, for reading and writing, in bytes.
const EXCHANGE_BUFFER: usize = 64 * 1024;

/// So long a connection that was asked to go, and has no call in hand, is waited for.
const FAREWELL: Duration = Duration::from_secs(2);

/// How often it is looked whether a new connection has had its first call, while the service stops.
const FIRST_CALL_LOOK: Duration = Duration::from_millis(20);

/// A connection is idle when this many looks in a row have found no call on it.
const LOOKS: u32 = 4;

/// What all connections have in common.
pub(super) struct Shared<S> {
    pub(super) layers: S,
    pub(super) config: ConnectionsConfig,
    pub(super) deadlines: Arc<DeadlinesConfig>,
    pub(super) tls: Option<TlsFiles>,
    /// Of the connections and their calls.
    pub(super) tasks: TaskTracker,
    /// Asks every connection to go.
    pub(super) stopping: CancellationToken,
    /// Cuts every connection off.
    pub(super) cut: CancellationToken,
}

impl<S: Layers> Shared<S> {
    /// Serves a new connection until it ends.
    pub(super) async fn serve(&self, stream: TcpStream, account: Arc<Account>) {
        let Ok(address) = stream.peer_addr() else { return };
        // Answers are written whole; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.converse(stream, Peer::new(address.ip(), false, account)).await;
        };
        let handshake = timeout(self.config.handshake, tls.acceptor().accept(stream));
        let accepted = tokio::select! {
            accepted = handshake => accepted,
            // With TLS 1.3 a client sends its first call before it knows that the handshake is over.
            () = farewell(&self.stopping) => return,
        };
        match accepted.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(stream) => {
                let certificate = stream.get_ref().1.peer_certificates().is_some_and(|shown| !shown.is_empty());
                self.converse(stream, Peer::new(address.ip(), certificate, account)).await;
            }
            Err(error) => tracing::debug!(%error, "a TLS handshake failed"),
        }
    }

    async fn converse<C: AsyncRead + AsyncWrite + Unpin + Send + 'static>(&self, stream: C, peer: Peer) {
        let calls = Arc::new(ConnectionCalls::default());
        let patience = Patience { first: self.config.handshake, stalled: self.config.keepalive_timeout };
        let io = TokioIo::new(WatchedIo::new(stream, patience, Arc::clone(&calls)));
        let door = Door {
            layers: self.layers.clone(),
            peer,
            calls: Arc::clone(&calls),
            deadlines: Arc::clone(&self.deadlines),
        };
        let protocol =
            self.protocol(StreamExecutor::new(Arc::clone(&calls), self.tasks.clone(), Arc::new(self.stopping.clone())));
        let mut connection = pin!(protocol.serve_connection(io, door));
        let mut age = pin!(sleep(self.config.max_age));
        let mut parting = pin!(self.parting(&calls));
        let mut idleness = Idleness::new(Arc::clone(&calls), self.config.idle);
        let mut leaving = false;
        loop {
            let leave = tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection failed");
                    }
                    return;
                }
                () = &mut age => true,
                () = idleness.wait() => true,
                () = parting.as_mut(), if !leaving => true,
                () = self.cut.cancelled() => return,
            };
            if leave && leaving {
                return;
            }
            leaving = true;
            connection.as_mut().graceful_shutdown();
            age.set(sleep(self.config.max_age_grace));
            idleness.expect_within(FAREWELL);
        }
    }

    /// Completes when the service stops: at once for a connection that has had a call. A new one may have sent its first already, and
    /// is waited for, as to be asked to go before anything was read would lose it.
    async fn parting(&self, calls: &ConnectionCalls) {
        self.stopping.cancelled().await;
        let has_begun = async {
            while calls.counts().1 == 0 {
                sleep(FIRST_CALL_LOOK).await;
            }
        };
        let _ = timeout(FAREWELL, has_begun).await;
    }

    fn protocol(&self, executor: StreamExecutor) -> auto::Builder<StreamExecutor> {
        let mut protocol = auto::Builder::new(executor);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(Some(self.config.keepalive_interval))
            .keep_alive_timeout(self.config.keepalive_timeout)
            .max_concurrent_streams(self.config.max_streams)
            // All that a client may have in hand it may give up at once, as it does where the service is too slow for it; who opens and
            // resets without end is for the account of frames.
            .max_pending_accept_reset_streams(Some(self.config.max_streams as usize))
            // h2 never counts these down. Who is refused before its request has come is reset, and may then send more of it.
            .max_local_error_reset_streams(Some(LOCAL_RESETS))
            .max_header_list_size(HEAD_BYTES)
            .max_send_buf_size(SEND_BUFFER);
        // Browsers speak HTTP/1.1 where there is no TLS.
        protocol
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.config.handshake)
            .max_buf_size(EXCHANGE_BUFFER);
        protocol
    }
}

/// Looks now and then whether a connection has calls, so that no call needs to look at the clock.
struct Idleness {
    calls: Arc<ConnectionCalls>,
    looks: Interval,
    /// How many calls there had been at the last look.
    begun: usize,
    /// How many looks in a row have found none.
    quiet: u32,
}

impl Idleness {
    fn new(calls: Arc<ConnectionCalls>, limit: Duration) -> Self {
        // The first look is at once.
        Self { calls, looks: interval(limit / (LOOKS - 1)), begun: 0, quiet: 0 }
    }

    fn expect_within(&mut self, limit: Duration) {
        *self = Self::new(Arc::clone(&self.calls), limit);
    }

    /// Completes when there has been no call for the limit, or up to a third longer.
    async fn wait(&mut self) {
        while self.quiet < LOOKS {
            self.looks.tick().await;
            let (open, begun) = self.calls.counts();
            let is_quiet = open == 0 && begun == self.begun;
            (self.begun, self.quiet) = (begun, if is_quiet { self.quiet + 1 } else { 0 });
        }
    }
}
