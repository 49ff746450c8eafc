//! Makes the file of the language model: the packed n-grams, without the vocabulary's own misspellings, and an index of its
//! words by sound.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    homophones::HomophoneIndex,
    model::{
        NGramModel, NGramModelError,
        ngrams::{NGramWeight, NGrams},
        pack::{self, PackError, PackSummary},
    },
    readings::PinyinReadings,
    trade::{TradeWord, TradeWords},
};

/// The section of the model's file that holds [`HomophoneIndex`].
pub(crate) const HOMOPHONES_SECTION: &str = "homophones";

/// The section of the model's file that holds [`TradeWords`].
pub(crate) const TRADE_SECTION: &str = "trade";

/// What is to be another in the vocabulary than in the n-grams.
#[derive(Clone, Copy, Debug, Default)]
pub struct VocabularyChanges<'v> {
    /// Lines of `word TAB right word`, `#` for comments: words that the model learnt from texts with errors, left out.
    pub misspellings: &'v str,
    /// Words that become as probable as they say, if they are not more so.
    pub trade: &'v [TradeWord],
}

/// Why a model cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ModelCompileError {
    /// The n-grams do not fit the format.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// What was packed cannot be read: a bug of ours.
    #[error("the packed model cannot be read")]
    Unreadable(#[from] NGramModelError),
}

/// Packs a model, in 10 s and 1 GB for libime's.
///
/// # Errors
/// [`ModelCompileError`].
pub fn compile_model(
    mut ngrams: NGrams,
    changes: VocabularyChanges<'_>,
    readings: &PinyinReadings,
) -> Result<(Vec<u8>, PackSummary), ModelCompileError> {
    let rows = changes.misspellings.lines().filter(|line| !line.starts_with('#'));
    let misspelt: FxHashSet<&str> = rows.filter_map(|line| line.split('\t').next()).collect();
    raise_trade_words(&mut ngrams, changes.trade);
    let mut packed = pack::pack_model(&ngrams, |word| !misspelt.contains(word))?;
    let model = NGramModel::open(packed.to_bytes().into(), false)?;
    packed.add_section(HOMOPHONES_SECTION, HomophoneIndex::pack(&model, readings));
    packed.add_section(TRADE_SECTION, TradeWords::pack(&model, changes.trade));
    let bytes = packed.to_bytes();
    Ok((bytes, packed.summary))
}

/// Gives the words of the trade their probabilities. The others keep theirs: what is added is less than a hundredth in all.
fn raise_trade_words(ngrams: &mut NGrams, trade: &[TradeWord]) {
    let numbers: FxHashMap<&str, usize> =
        ngrams.words.iter().enumerate().map(|(number, word)| (word.as_str(), number)).collect();
    let mut unknown: Vec<&TradeWord> = Vec::new();
    for word in trade {
        match numbers.get(word.word.as_str()) {
            Some(&number) => {
                let weight = &mut ngrams.unigrams[number];
                weight.log10 = weight.log10.max(word.log10);
            }
            None => unknown.push(word),
        }
    }
    // A word may be counted and reviewed; the first is the likelier one.
    unknown.sort_by(|a, b| a.word.cmp(&b.word).then(b.log10.total_cmp(&a.log10)));
    unknown.dedup_by(|a, b| a.word == b.word);
    for word in unknown {
        ngrams.words.push(word.word.clone());
        ngrams.unigrams.push(NGramWeight { log10: word.log10, backoff: 0.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::chinese::model::ngrams::UNKNOWN_WORD;

    #[test]
    fn words_of_the_trade_are_raised_or_added() {
        let weight = |log10| NGramWeight { log10, backoff: -0.5 };
        let ngrams = NGrams {
            words: [UNKNOWN_WORD, "重视", "重试", "丛试"].map(str::to_owned).to_vec(),
            unigrams: [-6.0, -4.0, -6.1, -6.0].map(weight).to_vec(),
            ..NGrams::default()
        };
        let word = |word: &str, log10| TradeWord { word: word.to_owned(), log10 };
        let trade =
            [word("重试", -4.5), word("重视", -5.0), word("值机", -5.2), word("值机", -4.9), word("丛试", -5.0)];
        let changes = VocabularyChanges { misspellings: "# none but\n丛试\t重试\n", trade: &trade };
        let readings = PinyinReadings::parse("重\tchong2\n试\tshi4\n").unwrap();
        let (bytes, _) = compile_model(ngrams, changes, &readings).unwrap();
        let model = NGramModel::open(bytes.into(), true).unwrap();
        let trade = TradeWords::open(model.section(TRADE_SECTION).unwrap().to_vec().into());
        for (word, log10) in [("重试", -4.5), ("重视", -4.0), ("值机", -4.9)] {
            let id = model.id_of_str(word).unwrap();
            assert!((model.unigram_log10(id) - log10).abs() < 0.01, "{word}");
            assert!(trade.contains(id), "{word}");
        }
        assert_eq!(model.id_of_str("丛试"), None, "a misspelling stays out");
    }
}
