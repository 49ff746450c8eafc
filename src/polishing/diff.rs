//! What changed between the draft and the reply: by word, for scripts without spaces by character. Pure.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
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

/// How long the search for the smallest difference may take; past it the edits are right, but larger.
const PATIENCE: Duration = Duration::from_millis(5);

/// The edits that make the reply out of the draft, in the order of the draft; disjoint, and not adjacent. O(n d), bounded.
#[must_use]
pub fn edits(draft: &str, reply: &str) -> Vec<TextEdit> {
    let (before, after) = (tokens(draft), tokens(reply));
    let deadline = Instant::now() + PATIENCE;
    let operations = capture_diff_slices_deadline(Algorithm::Myers, &before, &after, Some(deadline));
    let starts = |tokens: &[&str]| -> Vec<usize> {
        let mut at = 0;
        let mut starts = vec![0];
        for token in tokens {
            at += token.len();
            starts.push(at);
        }
        starts
    };
    let (old, new) = (starts(&before), starts(&after));
    let mut edits: Vec<TextEdit> = Vec::new();
    for operation in operations {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let (from, to) = (operation.old_range(), operation.new_range());
        let span = Span::new(old[from.start], old[from.end]);
        let text = &reply[new[to.start]..new[to.end]];
        match edits.last_mut() {
            Some(last) if last.span.end == span.start => {
                last.span = Span::new(last.span.start, span.end);
                last.text.push_str(text);
            }
            _ => edits.push(TextEdit { span, text: text.to_owned() }),
        }
    }
    edits
}

/// Words, spaces and marks; each Han, kana or Hangul character by itself; tags whole.
fn tokens(text: &str) -> Vec<&str> {
    text.split_word_bounds()
        .flat_map(|word| {
            let unspaced = word.chars().next().is_some_and(|c| c >= '\u{2E80}');
            if unspaced { word.graphemes(true).collect() } else { vec![word] }
        })
        .collect()
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

    proptest! {
        #[test]
        fn edits_make_the_reply(draft in r"([a-c请座é ,.\n]{0,3}){0,20}", reply in r"([a-c请座é ,.\n]{0,3}){0,20}") {
            let edits = edits(&draft, &reply);
            prop_assert_eq!(apply(&draft, &edits), reply);
            prop_assert!(edits.windows(2).all(|pair| pair[0].span.end < pair[1].span.start));
        }
    }
}
