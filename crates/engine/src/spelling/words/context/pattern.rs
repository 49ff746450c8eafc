//! Reviewed patterns: words beside a member of a confusion set that decide without a model.
//!
//! `could/should [of>have]` marks `of` after either word; `could [of] course` says that it is right there. Words stand in small
//! letters, alternatives divided by `/`; `*` is any word, `*ing` any that ends so, `^` the end of a sentence, and signs
//! stand for themselves. A word with accents is found without them, too (`nao` for `não`), but for those whose accents tell much; so is an ending of three letters or more.

use rustc_hash::FxHashSet;

use super::{
    hashing::{has_neighbours_ending, hash_neighbour, is_neighbour},
    window::{ContextWindow, EDGE, REACH},
};

/// What a pattern says of the word in its brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatternVerdict {
    /// It is right, whatever else is said.
    Right,
    /// It is wrong: everyone is told.
    Wrong,
    /// It is probably wrong: who asks for hints is told.
    Hint,
}

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContextPattern {
    /// What it says.
    pub verdict: PatternVerdict,
    /// The words in its brackets, in small letters.
    pub written: Vec<Box<str>>,
    /// What is right instead; empty if the verdict is [`PatternVerdict::Right`].
    pub right: Box<str>,
    /// The nearest first.
    before: Vec<PatternWord>,
    after: Vec<PatternWord>,
}

/// Alternatives for one word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PatternWord(Vec<Alternative>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Alternative {
    Any,
    Word(Box<str>),
    EndsWith(Box<str>),
}

impl ContextPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What was expected.
    pub(crate) fn parse(verdict: PatternVerdict, text: &str) -> Result<Self, &'static str> {
        let (before, rest) = text.split_once('[').ok_or("a pattern with a word in brackets")?;
        let (marked, after) = rest.split_once(']').ok_or("a closing bracket")?;
        if before.contains(']') || after.contains(['[', ']']) {
            return Err("one pair of brackets");
        }
        let (written, right) = match (verdict, marked.split_once('>')) {
            (PatternVerdict::Right, None) => (marked, ""),
            (PatternVerdict::Right, Some(_)) => return Err("no suggestion, as the word is right"),
            (_, Some((written, right))) if !right.trim().is_empty() => (written, right.trim()),
            _ => return Err("[written>right]"),
        };
        let written: Vec<Box<str>> = written.split_whitespace().map(Into::into).collect();
        if written.is_empty() || written.iter().any(|word| word.to_lowercase() != **word) {
            return Err("a word in small letters in the brackets");
        }
        let words = |text: &str| text.split_whitespace().map(PatternWord::parse).collect::<Option<Vec<_>>>();
        let (Some(mut before), Some(after)) = (words(before), words(after)) else {
            return Err("alternatives with / between");
        };
        before.reverse();
        if before.len() > REACH || after.len() > REACH {
            return Err("at most three words on either side");
        }
        Ok(Self { verdict, written, right: right.into(), before, after })
    }

    /// Whether the words around are those of the pattern.
    pub(crate) fn matches(&self, window: &ContextWindow) -> bool {
        let after = self.after.iter().zip(1..).all(|(word, distance)| word.matches(window.after(distance)));
        after && self.before.iter().zip(1..).all(|(word, distance)| word.matches(window.before(distance)))
    }
}

/// Letters before an ending of [`SentenceWords`]: `vou` and `meu` are no pasts (`*ou`, `*eu`).
const LEAST_STEM: usize = 2;

/// Words of which it tells something that one of them stands anywhere in the sentence: `ontem` of a `pode`.
#[derive(Clone, Debug)]
pub(crate) struct SentenceWords {
    words: FxHashSet<u64>,
    endings: Vec<Box<str>>,
    /// What ends so and is none of them.
    others: FxHashSet<u64>,
}

impl SentenceWords {
    /// Reads words and endings as a pattern has them; what stands behind `-` ends so and does not count.
    ///
    /// # Errors
    /// What was expected.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.chars().any(char::is_uppercase) {
            return Err("words in small letters");
        }
        let mut parsed = Self { words: FxHashSet::default(), endings: Vec::new(), others: FxHashSet::default() };
        for one in text.split('/') {
            match (one.strip_prefix('*'), one.strip_prefix('-')) {
                _ if matches!(one, "" | "*" | "-") || one.contains(char::is_whitespace) => {
                    return Err("words and endings with / between");
                }
                (Some(ending), _) => parsed.endings.push(ending.into()),
                (_, Some(other)) => _ = parsed.others.insert(hash_neighbour(other)),
                _ => _ = parsed.words.insert(hash_neighbour(one)),
            }
        }
        Ok(parsed)
    }

    /// Whether one stands before the place (1), after it (2), or both (3).
    fn sides(&self, window: &ContextWindow) -> u8 {
        let found = window.sentence().filter(|(_, word)| self.has(word));
        found.fold(0, |sides, (is_before, _)| sides | if is_before { 1 } else { 2 })
    }

    fn has(&self, word: &str) -> bool {
        let hash = hash_neighbour(word);
        // An ending keeps its accents: `geladeira` is no future (`*irá`).
        let ends = |ending: &str| word.strip_suffix(ending).is_some_and(|stem| stem.chars().count() >= LEAST_STEM);
        self.words.contains(&hash) || self.endings.iter().any(|ending| ends(ending)) && !self.others.contains(&hash)
    }
}

/// Lists of words of the sentence that a set may have.
pub(crate) const MOST_SENTENCE_LISTS: usize = 3;

/// On which sides of a place a sentence has one of each list's words ([`SentenceWords::sides`]); as many as the set has lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SentenceFacts {
    sides: [u8; MOST_SENTENCE_LISTS],
    lists: u8,
}

impl SentenceFacts {
    /// Of the sentence that the window has read.
    pub(crate) fn of(lists: &[SentenceWords], window: &ContextWindow) -> Self {
        let mut facts = Self { lists: lists.len() as u8, ..Self::default() };
        facts.sides.iter_mut().zip(lists).for_each(|(sides, words)| *sides = words.sides(window));
        facts
    }

    /// By list.
    pub(crate) fn sides(&self) -> &[u8] {
        &self.sides[..usize::from(self.lists)]
    }
}

impl PatternWord {
    /// `None` if an alternative is empty.
    fn parse(text: &str) -> Option<Self> {
        let alternatives = if text == "/" { vec![text] } else { text.split('/').collect() };
        let parsed = alternatives.into_iter().map(|one| match one.strip_prefix('*') {
            Some("") => Some(Alternative::Any),
            Some(ending) => Some(Alternative::EndsWith(ending.into())),
            None => (!one.is_empty()).then(|| Alternative::Word(one.into())),
        });
        parsed.collect::<Option<_>>().map(Self)
    }

    fn matches(&self, word: &str) -> bool {
        self.0.iter().any(|alternative| match alternative {
            Alternative::Any => !word.is_empty() && word != EDGE,
            Alternative::Word(one) => is_neighbour(word, one),
            Alternative::EndsWith(ending) => has_neighbours_ending(word, ending),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[track_caller]
    fn check(pattern: &str, text: &str, word: &str, expected: bool) {
        let pattern = ContextPattern::parse(PatternVerdict::Wrong, pattern).expect("a pattern");
        let start = text.find(word).expect("the word");
        let mut window = ContextWindow::default();
        window.read(text, Span::new(start, start + word.len()));
        assert_eq!(pattern.matches(&window), expected, "{pattern:?} {text}");
    }

    #[test]
    fn matches_words_endings_and_edges() {
        check("could/should [of>have]", "You should of called.", "of", true);
        check("could/should [of>have]", "a cup of tea", "of", false);
        check("[your>you're] * welcome", "Your most welcome!", "Your", true);
        check("[your>you're] * welcome", "Your welcome!", "Your", false);
        check("^ [your>you're] welcome ^", "Hi. Your welcome.", "Your", true);
        check("para [mim>eu] *ar/*er/*ir", "para mim fazer", "mim", true);
        check("para [mim>eu] *ar/*er/*ir", "para mim, fazer", "mim", false);
        check("[mim>eu] ,", "para mim, fazer", "mim", true);
        check("não [ouve>houve]", "Nao ouve retorno", "ouve", true);
        check("nao [ouve>houve]", "Não ouve retorno", "ouve", false);
        check("é [a>à]", "e a vista", "a", false);
        check("isso [a>à] *ção", "isso a informacao", "a", true);
        check("isso [a>à] *rá", "isso a tara", "a", false);
    }

    #[test]
    fn malformed_patterns_say_what_was_expected() {
        for (text, expected) in [
            ("could of", "a pattern with a word in brackets"),
            ("could [of>have", "a closing bracket"),
            ("could [of] [of>have]", "one pair of brackets"),
            ("could [of]", "[written>right]"),
            ("could [of>]", "[written>right]"),
            ("could [Of>have]", "a word in small letters in the brackets"),
            ("could/ [of>have]", "alternatives with / between"),
            ("a b c d [of>have]", "at most three words on either side"),
        ] {
            assert_eq!(ContextPattern::parse(PatternVerdict::Wrong, text), Err(expected), "{text}");
        }
        let suggests = ContextPattern::parse(PatternVerdict::Right, "could [of>have]");
        assert_eq!(suggests, Err("no suggestion, as the word is right"));
    }
}
