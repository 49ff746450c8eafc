//! `[server.cors]`: the origins whose pages may call the service from a browser.

use http::Uri;

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};

pub(super) const KEYS: &[ConfigKey] = &[ConfigKey {
    name: "origins",
    value: Preset::Default("[]"),
    about: "Origins, such as \"https://workbench.example.com\". In development every page on a loopback address may call,\n\
            too. \"*\" and \"null\" are refused outside development.",
}];

/// Which origins may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorsConfig {
    /// As browsers send them: scheme, host and, if it is not the scheme's own, port.
    pub origins: Vec<String>,
}

impl CorsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>, development: bool) -> Result<Self, ConfigError> {
        let path = "server.cors.origins";
        let mut origins = Vec::new();
        for origin in reader.list(path)? {
            let wildcard = matches!(origin, "*" | "null");
            if wildcard && !development {
                return Err(invalid(path, format!("{origin:?} is refused outside development: name each origin")));
            }
            if !wildcard && !is_origin(origin) {
                let expected = "expected an origin in lower case, such as \"https://workbench.example.com\"";
                return Err(invalid(path, format!("{expected}, found {origin:?}")));
            }
            origins.push(origin.to_owned());
        }
        Ok(Self { origins })
    }
}

/// Whether it is scheme, host and port, and nothing more: a browser compares byte by byte, so a slash too many or a
/// capital letter would never match.
fn is_origin(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    matches!(scheme, "http" | "https")
        && origin == format!("{scheme}://{authority}")
        && !authority.as_str().contains('@')
        && !origin.bytes().any(|byte| byte.is_ascii_uppercase())
}
