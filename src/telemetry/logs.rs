//! Sets up the log: pretty for people, JSON for machines, on standard error either way. Knows no call.

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, fmt, layer::SubscriberExt as _, registry::LookupSpan,
    util::SubscriberInitExt as _,
};

pub use super::log_queue::LogGuard;

use super::log_queue;
use crate::config::log::{LogConfig, LogFormat};

/// What a level in the configuration applies to besides our own lines: the libraries below tell little above `warn`
/// that an operator wants, and at `trace` they tell headers, tokens included.
const LIBRARY_LEVELS: &str = "h2=warn,hyper=warn,hyper_util=warn,rustls=warn,tower=warn,tonic=warn";

/// Libraries that log what others wrote, whatever they are told: async-openai logs whole answers, as errors at that. No level
/// and no directive of RUST_LOG brings them back.
const TEXT_LOGGING_LIBRARIES: &[&str] = &["async_openai", "eventsource_stream"];

/// Withholds the events of libraries that would log text. Part of every log of this program.
pub fn text_filter<S: tracing::Subscriber + for<'span> LookupSpan<'span>>() -> impl Layer<S> {
    filter_fn(|metadata| {
        let library = metadata.target().split("::").next().unwrap_or_default();
        !TEXT_LOGGING_LIBRARIES.contains(&library)
    })
}

/// Sends every event of this process to standard error, through a queue that the guard empties at the end: no call waits for who
/// reads it, or for nobody.
///
/// # Errors
/// If RUST_LOG cannot be read, or a log is set up already.
pub fn install(config: &LogConfig) -> Result<LogGuard, LogError> {
    let filter = match std::env::var(EnvFilter::DEFAULT_ENV) {
        Ok(directives) if !directives.is_empty() => EnvFilter::try_new(directives)?,
        _ => EnvFilter::try_new(format!("{},{LIBRARY_LEVELS}", config.level))?,
    };
    let pretty = match config.format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter).with(text_filter());
    let (queue, guard) = log_queue::start(io::stderr(), report_dropped)?;
    let lines = fmt::layer().with_writer(Arc::new(queue));
    if pretty {
        registry.with(lines.with_ansi(io::stderr().is_terminal()).with_target(false)).try_init()?;
    } else {
        registry.with(lines.json().flatten_event(true).with_current_span(false).with_span_list(false)).try_init()?;
    }
    Ok(guard)
}

fn report_dropped(lines: u64) {
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
