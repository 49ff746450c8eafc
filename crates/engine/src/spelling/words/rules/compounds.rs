//! Closed compounds of English that no dictionary lists whole: a frequent word before a word that is hardly ever written apart from
//! it (`savegame`, `lootbox`, `cardholder`).
//!
//! Which second words those are is a reviewed list: of each, right text of the trade has hardly a case with a blank before it, so
//! that who leaves a blank out (`creditcard`, `accesspoint`) is marked as before. Knows no lexicon: the caller asks of each part.

/// Letters of the first word, at least.
const MIN_FIRST_LETTERS: usize = 3;

/// Second words, as they are after the first; they take the plural, too.
const SECONDS: &[&str] = &[
    "bill", "board", "book", "bot", "breaker", "cam", "cast", "craft", "dock", "fence", "gate", "grab", "holder",
    "hook", "keeper", "lane", "load", "maker", "mate", "pad", "plane", "ride", "rider", "runner", "scape", "share",
    "sheet", "shop", "shot", "side", "stamp", "streak", "streamer", "swap", "trip", "wall", "ware", "wrap",
];

/// Second words without a plural.
const ENDINGS: &[&str] = &["fenced", "fencing", "stamped", "wide", "wise", "worthy", "wrapped", "wrapping"];

/// Words that stand before any noun, where a blank was left out.
const DETERMINERS: &[&str] = &[
    "all", "and", "another", "any", "are", "both", "but", "can", "cannot", "could", "each", "either", "every", "few",
    "for", "from", "get", "got", "had", "has", "have", "her", "his", "how", "into", "its", "last", "many", "may",
    "might", "more", "most", "much", "must", "neither", "new", "next", "nor", "not", "old", "one", "our", "please",
    "same", "shall", "she", "should", "some", "such", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "three", "two", "was", "were", "what", "when", "which", "who", "whose", "will", "with",
    "would", "yes", "you", "your",
];

/// Whether a word in small letters is a closed compound whose first word `is_first` accepts.
pub(super) fn is_compound(lower: &str, is_first: &dyn Fn(&str) -> bool) -> bool {
    if !lower.is_ascii() {
        return false;
    }
    let single = lower.strip_suffix('s').filter(|single| !single.ends_with('s'));
    let follows_first = |first: Option<&str>| {
        first.is_some_and(|first| first.len() >= MIN_FIRST_LETTERS && !DETERMINERS.contains(&first) && is_first(first))
    };
    SECONDS.iter().any(|second| {
        follows_first(lower.strip_suffix(second))
            || follows_first(single.and_then(|single| single.strip_suffix(second)))
    }) || ENDINGS.iter().any(|ending| follows_first(lower.strip_suffix(ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: bool) {
        let firsts = ["day", "save", "bubble", "account", "your", "this", "quest"];
        assert_eq!(is_compound(word, &|first| firsts.contains(&first)), expected, "{word}");
    }

    #[test]
    fn joins_what_is_written_as_one() {
        for word in ["daytrip", "daytrips", "accountholders", "bubblewrapped", "questbook"] {
            check(word, true);
        }
        for word in ["yourbook", "thisside", "accountnumber", "daytripss", "trip", "unknowntrip"] {
            check(word, false);
        }
    }
}
