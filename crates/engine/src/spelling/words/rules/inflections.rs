//! Regular forms of words that the lexicons or the supplements have in another form: plurals and verb forms of English (`desyncs`,
//! `backorders`), nouns of verbs in -ize, adjectives in -less, and in -able behind a prefix; forms of Portuguese verbs in -ar (`printei`, `deduplique`).
//!
//! A base is only proposed here; the caller asks whether it is a word, and whether what is formed is unlike a frequent word.

/// Letters of a formed word, at least.
const MIN_LETTERS: usize = 6;

/// Letters of a base, at least.
const MIN_BASE_LETTERS: usize = 4;

/// Endings of English with what the base has instead. Consonants that are doubled are undone (`debugged`).
const ENGLISH_FORMS: &[(&str, &[&str])] = &[
    ("ies", &["y"]),
    ("es", &["e", ""]),
    ("s", &[""]),
    ("ied", &["y"]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("izer", &["ize"]),
    ("izers", &["ize"]),
    ("ization", &["ize"]),
    ("izations", &["ize"]),
    ("iser", &["ise"]),
    ("isers", &["ise"]),
    ("isation", &["ise"]),
    ("isations", &["ise"]),
];

/// Endings that make adjectives of frequent words.
const ENGLISH_ADJECTIVES: &[(&str, &[&str])] = &[("less", &[""])];

/// Those that do so behind a prefix only (`unskippable`): `resistable` and its like are slips.
const PREFIXED_ADJECTIVES: &[(&str, &[&str])] = &[("able", &["", "e"])];

/// How verbs end that form no past in -ed.
const IRREGULAR_VERBS: &[&str] = &[
    "bear", "begin", "bind", "blow", "break", "bring", "build", "buy", "cast", "catch", "choose", "come", "cost",
    "cut", "deal", "do", "draw", "drink", "drive", "eat", "fall", "feed", "feel", "fight", "find", "fly", "forget",
    "freeze", "get", "give", "go", "grow", "hang", "hear", "hide", "hit", "hold", "hurt", "keep", "know", "lay",
    "lead", "leave", "lend", "let", "lose", "make", "mean", "meet", "pay", "put", "quit", "read", "ride", "ring",
    "rise", "run", "say", "see", "seek", "sell", "send", "set", "shake", "shoot", "shut", "sing", "sit", "sleep",
    "speak", "spend", "spin", "split", "spread", "stand", "steal", "stick", "strike", "swear", "sweep", "swim",
    "swing", "take", "teach", "tear", "tell", "think", "throw", "wake", "wear", "win", "wind", "write",
];

/// Bases, likeliest first, of which a word in small letters is a plural, a verb form or a noun.
pub(super) fn english_bases(lower: &str) -> impl Iterator<Item = String> {
    bases(lower, ENGLISH_FORMS)
        .filter(|(base, ending)| match *ending {
            "s" => !base.ends_with(['s', 'x', 'z']) && !ends_in_consonant_and_y(base),
            "es" => base.ends_with(['e', 's', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh"),
            "ed" => !IRREGULAR_VERBS.iter().any(|verb| base.ends_with(verb)) && !ends_in_consonant_and_y(base),
            _ => true,
        })
        .map(|(base, _)| base)
}

/// Bases of which a word in small letters is an adjective (`tokenless`).
pub(super) fn english_adjective_bases(lower: &str) -> impl Iterator<Item = String> {
    bases(lower, ENGLISH_ADJECTIVES).map(|(base, _)| base)
}

/// Bases of which what stands behind a prefix is a form or an adjective (`reseated`, `unskippable`).
pub(super) fn english_bases_after_prefix(lower: &str) -> impl Iterator<Item = String> {
    let adjectives = bases(lower, PREFIXED_ADJECTIVES).map(|(base, _)| base);
    english_bases(lower).chain(adjectives)
}

/// Endings of the regular verbs in -ar.
const AR_ENDINGS: &[&str] = &[
    "a", "as", "amos", "ámos", "am", "o", "ei", "ou", "aram", "ava", "avas", "ávamos", "avam", "ará", "arei", "aremos",
    "arão", "aria", "aríamos", "ariam", "e", "es", "emos", "em", "asse", "assem", "ássemos", "ares", "armos", "arem",
    "ando", "ado", "ada", "ados", "adas",
];

/// Those of them without the stress of the word.
const UNSTRESSED: &[&str] = &["a", "as", "am", "o", "e", "es", "em"];

/// The infinitives of which a word in small letters may be a form, by the rules of verbs in -ar: `clique` is one of `clicar`.
pub(super) fn portuguese_infinitives(lower: &str) -> Vec<String> {
    let mut found = Vec::new();
    for ending in AR_ENDINGS {
        let Some(stem) = lower.strip_suffix(ending).filter(|stem| stem.chars().nth(MIN_BASE_LETTERS - 2).is_some())
        else {
            continue;
        };
        // Escaneio, escaneie: verbs in -ear take an i where the ending has no stress.
        if stem.ends_with('e') && UNSTRESSED.contains(ending) {
            continue;
        }
        if !ending.starts_with('e') {
            found.push(format!("{stem}ar"));
        } else if let Some(before) = stem.strip_suffix("qu") {
            found.push(format!("{before}car"));
        } else if let Some(before) = stem.strip_suffix("gu") {
            found.push(format!("{before}gar"));
        } else if !stem.ends_with(['c', 'g']) {
            found.push(format!("{stem}ar"));
        }
    }
    found
}

fn bases(
    lower: &str,
    endings: &'static [(&'static str, &'static [&'static str])],
) -> impl Iterator<Item = (String, &'static str)> {
    let long = lower.len() >= MIN_LETTERS && lower.is_ascii();
    // Most words have one of these endings at most.
    let with_ending =
        endings.iter().filter_map(|&(ending, instead)| Some((lower.strip_suffix(ending)?, ending, instead)));
    let found = with_ending.filter(move |_| long).flat_map(move |(stem, ending, instead)| {
        let plain = instead.iter().map(move |of_base| format!("{stem}{of_base}"));
        let doubled = matches!(ending, "ed" | "ing" | "able").then(|| undoubled(stem)).flatten().map(str::to_owned);
        plain.chain(doubled).map(move |base| (base, ending))
    });
    found.filter(|(base, _)| base.len() >= MIN_BASE_LETTERS)
}

/// A stem without its doubled last consonant.
fn undoubled(stem: &str) -> Option<&str> {
    let last = stem.bytes().next_back().filter(|last| !matches!(last, b'a' | b'e' | b'i' | b'o' | b'u'))?;
    stem.get(..stem.len().checked_sub(1)?).filter(|single| single.as_bytes().last() == Some(&last))
}

fn ends_in_consonant_and_y(word: &str) -> bool {
    word.strip_suffix('y').is_some_and(|before| !before.ends_with(['a', 'e', 'i', 'o', 'u']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bases: impl IntoIterator<Item = String>, base: &str, expected: bool) {
        let bases: Vec<String> = bases.into_iter().collect();
        assert_eq!(bases.iter().any(|found| found == base), expected, "{base}: {bases:?}");
    }

    #[test]
    fn undoes_english_endings() {
        for (word, base) in [
            ("desyncs", "desync"),
            ("declutters", "declutter"),
            ("summarizers", "summarize"),
            ("debugged", "debug"),
            ("retiled", "retile"),
            ("prequalifies", "prequalify"),
        ] {
            check(english_bases(word), base, true);
        }
        for (word, base) in [("splitted", "split"), ("resetted", "reset"), ("deploys", "deplo"), ("replys", "reply")] {
            check(english_bases(word), base, false);
        }
        check(english_adjective_bases("skippable"), "skip", false);
        check(english_bases_after_prefix("skippable"), "skip", true);
        check(english_adjective_bases("tokenless"), "token", true);
    }

    #[test]
    fn finds_the_infinitive() {
        for (word, infinitive) in [
            ("printei", "printar"),
            ("deduplique", "deduplicar"),
            ("deslogue", "deslogar"),
            ("escaneando", "escanear"),
            ("reprovisionámos", "reprovisionar"),
        ] {
            check(portuguese_infinitives(word), infinitive, true);
        }
        for (word, infinitive) in [("deduplice", "deduplicar"), ("logge", "loggar")] {
            check(portuguese_infinitives(word), infinitive, false);
        }
    }
}
