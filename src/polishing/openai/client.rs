//! The only file that names `async-openai`: it writes the requests and splits streams into events. What it makes of HTTP and of
//! JSON is replaced by ours: its errors carry whole bodies, and its types refuse what many servers send.

use std::{pin::Pin, sync::Arc};

use async_openai::{
    config::{AzureConfig, Config, OpenAIConfig},
    error::OpenAIError,
    middleware::HttpRequestFactory,
};
use reqwest::header;
use serde::Serialize;
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt as _};

use super::{
    http::{self, HttpExchange},
    response::ChatResponse,
    settings::{ApiKey, ModelServer},
    trace_header,
};
use crate::polishing::{MessageRole, ModelError, Prompt};

/// The events of a stream. Dropping it closes the connection.
pub(super) type EventStream = Pin<Box<dyn Stream<Item = Result<ChatResponse, ModelError>> + Send>>;

/// Speaks to one server.
pub(super) struct ChatClient {
    keyed: watch::Sender<KeyedClient>,
    http: reqwest::Client,
    server: ModelServer,
}

/// The library's client, which has the key within it.
#[derive(Clone)]
struct KeyedClient {
    openai: async_openai::Client<Arc<dyn Config>>,
    /// Whether there is none.
    keyless: bool,
}

/// A request as it is sent: nothing in it that the operator has not asked for.
#[derive(Serialize)]
struct ChatRequest<'r> {
    model: &'r str,
    messages: Vec<RequestMessage<'r>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat>,
}

#[derive(Serialize)]
struct RequestMessage<'r> {
    role: &'static str,
    content: &'r str,
}

#[derive(Serialize)]
struct ResponseFormat {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

impl KeyedClient {
    fn new(server: &ModelServer, key: &ApiKey, http: reqwest::Client) -> Self {
        // Everything is said here, so that none of the library's own variables of the environment has a say.
        let config: Arc<dyn Config> = match &server.api_version {
            None => Arc::new(
                OpenAIConfig::new()
                    .with_api_base(&server.base_url)
                    .with_api_key(key.expose())
                    .with_org_id("")
                    .with_project_id(""),
            ),
            Some(version) => Arc::new(
                AzureConfig::new()
                    .with_api_base(&server.base_url)
                    .with_api_key(key.expose())
                    .with_deployment_id(&server.model)
                    .with_api_version(version),
            ),
        };
        Self { openai: async_openai::Client::build(http, config), keyless: key.is_empty() }
    }
}

impl ChatClient {
    pub(super) fn new(server: &ModelServer, http: reqwest::Client) -> Self {
        let keyed = watch::Sender::new(KeyedClient::new(server, &server.api_key, http.clone()));
        Self { keyed, http, server: server.clone() }
    }

    /// Sends this key from now on; requests in hand go on with the one of before.
    pub(super) fn replace_key(&self, key: &ApiKey) {
        let keyed = KeyedClient::new(&self.server, key, self.http.clone());
        self.keyed.send_replace(keyed);
    }

    /// Asks for a whole answer.
    pub(super) async fn complete(
        &self,
        prompt: &Prompt,
        exchange: &Arc<HttpExchange>,
    ) -> Result<ChatResponse, ModelError> {
        let openai = self.within(exchange);
        let answer = openai.chat().create_byot(self.request(prompt, false)).await;
        answer.map_err(|error| classify(&error, exchange))
    }

    /// Asks for a stream, and answers when its head is there.
    pub(super) async fn stream(
        &self,
        prompt: &Prompt,
        exchange: &Arc<HttpExchange>,
    ) -> Result<EventStream, ModelError> {
        let openai = self.within(exchange);
        let events = openai.chat().create_stream_byot(self.request(prompt, true)).await;
        let events: Pin<Box<dyn Stream<Item = Result<ChatResponse, OpenAIError>> + Send>> =
            events.map_err(|error| classify(&error, exchange))?;
        let exchange = Arc::clone(exchange);
        Ok(Box::pin(events.map(move |event| event.map_err(|error| classify(&error, &exchange)))))
    }

    /// A client whose requests go our own way, within the bounds of one exchange.
    fn within(&self, exchange: &Arc<HttpExchange>) -> async_openai::Client<Arc<dyn Config>> {
        let (http, exchange) = (self.http.clone(), Arc::clone(exchange));
        let KeyedClient { openai, keyless } = self.keyed.borrow().clone();
        let trace = trace_header::of_current_step();
        openai.with_http_service(tower::service_fn(move |factory: HttpRequestFactory| {
            let (http, exchange, trace) = (http.clone(), Arc::clone(&exchange), trace.clone());
            async move {
                let mut request = factory.build().await?;
                if keyless {
                    request.headers_mut().remove(header::AUTHORIZATION);
                    request.headers_mut().remove("api-key");
                }
                if let Some(trace) = trace {
                    request.headers_mut().insert(trace_header::NAME, trace);
                }
                // What is marked so is shown by no library.
                request.headers_mut().values_mut().for_each(|value| value.set_sensitive(true));
                http::send_request(&http, request, exchange).await.map_err(|error| OpenAIError::Boxed(Box::new(error)))
            }
        }))
    }

    fn request<'r>(&'r self, prompt: &'r Prompt, stream: bool) -> ChatRequest<'r> {
        let parameters = &self.server.parameters;
        let role = |author| match author {
            MessageRole::System => "system",
            MessageRole::User => "user",
            MessageRole::Assistant => "assistant",
        };
        let messages = prompt.messages.iter();
        ChatRequest {
            model: &self.server.model,
            messages: messages
                .map(|message| RequestMessage { role: role(message.role), content: &message.text })
                .collect(),
            stream,
            stream_options: (stream && parameters.include_usage).then_some(StreamOptions { include_usage: true }),
            temperature: parameters.temperature,
            max_tokens: parameters.max_tokens,
            max_completion_tokens: parameters.max_completion_tokens,
            reasoning_effort: parameters.reasoning_effort.as_deref(),
            response_format: parameters.json_object.then_some(ResponseFormat { kind: "json_object" }),
        }
    }
}

/// Takes from the library's error no more than its kind: the rest may hold what the server wrote.
fn classify(error: &OpenAIError, exchange: &HttpExchange) -> ModelError {
    if let Some(fault) = exchange.fault() {
        return fault;
    }
    match error {
        OpenAIError::Boxed(ours) => ours.downcast_ref::<ModelError>().copied().unwrap_or(ModelError::Malformed),
        OpenAIError::Reqwest(_) => ModelError::Unreachable,
        _ => ModelError::Malformed,
    }
}
