//! Labels that say who speaks or what follows: "assistant:", "Polished reply:", and the turns that a model invents: "Customer: Thank
//! you!". The words are those of the guard's lexicons.

use crate::polishing::guard;

/// The longest label, in bytes.
const LONGEST: usize = 48;

/// A label at the beginning of a text, and how many bytes it takes with its colon.
fn label(text: &str) -> Option<usize> {
    let begins =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '>' | '[' | '【'));
    let mut end = begins.len().min(LONGEST);
    while !begins.is_char_boundary(end) {
        end -= 1;
    }
    let colon = begins[..end].find([':', '：', '\n'])?;
    let name = begins[..colon].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | ']' | '】'));
    // On a line of its own only a speaker's name: "assistant".
    let is_line = begins[colon..].starts_with('\n');
    let is_label =
        guard::is_role(name) && (!is_line || matches!(name.to_ascii_lowercase().as_str(), "assistant" | "model"));
    let after = begins[colon..].chars().next().map_or(0, char::len_utf8);
    let rest = begins[colon + after..].trim_start_matches(['*', '_']);
    is_label.then(|| text.len() - rest.len())
}

/// The text without a label at its beginning, unless the draft has one there.
pub(super) fn without_label<'a>(draft: &str, text: &'a str) -> &'a str {
    match label(text) {
        Some(length) if label(draft).is_none() => text[length..].trim_start(),
        _ => text,
    }
}

/// The text up to the first line that another speaker begins, unless the draft has such lines.
pub(super) fn own_turn<'a>(draft: &str, text: &'a str) -> &'a str {
    match next_turn(draft, text) {
        Some(at) => text[..at].trim_end(),
        None => text,
    }
}

/// Where the first line begins that another speaker begins.
pub(super) fn next_turn(draft: &str, text: &str) -> Option<usize> {
    let is_turn = |line: &str| label(line).is_some() && !line.trim_start().starts_with('>');
    if draft.lines().any(is_turn) {
        return None;
    }
    let lines = text.match_indices('\n').map(|(at, _)| at);
    lines.filter(|at| !text[..*at].trim().is_empty()).find(|at| {
        let rest = &text[at + 1..];
        is_turn(&rest[..rest.find('\n').unwrap_or(rest.len())])
    })
}
