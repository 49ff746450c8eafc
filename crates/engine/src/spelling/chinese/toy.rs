//! A language of a dozen words, for tests.

use super::{
    confusion::ConfusionSets,
    corrector::Corrector,
    homophones::HomophoneIndex,
    model::{
        NGramModel,
        ngrams::{Bigram, NGramWeight, NGrams, UNKNOWN_WORD},
        pack::pack_model,
    },
    phrases::PhraseCounts,
    readings::PinyinReadings,
    resources::ChineseResources,
    shapes::SimilarShapes,
    trade::TradeWords,
    verifier::{Verifier, pack_stumps},
};

const WORDS: [(&str, f32); 14] = [
    (UNKNOWN_WORD, -6.0),
    ("我", -2.0),
    ("我们", -2.4),
    ("已经", -2.8),
    ("已", -3.4),
    ("以", -2.9),
    ("经", -4.0),
    ("到", -2.6),
    ("道", -3.3),
    ("了", -1.8),
    ("们", -4.2),
    ("门", -3.6),
    ("治疗", -3.9),
    ("。", -1.2),
];
const PAIRS: [(&str, &str, f32); 5] =
    [("我们", "已经", -1.0), ("已经", "到", -1.2), ("到", "了", -0.6), ("我", "到", -1.9), ("我们", "到", -1.8)];
const READINGS: &str = "我\two3\n们\tmen5\n门\tmen2\n已\tyi3\n以\tyi3\n经\tjing1\n到\tdao4\n道\tdao4\n\
    了\tle5\n治\tzhi4\n冶\tye3\n疗\tliao2\n";

/// A model of the toy language.
pub(super) fn model() -> NGramModel {
    let number = |word: &str| WORDS.iter().position(|entry| entry.0 == word).unwrap() as u32;
    let ngrams = NGrams {
        words: WORDS.iter().map(|(word, _)| (*word).to_owned()).collect(),
        unigrams: WORDS.iter().map(|&(_, log10)| NGramWeight { log10, backoff: -0.4 }).collect(),
        bigrams: PAIRS
            .iter()
            .map(|&(a, b, log10)| Bigram { words: [number(a), number(b)], weight: NGramWeight { log10, backoff: 0.0 } })
            .collect(),
        trigrams: Vec::new(),
    };
    NGramModel::open(pack_model(&ngrams, |_| true).unwrap().to_bytes().into(), true).unwrap()
}

/// Readings of its characters.
pub(super) fn readings() -> PinyinReadings {
    PinyinReadings::parse(READINGS).unwrap()
}

/// Its confusion sets: sounds, and 治 for 冶.
pub(super) fn confusions(model: &NGramModel) -> ConfusionSets {
    ConfusionSets::new(model, readings(), SimilarShapes::parse("冶\t治\n", "").unwrap())
}

/// An index of its words by sound.
pub(super) fn homophones(model: &NGramModel) -> HomophoneIndex {
    HomophoneIndex::open(HomophoneIndex::pack(model, &readings()).into()).unwrap()
}

/// The model and the tables of the toy language; no phrases.
pub(super) fn resources() -> ChineseResources {
    let model = model();
    let (confusions, homophones) = (confusions(&model), homophones(&model));
    let mut empty = b"VZPH\x01\x00\x01\x00".to_vec();
    empty.extend([0; 12]);
    let phrases = PhraseCounts::open(empty.into()).unwrap();
    ChineseResources { model, confusions, homophones, phrases, trade: TradeWords::default() }
}

/// A corrector that believes what makes the text ten times likelier than the channel charges.
pub(super) fn corrector() -> Corrector {
    let verifier = Verifier::open(&pack_stumps(&[(0, 2.5, [0.0, 1.0])], &[(0.0, 0.01), (1.0, 0.99)])).unwrap();
    Corrector::new(resources(), verifier)
}
