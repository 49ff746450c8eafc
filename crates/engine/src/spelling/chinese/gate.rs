//! The gate: which characters of the best reading are suspicious enough to look closer. Most of a clean text ends here.

use super::{
    characters::is_han,
    decode::ScoredEdge,
    model::{ModelWordId, NGramModel},
    trade::TradeWords,
};

/// Rare words: log10 probabilities below which a word is suspicious by itself or with weak neighbours.
const RARE_WORD: f32 = -5.3;
const UNCOMMON_WORD: f32 = -4.6;
const RARE_LONG_WORD: f32 = -6.5;

/// Marks the suspicious characters: single characters that no trigram binds to their neighbours, words of two characters
/// that are rare or that the model has never seen beside either neighbour, rare longer words, and what no word covers. Words of
/// the trade are rare and unseen for the model alone, and never suspicious.
pub(crate) fn mark_suspicious(
    model: &NGramModel,
    trade: &TradeWords,
    text: &[char],
    path: &[ScoredEdge],
    fixed: &[bool],
    suspicious: &mut Vec<bool>,
) -> bool {
    suspicious.clear();
    suspicious.resize(text.len(), false);
    let mut any = false;
    for (index, step) in path.iter().enumerate() {
        let span = usize::from(step.edge.start)..usize::from(step.edge.end);
        let next = path.get(index + 1).map_or(2, |next| next.order);
        let odd = step.edge.word == ModelWordId::UNKNOWN || {
            let unigram = model.unigram_log10(step.edge.word);
            let loose = step.order <= 1 && next <= 1;
            let loosish = step.order <= 1 || next <= 1;
            match span.len() {
                1 => !(step.order == 3 && next >= 2 || step.order >= 2 && next == 3),
                2 => loose || unigram < RARE_WORD || loosish && unigram < UNCOMMON_WORD,
                _ => unigram < RARE_LONG_WORD,
            }
        };
        if odd && !trade.contains(step.edge.word) {
            for position in span {
                suspicious[position] = is_han(text[position]) && !fixed[position];
                any |= suspicious[position];
            }
        }
    }
    any
}
