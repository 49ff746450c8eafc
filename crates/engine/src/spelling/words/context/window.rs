//! The words and signs around a place in a text, three on either side, and those of the sentence, as the judge of contexts reads
//! them. Knows no word and no set; training and checking read by this one code, so what was learnt is what is looked up.

use super::{classes::WordClasses, hashing::hash_neighbour};
use crate::text::Span;

/// Words and signs that are read on either side.
pub(crate) const REACH: usize = 3;

/// Words and signs of the sentence that [`ContextWindow::read_sentence`] reads on either side.
const SENTENCE_REACH: usize = 16;

/// What stands for a question mark among the words of a sentence.
const QUESTION: &str = "?";

/// Bytes that are looked at on either side, at most: no word that matters is longer.
const MOST_BYTES: usize = 160;

/// What stands for the end of a sentence, or of the text.
pub(crate) const EDGE: &str = "^";

/// What stands for any number.
pub(crate) const NUMBER: &str = "#";

/// One word or sign, by the hashes that features are made of, without accents ([`hash_neighbour`]). Zero where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContextToken {
    /// The word in small letters, or the sign.
    pub word: u64,
    /// Its last two letters.
    pub ending: u64,
    /// Its last three letters.
    pub long_ending: u64,
    /// Its class; of a word that has none its last three letters.
    pub class: u64,
}

/// What is around a place, by hashes; the nearest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContextTokens {
    /// Before it.
    pub left: [ContextToken; REACH],
    /// After it.
    pub right: [ContextToken; REACH],
}

/// What is around a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContextWindow {
    /// All of the text that was read since somebody last set it. What is read knows of no more than two characters beyond.
    pub seen: Span,
    /// The words and signs as text, in small letters, one after the other.
    text: String,
    /// Where each ends in `text`: the left ones, then the right ones.
    ends: [usize; 2 * REACH],
    /// The sentence, if it was read: as `text` and `ends`, and how many stand before the place.
    has_sentence: bool,
    sentence: String,
    sentence_ends: Vec<usize>,
    sentence_before: usize,
}

impl ContextWindow {
    /// Reads around `place`, without allocating where a window is used again.
    pub(crate) fn read(&mut self, text: &str, place: Span) {
        self.text.clear();
        self.has_sentence = false;
        let mut at = place.start;
        for index in 0..REACH {
            if index == 0 || self.goes_on(index - 1) {
                at = push_before(text, at, &mut self.text);
            }
            self.ends[index] = self.text.len();
        }
        self.seen.start = self.seen.start.min(at);
        let mut at = place.end;
        for index in REACH..2 * REACH {
            if index == REACH || self.goes_on(index - 1) {
                at = push_after(text, at, &mut self.text);
            }
            self.ends[index] = self.text.len();
        }
        self.seen.end = self.seen.end.max(at);
    }

    /// Reads the words and signs of the sentence around `place`, the nearest first, up to its ends or [`SENTENCE_REACH`] on either side;
    /// once for a place that was read.
    pub(crate) fn read_sentence(&mut self, text: &str, place: Span) {
        if std::mem::replace(&mut self.has_sentence, true) {
            return;
        }
        self.sentence.clear();
        self.sentence_ends.clear();
        let mut at = place.start;
        for _ in 0..SENTENCE_REACH {
            let start = self.sentence.len();
            at = push_before(text, at, &mut self.sentence);
            if &self.sentence[start..] == EDGE {
                self.sentence.truncate(start);
                break;
            }
            self.sentence_ends.push(self.sentence.len());
        }
        self.seen.start = self.seen.start.min(at);
        self.sentence_before = self.sentence_ends.len();
        let mut at = place.end;
        for _ in 0..SENTENCE_REACH {
            let start = self.sentence.len();
            at = push_after(text, at, &mut self.sentence);
            let is_end = &self.sentence[start..] == EDGE;
            if is_end {
                self.sentence.truncate(start);
                if text[..at].ends_with('?') {
                    self.sentence.push_str(QUESTION);
                }
            }
            if self.sentence.len() > start {
                self.sentence_ends.push(self.sentence.len());
            }
            if is_end {
                break;
            }
        }
        self.seen.end = self.seen.end.max(at);
    }

    /// What was read of the sentence: before the place or not, and the word or sign.
    pub(crate) fn sentence(&self) -> impl Iterator<Item = (bool, &str)> {
        let starts = std::iter::once(0).chain(self.sentence_ends.iter().copied());
        let words = starts.zip(&self.sentence_ends).map(|(start, &end)| &self.sentence[start..end]);
        words.enumerate().map(|(index, word)| (index < self.sentence_before, word))
    }

    /// What is around, by hashes: 24 of them, so only for those who ask the model.
    pub(crate) fn tokens(&self, classes: &WordClasses) -> ContextTokens {
        ContextTokens {
            left: std::array::from_fn(|at| token(self.word(at), classes)),
            right: std::array::from_fn(|at| token(self.word(REACH + at), classes)),
        }
    }

    /// The word or sign `distance` (from 1) before the place; empty where there is none.
    pub(crate) fn before(&self, distance: usize) -> &str {
        self.word(distance - 1)
    }

    /// The word or sign `distance` (from 1) after the place; empty where there is none.
    pub(crate) fn after(&self, distance: usize) -> &str {
        self.word(REACH + distance - 1)
    }

    /// Whether there may be more beyond: the sentence has not ended there.
    fn goes_on(&self, index: usize) -> bool {
        !matches!(self.word(index), EDGE | "")
    }

    fn word(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }
}

fn token(word: &str, classes: &WordClasses) -> ContextToken {
    let ending = |letters: usize| match word.char_indices().rev().nth(letters - 1) {
        Some((at, _)) => hash_neighbour(&word[at..]),
        None => hash_neighbour(word),
    };
    let (whole, long_ending) = (hash_neighbour(word), ending(3));
    ContextToken { word: whole, ending: ending(2), long_ending, class: classes.of(whole, long_ending) }
}

/// The words and signs of a line as windows have them, with the edges; for training.
pub(super) fn for_each_token(line: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    each(EDGE);
    let mut at = 0;
    while at < line.len() {
        word.clear();
        at = push_after(line, at, &mut word);
        each(&word);
    }
    if word != EDGE {
        each(EDGE);
    }
}

/// Writes the word or sign that ends at `at` or before, and returns where it begins.
fn push_before(text: &str, mut at: usize, out: &mut String) -> usize {
    let floor = text.ceil_char_boundary(at.saturating_sub(MOST_BYTES));
    loop {
        let Some(c) = text[floor..at].chars().next_back() else {
            out.push_str(EDGE);
            return at;
        };
        if c.is_alphanumeric() {
            let start = word_start(text, floor, at);
            push_word(&text[start..at], out);
            return start;
        }
        at -= c.len_utf8();
        if push_sign(c, out) {
            return at;
        }
    }
}

/// Writes the word or sign that begins at `at` or after, and returns where it ends.
fn push_after(text: &str, mut at: usize, out: &mut String) -> usize {
    let ceiling = text.floor_char_boundary(at + MOST_BYTES);
    loop {
        let Some(c) = text[at..ceiling].chars().next() else {
            out.push_str(EDGE);
            return at;
        };
        if c.is_alphanumeric() {
            let end = word_end(text, at, ceiling);
            push_word(&text[at..end], out);
            return end;
        }
        at += c.len_utf8();
        if push_sign(c, out) {
            return at;
        }
    }
}

/// Signs over which two parts are one word, where letters or digits are on either side.
const fn is_joint(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '-' | '\u{2010}' | '\u{2011}')
}

/// Digits are joined by these, too.
const fn is_number_joint(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | '/')
}

fn word_start(text: &str, floor: usize, end: usize) -> usize {
    let mut chars = text[floor..end].char_indices().rev().peekable();
    let (mut start, mut next) = (end, ' ');
    while let Some((at, c)) = chars.next() {
        let joins = |before: char| {
            before.is_alphanumeric() && is_joint(c)
                || before.is_ascii_digit() && next.is_ascii_digit() && is_number_joint(c)
        };
        if !c.is_alphanumeric() && !chars.peek().is_some_and(|(_, before)| joins(*before)) {
            break;
        }
        (start, next) = (floor + at, c);
    }
    start
}

/// The end of the word that begins at `start`; also where training looks for the words of a text.
pub(super) fn word_end(text: &str, start: usize, ceiling: usize) -> usize {
    let mut chars = text[start..ceiling].char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let joins = |after: char| {
            after.is_alphanumeric() && is_joint(c)
                || after.is_ascii_digit() && before.is_ascii_digit() && is_number_joint(c)
        };
        if !c.is_alphanumeric() && !chars.peek().is_some_and(|(_, after)| joins(*after)) {
            return start + at;
        }
        before = c;
    }
    ceiling
}

fn push_word(word: &str, out: &mut String) {
    if word.contains(|c: char| c.is_ascii_digit()) {
        out.push_str(NUMBER);
        return;
    }
    for c in word.chars() {
        match c {
            '\u{2019}' => out.push('\''),
            '\u{2010}' | '\u{2011}' => out.push('-'),
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

/// Writes a sign that tells something; whether it does.
fn push_sign(c: char, out: &mut String) -> bool {
    let sign = match c {
        '.' | '!' | '?' | '\n' | '…' => EDGE,
        ',' => ",",
        ';' | ':' => ":",
        '(' | '[' => "(",
        ')' | ']' => ")",
        '/' | '–' | '—' | '-' => "-",
        '%' => "%",
        '$' | '€' | '£' | '¥' => "$",
        _ => return false,
    };
    out.push_str(sign);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window around the word in brackets.
    #[track_caller]
    fn check(marked: &str, before: [&str; REACH], after: [&str; REACH]) {
        let (head, rest) = marked.split_once('[').expect("an opening bracket");
        let (word, tail) = rest.split_once(']').expect("a closing bracket");
        let text = format!("{head}{word}{tail}");
        let mut window = ContextWindow::default();
        window.read(&text, Span::new(head.len(), head.len() + word.len()));
        assert_eq!([1, 2, 3].map(|distance| window.before(distance)), before, "{marked}");
        assert_eq!([1, 2, 3].map(|distance| window.after(distance)), after, "{marked}");
    }

    #[test]
    fn reads_words_and_signs() {
        check("I can see [their] was a problem.", ["see", "can", "i"], ["was", "a", "problem"]);
        check("Hello! [Your] welcome.", ["^", "", ""], ["welcome", "^", ""]);
        check("[so]", ["^", "", ""], ["^", "", ""]);
        check("Ok, 20 % [of] the R$ 1.234,56, já", ["%", "#", ","], ["the", "r", "$"]);
        check("Dê-me “[a]” Ação (já)", ["dê-me", "^", ""], ["ação", "(", "já"]);
        check("don’t  [of]\tl’été -x- y", ["don't", "^", ""], ["l'été", "-", "x"]);
        check("10:30-12h [as] às", ["#", "^", ""], ["às", "^", ""]);
    }

    #[test]
    fn reads_the_sentence() {
        let text = "Sim. Ontem, às 10h, o técnico não [pode] subir no poste: chovia? Ok";
        let at = text.find("pode").expect("the word");
        let mut window = ContextWindow::default();
        window.read_sentence(text, Span::new(at, at + 4));
        let words: Vec<String> = window.sentence().map(|(is_before, word)| format!("{is_before} {word}")).collect();
        let before = "( não técnico o , # às , ontem".split(' ').map(|word| format!("true {word}"));
        let after = ") subir no poste : chovia ?".split(' ').map(|word| format!("false {word}"));
        assert_eq!(words, before.chain(after).collect::<Vec<_>>());
    }

    #[test]
    fn long_words_end_where_nobody_looks() {
        let long = "x".repeat(1_000);
        let text = format!("{long} of {long}");
        let mut window = ContextWindow::default();
        window.read(&text, Span::new(1_001, 1_003));
        assert!(window.before(1).len() < 200 && window.after(1).len() < 200);
    }
}
