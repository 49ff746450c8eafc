//! The answer, and each sentence of it, is in the language and the script of the draft.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::language;

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let found = language::differs(pair.draft.prose(), pair.reply.prose());
    found.map(|range| Place::of_reply(pair.reply.prose_span(range))).into_iter().collect()
}
