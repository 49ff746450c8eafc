//! Servers, clients, and engines that a test can hold up or break.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::transport::{Channel, Endpoint};
use vermilion::{
    auth::Authenticator,
    config::{Config, server::ServerConfig},
    transport::{
        engine::SpellingEngine,
        proto::{
            CheckSpellingRequest, CheckSpellingResponse, Document, spelling_service_client::SpellingServiceClient,
        },
        server::{GrpcServer, ShutdownOutcome},
    },
};
use vermilion_engine::{
    document::{SkipReason, SkippedRegion},
    language::Language,
    spelling::{CheckRequest, FindingKind, SpellingFinding, SpellingReport, Suggestion},
    text::Span,
};

use crate::support::spelling::speller;

pub(crate) type Client = SpellingServiceClient<Channel>;

/// A server that runs until the test stops it or ends.
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<ShutdownOutcome>,
}

impl TestServer {
    /// With the real engine.
    pub(crate) async fn start() -> Self {
        Self::start_with(speller(), |_| {}).await
    }

    /// With any engine and configuration.
    pub(crate) async fn start_with(engine: Arc<dyn SpellingEngine>, change: impl FnOnce(&mut ServerConfig)) -> Self {
        Self::start_with_server(engine, change, |server| server).await
    }

    /// With an authenticator.
    pub(crate) async fn start_with_authenticator(
        authenticator: Authenticator,
        change: impl FnOnce(&mut ServerConfig),
    ) -> Self {
        let more = |server: GrpcServer| server.with_authenticator(Arc::new(authenticator));
        Self::start_with_server(Arc::new(FakeEngine::default()), change, more).await
    }

    /// With more than the engine.
    pub(crate) async fn start_with_server(
        engine: Arc<dyn SpellingEngine>,
        change: impl FnOnce(&mut ServerConfig),
        more: impl FnOnce(GrpcServer) -> GrpcServer,
    ) -> Self {
        let mut config = Config::parse("", &[]).unwrap().server;
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let server = more(GrpcServer::new(config, engine));
        let task = tokio::spawn(async move { server.run(listener, shutdown).await.unwrap() });
        Self { address, stop: Some(stop), task }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Channel::from_shared(format!("http://{}", self.address)).unwrap()
    }

    pub(crate) async fn channel(&self) -> Channel {
        self.endpoint().connect().await.unwrap()
    }

    pub(crate) async fn client(&self) -> Client {
        Client::new(self.channel().await)
    }

    /// What SIGTERM does.
    pub(crate) fn begin_shutdown(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    pub(crate) async fn wait_until_stopped(self) -> ShutdownOutcome {
        tokio::time::timeout(Duration::from_secs(10), self.task).await.unwrap().unwrap()
    }
}

/// A request for plain text.
pub(crate) fn check_request(text: &str, language: &str) -> CheckSpellingRequest {
    CheckSpellingRequest {
        document: Some(Document { content: text.to_owned(), ..Document::default() }),
        language_code: language.to_owned(),
        ..CheckSpellingRequest::default()
    }
}

/// The texts that are marked.
pub(crate) fn marked_texts(response: &CheckSpellingResponse) -> Vec<&str> {
    response.misspellings.iter().map(|misspelling| misspelling.text.as_str()).collect()
}

/// Marks every occurrence of `wrogn`, skips every `@`, and does what its words say: `wait` until released or cancelled,
/// `panic` over the text, `costly` what takes more steps than may be taken at once.
#[derive(Default)]
pub(crate) struct FakeEngine {
    released: Mutex<bool>,
    wake: Condvar,
    pub(crate) waiting: AtomicUsize,
    pub(crate) abandoned: AtomicUsize,
    /// Where checks and suggestions were made.
    pub(crate) threads: Mutex<Vec<ThreadId>>,
}

impl FakeEngine {
    pub(crate) fn release(&self) {
        *self.released.lock().unwrap() = true;
        self.wake.notify_all();
    }

    fn note_thread(&self) {
        self.threads.lock().unwrap().push(thread::current().id());
    }

    fn wait(&self, request: &CheckRequest<'_>) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut released = self.released.lock().unwrap();
        while !*released {
            if request.cancelled.load(Ordering::Relaxed) {
                self.abandoned.fetch_add(1, Ordering::SeqCst);
                return;
            }
            released = self.wake.wait_timeout(released, Duration::from_millis(5)).unwrap().0;
        }
    }
}

impl SpellingEngine for FakeEngine {
    fn check(&self, request: &CheckRequest<'_>) -> SpellingReport {
        self.note_thread();
        if request.text.contains("wait") {
            self.wait(request);
        }
        if request.text.contains("panic") {
            // Its message holds the text: `é` is two bytes.
            let cut = request.text.find('é').unwrap() + 1;
            assert!(!request.text[..cut].is_empty());
        }
        let finding = |(start, word): (usize, &str)| {
            let suggestion = Suggestion { text: "wrong".to_owned(), score: 0.5 };
            let suggestions = vec![suggestion; request.max_suggestions.min(1)];
            SpellingFinding::new(Span::new(start, start + word.len()), FindingKind::NonWord, suggestions.into())
        };
        let skipped = |(start, _)| SkippedRegion { span: Span::new(start, start + 1), reason: SkipReason::Mention };
        let protected =
            |finding: &SpellingFinding| request.protected.iter().any(|span| span.overlaps(finding.spans[0]));
        SpellingReport {
            findings: request.text.match_indices("wrogn").map(finding).filter(|found| !protected(found)).collect(),
            skipped: request.text.match_indices('@').map(skipped).collect(),
            incomplete: false,
            ..SpellingReport::default()
        }
    }

    fn check_within(&self, request: &CheckRequest<'_>, steps: u32) -> Option<SpellingReport> {
        (request.text.len() < steps as usize && !request.text.contains("costly")).then(|| self.check(request))
    }

    fn suggest_within(&self, word: &str, language: Language, limit: usize, steps: u32) -> Option<Vec<Suggestion>> {
        (word.len() < steps as usize && !word.contains("costly")).then(|| self.suggest(word, language, limit))
    }

    fn suggest(&self, _: &str, _: Language, limit: usize) -> Vec<Suggestion> {
        self.note_thread();
        vec![Suggestion { text: "wrong".to_owned(), score: 0.5 }; limit]
    }

    fn accepts(&self, word: &str, _: Language) -> bool {
        word != "wrogn"
    }
}

/// Polls until a condition holds.
#[track_caller]
pub(crate) fn eventually(what: &str, condition: impl Fn() -> bool) -> impl Future<Output = ()> {
    let what = what.to_owned();
    async move {
        for _ in 0..1000 {
            if condition() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("never: {what}");
    }
}
