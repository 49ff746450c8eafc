//! A difference of our own making, put behind texts that speak to their reader: whoever really compares them tells of it. One who answers
//! as the text bids, or not at all, does not. Pure.

use super::{dictated, items::Item};

/// A line for the draft and another one for the rewrite, of which a reader has to say that they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ControlDifference {
    pub(super) draft: String,
    pub(super) reply: String,
    /// What the quotes of it hold.
    references: [String; 2],
}

impl ControlDifference {
    /// For these texts, if one of them speaks to its reader; the nonce is in neither.
    pub(super) fn for_texts(draft: &str, reply: &str, nonce: &str) -> Option<Self> {
        if !dictated::speaks_to_the_reader(draft) && !dictated::speaks_to_the_reader(reply) {
            return None;
        }
        let references = [format!("{nonce}4"), format!("{nonce}7")];
        let line = |reference: &str| format!("Your reference number is {reference}.");
        Some(Self { draft: line(&references[0]), reply: line(&references[1]), references })
    }

    /// Takes the items that tell of it out of an answer; whether there were any.
    pub(super) fn take_from(&self, items: &mut Vec<Item>) -> bool {
        let before = items.len();
        items.retain(|item| !self.references.iter().any(|own| item.draft.contains(own) || item.reply.contains(own)));
        items.len() < before
    }
}
