//! What a collector of OpenTelemetry is sent by OTLP: spans (`super::traces`) and, where the configuration says so, our lines of the log.
//!
//! Either waits in a bounded queue of a thread of its own: no call waits for a collector, and what does not fit is dropped.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, SpanExporter, WithExportConfig, WithTonicConfig,
    tonic_types::transport::ClientTlsConfig,
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    logs::{LogBatch, LogExporter as ExportLogs, SdkLoggerProvider},
    trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter as ExportSpans},
};
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::FilterFn, registry::LookupSpan};

use super::{is_ours, traces::Traces};
use crate::{config::otlp::OtlpConfig, metrics::Tally};

/// For one request to the collector.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the end of the process waits for the collector to take what is left, of either kind.
const FLUSH_WAIT: Duration = Duration::from_secs(1);

/// What is to become part of the log's registry.
pub struct Signals {
    pub(super) traces: Traces,
    pub(super) lines: Option<Lines>,
}

/// Sends what is left when it is dropped, if the collector takes it.
#[must_use = "what is in the queues when the process ends is lost without it"]
#[derive(Debug)]
pub struct OtlpGuard {
    spans: SdkTracerProvider,
    lines: Option<SdkLoggerProvider>,
}

/// Begins to send; within a runtime, which the connections to the collector live in. Nothing is connected to yet.
///
/// # Errors
/// If the endpoint cannot be used.
pub fn start(config: &OtlpConfig) -> Result<(Signals, OtlpGuard), ExporterBuildError> {
    let resource = Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let exporter = reach(SpanExporter::builder().with_tonic(), &config.endpoint).build()?;
    // What is not to be sampled never becomes a span.
    let spans = SdkTracerProvider::builder()
        .with_sampler(Sampler::AlwaysOn)
        .with_resource(resource.clone())
        .with_batch_exporter(Watched { exporter, delivery: Delivery::of("spans") })
        .build();
    let lines = if config.logs {
        let exporter = reach(LogExporter::builder().with_tonic(), &config.endpoint).build()?;
        let watched = Watched { exporter, delivery: Delivery::of("lines") };
        Some(SdkLoggerProvider::builder().with_resource(resource).with_batch_exporter(watched).build())
    } else {
        None
    };
    let traces = Traces::start(spans.tracer("vermilion"), config.trace_sample);
    Ok((Signals { traces, lines: lines.clone().map(Lines) }, OtlpGuard { spans, lines }))
}

fn reach<B: WithExportConfig + WithTonicConfig>(exporter: B, endpoint: &str) -> B {
    let exporter = exporter.with_endpoint(endpoint).with_timeout(EXPORT_TIMEOUT);
    // By the system's certificates; a system may have none, and a collector beside the service needs none.
    let encrypted = endpoint.split(':').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    if encrypted { exporter.with_tls_config(ClientTlsConfig::new().with_enabled_roots()) } else { exporter }
}

impl Drop for OtlpGuard {
    fn drop(&mut self) {
        let spans = self.spans.shutdown_with_timeout(FLUSH_WAIT);
        let lines = self.lines.as_ref().map_or(Ok(()), |lines| lines.shutdown_with_timeout(FLUSH_WAIT));
        if spans.is_err() || lines.is_err() {
            tracing::warn!("the collector of otlp.endpoint has not taken the last spans and lines");
        }
    }
}

/// What hands lines of the log on.
pub(super) struct Lines(SdkLoggerProvider);

impl Lines {
    /// Takes our own lines alone: those of the libraries that send them would lead to more of them.
    pub(super) fn layer<S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync>(&self) -> impl Layer<S> {
        OpenTelemetryTracingBridge::new(&self.0).with_filter(FilterFn::new(is_ours))
    }
}

/// An exporter whose failures are told and counted.
#[derive(Debug)]
struct Watched<E> {
    exporter: E,
    delivery: Delivery,
}

impl ExportSpans for Watched<SpanExporter> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        self.delivery.told(count, self.exporter.export(batch).await)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

impl ExportLogs for Watched<LogExporter> {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let count = batch.iter().count();
        self.delivery.told(count, self.exporter.export(batch).await)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Says once in the log that the collector takes nothing, and once that it does again.
#[derive(Debug)]
struct Delivery {
    signal: &'static str,
    /// Since it last took any: more than none while it fails.
    lost: AtomicU64,
}

impl Delivery {
    fn of(signal: &'static str) -> Self {
        Self { signal, lost: AtomicU64::new(0) }
    }

    /// Hands on how it went.
    fn told(&self, count: usize, sent: OTelSdkResult) -> OTelSdkResult {
        let (signal, count) = (self.signal, count as u64);
        if sent.is_ok() {
            let lost = self.lost.swap(0, Ordering::Relaxed);
            if lost > 0 {
                tracing::info!(signal, lost, "the collector takes spans, or lines, again");
            }
        } else {
            Tally::OTLP_LOST.add(signal, count);
            if self.lost.fetch_add(count, Ordering::Relaxed) == 0 {
                // What went wrong may quote headers, and is not told.
                tracing::warn!(
                    signal,
                    "the collector of otlp.endpoint takes no spans, or no lines: they are dropped until it does"
                );
            }
        }
        sent
    }
}
