//! The calls of one connection: how many are open, and when each ends at the latest. hyper asks for the answer of a call in
//! one place and runs it in another; here the two meet.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hyper::rt::Executor;
use tokio::{
    select,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::resources::Taken;

/// So long after its deadline a call is cut off: time for DEADLINE_EXCEEDED to reach a client that listens.
const GRACE: Duration = Duration::from_millis(500);

/// So long the service waits, when it stops, for what has no end of its own: a request that is on its way, the last word of a health
/// stream.
const FAREWELL: Duration = Duration::from_secs(2);

/// The calls of one connection.
#[derive(Debug, Default)]
pub(super) struct ConnectionCalls {
    open: AtomicUsize,
    begun: AtomicUsize,
    /// What hyper has asked for, and will run next.
    next: Mutex<Option<OpenCall>>,
    /// When the exchange ends that an HTTP/1.1 connection is in.
    exchange: Mutex<Option<Instant>>,
}

impl ConnectionCalls {
    /// An HTTP/2 call, whose stream is executed next.
    pub(super) fn begin_stream(self: &Arc<Self>, deadline: Option<Instant>, taken: Option<Taken>) {
        *lock(&self.next) = Some(self.begin(deadline, taken));
    }

    /// An HTTP/1.1 call, open until this is dropped.
    pub(super) fn begin_exchange(self: &Arc<Self>, deadline: Option<Instant>, taken: Option<Taken>) -> OpenCall {
        let call = self.begin(deadline, taken);
        *lock(&self.exchange) = call.end;
        call
    }

    fn begin(self: &Arc<Self>, deadline: Option<Instant>, taken: Option<Taken>) -> OpenCall {
        self.open.fetch_add(1, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Relaxed);
        let end = deadline.and_then(|deadline| deadline.checked_add(GRACE));
        OpenCall { calls: Arc::clone(self), end, _taken: taken }
    }

    /// When the HTTP/1.1 exchange in hand ends at the latest.
    pub(super) fn exchange_end(&self) -> Option<Instant> {
        *lock(&self.exchange)
    }

    /// How many calls there are, and how many there have been.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.open.load(Ordering::Relaxed), self.begun.load(Ordering::Relaxed))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call, until it is dropped.
#[derive(Debug)]
pub(super) struct OpenCall {
    calls: Arc<ConnectionCalls>,
    end: Option<Instant>,
    _taken: Option<Taken>,
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.calls.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs the streams of an HTTP/2 connection, each to its end at the latest.
///
/// A limit inside of a body would not do: hyper does not poll a body while the peer's window is shut. A stream that is dropped
/// here is reset (CANCEL), and what it held is free: its place, its buffers, and what h2 had of it.
#[derive(Clone, Debug)]
pub(super) struct StreamExecutor {
    calls: Arc<ConnectionCalls>,
    tasks: TaskTracker,
    /// Behind a pointer, because cloning a token takes a lock that all clones share.
    stopping: Arc<CancellationToken>,
}

impl StreamExecutor {
    pub(super) const fn new(calls: Arc<ConnectionCalls>, tasks: TaskTracker, stopping: Arc<CancellationToken>) -> Self {
        Self { calls, tasks, stopping }
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for StreamExecutor {
    fn execute(&self, stream: F) {
        let call = lock(&self.calls.next).take();
        let stopping = Arc::clone(&self.stopping);
        self.tasks.spawn(async move {
            match call.as_ref().and_then(|call| call.end) {
                None => select! {
                    () = stream => {}
                    () = farewell(&stopping) => tracing::debug!("a stream was reset: the service stops"),
                },
                Some(end) => {
                    if timeout_at(end, stream).await.is_err() {
                        tracing::debug!("a stream was reset: its client did not take the answer in time");
                    }
                }
            }
            drop(call);
        });
    }
}

/// Completes when nothing is waited for any more that has no end of its own.
pub(crate) async fn farewell(stopping: &CancellationToken) {
    stopping.cancelled().await;
    sleep(FAREWELL).await;
}
