//! The answer offers and promises nothing that the draft does not.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{anchor, lexicon::Concept};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let mut places = Vec::new();
    let mut told = Vec::new();
    for hit in &pair.reply.hits {
        let Concept::Offer(kind) = hit.concept else { continue };
        let is_known = pair.draft.says(|concept| concept == Concept::Offer(kind) || concept == Concept::OfferPut(kind));
        if !is_known && !told.contains(&kind) {
            told.push(kind);
            places.push(Place::of_reply(pair.reply.span(hit.start..hit.end)));
        }
    }
    places.extend(tasks(pair));
    places
}

/// "Please ask them" that became "I'll ask them": what the reader was to do, the writer does.
fn tasks(pair: &Pair<'_>) -> Option<Place> {
    let (draft, reply) = (pair.draft, pair.reply);
    for hit in reply.hits.iter().filter(|hit| hit.concept == Concept::WeAct) {
        let clause = reply.clause_at(hit.start)?;
        let scope = anchor::scope(reply, hit, clause.range());
        let near = draft.clauses.iter().filter(|other| other.shared(&scope) >= 2);
        let near: Vec<_> = near.filter(|other| other.shared(&scope) * 3 >= scope.len() * 2).collect();
        let is_ours = |range: std::ops::Range<usize>| {
            let is_we = |concept| matches!(concept, Concept::We | Concept::WeAct);
            draft.within(range).iter().any(|hit| is_we(hit.concept))
        };
        if let [one] = near[..]
            && !is_ours(one.range())
        {
            return Some(Place::of_both(draft.span(one.range()), reply.span(clause.range())));
        }
    }
    None
}
