//! Holds each call to its deadline, the stream of its answer included, and tells its work when nobody waits any more. A client
//! that does not take its answer is not told: `connections` cuts its stream off.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use http::{Extensions, Request};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Status, body::Body};

use super::{Answering, Middleware, ResponseFuture, ending, is_standing};
use crate::{config::deadlines::DeadlinesConfig, transport::status::CallError};

/// Set when nobody waits for the call any more: its deadline has passed, its client has hung up, or it is answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    /// For work that looks at it now and then.
    #[must_use]
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.0
    }
}

/// The time of a call, read once, when it comes in: what is decided and written for it has this time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallTime {
    /// By the wall clock.
    pub now: SystemTime,
    /// By the clock of deadlines.
    pub started: Instant,
    /// When it ends, if ever.
    pub deadline: Option<Instant>,
}

impl CallTime {
    /// Of a call, by its extensions; where no layer has seen it, which is so in no server of ours, it begins now.
    #[must_use]
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or_else(Self::now)
    }

    /// Of a call that comes in now, with the deadline that its client or the configuration sets.
    #[must_use]
    pub(crate) fn of_arrival<B>(deadlines: &DeadlinesConfig, request: &Request<B>) -> Self {
        let time = Self::now();
        // Tokio refuses no instant, but the arithmetic may overflow: then there is no deadline.
        let deadline = time_left(deadlines, request).and_then(|left| time.started.checked_add(left));
        Self { deadline, ..time }
    }

    #[expect(clippy::disallowed_methods, reason = "here the time of a call comes in")]
    fn now() -> Self {
        Self { now: SystemTime::now(), started: Instant::now(), deadline: None }
    }
}

fn time_left<B>(deadlines: &DeadlinesConfig, request: &Request<B>) -> Option<Duration> {
    let asked = request.headers().get("grpc-timeout").and_then(|value| parse(value.to_str().ok()?));
    if is_standing(request.uri().path()) {
        return asked;
    }
    Some(asked.unwrap_or(deadlines.default).min(deadlines.max))
}

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    /// Cloning a token takes a lock that all clones share, and the layers are cloned for each call.
    stopping: Arc<CancellationToken>,
}

impl Deadline {
    /// `stopping` ends the streams of health and reflection, which would otherwise outlast any grace.
    #[must_use]
    pub(crate) fn new(stopping: CancellationToken) -> Self {
        Self { stopping: Arc::new(stopping) }
    }
}

impl Middleware for Deadline {
    fn handle<F: Answering>(
        &self,
        mut request: Request<Body>,
        next: impl FnOnce(Request<Body>) -> F,
    ) -> ResponseFuture {
        let standing = is_standing(request.uri().path());
        let mut limit = Limit {
            sleep: CallTime::of(request.extensions()).deadline.map(|instant| Box::pin(sleep_until(instant))),
            stop: standing.then(|| Box::pin(self.stopping.as_ref().clone().cancelled_owned())),
        };
        let cancelled = Cancelled::default();
        let guard = CancelOnDrop(cancelled.clone());
        request.extensions_mut().insert(cancelled);
        let answer = next(request);
        Box::pin(async move {
            tokio::select! {
                biased;
                response = answer => {
                    response.map(|inner| Body::new(LimitedBody { inner, limit, ended: false, _guard: guard }))
                }
                error = std::future::poll_fn(|context| limit.poll(context)) => Status::from(error).into_http(),
            }
        })
    }
}

#[derive(Debug)]
struct CancelOnDrop(Cancelled);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.flag().store(true, Ordering::Relaxed);
    }
}

/// What ends a call early.
#[derive(Debug)]
struct Limit {
    sleep: Option<Pin<Box<Sleep>>>,
    stop: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl Limit {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<CallError> {
        if self.sleep.as_mut().is_some_and(|sleep| sleep.as_mut().poll(context).is_ready()) {
            return Poll::Ready(CallError::DeadlineExceeded);
        }
        if self.stop.as_mut().is_some_and(|stop| stop.as_mut().poll(context).is_ready()) {
            return Poll::Ready(CallError::ShuttingDown);
        }
        Poll::Pending
    }
}

struct LimitedBody {
    inner: Body,
    limit: Limit,
    ended: bool,
    _guard: CancelOnDrop,
}

impl http_body::Body for LimitedBody {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        // What is there goes out first: at a shutdown, the last word of a health stream is NOT_SERVING.
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            return Poll::Ready(frame);
        }
        self.limit
            .poll(context)
            .map(|error| {
                self.ended = true;
                ending(error)
            })
            .map(Some)
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The header of the gRPC specification: at most eight digits and a unit. What is malformed counts as absent, as in tonic.
fn parse(header: &str) -> Option<Duration> {
    let (digits, unit) = header.split_at_checked(header.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_header() {
        assert_eq!(parse("1H"), Some(Duration::from_secs(3600)));
        assert_eq!(parse("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse("99999999n"), Some(Duration::from_nanos(99_999_999)));
        for malformed in ["", "m", "1", "1s", "-1m", "+1m", "123456789m", "1é", "1 m"] {
            assert_eq!(parse(malformed), None, "{malformed:?}");
        }
    }
}
