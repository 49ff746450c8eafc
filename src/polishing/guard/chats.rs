//! Words of chats with digits and strokes, and what they stand for: `b4 = before` in the section `[chat]` of a language's file. They
//! are looked for in text that is not folded, as "B4" is a gate.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, Match, MatchKind};

use super::wordfiles::{LANGUAGES, WordsError, lines};

static CHATS: LazyLock<Result<Chats, WordsError>> = LazyLock::new(Chats::read);

/// Whether the files can be read.
///
/// # Errors
/// [`WordsError`].
pub(super) fn verify() -> Result<(), WordsError> {
    CHATS.as_ref().map(|_| ()).map_err(Clone::clone)
}

/// The words of chats of all languages.
#[derive(Debug)]
struct Chats {
    automaton: AhoCorasick,
    full: Vec<&'static str>,
}

impl Chats {
    fn read() -> Result<Self, WordsError> {
        let (mut patterns, mut full) = (Vec::new(), Vec::new());
        for (file, text) in LANGUAGES {
            for (line, _, content) in lines(text).filter(|(_, section, _)| *section == "chat") {
                let expected = "a word = what it stands for";
                let (short, long) = content.split_once(" = ").ok_or(WordsError { file, line, expected })?;
                patterns.push(short);
                full.push(long);
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&patterns)
            .map_err(|_| WordsError { file: "chat", line: 0, expected: "fewer words" })?;
        Ok(Self { automaton, full })
    }
}

/// Words of chats in a text that is not folded: where they are and what they stand for. "B4" is a gate.
pub(super) fn chats(text: &str) -> Vec<(usize, usize, &'static str)> {
    let Ok(chats) = CHATS.as_ref() else { return Vec::new() };
    let whole = |found: &Match| {
        !text[..found.start()].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '$' | '€' | '£'))
            && (text[..found.end()].ends_with('/') || !text[found.end()..].starts_with(char::is_alphanumeric))
    };
    let found = chats.automaton.find_iter(text).filter(whole);
    found.map(|found| (found.start(), found.end(), chats.full[found.pattern().as_usize()])).collect()
}
