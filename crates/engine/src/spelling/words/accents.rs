//! Likely accents: Portuguese words that are right, but that a word no less frequent differs from by accents only (`musica`, a
//! form of `musicar`, for `música`). No dictionary look-up can find these.
//!
//! Which pairs there are comes from the lexicons and the frequencies; whether an accent was lost in a sentence is judged by the
//! words around ([`super::context`]), which are told here what kind of pair it is and how much more frequent the accented word.

use rustc_hash::FxHashMap;

use super::{
    common::{CentiZipf, CommonWords},
    context::hashing::{hash_word, is_neighbour, mix},
    normal::unaccented,
    vocabulary::Vocabulary,
};

/// What a word counts as that the frequency list lacks (one in 10^8).
const UNLISTED_FREQUENCY: CentiZipf = 100;

/// The accented word must be at least this frequent to be known at all: one in ten million.
pub(crate) const MIN_ACCENTED_FREQUENCY: CentiZipf = 150;

/// Before a verb of the first person: `eu deposito`, `eu não especifico`.
const PRONOUN: &str = "eu";
const ADVERBS: [&str; 8] = ["não", "já", "só", "sempre", "também", "ainda", "nunca", "mesmo"];

/// Before what is no verb: `no anuncio` lacks its accent.
const DETERMINERS: [&str; 16] = [
    "do", "no", "ao", "pelo", "num", "dum", "um", "este", "esse", "meu", "seu", "nosso", "neste", "nesse", "deste",
    "desse",
];

/// `A cada um deposito cinquenta`: there it is a pronoun.
const EACH: &str = "cada";

/// A bare word's accented twin, and how much more frequent that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccentedForm {
    /// The twin, in small letters.
    pub accented: Box<str>,
    ratio: CentiZipf,
    bare_frequency: CentiZipf,
}

/// What the words around a pair say depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AccentPairKind {
    /// A past tense that hardly anyone uses and a future: `chegara`, `chegará`.
    Future,
    /// An accent before the last syllable: mostly a verb and a noun or an adjective: `publica`, `pública`.
    Inner,
    /// An accent on the last syllable: `ate`, `até`.
    Final,
}

impl AccentedForm {
    fn kind(&self) -> AccentPairKind {
        let mut last = self.accented.chars().rev();
        let tail: Vec<char> = last.by_ref().take(3).collect();
        match tail[..] {
            ['á', 'r', _] | ['s', 'á', 'r'] => AccentPairKind::Future,
            [end, before, ..] if !end.is_ascii() || !before.is_ascii() => AccentPairKind::Final,
            _ => AccentPairKind::Inner,
        }
    }

    /// Whether hardly anyone ever means the bare word: it is less frequent than one in ten million, and than a tenth of its twin.
    pub(crate) fn is_rare(&self) -> bool {
        self.bare_frequency <= 200 && self.ratio >= 100
    }

    /// Whether the two words before, the nearest first, settle that the bare word has lost its accent, or that it has not: a verb of the
    /// first person (`eu deposito`), or what that is called (`no depósito`).
    pub(crate) fn settled_by(&self, bare: &str, before: [&str; 2]) -> Option<bool> {
        if self.kind() != AccentPairKind::Inner || !bare.ends_with('o') {
            return None;
        }
        let has_subject = before[0] == PRONOUN
            || before[1] == PRONOUN && ADVERBS.iter().any(|adverb| is_neighbour(before[0], adverb));
        if has_subject || before[1] == EACH {
            return Some(false);
        }
        DETERMINERS.contains(&before[0]).then_some(true)
    }

    /// Whose features the words around are, for pairs of its kind.
    pub(crate) fn kind_owner(&self) -> u64 {
        mix(0xACCE_0000 + self.kind() as u64)
    }

    /// What is known of the pair wherever it stands, as features: itself, and by its kind how much more frequent the twin is, in
    /// steps of a factor of two.
    pub(crate) fn facts(&self, bare: &str) -> [u64; 3] {
        let step = u64::from(self.ratio / 30).min(10);
        let kind = self.kind() as u64;
        [mix(hash_word(bare)), mix(0xFAC7_0000 + step), mix(0xFAC7_1000 + 16 * kind + step)]
    }
}

/// Pairs that frequencies suggest, before any vocabulary is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccentCandidates(Vec<(Box<str>, AccentedForm)>);

impl AccentCandidates {
    /// Finds the candidates among the words at least [`MIN_ACCENTED_FREQUENCY`] frequent: those at least as frequent as their
    /// bare twins.
    #[must_use]
    pub(crate) fn from_frequencies(words: &[(Box<str>, CentiZipf)], common: &CommonWords) -> Self {
        let mut candidates = Vec::new();
        for (word, frequency) in words.iter().filter(|(word, _)| !word.is_ascii()) {
            let bare = unaccented(word);
            let twin = common.frequency(&bare).unwrap_or(UNLISTED_FREQUENCY);
            if let Some(ratio) = frequency.checked_sub(twin)
                && bare != **word
            {
                candidates.push((bare.into(), AccentedForm { accented: word.clone(), ratio, bare_frequency: twin }));
            }
        }
        Self(candidates)
    }
}

/// All pairs of one vocabulary.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccentPairs(FxHashMap<Box<str>, AccentedForm>);

impl AccentPairs {
    /// The candidates of which both words are in the vocabulary; the most frequent where a bare word has several.
    #[must_use]
    pub(crate) fn from_candidates(candidates: &AccentCandidates, vocabulary: &Vocabulary) -> Self {
        let mut pairs: FxHashMap<Box<str>, AccentedForm> = FxHashMap::default();
        for (bare, twin) in &candidates.0 {
            if !vocabulary.has_form(bare) || !vocabulary.is_suggestible(&twin.accented) {
                continue;
            }
            let kept = pairs.entry(bare.clone()).or_insert_with(|| twin.clone());
            if kept.ratio < twin.ratio {
                *kept = twin.clone();
            }
        }
        Self(pairs)
    }

    /// The twin of a bare word in small letters.
    #[must_use]
    pub(crate) fn twin(&self, bare: &str) -> Option<&AccentedForm> {
        self.0.get(bare)
    }

    /// All pairs, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &AccentedForm)> {
        self.0.iter().map(|(bare, twin)| (&**bare, twin))
    }

    /// Whether there is none.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accented: &str, expected: AccentPairKind) {
        assert_eq!(
            AccentedForm { accented: accented.into(), ratio: 0, bare_frequency: 0 }.kind(),
            expected,
            "{accented}"
        );
    }

    #[test]
    fn kinds_of_pairs() {
        check("chegará", AccentPairKind::Future);
        check("estarás", AccentPairKind::Future);
        check("pública", AccentPairKind::Inner);
        check("análises", AccentPairKind::Inner);
        check("até", AccentPairKind::Final);
        check("país", AccentPairKind::Final);
        check("só", AccentPairKind::Final);
        check("má", AccentPairKind::Final);
    }
}
