//! Takes out of a model's answer what is no part of a reply: thoughts, the tokens of models, wrappers, labels of speakers and the turns
//! that a model invents, what it says about itself, a second copy, characters that nobody types. Where it is certain; what is not is
//! refused by the guard. Pure.
//!
//! The rule of thumb: structure that the draft lacks is no part of a reply. Whatever is taken out here is kept where the draft has it,
//! too.

mod characters;
mod frame;
mod labels;
mod preview;
mod thoughts;
mod tokens;
mod twice;
mod wrappers;

use std::borrow::Cow;

pub(crate) use frame::trimmed;
pub(crate) use preview::visible_range;

/// How often wrappers may lie in each other.
const MAX_WRAPPERS: usize = 4;

/// The reply of an answer to a draft, without white space around it. O(length).
#[must_use]
pub(crate) fn clean<'a>(draft: &str, answer: &'a str) -> Cow<'a, str> {
    let answer = characters::typed(draft, answer);
    let reply = match &answer {
        Cow::Borrowed(text) => body(draft, text),
        Cow::Owned(text) => Cow::Owned(body(draft, text).into_owned()),
    };
    match characters::unescaped(draft, &reply) {
        Some(unescaped) => Cow::Owned(unescaped),
        None => reply,
    }
}

/// An answer that is no reply to a draft, without thoughts and the tokens of models.
#[must_use]
pub(crate) fn without_thoughts(answer: &str) -> &str {
    tokens::strip("", thoughts::strip("", answer))
}

fn body<'a>(draft: &str, answer: &'a str) -> Cow<'a, str> {
    let mut text: Cow<'a, str> = Cow::Borrowed(tokens::strip(draft, thoughts::strip(draft, answer)));
    for _ in 0..MAX_WRAPPERS {
        let before = text.len();
        text = match text {
            Cow::Borrowed(inner) => unwrap(draft, inner),
            Cow::Owned(inner) => Cow::Owned(unwrap(draft, &inner).into_owned()),
        };
        if text.len() == before {
            break;
        }
    }
    match text {
        Cow::Borrowed(inner) => Cow::Borrowed(twice::once(draft, labels::own_turn(draft, inner))),
        Cow::Owned(inner) => Cow::Owned(twice::once(draft, labels::own_turn(draft, &inner)).to_owned()),
    }
}

fn unwrap<'a>(draft: &str, text: &'a str) -> Cow<'a, str> {
    match wrappers::inner(draft, labels::without_label(draft, text.trim())) {
        Cow::Borrowed(inner) => Cow::Borrowed(inner.trim()),
        Cow::Owned(inner) => Cow::Owned(inner.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests;
