//! Viterbi decoding with a beam over a word lattice under the trigram model.

use super::{
    lattice::{Edge, Lattice},
    model::{ModelWordId, NGramModel, ScoreCache, WordScore},
};

/// log10 probability of a word that the vocabulary lacks.
pub(crate) const UNKNOWN_WORD_LOG10: f32 = -7.0;
/// States further behind the best one at their position are dropped.
const BEAM_MARGIN: f32 = 8.0;
const NO_INDEX: u32 = u32::MAX;

/// A reading of the text up to a position: its last two words are what the model needs to go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ViterbiState {
    /// The last word but one, the last word.
    pub context: [ModelWordId; 2],
    /// log10 probability of the reading, less the cost of its edits.
    pub total: f32,
    scored: WordScore,
    edge: u32,
    back: u32,
    /// The next state that ends at the same position.
    next: u32,
}

/// One word of the best reading, with what the model thought of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScoredEdge {
    /// The word.
    pub(crate) edge: Edge,
    /// Its conditional log10 probability.
    pub log10: f32,
    /// Words of the n-gram that gave the probability; 0 for the unknown.
    pub order: u8,
}

/// A decoded sentence: what does not depend on the candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodedSentence<'a> {
    /// The text as written.
    pub text: &'a [char],
    /// Its best reading.
    pub path: &'a [ScoredEdge],
    /// What the gate marked.
    pub(crate) suspicious: &'a [bool],
}

/// The score of a word of the vocabulary, or the fixed one of what is none.
#[inline]
pub(crate) fn score_or_unknown(word: ModelWordId, score: impl FnOnce(ModelWordId) -> WordScore) -> WordScore {
    if word == ModelWordId::UNKNOWN { WordScore { log10: UNKNOWN_WORD_LOG10, order: 0 } } else { score(word) }
}

/// A lattice and its decoding, with what the model was asked lately: working memory, reused from text to text.
#[derive(Debug, Default)]
pub(crate) struct LatticeDecoding {
    /// Recent scores of the model.
    pub cache: ScoreCache,
    /// The readings of the text.
    pub(crate) lattice: Lattice,
    /// The best of them.
    pub decoder: ViterbiDecoder,
}

impl LatticeDecoding {
    /// Decodes the lattice, keeping at most `beam` states a position.
    pub(crate) fn decode(&mut self, model: &NGramModel, beam: usize) {
        self.decoder.decode(model, &mut self.cache, &self.lattice, beam);
    }

    /// The best reading, word by word.
    pub(crate) fn best_path(&self, path: &mut Vec<ScoredEdge>) {
        self.decoder.best_path(&self.lattice, path);
    }
}

/// The working memory of the decoder, reused from text to text.
#[derive(Debug, Default)]
pub(crate) struct ViterbiDecoder {
    states: Vec<ViterbiState>,
    /// Heads of the lists of states by the position at which they end.
    heads: Vec<u32>,
    kept: Vec<u32>,
    kept_first: Vec<u32>,
    order: Vec<u32>,
}

impl ViterbiDecoder {
    /// Decodes, keeping at most `beam` states a position; returns the best total. Linear in the number of edges.
    pub(crate) fn decode(&mut self, model: &NGramModel, cache: &mut ScoreCache, lattice: &Lattice, beam: usize) -> f32 {
        let length = lattice.length();
        self.states.clear();
        self.heads.clear();
        self.heads.resize(length + 1, NO_INDEX);
        self.kept.clear();
        self.kept_first.clear();
        let scored = WordScore { log10: 0.0, order: 0 };
        let context = [ModelWordId::UNKNOWN; 2];
        self.states.push(ViterbiState { context, total: 0.0, scored, edge: NO_INDEX, back: NO_INDEX, next: NO_INDEX });
        self.heads[0] = 0;
        for position in 0..=length {
            self.kept_first.push(self.kept.len() as u32);
            self.prune(position, beam);
            if position < length {
                self.expand(model, cache, lattice, position);
            }
        }
        self.kept_first.push(self.kept.len() as u32);
        self.states_at(length).next().map_or(f32::NEG_INFINITY, |state| state.total)
    }

    /// The states kept at a position, the best first.
    pub(crate) fn states_at(&self, position: usize) -> impl Iterator<Item = &ViterbiState> {
        let range = self.kept_first[position] as usize..self.kept_first[position + 1] as usize;
        self.kept[range].iter().map(|&number| &self.states[number as usize])
    }

    /// The best reading, word by word.
    pub(crate) fn best_path(&self, lattice: &Lattice, path: &mut Vec<ScoredEdge>) {
        path.clear();
        let Some(mut state) = self.states_at(lattice.length()).next() else { return };
        while state.edge != NO_INDEX {
            path.push(ScoredEdge {
                edge: lattice.edge(state.edge),
                log10: state.scored.log10,
                order: state.scored.order,
            });
            state = &self.states[state.back as usize];
        }
        path.reverse();
    }

    fn prune(&mut self, position: usize, beam: usize) {
        self.order.clear();
        let mut number = self.heads[position];
        while number != NO_INDEX {
            self.order.push(number);
            number = self.states[number as usize].next;
        }
        let states = &self.states;
        self.order
            .sort_unstable_by(|&a, &b| states[b as usize].total.total_cmp(&states[a as usize].total).then(a.cmp(&b)));
        let first = self.kept.len();
        let Some(&best) = self.order.first() else { return };
        let least = states[best as usize].total - BEAM_MARGIN;
        for &number in &self.order {
            let state = &states[number as usize];
            if state.total < least || self.kept.len() - first >= beam {
                break;
            }
            // Of two readings with the same last words only the better one can win.
            let seen = self.kept[first..].iter().any(|&other| states[other as usize].context == state.context);
            if !seen {
                self.kept.push(number);
            }
        }
    }

    fn expand(&mut self, model: &NGramModel, cache: &mut ScoreCache, lattice: &Lattice, position: usize) {
        for index in self.kept_first[position] as usize..self.kept.len() {
            let back = self.kept[index];
            let ViterbiState { context, total, .. } = self.states[back as usize];
            for number in lattice.starting_at(position) {
                let edge = lattice.edge(number);
                let scored = score_or_unknown(edge.word, |word| cache.score(model, context, word));
                let end = usize::from(edge.end);
                let next = std::mem::replace(&mut self.heads[end], self.states.len() as u32);
                self.states.push(ViterbiState {
                    context: [context[1], edge.word],
                    total: total + scored.log10 - edge.cost,
                    scored,
                    edge: number,
                    back,
                    next,
                });
            }
        }
    }
}
