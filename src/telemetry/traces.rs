//! Traces: one span for each step of a call. Knows no call and no text: a step is what says so with
//! `tracing::info_span!`, wherever it stands, and its attributes are names, counts (`i64`: OTLP has no other, and what is unsigned would
//! become a string) and codes.
//!
//! A call is either traced as a whole or not at all, which is decided when it begins ([`begin_call`]): by its parent, if it comes with
//! one, else by chance. Steps are spans only within a call that is traced ([`StepFilter`]); elsewhere, and in every process without
//! `otlp.endpoint`, they cost a look at a flag. `super::otlp` sends them.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use opentelemetry::{
    Context,
    propagation::{Extractor, TextMapPropagator as _},
    trace::{SpanContext, TraceContextExt as _},
};
use opentelemetry_sdk::{propagation::TraceContextPropagator, trace::SdkTracer};
use tracing::{Metadata, Span, Subscriber, field, subscriber::Interest};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    Layer,
    filter::LevelFilter,
    layer::{self, Filter},
    registry::LookupSpan,
};

use super::is_ours;

/// The span of a call; all others are steps.
const CALL: &str = "call";

/// Set once there are traces.
static SAMPLE: OnceLock<Sample> = OnceLock::new();

/// What makes spans of steps; a part of the registry that the log is in.
pub(super) struct Traces {
    tracer: SdkTracer,
}

impl Traces {
    /// Begins to trace, for the rest of the process, `share` (0 to 1) of the calls that come without a parent.
    pub(super) fn start(tracer: SdkTracer, share: f64) -> Self {
        let _ = SAMPLE.set(Sample { share, calls: AtomicU64::new(0) });
        Self { tracer }
    }

    /// Makes spans of steps. Events are the log's alone: what a library says in one may be anything.
    pub(super) fn layer<S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync>(self) -> impl Layer<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.tracer)
            .with_location(false)
            .with_target(false)
            .with_context_activation(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(StepFilter)
    }
}

/// Lets our own spans through, and of them only calls and what is within one.
struct StepFilter;

impl StepFilter {
    fn is_step(metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && is_ours(metadata)
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Filter<S> for StepFilter {
    fn enabled(&self, metadata: &Metadata<'_>, context: &layer::Context<'_, S>) -> bool {
        Self::is_step(metadata) && (metadata.name() == CALL || context.lookup_current().is_some())
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if Self::is_step(metadata) { Interest::sometimes() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }
}

/// Which calls are traced that come without a parent.
#[derive(Debug)]
struct Sample {
    share: f64,
    calls: AtomicU64,
}

impl Sample {
    /// Each call has the same chance, and no rhythm of calls meets that of the choice.
    fn takes_next(&self) -> bool {
        let count = self.calls.fetch_add(1, Ordering::Relaxed);
        fraction(count) < self.share
    }
}

/// A number from 0 to 1, spread evenly over counts: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
fn fraction(count: u64) -> f64 {
    let mut mixed = count.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    f64::from((mixed >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
}

/// Whether any call of this process may be traced.
pub(crate) fn is_tracing() -> bool {
    SAMPLE.get().is_some()
}

/// The span of a call, to be entered by whoever works for it; [`Span::none`] for a call that is not traced. `method` is a name of ours;
/// `traceparent` is the header of W3C's Trace Context as it came. Of `tracestate`, where anything may stand, nothing is taken.
pub(crate) fn begin_call(method: &str, transport: &'static str, traceparent: Option<&str>) -> Span {
    let Some(sample) = SAMPLE.get() else { return Span::none() };
    let parent = traceparent.and_then(read_parent);
    if !parent.as_ref().map_or_else(|| sample.takes_next(), SpanContext::is_sampled) {
        return Span::none();
    }
    let span = tracing::info_span!(
        CALL,
        otel.name = method.trim_start_matches('/'),
        otel.kind = "server",
        rpc.system = "grpc",
        rpc.grpc.status_code = field::Empty,
        vermilion.code = field::Empty,
        vermilion.transport = transport,
        vermilion.language = field::Empty,
        vermilion.text_bytes = field::Empty,
    );
    if let Some(parent) = parent {
        let _ = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    span
}

/// A step of a call, made only if the call is traced: without asking every part of the log whether it wants it.
pub(crate) fn step(span: impl FnOnce() -> Span) -> Span {
    if is_tracing() && !Span::current().is_none() { span() } else { Span::none() }
}

/// The trace that a span belongs to, for a line of the log.
pub(crate) fn trace_id(span: &Span) -> Option<String> {
    if span.is_none() {
        return None;
    }
    let context = span.context();
    let trace = context.span().span_context().trace_id();
    Some(trace.to_string())
}

fn read_parent(traceparent: &str) -> Option<SpanContext> {
    struct Header<'h>(&'h str);
    impl Extractor for Header<'_> {
        fn get(&self, key: &str) -> Option<&str> {
            (key == "traceparent").then_some(self.0)
        }

        fn keys(&self) -> Vec<&str> {
            vec!["traceparent"]
        }
    }
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &Header(traceparent));
    let parent = context.span().span_context().clone();
    parent.is_valid().then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_parent_and_nothing_that_only_looks_like_one() {
        let parent = read_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(parent.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert!(parent.is_sampled() && parent.is_remote());
        let unsampled = read_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").unwrap();
        assert!(!unsampled.is_sampled());
        for wrong in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-secret7651916cd43dd8448eb211c8031-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert!(read_parent(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn a_share_of_calls_is_taken() {
        for (share, least, most) in [(0.0, 0, 0), (0.1, 900, 1_100), (0.5, 4_800, 5_200), (1.0, 10_000, 10_000)] {
            let sample = Sample { share, calls: AtomicU64::new(0) };
            let taken = (0..10_000).filter(|_| sample.takes_next()).count();
            assert!((least..=most).contains(&taken), "{share}: {taken}");
        }
    }
}
