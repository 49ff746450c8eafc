//! The file of a compiled lexicon, read in place.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `VERMLEX` and the version, 1 |
//! | 4 | length of the rules, little endian |
//! | that many | the rules, as [`super::rules`] describes |
//! | the rest | an `fst` map from each form (UTF-8) to its [`FormFlags`], with its own checksum |

use std::borrow::Cow;

use fst::{Map, MapBuilder};

use super::{flags::FormFlags, rules::LexiconRules};

const MAGIC: &[u8; 8] = b"VERMLEX\x01";
const HEADER: usize = MAGIC.len() + 4;

/// Bytes of an automaton: built into the program, or read from a file.
#[derive(Clone, Debug)]
pub struct AutomatonBytes {
    all: Cow<'static, [u8]>,
    start: usize,
}

impl AutomatonBytes {
    /// All of a file.
    #[must_use]
    pub const fn whole(all: Cow<'static, [u8]>) -> Self {
        Self { all, start: 0 }
    }
}

impl AsRef<[u8]> for AutomatonBytes {
    fn as_ref(&self) -> &[u8] {
        &self.all[self.start..]
    }
}

/// Why a file is no lexicon.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Another kind of file, or another version.
    #[error("not a lexicon of version 1: expected it to begin with VERMLEX and the byte 1")]
    Foreign,
    /// Shorter than its header says.
    #[error("truncated: the header promises {expected} bytes of rules, {found} bytes follow")]
    Truncated {
        /// Bytes promised.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A rule that is none.
    #[error("line {0} of its rules is not a rule")]
    Rule(usize),
    /// A damaged automaton.
    #[error("its automaton is damaged")]
    Automaton(#[from] fst::Error),
}

/// Reads a lexicon. `verify` also checks the automaton's checksum: O(size), for files that did not come with the program.
pub(super) fn read(
    bytes: Cow<'static, [u8]>,
    verify: bool,
) -> Result<(LexiconRules, Map<AutomatonBytes>), FormatError> {
    let length = bytes
        .strip_prefix(MAGIC.as_slice())
        .and_then(|rest| rest.first_chunk::<4>())
        .ok_or(FormatError::Foreign)
        .map(|length| u32::from_le_bytes(*length) as usize)?;
    let rules = bytes
        .get(HEADER..HEADER + length)
        .ok_or(FormatError::Truncated { expected: length, found: bytes.len() - HEADER })?;
    let rules = LexiconRules::parse(&String::from_utf8_lossy(rules)).map_err(FormatError::Rule)?;
    let forms = Map::new(AutomatonBytes { all: bytes, start: HEADER + length })?;
    if verify {
        forms.as_fst().verify()?;
    }
    Ok((rules, forms))
}

/// Builds the file of a lexicon. Forms are inserted in byte order.
pub(crate) struct LexiconBuilder(MapBuilder<Vec<u8>>);

impl std::fmt::Debug for LexiconBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LexiconBuilder").field("bytes_written", &self.0.bytes_written()).finish()
    }
}

impl LexiconBuilder {
    /// An empty lexicon with these rules.
    ///
    /// # Errors
    /// None in memory; the automaton's builder has them in its type.
    pub(crate) fn new(rules: &LexiconRules) -> Result<Self, FormatError> {
        let text = rules.to_text();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(u32::try_from(text.len()).map_err(|_| FormatError::Foreign)?.to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
        Ok(Self(MapBuilder::new(bytes)?))
    }

    /// Adds a form greater than all before it.
    ///
    /// # Errors
    /// [`FormatError::Automaton`] if forms are not in order.
    pub(crate) fn insert(&mut self, form: &[u8], flags: FormFlags) -> Result<(), FormatError> {
        Ok(self.0.insert(form, flags.to_value())?)
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// None in memory.
    pub(crate) fn finish(self) -> Result<Vec<u8>, FormatError> {
        Ok(self.0.into_inner()?)
    }
}
