//! What is denied stays denied, and nothing else becomes so: each denial with the words around it is looked for in the other text.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    anchor::lost,
    lexicon::{Concept, Hit},
    reading::Reading,
};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let is_denial = |concept| concept == Concept::Denial;
    let is_kept = |hit: &Hit| matches!(hit.concept, Concept::Denial | Concept::Restriction | Concept::Refusal);
    let (draft, reply) = (pair.draft, pair.reply);
    let mut places: Vec<Place> = lost(draft, reply, is_denial, is_kept)
        .into_iter()
        .map(|lost| Place::of_both(draft.span(lost.clause), reply.span(lost.near)))
        .collect();
    let added = lost(reply, draft, is_denial, is_kept);
    places.extend(added.into_iter().map(|lost| Place::of_both(draft.span(lost.near), reply.span(lost.clause))));
    if !places.is_empty() {
        return places;
    }
    // Where words are too few or too different to tell what is denied: a text that denies, and one that denies nothing.
    let first = |reading: &Reading<'_>, is_meant: fn(Concept) -> bool| {
        let hit = reading.hits.iter().find(|hit| is_meant(hit.concept))?;
        reading.clause_at(hit.start).map(|clause| reading.span(clause.range()))
    };
    let denies = |reading: &Reading<'_>| reading.says(is_denial);
    if denies(draft) && !reply.says(|concept| matches!(concept, Concept::Denial | Concept::Restriction)) {
        places.extend(first(draft, |concept| concept == Concept::Denial).map(Place::of_draft));
    } else if !denies(draft) && reply.says(|concept| concept == Concept::Refusal) {
        places.extend(first(reply, |concept| concept == Concept::Refusal).map(Place::of_reply));
    }
    places
}
