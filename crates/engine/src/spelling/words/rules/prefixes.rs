//! Portuguese prefixes since the orthographic agreement of 1990 (base XVI): joined (`autoescola`, `antivírus`, `ultrassom`), but for a
//! hyphen between equal letters and before h (`micro-ondas`, `anti-higiênico`).

use crate::spelling::words::normal::unaccented;

/// Prefixes under the general rule, as they are written when joined. Others keep their hyphen (`ex-`, `vice-`, `pós-`), or are
/// words of compounds too (`para-brisa`).
const JOINING: &[&str] = &[
    "aero", "agro", "ante", "anti", "arqui", "auto", "bi", "bio", "co", "contra", "eco", "eletro", "electro", "extra",
    "foto", "geo", "hidro", "hiper", "infra", "inter", "intra", "macro", "maxi", "mega", "micro", "mini", "mono",
    "moto", "multi", "nano", "neo", "neuro", "pluri", "poli", "proto", "pseudo", "psico", "re", "retro", "semi",
    "sobre", "sub", "super", "supra", "tele", "termo", "tri", "ultra", "uni", "video",
];

/// Prefixes that form new words at will.
const PRODUCTIVE: &[&str] = &[
    "anti", "auto", "extra", "hiper", "infra", "macro", "mega", "micro", "mini", "multi", "pseudo", "semi", "super",
    "ultra",
];

/// The joined form of a prefix and a word in small letters, if the agreement joins them.
pub(super) fn joined(prefix: &str, base: &str) -> Option<String> {
    let prefix = if prefix == "vídeo" { "video" } else { prefix };
    if !JOINING.contains(&prefix) {
        return None;
    }
    let first = unaccented(base).chars().next()?;
    let last = prefix.chars().next_back()?;
    let vowel = matches!(last, 'a' | 'e' | 'i' | 'o' | 'u');
    let hyphen = first == 'h'
        || first == last && !matches!(prefix, "co" | "re")
        || prefix == "sub" && matches!(first, 'r' | 'b');
    if hyphen || !first.is_alphabetic() {
        return None;
    }
    let doubled = if vowel && matches!(first, 'r' | 's') { &base[..1] } else { "" };
    Some(format!("{prefix}{doubled}{base}"))
}

/// The word after a productive prefix, of five letters at least, if the two are joined as the agreement has it.
pub(super) fn base_after_prefix(word: &str) -> Option<&str> {
    PRODUCTIVE.iter().find_map(|prefix| {
        let rest = word.strip_prefix(prefix)?;
        let base = match rest.as_bytes() {
            [b'r', b'r', ..] | [b's', b's', ..] => &rest[1..],
            _ => rest,
        };
        (base.chars().nth(4).is_some() && joined(prefix, base).as_deref() == Some(word)).then_some(base)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_as_the_agreement_has_it() {
        for (prefix, base, expected) in [
            ("auto", "escola", Some("autoescola")),
            ("anti", "vírus", Some("antivírus")),
            ("infra", "estrutura", Some("infraestrutura")),
            ("ultra", "som", Some("ultrassom")),
            ("co", "participação", Some("coparticipação")),
            ("co", "ordenador", Some("coordenador")),
            ("re", "envio", Some("reenvio")),
            ("contra", "regra", Some("contrarregra")),
            ("vídeo", "aula", Some("videoaula")),
            ("sub", "item", Some("subitem")),
            ("hiper", "ativo", Some("hiperativo")),
            ("micro", "ondas", None),
            ("anti", "inflamatório", None),
            ("super", "homem", None),
            ("sub", "rede", None),
            ("inter", "regional", None),
            ("ex", "cliente", None),
            ("para", "brisa", None),
        ] {
            assert_eq!(joined(prefix, base).as_deref(), expected, "{prefix}-{base}");
        }
    }

    #[test]
    fn finds_the_word_after_a_prefix() {
        for (word, base) in [
            ("antirreligião", Some("religião")),
            ("autossabotagem", Some("sabotagem")),
            ("superinteligente", Some("inteligente")),
            ("microondas", None),
            ("antireligião", None),
            ("autocarro", Some("carro")),
            ("antiga", None),
        ] {
            assert_eq!(base_after_prefix(word), base, "{word}");
        }
    }
}
