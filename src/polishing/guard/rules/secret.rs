//! The answer asks for no password, PIN, card number or code that the draft does not ask for.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    lexicon::Concept,
    reading::{Reading, Section},
};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    // What the draft speaks of, and not of a part of it alone, and not to say that nobody may ask for it.
    let is_told = |clause: &&Section| {
        !says(pair.draft, clause, Concept::Denial) && !says(pair.draft, clause, Concept::SecretPart)
    };
    let told = pair.draft.clauses.iter().filter(is_told);
    let known: Vec<&str> = told.flat_map(|clause| secrets(pair.draft, clause)).collect();
    // In other words the same may be asked for.
    let asks_already = pair.draft.clauses.iter().any(|clause| asks(pair.draft, clause));
    let is_new = |clause: &&Section| {
        asks(pair.reply, clause)
            && !asks_already
            && secrets(pair.reply, clause).iter().any(|secret| !known.contains(secret))
    };
    let fresh = pair.reply.clauses.iter().filter(is_new);
    fresh.map(|clause| Place::of_reply(pair.reply.span(clause.range()))).collect()
}

/// Whether a clause asks for a secret.
fn asks(reading: &Reading<'_>, clause: &Section) -> bool {
    let says = |concept| says(reading, clause, concept);
    says(Concept::Secret) && says(Concept::Asking) && !says(Concept::Denial) && !says(Concept::SecretPart)
}

fn says(reading: &Reading<'_>, clause: &Section, concept: Concept) -> bool {
    reading.within(clause.range()).iter().any(|hit| hit.concept == concept)
}

fn secrets<'t>(reading: &Reading<'t>, clause: &Section) -> Vec<&'t str> {
    let hits = reading.within(clause.range()).iter().filter(|hit| hit.concept == Concept::Secret);
    hits.map(|hit| &reading.folded()[hit.start..hit.end]).collect()
}
