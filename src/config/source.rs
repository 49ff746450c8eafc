//! Brings defaults, file and environment together, and refuses every key that no section has. Interprets no value.

use toml::{Table, Value};

use super::{
    ConfigError, FILE_VARIABLE, SECTIONS,
    keys::{ConfigValues, Preset, mismatch},
};

/// What an override in the environment begins with: `VERMILION_SERVER__LISTEN` sets `server.listen`.
const VARIABLE_PREFIX: &str = "VERMILION_";

/// Defaults, overridden by the file, overridden by the environment.
pub(super) fn merge(file: &str, environment: &[(String, String)]) -> Result<ConfigValues, ConfigError> {
    let (values, unknown) = merge_all(file, environment)?;
    unknown.into_iter().next().map_or(Ok(values), Err)
}

/// The same, and all that is no key or no section; it is not among the values.
pub(super) fn merge_all(
    file: &str,
    environment: &[(String, String)],
) -> Result<(ConfigValues, Vec<ConfigError>), ConfigError> {
    let (mut values, mut unknown) = (ConfigValues::new(), Vec::new());
    for (path, preset) in known_keys() {
        if let Preset::Default(literal) = preset {
            values.insert(path, parse_literal(literal)?);
        }
    }
    let table = file.parse::<Table>().map_err(|error| syntax(file, &error))?;
    add_file(&table, "", &mut values, &mut unknown);
    add_environment(environment, &mut values, &mut unknown)?;
    Ok((values, unknown))
}

/// What a key is that nobody sets; `None`: nothing.
pub(super) fn default_of(path: &str) -> Option<Value> {
    let (_, preset) = known_keys().find(|(key, _)| key == path)?;
    match preset {
        Preset::Default(literal) => parse_literal(literal).ok(),
        Preset::Example(_) => None,
    }
}

/// Says what is wrong in which line, but does not show the line: it may hold a secret.
fn syntax(file: &str, error: &toml::de::Error) -> ConfigError {
    let start = error.span().map_or(0, |span| span.start).min(file.len());
    let line = 1 + file.bytes().take(start).filter(|byte| *byte == b'\n').count();
    ConfigError::Syntax(format!("line {line}: {}", error.message()))
}

/// Every key with its full path.
fn known_keys() -> impl Iterator<Item = (String, Preset)> {
    SECTIONS
        .iter()
        .flat_map(|(section, _, keys)| keys.iter().map(move |key| (format!("{section}.{}", key.name), key.value)))
}

fn add_file(table: &Table, parent: &str, values: &mut ConfigValues, unknown: &mut Vec<ConfigError>) {
    for (name, value) in table {
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        match value {
            Value::Table(inner) if SECTIONS.iter().any(|(section, ..)| *section == path) => {
                add_file(inner, &path, values, unknown);
            }
            _ if SECTIONS.iter().any(|(section, ..)| *section == path) => {
                unknown.push(mismatch(&path, "a table", value));
            }
            _ if known_keys().any(|(key, _)| key == path) => {
                values.insert(path, value.clone());
            }
            _ => unknown.push(ConfigError::UnknownKey { suggestion: similar_key(&path), path }),
        }
    }
}

/// Refuses values of a type that their key never has. Who reads a section says more exactly what was expected, but not every
/// section is read: half of a model's, or another mode's, would be ignored as if it said nothing.
pub(super) fn check_types(values: &ConfigValues) -> Result<(), ConfigError> {
    wrong_types(values).next().map_or(Ok(()), Err)
}

/// One error for each such value.
pub(super) fn wrong_types(values: &ConfigValues) -> impl Iterator<Item = ConfigError> {
    known_keys().filter_map(|(path, preset)| {
        let found = values.get(&path)?;
        let expected = match parse_literal(preset.literal()) {
            Ok(expected) => expected,
            Err(error) => return Some(error),
        };
        let whole = expected.is_float() && found.is_integer();
        let is_right = whole || expected.same_type(found);
        (!is_right).then(|| mismatch(&path, &format!("a value of type {}", expected.type_str()), found))
    })
}

fn add_environment(
    environment: &[(String, String)],
    values: &mut ConfigValues,
    unknown: &mut Vec<ConfigError>,
) -> Result<(), ConfigError> {
    for (name, text) in environment {
        let Some(rest) = name.strip_prefix(VARIABLE_PREFIX) else { continue };
        if name == FILE_VARIABLE || is_kubernetes_variable(rest) {
            continue;
        }
        let path = rest.to_ascii_lowercase().replace("__", ".");
        let Some((_, preset)) = known_keys().find(|(key, _)| *key == path) else {
            unknown.push(ConfigError::UnknownVariable { name: name.clone(), suggestion: similar_key(&path), path });
            continue;
        };
        values.insert(path, read_variable(text, preset)?);
    }
    Ok(())
}

/// Kubernetes announces a Service called `vermilion` to its pods by such variables; they are no overrides of ours.
fn is_kubernetes_variable(rest: &str) -> bool {
    let one_part = !rest.contains("__");
    one_part
        && ["SERVICE_HOST", "SERVICE_PORT", "PORT"].iter().any(|part| rest.starts_with(part) || rest.ends_with(part))
}

/// A variable takes the type of the key: strings are taken as they are, lists are divided by commas.
fn read_variable(text: &str, preset: Preset) -> Result<Value, ConfigError> {
    Ok(match parse_literal(preset.literal())? {
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
        // What is no number stays a string, and reading the section says what was expected.
        Value::Integer(_) => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Integer),
        Value::Boolean(_) => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Boolean),
        Value::Float(_) => text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Float),
        _ => Value::String(text.to_owned()),
    })
}

pub(super) fn parse_literal(literal: &str) -> Result<Value, ConfigError> {
    let table =
        format!("value = {literal}").parse::<Table>().map_err(|error| ConfigError::Syntax(error.to_string()))?;
    Ok(table.get("value").cloned().unwrap_or(Value::Boolean(false)))
}

/// A known key with the same last part, which is where most slips are: the right key in the wrong section.
fn similar_key(path: &str) -> Option<String> {
    let last = path.rsplit('.').next()?;
    known_keys().map(|(key, _)| key).find(|key| key.rsplit('.').next().is_some_and(|name| name == last))
}
