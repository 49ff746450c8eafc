//! Reads the items of a reviewer's answer. Models wrap JSON in fences, in prose, in an object of their own, put commas where none
//! belong and break lines in strings: all of that is read; what is no list of items is not. Pure.

use serde_json::{Map, Value};

use super::{DifferenceKind, Severity};
use crate::polishing::answer::without_thoughts;

/// One difference, as the model states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: DifferenceKind,
    pub(super) severity: Severity,
    /// Quoted from the draft; perhaps empty.
    pub(super) draft: String,
    /// Quoted from the rewrite; perhaps empty.
    pub(super) reply: String,
}

/// A longer answer is not read, in bytes: more than any list of differences between two replies.
const MAX_ANSWER: usize = 256 << 10;

/// In how many places of an answer JSON may be looked for.
const MAX_PLACES: usize = 64;

/// The items of an answer, perhaps none; `None` if it does not say. O(length), times the places where JSON might begin.
pub(super) fn parse(answer: &str) -> Option<Vec<Item>> {
    let answer = without_thoughts(answer);
    if answer.len() > MAX_ANSWER {
        return None;
    }
    match scan(answer) {
        Some(items) => Some(items),
        None => scan(&mended(answer)),
    }
}

/// All items of all JSON in a text. Of prose that quotes an empty list beside one with items, the items count.
fn scan(text: &str) -> Option<Vec<Item>> {
    let mut found: Option<Vec<Item>> = None;
    let mut at = 0;
    for _ in 0..MAX_PLACES {
        let Some(start) = text[at..].find(['[', '{']).map(|next| at + next) else { break };
        let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                at = start + values.byte_offset();
                if let Some(items) = items_of(&value) {
                    found.get_or_insert_default().extend(items);
                }
            }
            _ => at = start + 1,
        }
    }
    found
}

/// The items of a value that is a list of them, one of them, or an object that has such a list.
fn items_of(value: &Value) -> Option<Vec<Item>> {
    match value {
        Value::Array(values) => {
            let items: Vec<Item> = values.iter().filter_map(|value| item(value.as_object()?)).collect();
            (values.is_empty() || !items.is_empty()).then_some(items)
        }
        Value::Object(fields) => item(fields)
            .map(|item| vec![item])
            .or_else(|| fields.values().filter(|value| value.is_array()).find_map(items_of)),
        _ => None,
    }
}

fn item(fields: &Map<String, Value>) -> Option<Item> {
    let text = |names: &[&str]| names.iter().find_map(|name| fields.get(*name)).map(|value| value.as_str());
    let draft = text(&["draft", "draft_quote", "original", "source", "before"]);
    let reply = text(&["reply", "reply_quote", "rewrite", "rewritten", "after"]);
    if draft.is_none() && reply.is_none() {
        return None;
    }
    let quote = |text: Option<Option<&str>>| text.flatten().unwrap_or_default().to_owned();
    let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_ascii_lowercase();
    let kind = match word("kind").as_str() {
        "added" | "addition" | "add" => DifferenceKind::Added,
        "omitted" | "omission" | "removed" | "left out" | "missing" => DifferenceKind::Omitted,
        _ => DifferenceKind::Changed,
    };
    let severity = match word("severity").as_str() {
        "high" | "critical" | "severe" | "major" => Severity::High,
        _ => Severity::Low,
    };
    Some(Item { kind, severity, draft: quote(draft), reply: quote(reply) })
}

/// JSON as it was meant: no comma before a closing bracket, no line end or tab as such in a string.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    // Where, in `out`, a comma stands that nothing but white space follows.
    let mut comma = None;
    for c in text.chars() {
        if in_string {
            match c {
                '\n' => out.push_str("\\n"),
                '\r' => {}
                '\t' => out.push_str("\\t"),
                c => out.push(c),
            }
            in_string = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            ']' | '}' => {
                if let Some(at) = comma.take() {
                    out.remove(at);
                }
            }
            ',' => comma = Some(out.len()),
            c if c.is_whitespace() => {}
            _ => comma = None,
        }
        in_string = c == '"';
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answer: &str, expected: Option<&[(&str, &str)]>) {
        let found = parse(answer);
        let shown = found
            .as_ref()
            .map(|items| items.iter().map(|item| (item.draft.as_str(), item.reply.as_str())).collect::<Vec<_>>());
        assert_eq!(shown.as_deref(), expected, "{answer}");
    }

    #[test]
    fn items_are_read_in_whatever_they_are_wrapped() {
        let item = r#"{"kind":"changed","draft":"a","reply":"b","severity":"high"}"#;
        let one: Option<&[(&str, &str)]> = Some(&[("a", "b")]);
        check(&format!("[{item}]"), one);
        check(&format!("```json\n[{item}]\n```"), one);
        check(&format!("Here are the differences [all of them]:\n\n[{item}]\n\nI hope this helps."), one);
        check(&format!("<think>[] or [{{\"draft\":\"x\"}}]?</think>[{item}]"), one);
        check(&format!(r#"{{"items": [{item}]}}"#), one);
        check(&format!(r#"{{"note": "x", "differences": [{item}]}}"#), one);
        check(item, one);
        check(&format!("{item}\n{item}"), Some(&[("a", "b"), ("a", "b")]));
        check(&format!("The draft asks for [], but: [{item}]"), one);
        check(&format!("[{item},]"), one);
        check("[{\"kind\":\"changed\",\"draft\":\"a\nb\",\"reply\":\"c\\\"d\",}]", Some(&[("a\nb", "c\"d")]));
        check(r#"[{"original":"a","rewrite":"b"}]"#, one);
        check(r#"[{"kind":"omitted","draft":"a","reply":null}]"#, Some(&[("a", "")]));
        check(r#"[{"draft":"[[URL_1_x]] is here","reply":""}]"#, Some(&[("[[URL_1_x]] is here", "")]));
        // What is cut in the middle leaves what was whole.
        check(&format!("[{item}, {{\"kind\": \"cha"), one);
    }

    #[test]
    fn nothing_is_told_from_no_answer() {
        for nothing in ["[]", " [ ] ", "```\n[]\n```", r#"{"items": []}"#, "There is nothing: []"] {
            check(nothing, Some(&[]));
        }
        for none in ["", "none", "null", "{}", "[1, 2]", "[[]]", r#"{"ok": true}"#, "[[URL_1_x]]", "[", "\"[]\"x{"] {
            check(none, if none.contains("\"[]\"") { Some(&[]) } else { None });
        }
        check(&"[".repeat(100_000), None);
        check(&" ".repeat(MAX_ANSWER), None);
    }

    #[test]
    fn kinds_and_severities_have_their_words() {
        let read = |kind: &str, severity: &str| {
            let answer = format!(r#"[{{"kind":"{kind}","draft":"a","severity":"{severity}"}}]"#);
            parse(&answer).map(|items| (items[0].kind, items[0].severity))
        };
        assert_eq!(read("added", "high"), Some((DifferenceKind::Added, Severity::High)));
        assert_eq!(read("OMITTED", "High "), Some((DifferenceKind::Omitted, Severity::High)));
        assert_eq!(read("negation", "medium"), Some((DifferenceKind::Changed, Severity::Low)));
    }
}
