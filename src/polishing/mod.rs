//! Polishing: whether an agent may have a draft rewritten, and the rewriting. Knows no spelling and no database: polishing may
//! fail in whole without a spelling check noticing.

mod answer;
pub mod conditions;
pub mod demo_model;
mod dependencies;
pub mod diff;
pub mod draft;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod guard;
mod idempotency;
mod job;
pub mod model;
pub mod openai;
pub mod privacy;
pub mod prompt;
pub mod quota;
mod reasons;
pub mod request;
mod reservation;
pub mod review;
mod rounds;
pub mod secret;
pub mod service;
mod spans;
pub mod stream;
mod terms;
mod time_share;

pub use conditions::{Condition, Evaluation, Permit, Unmet, evaluate};
pub use model::{
    ChatModel, Completion, MessageRole, ModelChunk, ModelError, ModelStream, Prompt, PromptMessage, TokenUsage,
};
