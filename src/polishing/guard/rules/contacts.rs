//! Links, addresses and codes that the reply has and the draft lacks. Both may still hold some where little is masked.

use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};
use crate::polishing::{
    guard::reading::Reading,
    privacy::{self, ValueKind},
};

pub(super) fn find(pair: &Pair<'_>, code: GuardCode) -> Vec<Place> {
    let broken = pair.contacts.iter().filter(|(broken, _)| *broken == code);
    broken.map(|(_, span)| Place::of_reply(*span)).collect()
}

/// All that were added, with the rule that each breaks: found once for all three rules.
pub(super) fn added(draft: &Reading<'_>, reply: &Reading<'_>) -> Vec<(GuardCode, Span)> {
    let (before, after) = (draft.prose(), reply.prose());
    let found = privacy::detect(after);
    if found.is_empty() {
        return Vec::new();
    }
    let mut known: Vec<&str> = privacy::detect(before).iter().map(|detected| detected.span.slice(before)).collect();
    let mut small = None;
    let mut added = Vec::new();
    for detected in found {
        let value = detected.span.slice(after);
        if let Some(at) = known.iter().position(|other| *other == value) {
            known.swap_remove(at);
            continue;
        }
        // It may be there, if not as what it is here.
        let is_there = before.contains(value)
            || detected.kind == ValueKind::Code
                && small.get_or_insert_with(|| before.to_lowercase()).contains(&value.to_lowercase());
        let code = match detected.kind {
            ValueKind::Url => GuardCode::LinkAdded,
            ValueKind::Code | ValueKind::Mention | ValueKind::Placeholder => GuardCode::CodeAdded,
            _ => GuardCode::ContactAdded,
        };
        if !is_there {
            added.push((code, reply.prose_span(detected.span.start..detected.span.end)));
        }
    }
    added
}
