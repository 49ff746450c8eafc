//! The answer takes no blame that the draft does not take.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::lexicon::Concept;

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let is_fault = |concept| concept == Concept::Fault;
    if pair.draft.says(is_fault) {
        return Vec::new();
    }
    let found = pair.reply.hits.iter().find(|hit| is_fault(hit.concept));
    found.map(|hit| Place::of_reply(pair.reply.span(hit.start..hit.end))).into_iter().collect()
}
