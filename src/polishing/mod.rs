//! Polishing: whether an agent may have a draft rewritten, and the rewriting. Knows no spelling and no database: polishing may
//! fail in whole without a spelling check noticing.

pub mod conditions;
pub mod diff;
pub mod guard;
pub mod model;
pub mod privacy;
pub mod prompt;
pub mod reasoning;
pub mod stream;

pub use conditions::{Condition, Evaluation, Permit, Unmet, evaluate};
