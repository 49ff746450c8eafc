//! What polishing asks of a language model: a trait that demands a [`Permit`], and the ways in which a model fails. Knows no
//! provider, no HTTP.

use std::{pin::Pin, time::Duration};

use tokio::time::Instant;
use tokio_stream::Stream;

use super::Permit;

/// Whose words a message of a prompt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageRole {
    /// The rules.
    System,
    /// What they are to be applied to.
    User,
    /// The model's own earlier answer.
    Assistant,
}

/// One message of a prompt.
#[derive(Clone, PartialEq, Eq)]
pub struct PromptMessage {
    /// Whose.
    pub role: MessageRole,
    /// Masked text: customers' data has been replaced by placeholders.
    pub text: String,
}

/// What a model is asked. Shows no text when printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Prompt {
    /// In their order: the rules first.
    pub messages: Vec<PromptMessage>,
}

impl std::fmt::Debug for PromptMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} ({} bytes)", self.role, self.text.len())
    }
}

impl std::fmt::Debug for Prompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.messages).finish()
    }
}

/// Tokens, as the model's server counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Of the prompt.
    pub prompt: u32,
    /// Of the answer, reasoning included.
    pub completion: u32,
    /// Whether the server did not say, and this is our estimate.
    pub estimated: bool,
}

/// A whole answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Completion {
    /// As the model wrote it, which may begin with reasoning.
    pub text: String,
    /// What it took.
    pub usage: TokenUsage,
}

/// A piece of an answer that is being written.
#[derive(Clone, PartialEq, Eq)]
pub enum ModelChunk {
    /// More text, cut anywhere between two characters.
    Text(String),
    /// The last piece: the answer is whole.
    End(TokenUsage),
}

/// Why there is no answer. Holds no text of the prompt, of the answer or of the server's own message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ModelError {
    /// No connection, or it broke.
    #[error("the model's server cannot be reached")]
    Unreachable,
    /// The caller's deadline, or ours for the model, has passed.
    #[error("the model did not answer in time")]
    Timeout,
    /// Too many failures lately: not asked at all.
    #[error("the model's server has failed repeatedly and is given a rest")]
    CircuitOpen,
    /// This tenant has too many requests in hand or has sent too many lately: not asked at all.
    #[error("too many polishes of this tenant at once")]
    TenantBusy,
    /// 429.
    #[error("the model's server asks for fewer requests")]
    RateLimited {
        /// As the server says, capped.
        retry_after: Option<Duration>,
    },
    /// 401 or 403: a matter for the operator.
    #[error("the model's server refuses our credentials")]
    Credentials,
    /// Another 4xx: a matter for the operator.
    #[error("the model's server refuses the request with status {status}")]
    Refused {
        /// Of HTTP.
        status: u16,
    },
    /// 429, as the account has nothing left to spend: a matter for the operator.
    #[error("the model's server says that its quota is used up")]
    QuotaExhausted,
    /// 503 or 529, with the time after which the server is to be asked again.
    #[error("the model's server is overloaded, status {status}")]
    Overloaded {
        /// Of HTTP.
        status: u16,
        /// As the server says, capped.
        retry_after: Duration,
    },
    /// 5xx, or a 4xx that passes by itself: 408, 409, 425.
    #[error("the model's server failed with status {status}")]
    ServerFailed {
        /// Of HTTP.
        status: u16,
    },
    /// An answer that is not of the protocol: HTML, bad JSON, a bad event, an error in mid-stream, no finish reason.
    #[error("the model's server sent what is no answer")]
    Malformed,
    /// `finish_reason: length`: what is there is not all.
    #[error("the model's answer was cut at its limit of tokens")]
    Truncated,
    /// The server's own filter has withheld the answer.
    #[error("the model's server withheld the answer")]
    Withheld,
    /// An answer without text.
    #[error("the model's answer is empty")]
    Empty,
}

impl ModelError {
    /// Whether the server did work that it may charge for.
    #[must_use]
    pub(crate) const fn is_billable(self) -> bool {
        matches!(self, Self::Malformed | Self::Truncated | Self::Empty | Self::Withheld | Self::Timeout)
    }
}

impl TokenUsage {
    /// Both together.
    #[must_use]
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            prompt: self.prompt.saturating_add(other.prompt),
            completion: self.completion.saturating_add(other.completion),
            estimated: self.estimated || other.estimated,
        }
    }
}

/// An answer that is being written. Dropping it gives the request up: the connection upstream is closed.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelChunk, ModelError>> + Send>>;

/// A language model. A permit is needed to ask it, and only [`evaluate`](super::evaluate) gives one.
#[async_trait::async_trait]
pub trait ChatModel: Send + Sync + 'static {
    /// Asks, and waits for the whole answer. Dropping the future gives the request up.
    ///
    /// # Errors
    /// [`ModelError`]; retries that make sense before `deadline` have been made.
    async fn complete(&self, permit: &Permit, prompt: &Prompt, deadline: Instant) -> Result<Completion, ModelError>;

    /// Asks, and answers as soon as the model begins to write. After an error, and after [`ModelChunk::End`], nothing follows; a
    /// stream that ends without either has been an error, and says so.
    ///
    /// # Errors
    /// [`ModelError`], if not even the first piece comes.
    async fn stream(&self, permit: &Permit, prompt: &Prompt, deadline: Instant) -> Result<ModelStream, ModelError>;

    /// Whether no server would be asked just now, as each has failed repeatedly. A hint for people; costs a lock.
    fn is_resting(&self) -> bool {
        false
    }
}
