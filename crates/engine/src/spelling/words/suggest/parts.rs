//! Words run together ("alot"), and words of which one part is wrong ("bem-vimdo").

use super::{
    query::MAX_TYPED_LEN,
    rank::{CandidateRanking, RankScore, ScoredCandidate, is_stray_letter, stored_case},
};
use crate::spelling::words::common::CentiZipf;

/// Corrections tried for one part of a word.
pub(super) const CANDIDATES_PER_PART: usize = 3;

/// Adds the divisions of a word in two. Their frequency is that of two words in a row by chance: the product of both.
pub(super) fn add_splits(ranking: &mut CandidateRanking<'_>, word: &str) {
    /// Occurrences of all words together: 10^9.
    const CERTAINTY: RankScore = 900;
    /// Hundredths of the Zipf scale.
    const LEAST_OF_A_FUNCTION_WORD: CentiZipf = 660;
    let (vocabulary, weights) = (ranking.vocabulary, &ranking.costs.weights);
    let lower = word.to_lowercase();
    for (at, _) in lower.char_indices().skip(1).take(MAX_TYPED_LEN) {
        let (left, right) = lower.split_at(at);
        let frequencies = vocabulary.common.frequency(left).zip(vocabulary.common.frequency(right));
        let Some((of_left, of_right)) = frequencies else { continue };
        let function_word = of_left >= LEAST_OF_A_FUNCTION_WORD;
        let split = if function_word { weights.split_of_function_word } else { weights.split };
        let score = RankScore::from(of_left) + RankScore::from(of_right) - CERTAINTY - RankScore::from(split);
        if !ranking.admits(score) || is_stray_letter(left, of_left) || is_stray_letter(right, of_right) {
            continue;
        }
        // Lists of what is not suggested by itself have the articles.
        let article = |part: &str| (part.len() == 1 && vocabulary.accepts(part)).then(|| part.to_owned());
        let case = |part: &str| stored_case(vocabulary, part).or_else(|| article(part));
        if let Some((left, right)) = case(left).zip(case(right)) {
            ranking.add(&format!("{left} {right}"), score);
        }
    }
}

/// Adds the word with its one wrong part corrected, if it then is a word. Parts stand between hyphens, or before `'s`.
pub(super) fn add_repaired(
    ranking: &mut CandidateRanking<'_>,
    word: &str,
    mut correct: impl FnMut(&str) -> Vec<ScoredCandidate>,
) {
    let vocabulary = ranking.vocabulary;
    let (stem, possessive) = match word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")) {
        Some(stem) => (stem, &word[stem.len()..]),
        None => (word, ""),
    };
    if possessive.is_empty() && !word.contains('-') {
        return;
    }
    let mut wrong = stem.split('-').filter(|part| !vocabulary.accepts(part));
    let (Some(part), None) = (wrong.next(), wrong.next()) else { return };
    if part.is_empty() {
        return;
    }
    // The only part that is not accepted: none before it is equal to it.
    let Some(start) = stem.split('-').position(|other| other == part).map(|index| part_start(stem, index)) else {
        return;
    };
    let penalty = RankScore::from(ranking.costs.weights.part);
    for candidate in correct(part) {
        let repaired = format!("{}{}{}{possessive}", &stem[..start], candidate.text, &stem[start + part.len()..]);
        if vocabulary.accepts(&repaired) {
            ranking.add(&repaired, candidate.score - penalty);
        }
    }
}

/// Where the part of this index begins, in bytes.
fn part_start(word: &str, index: usize) -> usize {
    word.split('-').take(index).map(|part| part.len() + 1).sum()
}
