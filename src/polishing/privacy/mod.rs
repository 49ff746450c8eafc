//! Keeps back what a model need not see: links, addresses, numbers of people and accounts, variables and what the client or
//! the operator protects leave as typed placeholders and come back unchanged. Pure; knows no model.
//!
//! A placeholder is `[[KIND_N_nonce]]`. The nonce is new for each call and not in the text, so nothing that a customer wrote
//! can pass for one. The same value gets the same placeholder wherever it stands, in the draft and in the turns.

mod detect;
mod digits;
mod patterns;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::HashMap};

pub(crate) use detect::detect;
pub use patterns::{PatternError, Patterns};

use strum::{IntoStaticStr, VariantArray};
use vermilion_engine::text::Span;

/// What a masked value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ValueKind {
    /// A web address.
    Url,
    /// An e-mail address.
    EmailAddress,
    /// A telephone number.
    PhoneNumber,
    /// A payment card's number with a right check digit.
    CardNumber,
    /// An international bank account number with right check digits.
    Iban,
    /// CPF, CNPJ, a Chinese resident id, a US social security number.
    NationalId,
    /// An order number, a tracking code, a file name: letters with digits, or many digits.
    Code,
    /// `@someone` or `#topic`.
    Mention,
    /// A template variable.
    Placeholder,
    /// Found by a pattern of the operator's.
    Custom,
    /// Named by the client.
    Protected,
    /// Tags of an HTML draft, and what is not prose in it. Not counted as masked.
    Markup,
}

impl ValueKind {
    /// Its stable name, part of the API and of placeholders.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything that is found.
    All,
    /// Only what must not change in any case: variables, protected ranges, markup, the operator's patterns. For models in
    /// the operator's own house.
    Fixed,
}

/// What is kept from the model.
#[derive(Clone, Debug)]
pub struct MaskingPolicy {
    /// How much.
    pub scope: Scope,
    /// The operator's patterns.
    pub patterns: Patterns,
}

/// The masking of one call: hands out placeholders and takes them back.
#[derive(Debug)]
pub struct Masking {
    nonce: String,
    /// How every placeholder ends.
    ending: String,
    /// The length of the longest placeholder, in bytes.
    longest: usize,
    values: Vec<MaskedValue>,
    known: HashMap<(ValueKind, String), usize>,
}

#[derive(Debug)]
struct MaskedValue {
    placeholder: String,
    kind: ValueKind,
    text: String,
}

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// What may leave.
    pub text: String,
    /// How many values of each kind were masked, ascending by kind; markup is not among them.
    pub counts: Vec<(ValueKind, usize)>,
}

impl Masking {
    /// With a nonce of lower-case letters and digits that `texts` do not hold; `random` makes candidates.
    #[must_use]
    pub fn new(texts: &[&str], mut random: impl FnMut() -> u64) -> Self {
        let mut nonce = base36(random());
        // Each candidate is found in a text by chance once in millions; a text cannot hold them all.
        while texts.iter().any(|text| text.contains(&nonce)) {
            nonce.push_str(&base36(random()));
        }
        Self { ending: format!("_{nonce}]]"), nonce, longest: 0, values: Vec::new(), known: HashMap::new() }
    }

    /// The nonce: also what delimits data in a prompt.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Replaces what is found in `text`, and `fixed` ranges before all else. O(length), times the number of patterns.
    pub fn mask(&mut self, text: &str, fixed: &[(Span, ValueKind)], patterns: &Patterns, scope: Scope) -> Masked {
        let mut masked = String::with_capacity(text.len());
        let mut counts: Vec<(ValueKind, usize)> = Vec::new();
        let mut done = 0;
        for found in detect::all(text, fixed, patterns, scope) {
            masked.push_str(&text[done..found.span.start]);
            masked.push_str(self.placeholder(found.kind, found.span.slice(text)));
            done = found.span.end;
            if found.kind == ValueKind::Markup {
                continue;
            }
            match counts.iter_mut().find(|(kind, _)| *kind == found.kind) {
                Some((_, count)) => *count += 1,
                None => counts.push((found.kind, 1)),
            }
        }
        masked.push_str(&text[done..]);
        counts.sort_unstable();
        Masked { text: masked, counts }
    }

    fn placeholder(&mut self, kind: ValueKind, value: &str) -> &str {
        let next = self.values.len();
        // Each piece of markup has its place; two that read the same are still two.
        let key = if kind == ValueKind::Markup { format!("{next}") } else { value.to_owned() };
        let at = *self.known.entry((kind, key)).or_insert(next);
        if at == next {
            let placeholder = format!("[[{}_{}{}", kind.name(), next + 1, self.ending);
            self.longest = self.longest.max(placeholder.len());
            self.values.push(MaskedValue { placeholder, kind, text: value.to_owned() });
        }
        &self.values[at].placeholder
    }

    /// The text with its values back. What only looks like a placeholder stays as it is: the guard refuses it.
    #[must_use]
    pub fn restore(&self, text: &str) -> String {
        self.restore_with(text, |_, value| value.to_owned())
    }

    /// As [`Masking::restore`], each value as `write` gives it.
    pub(crate) fn restore_with(&self, text: &str, write: impl Fn(ValueKind, &str) -> String) -> String {
        let mut restored = String::with_capacity(text.len());
        for piece in self.pieces(text) {
            match piece {
                MaskedPiece::Text(text) => restored.push_str(text),
                MaskedPiece::Value { kind, value, .. } => restored.push_str(&write(kind, value)),
            }
        }
        restored
    }

    /// The text divided at its placeholders.
    pub fn pieces<'t>(&'t self, text: &'t str) -> impl Iterator<Item = MaskedPiece<'t>> {
        let mut rest = text;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            match self.next_placeholder(rest) {
                Some((0, at)) => {
                    let value = &self.values[at];
                    rest = &rest[value.placeholder.len()..];
                    Some(MaskedPiece::Value { id: at, kind: value.kind, value: &value.text })
                }
                found => {
                    let (text, after) = rest.split_at(found.map_or(rest.len(), |(start, _)| start));
                    rest = after;
                    Some(MaskedPiece::Text(text))
                }
            }
        })
    }

    /// How many bytes a piece takes in the masked text.
    #[must_use]
    pub(crate) fn piece_len(&self, piece: MaskedPiece<'_>) -> usize {
        match piece {
            MaskedPiece::Text(text) => text.len(),
            MaskedPiece::Value { id, .. } => self.values.get(id).map_or(0, |value| value.placeholder.len()),
        }
    }

    /// Where the next placeholder of this call begins, and which it is.
    fn next_placeholder(&self, text: &str) -> Option<(usize, usize)> {
        // One bracket more may stand before a placeholder: `[[[URL_1_nonce]]` begins at its second.
        text.match_indices('[').filter(|(start, _)| text[start + 1..].starts_with('[')).find_map(|(start, _)| {
            let tail = &text[start..text.floor_char_boundary(start + self.longest)];
            let end = tail.find("]]")? + 2;
            let number = tail[..end].strip_suffix(&self.ending)?.rsplit('_').next()?;
            let at = number.parse::<usize>().ok()?.checked_sub(1)?;
            (self.values.get(at)?.placeholder == tail[..end]).then_some((start, at))
        })
    }

    /// How much of the end of `text` may be the beginning of a placeholder, also of one that the model invents, that is not all there
    /// yet, in bytes.
    #[must_use]
    pub(crate) fn unfinished(&self, text: &str) -> usize {
        let tail = text.ceil_char_boundary(text.len().saturating_sub(self.longest.max(LONGEST_INVENTED)));
        let opened = text[tail..].rfind("[[").map(|at| tail + at).filter(|start| {
            let inner = &text[start + 2..];
            inner.strip_suffix(']').unwrap_or(inner).bytes().all(is_name_byte)
        });
        let opens = || text.ends_with('[').then(|| text.len() - 1);
        let begun = (text.len() + 1).saturating_sub(self.ending.len());
        let ends = || (begun..text.len()).find(|&start| self.ending.as_bytes().starts_with(&text.as_bytes()[start..]));
        opened.or_else(opens).or_else(ends).map_or(0, |start| text.len() - start)
    }

    /// Text between placeholders without those that the model invented: they end as ours do, and stand for nothing.
    #[must_use]
    pub(crate) fn without_invented<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(mut end) = text.find(&self.ending) else { return text.into() };
        let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
        loop {
            let start = rest[..end].rfind("[[").filter(|start| rest[start + 2..end].bytes().all(is_name_byte));
            kept.push_str(&rest[..start.unwrap_or(end)]);
            rest = &rest[end + self.ending.len()..];
            match rest.find(&self.ending) {
                Some(next) => end = next,
                None => return (kept + rest).into(),
            }
        }
    }
}

/// The longest placeholder that a model invents and that is waited for, in bytes.
const LONGEST_INVENTED: usize = 48;

/// Whether it may be of a placeholder's name.
const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A part of a masked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskedPiece<'t> {
    /// What stands for itself.
    Text(&'t str),
    /// What stands for a value.
    Value {
        /// Which: equal for equal values of a call.
        id: usize,
        /// What it is.
        kind: ValueKind,
        /// What it stands for.
        value: &'t str,
    },
}

fn base36(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    // A letter first, so that a model is not tempted to read a number.
    let mut text = String::from("x");
    for _ in 0..5 {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        text.push(char::from(DIGITS[digit]));
        number /= 36;
    }
    text
}
