//! The whole service over what servers send: for every row of the table the draft stays in the caller's hands, only a
//! polished reply is charged to the conversation, and nothing of it is logged.

use tokio::{net::TcpListener, sync::oneshot};
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _};
use vermilion::{
    app,
    config::Config,
    polishing::ModelError,
    telemetry::logs,
    transport::proto::{
        Document, GetPolishingAvailabilityRequest, PolishReplyRequest, PolishResult, polish_result::Outcome,
        polishing_service_client::PolishingServiceClient, stream_polish_reply_response::Event,
    },
};

use crate::{
    privacy::Captured,
    quirks::{Quirk, statuses, streams, whole_answers},
    scripted::{Reply, Scripted},
};

const DRAFT: &str = "hi there";
const POLISHED: &str = "Hi there";
const KEY: &str = "sk-qjzxvwkbpf";

/// A service as `vermilion serve` composes it, before a server that does what it is told.
struct Desk {
    client: PolishingServiceClient<Channel>,
    model: Scripted,
    /// Ends the service when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl Desk {
    async fn start() -> Self {
        let model = Scripted::start(&[Reply::slam()]).await;
        let file = format!(
            "[polishing]\ntenant_calls_per_minute = 10000\n[polishing.primary]\nbase_url = \"{}\"\napi_key = \"{KEY}\"\n\
             model = \"m\"\nstall_timeout = \"300ms\"\nanswer_bytes = 65536\nrest_after = 1000\n",
            model.url()
        );
        app::prepare();
        let service = app::service(&Config::parse(&file, &[]).unwrap()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(service.run(listener, async {
            let _ = stopped.await;
        }));
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        Self { client: PolishingServiceClient::new(channel), model, _stop: stop }
    }

    /// A result, or why there is none.
    async fn polish(&mut self, conversation: &str, streamed: bool) -> Result<PolishResult, Status> {
        let asked = PolishReplyRequest {
            document: Some(Document { content: DRAFT.to_owned(), ..Document::default() }),
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

    async fn remaining(&mut self, conversation: &str) -> i32 {
        let asked = GetPolishingAvailabilityRequest { conversation_id: conversation.to_owned() };
        self.client.get_polishing_availability(asked).await.unwrap().into_inner().remaining_in_conversation.unwrap()
    }

    async fn check(&mut self, quirk: &Quirk, streamed: bool) {
        let row = format!("{}, streamed: {streamed}", quirk.came);
        self.model.will(&quirk.reply);
        let outcome = self.polish(&row, streamed).await;
        let remaining = self.remaining(&row).await;
        match outcome {
            Ok(result) if result.outcome() == Outcome::Polished => {
                assert!(quirk.got.is_ok(), "{row}");
                assert_eq!(
                    (result.content.as_str(), result.remaining_in_conversation, remaining),
                    (POLISHED, 9, 9),
                    "{row}"
                );
            }
            Ok(result) => {
                // Something was answered, but nothing that may be shown.
                let judged = [ModelError::Cut, ModelError::Empty, ModelError::Withheld];
                assert!(
                    quirk.got.is_ok_and(|(text, _)| text != POLISHED)
                        || quirk.got.is_err_and(|error| judged.contains(&error)),
                    "{row}: {result:?}"
                );
                assert_eq!(result.outcome(), Outcome::RejectedByGuard, "{row}");
                assert!(!result.findings.is_empty(), "{row}");
                assert_eq!(
                    (result.content.as_str(), result.remaining_in_conversation, remaining),
                    (DRAFT, 10, 10),
                    "{row}"
                );
            }
            Err(status) => {
                assert!(quirk.got.is_err(), "{row}: {status:?}");
                let codes = [Code::Unavailable, Code::FailedPrecondition, Code::Internal, Code::DeadlineExceeded];
                assert!(codes.contains(&status.code()), "{row}: {status:?}");
                let told = format!("{status:?}");
                assert!(!told.contains(DRAFT) && !told.contains(POLISHED) && !told.contains(KEY), "{row}: {told}");
                assert_eq!(remaining, 10, "{row}");
            }
        }
    }
}

/// On one thread, so that everything logs into what is captured.
#[tokio::test]
async fn whatever_comes_the_draft_is_kept_the_quota_is_right_and_nothing_is_logged() {
    let captured = Captured::default();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(captured.clone());
    // The worst that an operator can ask for: the library by its own name.
    let filter = EnvFilter::new("trace,async_openai=trace");
    let log = tracing_subscriber::registry().with(filter).with(logs::without_text()).with(lines);
    let _guard = tracing::subscriber::set_default(log);
    let mut desk = Desk::start().await;
    for quirk in statuses() {
        desk.check(&quirk, false).await;
        desk.check(&quirk, true).await;
    }
    for quirk in whole_answers() {
        desk.check(&quirk, false).await;
    }
    for quirk in streams() {
        desk.check(&quirk, true).await;
    }
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("TRACE") && logged.contains("no answer from the model"), "it did log, and at trace");
    for secret in [DRAFT, POLISHED, KEY, &KEY[3..], "You rewrite"] {
        assert!(!logged.contains(secret), "{secret} is logged");
    }
}
