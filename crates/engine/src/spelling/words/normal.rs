//! The one spelling under which a word is looked up: composed accents, plain apostrophes and hyphens, nothing invisible.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// The word as dictionaries write it. Allocates only if something changes.
#[must_use]
pub(crate) fn normalised(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let plain: Cow<'_, str> = if word.contains(|c| !matches!(plain_form(c), PlainForm::Unchanged)) {
        let mut rewritten = String::with_capacity(word.len());
        for c in word.chars() {
            match plain_form(c) {
                PlainForm::Unchanged => rewritten.push(c),
                PlainForm::ReplacedBy(text) => rewritten.push_str(text),
            }
        }
        Cow::Owned(rewritten)
    } else {
        Cow::Borrowed(word)
    };
    if is_nfc_quick(plain.chars()) == IsNormalized::Yes { plain } else { Cow::Owned(plain.nfc().collect()) }
}

enum PlainForm {
    Unchanged,
    ReplacedBy(&'static str),
}

const fn plain_form(c: char) -> PlainForm {
    match c {
        // Soft hyphen, zero-width spaces and joiners, word joiner, byte order mark, marks of direction.
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => PlainForm::ReplacedBy(""),
        '\u{2018}' | '\u{2019}' | '\u{2BC}' => PlainForm::ReplacedBy("'"),
        '\u{2010}' | '\u{2011}' => PlainForm::ReplacedBy("-"),
        'ﬀ' => PlainForm::ReplacedBy("ff"),
        'ﬁ' => PlainForm::ReplacedBy("fi"),
        'ﬂ' => PlainForm::ReplacedBy("fl"),
        'ﬃ' => PlainForm::ReplacedBy("ffi"),
        'ﬄ' => PlainForm::ReplacedBy("ffl"),
        'ﬅ' | 'ﬆ' => PlainForm::ReplacedBy("st"),
        _ => PlainForm::Unchanged,
    }
}

/// The word without accents and cedillas, in small letters.
#[must_use]
pub(crate) fn unaccented(word: &str) -> String {
    word.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &str) {
        assert_eq!(normalised(word), expected, "{word:?}");
    }

    #[test]
    fn normalises() {
        check("plain", "plain");
        check("ação", "ação");
        check("ac\u{327}a\u{303}o", "ação");
        check("don\u{2019}t", "don't");
        check("so\u{AD}ft\u{200B}ware", "software");
        check("o\u{FB03}ce", "office");
        check("e\u{2011}mail", "e-mail");
    }

    #[test]
    fn drops_accents() {
        assert_eq!(unaccented("Ação"), "acao");
    }
}
