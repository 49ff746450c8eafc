//! A service as `vermilion serve` composes it, with a model's server that a test names, and a client of it.

use tokio::{net::TcpListener, sync::oneshot};
use tonic::{Status, transport::Channel};
use vermilion::{
    app,
    config::Config,
    transport::proto::{
        Document, GetPolishingAvailabilityRequest, PolishReplyRequest, PolishResult, PolishingAvailability,
        RecordPolishFeedbackRequest, polishing_service_client::PolishingServiceClient, record_polish_feedback_request,
        stream_polish_reply_response::Event,
    },
};

use crate::support::serving::connect;

/// A running service and its client.
pub(crate) struct Desk {
    client: PolishingServiceClient<Channel>,
    /// Ends the service when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl Desk {
    /// Before the model's server at `base_url`; `more` goes under `[polishing.primary]`.
    pub(crate) async fn start(base_url: &str, key: &str, more: &str) -> Self {
        Self::start_with_review(base_url, key, more, "rules").await
    }

    /// The same; `review` is "model" or "rules".
    pub(crate) async fn start_with_review(base_url: &str, key: &str, more: &str, review: &str) -> Self {
        Self::start_with(base_url, key, more, &format!("[polishing.review]\nmode = \"{review}\"")).await
    }

    /// The same; `sections` stand by themselves.
    pub(crate) async fn start_with(base_url: &str, key: &str, more: &str, sections: &str) -> Self {
        let file = format!(
            "[polishing]\ntenant_calls_per_minute = 10000\n{sections}\n[polishing.primary]\nbase_url = \"{base_url}\"\n\
             api_key = \"{key}\"\nmodel = \"m\"\nanswer_bytes = 65536\nrest_after = 1000\n{more}\n"
        );
        app::prepare();
        // Not the program's, which keeps what a failed test has to say to itself.
        drop(std::panic::take_hook());
        let service = app::build(&Config::parse(&file, &[]).unwrap()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(service.run(listener, async {
            let _ = stopped.await;
        }));
        let channel = connect(&address).await;
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

    pub(crate) async fn availability(&mut self) -> PolishingAvailability {
        let asked = GetPolishingAvailabilityRequest::default();
        self.client.get_polishing_availability(asked).await.unwrap().into_inner()
    }

    pub(crate) async fn record_feedback(&mut self, polish_id: &str) -> Result<(), Status> {
        let feedback = record_polish_feedback_request::Feedback::Accepted.into();
        let asked = RecordPolishFeedbackRequest { polish_id: polish_id.to_owned(), feedback };
        self.client.record_polish_feedback(asked).await.map(drop)
    }

    pub(crate) async fn remaining(&mut self, conversation: &str) -> i32 {
        let asked = GetPolishingAvailabilityRequest { conversation_id: conversation.to_owned() };
        self.client.get_polishing_availability(asked).await.unwrap().into_inner().remaining_in_conversation.unwrap()
    }
}
