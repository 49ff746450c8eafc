//! What changed between the draft and the reply: by word, for scripts without spaces by character. Pure.

use std::ops::Range;

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

/// Where the draft and the reply differ: bytes of the one, bytes of the other.
type Change = (Range<usize>, Range<usize>);

/// The edits that make the reply out of the draft, in the order of the draft; disjoint, and not adjacent. Texts too long to be
/// compared by word are compared by sentence first, then the sentences that differ by word.
#[must_use]
pub fn edits(draft: &str, reply: &str) -> Vec<TextEdit> {
    let mut work = WORK;
    let changes = compare(draft, reply, words, &mut work).unwrap_or_else(|| {
        let passages =
            compare(draft, reply, sentences, &mut work).unwrap_or_else(|| vec![(0..draft.len(), 0..reply.len())]);
        passages.into_iter().flat_map(|passage| refine(draft, reply, passage, &mut work)).collect()
    });
    let mut edits: Vec<TextEdit> = Vec::new();
    for (old, new) in changes {
        let text = &reply[new];
        match edits.last_mut() {
            Some(last) if last.span.end == old.start => {
                last.span = Span::new(last.span.start, old.end);
                last.text.push_str(text);
            }
            _ => edits.push(TextEdit { span: Span::new(old.start, old.end), text: text.to_owned() }),
        }
    }
    edits
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

/// Words, spaces and marks; each Han, kana or Hangul character by itself.
fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds()
        .flat_map(|word| {
            let unspaced = word.chars().next().is_some_and(|c| c >= '\u{2E80}');
            if unspaced { word.graphemes(true).collect() } else { vec![word] }
        })
        .collect()
}

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
        let edits = edits(draft, reply);
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

    #[test]
    fn long_texts_are_compared_by_sentence_first() {
        let sentence = |n: usize, word: &str| format!("Order {n} will arrive {word} and we will write then. ");
        let draft: String = (0..400).map(|n| sentence(n, "tomorow")).collect();
        let reply: String = (0..400).map(|n| sentence(n, if n % 2 == 0 { "tomorrow" } else { "tomorow" })).collect();
        let edits = edits(&draft, &reply);
        assert_eq!(edits.len(), 200);
        assert!(edits.iter().all(|edit| edit.span.slice(&draft) == "tomorow" && edit.text == "tomorrow"));
        assert_eq!(apply(&draft, &edits), reply);
    }

    #[test]
    fn what_is_too_much_work_is_one_edit() {
        let text = |seed: usize| -> String { (0..32_768).map(|n| [".", "!"][(n * n / seed + n / 7) % 2]).collect() };
        for (draft, reply) in [(text(3), text(5)), ("a ".repeat(16_384), "b ".repeat(16_384))] {
            let edits = edits(&draft, &reply);
            assert!(edits.len() <= 1, "{}", edits.len());
            assert_eq!(apply(&draft, &edits), reply);
        }
    }

    proptest! {
        #[test]
        fn edits_make_the_reply(draft in r"([a-c请座é ,.\n]{0,3}){0,20}", reply in r"([a-c请座é ,.\n]{0,3}){0,20}") {
            let edits = edits(&draft, &reply);
            prop_assert_eq!(apply(&draft, &edits), reply);
            prop_assert!(edits.windows(2).all(|pair| pair[0].span.end < pair[1].span.start));
        }
    }
}
