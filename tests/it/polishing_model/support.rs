//! Permits, prompts, settings and askers.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use tokio::time::Instant;
use tokio_stream::StreamExt as _;
use vermilion::polishing::{
    ChatModel as _, Completion, MessageRole, ModelChunk, ModelError, ModelStream, Prompt, PromptMessage, TokenUsage,
    openai::{ApiKey, ModelProviders, ModelServer, ProviderSettings, RequestParameters},
};

pub(crate) use super::permit::permit;
use super::scripted::Scripted;

/// What the scripted servers say the whole takes.
pub(crate) const USAGE: TokenUsage = TokenUsage { prompt: 7, completion: 3, estimated: false };

/// Long enough for everything that ends by itself.
pub(crate) const TEST_TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) fn prompt(text: &str) -> Prompt {
    let message = |author, text: &str| PromptMessage { role: author, text: text.to_owned() };
    Prompt { messages: vec![message(MessageRole::System, "be kind"), message(MessageRole::User, text)] }
}

pub(crate) fn server(url: &str) -> ModelServer {
    ModelServer {
        base_url: url.to_owned(),
        api_key: ApiKey::new("sk-test").unwrap(),
        model: "m".to_owned(),
        api_version: None,
        timeout: TEST_TIMEOUT,
        stall_timeout: Duration::from_millis(300),
        max_answer_bytes: 64 << 10,
        failure_threshold: 100,
        cooldown: TEST_TIMEOUT,
        parameters: RequestParameters::default(),
    }
}

pub(crate) fn settings(primary: ModelServer, fallback: Option<ModelServer>) -> ProviderSettings {
    ProviderSettings {
        primary,
        fallback,
        connect_timeout: Duration::from_secs(2),
        tenant_calls: 1000,
        tenant_calls_per_minute: NonZeroU32::new(10_000).unwrap(),
    }
}

/// Without chance.
pub(crate) fn providers(settings: ProviderSettings) -> ModelProviders {
    ModelProviders::new(settings, Arc::new(|| 0.0)).unwrap()
}

pub(crate) fn single_provider(scripted: &Scripted) -> ModelProviders {
    providers(settings(server(&scripted.url()), None))
}

pub(crate) async fn complete(providers: &ModelProviders) -> Result<Completion, ModelError> {
    providers.complete(&permit("acme"), &prompt("hello"), Instant::now() + TEST_TIMEOUT).await
}

pub(crate) async fn stream(providers: &ModelProviders) -> Result<ModelStream, ModelError> {
    providers.stream(&permit("acme"), &prompt("hello"), Instant::now() + TEST_TIMEOUT).await
}

/// The text that came, and how it ended.
pub(crate) async fn drain(mut pieces: ModelStream) -> (String, Result<TokenUsage, ModelError>) {
    let mut text = String::new();
    let mut outcome = None;
    while let Some(piece) = pieces.next().await {
        assert!(outcome.is_none(), "nothing follows the end");
        match piece {
            Ok(ModelChunk::Text(piece)) => text += &piece,
            Ok(ModelChunk::End(usage)) => outcome = Some(Ok(usage)),
            Err(error) => outcome = Some(Err(error)),
        }
    }
    (text, outcome.unwrap())
}
