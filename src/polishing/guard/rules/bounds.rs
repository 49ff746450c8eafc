//! What stands with a value belongs to it: at least and at most, within and after, per night and per stay, with and without tax. One for
//! the other is refused; one that goes is no matter of code.

use std::ops::Range;

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    facts::Fact,
    lexicon::{Concept, Hit},
    reading::Reading,
};

/// How far before and behind a value its bounds stand, in words; Han characters count as half of one.
const REACH: (usize, usize) = (2, 1);

/// Behind a value these tell from when it counts: "30 days from delivery" are within 30 days.
const FROM_WHEN: &[&str] =
    &["from", "since", "following", "starting", "as of", "a partir", "a partir de", "desde", "by", "until"];

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (draft, reply) = (&pair.draft.facts, &pair.reply.facts);
    // Of values that stand several times nothing tells which is which.
    let is_single = |facts: &[Fact], at: usize| {
        facts.iter().enumerate().all(|(other, fact)| other == at || !fact.equals(&facts[at]) || !fact.required)
    };
    let mut places = Vec::new();
    for &(one, other) in &pair.facts.pairs {
        if !draft[one].required && !reply[other].required || !is_single(draft, one) || !is_single(reply, other) {
            continue;
        }
        let (before, after) = (bounds(pair.draft, one), bounds(pair.reply, other));
        let contradicts = |(family, _): &&(u8, u8)| {
            let members = |bounds: &[(u8, u8)]| {
                bounds.iter().filter(|bound| bound.0 == *family).map(|bound| bound.1).collect::<Vec<_>>()
            };
            let (mine, theirs) = (members(&before), members(&after));
            !theirs.is_empty() && !mine.iter().any(|member| theirs.contains(member))
        };
        if before.iter().any(|bound| contradicts(&bound)) {
            places.push(Place::of_both(pair.draft_fact(&draft[one]), pair.reply_fact(&reply[other])));
        }
    }
    places
}

/// The bounds of a fact: of which families, and which of each.
fn bounds(reading: &Reading<'_>, at: usize) -> Vec<(u8, u8)> {
    let text = reading.folded();
    let fact = &reading.facts[at].span;
    let start =
        reading.facts[..at].iter().rev().map(|other| other.span.end).find(|end| *end <= fact.start).unwrap_or(0);
    let end = reading.facts[at + 1..].iter().map(|other| other.span.start).find(|start| *start >= fact.end);
    let (before, behind) = (start..fact.start, fact.end..end.unwrap_or(text.len()));
    let mut bounds = Vec::new();
    for hit in reading.within(before.start..behind.end) {
        let Concept::Bound(family, member) = hit.concept else { continue };
        let is_near = if hit.end <= before.end {
            is_clause(&text[hit.end..before.end]) && words(text, hit.end..before.end) <= REACH.0
        } else if hit.start >= behind.start {
            // "240, including tax": a comma is no end here.
            let phrase = &text[hit.start..hit.end];
            !FROM_WHEN.contains(&phrase)
                && is_clause(text[behind.start..hit.start].trim_start_matches(','))
                && words(text, behind.start..hit.start) <= REACH.1
        } else {
            // "/night" may be read as part of the value.
            hit.start >= fact.start
        };
        // "Does not take more than 3 days": what is denied bounds the other way.
        let denies = |other: &Hit| matches!(other.concept, Concept::Denial) && other.end <= hit.start;
        let clause = reading.clause_at(hit.start).map_or(0, |clause| clause.start);
        if is_near && reading.within(clause..hit.start).iter().any(denies) {
            continue;
        }
        if is_near && !bounds.contains(&(family, member)) {
            bounds.push((family, member));
        }
    }
    bounds
}

/// Whether no clause ends in a piece of folded text.
fn is_clause(text: &str) -> bool {
    !text.contains(['\n', '。', '！', '？', '；', '，', '!', '?', ';', '、'])
        && !text.contains(". ")
        && !text.contains(", ")
}

fn words(text: &str, range: Range<usize>) -> usize {
    let mut words = 0;
    for word in text[range].split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words += if word.is_ascii() { 1 } else { word.chars().count().div_ceil(2) };
    }
    words
}
