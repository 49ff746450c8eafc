//! Likely accents: Portuguese words that are right, but that a far more frequent word differs from by accents only
//! (`musica`, a form of `musicar`, for `música`). No dictionary look-up can find these.
//!
//! Evidence is the ratio of the two frequencies, and the words around: a bare form is mostly a verb, its accented twin mostly
//! a noun or an adjective.

use rustc_hash::FxHashMap;

use super::{
    common::{CentiZipf, CommonWords},
    normal::unaccented,
    vocabulary::Vocabulary,
};

/// The accented word must be at least this much more frequent (hundredths of Zipf: a factor of 3) to be reported where a
/// noun is expected.
const WEAK_RATIO: CentiZipf = 50;
/// A factor of 10: reported unless the words around ask for a verb.
const STRONG_RATIO: CentiZipf = 100;
/// A factor of 100: reported anywhere.
const CERTAIN_RATIO: CentiZipf = 200;
/// What a word counts as that the frequency list lacks (one in 10^8).
const UNLISTED_FREQUENCY: CentiZipf = 100;

/// A word less frequent cannot be enough more frequent than its twin.
pub(crate) const MIN_ACCENTED_FREQUENCY: CentiZipf = UNLISTED_FREQUENCY + WEAK_RATIO;

/// Words before a noun.
const BEFORE_NOUN: &[&str] = &[
    "a", "o", "as", "os", "um", "uma", "uns", "umas", "ao", "à", "aos", "às", "da", "do", "das", "dos", "de", "em",
    "na", "no", "nas", "com", "sem", "por", "pela", "pelo", "pelas", "pelos", "esta", "este", "essa", "esse", "estas",
    "estes", "essas", "esses", "nesta", "neste", "nessa", "nesse", "desta", "deste", "dessa", "desse", "minha", "meu",
    "minhas", "meus", "sua", "seu", "suas", "seus", "nossa", "nosso", "nossas", "nossos", "cada", "outra", "outro",
    "mesma", "mesmo", "primeira", "primeiro", "próxima", "próximo", "qualquer", "alguma", "algum", "nenhuma", "nenhum",
    "sobre", "entre", "muito", "mais",
];

/// Words before a verb.
const BEFORE_VERB: &[&str] = &[
    "eu", "tu", "ele", "ela", "você", "vocês", "eles", "elas", "que", "quem", "se", "não", "me", "te", "lhe", "lhes",
    "nos", "já", "também", "sempre", "ainda", "quando", "caso", "onde", "como",
];

/// Words after a verb that takes an object.
const AFTER_VERB: &[&str] = &["o", "a", "os", "as", "um", "uma", "se", "que"];

/// A bare word's accented twin, and how much more frequent that is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AccentedForm {
    accented: Box<str>,
    ratio: CentiZipf,
}

/// Pairs that frequencies suggest, before any vocabulary is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccentCandidates(Vec<(Box<str>, AccentedForm)>);

impl AccentCandidates {
    /// Finds the candidates among the words at least [`MIN_ACCENTED_FREQUENCY`] frequent.
    #[must_use]
    pub(crate) fn from_frequencies(words: &[(Box<str>, CentiZipf)], common: &CommonWords) -> Self {
        let mut candidates = Vec::new();
        for (word, frequency) in words.iter().filter(|(word, _)| !word.is_ascii()) {
            let bare = unaccented(word);
            let ratio = frequency.saturating_sub(common.frequency(&bare).unwrap_or(UNLISTED_FREQUENCY));
            if ratio >= WEAK_RATIO && bare != **word {
                candidates.push((bare.into(), AccentedForm { accented: word.clone(), ratio }));
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

    /// The accented word (in small letters) that was probably meant by one that is right; `before` and `after` are its
    /// neighbours in the sentence, empty where there is none. All three in small letters.
    #[must_use]
    pub(crate) fn accented_form(&self, bare: &str, before: &str, after: &str) -> Option<&str> {
        let twin = self.0.get(bare)?;
        let noun = BEFORE_NOUN.contains(&before) || (before.is_empty() && after.is_empty());
        let verb = BEFORE_VERB.contains(&before) || AFTER_VERB.contains(&after);
        let least = match (noun, verb) {
            (true, _) => WEAK_RATIO,
            (false, false) => STRONG_RATIO,
            (false, true) => CERTAIN_RATIO,
        };
        (twin.ratio >= least).then_some(&*twin.accented)
    }

    /// Whether the word is half of a pair.
    #[must_use]
    pub(crate) fn contains(&self, bare: &str) -> bool {
        self.0.contains_key(bare)
    }

    /// Whether there is none.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
