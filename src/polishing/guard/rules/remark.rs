//! The answer is the reply and does not speak about itself. What can be taken off without a doubt is taken off before
//! (`answer/frame.rs`).

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    lexicon::{Concept, Hit, WordList, announces},
    reading::{Reading, Section},
};

/// The longest beginning that speaks about the answer, in bytes.
const LONGEST_PREAMBLE: usize = 160;

/// "Here is the polished version:".
pub(super) fn preamble(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    // "Here is your link" may begin a reply whose draft says so.
    let is_said = |opening: &std::ops::Range<usize>| {
        let mut openers = pair.reply.within(opening.clone()).iter().filter(|hit| hit.concept == Concept::Opener);
        openers.all(|hit| pair.draft.folded().contains(&pair.reply.folded()[hit.start..hit.end]))
    };
    let found = opening(pair.reply).filter(|opening| !is_said(opening));
    let is_about_draft = |opening: &std::ops::Range<usize>| {
        let stems: Vec<_> = pair.reply.stems(opening.clone()).collect();
        let openers = pair.reply.within(opening.clone()).iter().filter(|hit| hit.concept == Concept::Opener);
        let words: Vec<&str> = openers.map(|hit| &pair.reply.folded()[hit.start..hit.end]).collect();
        // What the draft speaks of may be what a reply begins with: "Here is your tracking link:".
        stems.iter().any(|stem| {
            !words.iter().any(|word| stem.is_in(word))
                && pair.draft.clauses.iter().any(|clause| clause.shared(&[*stem]) > 0)
        })
    };
    let found = found.filter(|opening| !is_about_draft(opening));
    found.map(|opening| Place::of_reply(pair.reply.span(opening))).into_iter().collect()
}

/// The first words up to a colon or a line end, if they are such as an answer is announced with.
fn opening(reading: &Reading<'_>) -> Option<std::ops::Range<usize>> {
    let text = reading.folded();
    let start = text.len() - text.trim_start().len();
    let mut limit = text.len().min(start + LONGEST_PREAMBLE);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let end = start + text[start..limit].find([':', '：', '\n'])?;
    let within = |hit: &Hit| Hit { start: hit.start - start, end: hit.end - start, ..*hit };
    let hits: Vec<Hit> = reading.within(start..end).iter().map(within).collect();
    announces(&text[start..end], &hits).then_some(start..end)
}

/// "I kept the tone friendly."
pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    if pair.draft.says(|concept| concept == Concept::Meta) {
        return Vec::new();
    }
    let is_remark = |clause: &&Section| {
        let hits = pair.reply.within(clause.range());
        // Of programs there are versions, too.
        let of_draft = |phrase: &str| {
            ["vers", "版本"].iter().any(|part| phrase.contains(part) && pair.draft.folded().contains(part))
        };
        hits.iter().any(|hit| hit.concept == Concept::Meta && !of_draft(&pair.reply.folded()[hit.start..hit.end]))
    };
    let remarks = pair.reply.clauses.iter().filter(is_remark);
    let remarks = remarks.map(|clause| Place::of_reply(pair.reply.span(clause.range())));
    remarks.chain(notes(pair)).collect()
}

/// "Note: ..." on a line of its own below the reply.
fn notes(pair: &Pair<'_>) -> Vec<Place> {
    let is_note = |reading: &Reading<'_>, line: &str| {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let label = line.split([':', '：']).next().filter(|label| label.len() < line.len());
        label.is_some_and(|label| reading.lists(WordList::Note, label.trim_matches(|c: char| !c.is_alphanumeric())))
    };
    if pair.draft.folded().lines().any(|line| is_note(pair.draft, line)) {
        return Vec::new();
    }
    let mut at = 0;
    let mut places = Vec::new();
    for line in pair.reply.folded().split_inclusive('\n') {
        if at > 0 && is_note(pair.reply, line) {
            places.push(Place::of_reply(pair.reply.span(at..at + line.trim_end().len())));
        }
        at += line.len();
    }
    places
}
