//! What polishing needs of a language model. Knows no provider and no wire; whoever asks must hold a [`Permit`].

use std::{pin::Pin, time::Duration};

use tokio::time::Instant;
use tokio_stream::Stream;

use super::{Permit, prompt::Prompt};

/// Tokens, as the server counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of the request.
    pub prompt_tokens: u32,
    /// Of the answer, reasoning included.
    pub completion_tokens: u32,
    /// Whether the server did not say, and this is our estimate.
    pub estimated: bool,
}

impl Usage {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_add(other.completion_tokens),
            estimated: self.estimated || other.estimated,
        }
    }

    /// About a token for each four bytes, as most tokenisers make of most languages.
    #[must_use]
    pub fn estimate(prompt_bytes: usize, completion_bytes: usize) -> Self {
        let tokens = |bytes: usize| u32::try_from(bytes.div_ceil(4)).unwrap_or(u32::MAX);
        Self { prompt_tokens: tokens(prompt_bytes), completion_tokens: tokens(completion_bytes), estimated: true }
    }
}

/// A whole answer that its server says is finished.
#[derive(Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the model wrote, reasoning perhaps included.
    pub text: String,
    /// What it took.
    pub usage: Usage,
}

/// A piece of an answer.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// More text.
    Text(String),
    /// The answer is finished. Always the last piece; a stream without it was cut.
    End(Usage),
}

/// An answer in pieces. Dropping it ends the call at the server's end, too.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Piece, ModelError>> + Send>>;

/// Why there is no answer. Holds nothing that a server wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ModelError {
    /// The key or the account is refused: the operator must act.
    #[error("the model's server refuses our credentials")]
    Refused,
    /// The address or the model is not there, or the request is not understood: the operator must act.
    #[error("the model's server does not understand the request")]
    Misconfigured,
    /// Too many requests.
    #[error("the model's server has too many requests")]
    Busy {
        /// When it may be asked again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The account's budget is used up: no retry helps.
    #[error("the account at the model's server is used up")]
    Exhausted,
    /// Down, not reached, or the connection broke.
    #[error("the model's server cannot be reached or fails")]
    Unavailable,
    /// We do not ask at all for a while, because it failed again and again.
    #[error("the model's server failed too often just now")]
    CircuitOpen {
        /// When it will be tried again.
        retry_after: Duration,
    },
    /// No time is left.
    #[error("the model did not answer in time")]
    Timeout,
    /// Not what the API says: HTML, broken JSON, an error inside an answer, a stream that ends early.
    #[error("the model's server answered with something else than an answer")]
    Malformed,
    /// The answer hit a limit of its length.
    #[error("the model's answer was cut at a limit of its length")]
    Truncated,
    /// Finished without a word.
    #[error("the model answered nothing")]
    Empty,
    /// The server's own filter stopped it.
    #[error("the model's server filtered the request or the answer")]
    Filtered,
}

impl ModelError {
    /// For metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Misconfigured => "misconfigured",
            Self::Busy { .. } => "busy",
            Self::Exhausted => "exhausted",
            Self::Unavailable => "unavailable",
            Self::CircuitOpen { .. } => "circuit_open",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::Empty => "empty",
            Self::Filtered => "filtered",
        }
    }

    /// Whether another provider may do better.
    #[must_use]
    pub const fn is_the_providers(self) -> bool {
        !matches!(self, Self::Truncated | Self::Timeout)
    }

    /// Whether the server did work that it may charge for.
    #[must_use]
    pub const fn did_work(self) -> bool {
        matches!(self, Self::Malformed | Self::Truncated | Self::Empty | Self::Filtered)
    }
}

/// A language model, or several behind one door. Shared by all calls.
#[async_trait::async_trait]
pub trait Model: Send + Sync + 'static {
    /// Asks once and waits for the whole answer, no longer than until `deadline`.
    ///
    /// # Errors
    /// [`ModelError`] says why there is none.
    async fn complete(&self, permit: &Permit, prompt: &Prompt, deadline: Instant) -> Result<Completion, ModelError>;

    /// Asks once and hands on the answer as it is written.
    ///
    /// # Errors
    /// [`ModelError`], here or as the last item of the stream.
    async fn stream(&self, permit: &Permit, prompt: &Prompt, deadline: Instant) -> Result<Pieces, ModelError>;
}
