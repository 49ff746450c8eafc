//! The answer holds none of our delimiters and no sentence of our rules.

use super::{GuardCode, Pair, Place};
use crate::polishing::prompt;

/// What our delimiters begin with.
const DELIMITERS: [&str; 3] = ["<draft_", "<conversation_", "<turn_"];

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let lower = pair.case.reply.to_lowercase();
    let draft = pair.case.draft.to_lowercase();
    let told = |sentence: &&str| lower.contains(*sentence) && !draft.contains(*sentence);
    let leaks = prompt::PROMPT_LEAK_PHRASES.iter().any(told) || DELIMITERS.iter().any(|name| lower.contains(name));
    if leaks { vec![Place::default()] } else { Vec::new() }
}
