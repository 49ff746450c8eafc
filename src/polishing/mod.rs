//! Polishing: whether an agent may have a draft rewritten, and the rewriting. Knows no spelling and no database: polishing may
//! fail in whole without a spelling check noticing.

pub mod conditions;
pub mod model;
pub mod openai;

pub use conditions::{Condition, Evaluation, Permit, Unmet, evaluate};
pub use model::{Author, Completion, Message, Model, ModelError, Piece, Pieces, Prompt, Usage};
