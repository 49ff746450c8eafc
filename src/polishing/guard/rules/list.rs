//! Items of the draft's lists stay items, with their numbers.

use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (mut before, mut after) = (items(pair.case.draft), items(pair.case.reply));
    if before.len() < 2 {
        // "1) this 2) that": they may become prose, but not fewer steps.
        (before, after) = (inline_items(pair.case.draft), inline_items(pair.case.reply));
        if before.len() < 2 || after.is_empty() {
            return Vec::new();
        }
    }
    if after.len() < before.len() {
        let spans = before[after.len()..].iter().map(|(_, span)| Place::of_draft(*span));
        return spans.collect();
    }
    if after.len() > before.len() {
        return Vec::new();
    }
    let is_renumbered = |one: &str, other: &str| one != other && !one.is_empty() && !other.is_empty();
    let both = before.iter().zip(&after).filter(|((one, _), (other, _))| is_renumbered(one, other));
    both.map(|((_, one), (_, other))| Place::of_both(*one, *other)).collect()
}

/// The items of a text by the digits that they begin with, nothing for one with a mark; and their lines.
fn items(text: &str) -> Vec<(&str, Span)> {
    let mut at = 0;
    let mut items = Vec::new();
    for line in text.split_inclusive('\n') {
        let begins = line.trim_start();
        let digits = begins.len() - begins.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if is_item(begins, digits) {
            items.push((&begins[..digits], Span::new(at + line.len() - begins.len(), at + line.trim_end().len())));
        }
        at += line.len();
    }
    items
}

/// Items within lines, and at their beginnings: `1) `.
fn inline_items(text: &str) -> Vec<(&str, Span)> {
    let brackets = text.match_indices(')').filter_map(|(at, _)| {
        let before = &text[..at];
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let start = at - digits;
        let stands_alone = !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '(');
        ((1..=2).contains(&digits) && stands_alone).then(|| (&text[start..at], Span::new(start, at + 1)))
    });
    brackets.collect()
}

/// `- `, `* `, `• `, `1. `, `1) `, `1、`.
fn is_item(line: &str, digits: usize) -> bool {
    ["- ", "* ", "• ", "– "].iter().any(|mark| line.starts_with(mark))
        || (1..=2).contains(&digits) && line[digits..].starts_with(['.', ')', '、', '．'])
}
