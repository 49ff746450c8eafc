//! Chinese names of people and places, which have no capitals: a person's is told by its surname with what stands before or behind, a
//! place's by its end.

use std::ops::Range;

use super::{Pair, Place};
use crate::polishing::guard::{is_han, lexicon::WordList, reading::Reading};

/// The longest surname, title and end, in characters.
const LONGEST: usize = 4;

pub(super) fn find(pair: &Pair<'_>) -> Vec<Place> {
    let (draft, reply) = (pair.draft, pair.reply);
    if !draft.folded().contains(is_han) {
        return Vec::new();
    }
    let mut places = Vec::new();
    for names in [people, places_named] {
        let missing = |one: &Reading<'_>, other: &Reading<'_>| -> Vec<Range<usize>> {
            names(one).into_iter().filter(|name| !other.folded().contains(&one.folded()[name.clone()])).collect()
        };
        let (lost, gained) = (missing(draft, reply), missing(reply, draft));
        for (lost, gained) in lost.into_iter().zip(gained) {
            places.push(Place::of_both(draft.span(lost), reply.span(gained)));
        }
    }
    places
}

/// The names of people in a folded text: `surname given title`, `surname given` behind what introduces a person.
fn people(reading: &Reading<'_>) -> Vec<Range<usize>> {
    let text = reading.folded();
    let mut names: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| is_han(*c)) {
        if names.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let Some(surname) = reading.listed_prefix(WordList::Surname, &text[at..], LONGEST) else { continue };
        let after = &text[at + surname..];
        let given = |count: usize| {
            let end = after.char_indices().nth(count).map_or(after.len(), |(end, _)| end);
            after[..end].chars().all(is_han).then_some(end)
        };
        let is_titled = |end: &usize| reading.listed_prefix(WordList::Title, &after[*end..], LONGEST).is_some();
        let titled = (0..=2).filter_map(given).find(is_titled);
        let is_introduced = (1..=LONGEST).any(|count| {
            let start = text[..at].char_indices().rev().nth(count - 1).map(|(start, _)| start);
            start.is_some_and(|start| reading.lists(WordList::NameBefore, &text[start..at]))
        });
        // Behind an introduction the name takes what is left of the clause, if that is a name's length, or one character.
        let alone = || {
            let end = after.find(|c| !is_han(c)).unwrap_or(after.len());
            if (1..=2).contains(&after[..end].chars().count()) { Some(end) } else { given(1) }
        };
        if let Some(end) = titled.or_else(|| if is_introduced { alone() } else { None }) {
            names.push(at..at + surname + end);
        }
    }
    names
}

/// The names of places in a folded text: well-known ones, and two characters before what places end with.
fn places_named(reading: &Reading<'_>) -> Vec<Range<usize>> {
    let text = reading.folded();
    let mut names = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| is_han(*c)) {
        if let Some(length) = reading.listed_prefix(WordList::Place, &text[at..], LONGEST) {
            names.push(at..at + length);
        }
        let Some(end) = reading.listed_prefix(WordList::PlaceEnd, &text[at..], LONGEST) else { continue };
        let Some((start, _)) = text[..at].char_indices().rev().nth(1) else { continue };
        if text[start..at].chars().all(is_han) {
            names.push(start..at + end);
        }
    }
    names
}
