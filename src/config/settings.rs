//! `[settings]`: where tenants, agents and their switches are kept.

use std::{fmt, path::PathBuf, time::Duration};

use super::{
    ConfigError,
    auth::{AuthConfig, AuthMode},
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "store",
        value: Preset::Default(r#""auto""#),
        about: "\"sqlite:/var/lib/vermilion/settings.db\": a file, made if it is missing; for one replica.\n\
                \"postgres://vermilion@db.example.com/vermilion?sslmode=verify-full\": for any number of replicas. A password\n\
                belongs in the variable VERMILION_SETTINGS__STORE. \"memory\": a demonstration, forgotten at the end. \"none\": no\n\
                tenants; spelling only. \"auto\": memory if auth.mode is development, else none.",
    },
    ConfigKey {
        name: "cache_ttl",
        value: Preset::Default(r#""5s""#),
        about: "A change made by another replica is seen after this at the latest, as a rule at once. Up to 60s.",
    },
    ConfigKey {
        name: "timeout",
        value: Preset::Default(r#""2s""#),
        about: "An answer of the store that takes longer is a failure: polishing is closed, spelling goes on.",
    },
    ConfigKey {
        name: "connections",
        value: Preset::Default("10"),
        about: "How many connections to the store one replica keeps at most.",
    },
];

/// The parameters of a PostgreSQL URL that the driver knows. Of others it says name and value in the log, and one of libpq's may be
/// a password.
const PARAMETERS: [&str; 18] = [
    "application_name",
    "options",
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
];

const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Where settings are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// Nowhere.
    None,
    /// In memory, with a demonstration.
    Memory,
    /// In a file.
    Sqlite(PathBuf),
    /// In a database; the URL may hold a password.
    Postgres(String),
}

/// Never with a password.
impl fmt::Debug for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Memory => f.write_str("Memory"),
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// `[settings]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsConfig {
    /// Where.
    pub store: StoreLocation,
    /// How old what the cache says may be.
    pub cache_ttl: Duration,
    /// How long the store may take.
    pub timeout: Duration,
    /// Connections at most.
    pub connections: u32,
}

impl SettingsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>, auth: &AuthConfig) -> Result<Self, ConfigError> {
        let connections = reader.number("settings.connections", 1, 1000)?;
        Ok(Self {
            store: parse_location(reader.text("settings.store")?.unwrap_or_default(), auth)?,
            cache_ttl: reader.duration("settings.cache_ttl", 100, 60_000)?,
            timeout: reader.duration("settings.timeout", 100, 60_000)?,
            connections: u32::try_from(connections).unwrap_or(u32::MAX),
        })
    }
}

fn parse_location(text: &str, auth: &AuthConfig) -> Result<StoreLocation, ConfigError> {
    match text {
        "auto" if auth.mode == AuthMode::Development => return Ok(StoreLocation::Memory),
        "auto" | "none" => return Ok(StoreLocation::None),
        "memory" => return Ok(StoreLocation::Memory),
        _ => {}
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        check_parameters(text)?;
        return Ok(StoreLocation::Postgres(text.to_owned()));
    }
    match text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
        Some(path) => Ok(StoreLocation::Sqlite(path.into())),
        // What was found is not said: it may be a mistyped URL with a password.
        None => Err(invalid(
            "settings.store",
            "expected \"auto\", \"memory\", \"none\", \"sqlite:PATH\" or \"postgres://...\"".to_owned(),
        )),
    }
}

/// Refuses what the driver would log or quote.
fn check_parameters(url: &str) -> Result<(), ConfigError> {
    let query = url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
    let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
    let problem = parameters.map(|parameter| parameter.split_once('=').unwrap_or((parameter, ""))).find_map(problem_of);
    problem.map_or(Ok(()), |problem| Err(invalid("settings.store", problem)))
}

/// What is wrong with a parameter. Says its name, if it looks like one, and never its value.
fn problem_of((name, value): (&str, &str)) -> Option<String> {
    match name {
        "sslmode" | "ssl-mode" if !SSL_MODES.iter().any(|mode| value.eq_ignore_ascii_case(mode)) => {
            Some(format!("expected sslmode to be one of {}", SSL_MODES.join(", ")))
        }
        _ if PARAMETERS.contains(&name) || name.starts_with("options[") => None,
        // A question mark in a password makes the rest of it a parameter.
        _ if value.is_empty() || value.contains('@') => {
            Some("expected a URL whose password has its special characters percent-encoded".to_owned())
        }
        _ if name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-".contains(&byte)) => {
            Some(format!("unknown parameter {name} in the URL"))
        }
        _ => Some("unknown parameter in the URL".to_owned()),
    }
}
