//! Expressions of several words whose parts are no words of the language by themselves: `pro rata`, `per diem`, `home office`.
//! A part is right only where the whole expression stands around it, divided by blanks or hyphens. Knows no vocabulary.

use rustc_hash::FxHashMap;

use crate::text::Span;

/// Blanks in a row that still hold an expression together.
const MOST_BLANKS: usize = 3;

/// An expression seen from one of its parts.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Its number.
    expression: u32,
    /// Where the part begins in it, in bytes.
    start: u32,
}

/// The expressions of one language.
#[derive(Clone, Debug, Default)]
pub struct Expressions {
    /// In small letters, divided by single blanks.
    all: Vec<Box<str>>,
    /// Their parts of two letters or more, in small letters.
    by_part: FxHashMap<Box<str>, Vec<Place>>,
}

impl Expressions {
    /// Of the lines of supplements that hold a blank.
    #[must_use]
    pub fn new<'l>(lines: impl IntoIterator<Item = &'l str>) -> Self {
        let mut expressions = Self::default();
        for line in lines {
            let whole = line.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let expression = u32::try_from(expressions.all.len()).unwrap_or(u32::MAX);
            let mut start = 0;
            for part in whole.split(' ') {
                let place = Place { expression, start: u32::try_from(start).unwrap_or(u32::MAX) };
                // A hyphen or a stop in an entry divides its parts as it divides those of a text.
                let inner = part.trim_end_matches('.');
                let places = expressions.by_part.entry(inner.into()).or_default();
                places.push(place);
                start += part.len() + 1;
            }
            expressions.all.push(whole.into());
        }
        expressions
    }

    /// How many expressions hold a part, in small letters: what looking for it costs.
    #[must_use]
    pub(super) fn count_with(&self, part: &str) -> usize {
        self.by_part.get(part).map_or(0, Vec::len)
    }

    /// Whether the part at `span`, in small letters `part`, stands in one of its expressions.
    #[must_use]
    pub(super) fn surround(&self, text: &str, span: Span, part: &str) -> bool {
        self.by_part.get(part).is_some_and(|places| {
            places.iter().any(|place| {
                let whole = &*self.all[place.expression as usize];
                let (before, rest) = whole.split_at(place.start as usize);
                stands_before(&text[..span.start], before) && stands_after(&text[span.end..], &rest[part.len()..])
            })
        })
    }
}

/// Whether a text goes on like the rest of an expression, and the word ends there.
fn stands_after(text: &str, rest: &str) -> bool {
    follows(text.chars(), rest.chars())
}

/// Whether a text ends like the beginning of an expression, and the word begins there.
fn stands_before(text: &str, beginning: &str) -> bool {
    follows(text.chars().rev(), beginning.chars().rev())
}

/// Whether the characters of a text begin with those of a pattern, blanks being any few blanks or a hyphen.
fn follows(text: impl Iterator<Item = char>, pattern: impl Iterator<Item = char>) -> bool {
    let mut text = text.peekable();
    let mut last = None;
    for wanted in pattern {
        last = Some(wanted);
        if wanted != ' ' {
            if !text.next().is_some_and(|c| is_same_letter(c, wanted)) {
                return false;
            }
            continue;
        }
        let mut blanks = 0;
        while blanks < MOST_BLANKS && text.next_if(|c| c.is_whitespace()).is_some() {
            blanks += 1;
        }
        if blanks == 0 && text.next_if(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}')).is_none() {
            return false;
        }
    }
    // A sign such as `%` may touch what it belongs to.
    let open = last.is_some_and(|c| !c.is_alphanumeric());
    open || !text.peek().is_some_and(|c| c.is_alphanumeric())
}

fn is_same_letter(typed: char, wanted: char) -> bool {
    typed == wanted
        || typed.to_lowercase().eq([wanted])
        || wanted == '\'' && matches!(typed, '\u{2018}' | '\u{2019}' | '\u{2BC}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, part: &str, expected: bool) {
        let expressions = Expressions::new(["pro rata", "order à la carte", "et al.", "% off", "home office"]);
        let start = text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"));
        let span = Span::new(start, start + part.len());
        assert_eq!(expressions.surround(text, span, &part.to_lowercase()), expected, "{part} in {text}");
    }

    #[test]
    fn a_part_is_right_in_its_expression_only() {
        for text in ["pro rata", "Pro Rata.", "PRO RATA", "(pro-rata)", "pro\u{A0}rata", "a pro  rata refund"] {
            let part = if text.contains("RATA") { "RATA" } else { &text[text.find(['r', 'R']).unwrap_or(0)..] };
            let part = if text.contains("Rata") {
                "Rata"
            } else if text.contains("rata") {
                "rata"
            } else {
                part
            };
            check(text, part, true);
        }
        check("order à la carte", "carte", true);
        check("order à la carte", "order", true);
        check("Smith et al. say", "al", true);
        check("10% off", "off", true);
        check("10 % off", "off", true);
        check("home-office", "office", true);
        for (text, part) in [
            ("rata", "rata"),
            ("the rata", "rata"),
            ("pro, rata", "rata"),
            ("xpro rata", "rata"),
            ("pro ratas", "rata"),
            ("rata pro", "rata"),
            ("pro\n\n\n\nrata", "rata"),
            ("a la carte", "carte"),
            ("et al", "al"),
            ("lights off", "off"),
        ] {
            check(text, part, false);
        }
    }
}
