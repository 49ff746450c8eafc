//! What is counted of a running process, for Prometheus. Sees names and numbers alone: every label is one of a fixed set, so that no
//! text, no id and no token can become one.
//!
//! Until [`install`] nothing is counted, and counting costs a look at a flag: the macros of `metrics` would make the key of a number
//! first, and only then find that nobody counts. Afterwards it costs some 0.1 us for each number.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use metrics::{SharedString, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// How often what was measured is moved into its buckets, if nobody asks for it.
pub(crate) const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Of calls, in seconds: a check takes some 50 us, a polish seconds.
const CALL_SECONDS: [f64; 14] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// Of texts, in bytes.
const TEXT_BYTES: [f64; 6] = [100.0, 500.0, 2_000.0, 10_000.0, 65_536.0, 262_144.0];

/// Whether there is a recorder.
static IS_COUNTING: AtomicBool = AtomicBool::new(false);

/// Whether anything is counted in this process.
pub(crate) fn is_counting() -> bool {
    IS_COUNTING.load(Ordering::Relaxed)
}

/// All numbers of this process, as text.
#[derive(Clone)]
pub struct MetricsPage(PrometheusHandle);

impl MetricsPage {
    /// In the text format of Prometheus. Microseconds to milliseconds.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Moves what was measured into its buckets.
    pub(crate) fn tidy(&self) {
        self.0.run_upkeep();
    }
}

/// Begins to count.
///
/// # Errors
/// If this process counts already.
pub fn install() -> Result<MetricsPage, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &CALL_SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_bytes".to_owned()), &TEXT_BYTES)?
        .install_recorder()?;
    IS_COUNTING.store(true, Ordering::Relaxed);
    describe();
    gauge!("vermilion_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(MetricsPage(handle))
}

fn describe() {
    describe_counter!("vermilion_calls_total", "Calls, by method, status, transport and language");
    describe_histogram!("vermilion_call_seconds", Unit::Seconds, "How long calls took, by method");
    describe_gauge!("vermilion_calls_in_hand", "Calls that are being answered");
    describe_histogram!("vermilion_text_bytes", Unit::Bytes, "How long checked and polished texts are, by method");
    describe_counter!("vermilion_marks_total", "Marks, by kind and language");
    describe_counter!("vermilion_marks_without_suggestion_total", "Marks for which nothing is suggested, by language");
    describe_counter!("vermilion_skipped_regions_total", "Regions that were not checked, by reason");
    describe_counter!(
        "vermilion_language_fallbacks_total",
        "Checks in English as the language asked for is not supported"
    );
    describe_counter!("vermilion_incomplete_checks_total", "Checks whose answer a limit cut");
    describe_counter!("vermilion_polishes_total", "Polishes, by outcome");
    describe_counter!("vermilion_guard_findings_total", "Why answers of a model were refused, by code");
    describe_counter!("vermilion_masked_values_total", "Values kept from the model, by kind");
    describe_counter!("vermilion_model_tokens_total", "Tokens, by direction");
    describe_counter!("vermilion_polish_feedback_total", "What agents did with polishes");
    describe_counter!("vermilion_conditions_unmet_total", "Unmet conditions of polishing as they were told, by code");
    describe_counter!("vermilion_refusals_total", "Calls refused, by reason");
    describe_counter!("vermilion_panics_total", "Panics, each of which ended one call or one piece of work");
    describe_counter!("vermilion_log_lines_dropped_total", "Log lines that nobody read in time");
    describe_gauge!("vermilion_connections", "Connections that are open");
    describe_gauge!(
        "vermilion_texts_waiting",
        "Texts that wait for a place on the pool, as they cost too much to be checked at once"
    );
    describe_counter!(
        "vermilion_review_points_total",
        "Places of polished replies that agents are asked to look at, by source"
    );
    describe_histogram!(
        "vermilion_model_seconds",
        Unit::Seconds,
        "How long requests to a model took, by server and outcome"
    );
    describe_histogram!(
        "vermilion_model_first_token_seconds",
        Unit::Seconds,
        "How long a stream's first piece took, by server"
    );
    describe_counter!("vermilion_model_retries_total", "Requests to a model that were asked again, by server");
    describe_gauge!("vermilion_model_resting", "1 while a server that kept failing is not asked");
    describe_gauge!("vermilion_store_well", "1 while the settings store takes changes");
    describe_counter!("vermilion_store_failures_total", "Calls of the settings store that failed");
    describe_counter!("vermilion_otlp_lost_total", "Spans, and lines of the log, that the collector has not taken");
    describe_gauge!("vermilion_build_info", "The version, as a label");
}

/// Something that is there for a while: counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Present(&'static str);

impl Present {
    /// `None` where nothing is counted.
    fn begin(name: &'static str) -> Option<Self> {
        is_counting().then(|| {
            gauge!(name).increment(1.0);
            Self(name)
        })
    }

    /// A call that has come in.
    pub(crate) fn call() -> Option<Self> {
        Self::begin("vermilion_calls_in_hand")
    }

    /// A connection that was accepted.
    pub(crate) fn connection() -> Option<Self> {
        Self::begin("vermilion_connections")
    }

    /// A text that waits for its turn.
    pub(crate) fn waiting_text() -> Option<Self> {
        Self::begin("vermilion_texts_waiting")
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1.0);
    }
}

/// What is known of a call at its end.
#[derive(Clone, Debug)]
pub(crate) struct EndedCall {
    /// `None` for a path that nobody serves.
    pub method: Option<Arc<str>>,
    pub code: &'static str,
    pub transport: &'static str,
    /// Of a check.
    pub language: Option<&'static str>,
    pub seconds: f64,
    /// Of the text; zero if there is none.
    pub text_bytes: usize,
}

pub(crate) fn call_ended(call: EndedCall) {
    if !is_counting() {
        return;
    }
    let method: SharedString = call.method.map_or_else(|| "unknown".into(), Into::into);
    let language = call.language.unwrap_or("none");
    counter!("vermilion_calls_total", "method" => method.clone(), "code" => call.code, "transport" => call.transport, "language" => language)
        .increment(1);
    histogram!("vermilion_call_seconds", "method" => method.clone()).record(call.seconds);
    if call.text_bytes > 0 {
        #[expect(clippy::cast_precision_loss, reason = "a text is shorter than 2^53 bytes")]
        histogram!("vermilion_text_bytes", "method" => method).record(call.text_bytes as f64);
    }
}

/// Something happened so many times; the label's value is one of a fixed set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    name: &'static str,
    label: &'static str,
}

impl Tally {
    pub(crate) const SKIPPED: Self = Self { name: "vermilion_skipped_regions_total", label: "reason" };
    pub(crate) const OUTCOMES: Self = Self { name: "vermilion_polishes_total", label: "outcome" };
    pub(crate) const FINDINGS: Self = Self { name: "vermilion_guard_findings_total", label: "code" };
    pub(crate) const MASKED: Self = Self { name: "vermilion_masked_values_total", label: "kind" };
    pub(crate) const TOKENS: Self = Self { name: "vermilion_model_tokens_total", label: "direction" };
    pub(crate) const FEEDBACK: Self = Self { name: "vermilion_polish_feedback_total", label: "feedback" };
    pub(crate) const UNMET: Self = Self { name: "vermilion_conditions_unmet_total", label: "code" };
    pub(crate) const POINTS: Self = Self { name: "vermilion_review_points_total", label: "source" };
    pub(crate) const RETRIES: Self = Self { name: "vermilion_model_retries_total", label: "server" };
    /// Spans, or lines of the log.
    pub(crate) const OTLP_LOST: Self = Self { name: "vermilion_otlp_lost_total", label: "signal" };
    pub(crate) const REFUSALS: Self = Self { name: "vermilion_refusals_total", label: "reason" };

    pub(crate) fn add(self, value: impl Into<SharedString>, times: u64) {
        if times > 0 && is_counting() {
            counter!(self.name, self.label => value.into()).increment(times);
        }
    }
}

pub(crate) fn marks(language: &'static str, kind: &'static str, all: u64, without_suggestion: u64) {
    counter!("vermilion_marks_total", "kind" => kind, "language" => language).increment(all);
    if without_suggestion > 0 {
        counter!("vermilion_marks_without_suggestion_total", "language" => language).increment(without_suggestion);
    }
}

/// Something without a label happened so many times.
fn count(name: &'static str, times: u64) {
    if is_counting() {
        counter!(name).increment(times);
    }
}

pub(crate) fn language_fallback() {
    count("vermilion_language_fallbacks_total", 1);
}

pub(crate) fn incomplete_check() {
    count("vermilion_incomplete_checks_total", 1);
}

/// A request to a model has ended so, after so long.
pub(crate) fn model_asked(server: &'static str, outcome: &'static str, taken: Duration) {
    if is_counting() {
        histogram!("vermilion_model_seconds", "server" => server, "outcome" => outcome).record(taken);
    }
}

/// The first piece of a model's stream has come, after so long.
pub(crate) fn model_began(server: &'static str, taken: Duration) {
    if is_counting() {
        histogram!("vermilion_model_first_token_seconds", "server" => server).record(taken);
    }
}

/// Whether a model's server is left alone for a while.
pub(crate) fn model_rests(server: &'static str, rests: bool) {
    if is_counting() {
        gauge!("vermilion_model_resting", "server" => server).set(f64::from(rests));
    }
}

/// Whether the store takes changes.
pub(crate) fn store_well(is_well: bool) {
    if is_counting() {
        gauge!("vermilion_store_well").set(f64::from(is_well));
    }
}

pub(crate) fn store_failed() {
    count("vermilion_store_failures_total", 1);
}

pub(crate) fn panicked() {
    count("vermilion_panics_total", 1);
}

pub(crate) fn log_lines_dropped(lines: u64) {
    count("vermilion_log_lines_dropped_total", lines);
}
