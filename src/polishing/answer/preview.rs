//! What of an answer that is still being written may be shown: nothing of a thought, and nothing that may still turn out to be no part of
//! the reply. A function of what there is alone, so that it does not matter how an answer is cut into pieces.

use super::{labels, thoughts, tokens};
use crate::polishing::guard;

/// How much of the beginning is held back until it is clear that it speaks of no reply, in bytes.
const LONGEST_OPENING: usize = 120;

/// The longest tag or token that is waited for, in bytes.
const LONGEST_TAG: usize = 48;

/// The longest last line that may become a label, in bytes.
const LONGEST_LABEL: usize = 24;

/// The visible part of an answer to a draft: its beginning and its end, in bytes.
#[must_use]
pub(crate) fn visible_range(draft: &str, answer: &str) -> (usize, usize) {
    let (from, to) = thoughts::outside(draft, answer);
    let (first, last) = tokens::outside(draft, &answer[from..to]);
    let (mut start, mut end) = (from + first, from + last);
    start += answer[start..end].len() - answer[start..end].trim_start().len();
    if from == 0 && thoughts::may_begin(&answer[start..end]) && !thoughts::may_begin(draft.get(..20).unwrap_or(draft)) {
        return (start, start);
    }
    let opened = opening(draft, &answer[start..end]);
    let Some(opened) = opened else { return (start, start) };
    start += opened;
    if let Some(turn) = labels::next_turn(draft, &answer[start..end]) {
        return (start, start + turn);
    }
    // A closing tag that the draft lacks ends a wrapper.
    if let Some(at) = answer[start..end].find("</").filter(|_| !draft.contains("</")) {
        return (start, start + at);
    }
    end -= held(draft, &answer[start..end], end == answer.len());
    (start, end.max(start))
}

/// How much of the beginning is no reply, in bytes; `None` while that is not clear.
fn opening(draft: &str, text: &str) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let first = text.chars().next()?;
    if draft.trim_start().starts_with(first) && !first.is_alphabetic() {
        return Some(0);
    }
    match first {
        // A wrapper: nothing is shown of JSON; a tag, a fence and a quotation mark are skipped.
        '{' => return None,
        '<' => {
            let is_tag = text[1..].starts_with(|c: char| c.is_alphabetic() || c == '/');
            return match text.find('>') {
                Some(end) if is_tag && end < LONGEST_TAG => opening(draft, &text[end + 1..]).map(|more| end + 1 + more),
                None if is_tag && text.len() < LONGEST_TAG => None,
                _ => Some(0),
            };
        }
        '`' if text.starts_with("```") || "```".starts_with(text) => {
            return text.find('\n').map(|end| end + 1);
        }
        '"' | '“' | '「' | '«' => return Some(first.len_utf8()),
        c if c.is_whitespace() => {
            return opening(draft, text.trim_start()).map(|more| text.len() - text.trim_start().len() + more);
        }
        _ => {}
    }
    // "Certainly! Here you go:", "Polished reply:".
    let mut limit = text.len().min(LONGEST_OPENING);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let head = &text[..limit];
    if !guard::may_open(head) || guard::may_open(draft) {
        return Some(0);
    }
    let Some(end) = head.find([':', '：', '\n']) else {
        return (text.len() >= LONGEST_OPENING || ends_sentences(head)).then_some(0);
    };
    let mark = head[end..].chars().next().map_or(0, char::len_utf8);
    Some(if guard::is_opening(&head[..end]) { end + mark } else { 0 })
}

/// Whether two sentences have ended: no announcement is so long.
fn ends_sentences(text: &str) -> bool {
    text.matches(['.', '!', '?', '。', '！', '？']).count() >= 2
}

/// How much of the end may be the beginning of what is no reply, in bytes.
fn held(draft: &str, text: &str, is_end: bool) -> usize {
    if !is_end {
        return 0;
    }
    let tail = text.floor_char_boundary(text.len().saturating_sub(LONGEST_TAG));
    let opens = |(_, c): &(usize, char)| matches!(c, '<' | '[' | '◁' | '⟨' | '〈' | '【' | '`');
    let open = text[tail..].char_indices().rfind(opens).map(|(at, _)| tail + at);
    let tag = open.filter(|at| {
        let rest = &text[*at..];
        let inner = rest.trim_start_matches(['<', '[', '◁', '⟨', '〈', '【', '`']);
        !rest.contains(['>', ']', '▷', '⟩', '〉', '】'])
            && !inner.starts_with(|c: char| c.is_whitespace() || c.is_ascii_digit())
    });
    // Of several brackets in a row the first.
    let tag = tag.map(|at| text[..at].trim_end_matches(['<', '[', '`']).len());
    let line = text.rfind('\n').map(|at| at + 1).filter(|at| {
        let last = &text[*at..];
        let is_short = last.len() <= LONGEST_LABEL && !draft.contains(last.trim());
        is_short && last.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '*' | '#')) && !last.trim().is_empty()
    });
    let first = [tag, line].into_iter().flatten().min();
    first.map_or(0, |at| text.len() - at)
}
