//! Takes a model's reasoning out of its answer. Pure.
//!
//! Models of many makes think aloud between tags before they answer; some servers send only the closing tag. So everything up
//! to the last closing tag is reasoning, and so is everything after an opening one that nothing closes.

const TAGS: [(&str, &str); 3] =
    [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>")];

/// The answer without reasoning and without white space around it.
#[must_use]
pub(crate) fn strip(answer: &str) -> &str {
    let last = TAGS.iter().filter_map(|(_, close)| answer.rfind(close).map(|at| at + close.len())).max();
    let rest = &answer[last.unwrap_or(0)..];
    let open = TAGS.iter().filter_map(|(open, _)| rest.find(open)).min();
    rest[..open.unwrap_or(rest.len())].trim()
}

/// What of an answer that is still being written may be shown: nothing of a thought, and nothing that may still turn out to be
/// the beginning of a tag. Returns the beginning of the visible part and its end, in bytes.
#[must_use]
pub(crate) fn visible_range(answer: &str) -> (usize, usize) {
    let last = TAGS.iter().filter_map(|(_, close)| answer.rfind(close).map(|at| at + close.len())).max().unwrap_or(0);
    let rest = &answer[last..];
    let start = last + (rest.len() - rest.trim_start().len());
    let open = TAGS.iter().filter_map(|(open, _)| rest.find(open)).min();
    let end = open.map_or(answer.len(), |at| last + at);
    let held = if open.is_none() { beginning_of_tag(&answer[start..end]) } else { 0 };
    (start.min(end), (end - held).max(start.min(end)))
}

/// How much of the end may begin a tag, in bytes.
fn beginning_of_tag(text: &str) -> usize {
    let begins = |length: &usize| {
        let tail = text.as_bytes().get(text.len() - length..).unwrap_or_default();
        TAGS.iter().any(|(open, close)| open.as_bytes().starts_with(tail) || close.as_bytes().starts_with(tail))
    };
    (1..=text.len().min("</reasoning>".len() - 1)).rev().find(begins).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_answer_is_left() {
        for (answer, expected) in [
            ("Hi.", "Hi."),
            ("<think>so\n</think>\n\nHi.", "Hi."),
            ("so</think>Hi.", "Hi."),
            ("<think>a</think>b<think>c</think> Hi. ", "Hi."),
            ("<think>never closed", ""),
            ("Hi.<think>more", "Hi."),
            ("<thinking>x</thinking>Hi", "Hi"),
            ("", ""),
        ] {
            assert_eq!(strip(answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn a_thought_is_never_visible() {
        let shown = |answer: &str| {
            let (start, end) = visible_range(answer);
            answer[start..end].to_owned()
        };
        assert_eq!(shown("<th"), "");
        assert_eq!(shown("<think>secret"), "");
        assert_eq!(shown("<think>secret</think> Hi"), "Hi");
        assert_eq!(shown("Hi <"), "Hi ");
        assert_eq!(shown("Hi </th"), "Hi ");
        assert_eq!(shown("a < b"), "a < b");
        assert_eq!(shown("  "), "");
    }
}
