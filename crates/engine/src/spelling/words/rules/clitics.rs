//! Portuguese verbs and their pronouns as they are wrongly written: the wrong accent before `lo`, the consonant that should have
//! gone, a hyphen before an ending that is no pronoun; and stems that are right before `lo` only.
//!
//! Source of the rules: Cunha & Cintra, chapter 11; Acordo Ortográfico de 1990, bases VIII to XI.

use super::portuguese::{CLITICS_AFTER_DROP, FUTURE_ENDINGS, is_hiatus};
use crate::spelling::words::{common::CentiZipf, normal::unaccented};

/// How much more frequent the whole verb must be than its stem (hundredths of Zipf): a stem as frequent as that is a word of
/// its own (`bebê`, `babá`). Lists of frequencies count the stems of `enviá-lo` with them.
const STEM_RATIO: CentiZipf = 40;
/// A word in -mo above this frequency is one of its own.
const MOST_OF_A_STEM: CentiZipf = 310;
/// Forms of other verbs that are spelt as such a stem is.
const OWN_WORDS: &[&str] =
    &["quê", "crê", "provê", "revê", "antevê", "entrevê", "relê", "descrê", "temo", "rimo", "demo", "cremo", "pará"];

/// The right spelling of a hyphenated word in small letters that is a verb with pronouns, wrongly written; `None` if it is
/// right, or something else.
pub(super) fn repaired(word: &str, accepts: &dyn Fn(&str) -> bool) -> Option<String> {
    let (stem, rest) = word.split_once('-')?;
    if rest == "mos" {
        // An ending, not the pronouns `me` and `os`, which hardly anybody joins.
        let joined = format!("{stem}mos");
        return accepts(&joined).then_some(joined);
    }
    let (pronoun, ending) = rest.split_once('-').map_or((rest, None), |(pronoun, ending)| (pronoun, Some(ending)));
    if ending.is_some_and(|ending| !FUTURE_ENDINGS.contains(&ending)) {
        return None;
    }
    if CLITICS_AFTER_DROP.contains(&pronoun) {
        return right_stem(stem, accepts).map(|stem| format!("{stem}-{rest}"));
    }
    // `fizes-te` for `fizeste`: the stem is no verb, and the whole is.
    let joined = format!("{stem}{pronoun}");
    (ending.is_none() && matches!(pronoun, "te" | "se" | "me") && !accepts(stem) && accepts(&joined)).then_some(joined)
}

/// The stem before `lo` as it should be; `None` if it is so, or no verb.
fn right_stem(stem: &str, accepts: &dyn Fn(&str) -> bool) -> Option<String> {
    let last = stem.chars().next_back()?;
    let before = &stem[..stem.len() - last.len_utf8()];
    match last {
        // The consonant stayed: `fazer-lo`, `fizemos-lo`.
        'r' if accepts(stem) => return accented_stem(before, accepts),
        's' if before.ends_with("mo") && accepts(stem) => return Some(before.to_owned()),
        _ => {}
    }
    accented_stem(stem, accepts).filter(|right| right != stem)
}

/// A stem that ends in a vowel, with the accent that it takes for the consonant that it dropped.
fn accented_stem(stem: &str, accepts: &dyn Fn(&str) -> bool) -> Option<String> {
    let last = stem.chars().next_back()?;
    let before = &stem[..stem.len() - last.len_utf8()];
    let has = |ending: &str| accepts(&format!("{before}{ending}"));
    let right = match unaccented(last.encode_utf8(&mut [0; 4])).as_str() {
        "a" if has("ar") || has("az") => 'á',
        // `qué-lo` of `quer`.
        "e" if before == "qu" => return None,
        "e" if has("er") || has("ez") => 'ê',
        "o" if before.ends_with('p') && (has("or") || has("ôr")) => 'ô',
        "i" if has("ir") && is_hiatus(before) => 'í',
        "i" if has("ir") => 'i',
        _ => return None,
    };
    Some(format!("{before}{right}"))
}

/// Whether a word in small letters is right before `lo` or `nos` only, and no word by itself: `ajudá` of `ajudá-lo`, `precisamo` of
/// `precisamo-nos`. `frequency` is that of a word, `None` if it is none.
pub(super) fn is_bound_stem(word: &str, frequency: &dyn Fn(&str) -> Option<CentiZipf>) -> bool {
    if word.chars().nth(2).is_none() || OWN_WORDS.contains(&word) {
        return false;
    }
    let exceeds = |whole: &str, ratio| {
        let own = frequency(word).unwrap_or_default();
        frequency(whole).is_some_and(|frequency| frequency >= own + ratio)
    };
    let before = |ending: &str| word.strip_suffix(ending);
    if let Some(stem) = before("á") {
        // The future of a verb, `amará`, is a word.
        let future = stem.ends_with('r') && frequency(stem).is_some();
        return !future && exceeds(&format!("{stem}ar"), STEM_RATIO);
    }
    if let Some(stem) = before("ê") {
        return exceeds(&format!("{stem}er"), STEM_RATIO);
    }
    if let Some(stem) = before("ô").filter(|stem| stem.ends_with('p')) {
        return exceeds(&format!("{stem}or"), STEM_RATIO);
    }
    before("mo").is_some_and(|stem| {
        frequency(&format!("{stem}r")).is_some()
            && frequency(word).is_none_or(|own| own <= MOST_OF_A_STEM)
            && exceeds(&format!("{word}s"), STEM_RATIO)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_verbs_before_pronouns() {
        let verbs = [
            "ajudar",
            "incluir",
            "atrair",
            "corrigir",
            "emitir",
            "expor",
            "seguir",
            "receber",
            "recebermos",
            "enviar",
            "fazer",
            "informamos",
            "fizeste",
            "faz",
            "amor",
            "ter",
            "recebemos",
        ];
        for (wrong, right) in [
            ("inclui-lo", Some("incluí-lo")),
            ("atrai-las", Some("atraí-las")),
            ("corrigí-lo", Some("corrigi-lo")),
            ("emití-la", Some("emiti-la")),
            ("expo-los", Some("expô-los")),
            ("receber-mos", Some("recebermos")),
            ("recebe-mos", Some("recebemos")),
            ("envia-lo-emos", Some("enviá-lo-emos")),
            ("enviar-lo", Some("enviá-lo")),
            ("fazer-la", Some("fazê-la")),
            ("informamos-lo", Some("informamo-lo")),
            ("fizes-te", Some("fizeste")),
            ("te-lo", Some("tê-lo")),
            ("fa-lo", Some("fá-lo")),
            ("ajudà-lo", Some("ajudá-lo")),
            ("qué-lo", None),
            ("segui-lo", None),
            ("incluí-lo", None),
            ("corrigi-lo", None),
            ("enviá-lo-emos", None),
            ("amo-la", None),
            ("informamo-lo", None),
            ("guarda-chuva", None),
            ("receber-me", None),
        ] {
            assert_eq!(repaired(wrong, &|word| verbs.contains(&word)).as_deref(), right, "{wrong}");
        }
    }

    #[test]
    fn tells_stems_from_words() {
        let frequencies: &[(&str, CentiZipf)] = &[
            ("ligar", 480),
            ("ligá", 190),
            ("fazer", 600),
            ("fazê", 150),
            ("amar", 450),
            ("amará", 300),
            ("amarar", 110),
            ("babar", 300),
            ("babá", 400),
            ("precisar", 450),
            ("precisamos", 480),
            ("precisamo", 100),
            ("ter", 650),
            ("temos", 600),
            ("temo", 330),
            ("compor", 400),
            ("compô", 100),
            ("avô", 450),
            ("está", 630),
            ("estar", 560),
        ];
        let frequency =
            |word: &str| frequencies.iter().find(|(known, _)| *known == word).map(|(_, frequency)| *frequency);
        for (word, expected) in [
            ("ligá", true),
            ("fazê", true),
            ("precisamo", true),
            ("compô", true),
            ("amará", false),
            ("babá", false),
            ("temo", false),
            ("avô", false),
            ("está", false),
        ] {
            assert_eq!(is_bound_stem(word, &frequency), expected, "{word}");
        }
    }
}
