//! Whether what is denied stays denied, and nothing else becomes so: each denial with the words around it is looked for in the
//! other text. Pure.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{
    is_han,
    wording::{self, Plain},
};

/// How much must be alike for two places to be about the same.
const ALIKE: usize = 2;

/// How many words, or Han characters, around a denial say what is denied: before and behind it.
const SCOPE: (usize, usize) = (3, 6);

/// Where a sentence ends.
static ENDS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[.!?;:](?:\s|$)|[\n。！？；：]").ok());

/// Where a clause ends; between Han characters a space is as good as a mark.
static STOPS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[.!?;:,](?:\s|$)|[\n()。！？；：，（）]|\p{Han} ").ok());

/// Words of no content, in folded text.
const EMPTY: &[&str] = &[
    "this", "that", "with", "your", "have", "will", "from", "they", "their", "there", "been", "were", "when", "which",
    "would", "could", "please", "para", "pelo", "pela", "como", "esta", "este", "isso", "voce", "seus", "suas",
    "nosso", "nossa", "caso", "pois", "mais", "also", "then", "once", "just", "until", "into", "than", "them", "after",
    "before",
];

/// Of a word what its forms share; nothing of short and empty words.
fn stem(word: &str) -> Option<&str> {
    (word.len() >= 4 && !EMPTY.contains(&word)).then(|| &word[..word.floor_char_boundary(5.min(word.len()))])
}

/// Words by their stems, and Han characters.
pub(super) fn stems(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).flat_map(|word| {
        let han = word.contains(is_han);
        let characters = word.char_indices().filter(|(_, c)| is_han(*c) && !"的了是在您你我们请".contains(*c));
        let characters = characters.map(move |(at, c)| &word[at..at + c.len_utf8()]);
        han.then_some(characters).into_iter().flatten().chain(if han { None } else { stem(word) })
    })
}

/// The clauses of a folded text.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    STOPS.iter().flat_map(|stops| stops.split(text))
}

/// A sentence and whether it denies or limits anything.
struct Sentence<'t> {
    stems: HashSet<&'t str>,
    denies: bool,
}

/// The most sentences, and denials, that are looked at: more has no reply that a person wrote.
const MOST: usize = 200;

/// The longest way back to where a clause begins, in bytes.
const LONGEST_CLAUSE: usize = 400;

fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let of = |sentence| Sentence {
        stems: stems(sentence).collect(),
        denies: wording::is_denial(sentence) || wording::is_restriction(sentence),
    };
    ENDS.as_ref().map_or_else(|| vec![of(text)], |ends| ends.split(text).take(MOST).map(of).collect())
}

/// Whether something that the draft denies is so in the reply, or the other way round.
pub(super) fn negation_changed(draft: &Plain, reply: &Plain) -> bool {
    let (draft, reply) = (wording::without_phrases(draft), wording::without_phrases(reply));
    let changed = match (wording::is_denial(&draft), wording::is_denial(&reply)) {
        (true, false) => !wording::is_restriction(&reply),
        (false, true) => wording::is_refusal(&reply),
        _ => false,
    };
    changed || lost(&draft, &reply) || lost(&reply, &draft)
}

/// Whether a denial of one text has its like in the other, but as what is so. Both without phrases that deny nothing.
fn lost(text: &str, other: &str) -> bool {
    let sentences = sentences(other);
    wording::denials(text).take(MOST).any(|at| {
        let scope = scope(text, at);
        let alike = |sentence: &Sentence<'_>| scope.intersection(&sentence.stems).count();
        let most = sentences.iter().map(alike).max().unwrap_or(0);
        // The nearest, and what is nearly as near, in doubt.
        let near = |sentence: &&Sentence<'_>| alike(sentence) + 1 >= most.max(2);
        most >= ALIKE && most * 2 >= scope.len() && !sentences.iter().filter(near).any(|sentence| sentence.denies)
    })
}

/// The stems around a denial, within its clause.
fn scope(text: &str, at: std::ops::Range<usize>) -> HashSet<&str> {
    let (before, behind) = (&text[..at.start], &text[at.end..]);
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(LONGEST_CLAUSE))..];
    let start = STOPS.as_ref().and_then(|stops| stops.find_iter(before).last()).map_or(0, |stop| stop.end());
    let end = STOPS.as_ref().and_then(|stops| stops.find(behind)).map_or(behind.len(), |stop| stop.start());
    let mut scope: HashSet<&str> = stems(&behind[..end]).take(SCOPE.1).collect();
    let before: Vec<&str> = stems(&before[start..]).collect();
    scope.extend(&before[before.len().saturating_sub(SCOPE.0)..]);
    scope
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_must_stay() {
        assert!(negation_changed(&Plain::new("We cannot change the date."), &Plain::new("We can change the date.")));
        assert!(negation_changed(
            &Plain::new("There are no refunds for this item."),
            &Plain::new("There are refunds for this item.")
        ));
        assert!(!negation_changed(&Plain::new("toque no app"), &Plain::new("toque em Ajustes")));
        assert!(negation_changed(&Plain::new("我们不能修改地址"), &Plain::new("我们可以修改地址")));
        assert!(negation_changed(&Plain::new("Podemos trocar o item"), &Plain::new("Não podemos trocar o item")));
        assert!(!negation_changed(&Plain::new("We can't do it"), &Plain::new("Unfortunately we are unable to do it")));
        assert!(!negation_changed(&Plain::new("call us"), &Plain::new("Please do not hesitate to call us")));
        assert!(!negation_changed(&Plain::new("no problem"), &Plain::new("You are welcome")));
        assert!(!negation_changed(&Plain::new("não se preocupe"), &Plain::new("fique tranquilo")));
    }
}
