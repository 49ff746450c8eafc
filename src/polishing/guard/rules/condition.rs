//! What was so under a condition, or in no other case, is not so without.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    anchor::lost,
    lexicon::{Concept, Hit},
};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (draft, reply) = (pair.draft, pair.reply);
    let mut places = Vec::new();
    for (own, put) in [(Concept::Condition, Concept::ConditionPut), (Concept::Limit, Concept::LimitPut)] {
        let is_put = |hit: &Hit| hit.concept == own || hit.concept == put;
        let found = lost(draft, reply, |concept| concept == own, is_put);
        places.extend(found.into_iter().map(|lost| Place::of_both(draft.span(lost.clause), reply.span(lost.near))));
        let is_gone = places.is_empty()
            && draft.says(|concept| concept == own)
            && !reply.says(|concept| concept == own || concept == put);
        let hit = draft.hits.iter().find(|hit| hit.concept == own).filter(|_| is_gone);
        let clause = hit.and_then(|hit| draft.clause_at(hit.start));
        places.extend(clause.map(|clause| Place::of_draft(draft.span(clause.range()))));
    }
    places
}
