//! What stands in the requests to a model.

/// The nonce of placeholders and tags, and the masked draft between its tags.
pub(crate) fn masked_draft(user: &str) -> (&str, &str) {
    let (nonce, draft) = user.split_once("<draft_").unwrap().1.split_once(">\n").unwrap();
    (nonce, draft.rsplit_once("\n</draft_").unwrap().0)
}
