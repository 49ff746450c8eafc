//! Finds where two texts speak of the same, and what one says there that the other does not: the words around a phrase are looked for in
//! the other text. Pure; knows no rule.

use std::ops::Range;

use super::{
    lexicon::{Concept, Hit},
    reading::{Reading, Section, Stem},
};

/// How much must be alike for two places to be about the same.
const ALIKE: usize = 2;

/// How many stems around a phrase say what it is about: before and behind it.
const SCOPE: (usize, usize) = (3, 6);

/// The most phrases that are looked at: more has no reply that a person wrote.
const MOST: usize = 100;

/// What one text says and the other does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// Its clause, in the folded text that says it.
    pub(super) clause: Range<usize>,
    /// What is about the same in the other folded text.
    pub(super) near: Range<usize>,
}

/// Where `text` says what `is_own` means, and what is about the same in `other` has nothing that `is_kept` means. Each clause once.
/// O(phrases * length of the other).
pub(super) fn lost(
    text: &Reading<'_>,
    other: &Reading<'_>,
    is_own: impl Fn(Concept) -> bool,
    is_kept: impl Fn(&Hit) -> bool,
) -> Vec<Lost> {
    let mut found: Vec<Lost> = Vec::new();
    for hit in text.hits.iter().filter(|hit| is_own(hit.concept)).take(MOST) {
        let Some(clause) = text.clause_at(hit.start) else { continue };
        if found.last().is_some_and(|last| last.clause == clause.range()) {
            continue;
        }
        let near = passages(other, &scope(text, hit, clause.range()));
        if near.is_empty() || near.iter().any(|range| other.within(range.clone()).iter().any(&is_kept)) {
            continue;
        }
        let near = closest(other, &clause.stems, near[0].clone());
        found.push(Lost { clause: clause.range(), near });
    }
    found
}

/// The stems around a phrase, within its clause.
pub(super) fn scope(text: &Reading<'_>, hit: &Hit, clause: Range<usize>) -> Vec<Stem> {
    let mut scope: Vec<Stem> = text.stems(hit.end.min(clause.end)..clause.end).take(SCOPE.1).collect();
    scope.extend(text.stems(clause.start..hit.start.max(clause.start)).rev().take(SCOPE.0));
    scope.sort_unstable();
    scope.dedup();
    scope
}

/// The passages that are about the same as a scope: the nearest, and what is nearly as near; nothing where none is near enough.
pub(super) fn passages(other: &Reading<'_>, scope: &[Stem]) -> Vec<Range<usize>> {
    let alike: Vec<usize> = other.passages.iter().map(|passage| passage.shared(scope)).collect();
    let most = alike.iter().copied().max().unwrap_or(0);
    if most < ALIKE || most * 2 < scope.len() {
        return Vec::new();
    }
    let mut near: Vec<(usize, Range<usize>)> = other
        .passages
        .iter()
        .zip(&alike)
        .filter(|(_, alike)| **alike + 1 >= most.max(ALIKE))
        .map(|(passage, alike)| (most - alike, passage.range()))
        .collect();
    near.sort_by_key(|(distance, range)| (*distance, range.start));
    near.into_iter().map(|(_, range)| range).collect()
}

/// The clause of a passage that is most about the same.
pub(super) fn closest(other: &Reading<'_>, stems: &[Stem], passage: Range<usize>) -> Range<usize> {
    let within = other.clauses.iter().filter(|clause| passage.contains(&clause.start));
    within.max_by_key(|clause| (clause.shared(stems), usize::MAX - clause.start)).map_or(passage, Section::range)
}
