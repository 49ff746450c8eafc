//! What a whole answer may be wrapped in: a pair of tags, a JSON object with one text, a fence, quotation marks.

use std::borrow::Cow;

use serde_json::Value;

/// The answer within its outermost wrapper; as it is, if it has none that the draft lacks.
pub(super) fn inner<'a>(draft: &str, text: &'a str) -> Cow<'a, str> {
    let draft = draft.trim();
    if let Some(inner) = within_tags(draft, text).or_else(|| within_fence(draft, text)) {
        return Cow::Borrowed(inner);
    }
    if let Some(inner) = within_json(draft, text) {
        return Cow::Owned(inner);
    }
    within_quotes(draft, text).map_or(Cow::Borrowed(text), Cow::Borrowed)
}

/// Names of tags that wrap answers: one of a pair may be missing.
const NAMES: &[&str] = &[
    "answer",
    "reply",
    "response",
    "output",
    "result",
    "message",
    "text",
    "final",
    "final_answer",
    "final_reply",
    "polished",
    "polished_reply",
    "revised",
    "rewritten",
    "rewrite",
    "solution",
    "assistant",
    "resposta",
    "回复",
    "答复",
    "answer_text",
    "final_output",
    "result_text",
    "email",
    "content",
];

fn within_tags<'a>(draft: &str, text: &'a str) -> Option<&'a str> {
    let opened = text.strip_prefix('<').and_then(|rest| {
        let end = rest.find('>').filter(|end| *end < 80)?;
        let name = rest[..end].split_whitespace().next()?;
        let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':'));
        (is_name && !draft.contains(&format!("<{name}"))).then_some((name, &rest[end + 1..]))
    });
    if let Some((name, rest)) = opened {
        let closing = format!("</{name}>");
        if let Some(inner) = rest.trim_end().strip_suffix(closing.as_str()) {
            return Some(inner);
        }
        // What follows the closing tag is not the answer.
        if NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return Some(rest.find(closing.as_str()).map_or(rest, |at| &rest[..at]));
        }
        return None;
    }
    // "Here you go: <answer>...</answer>", or a closing tag alone.
    NAMES.iter().find_map(|name| {
        let (open, closing) = (format!("<{name}>"), format!("</{name}>"));
        let end = text.rfind(&closing).filter(|_| !draft.contains(&closing))?;
        Some(text[..end].rfind(&open).map_or(&text[..end], |at| &text[at + open.len()..end]))
    })
}

fn within_fence<'a>(draft: &str, text: &'a str) -> Option<&'a str> {
    let rest = text.strip_prefix("```").filter(|_| !draft.contains("```"))?;
    let inner = rest.trim_end().strip_suffix("```")?;
    let (language, body) = inner.split_once('\n')?;
    (language.chars().all(|c| c.is_alphanumeric() || c == ' ') && !body.contains("```")).then_some(body)
}

/// Keys of the text, where an object has several.
const KEYS: &[&str] = &[
    "reply",
    "answer",
    "response",
    "text",
    "content",
    "message",
    "output",
    "result",
    "polished",
    "polished_reply",
    "rewritten",
    "revised",
    "final",
    "final_answer",
    "resposta",
    "回复",
];

fn within_json(draft: &str, text: &str) -> Option<String> {
    let begins = text.chars().next().filter(|c| matches!(c, '{' | '[' | '"'))?;
    if draft.starts_with(begins) {
        return None;
    }
    text_of(&serde_json::from_str(text).ok()?)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) => match values.as_slice() {
            [one] => text_of(one),
            _ => None,
        },
        Value::Object(members) => {
            let mut texts = members.values().filter(|value| value.is_string() || value.is_object());
            match (texts.next(), texts.next()) {
                (Some(only), None) => text_of(only),
                _ => KEYS.iter().find_map(|key| members.get(*key).and_then(Value::as_str)).map(str::to_owned),
            }
        }
        _ => None,
    }
}

const QUOTES: [(char, char); 6] = [('"', '"'), ('“', '”'), ('「', '」'), ('«', '»'), ('\'', '\''), ('‘', '’')];

fn within_quotes<'a>(draft: &str, text: &'a str) -> Option<&'a str> {
    let (open, close) = QUOTES.into_iter().find(|(open, _)| text.starts_with(*open))?;
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    let is_whole = !inner.contains(open) && (open == '\'' || open == '‘' || !inner.contains(close));
    (is_whole && !draft.starts_with(open) && !inner.is_empty()).then_some(inner)
}
