//! The operator's own patterns of what must not leave: at most 50, of bounded size, in linear time on any text.

use regex::{Regex, RegexBuilder};

/// The most patterns.
pub(crate) const MAX_PATTERNS: usize = 50;

/// The longest pattern as written, in bytes.
const MAX_LENGTH: usize = 1000;

/// The most memory that one compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 256 * 1024;

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// More than [`MAX_PATTERNS`].
    #[error("expected at most {MAX_PATTERNS} patterns, found {0}")]
    TooMany(usize),
    /// One is too long, too large when compiled, no regular expression, or matches the empty text.
    #[error("pattern {number}: {problem}")]
    Pattern {
        /// Which, from 1.
        number: usize,
        /// What is wrong.
        problem: String,
    },
}

/// Compiled patterns. Cheap to share, not to make.
#[derive(Clone, Debug, Default)]
pub struct Patterns(Vec<Regex>);

impl Patterns {
    /// Compiles the operator's patterns (the syntax of the `regex` crate).
    ///
    /// # Errors
    /// [`PatternError`] names the first that is refused.
    pub fn new<S: AsRef<str>>(sources: &[S]) -> Result<Self, PatternError> {
        if sources.len() > MAX_PATTERNS {
            return Err(PatternError::TooMany(sources.len()));
        }
        let compile = |(at, source): (usize, &S)| {
            compile(source.as_ref()).map_err(|problem| PatternError::Pattern { number: at + 1, problem })
        };
        sources.iter().enumerate().map(compile).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Regex> {
        self.0.iter()
    }
}

fn compile(source: &str) -> Result<Regex, String> {
    if source.len() > MAX_LENGTH {
        return Err(format!("expected at most {MAX_LENGTH} bytes, found {}", source.len()));
    }
    let compiled = RegexBuilder::new(source).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT).build().map_err(
        |error| match error {
            regex::Error::CompiledTooBig(_) => format!("it takes more than {SIZE_LIMIT} bytes when compiled"),
            _ => "it is not a regular expression".to_owned(),
        },
    )?;
    if compiled.is_match("") {
        return Err("it matches the empty text".to_owned());
    }
    Ok(compiled)
}
