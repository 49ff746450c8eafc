//! The admin port: plain HTTP for orchestrators, Prometheus and the operator, on an address that customers do not reach. Knows no
//! call and no text.
//!
//! | path | answers |
//! |---|---|
//! | `GET /livez` | 200 as long as the process answers |
//! | `GET /readyz` | 200 while calls are taken; 503 before the start and once it is going. A store that fails is named, and no reason not to be ready: spelling goes on |
//! | `GET /metrics` | the numbers, in the text format of Prometheus |
//! | `GET /build` | name and version, JSON |
//! | `GET /log-level`, `PUT /log-level` | what is logged; a level takes its place until the next start or SIGHUP |

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    time,
};

use crate::{
    metrics::{MetricsPage, UPKEEP_INTERVAL},
    telemetry::logs::LogLevel,
};

/// Probes and scrapes that may be in hand at once.
const CONNECTIONS: usize = 32;
/// For one request, and between two.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest name of a level, generously.
const LEVEL_BYTES: usize = 64;

/// What the admin port shows, and where.
pub struct AdminPort {
    /// Bound already, so that a port that is taken stops the start.
    pub listener: TcpListener,
    /// The numbers.
    pub metrics: MetricsPage,
    /// What is logged.
    pub log_level: LogLevel,
}

/// Whether the service takes calls, and how its store is.
#[derive(Clone, Debug)]
pub(super) struct Readiness {
    pub(super) is_serving: watch::Receiver<bool>,
    /// `None`: there is no store.
    pub(super) store: Option<watch::Receiver<bool>>,
}

impl AdminPort {
    /// Answers until it is dropped.
    pub(super) async fn serve(self, readiness: Readiness) -> Infallible {
        let Self { listener, metrics, log_level } = self;
        let state = Arc::new(AdminState { metrics, log_level, readiness });
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut upkeep = time::interval(UPKEEP_INTERVAL);
        loop {
            let stream = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = upkeep.tick() => {
                    state.metrics.tidy();
                    continue;
                }
            };
            let Ok((stream, _)) = stream else {
                // No descriptors: those who answer calls need them more.
                time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
            let state = Arc::clone(&state);
            #[expect(clippy::disallowed_methods, reason = "nobody waits for a probe at the end")]
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let state = Arc::clone(&state);
                    async move { Ok::<_, Infallible>(state.answer(request).await) }
                });
                let served = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .keep_alive(false)
                    .serve_connection(TokioIo::new(stream), service);
                // Whoever goes before the answer is nobody's trouble.
                let _ = time::timeout(PATIENCE, served).await;
                drop(place);
            });
        }
    }
}

struct AdminState {
    metrics: MetricsPage,
    log_level: LogLevel,
    readiness: Readiness,
}

impl AdminState {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        match (&head.method, head.uri.path()) {
            (&Method::GET, "/livez") => text(StatusCode::OK, "ok\n"),
            (&Method::GET, "/readyz") => self.readyz(),
            (&Method::GET, "/metrics") => {
                let mut response = text(StatusCode::OK, self.metrics.render());
                let format = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
                response.headers_mut().insert(header::CONTENT_TYPE, format);
                response
            }
            (&Method::GET, "/build") => {
                let build = json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") });
                text(StatusCode::OK, format!("{build}\n"))
            }
            (&Method::GET, "/log-level") => text(StatusCode::OK, format!("{}\n", self.log_level.get())),
            (&Method::PUT, "/log-level") => self.set_log_level(body).await,
            (_, "/livez" | "/readyz" | "/metrics" | "/build" | "/log-level") => {
                text(StatusCode::METHOD_NOT_ALLOWED, "GET, and for /log-level PUT\n")
            }
            _ => text(StatusCode::NOT_FOUND, "/livez /readyz /metrics /build /log-level\n"),
        }
    }

    fn readyz(&self) -> Response<Full<Bytes>> {
        let is_serving = *self.readiness.is_serving.borrow();
        let store = match &self.readiness.store {
            None => "none",
            Some(is_well) if *is_well.borrow() => "ok",
            Some(_) => "failing: settings and polishing are closed, spelling goes on",
        };
        if is_serving {
            text(StatusCode::OK, format!("ok\nstore: {store}\n"))
        } else {
            text(StatusCode::SERVICE_UNAVAILABLE, format!("not taking calls\nstore: {store}\n"))
        }
    }

    async fn set_log_level(&self, body: Incoming) -> Response<Full<Bytes>> {
        let expected = "expected error, warn, info, debug or trace\n";
        let Ok(body) = Limited::new(body, LEVEL_BYTES).collect().await else {
            return text(StatusCode::BAD_REQUEST, expected);
        };
        let bytes = body.to_bytes();
        match std::str::from_utf8(&bytes).ok().map(str::trim).filter(|level| self.log_level.set(level)) {
            Some(level) => {
                tracing::warn!(level, "the log level was changed at the admin port");
                text(StatusCode::OK, format!("{level}\n"))
            }
            None => text(StatusCode::BAD_REQUEST, expected),
        }
    }
}

fn text(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
