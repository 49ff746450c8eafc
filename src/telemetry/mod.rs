//! What the operator sees of a running process: log lines and panics. Never sees a customer's text, so it cannot log one.

mod log_queue;
pub mod logs;
pub mod panics;
pub mod request_id;

pub use request_id::RequestId;
