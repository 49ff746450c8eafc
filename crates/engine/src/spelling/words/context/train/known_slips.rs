//! Slips of the writers of a training text, as somebody who read the disputed places found them: what is written there is not learnt as
//! right, and no bar is put above it. A place is a hash, so that the list holds none of the text. Knows no set.

use rustc_hash::FxHashSet;

use super::super::{
    hashing::{hash_neighbour, hash_word, mix},
    window::{ContextWindow, REACH},
};
use crate::text::Span;

/// Places by their keys.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownSlips(FxHashSet<u64>);

impl KnownSlips {
    /// Of lines that begin with a key, in hexadecimal digits; what follows a blank, and other lines, are for people.
    pub(super) fn read(file: &str) -> Self {
        let keys = file.lines().filter_map(|line| u64::from_str_radix(line.split_whitespace().next()?, 16).ok());
        Self(keys.collect())
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
    around.fold(hash_word(&word.to_lowercase()), |key, word| mix(key ^ hash(word)))
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
        let known = KnownSlips::read(&format!("# slips\n{key:016x} a>há\n"));
        let mut window = ContextWindow::default();
        window.read(line, span);
        assert!(known.has("a", &window));
        assert!(known.has("A", &window));
        assert!(!known.has("há", &window));
        window.read("Estou a dois dias da prova.", Span::new(6, 7));
        assert!(!known.has("a", &window));
    }
}
