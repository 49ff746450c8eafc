//! What a key is, and typed reading of its value with the key's full path in every complaint.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use toml::Value;

use super::ConfigError;

/// One key of a section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfigKey {
    /// Its name within the section.
    pub name: &'static str,
    /// Its default, or an example of a key that has none, as TOML.
    pub value: Preset,
    /// What it does, with units and limits.
    pub about: &'static str,
}

/// What stands for a key that the operator does not set.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Preset {
    /// This TOML value.
    Default(&'static str),
    /// Nothing; the TOML value is shown as an example.
    Example(&'static str),
}

impl Preset {
    /// The TOML literal.
    #[must_use]
    pub(crate) const fn literal(self) -> &'static str {
        match self {
            Self::Default(literal) | Self::Example(literal) => literal,
        }
    }
}

/// Values by full path, such as `server.limits.text_bytes`.
pub(crate) type ConfigValues = BTreeMap<String, Value>;

/// Reads typed values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfigReader<'v> {
    values: &'v ConfigValues,
}

impl<'v> ConfigReader<'v> {
    /// Over merged values.
    #[must_use]
    pub(crate) const fn new(values: &'v ConfigValues) -> Self {
        Self { values }
    }

    /// A string, if set.
    pub(super) fn text(&self, path: &str) -> Result<Option<&'v str>, ConfigError> {
        match self.values.get(path) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(mismatch(path, "a string", other)),
        }
    }

    /// A string that a parser understands; `expected` completes "expected ...".
    pub(super) fn parsed<T>(
        &self,
        path: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, ConfigError> {
        let text = self.text(path)?.unwrap_or_default();
        parse(text).ok_or_else(|| invalid(path, format!("expected {expected}, found {text:?}")))
    }

    /// A path of a file or a folder, if set.
    pub(super) fn path(&self, path: &str) -> Result<Option<PathBuf>, ConfigError> {
        match self.text(path)? {
            Some("") => Err(invalid(path, "expected a path, found \"\"".to_owned())),
            other => Ok(other.map(PathBuf::from)),
        }
    }

    /// A list of strings.
    pub(super) fn list(&self, path: &str) -> Result<Vec<&'v str>, ConfigError> {
        let items = match self.values.get(path) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(mismatch(path, "a list of strings", other)),
        };
        items.iter().map(|item| item.as_str().ok_or_else(|| mismatch(path, "a list of strings", item))).collect()
    }

    /// A whole number within limits, both included.
    pub(super) fn number(&self, path: &str, least: usize, most: usize) -> Result<usize, ConfigError> {
        let expected = format!("a whole number from {least} to {most}");
        let number = match self.values.get(path) {
            Some(Value::Integer(number)) => *number,
            Some(other) => return Err(mismatch(path, &expected, other)),
            None => return Err(invalid(path, format!("expected {expected}, found nothing"))),
        };
        usize::try_from(number)
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| invalid(path, format!("expected {expected}, found {number}")))
    }

    /// Whether a key has a value.
    pub(super) fn is_set(&self, path: &str) -> bool {
        self.values.contains_key(path)
    }

    /// Yes or no; no, if not set.
    pub(super) fn flag(&self, path: &str) -> Result<bool, ConfigError> {
        match self.values.get(path) {
            None => Ok(false),
            Some(Value::Boolean(flag)) => Ok(*flag),
            Some(other) => Err(mismatch(path, "true or false", other)),
        }
    }

    /// A number within limits, both included, if set.
    pub(super) fn decimal(&self, path: &str, least: f64, most: f64) -> Result<Option<f64>, ConfigError> {
        let expected = format!("a number from {least} to {most}");
        let number = match self.values.get(path) {
            None => return Ok(None),
            Some(Value::Float(number)) => *number,
            // Two digits are enough for what is written without a point.
            Some(Value::Integer(number)) => f64::from(i16::try_from(*number).unwrap_or(i16::MAX)),
            Some(other) => return Err(mismatch(path, &expected, other)),
        };
        if (least..=most).contains(&number) {
            return Ok(Some(number));
        }
        Err(invalid(path, format!("expected {expected}, found {number}")))
    }

    /// A duration within limits, both included and given in milliseconds.
    pub(super) fn duration(&self, path: &str, least_ms: u64, most_ms: u64) -> Result<Duration, ConfigError> {
        let duration = self.parsed(path, "a duration, such as \"250ms\", \"10s\", \"5m\" or \"1h\"", parse_duration)?;
        let (least, most) = (Duration::from_millis(least_ms), Duration::from_millis(most_ms));
        if (least..=most).contains(&duration) {
            return Ok(duration);
        }
        Err(invalid(path, format!("expected a duration from {least:?} to {most:?}, found {duration:?}")))
    }
}

/// A value that breaks a rule.
pub(super) fn invalid(path: &str, problem: String) -> ConfigError {
    ConfigError::Invalid { path: path.to_owned(), problem }
}

/// A value of another type.
pub(super) fn mismatch(path: &str, expected: &str, found: &Value) -> ConfigError {
    invalid(path, format!("expected {expected}, found a value of type {}", found.type_str()))
}

fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (count, unit) = (text[..digits].parse::<u64>().ok()?, &text[digits..]);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        _ => return None,
    };
    Some(Duration::from_millis(count.checked_mul(milliseconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        assert_eq!(parse_duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(parse_duration("10s"), Some(Duration::from_secs(10)));
        assert_eq!(parse_duration("5m"), Some(Duration::from_secs(300)));
        assert_eq!(parse_duration("1h"), Some(Duration::from_secs(3600)));
        for wrong in ["", "10", "s", "-1s", "1.5s", "10 s", "1d", "99999999999999999999s", "9999999999999999999h"] {
            assert_eq!(parse_duration(wrong), None, "{wrong:?}");
        }
    }
}
