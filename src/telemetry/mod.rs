//! What the operator sees of a running process: log lines, traces and panics (numbers: `metrics`).
//! Never sees a customer's text, so it cannot log one.

mod log_queue;
pub mod logs;
pub mod otlp;
pub mod panics;
pub mod request_id;
pub(crate) mod traces;

pub use request_id::RequestId;

use tracing::Metadata;

/// Whether a line or a span is of this crate.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().split("::").next() == Some(env!("CARGO_CRATE_NAME"))
}
