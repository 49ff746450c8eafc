//! Words that a slip of the keyboard broke in a way that no look at a single word of letters finds: a digit in a word (`orde4r`), a
//! blank in one (`th ank`, `thef eedback`), a sign in the apostrophe's place or the apostrophe behind the word (`don,t`,
//! `isnt'`), the English `i`. Knows the text around a word, no findings.

use super::{casing, common::CentiZipf, suggest::are_adjacent_keys, vocabulary::Vocabulary};
use crate::text::Span;

/// A word is this frequent if a digit is a slip inside it.
const LEAST_WITH_DIGIT: CentiZipf = 380;
/// And this, if the digit stands at its end, as in most codes, or the word is short.
const LEAST_WITH_LAST_DIGIT: CentiZipf = 560;
/// Beyond so many bytes, any digit inside a word is one too many.
const LONG: usize = 6;
/// A word is this frequent if a blank is a slip in it.
const LEAST_REJOINED: CentiZipf = 340;
/// Two words are this frequent if the blank between them stands a letter off.
const LEAST_SHIFTED: CentiZipf = 400;
/// And this if one of them was a word as it stood.
const LEAST_SHIFTED_WORD: CentiZipf = 550;
/// Longest part before or after a blank.
const LONGEST_PART: usize = 24;

/// Digits that look like letters.
const LOOK_ALIKES: &[(char, char)] = &[('0', 'o'), ('1', 'l'), ('1', 'i'), ('3', 'e'), ('4', 'a'), ('5', 's')];

/// What follows the apostrophe of a contraction.
const CONTRACTED: &[&str] = &["t", "s", "m", "d", "re", "ve", "ll"];

/// Words before `i` that make it the pronoun.
const BEFORE_I: &[&str] = &[
    "and", "but", "if", "that", "when", "as", "so", "because", "can", "could", "do", "did", "will", "would", "should",
    "shall", "may", "might", "am", "have", "had", "was", "since", "while", "until", "after", "before", "what", "how",
    "where", "why", "whether", "than", "once", "unless", "though", "although", "think", "sure", "hi", "hello", "yes",
    "no", "ok", "okay", "sorry", "then",
];

/// Words after `i` that make it the pronoun.
const AFTER_I: &[&str] = &[
    "am",
    "was",
    "have",
    "had",
    "will",
    "would",
    "can",
    "could",
    "cannot",
    "can't",
    "couldn't",
    "do",
    "don't",
    "did",
    "didn't",
    "won't",
    "wouldn't",
    "haven't",
    "hadn't",
    "wasn't",
    "should",
    "shall",
    "may",
    "might",
    "must",
    "think",
    "thought",
    "know",
    "knew",
    "need",
    "needed",
    "want",
    "wanted",
    "see",
    "saw",
    "just",
    "hope",
    "understand",
    "understood",
    "also",
    "got",
    "get",
    "guess",
    "believe",
    "really",
    "only",
    "never",
    "always",
    "still",
    "already",
    "checked",
    "called",
    "tried",
    "sent",
    "apologize",
    "apologise",
    "appreciate",
    "wish",
    "made",
    "look",
    "looked",
    "found",
    "ask",
    "asked",
    "told",
    "say",
    "said",
    "like",
    "love",
    "suggest",
    "recommend",
    "assume",
    "suppose",
    "mean",
    "meant",
    "went",
    "go",
    "take",
    "took",
    "use",
    "used",
    "received",
    "placed",
    "ordered",
    "paid",
    "spoke",
    "try",
    "work",
    "feel",
    "remember",
    "forgot",
    "bought",
    "added",
    "changed",
    "noticed",
    "confirm",
    "confirmed",
    "cant",
    "dont",
    "didnt",
    "wont",
    "ve",
];

/// The word that was meant by one with a stray digit: the most frequent one that leaves it out where it lies beside a
/// neighbouring key, or reads it as a letter that it looks like or lies beside.
pub(super) fn without_digit(token: &str, vocabulary: &Vocabulary) -> Option<String> {
    if token.len() > LONGEST_PART {
        return None;
    }
    let lower = token.to_lowercase();
    let (at, digit) = lower.char_indices().find(|(_, c)| c.is_ascii_digit())?;
    let (before, after) = (&lower[..at], &lower[at + 1..]);
    let (last, next) = (before.chars().next_back(), after.chars().next());
    let is_beside = |c: Option<char>| c.is_some_and(|c| are_adjacent_keys(c, digit));
    let dropped = (last.is_some() && next.is_some() && (is_beside(last) || is_beside(next) || lower.len() > LONG))
        .then(|| [before, after].concat());
    let letters = ('a'..='z').filter(|&c| {
        are_adjacent_keys(c, digit) && next.is_some()
            || LOOK_ALIKES.contains(&(digit, c)) && (next.is_some() || digit == '0')
    });
    let replaced = letters.map(|c| format!("{before}{c}{after}"));
    let least = if next.is_none() || lower.chars().nth(3).is_none() { LEAST_WITH_LAST_DIGIT } else { LEAST_WITH_DIGIT };
    let known =
        |word: String| Some((frequency_of_right(vocabulary, &word).filter(|frequency| *frequency >= least)?, word));
    let (_, word) = dropped.into_iter().chain(replaced).filter_map(known).max()?;
    Some(if token.starts_with(char::is_uppercase) { casing::capitalised(&word) } else { word })
}

fn frequency_of_right(vocabulary: &Vocabulary, lower: &str) -> Option<CentiZipf> {
    vocabulary.common.frequency(lower).filter(|_| vocabulary.accepts(lower))
}

/// What two neighbouring words, divided by one blank, were meant to be, if the blank is a slip. `both_unknown`: neither is a word as
/// it stands. The result replaces both.
pub(super) fn rejoined(left: &str, right: &str, both_unknown: bool, vocabulary: &Vocabulary) -> Option<String> {
    if left.len() > LONGEST_PART || right.len() > LONGEST_PART {
        return None;
    }
    let capital = left.starts_with(char::is_uppercase);
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    let with_capital = |text: String| if capital { casing::capitalised(&text) } else { text };
    let whole = [left.as_str(), right.as_str()].concat();
    if whole.chars().nth(3).is_some() && frequency_of_right(vocabulary, &whole).is_some_and(|f| f >= LEAST_REJOINED) {
        return Some(with_capital(whole));
    }
    let least = if both_unknown { LEAST_SHIFTED } else { LEAST_SHIFTED_WORD };
    let is_frequent = |word: &str| {
        word.chars().nth(1).is_some()
            && frequency_of_right(vocabulary, word).is_some_and(|frequency| frequency >= least)
    };
    let last = left.char_indices().next_back().map(|(at, _)| at).unwrap_or_default();
    let first = right.chars().next().map_or(0, char::len_utf8);
    [(&left[..last], [&left[last..], &right].concat()), (&[&left, &right[..first]].concat(), right[first..].to_owned())]
        .into_iter()
        .find(|(one, other)| is_frequent(one) && is_frequent(other))
        .map(|(one, other)| with_capital(format!("{one} {other}")))
}

/// The contraction that a word is together with a sign in the apostrophe's place and what follows it: `don,t`, `it;s`, `don´t`.
/// Its place in the text, and how it is written right. The look at words that no such sign follows costs nothing.
pub(super) fn contraction(text: &str, word: Span, vocabulary: &Vocabulary) -> Option<(Span, String)> {
    let rest = &text[word.end..];
    let sign = rest.chars().next().filter(|c| matches!(c, ',' | ';' | '`' | '´' | '"'))?;
    let ending = &rest[sign.len_utf8()..];
    let length = ending.find(|c: char| !c.is_alphanumeric()).unwrap_or(ending.len());
    let ending = &ending[..length];
    let lower = ending.to_ascii_lowercase();
    if !CONTRACTED.contains(&lower.as_str()) {
        return None;
    }
    let base = word.slice(text);
    let whole = format!("{base}'{ending}");
    // Not any noun with 's: only what dictionaries have.
    vocabulary
        .common
        .frequency(&whole.to_lowercase())
        .filter(|_| vocabulary.accepts(&whole))
        .map(|_| (Span::new(word.start, word.end + sign.len_utf8() + length), whole))
}

/// Whether an apostrophe behind the word is a part of it that stands in the wrong place: `isnt'`, but not `'isnt'`.
pub(super) fn stray_apostrophe(text: &str, word: Span) -> Option<usize> {
    let is_quote = |c: char| matches!(c, '\'' | '\u{2018}' | '\u{2019}');
    let mark = text[word.end..].chars().next().filter(|&c| matches!(c, '\'' | '\u{2019}'))?;
    let before = text[..word.start].chars().next_back();
    let after = text[word.end + mark.len_utf8()..].chars().next();
    (!before.is_some_and(is_quote) && !after.is_some_and(|c| c.is_alphanumeric() || is_quote(c)))
        .then_some(mark.len_utf8())
}

/// Whether a lone `i` is the English pronoun, by the words beside it.
pub(super) fn is_pronoun(before: &str, after: &str) -> bool {
    AFTER_I.contains(&after) || BEFORE_I.contains(&before) && after.chars().nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_apostrophe_behind() {
        for (text, word, expected) in [
            ("it isnt' so", "isnt", Some(1)),
            ("it isnt\u{2019}, so", "isnt", Some(3)),
            ("'isnt' so", "isnt", None),
            ("isnt so", "isnt", None),
            ("isnt'a", "isnt", None),
        ] {
            let start = text.find(word).unwrap();
            assert_eq!(stray_apostrophe(text, Span::new(start, start + word.len())), expected, "{text}");
        }
    }
}
