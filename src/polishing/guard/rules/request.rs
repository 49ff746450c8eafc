//! A draft that asks for something has an answer that does, too: else it is no message to the customer any more.

use super::{GuardCode, Pair, Place};
use crate::polishing::{
    guard::{lexicon::Concept, reading::Reading},
    prompt::Operation,
};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let may_be_terse = matches!(pair.case.operation, Operation::Shorten | Operation::Simplify);
    let (draft, reply) = (pair.draft, pair.reply);
    let questions = |reading: &Reading<'_>| reading.folded().matches(['?', '？']).count();
    let says = |reading: &Reading<'_>, concept: Concept| reading.says(|other| other == concept);
    let question_dropped = questions(draft) > 0
        && questions(reply) == 0
        && !(says(reply, Concept::Request) && says(draft, Concept::Demand));
    let request_dropped = says(draft, Concept::Request)
        && !says(reply, Concept::Request)
        && questions(reply) == 0
        && !says(reply, Concept::Demand);
    if may_be_terse || !question_dropped && !request_dropped {
        return Vec::new();
    }
    let place = if question_dropped {
        draft.folded().find(['?', '？'])
    } else {
        draft.hits.iter().find(|hit| hit.concept == Concept::Request).map(|hit| hit.start)
    };
    let clause = place.and_then(|at| draft.clause_at(at));
    clause.map(|clause| Place::of_draft(draft.span(clause.range()))).into_iter().collect()
}
