//! The words that the guard knows: phrases by what they say, a file for each language in `lexicon/`. Knows no text that is judged
//! and no rule.
//!
//! A file is made of sections, each a name in brackets and lines below it; a line that begins with `#` is a comment. In most
//! sections a line is a phrase; `*` at its beginning or end stands for any letters of the same word. In others:
//!
//! - `[chat]` is read by `chats.rs`.
//! - `[opposites]`, `[bounds]`: a family, `|` between its members and commas between the phrases of a member. Members of a
//!   family exclude each other.
//! - [`WordList`] has the sections that are lists of whole words, and no phrases.
//! - `[offers]`: what is offered, and behind a colon what a draft may have said instead.
//!
//! A phrase is compared with folded text, and of phrases that overlap the longest counts: so `[idiom]`, which says nothing, hides
//! what only looks like something. A file that cannot be read stops the start and is named with its line.

use std::{cmp::Reverse, collections::HashMap, sync::LazyLock};

use aho_corasick::AhoCorasick;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    MARK,
    fold::fold_phrase,
    is_han,
    language::DetectedLanguage,
    wordfiles::{LANGUAGES, WordsError, lines},
};

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Concept {
    /// Nothing that a rule looks for, though it looks so.
    Idiom,
    /// That something is not so.
    Denial,
    /// What a denial may be put as.
    Restriction,
    /// That something is refused.
    Refusal,
    /// What makes a thing less than certain, and other things.
    Hedge,
    /// The same where it means nothing else.
    Doubt,
    /// That it is so for certain.
    Certainty,
    /// On what something depends.
    Condition,
    /// How that may be put.
    ConditionPut,
    /// That nothing else is so.
    Limit,
    /// How that may be put.
    LimitPut,
    /// A polite request.
    Request,
    /// A request without ceremony.
    Demand,
    /// What anyone may add or leave out.
    Courtesy,
    /// That it is the writer's fault.
    Fault,
    /// What nobody should ask for.
    Secret,
    /// What makes it less than the secret.
    SecretPart,
    /// Asking to be told.
    Asking,
    /// What the writer is going to do.
    WeAct,
    /// The writer.
    We,
    /// Speaking about the answer itself.
    Meta,
    /// What an answer begins with that speaks about itself.
    Opener,
    /// A member of a family of opposites.
    Opposite(u8, u8),
    /// A member of a family of what bounds a value.
    Bound(u8, u8),
    /// An offer of a kind.
    Offer(u8),
    /// How a draft may put one.
    OfferPut(u8),
}

/// A concept, and where in a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) concept: Concept,
    /// In bytes.
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Default)]
struct Phrase {
    concepts: Vec<Concept>,
    is_open_before: bool,
    is_open_behind: bool,
}

/// The words of a language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    automaton: Option<AhoCorasick>,
    phrases: Vec<Phrase>,
    /// Lists that are looked up and not searched for: they would hide phrases.
    lists: FxHashMap<WordList, ListedWords>,
}

/// The words of a list, and their first characters: most places of a text are no word's beginning.
#[derive(Debug, Default)]
struct ListedWords {
    words: FxHashSet<String>,
    firsts: FxHashSet<char>,
}

impl ListedWords {
    fn insert(&mut self, word: String) {
        self.firsts.extend(word.chars().next());
        self.words.insert(word);
    }
}

/// A list of words that are looked up by the whole word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum WordList {
    /// Words that tell nothing of what a clause is about.
    Empty,
    /// Words in capitals that are no names.
    NoName,
    /// Chinese surnames.
    Surname,
    /// What stands before a Chinese name.
    NameBefore,
    /// What stands behind one.
    Title,
    /// What the name of a place ends with.
    PlaceEnd,
    /// Places that are named without such an end.
    Place,
    /// Who speaks, or what follows, before a colon.
    Role,
    /// What a note below the reply begins with, before a colon.
    Note,
    /// What an answer begins with that speaks about itself; phrases, too.
    Opener,
}

impl WordList {
    fn of(section: &str) -> Option<Self> {
        Some(match section {
            "empty" => Self::Empty,
            "no name" => Self::NoName,
            "surname" => Self::Surname,
            "name before" => Self::NameBefore,
            "title" => Self::Title,
            "place end" => Self::PlaceEnd,
            "place" => Self::Place,
            "role" => Self::Role,
            "note" => Self::Note,
            "opener" => Self::Opener,
            _ => return None,
        })
    }
}

static LEXICONS: LazyLock<Result<[Lexicon; 3], WordsError>> = LazyLock::new(|| {
    let [en, pt, zh] = LANGUAGES.map(|(file, text)| Lexicon::read(file, text));
    Ok([en?, pt?, zh?])
});

static NONE: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);

/// Whether all files can be read: who starts a program asks.
///
/// # Errors
/// [`WordsError`] names the file, the line and what was expected there.
pub(super) fn verify() -> Result<(), WordsError> {
    LEXICONS.as_ref().map(|_| ()).map_err(Clone::clone)
}

/// The words of a language; none of one that has no file.
pub(super) fn of(language: Option<DetectedLanguage>) -> &'static Lexicon {
    let Ok([en, pt, zh]) = LEXICONS.as_ref() else { return &NONE };
    match language {
        Some(DetectedLanguage::English) | None => en,
        Some(DetectedLanguage::Portuguese) => pt,
        Some(DetectedLanguage::Chinese) => zh,
        Some(_) => &NONE,
    }
}

/// The words of all languages.
fn all() -> impl Iterator<Item = &'static Lexicon> {
    LEXICONS.iter().flatten()
}

/// Whether it is a label of a speaker or of what follows, in any language.
pub(crate) fn is_role(label: &str) -> bool {
    let folded = fold_phrase(label);
    all().any(|lexicon| lexicon.lists(WordList::Role, &folded))
}

/// Whether a text begins, or is the beginning of, what answers are announced with, in any language.
pub(crate) fn may_open(text: &str) -> bool {
    let folded = fold_phrase(text.trim_start());
    let begins = |lexicon: &Lexicon| {
        let words = |list| lexicon.lists.get(&list).into_iter().flat_map(|listed| &listed.words);
        let openers = words(WordList::Opener);
        let mut all = openers.chain(words(WordList::Role));
        all.any(|opener| {
            opener.starts_with(&folded)
                || folded
                    .strip_prefix(opener.as_str())
                    .is_some_and(|rest| !rest.starts_with(is_latin) || opener.contains(is_han))
        })
    };
    all().any(begins)
}

/// Whether it is what an answer is announced with, up to its colon or line end, in any language.
pub(crate) fn is_opening(head: &str) -> bool {
    let folded = fold_phrase(head.trim());
    let opens =
        |lexicon: &Lexicon| lexicon.lists(WordList::Role, &folded) || announces(&folded, &lexicon.hits(&folded));
    all().any(opens)
}

/// Whether a folded text begins with what answers are announced with, and has two such phrases or nothing else.
pub(super) fn announces(folded: &str, hits: &[Hit]) -> bool {
    let openers: Vec<&Hit> = hits.iter().filter(|hit| hit.concept == Concept::Opener).collect();
    let Some(first) = openers.first().filter(|first| !folded[..first.start].contains(char::is_alphanumeric)) else {
        return false;
    };
    let is_covered = |at: usize| openers.iter().any(|hit| (hit.start..hit.end).contains(&at));
    let mut letters = folded.char_indices().filter(|(_, c)| c.is_alphanumeric());
    openers.iter().any(|hit| hit.start >= first.end) || letters.all(|(at, _)| is_covered(at))
}

fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

impl Lexicon {
    fn read(file: &'static str, text: &'static str) -> Result<Self, WordsError> {
        let mut families: HashMap<&str, u8> = HashMap::new();
        let mut known: HashMap<(String, bool, bool), usize> = HashMap::new();
        let mut lexicon = Self::default();
        let mut patterns: Vec<String> = Vec::new();
        let mut lists: FxHashMap<WordList, ListedWords> = FxHashMap::default();
        for (line, section, content) in lines(text) {
            let wrong = |expected| WordsError { file, line, expected };
            if let Some(list) = WordList::of(section) {
                lists.entry(list).or_default().insert(fold_phrase(content));
                if list != WordList::Opener {
                    continue;
                }
            }
            let mut add = |phrase: &str, concept: Concept| {
                let phrase = phrase.trim();
                let (rest, before) = phrase.strip_prefix('*').map_or((phrase, false), |rest| (rest, true));
                let (rest, behind) = rest.strip_suffix('*').map_or((rest, false), |rest| (rest, true));
                if rest.is_empty() || rest.contains(['*', '|', ':', '=']) {
                    return Err(wrong("a phrase"));
                }
                let folded = fold_phrase(rest);
                let at = *known.entry((folded.clone(), before, behind)).or_insert_with(|| {
                    patterns.push(folded);
                    lexicon.phrases.push(Phrase {
                        concepts: Vec::new(),
                        is_open_before: before,
                        is_open_behind: behind,
                    });
                    lexicon.phrases.len() - 1
                });
                let concepts = &mut lexicon.phrases[at].concepts;
                if !concepts.contains(&concept) {
                    concepts.push(concept);
                }
                Ok(())
            };
            match section {
                "chat" => {}
                "opposites" | "bounds" => {
                    let family = families.entry(section).or_default();
                    let make = if section == "bounds" { Concept::Bound } else { Concept::Opposite };
                    if !content.contains('|') {
                        return Err(wrong("members of a family, divided by |"));
                    }
                    for (member, phrases) in (0_u8..).zip(content.split('|')) {
                        phrases.split(',').try_for_each(|phrase| add(phrase, make(*family, member)))?;
                    }
                    *family = family.checked_add(1).ok_or_else(|| wrong("fewer families"))?;
                }
                "offers" => {
                    let family = families.entry(section).or_default();
                    let (said, put) =
                        content.split_once(" : ").ok_or_else(|| wrong("what is offered : how it may be put"))?;
                    said.split(',').try_for_each(|phrase| add(phrase, Concept::Offer(*family)))?;
                    put.split(',').try_for_each(|phrase| add(phrase, Concept::OfferPut(*family)))?;
                    *family = family.checked_add(1).ok_or_else(|| wrong("fewer families"))?;
                }
                "refusal" => {
                    add(content, Concept::Refusal)?;
                    add(content, Concept::Denial)?;
                }
                _ => add(content, concept(section).ok_or_else(|| wrong("a section that is known"))?)?,
            }
        }
        let automaton =
            AhoCorasick::new(&patterns).map_err(|_| WordsError { file, line: 0, expected: "fewer phrases" })?;
        Ok(Self { automaton: Some(automaton), phrases: lexicon.phrases, lists })
    }

    /// Whether a folded word is in a list.
    pub(super) fn lists(&self, list: WordList, word: &str) -> bool {
        self.lists.get(&list).is_some_and(|listed| listed.words.contains(word))
    }

    /// The length of the longest word of a list that a folded text begins with, of so many characters at most.
    pub(super) fn listed_prefix(&self, list: WordList, text: &str, longest: usize) -> Option<usize> {
        let listed = self.lists.get(&list)?;
        if !listed.firsts.contains(&text.chars().next()?) {
            return None;
        }
        let ends = text.char_indices().skip(1).map(|(at, _)| at).chain([text.len()]).take(longest);
        ends.filter(|end| listed.words.contains(&text[..*end])).max()
    }

    /// What a folded text says, in its order. O(length), for the few phrases that overlap each other.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<Hit> = Vec::new();
        for hit in automaton.find_overlapping_iter(text) {
            let phrase = &self.phrases[hit.pattern().as_usize()];
            let (before, behind) = (&text[..hit.start()], &text[hit.end()..]);
            let first = text[hit.start()..].starts_with(is_latin);
            let last = text[..hit.end()].ends_with(is_latin);
            if first && !phrase.is_open_before && before.ends_with(is_latin)
                || last && !phrase.is_open_behind && behind.starts_with(is_latin)
                || is_number_sign(&text[hit.range()], behind)
            {
                continue;
            }
            let end = match phrase.is_open_behind {
                true => hit.end() + behind.find(|c| !is_latin(c)).unwrap_or(behind.len()),
                false => hit.end(),
            };
            found.extend(phrase.concepts.iter().map(|&concept| Hit { concept, start: hit.start(), end }));
        }
        found.sort_unstable_by_key(|hit| (hit.start, Reverse(hit.end)));
        let is_hidden = |at: usize| {
            let hit = &found[at];
            let over = |other: &Hit| other.start < hit.end && hit.start < other.end && other.hides(hit);
            // Phrases are short: what begins far before ends before.
            let before = found[..at].iter().rev().take_while(|other| other.start + LONGEST_PHRASE > hit.start);
            let behind = found[at + 1..].iter().take_while(|other| other.start < hit.end);
            before.chain(behind).any(over)
        };
        (0..found.len()).filter(|at| !is_hidden(*at)).map(|at| found[at]).collect()
    }
}

/// In bytes.
const LONGEST_PHRASE: usize = 64;

/// Of a Han character, in bytes.
const HAN_LENGTH: usize = 3;

impl Hit {
    const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether a phrase that overlaps another is what is meant, and the other is not: the longer of a kind, and what only looks so.
    fn hides(&self, other: &Self) -> bool {
        match (self.concept, other.concept) {
            // An idiom may still be polite, or announce an answer.
            (Concept::Idiom, Concept::Idiom | Concept::Opener | Concept::Courtesy | Concept::Meta) => false,
            (Concept::Idiom, _) => self.len() >= other.len(),
            // "No later than" denies nothing. Of Chinese bounds nothing tells: 查不到 is not 不到.
            (Concept::Bound(..), Concept::Denial | Concept::Refusal) => self.len() > other.len() + HAN_LENGTH,
            (Concept::Bound(one, _), Concept::Bound(another, _))
            | (Concept::Opposite(one, _), Concept::Opposite(another, _)) => one == another && self.len() > other.len(),
            (one, another) => one == another && self.len() > other.len(),
        }
    }
}

/// "No. 14" and "no 14".
fn is_number_sign(phrase: &str, behind: &str) -> bool {
    phrase == "no" && behind.trim_start_matches(['.', ' ']).starts_with(|c: char| c.is_ascii_digit() || c == MARK)
}

fn concept(section: &str) -> Option<Concept> {
    Some(match section {
        "idiom" => Concept::Idiom,
        "denial" => Concept::Denial,
        "restriction" => Concept::Restriction,
        "refusal" => Concept::Refusal,
        "hedge" => Concept::Hedge,
        "doubt" => Concept::Doubt,
        "certainty" => Concept::Certainty,
        "condition" => Concept::Condition,
        "condition put" => Concept::ConditionPut,
        "limit" => Concept::Limit,
        "limit put" => Concept::LimitPut,
        "request" => Concept::Request,
        "demand" => Concept::Demand,
        "courtesy" => Concept::Courtesy,
        "fault" => Concept::Fault,
        "secret" => Concept::Secret,
        "secret part" => Concept::SecretPart,
        "asking" => Concept::Asking,
        "we act" => Concept::WeAct,
        "we" => Concept::We,
        "meta" => Concept::Meta,
        "opener" => Concept::Opener,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::fold::fold, *};

    #[test]
    fn the_files_can_be_read() {
        assert_eq!(verify(), Ok(()));
    }

    #[track_caller]
    fn check(language: DetectedLanguage, text: &str, concept: Concept, expected: &[&str]) {
        let folded = fold(text);
        let hits = of(Some(language)).hits(folded.as_str());
        let found: Vec<&str> = hits
            .iter()
            .filter(|hit| hit.concept == concept)
            .map(|hit| folded.source_span(hit.start..hit.end).slice(text))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn phrases_are_read_in_their_language_and_the_longest_counts() {
        use Concept::Denial;
        use DetectedLanguage::{Chinese, English, Portuguese};
        check(English, "No problem, we don't do refunds. Notes: no 14", Denial, &["n't"]);
        check(Portuguese, "n temos no estoque, não se preocupe", Denial, &["n"]);
        check(Chinese, "不好意思，尚未發貨，不錯", Denial, &["尚未"]);
        check(Portuguese, "será reembolsado", Concept::Offer(0), &["reembolsado"]);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for (text, line, expected) in [
            ("[denial]\nnot\n\n[nonsense]\nx\n", 5, "a section that is known"),
            ("[opposites]\nbefore, after\n", 2, "members of a family, divided by |"),
            ("[denial]\n*\n", 2, "a phrase"),
        ] {
            assert_eq!(Lexicon::read("x.txt", text).err(), Some(WordsError { file: "x.txt", line, expected }));
        }
    }
}
