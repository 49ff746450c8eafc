//! Names, brands and abbreviations: capitalised words that no dictionary has and that are no misspellings.
//!
//! In correct customer replies most unknown words are of these kinds, so marking them all would make the red marks
//! worthless. A capital also begins misspelled words, though: what is close to a known word is marked all the same.

use super::{
    casing::{self, Casing},
    normal::unaccented,
    vocabulary::Vocabulary,
};
use crate::{document::SkipReason, spelling::finding::Suggestion, text::Span};

/// An unknown word in capitals up to this many letters is taken for an abbreviation.
const MAX_ACRONYM: usize = 5;

/// Where a word stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'t> {
    pub(super) text: &'t str,
    pub(super) span: Span,
}

/// Why an unknown word is taken for a name or an abbreviation; `None` if it is a misspelling. `suggestions` are those for the
/// word.
pub(super) fn excuse(
    word: &str,
    place: Place<'_>,
    suggestions: &[Suggestion],
    vocabulary: &Vocabulary,
) -> Option<SkipReason> {
    let resembles = || suggestions.iter().any(|suggestion| resembles(word, &suggestion.text, vocabulary));
    match casing::of(word) {
        Casing::Lower => None,
        Casing::AllCaps => {
            let letters = word.chars().count();
            (letters <= MAX_ACRONYM && !place.shouts()).then_some(SkipReason::Acronym)
        }
        Casing::Mixed | Casing::MixedInitial => {
            // A slip of the shift key (`THe`, `tHe`) is no name.
            let slip = vocabulary.accepts(&word.to_lowercase());
            (!slip && !resembles()).then_some(SkipReason::ProperName)
        }
        Casing::Initial => {
            let named = !place.begins_sentence() || place.signs();
            let near = if named { resembles() } else { suggestions.iter().any(|s| near(word, &s.text)) };
            (!near).then_some(SkipReason::ProperName)
        }
    }
}

/// Whether a word is so close to a known one that it must be a slip: short names are close to many words by chance, so the
/// shorter the word, the more frequent the other must be.
fn resembles(word: &str, known: &str, vocabulary: &Vocabulary) -> bool {
    let (word, target) = (unaccented(word), unaccented(known));
    let edits = distance(&word, &target);
    let frequency = vocabulary.frequency(known).unwrap_or(0);
    match (word.chars().count(), edits) {
        (_, 0) => true,
        (..=3, _) => false,
        (4, 1) => frequency >= 500,
        (5, 1) => frequency >= 450,
        (6..=7, 1) => frequency >= 380,
        (8.., 1) => frequency >= 300,
        (9.., 2) => frequency >= 450,
        _ => false,
    }
}

/// The looser test at the beginning of a sentence, where every word has a capital.
fn near(word: &str, known: &str) -> bool {
    let (word, known) = (unaccented(word), unaccented(known));
    distance(&word, &known) <= if word.chars().count() < 5 { 1 } else { 2 }
}

impl Place<'_> {
    /// Whether the word stands where any word takes a capital: at the start of the text, of a line or of a sentence.
    fn begins_sentence(self) -> bool {
        let before =
            self.text[..self.span.start].trim_end_matches(|c: char| c == ' ' || c == '\u{A0}' || is_opening(c));
        before
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, '.' | '!' | '?' | '…' | ':' | ';' | '\n' | '\r' | '。' | '！' | '？'))
    }

    /// Whether the word signs the message: `^Kartika`, `/KK`, `- Jen` at its end.
    fn signs(self) -> bool {
        // Looking farther than a few closing signs would make many names at the end of a long text dear.
        const TAIL: usize = 16;
        let rest = &self.text[self.span.end..];
        let ends = rest.len() <= TAIL && !rest.contains(char::is_alphanumeric);
        let before = self.text[..self.span.start].trim_end_matches(' ').chars().next_back();
        before == Some('^') || ends && before.is_some_and(|c| matches!(c, '/' | '-' | '–' | '—' | '~' | ',' | '\n'))
    }

    /// Whether the neighbouring words are in capitals too: then capitals mean nothing.
    fn shouts(self) -> bool {
        let all_caps = |word: &str| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            word.chars().nth(1).is_some() && casing::of(word) == Casing::AllCaps && word.contains(char::is_alphabetic)
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

/// Optimal string alignment distance in characters (Damerau 1964, adjacent transpositions count one).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut older: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (previous[j] + 1).min(row[j - 1] + 1).min(previous[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(older[j - 2] + 1);
            }
        }
        older = std::mem::replace(&mut previous, row);
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        for (a, b, edits) in [("teh", "the", 1), ("abc", "abc", 0), ("recieve", "receive", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }

    #[track_caller]
    fn check(text: &str, word: &str, begins: bool, signs: bool, shouts: bool) {
        let start = text.rfind(word).unwrap_or_default();
        let place = Place { text, span: Span::new(start, start + word.len()) };
        assert_eq!((place.begins_sentence(), place.signs(), place.shouts()), (begins, signs, shouts), "{text}");
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
