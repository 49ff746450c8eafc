//! The header by which a model's server learns in which trace it is asked: W3C's Trace Context. Says nothing of whom, and of what.

use opentelemetry::trace::TraceContextExt as _;
use reqwest::header::{HeaderName, HeaderValue};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The header.
pub(super) const NAME: HeaderName = HeaderName::from_static("traceparent");

/// With the step that this thread is at as the parent; `None` where nothing is traced.
pub(super) fn of_current_step() -> Option<HeaderValue> {
    let context = Span::current().context();
    let step = context.span().span_context().clone();
    if !step.is_valid() {
        return None;
    }
    HeaderValue::try_from(format!("00-{}-{}-{:02x}", step.trace_id(), step.span_id(), step.trace_flags())).ok()
}
