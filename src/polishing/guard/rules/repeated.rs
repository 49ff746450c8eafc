//! The answer says nothing twice that the draft says once: models repeat themselves, and some servers send the whole again.

use std::collections::HashMap;

use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{is_han, reading::Reading};

/// The shortest sentence that is no formula, in letters; a Han character counts as three.
const SHORTEST: usize = 24;

/// The shortest that is looked at where it is there three times.
const SHORTEST_OF_THREE: usize = 9;

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (before, after) = (sentences(pair.draft), sentences(pair.reply));
    let mut places = Vec::new();
    for (sentence, spans) in after {
        let known = before.get(&sentence).map_or(1, |spans| spans.len().max(1));
        let size: usize = sentence.chars().map(size).sum();
        if spans.len() > known && (size >= SHORTEST || spans.len() > known + 1) {
            places.push(Place { draft: Vec::new(), reply: spans });
        }
    }
    places.sort_unstable_by_key(|place| place.reply.first().map_or(0, |span| span.start));
    places
}

const fn size(c: char) -> usize {
    if is_han(c) { 3 } else { 1 }
}

/// The longer sentences of a text by their letters.
fn sentences(reading: &Reading<'_>) -> HashMap<String, Vec<Span>> {
    let mut sentences: HashMap<String, Vec<Span>> = HashMap::new();
    let text = reading.folded();
    let mut start = 0;
    for part in text.split_inclusive(['.', '!', '?', '\n', '。', '！', '？']) {
        let letters: String = part.chars().filter(|c| c.is_alphanumeric()).collect();
        if letters.chars().map(size).sum::<usize>() >= SHORTEST_OF_THREE {
            let from = start + part.len() - part.trim_start().len();
            sentences.entry(letters).or_default().push(reading.span(from..start + part.trim_end().len()));
        }
        start += part.len();
    }
    sentences
}
