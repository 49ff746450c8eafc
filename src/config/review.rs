//! `[polishing.review]`: who reads a reply a second time, and what becomes of one that would mislead.

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
    model_server::{ModelServerConfig, ModelServerSection, keys, positive_number, without_descriptions},
};
use crate::polishing::review::{HighSeverity, ReviewPolicy};

const SECTION: &str = "polishing.review";

const OWN_KEYS: [ConfigKey; 4] = [
    ConfigKey {
        name: "mode",
        value: Preset::Default(r#""model""#),
        about: "\"model\": of every reply that rules let through a model is asked where it tells the customer something else than\n\
                the draft; it costs one request more, two where an answer is asked for twice. \"rules\": rules alone, which see\n\
                values, language and form, and of meaning only some.",
    },
    ConfigKey {
        name: "high",
        value: Preset::Default(r#""draft""#),
        about: "What becomes of a reply that could mislead or bind someone, and does so again after a second answer. \"draft\": the\n\
                draft comes back. \"reply\": the reply comes, with its review points of severity high.",
    },
    ConfigKey {
        name: "deadline_share",
        value: Preset::Default("40"),
        about: "How much of the time that the caller has left a reading may take, in per cent. A reading that is late is none.",
    },
    ConfigKey {
        name: "json_object",
        value: Preset::Default("false"),
        about: "Whether the server is told to answer with a JSON object (response_format); some refuse what they do not know.",
    },
];

pub(super) const KEYS: &[ConfigKey] = &all_keys();

/// Its own, then those of a server.
const fn all_keys() -> [ConfigKey; 20] {
    let mut server = without_descriptions(keys::<16>());
    server[0].about = "A server of its own; keys as of the primary, which reads where this is not set.";
    server[3].about = "A model of its own, of that server or of the primary's.";
    server[5].value = Preset::Default(r#""10s""#);
    server[5].about = "For one reading.";
    server[10].about = "Where these are not set, the primary's count if it is the primary that reads.";
    server[15].about = "Drafts and replies may be sent there. A base_url without this is refused.";
    let mut all = [OWN_KEYS[0]; 20];
    let mut n = 0;
    while n < all.len() {
        all[n] = if n < OWN_KEYS.len() { OWN_KEYS[n] } else { server[n - OWN_KEYS.len()] };
        n += 1;
    }
    all
}

/// A second reading.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewConfig {
    /// Who reads.
    pub server: ModelServerConfig,
    /// How.
    pub policy: ReviewPolicy,
}

impl ReviewConfig {
    /// `None` if rules read alone, or if there is no model.
    pub(super) fn read(
        reader: &ConfigReader<'_>,
        primary: Option<&ModelServerConfig>,
    ) -> Result<Option<Self>, ConfigError> {
        let section = ModelServerSection { reader, name: SECTION, environment: &[] };
        let by_model = reader.parsed(&section.key("mode"), "\"model\" or \"rules\"", |mode| match mode {
            "model" => Some(true),
            "rules" => Some(false),
            _ => None,
        })?;
        let high = reader.parsed(&section.key("high"), "\"draft\" or \"reply\"", |high| match high {
            "draft" => Some(HighSeverity::Draft),
            "reply" => Some(HighSeverity::Reply),
            _ => None,
        })?;
        let share = reader.number(&section.key("deadline_share"), 10, 90)?;
        let as_object = reader.flag(&section.key("json_object"))?;
        let Some(mut server) = server(&section, primary)? else { return Ok(None) };
        server.server.parameters.json_object = as_object;
        let policy = ReviewPolicy {
            deadline_share: u32::try_from(share).unwrap_or(90),
            timeout: server.server.timeout,
            as_object,
            high,
        };
        Ok(by_model.then_some(Self { server, policy }))
    }
}

/// The server that reads: its own, or the primary, perhaps by another model.
fn server(
    section: &ModelServerSection<'_>,
    primary: Option<&ModelServerConfig>,
) -> Result<Option<ModelServerConfig>, ConfigError> {
    let reader = section.reader;
    if section.optional("base_url")?.is_some() {
        let own = ModelServerSection { reader, name: SECTION, environment: &[] };
        if primary.is_none() {
            let problem = "expected a URL, because polishing.review.base_url is set";
            return Err(invalid("polishing.primary.base_url", problem.to_owned()));
        }
        if !reader.flag(&section.key("allowed_for_customer_text"))? {
            let problem = "expected true, because polishing.review.base_url is set: customers' text would go there";
            return Err(invalid(&section.key("allowed_for_customer_text"), problem.to_owned()));
        }
        return own.read();
    }
    for name in ["api_key", "api_key_file", "api_version"] {
        if section.optional(name)?.is_some() {
            let problem = "expected nothing, because polishing.review.base_url is not set: the primary reads";
            return Err(invalid(&section.key(name), problem.to_owned()));
        }
    }
    let Some(primary) = primary else { return Ok(None) };
    let mut server = primary.clone();
    if let Some(model) = section.optional("model")? {
        server.server.model = model;
    }
    server.server.timeout = reader.duration(&section.key("timeout"), 1, 600_000)?;
    server.server.max_answer_bytes = reader.number(&section.key("answer_bytes"), 1024, 64 << 20)?;
    server.server.failure_threshold = positive_number(reader, &section.key("rest_after"), 1000)?;
    server.server.cooldown = reader.duration(&section.key("rest"), 1, 3_600_000)?;
    let (own, theirs) = (section.parameters()?, &mut server.server.parameters);
    theirs.temperature = own.temperature.or(theirs.temperature);
    theirs.max_tokens = own.max_tokens.or(theirs.max_tokens);
    theirs.max_completion_tokens = own.max_completion_tokens.or(theirs.max_completion_tokens);
    theirs.reasoning_effort = own.reasoning_effort.or_else(|| theirs.reasoning_effort.take());
    Ok(Some(server))
}
