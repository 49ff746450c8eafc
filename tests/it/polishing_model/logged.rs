//! Everything that is logged on a thread, at every level.

use std::sync::OnceLock;

use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _};
use vermilion::telemetry::logs;

pub(crate) use super::captured::CapturedLog;

/// The worst that an operator can ask for: all of it, and the library by its own name.
const EVERYTHING: &str = "trace,async_openai=trace,async_openai::error=trace";

/// As the program logs, on this thread, for as long as the guard lives.
pub(crate) fn as_the_program() -> (CapturedLog, DefaultGuard) {
    let captured = CapturedLog::default();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(captured.clone());
    let filter = EnvFilter::new(EVERYTHING);
    let log = tracing_subscriber::registry().with(filter).with(logs::text_filter()).with(lines);
    (captured, on_this_thread(&log.into()))
}

/// Without what the program leaves out.
pub(crate) fn unfiltered() -> (CapturedLog, DefaultGuard) {
    let captured = CapturedLog::default();
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(captured.clone());
    let log = tracing_subscriber::registry().with(EnvFilter::new(EVERYTHING)).with(lines);
    (captured, on_this_thread(&log.into()))
}

/// As long as there is but one log in the process, tracing asks the thread that first comes by whether a line is of interest
/// to anybody: a test beside this one, which has no log, would answer for all. So there are always two.
fn on_this_thread(log: &Dispatch) -> DefaultGuard {
    static ANOTHER: OnceLock<Dispatch> = OnceLock::new();
    ANOTHER.get_or_init(|| Dispatch::new(NoSubscriber::default()));
    // What such a test has answered before counts no more.
    tracing::callsite::rebuild_interest_cache();
    tracing::dispatcher::set_default(log)
}

/// That it did log, and at trace, but none of the secrets.
#[track_caller]
pub(crate) fn assert_without(logged: &str, secrets: &[&str]) {
    assert!(logged.contains("TRACE") && logged.contains("no answer from the model"), "it did log, and at trace");
    for secret in secrets {
        if let Some(at) = logged.find(secret) {
            let start = logged.floor_char_boundary(at.saturating_sub(300));
            panic!("{secret} is logged after: {}", &logged[start..at]);
        }
    }
}
