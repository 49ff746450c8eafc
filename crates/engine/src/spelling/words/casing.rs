//! Letter case of words: how one is written, and how to write another the same way.

/// How the letters of a word are cased. Characters without case are ignored, as in Hunspell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    /// `word`, `2nd`: no capital.
    Lower,
    /// `Word`: the first letter only.
    Initial,
    /// `WORD`, `A`: every letter.
    AllCaps,
    /// `wOrd`, `iPhone`: capitals inside, none at the start.
    Mixed,
    /// `WoRd`, `WhatsApp`: capitals at the start and inside.
    MixedInitial,
}

/// How a word is cased.
#[must_use]
pub fn classify(word: &str) -> Casing {
    let (mut capitals, mut neutral, mut length) = (0_usize, 0_usize, 0_usize);
    for c in word.chars() {
        length += 1;
        if c.is_ascii_lowercase() {
            continue;
        }
        if c.is_uppercase() {
            capitals += 1;
        } else if !c.is_lowercase() {
            neutral += 1;
        }
    }
    let first = word.chars().next().is_some_and(char::is_uppercase);
    match capitals {
        0 => Casing::Lower,
        1 if first && length > 1 => Casing::Initial,
        _ if capitals + neutral == length => Casing::AllCaps,
        _ if first => Casing::MixedInitial,
        _ => Casing::Mixed,
    }
}

/// The word with its first letter as a capital.
#[must_use]
pub(crate) fn capitalised(word: &str) -> String {
    let mut capitalised = String::with_capacity(word.len());
    capitalise_into(word, &mut capitalised);
    capitalised
}

/// Writes the word with its first letter as a capital at the end of `out`.
pub(crate) fn capitalise_into(word: &str, out: &mut String) {
    let mut rest = word.chars();
    if let Some(first) = rest.next() {
        out.extend(first.to_uppercase());
        out.push_str(rest.as_str());
    }
}

/// A word in small letters, written in the case of another; names keep their own.
#[must_use]
pub(crate) fn in_case_of(lower: &str, casing: Casing) -> String {
    match casing {
        Casing::Initial => capitalised(lower),
        Casing::AllCaps => lower.to_uppercase(),
        Casing::Lower | Casing::Mixed | Casing::MixedInitial => lower.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Casing) {
        assert_eq!(classify(word), expected, "{word}");
    }

    #[test]
    fn tells_cases_apart() {
        check("", Casing::Lower);
        check("word", Casing::Lower);
        check("2nd", Casing::Lower);
        check("Word", Casing::Initial);
        check("Ação", Casing::Initial);
        check("WORD", Casing::AllCaps);
        check("A", Casing::AllCaps);
        check("NF-E", Casing::AllCaps);
        check("iPhone", Casing::Mixed);
        check("WhatsApp", Casing::MixedInitial);
    }
}
