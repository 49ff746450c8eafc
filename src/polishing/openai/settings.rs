//! What an operator sets for the models' servers, validated. Plain data; knows no HTTP.

use std::{fmt, num::NonZeroU32, time::Duration};

use crate::polishing::secret::FingerprintKey;

/// A credential: never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Of visible ASCII only, as it becomes part of a header; empty where a server asks for none.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        text.bytes().all(|byte| byte.is_ascii_graphic()).then(|| Self(text.to_owned()))
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For the header.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "none" } else { "[secret]" })
    }
}

/// One server of models.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelServer {
    /// What `/chat/completions` is appended to, without a slash at its end; for Azure with `api_version` the resource's URL.
    pub base_url: String,
    /// Sent as a bearer token, or as `api-key` to Azure.
    pub api_key: ApiKey,
    /// The model, as the server calls it; for Azure with `api_version` the deployment.
    pub model: String,
    /// Makes it Azure's own dialect.
    pub api_version: Option<String>,
    /// For one whole answer.
    pub timeout: Duration,
    /// In a stream: for the first byte, and between any two.
    pub stall_timeout: Duration,
    /// The longest answer that is read, in bytes as they come.
    pub max_answer_bytes: usize,
    /// After this number of failures in a row it is not asked for a while.
    pub failure_threshold: u32,
    /// For so long.
    pub cooldown: Duration,
    /// What else the requests say.
    pub parameters: RequestParameters,
}

impl ModelServer {
    /// A key of this deployment, for fingerprints of requests: all replicas have the server's credential, no database does.
    /// Where it has none, its address must do, and fingerprints are no secret from who reads the database and knows that.
    #[must_use]
    pub(crate) fn fingerprint_key(&self) -> FingerprintKey {
        let secret = if self.api_key.is_empty() { &self.base_url } else { self.api_key.expose() };
        FingerprintKey::derive(secret.as_bytes())
    }
}

/// Parameters that are sent only if they are set: some servers refuse what they do not know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestParameters {
    /// `temperature`.
    pub temperature: Option<f64>,
    /// `max_tokens`.
    pub max_tokens: Option<u32>,
    /// `max_completion_tokens`.
    pub max_completion_tokens: Option<u32>,
    /// `reasoning_effort`.
    pub reasoning_effort: Option<String>,
    /// `stream_options: {"include_usage": true}`, in streams.
    pub include_usage: bool,
    /// `response_format: {"type": "json_object"}`.
    pub json_object: bool,
}

/// Everything that [`ModelProviders`](super::ModelProviders) are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderSettings {
    /// Asked first.
    pub primary: ModelServer,
    /// Asked where the first cannot answer; the operator has allowed customers' text to go there.
    pub fallback: Option<ModelServer>,
    /// For a connection to either.
    pub connect_timeout: Duration,
    /// How many requests of one tenant may be in hand at once.
    pub tenant_calls: u32,
    /// How many requests of one tenant are sent in a minute; all of them may come at once.
    pub tenant_calls_per_minute: NonZeroU32,
}
