//! `[otlp]`: where spans of calls and the log are sent, and of how many calls.

use http::Uri;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "endpoint",
        value: Preset::Example(r#""http://127.0.0.1:4317""#),
        about: "Where a collector takes OTLP over gRPC. Without it nothing is sent, and nothing is spent on it. The variables of\n\
                OpenTelemetry count besides: OTEL_EXPORTER_OTLP_HEADERS (keys of a collector belong there),\n\
                OTEL_RESOURCE_ATTRIBUTES, OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BLRP_MAX_QUEUE_SIZE and their like.",
    },
    ConfigKey {
        name: "trace_sample",
        value: Preset::Default("0.01"),
        about: "The share of calls that are traced, from 0 to 1. A call that comes with a traceparent is traced if that says so.",
    },
    ConfigKey {
        name: "logs",
        value: Preset::Default("false"),
        about: "Whether the service's own lines of the log are sent, too, at log.level. Those of libraries are on standard error alone.",
    },
    ConfigKey {
        name: "service_name",
        value: Preset::Default(r#""vermilion""#),
        about: "What the service is called there.",
    },
];

/// What is sent where.
#[derive(Clone, Debug, PartialEq)]
pub struct OtlpConfig {
    /// The collector's URL.
    pub endpoint: String,
    /// The share of calls without a parent that are traced, 0 to 1.
    pub trace_sample: f64,
    /// Whether lines of the log are sent, too.
    pub logs: bool,
    /// `service.name`.
    pub service_name: String,
}

impl OtlpConfig {
    /// `None`: nothing is sent.
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Option<Self>, ConfigError> {
        let trace_sample = reader.decimal("otlp.trace_sample", 0.0, 1.0)?.unwrap_or_default();
        let logs = reader.flag("otlp.logs")?;
        let service_name =
            reader.parsed("otlp.service_name", "a name", |name| (!name.is_empty()).then(|| name.to_owned()))?;
        let path = "otlp.endpoint";
        match reader.text(path)? {
            None | Some("") => Ok(None),
            Some(url) if is_endpoint(url) => {
                Ok(Some(Self { endpoint: url.to_owned(), trace_sample, logs, service_name }))
            }
            // Not what was found: a URL may hold a password.
            Some(_) => {
                let expected = "expected a URL such as \"http://127.0.0.1:4317\", without user, path and query";
                Err(invalid(path, expected.to_owned()))
            }
        }
    }
}

fn is_endpoint(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    matches!(scheme, "http" | "https")
        && !authority.as_str().contains('@')
        && uri.path().trim_end_matches('/').is_empty()
        && uri.query().is_none()
}
