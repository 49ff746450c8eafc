//! What changed between the draft and the reply, as a person can review it: by word, for scripts without spaces by character; where
//! most of a clause is new, by clause. Pure.

use std::{collections::HashMap, ops::Range};

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

use vermilion_engine::text::Span;

/// Replace the bytes of the draft at `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// Where, in bytes of the draft.
    pub span: Span,
    /// What stands there in the reply.
    pub text: String,
}

/// How many pairs of words, one of the draft and one of the reply, a comparison may have before it; past it the edits are right, but
/// larger. Counted, not timed, so that the same pair always gives the same edits. About 2,000 words and spaces on each side.
const WORK: usize = 1 << 22;

/// How many values of edits may be looked at in search of one that moved.
const MOVES: usize = 1 << 16;

/// Where the draft and the reply differ: bytes of the one, bytes of the other.
type Change = (Range<usize>, Range<usize>);

/// How large the edits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// As small as words.
    Word,
    /// As words, but a clause of which more than half is new, or a third in three places, is one edit: a person reads it as one.
    Clause,
}

/// The edits that make the reply out of the draft, in the order of the draft; disjoint, and not adjacent. Texts too long to be
/// compared by word are compared by sentence first, then the sentences that differ by word. A value (a number, a date, a link) is in an
/// edit as a whole or not at all, and one that is taken away in one place and put in another is in one edit.
#[must_use]
pub fn edits(draft: &str, reply: &str, granularity: Granularity) -> Vec<TextEdit> {
    let mut work = WORK;
    let changes = compare(draft, reply, words, &mut work).unwrap_or_else(|| {
        let passages =
            compare(draft, reply, sentences, &mut work).unwrap_or_else(|| vec![(0..draft.len(), 0..reply.len())]);
        passages.into_iter().flat_map(|passage| refine(draft, reply, passage, &mut work)).collect()
    });
    let mut changes = joined(changes);
    if granularity == Granularity::Clause {
        changes = by_clause(draft, reply, changes);
    }
    changes = with_moves_joined(draft, reply, &changes);
    let edit = |(old, new): Change| TextEdit { span: Span::new(old.start, old.end), text: reply[new].to_owned() };
    changes.into_iter().map(edit).collect()
}

/// Changes that touch are one.
fn joined(changes: Vec<Change>) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::with_capacity(changes.len());
    for (old, new) in changes {
        match found.last_mut() {
            Some(last) if last.0.end == old.start => (last.0.end, last.1.end) = (old.end, new.end),
            _ => found.push((old, new)),
        }
    }
    found
}

/// The changes of each clause that is mostly new as one. One pass over the draft.
fn by_clause(draft: &str, reply: &str, changes: Vec<Change>) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::with_capacity(changes.len());
    let mut rest = changes.into_iter().peekable();
    let mut start = 0;
    for clause in clauses(draft) {
        let end = start + clause.len();
        let is_last = end == draft.len();
        let mut own: Vec<Change> = Vec::new();
        while let Some(change) = rest.next_if(|(old, _)| old.start < end || is_last) {
            own.push(change);
        }
        // Letters, as blanks and marks are alike everywhere.
        let changed: usize =
            own.iter().map(|(old, new)| letters(&draft[old.clone()]).max(letters(&reply[new.clone()]))).sum();
        let gone: usize = own.iter().map(|(old, _)| letters(&draft[old.start.min(end)..old.end.min(end)])).sum();
        let kept = letters(clause).saturating_sub(gone);
        match (own.first(), own.last()) {
            (Some(first), Some(last)) if changed > kept || own.len() > 2 && 2 * changed > kept => {
                found.push((first.0.start..last.0.end, first.1.start..last.1.end));
            }
            _ => found.append(&mut own),
        }
        start = end;
    }
    found.extend(rest);
    found
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Changes between which a value moves, as one: from where it is taken away to where it is put.
fn with_moves_joined(draft: &str, reply: &str, changes: &[Change]) -> Vec<Change> {
    let values: Vec<[Vec<&str>; 2]> = changes
        .iter()
        .map(|(old, new)| {
            [&draft[old.clone()], &reply[new.clone()]].map(|text| values(text).map(|span| span.slice(text)).collect())
        })
        .collect();
    let mut found: Vec<Change> = Vec::with_capacity(changes.len());
    let mut moves = MOVES;
    let mut at = 0;
    while at < changes.len() {
        let last = balanced_from(&values[at..], &mut moves).map_or(at, |more| at + more);
        let (first, last_change) = (&changes[at], &changes[last]);
        found.push((first.0.start..last_change.0.end, first.1.start..last_change.1.end));
        at = last + 1;
    }
    found
}

/// How many changes more make up for the values that the first one takes away or puts in; none if nothing does.
fn balanced_from(values: &[[Vec<&str>; 2]], moves: &mut usize) -> Option<usize> {
    let mut open: HashMap<&str, i32> = HashMap::new();
    for (at, [old, new]) in values.iter().enumerate() {
        *moves = moves.checked_sub(1 + old.len() + new.len())?;
        for (texts, step) in [(old, 1), (new, -1)] {
            for text in texts {
                // What only comes later begins no move of its own here.
                if at == 0 || open.contains_key(text) {
                    *open.entry(text).or_default() += step;
                }
            }
        }
        if open.values().all(|count| *count == 0) {
            return Some(at);
        }
    }
    None
}

/// A passage that differs, by word if there is work left for it.
fn refine(draft: &str, reply: &str, (old, new): Change, work: &mut usize) -> Vec<Change> {
    let shifted = |range: Range<usize>, by: usize| range.start + by..range.end + by;
    match compare(&draft[old.clone()], &reply[new.clone()], words, work) {
        None => vec![(old, new)],
        Some(changes) => {
            changes.into_iter().map(|(from, to)| (shifted(from, old.start), shifted(to, new.start))).collect()
        }
    }
}

/// Where two texts differ by such pieces; `None`, at little cost, if that is more work than is left.
fn compare(draft: &str, reply: &str, pieces: fn(&str) -> Vec<&str>, work: &mut usize) -> Option<Vec<Change>> {
    let (before, after) = (pieces(draft), pieces(reply));
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (old, new) = (&before[same..], &after[same..]);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    *work = work.checked_sub((old.len() - same).saturating_mul(new.len() - same))?;
    let (old, new) = (starts(&before), starts(&after));
    let changes = capture_diff_slices(Algorithm::Myers, &before, &after)
        .into_iter()
        .filter(|operation| !matches!(operation, DiffOp::Equal { .. }))
        .map(|operation| (operation.old_range(), operation.new_range()))
        .map(|(from, to)| (old[from.start]..old[from.end], new[to.start]..new[to.end]))
        .collect();
    Some(changes)
}

/// Where each piece begins, and where the last one ends, in bytes.
fn starts(pieces: &[&str]) -> Vec<usize> {
    let ends = pieces.iter().scan(0, |at, piece| {
        *at += piece.len();
        Some(*at)
    });
    std::iter::once(0).chain(ends).collect()
}

/// Values, words, spaces and marks; each Han, kana or Hangul character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    for value in values(text) {
        split_words(&text[at..value.start], &mut found);
        found.push(value.slice(text));
        at = value.end;
    }
    split_words(&text[at..], &mut found);
    found
}

fn split_words<'t>(text: &'t str, found: &mut Vec<&'t str>) {
    for word in text.split_word_bounds() {
        if word.chars().next().is_some_and(is_unspaced) {
            found.extend(word.graphemes(true));
        } else {
            found.push(word);
        }
    }
}

/// Whether a character is of a script without spaces, or a mark of its typography.
const fn is_unspaced(c: char) -> bool {
    c >= '\u{2E80}'
}

/// What must stay in one piece: whatever holds a digit or is an address, without the marks around it. Of other scripts' digits each is
/// a piece by itself.
fn values(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let rest = &text[at..];
            let starts = |c: char| !(c.is_whitespace() || is_unspaced(c) || DIVIDES.contains(&c));
            let Some(start) = rest.find(starts) else { break };
            let run = &rest[start..];
            let is_link = run.starts_with("http://") || run.starts_with("https://") || run.starts_with("www.");
            let ends = |c: char| {
                c.is_whitespace() || is_unspaced(c) || DIVIDES.contains(&c) && !(is_link && matches!(c, '&' | ';'))
            };
            let run = &run[..run.find(ends).unwrap_or(run.len())];
            let begin = at + start;
            at = begin + run.len();
            if is_link || run.contains(|c: char| c.is_ascii_digit() || c == '@') {
                let bare = run.trim_start_matches(|c: char| !(c.is_alphanumeric() || SIGNS.contains(&c)));
                let begin = begin + run.len() - bare.len();
                let bare = bare.trim_end_matches(|c: char| !(c.is_alphanumeric() || SIGNS.contains(&c) || c == '/'));
                if !bare.is_empty() {
                    return Some(Span::new(begin, begin + bare.len()));
                }
            }
        }
        None
    })
}

/// What no value reaches over.
const DIVIDES: [char; 16] = ['<', '>', '"', '“', '”', '«', '»', '(', ')', '[', ']', '{', '}', '&', ';', '|'];

/// Marks that belong to a value at whose end they stand.
const SIGNS: [char; 9] = ['$', '€', '£', '¥', '%', '#', '@', '+', '°'];

/// Clauses, each with the mark that ends it and the blanks behind it.
fn clauses(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut at, mut is_ending) = (Vec::new(), 0, 0, false);
    for word in words(text) {
        let is_mark = word.ends_with(CLAUSE_ENDS);
        if is_ending && !is_mark && !word.trim().is_empty() {
            found.push(&text[start..at]);
            (start, is_ending) = (at, false);
        }
        at += word.len();
        is_ending |= is_mark && !word.contains(|c: char| c.is_alphanumeric());
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

/// Marks that end a clause; `>` is the end of a tag.
const CLAUSE_ENDS: [char; 14] = ['.', ',', ';', ':', '!', '?', '\n', '>', '。', '，', '；', '：', '！', '？'];

/// Sentences and lines, roughly, each with the mark that ends it.
fn sentences(text: &str) -> Vec<&str> {
    let mut rest = text;
    let mut found = Vec::new();
    let mut length = 0;
    for word in words(text) {
        length += word.len();
        if word.ends_with(['.', '!', '?', '\n', '。', '！', '？']) {
            let (sentence, others) = rest.split_at(length);
            found.push(sentence);
            (rest, length) = (others, 0);
        }
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apply(draft: &str, edits: &[TextEdit]) -> String {
        let mut reply = String::new();
        let mut done = 0;
        for edit in edits {
            reply.push_str(&draft[done..edit.span.start]);
            reply.push_str(&edit.text);
            done = edit.span.end;
        }
        reply + &draft[done..]
    }

    #[track_caller]
    fn check(draft: &str, reply: &str, expected: &[(&str, &str)]) {
        let edits = edits(draft, reply, Granularity::Word);
        let shown: Vec<_> = edits.iter().map(|edit| (edit.span.slice(draft), edit.text.as_str())).collect();
        assert_eq!(shown, expected);
        assert_eq!(apply(draft, &edits), reply);
    }

    #[test]
    fn by_word_and_by_character() {
        check("i will chek it", "I will check it", &[("i", "I"), ("chek", "check")]);
        check("您的订单己发货", "您的订单已发货", &[("己", "已")]);
        check("olá, tudo bem?", "olá, tudo bem?", &[]);
        check("", "a", &[("", "a")]);
    }

    #[track_caller]
    fn check_clauses(draft: &str, reply: &str, expected: &[(&str, &str)]) {
        let edits = edits(draft, reply, Granularity::Clause);
        let shown: Vec<_> = edits.iter().map(|edit| (edit.span.slice(draft), edit.text.as_str())).collect();
        assert_eq!(shown, expected);
        assert_eq!(apply(draft, &edits), reply);
    }

    #[test]
    fn a_clause_that_is_mostly_new_is_one_edit() {
        check_clauses(
            "hi, ur plain teapot is here",
            "Hi, your plain teapot is here.",
            &[("hi", "Hi"), ("ur", "your"), ("", ".")],
        );
        check_clauses(
            "hello, we dont have that right now, pls wait until 5 May. thx for asking",
            "Hello, unfortunately that item is out of stock at the moment, please wait until 5 May. Thank you for asking",
            &[
                ("hello", "Hello"),
                ("we dont have that right now", "unfortunately that item is out of stock at the moment"),
                ("pls", "please"),
                ("thx", "Thank you"),
            ],
        );
        check_clauses(
            "<p>thx for ur msg</p><p>its <b>here</b> now</p>",
            "<p>Thank you for writing</p><p>It has <b>arrived</b> now</p>",
            &[("thx for ur msg", "Thank you for writing"), ("its ", "It has "), ("here", "arrived")],
        );
        check_clauses(
            "您的货到了，请查收一下哈",
            "您的包裹已经送达，请您查收",
            &[("货到了", "包裹已经送达"), ("查收一下哈", "您查收")],
        );
    }

    #[test]
    fn a_value_is_never_divided_and_never_moves_from_edit_to_edit() {
        check("pay 1.234,56 now", "pay 1,234.56 now", &[("1.234,56", "1,234.56")]);
        check("on 15/07/2025.", "on 15/07/2026.", &[("15/07/2025", "15/07/2026")]);
        check("R$10, ok", "R$ 10, ok", &[("R$10", "R$ 10")]);
        check(
            "see https://a.com/?x=1&y=2!",
            "see https://a.com/?x=1&y=3!",
            &[("https://a.com/?x=1&y=2", "https://a.com/?x=1&y=3")],
        );
        check(
            "ana@a.com and bia@a.com",
            "bia@a.com and ana@a.com",
            &[("ana@a.com and bia@a.com", "bia@a.com and ana@a.com")],
        );
        check("共3,500元。", "共3,600元。", &[("3,500", "3,600")]);
        let (draft, reply) = ("Ref 12345: we sent it today to you", "We sent it today to you: ref 12345");
        check(draft, reply, &[(draft, reply)]);
    }

    #[test]
    fn long_texts_are_compared_by_sentence_first() {
        let sentence = |n: usize, word: &str| format!("Order {n} will arrive {word} and we will write then. ");
        let draft: String = (0..400).map(|n| sentence(n, "tomorow")).collect();
        let reply: String = (0..400).map(|n| sentence(n, if n % 2 == 0 { "tomorrow" } else { "tomorow" })).collect();
        let edits = edits(&draft, &reply, Granularity::Word);
        assert_eq!(edits.len(), 200);
        assert!(edits.iter().all(|edit| edit.span.slice(&draft) == "tomorow" && edit.text == "tomorrow"));
        assert_eq!(apply(&draft, &edits), reply);
    }

    #[test]
    fn what_is_too_much_work_is_one_edit() {
        let text = |seed: usize| -> String { (0..32_768).map(|n| [".", "!"][(n * n / seed + n / 7) % 2]).collect() };
        for (draft, reply) in [(text(3), text(5)), ("a ".repeat(16_384), "b ".repeat(16_384))] {
            let edits = edits(&draft, &reply, Granularity::Clause);
            assert!(edits.len() <= 1, "{}", edits.len());
            assert_eq!(apply(&draft, &edits), reply);
        }
    }

    proptest! {
        #[test]
        fn edits_make_the_reply(draft in r"([a-c1请座é ,.@\n]{0,3}){0,20}", reply in r"([a-c1请座é ,.@\n]{0,3}){0,20}") {
            for granularity in [Granularity::Word, Granularity::Clause] {
            let edits = edits(&draft, &reply, granularity);
            prop_assert_eq!(apply(&draft, &edits), reply.clone());
            prop_assert!(edits.windows(2).all(|pair| pair[0].span.end < pair[1].span.start));
            }
        }
    }
}
