//! Each clause of the draft that says something has a word in the answer.

use super::{GuardCode, Pair, Place};
use crate::polishing::{
    guard::{is_han, lexicon::Concept},
    prompt::Operation,
};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    if matches!(pair.case.operation, Operation::Shorten | Operation::Simplify) {
        return Vec::new();
    }
    let kept = pair.reply.all_stems();
    let mut places = Vec::new();
    for clause in &pair.draft.clauses {
        let text = &pair.draft.folded()[clause.range()];
        let is_courtesy = || {
            let hits = pair.draft.within(clause.range()).iter().filter(|hit| hit.concept == Concept::Courtesy);
            hits.count() * 2 >= clause.stems.len()
        };
        // Numbers are looked for elsewhere, and bring what they count along.
        if text.contains(|c: char| c.is_ascii_digit()) || is_courtesy() {
            continue;
        }
        let found = clause.stems.iter().filter(|stem| kept.binary_search(stem).is_ok()).count();
        let said = clause.stems.len();
        let is_gone = match text.contains(is_han) {
            true => said >= 5 && found * 4 < said,
            false => said >= 3 && found == 0 || said >= 6 && found * 5 < said,
        };
        if is_gone {
            places.push(Place::of_draft(pair.draft.span(clause.range())));
        }
    }
    places
}
