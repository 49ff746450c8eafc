//! An answer that is there twice: some models write it again, and the last event of some streams repeats the whole.

/// The most white space between both copies, in bytes.
const MOST_BETWEEN: usize = 16;

/// The shortest answer that is looked at, in bytes: "no, no" is no copy.
const SHORTEST: usize = 24;

/// One of two equal halves; the text, if they are not equal, or the draft is there twice, too.
pub(super) fn once<'a>(draft: &str, text: &'a str) -> &'a str {
    match half(text) {
        Some(first) if half(draft.trim()).is_none() => first,
        _ => text,
    }
}

fn half(text: &str) -> Option<&str> {
    if text.len() < SHORTEST {
        return None;
    }
    (0..=MOST_BETWEEN).filter(|between| (text.len() - between).is_multiple_of(2)).find_map(|between| {
        let end = (text.len() - between) / 2;
        let (first, middle, second) = (text.get(..end)?, text.get(end..end + between)?, text.get(end + between..)?);
        (first == second && middle.trim().is_empty()).then_some(first)
    })
}
