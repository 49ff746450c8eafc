//! Polishing: whether an agent may have a draft rewritten, and the rewriting. Knows no spelling and no database: polishing may
//! fail in whole without a spelling check noticing.

pub mod conditions;
pub mod diff;
pub mod draft;
pub mod guard;
mod idempotency;
pub mod model;
pub mod openai;
pub mod privacy;
pub mod prompt;
pub mod quota;
pub mod reasoning;
pub mod request;
mod reservation;
pub mod secret;
pub mod service;
pub mod stream;

pub use conditions::{Condition, Evaluation, Permit, Unmet, evaluate};
pub use model::{
    ChatModel, Completion, MessageRole, ModelChunk, ModelError, ModelStream, Prompt, PromptMessage, TokenUsage,
};
