//! Sets up the log: pretty for people, JSON for machines, on standard error either way. Knows no call.

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use tracing::Metadata;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt as _, FilterFn, LevelFilter},
    fmt,
    layer::SubscriberExt as _,
    reload,
    util::SubscriberInitExt as _,
};

pub use super::log_queue::LogGuard;

use super::{log_queue, otlp::Signals};
use crate::config::log::{LEVELS, LogConfig, LogFormat};

/// What a level in the configuration applies to besides our own lines: the libraries below tell little above `warn`
/// that an operator wants, and at `trace` they tell headers, tokens included. What h2 warns of is what peers do, a line for each reset.
const LIBRARY_LEVELS: &str = "h2=error,hyper=warn,hyper_util=warn,rustls=warn,tower=warn,tonic=warn";

/// Libraries that log what others wrote, whatever they are told: async-openai logs whole answers, as errors at that. No level
/// and no directive of RUST_LOG brings them back.
const TEXT_LOGGING_LIBRARIES: &[&str] = &["async_openai", "eventsource_stream"];

/// Lets events through, but those of libraries that would log text. Part of every log of this program.
pub fn text_filter() -> FilterFn {
    let is_ours: fn(&Metadata<'_>) -> bool = |metadata| {
        let library = metadata.target().split("::").next().unwrap_or_default();
        !metadata.is_span() && !TEXT_LOGGING_LIBRARIES.contains(&library)
    };
    // Without a level of its own it would have every event of every library looked at.
    FilterFn::new(is_ours).with_max_level_hint(LevelFilter::TRACE)
}

/// Sends every event of this process to standard error, through a queue that the guard empties at the end: no call waits for who
/// reads it, or for nobody. `signals` take the spans, which the log has no use for, and our own lines, if a collector is to have them.
///
/// # Errors
/// If RUST_LOG cannot be read, or a log is set up already.
pub fn install(config: &LogConfig, signals: Option<Signals>) -> Result<(LogGuard, LogLevel), LogError> {
    let filter = match std::env::var(EnvFilter::DEFAULT_ENV) {
        Ok(directives) if !directives.is_empty() => EnvFilter::try_new(directives)?,
        _ => EnvFilter::try_new(with_libraries(&config.level))?,
    };
    let (filter, level) = reload::Layer::new(filter);
    let pretty = match config.format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => io::stderr().is_terminal(),
    };
    let (queue, guard) = log_queue::start(io::stderr(), report_dropped)?;
    let lines = fmt::layer().with_writer(Arc::new(queue));
    let lines: Box<dyn Layer<Registry> + Send + Sync> = if pretty {
        lines.with_ansi(io::stderr().is_terminal()).with_target(false).boxed()
    } else {
        lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
    };
    let lines = match signals.as_ref().and_then(|signals| signals.lines.as_ref()) {
        None => lines,
        Some(sent) => lines.and_then(sent.layer()).boxed(),
    };
    // What is no line of a log is told first by what takes less time: spans of calls that are not traced come by here.
    let registry = tracing_subscriber::registry().with(lines.with_filter(text_filter().and(filter)));
    // A layer that is there but takes nothing would have every event that nobody takes looked at, too.
    match signals {
        None => registry.try_init()?,
        Some(signals) => registry.with(signals.traces.layer()).try_init()?,
    }
    Ok((guard, LogLevel(level)))
}

fn with_libraries(level: &str) -> String {
    format!("{level},{LIBRARY_LEVELS}")
}

/// What is logged, to be read and changed while the process runs.
#[derive(Clone)]
pub struct LogLevel(reload::Handle<EnvFilter, Registry>);

impl LogLevel {
    /// The directives in force.
    #[must_use]
    pub fn get(&self) -> String {
        self.0.with_current(ToString::to_string).unwrap_or_default()
    }

    /// One level for all of our own lines, in place of the configuration's and of RUST_LOG. False: it is none.
    #[must_use]
    pub fn set(&self, level: &str) -> bool {
        LEVELS.contains(&level)
            && EnvFilter::try_new(with_libraries(level)).is_ok_and(|filter| self.0.reload(filter).is_ok())
    }
}

fn report_dropped(lines: u64) {
    crate::metrics::log_lines_dropped(lines);
    tracing::warn!(lines, "log lines were dropped, as nobody read standard error");
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The directives in RUST_LOG.
    #[error("RUST_LOG: {0}")]
    Directives(#[from] tracing_subscriber::filter::ParseError),
    /// No thread for it.
    #[error("the log has no thread: {0}")]
    Thread(#[from] io::Error),
    /// Set up twice.
    #[error("the log is set up already: {0}")]
    Installed(#[from] tracing_subscriber::util::TryInitError),
}
