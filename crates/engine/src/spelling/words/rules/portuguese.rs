//! Portuguese: clitic pronouns joined to verbs, after them (`informamos-lhe`, `informamo-lo`) and inside the future and the
//! conditional (`far-se-á`, `encaminhá-lo-emos`); prefixes before a hyphen.
//!
//! Source of the rules: Cunha & Cintra, Nova Gramática do Português Contemporâneo, chapter 11 (pronomes átonos).

/// Parts before a hyphen that are no words by themselves.
pub(super) const PREFIXES: &[&str] = &[
    "aero", "agro", "ante", "anti", "arqui", "auto", "bem", "bi", "circum", "co", "contra", "e", "eletro", "ex",
    "extra", "hidro", "hiper", "infra", "inter", "intra", "macro", "mal", "maxi", "mega", "micro", "mini", "multi",
    "não", "neo", "pan", "pluri", "pós", "pré", "pró", "proto", "pseudo", "re", "recém", "retro", "semi", "sem",
    "sobre", "sub", "super", "supra", "tele", "tri", "ultra", "vice",
];

/// Pronouns that leave the verb as it is.
const CLITICS: &[&str] = &[
    "me", "te", "se", "lhe", "lhes", "nos", "vos", "o", "a", "os", "as", "no", "na", "nas", "mo", "ma", "mos", "mas",
    "to", "ta", "tos", "tas", "lho", "lha", "lhos", "lhas",
];

/// Forms that the object pronoun takes after a verb that has dropped its last r, s or z.
pub(super) const CLITICS_AFTER_DROP: &[&str] = &["lo", "la", "los", "las"];

/// Endings of the future and of the conditional.
pub(super) const FUTURE_ENDINGS: &[&str] = &["ei", "ás", "á", "emos", "eis", "ão", "ia", "ias", "íamos", "íeis", "iam"];

/// Shortened infinitives on which the future and the conditional of three verbs are built.
const SHORT_INFINITIVES: &[&str] = &["far", "dir", "trar"];

pub(super) fn derives(word: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    let lower = word.to_lowercase();
    let parts: Vec<&str> = lower.split('-').collect();
    match parts.as_slice() {
        [stem, pronoun, ending] if FUTURE_ENDINGS.contains(ending) => is_mesoclitic(stem, pronoun, accepts),
        [stem, first, second, ending] if FUTURE_ENDINGS.contains(ending) && CLITICS_AFTER_DROP.contains(second) => {
            CLITICS.contains(first) && is_mesoclitic(stem, "se", accepts)
        }
        [stem, pronoun] => is_enclitic(stem, pronoun, accepts),
        [stem, first, second] => CLITICS.contains(first) && is_enclitic(stem, second, accepts),
        _ => false,
    }
}

/// A pronoun after the verb.
fn is_enclitic(stem: &str, pronoun: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    if CLITICS.contains(&pronoun) {
        // `vamo-nos` drops the s of `vamos`.
        return accepts(stem) || (pronoun == "nos" && stem.ends_with("mo") && accepts(&format!("{stem}s")));
    }
    CLITICS_AFTER_DROP.contains(&pronoun) && has_dropped_consonant(stem, accepts)
}

/// A pronoun between infinitive and ending.
fn is_mesoclitic(stem: &str, pronoun: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    if CLITICS_AFTER_DROP.contains(&pronoun) {
        let short = SHORT_INFINITIVES.iter().any(|infinitive| restored_verbs(stem).any(|verb| verb == *infinitive));
        return short || restored_verbs(stem).any(|verb| verb.ends_with('r') && accepts(&verb));
    }
    CLITICS.contains(&pronoun) && stem.ends_with('r') && (SHORT_INFINITIVES.contains(&stem) || accepts(stem))
}

/// Whether a hiatus makes the `i` of a stem stressed and accented: `incluí-lo`, but `segui-lo`, `corrigi-lo`.
pub(super) fn is_hiatus(before: &str) -> bool {
    before.ends_with(['a', 'e', 'o', 'u']) && !before.ends_with("gu") && !before.ends_with("qu")
}

/// Whether a verb that dropped its last consonant is one.
fn has_dropped_consonant(stem: &str, accepts: &dyn Fn(&str) -> bool) -> bool {
    restored_verbs(stem).any(|verb| accepts(&verb))
}

/// What the verb may have been before it dropped its last consonant and took an accent for it.
fn restored_verbs(stem: &str) -> impl Iterator<Item = String> + '_ {
    let last = stem.chars().next_back();
    let before = &stem[..stem.len() - last.map_or(0, char::len_utf8)];
    let candidates: &[&str] = match last {
        Some('á') => &["ar", "az", "ás"],
        Some('ê') => &["er", "ez", "ês"],
        // `qué-lo` of `quer`.
        Some('é') if before == "qu" => &["er"],
        Some('i') => &["ir", "iz", "is"],
        Some('í') if is_hiatus(before) => &["ir", "is"],
        Some('ô') => &["or", "ôr", "ôs"],
        // `informamo-lo` from `informamos`.
        Some('o') => &["os"],
        _ => &[],
    };
    candidates.iter().map(move |end| format!("{before}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: bool) {
        let verbs =
            ["ajudar", "dar", "encaminhar", "enviar", "informamos", "fazer", "diz", "pôr", "vender", "partir", "vamos"];
        assert_eq!(derives(word, &|verb| verbs.contains(&verb)), expected, "{word}");
    }

    #[test]
    fn joins_pronouns_to_verbs() {
        for word in [
            "ajudá-lo",
            "dá-lo",
            "informamos-lhe",
            "informamo-lo",
            "far-se-á",
            "dir-lhe-ei",
            "Encaminhá-lo-emos",
            "enviar-lhes-emos",
            "fá-lo-ia",
            "di-lo",
            "vendê-las",
            "parti-los",
            "vamo-nos",
            "enviar-se-lhe",
        ] {
            check(word, true);
        }
        for word in
            ["ajuda-lo", "xpto-lhe", "far-se-a", "ajudá-lo-x", "encaminha-lo-emos", "enviar", "-lo", "a-b-c-d-e"]
        {
            check(word, false);
        }
    }
}
