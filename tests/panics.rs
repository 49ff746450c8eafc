//! What the hook of panics tells. A program of its own, as the hook is the process's.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "it/support/captured.rs"]
mod captured;

use std::panic;

use vermilion::telemetry::{RequestId, panics};

use captured::CapturedLog;

/// Letters that no log line holds by chance, however they are cut.
const MARK: &str = "zqxjkvbwpq";

#[test]
fn the_panic_hook_tells_where_but_not_what() {
    let captured = CapturedLog::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .finish();
    let text = format!("{MARK}é");
    tracing::subscriber::with_default(subscriber, || {
        let before = panic::take_hook();
        panics::install();
        let slice = || text[..MARK.len() + 1].len();
        let outcome = RequestId::from_client("call-9").unwrap().scope_sync(|| panic::catch_unwind(slice));
        panic::set_hook(before);
        assert!(outcome.is_err());
    });
    let log = captured.text();
    assert!(log.contains("call-9") && log.contains("panics.rs:") && log.contains("thread="), "{log}");
    assert!(!log.contains(MARK), "{log}");
}
