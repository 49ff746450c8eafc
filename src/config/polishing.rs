//! `[polishing]`: the models' servers, and how much of them one tenant may take. Without a model there is no polishing.

use std::{num::NonZeroU32, time::Duration};

use super::{
    ConfigError,
    auth::{AuthConfig, AuthMode},
    keys::{ConfigKey, ConfigReader, Preset, invalid},
    model_server::{ModelServerSection, keys, positive_number, without_descriptions},
    review::ReviewConfig,
};

pub use super::model_server::ModelServerConfig;

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "connect_timeout",
        value: Preset::Default(r#""3s""#),
        about: "How long a connection to a model's server may take.",
    },
    ConfigKey {
        name: "calls",
        value: Preset::Default("0"),
        about: "How many polishes, streamed or not, may be in hand at once in this process; more are answered UNAVAILABLE at\n\
                once. Fewer than server.limits.calls, so that a model that hangs leaves places for spelling. 0: half of that,\n\
                or of server.connections.max_streams if it is less.",
    },
    ConfigKey {
        name: "tenant_calls",
        value: Preset::Default("32"),
        about: "How many polishes of one tenant may be in hand at once in this process; more are refused at once.",
    },
    ConfigKey {
        name: "tenant_calls_per_minute",
        value: Preset::Default("600"),
        about: "How many polishes of one tenant this process sends in a minute; as many may come at once.",
    },
    ConfigKey {
        name: "demo_model",
        value: Preset::Default("false"),
        about: "Fixed rules that only look like a model, to try polishing without one; in development only, and not beside one.\n\
                The same as `vermilion serve --demo-model`.",
    },
];

pub(super) const PRIMARY_KEYS: &[ConfigKey] = &keys::<15>();
pub(super) const FALLBACK_KEYS: &[ConfigKey] = &without_descriptions(keys::<16>());

/// The models' servers.
#[derive(Clone, Debug, PartialEq)]
pub struct PolishingConfig {
    /// For a connection to a server.
    pub connect_timeout: Duration,
    /// Polishes at once, of all tenants; less than `server.limits.calls`.
    pub calls: usize,
    /// Polishes of one tenant at once.
    pub tenant_calls: u32,
    /// Polishes of one tenant in a minute.
    pub tenant_calls_per_minute: NonZeroU32,
    /// Asked first; without it there is no polishing.
    pub primary: Option<ModelServerConfig>,
    /// Asked where the primary cannot answer.
    pub fallback: Option<ModelServerConfig>,
    /// Who reads a second time; without one rules alone compare draft and reply.
    pub review: Option<ReviewConfig>,
    /// Whether fixed rules stand in for a model.
    pub demo_model: bool,
}

impl PolishingConfig {
    pub(super) fn read(
        reader: &ConfigReader<'_>,
        server: &super::server::ServerConfig,
        auth: &AuthConfig,
        environment: &[(String, String)],
    ) -> Result<Self, ConfigError> {
        let primary = ModelServerSection { reader, name: "polishing.primary", environment }.read()?;
        let fallback = ModelServerSection { reader, name: "polishing.fallback", environment: &[] }.read()?;
        if fallback.is_some() && !reader.flag("polishing.fallback.allowed_for_customer_text")? {
            let problem = "expected true, because polishing.fallback.base_url is set: customers' text would go there";
            return Err(invalid("polishing.fallback.allowed_for_customer_text", problem.to_owned()));
        }
        if fallback.is_some() && primary.is_none() {
            let problem = "expected a URL, because polishing.fallback.base_url is set";
            return Err(invalid("polishing.primary.base_url", problem.to_owned()));
        }
        let demo_model = reader.flag("polishing.demo_model")?;
        if demo_model && (auth.mode != AuthMode::Development || primary.is_some()) {
            let problem = if primary.is_some() { "a model is configured" } else { "auth.mode is not \"development\"" };
            return Err(invalid("polishing.demo_model", format!("expected false, because {problem}")));
        }
        let per_minute = positive_number(reader, "polishing.tenant_calls_per_minute", 1_000_000)?;
        Ok(Self {
            connect_timeout: reader.duration("polishing.connect_timeout", 1, 60_000)?,
            calls: concurrent_calls(reader, server)?,
            tenant_calls: positive_number(reader, "polishing.tenant_calls", 1_000_000)?,
            tenant_calls_per_minute: NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN),
            review: ReviewConfig::read(reader, primary.as_ref())?,
            primary,
            fallback,
            demo_model,
        })
    }
}

/// Polishes at once, never as many as all calls: each may take as long as a model likes.
fn concurrent_calls(reader: &ConfigReader<'_>, server: &super::server::ServerConfig) -> Result<usize, ConfigError> {
    let all = server.limits.calls;
    match reader.number("polishing.calls", 0, 1 << 20)? {
        0 => Ok((all.min(server.connections.max_streams as usize) / 2).max(1)),
        calls if calls >= all => {
            let problem = format!("expected less than server.limits.calls, which is {all}, found {calls}");
            Err(invalid("polishing.calls", problem))
        }
        calls => Ok(calls),
    }
}
