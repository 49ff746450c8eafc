//! Two values that changed places: "from 40 to 55 seats" became "from 55 to 40 seats". Each value that stands once in both texts
//! is known by the words and the values around it.

use std::collections::{HashMap, HashSet};

use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};
use crate::polishing::{
    guard::{MARK, is_han, reading::Reading},
    privacy::{MaskedPiece, ValueKind},
};

/// What stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token {
    /// A value of both texts, by its number.
    Value(usize),
    /// A value of one of them.
    Other,
    /// A word or a Han character that stands beside anything.
    Common(Script),
    /// Another, by its number in both texts.
    Word(u32, Script),
    /// The end of a clause.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Han,
    Spaced,
}

/// Numbers for words, so that they are compared fast.
#[derive(Default)]
struct WordNumbers<'t>(HashMap<&'t str, u32>);

impl<'t> WordNumbers<'t> {
    fn token(&mut self, word: &'t str, script: Script) -> Token {
        if COMMON.contains(&word) {
            return Token::Common(script);
        }
        let next = self.0.len() as u32;
        Token::Word(*self.0.entry(word).or_insert(next), script)
    }
}

/// How many tokens on each side tell a value.
const REACH: usize = 3;

/// The most values that are compared with each other: pairs are many.
const MAX_VALUES: usize = 60;

/// By how much two values must look like each other rather than like themselves.
const CLEARLY: usize = 2;

/// How many words a value tells that stands beside another: a day and its time.
const NEIGHBOUR: usize = 3;

/// Words that stand beside anything.
const COMMON: &[&str] = &["is", "are", "the", "a", "of", "and", "which", "o", "e", "de", "do", "da", "的", "是", "为"];

/// A token beside a value: on which side, and which.
type Beside = (bool, Token);

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let of_draft: HashMap<usize, usize> = pair.facts.pairs.iter().enumerate().map(|(id, pair)| (pair.0, id)).collect();
    let of_reply: HashMap<usize, usize> = pair.facts.pairs.iter().enumerate().map(|(id, pair)| (pair.1, id)).collect();
    let mut words = WordNumbers::default();
    let before = values(pair, pair.draft, pair.case.draft, &of_draft, &mut words);
    if before.len() < 2 {
        return Vec::new();
    }
    let after = values(pair, pair.reply, pair.case.reply, &of_reply, &mut words);
    let mut both: Vec<_> = before.iter().filter_map(|(id, value)| Some((*id, value, after.get(id)?))).collect();
    both.sort_unstable_by_key(|(id, ..)| *id);
    both.truncate(MAX_VALUES);
    // How much each value of the draft looks like each of the reply.
    let likeness: Vec<Vec<usize>> =
        both.iter().map(|(_, (_, one), _)| both.iter().map(|(_, _, (_, other))| alike(one, other)).collect()).collect();
    let mut places = Vec::new();
    for (one, (_, (one_span, _), _)) in both.iter().enumerate() {
        for (other, (_, (other_span, _), _)) in both.iter().enumerate().skip(one + 1) {
            let own = likeness[one][one] + likeness[other][other];
            let crossed = likeness[one][other] + likeness[other][one];
            if crossed >= own + CLEARLY && crossed >= own * 2 - own / 2 {
                places.push(Place { draft: vec![*one_span, *other_span], reply: Vec::new() });
            }
        }
    }
    places
}

/// How much stands beside both values; either list is sorted and has nothing twice.
fn alike(one: &[Beside], other: &[Beside]) -> usize {
    let weight = |(_, token): &Beside| if matches!(token, Token::Value(_)) { NEIGHBOUR } else { 1 };
    let mut rest = other.iter().peekable();
    let mut in_both = |beside: &&Beside| {
        while rest.next_if(|next| next < beside).is_some() {}
        rest.next_if(|next| next == beside).is_some()
    };
    one.iter().filter(|beside| in_both(beside)).map(weight).sum()
}

/// Values that stand once, with where they are and what is beside them, sorted.
fn values<'t>(
    pair: &Pair<'_>,
    reading: &Reading<'t>,
    masked: &str,
    ids: &HashMap<usize, usize>,
    words: &mut WordNumbers<'t>,
) -> HashMap<usize, (Span, Vec<Beside>)> {
    let tokens = tokens(pair, reading, masked, ids, words);
    let mut values = HashMap::new();
    let mut seen = HashSet::new();
    for (at, (token, span)) in tokens.iter().enumerate() {
        let Token::Value(value) = *token else { continue };
        if !seen.insert(value) {
            values.remove(&value);
            continue;
        }
        let after_han = at > 0 && matches!(tokens[at - 1].0, Token::Word(_, Script::Han) | Token::Common(Script::Han));
        let reach = if after_han { REACH + 1 } else { REACH };
        let told = |(token, _): &&(Token, Span)| matches!(token, Token::Word(..) | Token::Value(_));
        let in_clause = |(token, _): &&(Token, Span)| *token != Token::End;
        let before = tokens[..at].iter().rev().take(reach).take_while(in_clause).filter(told);
        let behind = tokens[at + 1..].iter().take(reach).take_while(in_clause).filter(told);
        let beside = before.map(|(token, _)| (false, *token)).chain(behind.map(|(token, _)| (true, *token)));
        let mut beside: Vec<Beside> = beside.collect();
        beside.sort_unstable();
        beside.dedup();
        values.insert(value, (*span, beside));
    }
    values
}

/// Ids of placeholders begin here: more facts are not compared.
const PLACEHOLDERS: usize = 1 << 20;

/// O(length).
fn tokens<'t>(
    pair: &Pair<'_>,
    reading: &Reading<'t>,
    masked: &str,
    ids: &HashMap<usize, usize>,
    words: &mut WordNumbers<'t>,
) -> Vec<(Token, Span)> {
    let text = reading.folded();
    let mut placeholders = pair.case.masking.pieces(masked).filter_map(|piece| match piece {
        MaskedPiece::Value { id, kind, .. } if kind != ValueKind::Markup => Some(PLACEHOLDERS + id),
        _ => None,
    });
    let mut facts = reading.facts.iter().enumerate().filter(|(_, fact)| fact.required).peekable();
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        while facts.next_if(|(_, fact)| fact.span.start < at).is_some() {}
        let rest = &text[at..];
        let (token, length) = if let Some((fact, value)) = facts.next_if(|(_, fact)| fact.span.start == at) {
            let token = ids.get(&fact).map_or(Token::Other, |id| Token::Value(*id));
            (Some(token), value.span.len().max(c.len_utf8()))
        } else if c == MARK {
            (Some(placeholders.next().map_or(Token::Other, Token::Value)), c.len_utf8())
        } else if is_han(c) {
            (Some(words.token(&rest[..c.len_utf8()], Script::Han)), c.len_utf8())
        } else if c.is_alphanumeric() {
            let length = rest.find(|c: char| !c.is_alphanumeric() || is_han(c)).unwrap_or(rest.len());
            (Some(words.token(&rest[..length], Script::Spaced)), length)
        } else {
            let ends = match c {
                '!' | '?' | ';' | '。' | '！' | '？' | '；' | '，' | '、' | '\n' => true,
                '.' | ',' => rest[1..].chars().next().is_none_or(char::is_whitespace),
                _ => false,
            };
            (ends.then_some(Token::End), c.len_utf8())
        };
        let end = at + length;
        if let Some(token) = token {
            let span = match token {
                Token::Value(_) => reading.span(at..end),
                _ => Span::new(0, 0),
            };
            tokens.push((token, span));
        }
        at = end;
    }
    tokens
}
