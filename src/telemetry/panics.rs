//! The panic hook. It never looks at the payload: a slice that panics carries the text that it was to cut.

use std::panic::{self, PanicHookInfo};

use super::RequestId;

/// Replaces the standard hook, which prints the payload.
pub fn install() {
    panic::set_hook(Box::new(report));
}

fn report(info: &PanicHookInfo<'_>) {
    crate::metrics::panicked();
    let thread = std::thread::current();
    let location = info.location().map(ToString::to_string);
    let request_id = RequestId::current();
    tracing::error!(
        thread = thread.name().unwrap_or("unnamed"),
        location = location.as_deref().unwrap_or("unknown"),
        request_id = request_id.as_ref().map_or("none", RequestId::as_str),
        "panic"
    );
}
