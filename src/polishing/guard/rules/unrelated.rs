//! Something of the draft's words is left in the answer.

use std::collections::HashSet;

use super::{GuardCode, Pair, Place};
use crate::polishing::{guard::is_han, prompt::Operation};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let is_unrelated = is_unrelated(pair.draft.folded(), pair.reply.folded(), pair.case.operation);
    if is_unrelated { vec![Place::default()] } else { Vec::new() }
}

/// Words of four letters and more by their beginnings, and Han characters.
fn stems(text: &str) -> HashSet<&str> {
    const STEM: usize = 4;
    let mut stems = HashSet::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if word.contains(is_han) {
            let characters = word.char_indices().filter(|(_, c)| is_han(*c));
            stems.extend(characters.map(|(at, c)| &word[at..at + c.len_utf8()]));
        } else if let Some((end, c)) = word.char_indices().nth(STEM - 1) {
            stems.insert(&word[..end + c.len_utf8()]);
        }
    }
    stems
}

fn is_unrelated(draft: &str, reply: &str, operation: Operation) -> bool {
    let (before, after) = (stems(draft), stems(reply));
    if before.len() < 6 {
        // Too little to tell; but of two or more words one must be left.
        return before.len() >= 3 && before.is_disjoint(&after) && operation == Operation::FixGrammar;
    }
    let kept = before.intersection(&after).count();
    let least = match operation {
        Operation::FixGrammar => 60,
        Operation::Improve | Operation::Expand => 25,
        Operation::Shorten | Operation::Simplify => 20,
    };
    kept * 100 < before.len() * least
}
