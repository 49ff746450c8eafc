//! Permits, prompts, settings and askers.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use tokio::time::Instant;
use tokio_stream::StreamExt as _;
use vermilion::polishing::{
    Author, Completion, Message, Model as _, ModelError, Piece, Pieces, Prompt, Usage,
    openai::{Parameters, Providers, Secret, Server, Settings},
};

pub(crate) use super::permit::permit;
use super::scripted::Scripted;

/// What the scripted servers say the whole takes.
pub(crate) const USAGE: Usage = Usage { prompt: 7, completion: 3, estimated: false };

/// Long enough for everything that ends by itself.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn prompt(text: &str) -> Prompt {
    let message = |author, text: &str| Message { author, text: text.to_owned() };
    Prompt { messages: vec![message(Author::System, "be kind"), message(Author::User, text)] }
}

pub(crate) fn server(url: &str) -> Server {
    Server {
        base_url: url.to_owned(),
        api_key: Secret::new("sk-test").unwrap(),
        model: "m".to_owned(),
        api_version: None,
        timeout: PATIENCE,
        stall_timeout: Duration::from_millis(300),
        answer_bytes: 64 << 10,
        rest_after: 100,
        rest: PATIENCE,
        parameters: Parameters::default(),
    }
}

pub(crate) fn settings(primary: Server, fallback: Option<Server>) -> Settings {
    Settings {
        primary,
        fallback,
        connect_timeout: Duration::from_secs(2),
        tenant_calls: 1000,
        tenant_calls_per_minute: NonZeroU32::new(10_000).unwrap(),
    }
}

/// Without chance.
pub(crate) fn providers(settings: Settings) -> Providers {
    Providers::new(settings, Arc::new(|| 0.0)).unwrap()
}

pub(crate) fn one(scripted: &Scripted) -> Providers {
    providers(settings(server(&scripted.url()), None))
}

pub(crate) async fn complete(providers: &Providers) -> Result<Completion, ModelError> {
    providers.complete(&permit("acme"), &prompt("hello"), Instant::now() + PATIENCE).await
}

pub(crate) async fn stream(providers: &Providers) -> Result<Pieces, ModelError> {
    providers.stream(&permit("acme"), &prompt("hello"), Instant::now() + PATIENCE).await
}

/// The text that came, and how it ended.
pub(crate) async fn drain(mut pieces: Pieces) -> (String, Result<Usage, ModelError>) {
    let mut text = String::new();
    let mut outcome = None;
    while let Some(piece) = pieces.next().await {
        assert!(outcome.is_none(), "nothing follows the end");
        match piece {
            Ok(Piece::Text(piece)) => text += &piece,
            Ok(Piece::End(usage)) => outcome = Some(Ok(usage)),
            Err(error) => outcome = Some(Err(error)),
        }
    }
    (text, outcome.unwrap())
}
