//! Candidates: corrections worth the verifier's time. They come from the best reading of the edited lattice, and, as the best
//! reading has only one answer for each place, from the best single edits at each suspicious position.

use super::{
    decode::{LatticeDecoding, ScoredEdge, ViterbiDecoder, ViterbiState, score_or_unknown},
    lattice::{Edge, Lattice},
    model::{BigramContext, ModelWordId, NGramModel, TrigramContext, WordScore},
};

/// States a position when decoding with edits.
const BEAM_EDITED: usize = 6;
/// Characters of the longest replacement.
pub(crate) const MAX_REPLACEMENT_LEN: usize = 5;
/// Edits that gain less than their cost and this more are not tried together with others.
const MIN_JOINT_GAIN: f32 = -1.6;
/// Assumed log10 probability of a likely next word, to leave edits that cannot gain enough unmeasured.
const LIKELY_NEXT_LOG10: f32 = -1.0;
/// Edits kept for joint decoding that start at one position.
const JOINT_PER_POSITION: usize = 5;
/// Single edits are candidates from this gain less cost.
const MIN_SINGLE_GAIN: f32 = -1.0;
/// Single edits that become candidates at one position.
const SINGLE_PER_POSITION: usize = 2;

/// A replacement for a range of the text: no longer than the characters that change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EditProposal {
    /// First character that changes.
    pub start: usize,
    /// Characters replaced, and their number.
    pub replacement: [char; MAX_REPLACEMENT_LEN],
    /// Length in characters.
    pub length: usize,
    /// How much likelier the text becomes by this edit alone, log10, before the cost.
    pub(crate) gain: f32,
    /// What the channel charges.
    pub cost: f32,
    /// Whether the best reading holds it.
    pub(crate) in_best_path: bool,
    /// Its place among the edits at its position, by gain less cost, from 0.
    pub rank: u8,
}

impl EditProposal {
    /// The new characters.
    #[must_use]
    pub fn text(&self) -> &[char] {
        &self.replacement[..self.length]
    }

    /// One past the last character that changes.
    #[must_use]
    pub fn end(&self) -> usize {
        self.start + self.length
    }

    /// Whether two change characters in common or between each other's.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end() && other.start < self.end()
    }
}

/// An edge that undoes slips, and how much likelier it alone makes the text.
#[derive(Clone, Copy, Debug)]
struct EditGain {
    edge: Edge,
    gain: f32,
}

impl EditGain {
    fn net_gain(&self) -> f32 {
        self.gain - self.edge.cost
    }
}

/// The best reading of the text to the left of an edit, ready to be continued.
struct LeftContext<'m> {
    total: f32,
    after: BigramContext<'m>,
    context: TrigramContext<'m>,
}

impl<'m> LeftContext<'m> {
    fn from_state(model: &'m NGramModel, state: &ViterbiState) -> Self {
        let [before, word] = state.context;
        let after = model.bigram_context(word);
        let context = after.trigram_context(before);
        Self { total: state.total, after, context }
    }
}

/// Finds candidates; the working memory is reused from text to text.
#[derive(Debug, Default)]
pub(crate) struct CandidateGenerator {
    /// For each edge of the lattice: log10 probability of the best continuation after it.
    after: Vec<f32>,
    /// For each position: log10 probability of the text as written, read up to the next border of the best reading as
    /// decoded and from there on as `after` has it, so that gains compare like with like.
    base: Vec<f32>,
    /// For each position: the best of `after` among the edges that start there, a bound for any continuation.
    bound: Vec<f32>,
    /// For each position: log10 probability of the best reading up to it.
    left: Vec<f32>,
    gains: Vec<EditGain>,
    joint: Vec<Edge>,
    path: Vec<ScoredEdge>,
}

impl CandidateGenerator {
    /// Measures a text as written, whose lattice has been decoded: what edits are compared with.
    pub(crate) fn prepare(&mut self, model: &NGramModel, decoding: &mut LatticeDecoding) {
        self.compute_right_scores(model, decoding);
        self.compute_baselines(model, decoding);
        let LatticeDecoding { lattice, decoder, .. } = decoding;
        self.left.clear();
        let best = |position| decoder.states_at(position).next().map_or(f32::NEG_INFINITY, |state| state.total);
        self.left.extend((0..=lattice.length()).map(best));
    }

    /// What an edit of a range of the prepared text may cost at most to be worth a thought: were its word certain after those
    /// before it, and a likely one after it.
    #[must_use]
    #[inline]
    pub(crate) fn max_edit_cost(&self, start: usize, end: usize) -> f32 {
        let likeliest = if end + 1 == self.bound.len() { 0.0 } else { LIKELY_NEXT_LOG10 };
        self.left[start] - self.base[end] + self.bound[end] + likeliest - MIN_JOINT_GAIN
    }

    /// Proposals for the prepared text. Leaves the edited lattice and its decoding behind.
    pub(crate) fn generate(
        &mut self,
        model: &NGramModel,
        decoding: &mut LatticeDecoding,
        text: &[char],
        edits: &[Edge],
        proposals: &mut Vec<EditProposal>,
    ) {
        proposals.clear();
        self.measure_gains(model, &decoding.lattice, &decoding.decoder, edits);
        self.keep_best_gains();
        self.propose_single_edits(model, text, proposals);
        self.joint.clear();
        self.joint.extend(self.gains.iter().map(|gain| gain.edge));
        decoding.lattice.extend(&self.joint);
        decoding.decode(model, BEAM_EDITED);
        decoding.best_path(&mut self.path);
        for index in 0..self.path.len() {
            let edge = self.path[index].edge;
            if edge.changes > 0 {
                let gain = self.gains.iter().find(|gain| (gain.edge.start, gain.edge.word) == (edge.start, edge.word));
                let gain = gain.map_or(0.0, |gain| gain.gain);
                add_proposal(model, text, &EditGain { edge, gain }, true, 0, proposals);
            }
        }
    }

    /// The gain of each edit alone: the best reading to its left and the best continuation to its right, as written.
    fn measure_gains(&mut self, model: &NGramModel, lattice: &Lattice, decoder: &ViterbiDecoder, edits: &[Edge]) {
        self.gains.clear();
        for group in edits.chunk_by(|a, b| a.start == b.start) {
            let start = usize::from(group[0].start);
            let Some(left) = decoder.states_at(start).next().map(|state| LeftContext::from_state(model, state)) else {
                continue;
            };
            for &edge in group {
                self.gains.extend(self.edit_gain(model, lattice, &left, edge));
            }
        }
    }

    /// The gain of one edit, if it is worth a thought.
    fn edit_gain(&self, model: &NGramModel, lattice: &Lattice, left: &LeftContext<'_>, edge: Edge) -> Option<EditGain> {
        let step = left.after.bigram_score(edge.word);
        let scored = left.context.score(step);
        let before = left.total + scored.log10;
        let end = usize::from(edge.end);
        if edge.cost - scored.log10 > self.max_edit_cost(usize::from(edge.start), end) {
            return None;
        }
        let next = model.bigram_context(edge.word);
        let context = left.after.extend(step, &next);
        let (after, next_order) = self.best_continuation(lattice, end, |word| context.score(next.bigram_score(word)));
        // A single character that is new to both its neighbours says nothing.
        if edge.end - edge.start == 1 && scored.order <= 1 && next_order <= 1 {
            return None;
        }
        let gain = EditGain { edge, gain: before + after - self.base[end] };
        (gain.net_gain() > MIN_JOINT_GAIN).then_some(gain)
    }

    /// The best way on from a position, whose first words are scored by `score`, and the order of its first n-gram.
    #[inline]
    fn best_continuation(
        &self,
        lattice: &Lattice,
        position: usize,
        mut score: impl FnMut(ModelWordId) -> WordScore,
    ) -> (f32, u8) {
        if position == lattice.length() {
            return (0.0, 0);
        }
        let continuations = lattice.starting_at(position).map(|next| {
            let scored = score_or_unknown(lattice.edge(next).word, &mut score);
            (scored.log10 + self.after[next as usize], scored.order)
        });
        continuations.fold((f32::NEG_INFINITY, 0), |best, next| if next.0 > best.0 { next } else { best })
    }

    /// The best continuation after each edge, right to left; bigrams suffice to compare.
    fn compute_right_scores(&mut self, model: &NGramModel, decoding: &mut LatticeDecoding) {
        let LatticeDecoding { cache, lattice, .. } = decoding;
        self.after.clear();
        self.after.resize(lattice.edges().len(), 0.0);
        self.bound.clear();
        self.bound.resize(lattice.length() + 1, f32::NEG_INFINITY);
        self.bound[lattice.length()] = 0.0;
        for number in (0..lattice.edges().len()).rev() {
            let edge = lattice.edges()[number];
            let score = |word| cache.bigram_score(model, edge.word, word).word_score();
            self.after[number] = self.best_continuation(lattice, usize::from(edge.end), score).0;
            let start = usize::from(edge.start);
            self.bound[start] = self.bound[start].max(self.after[number]);
        }
    }

    fn compute_baselines(&mut self, model: &NGramModel, decoding: &mut LatticeDecoding) {
        let LatticeDecoding { cache, lattice, decoder } = decoding;
        decoder.best_path(lattice, &mut self.path);
        self.base.clear();
        self.base.resize(lattice.length() + 1, 0.0);
        for step in &self.path {
            let end = usize::from(step.edge.end);
            let mut best = f32::NEG_INFINITY;
            for state in decoder.states_at(end).take(2) {
                let score = |word| cache.score(model, state.context, word);
                best = best.max(state.total + self.best_continuation(lattice, end, score).0);
            }
            self.base[usize::from(step.edge.start) + 1..=end].fill(best);
        }
    }

    /// Orders the gains by position, the best first, and drops all but the best of each position.
    fn keep_best_gains(&mut self) {
        self.gains.sort_unstable_by(|a, b| {
            (a.edge.start.cmp(&b.edge.start))
                .then(b.net_gain().total_cmp(&a.net_gain()))
                .then(a.edge.word.cmp(&b.edge.word))
        });
        self.gains.dedup_by_key(|gain| (gain.edge.start, gain.edge.word));
        let (mut position, mut count) = (u16::MAX, 0);
        self.gains.retain(|gain| {
            if gain.edge.start != position {
                (position, count) = (gain.edge.start, 0);
            }
            count += 1;
            count <= JOINT_PER_POSITION
        });
    }

    fn propose_single_edits(&self, model: &NGramModel, text: &[char], proposals: &mut Vec<EditProposal>) {
        for gain in self.gains.iter().filter(|gain| gain.net_gain() > MIN_SINGLE_GAIN) {
            add_proposal(model, text, gain, false, 0, proposals);
        }
        // Words that overlap propose for the same position: rank by where the change begins.
        proposals.sort_by(|a, b| a.start.cmp(&b.start).then((b.gain - b.cost).total_cmp(&(a.gain - a.cost))));
        let (mut position, mut count) = (usize::MAX, 0);
        proposals.retain_mut(|proposal| {
            if proposal.start != position {
                (position, count) = (proposal.start, 0);
            }
            proposal.rank = count;
            count += 1;
            usize::from(proposal.rank) < SINGLE_PER_POSITION
        });
    }
}

/// Adds a proposal trimmed to what changes, or joins it with an equal one.
fn add_proposal(
    model: &NGramModel,
    text: &[char],
    gain: &EditGain,
    in_best_path: bool,
    rank: u8,
    proposals: &mut Vec<EditProposal>,
) {
    let right = model.word_characters(gain.edge.word);
    let start = usize::from(gain.edge.start);
    let written = &text[start..usize::from(gain.edge.end)];
    let differs = |index: &usize| written[*index] != right[*index];
    let (Some(first), Some(last)) = ((0..right.len()).find(differs), (0..right.len()).rev().find(differs)) else {
        return;
    };
    let length = last + 1 - first;
    let mut replacement = ['\0'; MAX_REPLACEMENT_LEN];
    replacement[..length].copy_from_slice(&right[first..=last]);
    let start = start + first;
    let equal = |p: &&mut EditProposal| p.start == start && p.length == length && p.replacement == replacement;
    if let Some(proposal) = proposals.iter_mut().find(equal) {
        proposal.gain = proposal.gain.max(gain.gain);
        proposal.in_best_path |= in_best_path;
        return;
    }
    let cost = gain.edge.cost;
    proposals.push(EditProposal { start, replacement, length, gain: gain.gain, cost, in_best_path, rank });
}
