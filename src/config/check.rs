//! All that is wrong with a configuration at once. Reading stops at the first fault, so it is read again and again, each time without
//! what was found wrong before. Pure; what files hold is not its matter.

use super::{
    Config, ConfigError,
    keys::ConfigValues,
    source::{self, default_of},
};

/// The text of a file, and the environment that overrides it, as they may be read without what was found wrong.
struct Attempt {
    values: ConfigValues,
    environment: Vec<(String, String)>,
    /// Keys, sections and variables that stand as if nobody had set them.
    cleared: Vec<String>,
}

/// Every fault, in the order in which they are found: unknown keys, then wrong values by section. Where a value is wrong, faults of
/// others that would follow from it alone are not told.
#[must_use]
pub fn problems(file: &str, environment: &[(String, String)]) -> Vec<ConfigError> {
    let (values, mut problems) = match source::merge_all(file, environment) {
        Ok(merged) => merged,
        Err(unreadable) => return vec![unreadable],
    };
    let mut attempt = Attempt { values: values.clone(), environment: environment.to_vec(), cleared: Vec::new() };
    while let Err(wrong) = Config::read(&attempt.values, &attempt.environment) {
        if !attempt.is_told(&wrong) {
            problems.push(wrong.clone());
        }
        if !attempt.clear(&wrong) {
            break;
        }
    }
    // Of what no section reads.
    problems.extend(source::wrong_types(&values).filter(|wrong| !attempt.is_told(wrong)));
    problems
}

/// A variable of the usual names with which reading goes on; `None`: it goes on without.
fn stand_in(variable: &str) -> Option<&'static str> {
    // Without its URL the name of a model would be half of one.
    (variable == "OPENAI_BASE_URL").then_some("http://localhost")
}

impl Attempt {
    /// Whether it may follow from what was cleared: it is about that, or says that it is so because of it.
    fn is_told(&self, wrong: &ConfigError) -> bool {
        let ConfigError::Invalid { path, problem } = wrong else { return false };
        self.cleared.iter().any(|cleared| is_within(path, cleared) || problem.contains(cleared.as_str()))
    }

    /// Clears what an error is about; if that was cleared before or was never set, the section that it stands in, and at last the one
    /// above that. False: there is nothing left to clear.
    fn clear(&mut self, wrong: &ConfigError) -> bool {
        let ConfigError::Invalid { path, .. } = wrong else { return false };
        if let Some(at) = self.environment.iter().position(|(name, _)| name == path) {
            match stand_in(path) {
                Some(value) if self.environment[at].1 != value => value.clone_into(&mut self.environment[at].1),
                _ => drop(self.environment.remove(at)),
            }
            self.cleared.push(path.clone());
            return true;
        }
        let mut place = path.as_str();
        loop {
            if !self.cleared.iter().any(|cleared| cleared == place) && self.reset(place) {
                self.cleared.push(place.to_owned());
                return true;
            }
            match place.rsplit_once('.') {
                Some((section, _)) => place = section,
                None => return false,
            }
        }
    }

    /// Whether anything had another value than its default.
    fn reset(&mut self, place: &str) -> bool {
        let keys: Vec<String> = self.values.keys().filter(|key| is_within(key, place)).cloned().collect();
        let mut is_changed = false;
        for key in keys {
            let before = match default_of(&key) {
                Some(default) => self.values.insert(key.clone(), default),
                None => self.values.remove(&key),
            };
            is_changed |= before.as_ref() != self.values.get(&key);
        }
        is_changed
    }
}

/// Whether it is that place, or stands below it.
fn is_within(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
