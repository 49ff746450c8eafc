//! What is counted of a running process, for Prometheus. Sees names and numbers alone: every label is one of a fixed set, so that no
//! text, no id and no token can become one.
//!
//! Until [`install`] nothing is counted, and counting costs a look at a flag: the macros of `metrics` would make the key of a number
//! first, and only then find that nobody counts. Afterwards a number that is looked up by its labels costs some 0.3 us. So what a
//! short check counts is looked up once and kept ([`MethodNumbers`], [`KeptCounters`], [`Present`]).

use std::{
    sync::{
        Arc, LazyLock, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use metrics::{
    Counter, Gauge, Histogram, SharedString, Unit, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// How often what was measured is moved into its buckets, if nobody asks for it.
pub(crate) const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Of calls, in seconds: a check takes some 50 us, a polish seconds.
const CALL_SECONDS: [f64; 14] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// Of texts, in bytes.
const TEXT_BYTES: [f64; 6] = [100.0, 500.0, 2_000.0, 10_000.0, 65_536.0, 262_144.0];

/// Whether there is a recorder. Who reads `true` sees the recorder, too: a number that is looked up without one would be kept, and
/// count nothing for ever.
static IS_COUNTING: AtomicBool = AtomicBool::new(false);

/// Whether anything is counted in this process.
pub(crate) fn is_counting() -> bool {
    IS_COUNTING.load(Ordering::Acquire)
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
    IS_COUNTING.store(true, Ordering::Release);
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

static CALLS_IN_HAND: LazyLock<Gauge> = LazyLock::new(|| gauge!("vermilion_calls_in_hand"));
static CONNECTIONS: LazyLock<Gauge> = LazyLock::new(|| gauge!("vermilion_connections"));
static TEXTS_WAITING: LazyLock<Gauge> = LazyLock::new(|| gauge!("vermilion_texts_waiting"));

/// Something that is there for a while: counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Present(&'static Gauge);

impl Present {
    /// `None` where nothing is counted.
    fn begin(gauge: &'static LazyLock<Gauge>) -> Option<Self> {
        is_counting().then(|| {
            gauge.increment(1.0);
            Self(gauge)
        })
    }

    /// A call that has come in.
    pub(crate) fn call() -> Option<Self> {
        Self::begin(&CALLS_IN_HAND)
    }

    /// A connection that was accepted.
    pub(crate) fn connection() -> Option<Self> {
        Self::begin(&CONNECTIONS)
    }

    /// A text that waits for its turn.
    pub(crate) fn waiting_text() -> Option<Self> {
        Self::begin(&TEXTS_WAITING)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// How a call came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Grpc,
    GrpcWeb,
}

impl Transport {
    const ALL: [Self; 2] = [Self::Grpc, Self::GrpcWeb];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::GrpcWeb => "grpc-web",
        }
    }
}

/// What is known of a call at its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndedCall {
    pub code: &'static str,
    pub transport: Transport,
    /// Of a check.
    pub language: Option<Choice>,
    pub seconds: f64,
    /// Of the text; zero if there is none.
    pub text_bytes: usize,
}

/// Languages whose counters are kept.
const LANGUAGES: usize = 8;

/// Of calls with status OK by language, none being the first.
type Answered = KeptCounters<{ LANGUAGES + 1 }>;

/// The numbers of one method's calls.
#[derive(Debug)]
pub(crate) struct MethodNumbers {
    method: SharedString,
    seconds: OnceLock<Histogram>,
    text_bytes: OnceLock<Histogram>,
    answered: [Answered; Transport::ALL.len()],
}

impl MethodNumbers {
    pub(crate) fn new(method: Arc<str>) -> Self {
        let answered = [const { Answered::new() }; Transport::ALL.len()];
        Self { method: method.into(), seconds: OnceLock::new(), text_bytes: OnceLock::new(), answered }
    }

    pub(crate) fn count(&self, call: EndedCall) {
        if !is_counting() {
            return;
        }
        let EndedCall { code, transport, language, seconds, text_bytes } = call;
        let method = || self.method.clone();
        let calls = || {
            let language = language.map_or("none", |language| language.name);
            counter!("vermilion_calls_total", "method" => method(), "code" => code, "transport" => transport.name(), "language" => language)
        };
        match code {
            "OK" => {
                let place = language.map_or(0, |language| language.number + 1);
                self.answered[transport as usize].add(place, 1, calls);
            }
            _ => calls().increment(1),
        }
        self.seconds.get_or_init(|| histogram!("vermilion_call_seconds", "method" => method())).record(seconds);
        if text_bytes > 0 {
            let histogram = self.text_bytes.get_or_init(|| histogram!("vermilion_text_bytes", "method" => method()));
            #[expect(clippy::cast_precision_loss, reason = "a text is shorter than 2^53 bytes")]
            histogram.record(text_bytes as f64);
        }
    }
}

/// Counters of one name whose labels have few values: each is looked up when it is first needed, and kept at its place.
#[derive(Debug)]
struct KeptCounters<const PLACES: usize>([OnceLock<Counter>; PLACES]);

impl<const PLACES: usize> KeptCounters<PLACES> {
    const fn new() -> Self {
        Self([const { OnceLock::new() }; PLACES])
    }

    /// Beyond the last place it is looked up each time.
    fn add(&self, place: usize, times: u64, look_up: impl FnOnce() -> Counter) {
        match self.0.get(place) {
            Some(kept) => kept.get_or_init(look_up).increment(times),
            None => look_up().increment(times),
        }
    }
}

/// The value of a label: a name, and the number by which its enumeration knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub number: usize,
    pub name: &'static str,
}

/// Something happened so many times; the label's value is one of a fixed set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    name: &'static str,
    label: &'static str,
}

impl Tally {
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

/// Kinds of marks, and reasons to skip a region, whose counters are kept; of a larger number they are looked up.
const KINDS: usize = 8;
const REASONS: usize = 32;

static MARKS: [KeptCounters<KINDS>; LANGUAGES] = [const { KeptCounters::new() }; LANGUAGES];
static UNSUGGESTED: KeptCounters<LANGUAGES> = KeptCounters::new();
static SKIPPED: KeptCounters<REASONS> = KeptCounters::new();

/// Only where [`is_counting`].
pub(crate) fn marks(language: Choice, kind: Choice, all: u64, without_suggestion: u64) {
    let look_up = || counter!("vermilion_marks_total", "kind" => kind.name, "language" => language.name);
    match MARKS.get(language.number) {
        Some(of_language) => of_language.add(kind.number, all, look_up),
        None => look_up().increment(all),
    }
    if without_suggestion > 0 {
        UNSUGGESTED.add(
            language.number,
            without_suggestion,
            || counter!("vermilion_marks_without_suggestion_total", "language" => language.name),
        );
    }
}

/// Only where [`is_counting`].
pub(crate) fn skipped_regions(reason: Choice, times: u64) {
    SKIPPED.add(reason.number, times, || counter!("vermilion_skipped_regions_total", "reason" => reason.name));
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
