//! Words of which one excludes the other: before and after, open and closed, the sender and the receiver. An answer that lost one and
//! gained another says something else.

use std::collections::BTreeMap;

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    lexicon::{Concept, Hit},
    reading::Reading,
};

/// For each family, how often each of its members is said, and where first.
type Said = BTreeMap<u8, BTreeMap<u8, Hit>>;

fn said(reading: &Reading<'_>) -> Said {
    let mut said = Said::new();
    for hit in &reading.hits {
        if let Concept::Opposite(family, member) = hit.concept {
            said.entry(family).or_default().entry(member).or_insert(*hit);
        }
    }
    said
}

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (before, after) = (said(pair.draft), said(pair.reply));
    let mut places = Vec::new();
    for (family, members) in &before {
        let Some(others) = after.get(family) else { continue };
        let lost = members.iter().find(|(member, _)| !others.contains_key(member));
        let gained = others.iter().find(|(member, _)| !members.contains_key(member));
        if let (Some((_, lost)), Some((_, gained))) = (lost, gained) {
            places
                .push(Place::of_both(pair.draft.span(lost.start..lost.end), pair.reply.span(gained.start..gained.end)));
        }
    }
    places
}
