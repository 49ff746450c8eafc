//! What may be is not said to be so, and what is so is not put in doubt.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    anchor::lost,
    lexicon::{Concept, Hit},
};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (draft, reply) = (pair.draft, pair.reply);
    let is_hedge = |concept| matches!(concept, Concept::Doubt);
    let is_kept = |hit: &Hit| matches!(hit.concept, Concept::Hedge | Concept::Doubt | Concept::Condition);
    let mut places: Vec<Place> = lost(draft, reply, is_hedge, is_kept)
        .into_iter()
        .map(|lost| Place::of_both(draft.span(lost.clause), reply.span(lost.near)))
        .collect();
    let is_certain = |concept| matches!(concept, Concept::Doubt | Concept::Certainty);
    let was_certain = |hit: &Hit| is_certain(hit.concept) || hit.concept == Concept::Hedge;
    let added = lost(reply, draft, is_certain, was_certain);
    places.extend(added.into_iter().map(|lost| Place::of_both(draft.span(lost.near), reply.span(lost.clause))));
    if places.is_empty() && reply.says(|concept| concept == Concept::Certainty) && !draft.says(is_certain) {
        let hit = reply.hits.iter().find(|hit| hit.concept == Concept::Certainty);
        let clause = hit.and_then(|hit| reply.clause_at(hit.start));
        places.extend(clause.map(|clause| Place::of_reply(reply.span(clause.range()))));
    }
    places
}
