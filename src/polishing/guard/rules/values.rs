//! What is stated in numbers stays: amounts, percentages, days, times, counts. One finding a fact.

use super::{GuardCode, Pair, Place};

pub(super) fn find(pair: &Pair<'_>, code: GuardCode) -> Vec<Place> {
    let changes = pair.facts.changes.iter().filter(|change| change.code == code);
    let mut places: Vec<Place> = changes
        .map(|change| Place {
            draft: change.draft.iter().map(|at| pair.draft_fact(&pair.draft.facts[*at])).collect(),
            reply: change.reply.iter().map(|at| pair.reply_fact(&pair.reply.facts[*at])).collect(),
        })
        .collect();
    if code == GuardCode::NumberChanged && pair.facts.differs_in_number {
        places.push(Place::default());
    }
    places
}
