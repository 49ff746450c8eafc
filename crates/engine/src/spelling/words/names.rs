//! Names, brands and abbreviations: capitalised words that no dictionary has and that are no misspellings.
//!
//! In correct customer replies most unknown words are of these kinds, so marking them all would make the red marks
//! worthless. A capital also begins misspelled words, though: what is close to a known word is marked all the same.
//!
//! The conditions are meant to hide no typo:
//!
//! - in mid-sentence, or where a signature stands, a capital excuses a word unless it is within one edit of a word that
//!   is frequent enough for its length;
//! - at the start of a sentence, where every word has a capital, it excuses a word unless anything frequent is within
//!   two edits;
//! - a short word in capitals is an abbreviation, unless its neighbours are in capitals, too;
//! - a word with inner capitals is a brand, unless it is right in small letters (a slip of the shift key).
//!
//! docs/benchmarks.md says what this saves and what it hides.

use super::{
    casing::{self, Casing},
    neighbours::{FREQUENT_ZIPF, SymmetricDeletionIndex, VERY_FREQUENT_ZIPF},
    vocabulary::Vocabulary,
};
use crate::{document::SkipReason, text::Span};

/// An unknown word in capitals up to this many letters is taken for an abbreviation.
const MAX_ACRONYM_LETTERS: usize = 5;

/// Where a word stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct WordOccurrence<'t> {
    pub(super) text: &'t str,
    pub(super) span: Span,
}

/// What is known of a language, to tell names by.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownWords<'k> {
    pub(super) vocabulary: &'k Vocabulary,
    pub(super) neighbours: &'k SymmetricDeletionIndex,
    /// The other language that agents mix in.
    pub(super) other: Option<&'k Vocabulary>,
}

/// Why an unknown word is taken for a name or an abbreviation; `None` if it is a misspelling.
pub(super) fn name_or_acronym(word: &str, place: WordOccurrence<'_>, known: KnownWords<'_>) -> Option<SkipReason> {
    match casing::classify(word) {
        Casing::Lower => place.joins_names(word).then_some(SkipReason::ProperName),
        Casing::AllCaps => {
            let letters = word.chars().count();
            (letters <= MAX_ACRONYM_LETTERS && !place.is_among_capitals()).then_some(SkipReason::Acronym)
        }
        Casing::Mixed | Casing::MixedInitial => {
            // A slip of the shift key (`THe`, `tHe`) is no name.
            let slip = known.vocabulary.accepts(&word.to_lowercase());
            (!slip && !known.resembles(word)).then_some(SkipReason::ProperName)
        }
        // A text of one word says nothing of names.
        Casing::Initial if place.is_alone() => None,
        Casing::Initial => {
            let named = !place.begins_sentence() || place.is_signature();
            let foreign = || known.other.is_some_and(|other| other.accepts(&word.to_lowercase()));
            let marked = if named { !foreign() && known.resembles(word) } else { known.is_near(word) };
            (!marked).then_some(SkipReason::ProperName)
        }
    }
}

impl KnownWords<'_> {
    /// Whether a word is so close to a frequent one that it must be a slip: short names are close to many words by chance, so
    /// the shorter the word, the more frequent the other must be. Names resemble each other even more (`Andréia` and
    /// `Andreia` are both right), so one that is near a name must be long, and the other frequent.
    fn resembles(self, word: &str) -> bool {
        let letters = word.chars().count();
        self.neighbours.any_nearby(word, |near| match (letters, near.edits) {
            (_, 0) => near.common_noun,
            (..=3, _) => false,
            (4, 1) => near.frequency >= 500 && near.common_noun,
            (5, 1) => near.frequency >= 450 && near.common_noun,
            (6, 1) => near.frequency >= 380 && near.common_noun,
            (7.., 1) => near.frequency >= if near.common_noun { FREQUENT_ZIPF } else { 420 },
            (9.., 2) => near.frequency >= VERY_FREQUENT_ZIPF && near.common_noun,
            _ => false,
        })
    }

    /// The looser test at the beginning of a sentence, where every word has a capital.
    fn is_near(self, word: &str) -> bool {
        let letters = word.chars().count();
        self.neighbours.any_nearby(word, |near| match (letters, near.edits) {
            (_, 0) => near.common_noun,
            (..=3, 1) => near.frequency >= 600 && near.common_noun,
            (4, 1) => near.frequency >= 450 && near.common_noun,
            (5..=6, 1) => near.frequency >= if near.common_noun { FREQUENT_ZIPF } else { 400 },
            // Long words are near another by a slip only, however rare that is.
            (7.., 1) => near.common_noun || near.frequency >= 400,
            (6.., 2) => near.frequency >= VERY_FREQUENT_ZIPF && near.common_noun,
            _ => false,
        })
    }
}

impl WordOccurrence<'_> {
    /// Whether the word stands where any word takes a capital: at the start of the text, of a line or of a sentence.
    fn begins_sentence(self) -> bool {
        let before =
            self.text[..self.span.start].trim_end_matches(|c: char| c == ' ' || c == '\u{A0}' || is_opening(c));
        before
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, '.' | '!' | '?' | '…' | ':' | ';' | '\n' | '\r' | '。' | '！' | '？'))
    }

    /// Whether a small word stands between two capitalised ones, as in names: `Bruna da Silva`, `van der Berg`.
    fn joins_names(self, word: &str) -> bool {
        const PARTICLES: &[&str] = &[
            "al", "bin", "da", "das", "de", "degli", "dei", "del", "della", "den", "der", "di", "do", "dos", "du",
            "el", "la", "las", "le", "les", "los", "ten", "ter", "van", "von", "zu", "zur",
        ];
        let is_capitalised =
            |word: Option<&str>| word.and_then(|word| word.chars().next()).is_some_and(char::is_uppercase);
        PARTICLES.contains(&word)
            && (is_capitalised(self.text[self.span.end..].split_whitespace().next())
                || PARTICLES.contains(&self.text[self.span.end..].split_whitespace().next().unwrap_or_default()))
            && self.span.start > 0
    }

    /// Whether there is no other word.
    fn is_alone(self) -> bool {
        // A longer text has other words, or is hardly worth the look.
        const MOST: usize = 8;
        self.text.len() - self.span.len() <= MOST
            && !self.text[..self.span.start].contains(char::is_alphanumeric)
            && !self.text[self.span.end..].contains(char::is_alphanumeric)
    }

    /// Whether the word signs the message: `^Kartika`, `/KK`, `- Jen` at its end.
    fn is_signature(self) -> bool {
        // Looking farther than a few closing signs would make many names at the end of a long text dear.
        const TAIL: usize = 16;
        let rest = &self.text[self.span.end..];
        let ends = rest.len() <= TAIL && !rest.contains(char::is_alphanumeric);
        let before = self.text[..self.span.start].trim_end_matches(' ').chars().next_back();
        before == Some('^') || ends && before.is_some_and(|c| matches!(c, '/' | '-' | '–' | '—' | '~' | ',' | '\n'))
    }

    /// Whether the neighbouring words are in capitals too: then capitals mean nothing.
    fn is_among_capitals(self) -> bool {
        let all_caps = |word: &str| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            word.chars().nth(1).is_some()
                && casing::classify(word) == Casing::AllCaps
                && word.contains(char::is_alphabetic)
        };
        // Words farther than a line of text are no neighbours; slicing by characters keeps this bounded.
        let before = self.text[..self.span.start].rsplit(char::is_whitespace).find(|word| !word.is_empty());
        let after =
            self.text[self.span.end..].split(char::is_whitespace).find(|word| word.contains(char::is_alphanumeric));
        before.is_some_and(all_caps) && after.is_none_or(all_caps) || before.is_none() && after.is_some_and(all_caps)
    }
}

const fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '(' | '[' | '“' | '‘' | '«' | '¿' | '¡' | '*' | '_' | '~' | '-' | '•' | '–' | '—' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, word: &str, begins: bool, signs: bool, shouts: bool) {
        let start = text.rfind(word).unwrap_or_default();
        let place = WordOccurrence { text, span: Span::new(start, start + word.len()) };
        assert_eq!(
            (place.begins_sentence(), place.is_signature(), place.is_among_capitals()),
            (begins, signs, shouts),
            "{text}"
        );
    }

    #[test]
    fn sees_the_place() {
        check("Kartika here", "Kartika", true, false, false);
        check("Hi Kartika, how", "Kartika", false, false, false);
        check("Done. (Kartika)", "Kartika", true, false, false);
        check("see you ^Kartika", "Kartika", false, true, false);
        check("see you. -Jen", "Jen", true, true, false);
        check("Best regards,\nTemi", "Temi", true, true, false);
        check("PLEASE DONT SHOUT", "DONT", false, false, true);
        check("call the IVR now", "IVR", false, false, false);
    }
}
