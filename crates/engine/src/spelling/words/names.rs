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
//!   two edits; before a comma (`Jaxon, we have ...`) somebody is addressed, and the first rule holds;
//! - a short word in capitals is an abbreviation, unless its neighbours are in capitals, too; one that is known so may stand
//!   in small letters, if it is likelier there than a slip;
//! - a word with inner capitals is a brand, unless it is right in small letters (a slip of the shift key), or a slip of a
//!   frequent word; one that is put together of words (`AutoPay`, `GCash`) is a slip only of a frequent brand.
//!
//! docs/benchmarks.md says what this saves and what it hides.

use super::{
    casing::{self, Casing},
    common::CentiZipf,
    neighbours::{FREQUENT_ZIPF, NearbyWord, SymmetricDeletionIndex, VERY_FREQUENT_ZIPF},
    vocabulary::Vocabulary,
};
use crate::{document::SkipReason, text::Span};

/// An unknown word in capitals up to this many letters is taken for an abbreviation.
const MAX_ACRONYM_LETTERS: usize = 5;

/// Frequency of a word that one writes in small letters, whatever brands do with it.
const MISCASED_ZIPF: CentiZipf = 350;

/// Frequency of a brand that one meets often enough to misspell it.
const BRAND_ZIPF: CentiZipf = 400;

/// A shorter brand is near others by chance.
const MIN_BRAND_LETTERS: usize = 6;

/// How much rarer one slip of a short word is than the word: a factor of 200.
const SLIP_ZIPF: CentiZipf = 230;

/// How much rarer words of the other language are here than there: a factor of 15.
const BORROWED_ZIPF: CentiZipf = 120;

/// What an abbreviation counts as that the frequency list lacks.
const UNLISTED_ACRONYM_ZIPF: CentiZipf = 200;

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
        Casing::Lower if place.joins_names(word) => Some(SkipReason::ProperName),
        Casing::Lower => known.is_acronym_in_small_letters(word).then_some(SkipReason::Acronym),
        Casing::AllCaps => {
            // A long one (`DNSSEC`) is rarer, and a slip is told from it.
            let short = word.chars().count() <= MAX_ACRONYM_LETTERS;
            let acronym = !place.is_among_capitals() && (short || !place.is_alone() && !known.is_near(word));
            acronym.then_some(SkipReason::Acronym)
        }
        Casing::Mixed | Casing::MixedInitial => (!known.is_miscased(word)).then_some(SkipReason::ProperName),
        // A text of one word says nothing of names.
        Casing::Initial if place.is_alone() => None,
        Casing::Initial if place.begins_sentence() && known.vocabulary.run_ons.resembles(&word.to_lowercase()) => None,
        Casing::Initial => {
            let named = !place.begins_sentence() || place.is_signature() || place.is_addressed();
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

    /// Whether inner capitals are a slip of the shift key (`THe`, `tHe`), or the word a slip of a frequent one.
    fn is_miscased(self, word: &str) -> bool {
        let lower = word.to_lowercase();
        // `VMs`, `KPIs`: several of what capitals stand for.
        if word.strip_suffix('s').is_some_and(|stem| stem.len() > 1 && stem.chars().all(char::is_uppercase)) {
            return false;
        }
        // `VoLTE`: what the other language of the trade writes so.
        if self.other.is_some_and(|other| other.has_form(word)) {
            return false;
        }
        let pieces = capital_pieces(word);
        // `THe`, `tHe`: of two pieces, the first is one letter. The supplements have what is new in small letters (`oauth`), too.
        let shifted = !word.starts_with(char::is_uppercase) || pieces.first().is_some_and(|first| first.len() == 1);
        let known = self.vocabulary.lexicons.iter().any(|lexicon| lexicon.accepts(&lower));
        if shifted && known {
            return true;
        }
        // `WebSite`, `BlueTooth`: a frequent word, or a name that has no capital inside.
        let frequent = self.vocabulary.common.frequency(&lower).is_some_and(|frequency| frequency >= MISCASED_ZIPF);
        let name = lower.len() >= MIN_BRAND_LETTERS && self.vocabulary.has_form(&casing::capitalised(&lower));
        if frequent && known || name {
            return true;
        }
        let pieces = if pieces[0].len() == 1 { &pieces[1..] } else { &pieces };
        if pieces.iter().all(|piece| self.is_piece(piece)) {
            return self.neighbours.any_nearby(word, |near| {
                near.edits == 1 && !near.common_noun && near.frequency >= BRAND_ZIPF && lower.len() >= MIN_BRAND_LETTERS
            });
        }
        self.resembles(word)
    }

    /// Whether a brand may be put together of this: some capitals, or a word.
    fn is_piece(self, piece: &str) -> bool {
        let other = |lower: &str| self.other.is_some_and(|other| other.has_form(lower));
        let lower = piece.to_lowercase();
        piece.chars().all(char::is_uppercase) && piece.chars().count() <= MAX_ACRONYM_LETTERS
            || lower.chars().nth(1).is_some() && (self.vocabulary.has_form(&lower) || other(&lower))
    }

    /// Whether a word is known in capitals (`JSON`), and likelier to be that than a slip of a word one edit away.
    fn is_acronym_in_small_letters(self, word: &str) -> bool {
        let upper = word.to_uppercase();
        let known_in = |vocabulary: &Vocabulary| {
            vocabulary.has_form(&upper).then(|| vocabulary.common.frequency(word).unwrap_or(UNLISTED_ACRONYM_ZIPF))
        };
        let elsewhere = self.other.and_then(known_in).map(|frequency| frequency.saturating_sub(BORROWED_ZIPF));
        let frequency = known_in(self.vocabulary).max(elsewhere);
        frequency.is_some_and(|own| {
            let likelier = |near: NearbyWord| near.edits == 1 && near.frequency.saturating_sub(SLIP_ZIPF) > own;
            !self.neighbours.any_nearby(word, |near| near.edits == 0 && near.common_noun || likelier(near))
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
    pub(super) fn begins_sentence(self) -> bool {
        let before =
            self.text[..self.span.start].trim_end_matches(|c: char| c == ' ' || c == '\u{A0}' || is_opening(c));
        before
            .chars()
            .next_back()
            .is_none_or(|c| matches!(c, '.' | '!' | '?' | '…' | ':' | ';' | '\n' | '\r' | '。' | '！' | '？'))
    }

    /// Whether a comma follows, as after whom one speaks to.
    fn is_addressed(self) -> bool {
        self.text[self.span.end..].starts_with(',')
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
    pub(super) fn is_among_capitals(self) -> bool {
        let all_caps = |word: &str| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            word.chars().nth(1).is_some()
                && casing::classify(word) == Casing::AllCaps
                && word.contains(char::is_alphabetic)
        };
        // A single capital says nothing (`E VOCE`, `A VOCE`), but for the word behind it. Looks at a few words only.
        const REACH: usize = 3;
        let tells = |word: &&str| word.contains(char::is_alphanumeric) && !is_single_capital(word);
        let before = self.text[..self.span.start].rsplit(char::is_whitespace).filter(|word| !word.is_empty());
        let before = before.take(REACH).find(tells);
        let after = self.text[self.span.end..].split(char::is_whitespace).filter(|word| !word.is_empty());
        let after = after.take(REACH).find(tells);
        before.is_some_and(all_caps) && after.is_none_or(all_caps) || before.is_none() && after.is_some_and(all_caps)
    }
}

/// A word divided where its capitals begin words: `Auto|Pay`, `G|Cash`, `Dig|AI`, `Open|BSD`.
fn capital_pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    for window in letters.windows(2) {
        let [(before_at, before), (at, c)] = window else { continue };
        if c.is_uppercase() && !before.is_uppercase() {
            pieces.push(&word[start..*at]);
            start = *at;
        } else if !c.is_uppercase() && before.is_uppercase() && *before_at > start {
            pieces.push(&word[start..*before_at]);
            start = *before_at;
        }
    }
    pieces.push(&word[start..]);
    pieces
}

fn is_single_capital(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
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
    fn divides_at_capitals() {
        for (word, pieces) in [
            ("AutoPay", &["Auto", "Pay"] as &[&str]),
            ("GCash", &["G", "Cash"]),
            ("PayID", &["Pay", "ID"]),
            ("OpenBSDx", &["Open", "BS", "Dx"]),
            ("THe", &["T", "He"]),
            ("tHe", &["t", "He"]),
            ("iPhone", &["i", "Phone"]),
            ("ÁguaBoa", &["Água", "Boa"]),
        ] {
            assert_eq!(capital_pieces(word), pieces, "{word}");
        }
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
