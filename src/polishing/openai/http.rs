//! Sends one request and judges the answer by its status, before anyone reads the body; then lets the body pass bounded: in
//! size, in time between two bytes, and only as fast as it is wanted. Knows no JSON and no model.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame};
use reqwest::{Client, Request, Response, StatusCode, header};
use tokio::time::{Instant, Sleep, timeout_at};

use super::{clock, event_lines::EventLines};
use crate::polishing::ModelError;

/// The longest wait that we pass on to a caller from `Retry-After`.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// The longest body of an error that is read, in bytes, and how long it is waited for.
const MAX_ERROR_BODY: usize = 16 << 10;
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(1);

/// One client for all servers: no redirects, which would carry a draft to where no one allowed it.
#[expect(clippy::disallowed_methods, reason = "it sets redirects and time limits")]
pub(super) fn build_client(connect_timeout: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect_timeout)
        .user_agent(concat!("vermilion/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// What bounds one exchange, and what became of its body: the library that reads the body does not hand our errors on.
#[derive(Debug)]
pub(super) struct HttpExchange {
    /// For the whole.
    pub(super) deadline: Instant,
    /// For the first byte and between any two, where the answer is streamed.
    pub(super) stall_timeout: Option<Duration>,
    /// The longest body, in bytes.
    pub(super) max_bytes: usize,
    /// Whether the body may be read on.
    pub(super) gate: ReadGate,
    fault: OnceLock<ModelError>,
}

impl HttpExchange {
    pub(super) fn new(deadline: Instant, stall: Option<Duration>, most: usize) -> Arc<Self> {
        Arc::new(Self {
            deadline,
            stall_timeout: stall,
            max_bytes: most,
            gate: ReadGate::default(),
            fault: OnceLock::new(),
        })
    }

    /// Why the body ended before its end, if it did.
    pub(super) fn fault(&self) -> Option<ModelError> {
        self.fault.get().copied()
    }

    fn fail(&self, fault: ModelError) -> ModelError {
        *self.fault.get_or_init(|| fault)
    }
}

/// Keeps a body from being read while no one waits for what is in it: the library reads ahead without bound.
#[derive(Debug, Default)]
pub(super) struct ReadGate(Mutex<GateState>);

#[derive(Debug, Default)]
struct GateState {
    shut: bool,
    reader: Option<Waker>,
}

impl ReadGate {
    /// Someone waits.
    pub(super) fn open(&self) {
        let mut waiting = self.lock();
        waiting.shut = false;
        if let Some(reader) = waiting.reader.take() {
            reader.wake();
        }
    }

    /// Someone has got what they waited for.
    pub(super) fn close(&self) {
        self.lock().shut = true;
    }

    fn is_open(&self, context: &Context<'_>) -> bool {
        let mut waiting = self.lock();
        if waiting.shut {
            waiting.reader = Some(context.waker().clone());
        }
        !waiting.shut
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends a request. An answer other than 2xx is dropped unread, and its connection with it.
pub(super) async fn send_request(
    http: &Client,
    request: Request,
    exchange: Arc<HttpExchange>,
) -> Result<Response, ModelError> {
    let first_byte =
        exchange.stall_timeout.map_or(exchange.deadline, |stall| exchange.deadline.min(clock::now() + stall));
    let response = match timeout_at(first_byte, http.execute(request)).await {
        Err(_) => return Err(ModelError::Timeout),
        Ok(answer) => answer.map_err(|_| ModelError::Unreachable)?,
    };
    if let Err(error) = check_status(&response) {
        return Err(error_of(response, error, exchange.deadline).await);
    }
    let (parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
    let stall = exchange.stall_timeout.map(|stall| Box::pin(tokio::time::sleep(stall)));
    let left = exchange.max_bytes;
    let lines = exchange.stall_timeout.map(|_| EventLines::default());
    let watched = BoundedBody { body, left, stall_timer: stall, is_paused: false, lines, is_new: true, exchange };
    Ok(http::Response::from_parts(parts, reqwest::Body::wrap(watched)).into())
}

/// By status and type; the words of an error are for the provider's own tools, and may repeat the prompt.
fn check_status(response: &Response) -> Result<(), ModelError> {
    let status = response.status();
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ModelError::Credentials),
        StatusCode::TOO_MANY_REQUESTS => Err(ModelError::RateLimited { retry_after: retry_after(response.headers()) }),
        _ if matches!(status.as_u16(), 503 | 529) && retry_after(response.headers()).is_some() => {
            let retry_after = retry_after(response.headers()).unwrap_or_default();
            Err(ModelError::Overloaded { status: status.as_u16(), retry_after })
        }
        // A request that took too long, that met another, that came too early: all of these pass.
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_EARLY => {
            Err(ModelError::ServerFailed { status: status.as_u16() })
        }
        _ if status.is_server_error() => Err(ModelError::ServerFailed { status: status.as_u16() }),
        _ if !status.is_success() => Err(ModelError::Refused { status: status.as_u16() }),
        _ if is_page(response.headers()) => Err(ModelError::Malformed),
        _ => Ok(()),
    }
}

/// An error whose status says too little: of its body as much is read as tells what it is, and nothing of it is kept.
async fn error_of(mut response: Response, error: ModelError, deadline: Instant) -> ModelError {
    if !matches!(error, ModelError::RateLimited { .. } | ModelError::Refused { status: 400 }) {
        return error;
    }
    let deadline = deadline.min(clock::now() + ERROR_BODY_TIMEOUT);
    let mut body = Vec::new();
    while body.len() <= MAX_ERROR_BODY {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(None)) => return super::response::read_error(&body).unwrap_or(error),
            Ok(Err(_)) | Err(_) => break,
        }
    }
    error
}

/// A page for people: some proxy's, with a status that means nothing.
fn is_page(headers: &header::HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], header::HeaderValue::as_bytes);
    kind.get(..9).is_some_and(|kind| kind.eq_ignore_ascii_case(b"text/html"))
}

/// In seconds, in milliseconds as OpenAI and Azure also say it, or until a date; at most a minute. LiteLLM hands its provider's
/// header on under a name of its own.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| !number.is_nan());
    let until = |text: &str| {
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(clock::wall_clock()).unwrap_or_default().as_secs_f64())
    };
    let seconds = text("retry-after-ms").and_then(number).map(|ms| ms / 1000.0).or_else(|| {
        let said = text("retry-after").or_else(|| text("llm_provider-retry-after"))?;
        number(said).or_else(|| until(said))
    })?;
    Duration::try_from_secs_f64(seconds.min(LONGEST_RETRY_AFTER.as_secs_f64())).ok()
}

/// A body within the bounds of its exchange.
struct BoundedBody {
    body: reqwest::Body,
    left: usize,
    stall_timer: Option<Pin<Box<Sleep>>>,
    /// Whether we have kept it from being read, so that its silence is ours.
    is_paused: bool,
    /// Where it is a stream of events.
    lines: Option<EventLines>,
    /// Whether nothing of it has been read.
    is_new: bool,
    exchange: Arc<HttpExchange>,
}

impl BoundedBody {
    /// What is handed on of a piece: not a byte order mark before a whole answer, and of a stream no blank events.
    fn cleaned(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        let is_first = std::mem::take(&mut self.is_new);
        let lines = &mut self.lines;
        frame.map_data(|data| match lines {
            Some(lines) => lines.push(data),
            None if is_first && data.starts_with(b"\xEF\xBB\xBF") => data.slice(3..),
            None => data,
        })
    }

    fn restart_stall(&mut self) {
        if let (Some(timer), Some(stall)) = (&mut self.stall_timer, self.exchange.stall_timeout) {
            timer.as_mut().reset(clock::now() + stall);
        }
    }
}

impl Body for BoundedBody {
    type Data = Bytes;
    type Error = ModelError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, ModelError>>> {
        let this = self.get_mut();
        if !this.exchange.gate.is_open(context) {
            this.is_paused = true;
            return Poll::Pending;
        }
        if std::mem::take(&mut this.is_paused) {
            this.restart_stall();
        }
        loop {
            return match Pin::new(&mut this.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    let length = frame.data_ref().map_or(0, Bytes::len);
                    let Some(left) = this.left.checked_sub(length) else {
                        return Poll::Ready(Some(Err(this.exchange.fail(ModelError::Malformed))));
                    };
                    this.left = left;
                    this.restart_stall();
                    let frame = this.cleaned(frame);
                    if frame.data_ref().is_some_and(Bytes::is_empty) {
                        // All of it was held back or dropped.
                        continue;
                    }
                    Poll::Ready(Some(Ok(frame)))
                }
                Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(this.exchange.fail(ModelError::Unreachable)))),
                Poll::Ready(None) => Poll::Ready(None),
                Poll::Pending => {
                    let stalled =
                        this.stall_timer.as_mut().is_some_and(|timer| timer.as_mut().poll(context).is_ready());
                    if stalled {
                        Poll::Ready(Some(Err(this.exchange.fail(ModelError::Timeout))))
                    } else {
                        Poll::Pending
                    }
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], expected: Option<u64>) {
        let headers = headers
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        assert_eq!(retry_after(&headers), expected.map(Duration::from_millis), "{headers:?}");
    }

    #[test]
    fn reads_retry_after() {
        check(&[], None);
        check(&[("retry-after", "2")], Some(2000));
        check(&[("retry-after", " 0.5 ")], Some(500));
        check(&[("retry-after", "3"), ("retry-after-ms", "250")], Some(250));
        check(&[("retry-after", "3600")], Some(60_000));
        check(&[("retry-after", "1e300")], Some(60_000));
        check(&[("llm_provider-retry-after", "30")], Some(30_000));
        check(&[("retry-after", "2"), ("llm_provider-retry-after", "30")], Some(2000));
        check(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], Some(0));
        check(&[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")], Some(60_000));
        for nothing in ["", "-1", "NaN", "soon"] {
            check(&[("retry-after", nothing)], None);
        }
    }
}
