//! Derivations that no dictionary lists whole: a living prefix joined to a word (`presigned`, `autoassinado`), living suffixes and
//! inflections (`desyncs`, `nativamente`, `otimizador`, `cumulativas`), closed compounds of English (`savegame`), elision (`d'água`).
//! What they yield is only as right as the word is unlike a frequent one, which the caller asks.
//!
//! Source for Portuguese: Acordo Ortográfico de 1990, bases XVI and XVIII. Of the suffixes of English only regular forms of words
//! of the trade and -less are such rules: others hide one slip in seventeen.

use super::{Grammar, compounds, inflections};

/// A derivation of fewer letters is near other words by chance.
const MIN_LETTERS: usize = 7;

/// Letters of the word after a prefix, at least.
const MIN_BASE_LETTERS: usize = 4;

/// The same after a Portuguese prefix, and after one that many words seem to begin with.
const MIN_BASE_LETTERS_AFTER_PREFIX: usize = 5;
const MIN_BASE_LETTERS_AFTER_COMMON: usize = 6;

/// Prefixes that many words seem to begin with.
const COMMON_BEGINNINGS: &[&str] = &["bi", "co", "des", "re"];

/// How adjectives end that form adverbs freely; others have theirs in the dictionaries.
const ADJECTIVE_ENDINGS: &[&str] = &["iva", "ada", "ida", "osa", "nte", "al", "vel", "il", "ar"];

/// Letters of a base that need not be frequent, at least.
const MIN_RARE_BASE_LETTERS: usize = 8;

/// How a word is formed from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Formation {
    /// A word of its own of a frequent one, which may be near another by chance.
    Derived,
    /// Of a frequent word, and so short a way from it that any frequent word near it is likelier.
    Prefixed,
    /// Another form of a word, however rare that is; in English of one that only the supplements have.
    Inflected,
    /// A frequent word with another, or with an ending, behind it.
    Joined,
}

const ENGLISH_PREFIXES: &[&str] = &[
    "anti", "auto", "bio", "counter", "cyber", "de", "geo", "hyper", "inter", "intra", "macro", "mega", "meta",
    "micro", "mini", "mis", "multi", "non", "over", "photo", "post", "pre", "pseudo", "re", "semi", "sub", "super",
    "tele", "trans", "ultra", "un", "under",
];

/// Prefixes before any form of a word; behind others such a form is as often a slip (`transmissable`).
const FREE_PREFIXES: &[&str] = &["non", "re", "un"];

const PORTUGUESE_PREFIXES: &[&str] = &[
    "aero", "agro", "anti", "auto", "bi", "bio", "ciber", "co", "contra", "cripto", "des", "eletro", "extra", "foto",
    "geo", "hidro", "hiper", "infra", "inter", "intra", "macro", "mega", "micro", "mini", "mono", "multi", "nano",
    "neo", "pluri", "poli", "pré", "pseudo", "re", "retro", "semi", "sobre", "sub", "super", "supra", "tele", "termo",
    "trans", "tri", "ultra",
];

/// Endings of a word, what its base has instead, and how it is formed.
const PORTUGUESE_SUFFIXES: &[(&str, &str, Formation)] = &[
    ("dor", "r", Formation::Derived),
    ("dora", "r", Formation::Derived),
    ("dores", "r", Formation::Derived),
    ("doras", "r", Formation::Derived),
    ("ável", "ar", Formation::Derived),
    ("áveis", "ar", Formation::Derived),
    ("ação", "ar", Formation::Derived),
    ("ações", "ar", Formation::Derived),
    ("ões", "ão", Formation::Inflected),
    ("ais", "al", Formation::Inflected),
    ("ens", "em", Formation::Inflected),
    ("entes", "ente", Formation::Inflected),
    ("antes", "ante", Formation::Inflected),
    ("ências", "ência", Formation::Inflected),
    ("âncias", "ância", Formation::Inflected),
    ("icos", "ico", Formation::Inflected),
    ("icas", "ica", Formation::Inflected),
    ("ários", "ário", Formation::Inflected),
    ("órios", "ório", Formation::Inflected),
    ("ivos", "ivo", Formation::Inflected),
    ("istas", "ista", Formation::Inflected),
    ("ismos", "ismo", Formation::Inflected),
    ("uras", "ura", Formation::Inflected),
    ("ados", "ado", Formation::Inflected),
    ("adas", "ada", Formation::Inflected),
    ("idos", "ido", Formation::Inflected),
    ("idas", "ida", Formation::Inflected),
    ("iva", "ivo", Formation::Inflected),
    ("ivas", "ivo", Formation::Inflected),
    ("ária", "ário", Formation::Inflected),
    ("árias", "ário", Formation::Inflected),
];

/// Prefixes that join a word in the same vowel, or in r or s without doubling it.
const JOINS_ANY: &[&str] = &["co", "re"];

impl Grammar {
    /// Whether `is_base` accepts a word from which one in small letters is formed by a living rule. It is told by which.
    #[must_use]
    pub(crate) fn forms(self, lower: &str, is_base: &dyn Fn(&str, Formation) -> bool) -> bool {
        if lower.chars().nth(MIN_LETTERS - 1).is_none() || !lower.chars().all(char::is_alphabetic) {
            return false;
        }
        match self {
            Self::English => {
                let prefixed = |prefix: &&str| {
                    let base = lower.strip_prefix(*prefix).filter(|base| base.len() >= MIN_BASE_LETTERS);
                    // Reseated: a form may be rare of a word that is not.
                    let of_form = |base: &str| {
                        FREE_PREFIXES.contains(prefix)
                            && inflections::english_bases_after_prefix(base)
                                .any(|base| is_base(&base, Formation::Prefixed))
                    };
                    base.is_some_and(|base| is_base(base, Formation::Prefixed) || of_form(base))
                };
                ENGLISH_PREFIXES.iter().any(prefixed)
                    || inflections::english_bases(lower).any(|base| is_base(&base, Formation::Inflected))
                    || inflections::english_adjective_bases(lower).any(|base| is_base(&base, Formation::Joined))
                    || compounds::is_compound(lower, &|first| is_base(first, Formation::Joined))
            }
            Self::Portuguese => {
                let prefixed = |prefix: &&str| portuguese_base(prefix, lower.strip_prefix(*prefix)?);
                let is_base = |base: &str, formation| {
                    let long = base.chars().nth(MIN_RARE_BASE_LETTERS - 1).is_some();
                    is_base(base, formation)
                        || long && formation == Formation::Derived && is_base(base, Formation::Inflected)
                };
                let suffixed = |&(ending, of_base, formation): &(&str, &str, Formation)| {
                    let stem = lower.strip_suffix(ending).filter(|stem| stem.len() >= MIN_BASE_LETTERS);
                    stem.is_some_and(|stem| is_base(&format!("{stem}{of_base}"), formation))
                };
                PORTUGUESE_PREFIXES.iter().filter_map(prefixed).any(|base| is_base(base, Formation::Derived))
                    || adjective(lower).is_some_and(|base| is_base(base, Formation::Derived))
                    || PORTUGUESE_SUFFIXES.iter().any(suffixed)
                    || inflections::portuguese_infinitives(lower).iter().any(|verb| is_base(verb, Formation::Inflected))
            }
        }
    }

    /// Whether a word in small letters drops a vowel before another word: `d'água`, `n'água`.
    #[must_use]
    pub(crate) fn elides(self, lower: &str, is_base: &dyn Fn(&str) -> bool) -> bool {
        let rest = lower.strip_prefix("d'").or_else(|| lower.strip_prefix("n'"));
        self == Self::Portuguese
            && rest.is_some_and(|rest| {
                rest.starts_with(['a', 'á', 'e', 'é', 'i', 'í', 'o', 'ó', 'u', 'ú', 'h']) && is_base(rest)
            })
    }
}

/// The word behind a joined prefix, in its own spelling; `None` where the agreement asks for a hyphen or a doubled letter.
fn portuguese_base<'r>(prefix: &str, rest: &'r str) -> Option<&'r str> {
    let (last, first) = (prefix.chars().next_back()?, rest.chars().next()?);
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let base = match first {
        'h' => return None,
        _ if JOINS_ANY.contains(&prefix) && !matches!(first, 'r' | 's') => rest,
        // Antissocial, corréu: the letter is doubled between vowels.
        'r' | 's' if is_vowel(last) || last == 'é' => {
            rest.strip_prefix(first).filter(|base| base.starts_with(first))?
        }
        _ if first == last || prefix == "sub" && matches!(first, 'b' | 'r') => return None,
        _ => rest,
    };
    let common = COMMON_BEGINNINGS.contains(&prefix);
    let least = if common { MIN_BASE_LETTERS_AFTER_COMMON } else { MIN_BASE_LETTERS_AFTER_PREFIX };
    base.chars().nth(least - 1).map(|_| base)
}

/// The adjective of an adverb in -mente: the feminine, which loses its accent (`nativamente`).
fn adjective(lower: &str) -> Option<&str> {
    let stem = lower.strip_suffix("mente")?;
    ADJECTIVE_ENDINGS.iter().any(|ending| stem.ends_with(ending)).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(grammar: Grammar, word: &str, expected: bool) {
        let bases = [
            "sync",
            "signed",
            "assinado",
            "social",
            "virus",
            "atribuir",
            "gestão",
            "ondas",
            "estrutura",
            "nativa",
            "homem",
            "religião",
            "tarefa",
            "rede",
            "água",
            "base",
            "achar",
            "crista",
            "otimizar",
            "cumulativo",
            "fracionário",
        ];
        let accepts = |base: &str| bases.contains(&base);
        assert_eq!(grammar.forms(word, &|base, _| accepts(base)) || grammar.elides(word, &accepts), expected, "{word}");
    }

    #[test]
    fn joins_living_prefixes() {
        for word in ["autosync", "presigned", "unsigned", "resocial"] {
            check(Grammar::English, word, true);
        }
        for word in ["resyncc", "signed", "presign", "re-signed", "resync"] {
            check(Grammar::English, word, false);
        }
    }

    #[test]
    fn joins_by_the_agreement() {
        for word in [
            "autoassinado",
            "antissocial",
            "reatribuir",
            "cogestão",
            "infraestrutura",
            "subtarefa",
            "antirreligião",
            "nativamente",
            "d'água",
            "otimizador",
            "otimizável",
            "otimizações",
            "cumulativas",
            "fracionários",
        ] {
            check(Grammar::Portuguese, word, true);
        }
        for word in [
            "antisocial",
            "microondas",
            "superhomem",
            "antireligião",
            "subrede",
            "subbase",
            "nativamento",
            "x'água",
            "d'base",
            "coachar",
            "cristamente",
        ] {
            check(Grammar::Portuguese, word, false);
        }
    }
}
