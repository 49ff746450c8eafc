//! The bytes of a connection, watched: it breaks if the first of them do not come, if its peer takes nothing of what is sent,
//! or if it floods the service with frames that move no call on. Knows no call.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::{calls::ConnectionCalls, frames::FrameAccount};

/// A peer that takes less than this in `stalled` takes nothing.
const LEAST_TAKEN: usize = 16 * 1024;

/// How long a peer may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For its first bytes.
    pub(super) first: Duration,
    /// For what waits to be sent.
    pub(super) stalled: Duration,
}

/// A watched connection.
#[derive(Debug)]
pub(super) struct WatchedIo<C> {
    inner: C,
    patience: Patience,
    calls: Arc<ConnectionCalls>,
    frames: FrameAccount,
    /// When time was credited to the account of frames.
    credited: Instant,
    /// When it breaks: while the first bytes or the peer are waited for.
    limit: Option<Pin<Box<Sleep>>>,
    /// Written since a write had to wait.
    taken: usize,
}

impl<C> WatchedIo<C> {
    #[expect(clippy::disallowed_methods, reason = "time limits of a connection begin when there is one")]
    pub(super) fn new(inner: C, patience: Patience, calls: Arc<ConnectionCalls>) -> Self {
        let now = Instant::now();
        let limit = Some(Box::pin(sleep_until(now + patience.first)));
        Self { inner, patience, calls, frames: FrameAccount::new(), credited: now, limit, taken: 0 }
    }

    /// Breaks in its time.
    fn poll_limit<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let Some(limit) = &mut self.limit else { return Poll::Pending };
        limit.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Follows what was read.
    #[expect(clippy::disallowed_methods, reason = "the clock is asked only for a peer that has used up its account")]
    fn follow(&mut self, bytes: &[u8]) -> io::Result<()> {
        let was_open = self.frames.is_open();
        self.frames.read(bytes);
        if !was_open && self.frames.is_open() {
            self.limit = None;
        }
        if self.frames.is_overdrawn() {
            let now = Instant::now();
            let passed = now.saturating_duration_since(self.credited);
            self.credited = now;
            self.frames.pass(u64::try_from(passed.as_micros()).unwrap_or(u64::MAX));
        }
        if self.frames.is_overdrawn() {
            tracing::debug!("a connection was closed: it sent too many frames that move no call on");
            return Err(io::Error::other("too many frames that move no call on"));
        }
        Ok(())
    }

    /// Judges a write.
    fn written(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) => {
                self.frames.sent(bytes);
                self.taken += bytes;
                if self.taken >= LEAST_TAKEN {
                    self.forget_write_limit();
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.poll_write_limit(context),
        }
    }

    fn forget_write_limit(&mut self) {
        if self.frames.is_open() {
            self.limit = None;
        }
    }

    fn poll_write_limit<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.limit.is_none() {
            self.limit = Some(Box::pin(sleep_until(self.write_end())));
            self.taken = 0;
        }
        self.poll_limit(context)
    }

    /// When a write that has to wait has waited too long: an HTTP/1.1 exchange has its own end, and no stream to reset.
    #[expect(clippy::disallowed_methods, reason = "only a write that has to wait asks the clock")]
    fn write_end(&self) -> Instant {
        let stalled = Instant::now() + self.patience.stalled;
        let exchange = self.calls.exchange_end().filter(|_| self.frames.is_other_protocol());
        exchange.map_or(stalled, |end| end.min(stalled))
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for WatchedIo<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.inner).poll_read(context, buffer) {
            Poll::Ready(Ok(())) => Poll::Ready(self.follow(&buffer.filled()[before..])),
            Poll::Pending if !self.frames.is_open() => self.poll_limit(context),
            outcome => outcome,
        }
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for WatchedIo<C> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(context, buffer);
        self.written(context, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(context) {
            Poll::Pending => self.poll_write_limit(context),
            Poll::Ready(outcome) => {
                // All has gone: both protocols flush when they have written what they had.
                self.forget_write_limit();
                Poll::Ready(outcome)
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(context, buffers);
        self.written(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
