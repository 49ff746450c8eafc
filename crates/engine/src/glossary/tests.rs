//! Which words are found where, and which are near.

use super::*;

/// Checks that the words are found at the places between `[` and `]`, and nowhere else.
#[track_caller]
fn check(words: &[&str], marked: &str) {
    let text = marked.replace(['[', ']'], "");
    let glossary = Glossary::new(words);
    let mut shown = String::new();
    let mut at = 0;
    for span in glossary.find(&text) {
        shown += &format!("{}[{}]", &text[at..span.start], span.slice(&text));
        at = span.end;
    }
    shown += &text[at..];
    assert_eq!(shown, marked);
}

#[test]
fn finds_words_in_their_cases() {
    check(&["fretebox"], "[fretebox], [Fretebox] and [FRETEBOX], [FreteBox] too");
    check(&["FreteBox"], "fretebox, Fretebox and [FRETEBOX], [FreteBox] too");
    check(&["FreteBox", "Fretebox"], "fretebox, [Fretebox], [FreteBox]");
    check(&["Órbita"], "a [Órbita], a [ÓRBITA], a órbita");
    check(&["Órbita"], "a [O\u{301}rbita] decomposed");
}

#[test]
fn a_word_ends_where_words_end() {
    check(&["box"], "[box] boxes inbox [box]-office [box]'s [Box].");
    check(&["box"], "box2 2box box\u{301} [box]");
    check(&["C3-PO"], "the [C3-PO] and the [C3-PO]-2");
    check(&["frete plus"], "o [frete plus] e o frete  plus, o [Frete Plus]");
    check(&["frete", "frete plus"], "o [frete plus], o [frete] mais");
}

#[test]
fn han_needs_no_space() {
    check(&["云图"], "我们的[云图]服务和[云图]");
    check(&["云图", "云图通"], "用[云图通]看[云图]");
    check(&["云图Pro"], "用[云图Pro]看，云图Prox");
}

#[test]
fn an_empty_glossary_finds_nothing() {
    check(&[], "any text");
    check(&["", "  "], "any text");
}

#[test]
fn contains_whole_words_only() {
    let glossary = Glossary::new(["FreteBox", "pix"]);
    for (word, contained) in [("FreteBox", true), ("FRETEBOX", true), ("fretebox", false), ("Pix", true), ("pi", false)]
    {
        assert_eq!(glossary.contains(word), contained, "{word}");
    }
}

#[test]
fn near_is_one_slip() {
    let glossary = Glossary::new(["FreteBox", "órbita", "abc"]);
    for word in ["Fretebx", "fretebocx", "fretebix", "FrteeBox", "FreteBoxx"] {
        assert_eq!(glossary.similar_words(word, 5), ["FreteBox"], "{word}");
    }
    assert_eq!(glossary.similar_words("fretebox", 5), ["FreteBox"]);
    assert_eq!(glossary.similar_words("orbita", 5), ["órbita"]);
    for word in ["frete", "fretebaax", "abd", "", "rbita", "FreteBox"] {
        let expected: &[&str] = if word == "rbita" { &["órbita"] } else { &[] };
        assert_eq!(glossary.similar_words(word, 5), expected, "{word}");
    }
}

#[test]
fn finds_in_any_text_without_a_panic() {
    let glossary = Glossary::new(["a", "İ", "ß", "云", "\u{301}", "e\u{301}"]);
    for text in ["İstanbul ß ẞ", "e\u{301}e", "\u{301}\u{301}", "a云a", "🇧🇷a", "ǅ"] {
        for span in glossary.find(text) {
            assert!(!span.slice(text).is_empty());
        }
    }
}
