//! Slips of the writers of a training text, as somebody who read the disputed places found them: what is written there is not learnt as
//! right, and no bar is put above it. A place is a hash, so that the list holds none of the text. Knows no set.

use rustc_hash::FxHashSet;

use super::super::{
    hashing::{hash_neighbour, hash_word, mix},
    window::{ContextWindow, REACH},
};
use crate::text::Span;

/// Hexadecimal digits of a key.
const KEY_DIGITS: usize = 16;

/// Places by their keys: a word and the three words and signs on either side. Where a set reads the rest of the sentence, right places with
/// the same around them are left out as well.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownSlips(FxHashSet<u64>);

impl KnownSlips {
    /// Of lines that begin with a key; what follows a blank, and lines that begin with `#`, are for people.
    ///
    /// # Errors
    /// The number of a line that begins with something else.
    pub(super) fn read(file: &str) -> Result<Self, usize> {
        let lines = file.lines().zip(1..).filter(|(line, _)| !line.starts_with('#'));
        let key = |(line, number): (&str, usize)| {
            let digits = line.split(' ').next().filter(|digits| digits.len() == KEY_DIGITS);
            digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).ok_or(number)
        };
        lines.map(key).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a word with what the window has read around it is one.
    pub(super) fn has(&self, word: &str, window: &ContextWindow) -> bool {
        !self.0.is_empty() && self.0.contains(&key(word, window))
    }
}

/// A place of a line: its key, and for people the word in brackets among the words around it.
pub(super) fn key_and_snippet(line: &str, span: Span) -> (u64, String) {
    let mut window = ContextWindow::default();
    window.read(line, span);
    let word = span.slice(line);
    let before: Vec<&str> = (1..=REACH).rev().map(|distance| window.before(distance)).collect();
    let after: Vec<&str> = (1..=REACH).map(|distance| window.after(distance)).collect();
    let snippet = format!("{} [{}] {}", before.join(" "), word.to_lowercase(), after.join(" "));
    (key(word, &window), snippet.trim().to_owned())
}

/// Of a word and the three words and signs on either side.
fn key(word: &str, window: &ContextWindow) -> u64 {
    let around = (1..=REACH).flat_map(|distance| [window.before(distance), window.after(distance)]);
    let hash = |word: &str| if word.is_empty() { 0 } else { hash_neighbour(word) };
    let word = word.to_lowercase().replace('\u{2019}', "'");
    around.fold(hash_word(&word), |key, word| mix(key ^ hash(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_finds_its_place() {
        let line = "Obrigado. Estou a dois dias sem sinal, e nada.";
        let at = line.find(" a ").unwrap() + 1;
        let span = Span::new(at, at + 1);
        let (key, snippet) = key_and_snippet(line, span);
        assert_eq!(snippet, "^ estou [a] dois dias sem");
        let known = KnownSlips::read(&format!("# slips\n{key:016x} a>há\n")).unwrap();
        assert_eq!(KnownSlips::read("# slips\nface a>há").err(), Some(2));
        let mut window = ContextWindow::default();
        window.read(line, span);
        assert!(known.has("a", &window));
        assert!(known.has("A", &window));
        assert!(!known.has("há", &window));
        window.read("Estou a dois dias da prova.", Span::new(6, 7));
        assert!(!known.has("a", &window));
    }
}
