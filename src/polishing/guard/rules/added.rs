//! Each clause of the answer that says more than courtesy has a word in the draft.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{is_han, lexicon::Concept};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let known = pair.draft.all_stems();
    let mut places = Vec::new();
    for clause in &pair.reply.clauses {
        let text = &pair.reply.folded()[clause.range()];
        let is_polite = pair.reply.within(clause.range()).iter().any(|hit| hit.concept == Concept::Courtesy);
        if is_polite || text.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let found = clause.stems.iter().filter(|stem| known.binary_search(stem).is_ok()).count();
        let said = clause.stems.len();
        let is_new = match text.contains(is_han) {
            true => said >= 5 && found * 5 < said,
            false => said >= 3 && found == 0 || said >= 6 && found * 6 < said,
        };
        if is_new {
            places.push(Place::of_reply(pair.reply.span(clause.range())));
        }
    }
    places
}
