//! Names, abbreviations and other words in capitals: an answer that lost one and gained another speaks of somebody or something
//! else. By whole words: Whitcombe is not Whitcomb.

use std::ops::Range;

use super::{GuardCode, Pair, Place, names_chinese};
use crate::polishing::guard::{fold::fold_phrase, lexicon::WordList, reading::Reading};

/// The most names that are compared: more has a list, or a text in capitals.
const MOST: usize = 60;

/// A name, folded and without what joins its letters, and where it is in the prose.
type Name = (String, Range<usize>);

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let mut places: Vec<Place> = names_chinese::find(pair);
    let (before, after) = (names(pair.draft), names(pair.reply));
    if before.len().max(after.len()) > MOST {
        return places;
    }
    let (lost, gained) = (missing(before, pair.reply), missing(after, pair.draft));
    // One went and another came: of several, as many as both.
    for ((_, lost), (_, gained)) in lost.into_iter().zip(gained) {
        places.push(Place::of_both(pair.draft.prose_span(lost), pair.reply.prose_span(gained)));
    }
    places
}

/// Those that the other text lacks, also in small letters.
fn missing(names: Vec<Name>, other: &Reading<'_>) -> Vec<Name> {
    if names.is_empty() {
        return names;
    }
    let words = other.folded().split(|c: char| c.is_whitespace() || matches!(c, '/' | '-')).map(letters);
    let words: Vec<String> = words.chain(other.folded().split_whitespace().map(letters)).collect();
    // A longer one may be joined or parted: Wi-Fi, wifi.
    let joined = letters(other.folded());
    let is_there = |name: &str| {
        let is_joined = || !words.iter().any(|word| resembles(word, name)) && joined.contains(name);
        words.iter().any(|word| same(word, name)) || name.len() >= 4 && is_joined()
    };
    names.into_iter().filter(|(name, _)| !is_there(name)).collect()
}

/// Whether a word is a name, perhaps of several or in the genitive.
fn same(word: &str, name: &str) -> bool {
    word == name || word.strip_suffix('s') == Some(name) || name.strip_suffix('s') == Some(word)
}

/// Whether a word is a name but for an ending.
fn resembles(word: &str, name: &str) -> bool {
    word.len() >= 3 && (word.starts_with(name) || name.starts_with(word))
}

/// Words in capitals within sentences.
fn names(reading: &Reading<'_>) -> Vec<Name> {
    let text = reading.prose();
    // A text in capitals throughout shows no names.
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    if capitals * 2 > text.chars().filter(|c| c.is_alphabetic()).count() {
        return Vec::new();
    }
    let mut names = Vec::new();
    let (mut begins, mut at) = (true, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let start = at + word.find(bare).unwrap_or(0);
        at += word.len();
        let is_name =
            bare.starts_with(char::is_uppercase) && (!begins || bare.chars().filter(|c| c.is_uppercase()).count() > 1);
        if is_name && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '&' | '\'' | '’')) {
            let plain = fold_phrase(bare);
            // S-XL are two.
            let is_range = plain.len() <= 6 && !bare.contains(char::is_lowercase);
            let is_common = |part: &str| reading.lists(WordList::NoName, part) || reading.lists(WordList::Empty, part);
            let parts = plain.split(|c| c == '-' && is_range).filter(|part| !is_common(part));
            names.extend(parts.map(|part| (letters(part), start..start + bare.len())));
        }
        let end = word.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        begins = bare.is_empty() && begins
            || end.ends_with(['.', '!', '?', ':', ';', '\n', '。', '！', '？', ')', ',', '"', '”']);
    }
    names
}

fn letters(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).collect()
}
