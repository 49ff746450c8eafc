//! The keys of one server of models, whichever section they stand in, and their reading.

use std::path::PathBuf;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};
use crate::polishing::openai::{ApiKey, ModelServer, RequestParameters};

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
    about: "A file with the key. Read at the start and at SIGHUP.",
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

/// The first `COUNT` keys of a server.
pub(super) const fn keys<const COUNT: usize>() -> [ConfigKey; COUNT] {
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
pub(super) const fn without_descriptions(mut all: [ConfigKey; 16]) -> [ConfigKey; 16] {
    let mut n = 0;
    while n < 15 {
        all[n].about = "";
        n += 1;
    }
    all
}

/// A server, with its key perhaps still to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelServerConfig {
    /// As it will be asked.
    pub server: ModelServer,
    /// Where its key is, if not in `server`.
    pub api_key_file: Option<PathBuf>,
}

/// One server's section.
pub(super) struct ModelServerSection<'s> {
    pub(super) reader: &'s ConfigReader<'s>,
    pub(super) name: &'static str,
    pub(super) environment: &'s [(String, String)],
}

impl ModelServerSection<'_> {
    pub(super) fn key(&self, name: &str) -> String {
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
    pub(super) fn optional(&self, name: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.reader.text(&self.key(name))?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    pub(super) fn read(&self) -> Result<Option<ModelServerConfig>, ConfigError> {
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

    pub(super) fn parameters(&self) -> Result<RequestParameters, ConfigError> {
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
            json_object: false,
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

/// A number from 1.
pub(super) fn positive_number(reader: &ConfigReader<'_>, path: &str, most: u32) -> Result<u32, ConfigError> {
    let number = reader.number(path, 1, most as usize)?;
    Ok(u32::try_from(number).unwrap_or(most))
}
