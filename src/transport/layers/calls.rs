//! Writes one line for each call, when its answer has gone or been given up: at `info` for those that change something, are
//! refused, fail or are slow, at `debug` for the rest; of those that are refused or given up so many a second (`refusals`); and
//! keeps the span of a call that is traced. Line and span hold names, counts and times; a path or a language tag that a client
//! invented is not among them.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{HeaderMap, Request};
use http_body::{Frame, SizeHint};
use tonic::{Code, Status, body::Body};
use tracing::{Instrument as _, Span};

use super::{
    Answering, Middleware, ResponseFuture, is_standing,
    refusals::{Line, RefusalLines},
};
use crate::{
    metrics::{EndedCall, MethodNumbers, Present, Transport},
    telemetry::{RequestId, traces},
    transport::tallies::label,
};
use vermilion_engine::language::Language;

/// From this on a call is worth a line, however it ends.
const SLOW_MS: f64 = 1000.0;

/// What a handler tells of its call.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    language: OnceLock<Language>,
    text_bytes: AtomicUsize,
    is_known: AtomicBool,
}

impl Facts {
    /// That it is known who calls.
    pub(crate) fn note_known(&self) {
        self.is_known.store(true, Ordering::Relaxed);
    }

    /// How long the text is, in bytes.
    pub(crate) fn note_size(&self, bytes: usize) {
        self.text_bytes.store(bytes, Ordering::Relaxed);
    }

    /// The language that is really used.
    pub(crate) fn note_language(&self, language: Language) {
        // Only the first counts; a call has one.
        let _ = self.language.set(language);
    }
}

/// The layer. Knows the paths that are served, so that it logs no other.
#[derive(Clone, Debug)]
pub(crate) struct CallLog {
    served: Arc<HashMap<Arc<str>, Arc<Method>>>,
    /// What nobody serves.
    unknown: Arc<Method>,
    refusals: Arc<RefusalLines>,
}

impl CallLog {
    /// Logs calls to these paths (`/package.Service/Method`) by their name, and all others as unknown.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "from here on seconds are told apart")]
    pub(crate) fn new<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let refusals = Arc::new(RefusalLines::from(Instant::now()));
        let served = paths.map(|path| (Arc::from(path), Arc::new(Method::new(path, true)))).collect();
        Self { served: Arc::new(served), unknown: Arc::new(Method::new("unknown", false)), refusals }
    }
}

/// What is called.
#[derive(Debug)]
struct Method {
    name: Arc<str>,
    is_served: bool,
    numbers: MethodNumbers,
}

impl Method {
    fn new(name: &str, is_served: bool) -> Self {
        let name = Arc::<str>::from(name);
        Self { is_served, numbers: MethodNumbers::new(Arc::clone(&name)), name }
    }
}

impl Middleware for CallLog {
    #[expect(clippy::disallowed_methods, reason = "it only measures how long the call takes")]
    fn handle<F: Answering>(
        &self,
        mut request: Request<Body>,
        next: impl FnOnce(Request<Body>) -> F,
    ) -> ResponseFuture {
        let facts = Arc::new(Facts::default());
        request.extensions_mut().insert(Arc::clone(&facts));
        let method = Arc::clone(self.served.get(request.uri().path()).unwrap_or(&self.unknown));
        let transport = transport(&request);
        let span = begin_trace(&method, transport, request.headers());
        let mut line = CallLogLine {
            method,
            request_id: request.extensions().get::<RequestId>().cloned(),
            refusals: Arc::clone(&self.refusals),
            facts,
            started: Instant::now(),
            code: None,
            transport,
            span: span.clone(),
            _in_hand: Present::call(),
        };
        let answer = span.in_scope(|| next(request)).instrument(span);
        Box::pin(async move {
            let response = answer.await;
            line.code = code_in(response.headers());
            response.map(|inner| Body::new(LoggedBody { inner, line }))
        })
    }
}

/// The line, written when it is dropped: a call that the client gives up drops it, too.
#[derive(Debug)]
struct CallLogLine {
    method: Arc<Method>,
    request_id: Option<RequestId>,
    refusals: Arc<RefusalLines>,
    facts: Arc<Facts>,
    started: Instant,
    code: Option<Code>,
    transport: Transport,
    span: Span,
    _in_hand: Option<Present>,
}

/// The span of a call to a method that we serve. Probes are no calls of a workbench, and their streams last.
fn begin_trace(method: &Method, transport: Transport, headers: &HeaderMap) -> Span {
    if !method.is_served || !traces::is_tracing() || is_standing(&method.name) {
        return Span::none();
    }
    let parent = headers.get("traceparent").and_then(|value| value.to_str().ok());
    traces::begin_call(&method.name, transport.name(), parent)
}

impl Drop for CallLogLine {
    fn drop(&mut self) {
        let method = &*self.method.name;
        let request_id = self.request_id.as_ref().map_or("none", RequestId::as_str);
        let status = self.code.unwrap_or(Code::Cancelled);
        let code = name(status);
        let elapsed = self.started.elapsed();
        let microseconds = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        #[expect(clippy::cast_precision_loss, reason = "a call lasts less than 2^53 microseconds")]
        let duration_ms = microseconds as f64 / 1000.0;
        let known_language = self.facts.language.get().copied();
        let language = known_language.map(Language::tag);
        let text_bytes = self.facts.text_bytes.load(Ordering::Relaxed);
        self.span.record("rpc.grpc.status_code", i32::from(status)).record("vermilion.code", code);
        self.span.record("vermilion.language", language).record("vermilion.text_bytes", text_bytes as i64);
        self.method.numbers.count(EndedCall {
            code,
            transport: self.transport,
            language: known_language.map(label),
            seconds: duration_ms / 1000.0,
            text_bytes,
        });
        // Probes and checks while someone types would drown the calls that matter, and a line takes as long as half a check.
        let is_quiet = is_standing(method)
            || match status {
                Code::Ok => is_frequent(method) && duration_ms < SLOW_MS,
                // Nobody has these at will.
                Code::Internal | Code::Unknown | Code::DataLoss => false,
                _ => duration_ms < SLOW_MS && !self.has_line(status, self.started + elapsed),
            };
        if is_quiet {
            tracing::debug!(
                method,
                code,
                duration_ms,
                request_id,
                language,
                text_bytes,
                trace_id = traces::trace_id(&self.span),
                "call"
            );
        } else {
            tracing::info!(
                method,
                code,
                duration_ms,
                request_id,
                language,
                text_bytes,
                trace_id = traces::trace_id(&self.span),
                "call"
            );
        }
    }
}

impl CallLogLine {
    /// Whether a call that was not answered has a line; tells when there are no more.
    fn has_line(&self, status: Code, now: Instant) -> bool {
        let is_known = self.facts.is_known.load(Ordering::Relaxed);
        let line = self.refusals.take(status, is_known, now);
        if line == Line::FirstWithheld {
            tracing::info!(
                code = name(status),
                "more such calls in this second have no line; vermilion_calls_total counts them"
            );
        }
        line == Line::Written
    }
}

#[derive(Debug)]
struct LoggedBody {
    inner: Body,
    line: CallLogLine,
}

impl http_body::Body for LoggedBody {
    type Data = <Body as http_body::Body>::Data;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Status>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(code) = frame.trailers_ref().and_then(code_in)
        {
            self.line.code = Some(code);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn code_in(headers: &HeaderMap) -> Option<Code> {
    headers.get(Status::GRPC_STATUS).map(|value| Code::from_bytes(value.as_bytes()))
}

/// How a call came in. gRPC-Web has been unwrapped by now, but says what it was.
fn transport<B>(request: &Request<B>) -> Transport {
    let is_web = request.extensions().get::<FromBrowser>().is_some();
    if is_web { Transport::GrpcWeb } else { Transport::Grpc }
}

/// Set by what unwraps gRPC-Web.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromBrowser;

/// Whether a workbench calls this with every few letters or at every step.
fn is_frequent(method: &str) -> bool {
    method.starts_with("/vermilion.v1.SpellingService/") || method.ends_with("/GetPolishingAvailability")
}

/// The names of the gRPC specification.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
