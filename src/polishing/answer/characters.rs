//! Characters that nobody types: controls, byte order marks, marks of direction, tags, the private use. And what a model has escaped
//! twice: `\n` in two characters, `&amp;`.

use std::borrow::Cow;

/// The answer without them, unless the draft has them, too.
pub(super) fn typed<'a>(draft: &str, answer: &'a str) -> Cow<'a, str> {
    if !answer.chars().any(is_untyped) {
        return Cow::Borrowed(answer);
    }
    let mut typed = String::with_capacity(answer.len());
    let mut in_flag = false;
    for c in answer.chars() {
        // The flags of England, Scotland and Wales are spelled in tags behind a black flag.
        in_flag = c == '\u{1F3F4}' || in_flag && is_tag(c);
        if c == '\r' && !draft.contains('\r') {
            continue;
        }
        if !is_untyped(c) || c == '\r' || in_flag || draft.contains(c) {
            typed.push(c);
        }
    }
    Cow::Owned(typed)
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0000}'..='\u{E007F}')
}

const fn is_untyped(c: char) -> bool {
    is_tag(c)
        || matches!(c,
            '\0'..='\u{8}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{200E}'
            | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{F0000}'..)
}

/// What is written in two characters for one, or as a reference.
const ESCAPES: [(&str, &str); 12] = [
    ("\\r\\n", "\n"),
    ("\\n", "\n"),
    ("\\t", " "),
    ("\\\"", "\""),
    ("\\'", "'"),
    ("&amp;", "&"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
];

/// The reply with escapes undone that the draft lacks; `None` where there are none.
pub(super) fn unescaped(draft: &str, reply: &str) -> Option<String> {
    let is_fresh = |escape: &&(&str, &str)| reply.contains(escape.0) && !draft.contains(escape.0);
    let fresh: Vec<_> = ESCAPES.iter().filter(is_fresh).collect();
    // A path of Windows may hold \n and \t.
    if fresh.is_empty() || draft.contains(":\\") {
        return None;
    }
    Some(fresh.into_iter().fold(reply.to_owned(), |text, (escape, plain)| text.replace(escape, plain)))
}
