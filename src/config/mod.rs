//! What an operator may set: one file per section, read from defaults, a TOML file and the environment, in that order.
//! Knows no network, no spelling; whatever it hands out has been validated.

pub mod auth;
pub mod check;
pub mod connections;
pub mod cors;
pub mod deadlines;
pub mod error;
pub mod keys;
pub mod limits;
pub mod log;
pub mod model_server;
pub mod otlp;
pub mod polishing;
pub mod privacy;
pub mod reference;
pub mod review;
pub mod server;
pub mod settings;
pub mod shutdown;
pub mod source;
pub mod spelling;
pub mod tls;

use std::{fs, path::Path};

pub use error::ConfigError;

use keys::{ConfigKey, ConfigReader, ConfigValues};

/// The environment variable that names the configuration file.
pub(crate) const FILE_VARIABLE: &str = "VERMILION_CONFIG";

/// Every section and its keys, in the order of the reference. The one list from which the reference is printed, unknown
/// keys are recognised and defaults are taken.
const SECTIONS: &[(&str, &str, &[ConfigKey])] = &[
    ("server", "Where and how the service listens.", server::KEYS),
    ("server.tls", "Encryption. Without both keys the service speaks plain HTTP.", tls::KEYS),
    ("server.cors", "Browsers: which pages may call the service by gRPC-Web.", cors::KEYS),
    ("server.limits", "What one client, or all of them, may ask for.", limits::KEYS),
    ("server.deadlines", "How long a call may take.", deadlines::KEYS),
    ("server.connections", "How many connections there may be, and how long each may live.", connections::KEYS),
    ("server.shutdown", "What happens on SIGTERM or SIGINT.", shutdown::KEYS),
    ("auth", "Who calls. What each may do is in docs/permissions.md.", auth::KEYS),
    ("auth.trusted_proxy", "A proxy that says who calls.", auth::PROXY_KEYS),
    ("auth.jwt", "JSON Web Tokens, in the header authorization.", auth::JWT_KEYS),
    ("log", "What is written to standard error. Never customers' text, at any level.", log::KEYS),
    ("otlp", "A collector of OpenTelemetry, for spans of calls and the log. Never customers' text.", otlp::KEYS),
    ("settings", "Tenants, agents, their switches and words.", settings::KEYS),
    ("spelling", "Where the language data comes from.", spelling::KEYS),
    ("polishing", "Polishing replies with a model. It is off until a model is named below.", polishing::KEYS),
    ("polishing.privacy", "What is kept from the models.", privacy::KEYS),
    (
        "polishing.primary",
        "The server that is asked first; any that speaks OpenAI's chat completions.",
        polishing::PRIMARY_KEYS,
    ),
    (
        "polishing.fallback",
        "A server that is asked where the first cannot answer. Keys as above, but none is taken from OPENAI_... variables.",
        polishing::FALLBACK_KEYS,
    ),
    (
        "polishing.review",
        "The second reading: what is compared with the draft before a reply is given out.",
        review::KEYS,
    ),
];

/// The whole configuration, validated.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[server]` and its subsections.
    pub server: server::ServerConfig,
    /// `[auth]` and its subsections.
    pub auth: auth::AuthConfig,
    /// `[log]`.
    pub log: log::LogConfig,
    /// `[otlp]`, if there is a collector.
    pub otlp: Option<otlp::OtlpConfig>,
    /// `[settings]`.
    pub settings: settings::SettingsConfig,
    /// `[spelling]`.
    pub spelling: spelling::SpellingConfig,
    /// `[polishing]` and its subsections.
    pub polishing: polishing::PolishingConfig,
    /// `[polishing.privacy]`.
    pub privacy: privacy::PrivacyConfig,
}

impl Config {
    /// Reads the file, if one is named here or by [`FILE_VARIABLE`], and lets the environment override it.
    ///
    /// # Errors
    /// [`ConfigError`] if the file cannot be read, a key is unknown or a value is out of its range.
    pub fn load(file: Option<&Path>, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        Self::parse(&read_file(file, environment)?, environment)
    }

    /// As [`Config::load`], from the text of a file.
    ///
    /// # Errors
    /// [`ConfigError`] if a key is unknown or a value is out of its range.
    pub fn parse(file: &str, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        let values = source::merge(file, environment)?;
        let config = Self::read(&values, environment)?;
        source::check_types(&values)?;
        Ok(config)
    }

    /// Of each section as much as tells whether it is right, in an order in which each knows what it depends on.
    fn read(values: &ConfigValues, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        let reader = ConfigReader::new(values);
        let server = server::ServerConfig::read(&reader)?;
        let auth = auth::AuthConfig::read(&reader, &server)?;
        let polishing = polishing::PolishingConfig::read(&reader, &server, &auth, environment)?;
        Ok(Self {
            settings: settings::SettingsConfig::read(&reader, &auth)?,
            auth,
            server,
            log: log::LogConfig::read(&reader)?,
            otlp: otlp::OtlpConfig::read(&reader)?,
            spelling: spelling::SpellingConfig::read(&reader)?,
            polishing,
            privacy: privacy::PrivacyConfig::read(&reader)?,
        })
    }
}

/// The text of the file that is named here or by [`FILE_VARIABLE`]; empty, if none is.
///
/// # Errors
/// [`ConfigError::Unreadable`].
pub fn read_file(file: Option<&Path>, environment: &[(String, String)]) -> Result<String, ConfigError> {
    let named = environment.iter().find(|(name, _)| name == FILE_VARIABLE).map(|(_, path)| Path::new(path));
    let Some(path) = file.or(named) else { return Ok(String::new()) };
    fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error: error.to_string() })
}

/// The process's environment, as [`Config::load`] takes it. Variables that are not UTF-8 are none of ours.
#[must_use]
pub fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
