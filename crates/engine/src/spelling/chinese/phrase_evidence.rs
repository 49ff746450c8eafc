//! What the table of phrases says of a piece of text.

use super::{
    characters::is_han,
    phrases::{self, PhraseCounts},
};

/// What it says of one piece of text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PhraseEvidence {
    /// Binary logarithm of the likelihood of the characters from the piece on until they are out of its reach, by stupid
    /// backoff (Brants et al. 2007).
    pub(super) log2: f32,
    /// Weights of the pairs over the left and right border.
    pub(super) pairs: [f32; 2],
    /// The heaviest string of each length that touches the piece.
    pub(super) heaviest: [f32; 3],
    /// Strings that touch the piece and are in the table.
    pub(super) strings: f32,
}

/// log2 of the factor 0.4 for each step back.
const BACKOFF_LOG2: f32 = -1.32;
/// log2 likelihood of a character after one with which it makes no pair in the table.
const UNSEEN_PAIR_LOG2: f32 = -15.0;

impl PhraseEvidence {
    pub(super) fn from_window(phrases: &PhraseCounts, window: &[char], start: usize, end: usize) -> Self {
        let mut evidence = Self::default();
        let reach = phrases::MAX_PHRASE_LEN - 1;
        let first = start.saturating_sub(reach);
        let last = (end + reach).min(window.len());
        // weights[length - 2][i]: of the string of that length that begins at first + i.
        let mut weights = [[0.0_f32; 16]; 3];
        for length in 2..=phrases::MAX_PHRASE_LEN {
            for from in first..(last + 1).saturating_sub(length).min(first + 16) {
                let string = &window[from..from + length];
                if !string.iter().all(|&c| is_han(c)) {
                    continue;
                }
                let weight = f32::from(phrases.log2_count(string));
                weights[length - 2][from - first] = weight;
                if from < end && from + length > start && weight > 0.0 {
                    evidence.strings += 1.0;
                    evidence.heaviest[length - 2] = evidence.heaviest[length - 2].max(weight);
                }
            }
        }
        let weight = |from: usize, length: usize| weights[length - 2].get(from - first).copied().unwrap_or(0.0);
        if start > first {
            evidence.pairs[0] = weight(start - 1, 2);
        }
        if end < last {
            evidence.pairs[1] = weight(end - 1, 2);
        }
        for at in start..last {
            let mut log2 = UNSEEN_PAIR_LOG2;
            for (steps, length) in (2..=phrases::MAX_PHRASE_LEN).rev().enumerate() {
                let Some(from) = (at + 1).checked_sub(length).filter(|from| *from >= first) else { continue };
                let whole = weight(from, length);
                if whole > 0.0 {
                    let context = if length > 2 { weight(from, length - 1) } else { SINGLE_CHARACTER_LOG2 };
                    log2 = (whole - context).min(0.0) + BACKOFF_LOG2 * steps as f32;
                    break;
                }
            }
            evidence.log2 += log2;
        }
        evidence
    }
}

/// Assumed weight of a single character: about the median over running text.
const SINGLE_CHARACTER_LOG2: f32 = 17.0;
