//! `[polishing]`: the models' servers, and how much of them one tenant may take. Without a model there is no polishing.

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};
use crate::polishing::openai::{ApiKey, ModelServer, RequestParameters};

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
];

const BASE_URL: ConfigKey = ConfigKey {
    name: "base_url",
    value: Preset::Example(r#""https://api.openai.com/v1""#),
    about: "What /chat/completions is appended to; for Azure with api_version the resource's URL.\n\
            If it is not set, the variable OPENAI_BASE_URL counts. There is no default: drafts go only where you say.",
};
const API_KEY: ConfigKey = ConfigKey {
    name: "api_key",
    value: Preset::Example(r#""sk-...""#),
    about: "Sent as a bearer token, or as api-key to Azure. Without one, none is sent. Better kept in a file, or in the\n\
            variable OPENAI_API_KEY, which counts if neither this nor api_key_file is set.",
};
const API_KEY_FILE: ConfigKey = ConfigKey {
    name: "api_key_file",
    value: Preset::Example(r#""/run/secrets/openai""#),
    about: "A file with the key. Read at start.",
};
const MODEL: ConfigKey = ConfigKey {
    name: "model",
    value: Preset::Example(r#""gpt-4.1-mini""#),
    about: "The model, as the server calls it; for Azure with api_version the deployment. If it is not set, the variable\n\
            OPENAI_MODEL counts.",
};
const PARAMETERS: [ConfigKey; 12] = [
    ConfigKey {
        name: "api_version",
        value: Preset::Example(r#""2024-10-21""#),
        about: "Azure's deployments: sets path, query and header as they are there. Leave it out for Azure's newer /openai/v1.",
    },
    ConfigKey {
        name: "timeout",
        value: Preset::Default(r#""30s""#),
        about: "For one whole answer; the caller's deadline counts if it is sooner.",
    },
    ConfigKey {
        name: "stall_timeout",
        value: Preset::Default(r#""10s""#),
        about: "In a stream: for the first byte, and between any two. Models that think in silence need longer.",
    },
    ConfigKey {
        name: "answer_bytes",
        value: Preset::Default("4194304"),
        about: "The longest answer that is read, in bytes as they come.",
    },
    ConfigKey {
        name: "rest_after",
        value: Preset::Default("5"),
        about: "After so many failures in a row the server is not asked for a while.",
    },
    ConfigKey {
        name: "rest",
        value: Preset::Default(r#""10s""#),
        about: "For so long. Then one call finds out how it is.",
    },
    ConfigKey {
        name: "temperature",
        value: Preset::Example("0.3"),
        about: "Sent only if it is set, as all that follow: some servers refuse what they do not know.",
    },
    ConfigKey {
        name: "max_tokens",
        value: Preset::Example("2000"),
        about: "The most tokens of an answer; the name that most servers know.",
    },
    ConfigKey {
        name: "max_completion_tokens",
        value: Preset::Example("4000"),
        about: "The same, reasoning included; the name that OpenAI's newer models ask for.",
    },
    ConfigKey {
        name: "reasoning_effort",
        value: Preset::Example(r#""low""#),
        about: "How long a model that reasons may reason.",
    },
    ConfigKey {
        name: "include_usage",
        value: Preset::Default("false"),
        about: "Whether streams ask for the count of tokens (stream_options). Without it, it is estimated.",
    },
    // Only where a fallback is concerned; see `FALLBACK_KEYS`.
    ConfigKey {
        name: "allowed_for_customer_text",
        value: Preset::Default("false"),
        about: "Customers' text may be sent there. A fallback without this is refused.",
    },
];

pub(super) const PRIMARY_KEYS: &[ConfigKey] = &keys::<15>();
pub(super) const FALLBACK_KEYS: &[ConfigKey] = &without_descriptions(keys::<16>());

/// The first `COUNT` keys of a server.
const fn keys<const COUNT: usize>() -> [ConfigKey; COUNT] {
    let mut all = [BASE_URL; COUNT];
    let head = [BASE_URL, API_KEY, API_KEY_FILE, MODEL];
    let mut n = 0;
    while n < COUNT {
        all[n] = if n < head.len() { head[n] } else { PARAMETERS[n - head.len()] };
        n += 1;
    }
    all
}

/// What is said once need not be said again; no variable of the environment stands for these keys.
const fn without_descriptions(mut all: [ConfigKey; 16]) -> [ConfigKey; 16] {
    let mut n = 0;
    while n < 15 {
        all[n].about = "";
        n += 1;
    }
    all
}

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
}

/// A server, with its key perhaps still to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelServerConfig {
    /// As it will be asked.
    pub server: ModelServer,
    /// Where its key is, if not in `server`.
    pub api_key_file: Option<PathBuf>,
}

impl PolishingConfig {
    pub(super) fn read(
        reader: &ConfigReader<'_>,
        server: &super::server::ServerConfig,
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
        let per_minute = positive_number(reader, "polishing.tenant_calls_per_minute", 1_000_000)?;
        Ok(Self {
            connect_timeout: reader.duration("polishing.connect_timeout", 1, 60_000)?,
            calls: concurrent_calls(reader, server)?,
            tenant_calls: positive_number(reader, "polishing.tenant_calls", 1_000_000)?,
            tenant_calls_per_minute: NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN),
            primary,
            fallback,
        })
    }
}

/// One server's section.
struct ModelServerSection<'s> {
    reader: &'s ConfigReader<'s>,
    name: &'static str,
    environment: &'s [(String, String)],
}

impl ModelServerSection<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.name)
    }

    /// A string by its key, else by a variable of the environment; empty is not set. And where it was found.
    fn text(&self, name: &str, variable: &str) -> Result<Option<(&str, String)>, ConfigError> {
        let key = self.key(name);
        let set = self.reader.text(&key)?.map(|text| (text, key));
        let inherited = || {
            let (_, text) = self.environment.iter().find(|(name, _)| name == variable)?;
            Some((text.as_str(), variable.to_owned()))
        };
        Ok(set.or_else(inherited).filter(|(text, _)| !text.is_empty()))
    }

    /// A string that stands for itself; empty is not set.
    fn optional(&self, name: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.reader.text(&self.key(name))?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    fn read(&self) -> Result<Option<ModelServerConfig>, ConfigError> {
        let missing = |name: &str, expected: &str, because: &str| {
            Err(invalid(&self.key(name), format!("expected {expected}, because {because} is set")))
        };
        let (base_url, model) = match (self.text("base_url", "OPENAI_BASE_URL")?, self.text("model", "OPENAI_MODEL")?) {
            (None, None) => return Ok(None),
            (Some((_, because)), None) => return missing("model", "the name of a model", &because),
            (None, Some((_, because))) => return missing("base_url", "a URL", &because),
            (Some((url, found)), Some((model, _))) => (parse_base_url(url, &found)?, model.to_owned()),
        };
        let (api_key, api_key_file) = self.credentials()?;
        let reader = self.reader;
        let timeout = reader.duration(&self.key("timeout"), 1, 600_000)?;
        let stall_timeout = reader.duration(&self.key("stall_timeout"), 1, 600_000)?;
        if stall_timeout > timeout {
            return Err(invalid(&self.key("stall_timeout"), format!("expected at most {}", self.key("timeout"))));
        }
        let server = ModelServer {
            base_url,
            api_key,
            model,
            api_version: self.optional("api_version")?,
            timeout,
            stall_timeout,
            max_answer_bytes: reader.number(&self.key("answer_bytes"), 1024, 64 << 20)?,
            failure_threshold: positive_number(reader, &self.key("rest_after"), 1000)?,
            cooldown: reader.duration(&self.key("rest"), 1, 3_600_000)?,
            parameters: self.parameters()?,
        };
        Ok(Some(ModelServerConfig { server, api_key_file }))
    }

    fn credentials(&self) -> Result<(ApiKey, Option<PathBuf>), ConfigError> {
        let file = self.reader.path(&self.key("api_key_file"))?;
        if let Some(file) = file {
            return match self.reader.text(&self.key("api_key"))? {
                Some(_) => Err(invalid(
                    &self.key("api_key"),
                    format!("expected nothing, because {} is set", self.key("api_key_file")),
                )),
                None => Ok((ApiKey::default(), Some(file))),
            };
        }
        match self.text("api_key", "OPENAI_API_KEY")? {
            None => Ok((ApiKey::default(), None)),
            Some((key, found)) => match ApiKey::new(key) {
                Some(secret) => Ok((secret, None)),
                None => Err(invalid(&found, "expected visible ASCII characters only".to_owned())),
            },
        }
    }

    fn parameters(&self) -> Result<RequestParameters, ConfigError> {
        let tokens = |name: &str| -> Result<Option<u32>, ConfigError> {
            let key = self.key(name);
            if self.reader.is_set(&key) { positive_number(self.reader, &key, 10_000_000).map(Some) } else { Ok(None) }
        };
        Ok(RequestParameters {
            temperature: self.reader.decimal(&self.key("temperature"), 0.0, 2.0)?,
            max_tokens: tokens("max_tokens")?,
            max_completion_tokens: tokens("max_completion_tokens")?,
            reasoning_effort: self.optional("reasoning_effort")?,
            include_usage: self.reader.flag(&self.key("include_usage"))?,
        })
    }
}

/// A URL without what would be lost or would leak: no query, no fragment, no user.
fn parse_base_url(text: &str, found: &str) -> Result<String, ConfigError> {
    let expected = "expected a URL such as \"https://api.openai.com/v1\", without user, query and fragment";
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default();
        let plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\"\\".contains(&byte));
        plain && host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'[')
    };
    if !rest.is_some_and(fits) {
        // Not what was found: a URL may hold a password.
        return Err(invalid(found, expected.to_owned()));
    }
    let text = text.trim_end_matches('/');
    // What people copy from a provider's page.
    Ok(text.strip_suffix("/chat/completions").unwrap_or(text).to_owned())
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

/// A number from 1.
fn positive_number(reader: &ConfigReader<'_>, path: &str, most: u32) -> Result<u32, ConfigError> {
    let number = reader.number(path, 1, most as usize)?;
    Ok(u32::try_from(number).unwrap_or(most))
}
