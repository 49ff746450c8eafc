//! The words of the trade: right words of products, support and devices that the texts behind the language model hardly had. Of
//! 重试 it knew no more than that it exists, so 请重试 was taken for 请重视.
//!
//! They are evidence twice. When the model is made, each gets the probability that it has in text of the trade, if that is more, and
//! what the vocabulary lacks joins it. When a text is checked, [`super::gate`] takes none of its words for suspicious that stands
//! in the best reading. Which words these are is a section of the model: a bit for each number of a word. Knows no text.

use std::borrow::Cow;

use super::{
    characters::is_han,
    model::{ModelWordId, NGramModel},
};

/// log10 probability of a reviewed word, of which no count is known: that of the rarer half of the words in use.
const REVIEWED_LOG10: f32 = -5.2;
/// Characters of the longest word.
const MAX_TRADE_WORD_LEN: usize = 6;

/// A word of the trade.
#[derive(Clone, Debug, PartialEq)]
pub struct TradeWord {
    /// In Simplified characters.
    pub word: String,
    /// log10 of its probability.
    pub log10: f32,
}

/// A line that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("words of the trade, line {line}: expected {expected}")]
pub struct TradeWordsError {
    /// Counted from 1.
    pub line: usize,
    /// What should stand there.
    pub expected: &'static str,
}

/// Parses lines of `word TAB log10 of its probability`, or of reviewed words divided by blanks; `#` begins a comment.
///
/// # Errors
/// A line of neither form, or a word that is not of two to six Chinese characters.
pub fn parse_trade_words(text: &str) -> Result<Vec<TradeWord>, TradeWordsError> {
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let error = |expected| TradeWordsError { line: index + 1, expected };
        let line = line.split('#').next().unwrap_or_default().trim_end();
        let (list, log10) = match line.split_once('\t') {
            Some((word, log10)) => {
                let log10 = log10.parse().ok().filter(|log10| (-9.0..0.0).contains(log10));
                (word, log10.ok_or_else(|| error("a logarithm between -9 and 0 after the tab"))?)
            }
            None => (line, REVIEWED_LOG10),
        };
        for word in list.split_whitespace() {
            if !(2..=MAX_TRADE_WORD_LEN).contains(&word.chars().count()) || !word.chars().all(is_han) {
                return Err(error("words of two to six Chinese characters"));
            }
            words.push(TradeWord { word: word.to_owned(), log10 });
        }
    }
    Ok(words)
}

/// Which words of a model are words of the trade.
#[derive(Clone, Debug, Default)]
pub struct TradeWords(Cow<'static, [u8]>);

impl TradeWords {
    /// Makes the section of a model that has the words; those that it lacks are passed over.
    #[must_use]
    pub fn pack(model: &NGramModel, words: &[TradeWord]) -> Vec<u8> {
        let mut bits = vec![0_u8; model.id_bound().div_ceil(8)];
        for id in words.iter().filter_map(|word| model.id_of_str(&word.word)) {
            bits[id.index() / 8] |= 1 << (id.index() % 8);
        }
        bits
    }

    /// Opens a section; nothing is copied. A model without one knows no words of the trade.
    #[must_use]
    pub fn open(bytes: Cow<'static, [u8]>) -> Self {
        Self(bytes)
    }

    /// Whether the word is one. Some nanoseconds.
    #[must_use]
    #[inline]
    pub(crate) fn contains(&self, word: ModelWordId) -> bool {
        let bits = self.0.get(word.index() / 8);
        bits.is_some_and(|bits| bits >> (word.index() % 8) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::chinese::toy;

    #[test]
    fn parses_counted_and_reviewed_words() {
        let words = parse_trade_words("# a comment\n重试\t-3.9\n\n值机 副卡 # two\n").unwrap();
        let found: Vec<(&str, f32)> = words.iter().map(|word| (word.word.as_str(), word.log10)).collect();
        assert_eq!(found, [("重试", -3.9), ("值机", REVIEWED_LOG10), ("副卡", REVIEWED_LOG10)]);
    }

    #[test]
    fn says_which_line_is_wrong() {
        #[track_caller]
        fn check(text: &str, line: usize, expected: &str) {
            let error = parse_trade_words(text).unwrap_err();
            assert_eq!(error.line, line);
            assert!(error.expected.contains(expected), "{error}");
        }
        check("重试\t3.9\n", 1, "logarithm");
        check("重试\t多\n", 1, "logarithm");
        check("值机\n试\n", 2, "two to six");
        check("U盘\n", 1, "two to six");
        check("一二三四五六七\n", 1, "two to six");
    }

    #[test]
    fn tells_its_words_from_others() {
        let model = toy::model();
        let word = |word: &str| TradeWord { word: word.to_owned(), log10: -4.0 };
        let trade = TradeWords::open(TradeWords::pack(&model, &[word("治疗"), word("没有")]).into());
        assert!(trade.contains(model.id_of_str("治疗").unwrap()));
        assert!(!trade.contains(model.id_of_str("我们").unwrap()) && !trade.contains(ModelWordId::UNKNOWN));
        assert!(!TradeWords::default().contains(model.id_of_str("治疗").unwrap()));
    }
}
