//! Expressions of two words that are often written as one (`alot`, `derrepente`): found as words are, slips included. Knows the
//! reviewed lists of them, no text.

use fst::{Map, MapBuilder};

use super::{lexicon::AutomatonBytes, supplement};

/// Expressions by what they are without their blank; the value is where that stood, in bytes.
#[derive(Debug)]
pub struct RunOns(Map<AutomatonBytes>);

impl RunOns {
    /// Reads a list: one expression of two words a line, `#` begins a comment line.
    ///
    /// # Errors
    /// [`fst::Error`] from the automaton's builder.
    pub fn read(list: &str) -> Result<Self, fst::Error> {
        let mut entries: Vec<(String, u64)> = supplement::expressions(list)
            .filter_map(|line| line.split_once(' '))
            .map(|(left, right)| ([left, right].concat(), left.len() as u64))
            .collect();
        entries.sort_unstable();
        entries.dedup_by(|next, kept| next.0 == kept.0);
        let mut builder = MapBuilder::memory();
        for (joined, blank) in entries {
            builder.insert(joined, blank)?;
        }
        Map::new(AutomatonBytes::whole(builder.into_inner()?.into())).map(Self)
    }

    /// Whether a word in small letters is an expression without its blank, or a doubled letter or an `n` for `m` away from one
    /// (`derrepente`, `concerteza`).
    #[must_use]
    pub(super) fn resembles(&self, word: &str) -> bool {
        let without = |(at, c): (usize, char)| [&word[..at], &word[at + c.len_utf8()..]].concat();
        self.0.contains_key(word)
            || word.char_indices().any(|place| self.0.contains_key(without(place)))
            || word.match_indices('n').any(|(at, _)| self.0.contains_key([&word[..at], "m", &word[at + 1..]].concat()))
    }

    /// The automaton, for searches.
    pub(in crate::spelling::words) fn automaton(&self) -> &fst::raw::Fst<AutomatonBytes> {
        self.0.as_fst()
    }
}
