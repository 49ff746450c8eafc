//! A service as `vermilion serve` composes it, with a model's server that a test names, and a client of it; and a log of all.

use tokio::{net::TcpListener, sync::oneshot};
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _};
use vermilion::{
    app,
    config::Config,
    telemetry::logs,
    transport::proto::{
        Document, GetPolishingAvailabilityRequest, PolishReplyRequest, PolishResult,
        polishing_service_client::PolishingServiceClient, stream_polish_reply_response::Event,
    },
};

use crate::privacy::Captured;

/// A running service and its client.
pub(crate) struct Desk {
    client: PolishingServiceClient<Channel>,
    /// Ends the service when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl Desk {
    /// Before the model's server at `base_url`; `more` goes under `[polishing.primary]`.
    pub(crate) async fn start(base_url: &str, key: &str, more: &str) -> Self {
        let file = format!(
            "[polishing]\ntenant_calls_per_minute = 10000\n[polishing.primary]\nbase_url = \"{base_url}\"\n\
             api_key = \"{key}\"\nmodel = \"m\"\nanswer_bytes = 65536\nrest_after = 1000\n{more}\n"
        );
        app::prepare();
        // Not the program's, which keeps what a failed test has to say to itself.
        drop(std::panic::take_hook());
        let service = app::service(&Config::parse(&file, &[]).unwrap()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(service.run(listener, async {
            let _ = stopped.await;
        }));
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        Self { client: PolishingServiceClient::new(channel), _stop: stop }
    }

    /// A result, or why there is none.
    pub(crate) async fn polish(
        &mut self,
        draft: &str,
        conversation: &str,
        streamed: bool,
    ) -> Result<PolishResult, Status> {
        let asked = PolishReplyRequest {
            document: Some(Document { content: draft.to_owned(), ..Document::default() }),
            conversation_id: conversation.to_owned(),
            ..PolishReplyRequest::default()
        };
        if !streamed {
            return Ok(self.client.polish_reply(asked).await?.into_inner().result.unwrap());
        }
        let mut stream = self.client.stream_polish_reply(asked).await?.into_inner();
        let mut shown = String::new();
        let mut result = None;
        while let Some(message) = stream.message().await? {
            assert!(result.is_none(), "nothing follows the result");
            match message.event.unwrap() {
                Event::Delta(delta) => shown += &delta.text,
                Event::Result(whole) => result = Some(whole),
            }
        }
        assert!(!shown.contains("hm") && !shown.contains("think"), "reasoning is not shown: {shown}");
        Ok(result.unwrap())
    }

    pub(crate) async fn remaining(&mut self, conversation: &str) -> i32 {
        let asked = GetPolishingAvailabilityRequest { conversation_id: conversation.to_owned() };
        self.client.get_polishing_availability(asked).await.unwrap().into_inner().remaining_in_conversation.unwrap()
    }
}

/// Everything that is logged from now on, on this thread, for as long as the guard lives. The worst that an operator can ask
/// for: all of it, and the library by its own name.
pub(crate) fn log_everything() -> (Captured, DefaultGuard) {
    let captured = Captured::default();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(captured.clone());
    let filter = EnvFilter::new("trace,async_openai=trace");
    let log = tracing_subscriber::registry().with(filter).with(logs::without_text()).with(lines);
    (captured, tracing::subscriber::set_default(log))
}

/// That it did log, and at trace, but none of the secrets.
#[track_caller]
pub(crate) fn assert_logged_without(captured: &Captured, secrets: &[&str]) {
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("TRACE") && logged.contains("no answer from the model"), "it did log, and at trace");
    for secret in secrets {
        assert!(!logged.contains(secret), "{secret} is logged");
    }
}
