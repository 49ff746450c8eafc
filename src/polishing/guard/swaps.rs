//! Two values that changed places: "from 40 to 55 seats" became "from 55 to 40 seats". Each value that stands once in both texts
//! is known by the words around it. Pure.

use std::collections::{HashMap, HashSet};

use super::is_han;

/// What stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    /// A placeholder or a number.
    Value(&'t str),
    /// A word, or a Han character.
    Word(&'t str),
    /// The end of a clause.
    End,
}

/// Of folded text. O(length).
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = |inside: &dyn Fn(char) -> bool| rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let (token, length) = if let Some(length) = placeholder(rest) {
            (Some(Token::Value(&rest[..length])), length)
        } else if c.is_ascii_digit() {
            let length = run(&|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '/'));
            let length = rest[..length].trim_end_matches(|c: char| !c.is_ascii_digit()).len();
            (Some(Token::Value(&rest[..length])), length)
        } else if is_han(c) {
            (Some(Token::Word(&rest[..c.len_utf8()])), c.len_utf8())
        } else if c.is_alphabetic() {
            let length = run(&|c| c.is_alphabetic() && !is_han(c));
            (Some(Token::Word(&rest[..length])), length)
        } else {
            let ends = match c {
                '!' | '?' | ';' | '。' | '！' | '？' | '；' | '，' | '、' | '\n' => true,
                '.' | ',' => rest[1..].chars().next().is_none_or(char::is_whitespace),
                _ => false,
            };
            (ends.then_some(Token::End), c.len_utf8())
        };
        tokens.extend(token);
        rest = &rest[length..];
    }
    tokens
}

/// In bytes, with room for a long nonce.
const LONGEST_PLACEHOLDER: usize = 100;

/// The length of the placeholder that the text begins with.
fn placeholder(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("[[")?;
    let inner = &inner[..inner.floor_char_boundary(LONGEST_PLACEHOLDER.min(inner.len()))];
    Some(inner.find("]]")? + "[[]]".len())
}

/// How many tokens on each side tell a value.
const REACH: usize = 3;

/// The most values that are compared with each other: pairs are many.
const MAX_VALUES: usize = 60;

/// By how much two values must look like each other rather than like themselves.
const CLEARLY: usize = 2;

/// Words that stand beside anything.
const COMMON: &[&str] = &["is", "are", "the", "a", "of", "and", "which", "o", "e", "de", "do", "da", "的", "是", "为"];

/// A token beside a value: on which side, and which.
type Beside<'t> = (bool, &'t str);

fn beside(side: bool, token: Token<'_>) -> Option<Beside<'_>> {
    match token {
        Token::Word(word) if !COMMON.contains(&word) => Some((side, word)),
        _ => None,
    }
}

/// Values that stand once, with what is beside them.
fn values(text: &str) -> HashMap<&str, HashSet<Beside<'_>>> {
    let tokens = tokens(text);
    let mut values = HashMap::new();
    let mut seen = HashSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Value(value) = *token else { continue };
        if !seen.insert(value) {
            values.remove(value);
            continue;
        }
        let after_han = at > 0 && matches!(tokens[at - 1], Token::Word(word) if word.contains(is_han));
        let reach = if after_han { REACH + 1 } else { REACH };
        let in_clause = |token: &&Token<'_>| **token != Token::End;
        let before =
            tokens[..at].iter().rev().take(reach).take_while(in_clause).filter_map(|token| beside(false, *token));
        let behind = tokens[at + 1..].iter().take(reach).take_while(in_clause).filter_map(|token| beside(true, *token));
        values.insert(value, before.chain(behind).collect());
    }
    values
}

/// How many pairs of values changed places. Both folded; O(values^2), of which there are at most [`MAX_VALUES`].
pub(super) fn count(draft: &str, reply: &str) -> usize {
    let before = values(draft);
    if before.len() < 2 {
        return 0;
    }
    let after = values(reply);
    let mut both: Vec<_> =
        before.iter().filter_map(|(value, beside)| Some((value, beside, after.get(value)?))).collect();
    both.sort_unstable_by_key(|(value, ..)| **value);
    both.truncate(MAX_VALUES);
    let alike = |one: &HashSet<Beside<'_>>, other: &HashSet<Beside<'_>>| one.intersection(other).count();
    let mut swapped = 0;
    for (at, (_, before, after)) in both.iter().enumerate() {
        for (_, other_before, other_after) in &both[at + 1..] {
            let own = alike(before, after) + alike(other_before, other_after);
            let crossed = alike(before, other_after) + alike(other_before, after);
            swapped += usize::from(crossed >= own + CLEARLY);
        }
    }
    swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(draft: &str, reply: &str, expected: bool) {
        assert_eq!(count(draft, reply) > 0, expected, "{draft} / {reply}");
    }

    #[test]
    fn values_keep_their_places() {
        check("seats go from 40 to 55 in may", "in may the seats will go from 55 to 40.", true);
        check("seats go from 40 to 55 in may", "the seats will go from 40 to 55 in may.", false);
        check("size 42 sent, size 43 ordered", "we sent size 42; you ordered size 43.", false);
        check("猫60元一天，小型犬80元一天", "小型犬80元一天，猫咪60元一天", false);
        check("定金30元，押金100元", "定金100元，押金30元", true);
        check("log in at [[url_1_x]], pay at [[url_2_x]]", "please log in at [[url_2_x]] and pay at [[url_1_x]]", true);
    }
}
