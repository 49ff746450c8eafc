//! The clocks by which models' servers are waited for; the one of deadlines tests can stop.

use std::time::SystemTime;

use tokio::time::Instant;

/// For deadlines, pauses and rests.
#[expect(clippy::disallowed_methods, reason = "waiting for a server takes a clock")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// For dates that a server names.
#[expect(clippy::disallowed_methods, reason = "a server may name a date to wait for")]
pub(super) fn wall_clock() -> SystemTime {
    SystemTime::now()
}
