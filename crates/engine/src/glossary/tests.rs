//! Which words are found where, and which are near.

use proptest::prelude::*;

use super::{near::NearbyWords, *};

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

/// Checks which words are near, with more steps than it takes.
#[track_caller]
fn check_near(glossary: &Glossary, word: &str, expected: &[&str]) {
    let mut steps = u32::MAX;
    assert_eq!(
        glossary.similar_words(word, 5, &mut steps),
        NearbyWords { words: expected.to_vec(), cut: false },
        "{word}"
    );
}

#[test]
fn near_is_one_slip() {
    let glossary = Glossary::new(["FreteBox", "órbita", "abc"]);
    for word in ["Fretebx", "fretebocx", "fretebix", "FrteeBox", "FreteBoxx", "fretebox", "rfetebox", "freetbox"] {
        check_near(&glossary, word, &["FreteBox"]);
    }
    check_near(&glossary, "orbita", &["órbita"]);
    check_near(&glossary, "rbita", &["órbita"]);
    for word in ["frete", "fretebaax", "abd", "", "FreteBox"] {
        check_near(&glossary, word, &[]);
    }
}

/// All words that one slip makes into another, tried one by one.
#[test]
fn near_finds_every_slip_at_every_place() {
    for word in ["abcde", "abcdef", "áçñé", "aabba"] {
        let letters: Vec<char> = word.chars().collect();
        let glossary = Glossary::new([word]);
        let mut slips: Vec<Vec<char>> = Vec::new();
        for at in 0..=letters.len() {
            let (before, after) = letters.split_at(at);
            slips.push([before, &['x'], after].concat());
            if let [_, rest @ ..] = after {
                slips.extend([[before, rest].concat(), [before, &['x'], rest].concat()]);
            }
            if let [first, second, rest @ ..] = after {
                slips.push([before, &[*second, *first], rest].concat());
            }
        }
        for slip in slips.iter().filter(|slip| slip.len() >= 4 && **slip != letters) {
            check_near(&glossary, &slip.iter().collect::<String>(), &[word]);
        }
    }
}

/// A dictionary made to be slow: every word begins, or ends, as the typed one does.
#[test]
fn the_search_for_near_words_is_counted() {
    let filler = "a".repeat(40);
    let beginning: Vec<String> = (0..19_000).map(|number| format!("{filler}{number:05}{filler}")).collect();
    let ending: Vec<String> = beginning.iter().map(|word| word.chars().rev().collect()).collect();
    for words in [&beginning, &ending] {
        let glossary = Glossary::new(words);
        let mut steps = 5_000;
        assert!(glossary.similar_words(&filler, 5, &mut steps).cut);
        assert_eq!(steps, 3_000, "a word takes no more");
        let typed = words[0].replace("00000", "0000");
        let first = glossary.similar_words(&typed, 5, &mut { u32::MAX });
        assert_eq!(first, glossary.similar_words(&typed, 5, &mut { u32::MAX }), "counted, so always the same");
    }
    let glossary = Glossary::new((0..50_000).map(|number| format!("{}zol{number}x", number * 7919)));
    let mut steps = 100;
    assert!(!glossary.similar_words("received", 5, &mut steps).cut);
    assert!(steps > 90, "{steps} of 100 left of a usual search among 50,000");
}

#[test]
fn the_words_of_a_tenant_are_shared_by_its_agents() {
    let tenant = Glossary::new((0..1_000).map(|number| format!("word{number}")));
    let agent = tenant.with_words(["word7", "Zetta"]);
    assert!(Arc::ptr_eq(&tenant.lists[0], &agent.lists[0]));
    assert_eq!((agent.len(), agent.lists[1].len()), (1_001, 1), "what the tenant has the agent adds nothing to");
    assert!(Arc::ptr_eq(&tenant.lists[0], &tenant.with_words(["word7", " "]).lists[0]), "and nothing is laid over it");
}

proptest! {
    /// Two lists are as good as one of all their words.
    #[test]
    fn laid_over_is_as_merged(
        below in proptest::collection::vec("[abAB云 -]{1,5}", 0..12),
        above in proptest::collection::vec("[abAB云 -]{1,5}", 0..12),
        text in "[abAB云 .-]{0,40}",
    ) {
        let merged = Glossary::new(below.iter().chain(&above));
        let layered = Glossary::new(&below).with_words(&above);
        prop_assert_eq!(layered.len(), merged.len());
        prop_assert_eq!(layered.find(&text), merged.find(&text));
        for word in below.iter().chain(&above).map(String::as_str).chain(text.split(' ')) {
            prop_assert_eq!(layered.contains(word), merged.contains(word), "{}", word);
            let near = |glossary: &Glossary| format!("{:?}", glossary.similar_words(word, 3, &mut { u32::MAX }));
            prop_assert_eq!(near(&layered), near(&merged), "{}", word);
        }
    }
}

/// Words in a script without spaces can begin anywhere, so a word that nearly stands everywhere is compared everywhere.
#[test]
fn looking_for_words_ends_when_told() {
    let glossary = Glossary::new([format!("{}二", "一".repeat(63))]);
    let text = "一".repeat(10_000);
    let compared = std::cell::Cell::new(0);
    let found = glossary.find_while(&text, |bytes| {
        compared.set(compared.get() + bytes);
        compared.get() < 2_000
    });
    assert!(found.is_empty() && (2_000..2_200).contains(&compared.get()), "{compared:?}");
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
