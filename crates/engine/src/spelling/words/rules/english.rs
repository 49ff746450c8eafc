//! English: possessives and contractions of any noun, prefixes before a hyphen.

/// Parts before a hyphen that are no words by themselves.
pub(super) const PREFIXES: &[&str] = &[
    "anti", "auto", "bi", "co", "counter", "cross", "de", "e", "ex", "extra", "hyper", "inter", "intra", "mega",
    "micro", "mid", "mini", "mis", "multi", "neo", "non", "omni", "para", "post", "pre", "pro", "proto", "pseudo",
    "quasi", "re", "retro", "semi", "socio", "sub", "super", "trans", "tri", "ultra", "un", "uni", "vice",
];

/// What may follow any noun or pronoun.
const NOUN_ENDINGS: &[&str] = &["'s", "'ll", "'d"];

/// What follows pronouns and auxiliaries only.
const PRONOUN_ENDINGS: &[&str] = &["'re", "'ve"];
const PRONOUNS_AND_AUXILIARIES: &[&str] = &[
    "could", "how", "i", "might", "must", "should", "that", "there", "these", "they", "those", "we", "what", "where",
    "who", "why", "would", "you",
];

/// What takes no `'s`, and how that is written right.
const POSSESSIVES: &[(&str, &str)] = &[
    ("your", "yours"),
    ("yours", "yours"),
    ("their", "theirs"),
    ("theirs", "theirs"),
    ("our", "ours"),
    ("ours", "ours"),
    ("her", "hers"),
    ("hers", "hers"),
    ("its", "its"),
    ("my", "mine"),
    ("mine", "mine"),
    ("his", "his"),
    ("whose", "whose"),
];

/// The right form of a possessive with an apostrophe, in small letters: `yours` for `your's`.
pub(super) fn right_possessive(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let base = lower.strip_suffix("'s").or_else(|| lower.strip_suffix('\''))?;
    POSSESSIVES.iter().find(|(wrong, _)| *wrong == base).map(|(_, right)| *right)
}

pub(super) fn derives(word: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    let Some(apostrophe) = word.rfind('\'') else { return false };
    let (base, ending) = word.split_at(apostrophe);
    if right_possessive(word).is_some() {
        return false;
    }
    let ending = ending.to_ascii_lowercase();
    if PRONOUN_ENDINGS.contains(&ending.as_str()) {
        let base = base.to_ascii_lowercase();
        // They'd've.
        return PRONOUNS_AND_AUXILIARIES.contains(&base.strip_suffix("'d").unwrap_or(&base));
    }
    // One letter is no noun: `I's`, `s's`.
    NOUN_ENDINGS.contains(&ending.as_str()) && base.chars().nth(1).is_some() && !base.ends_with('\'') && accepts(base)
}
