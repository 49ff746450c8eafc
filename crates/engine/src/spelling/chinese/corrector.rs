//! The corrector: from a sentence to the corrections that the method proposes.

use std::{borrow::Cow, ops::Range, sync::atomic::AtomicBool};

use super::{
    candidates::{CandidateGenerator, EditProposal},
    characters::is_han,
    class::CorrectionClass,
    decode::{DecodedSentence, LatticeDecoding, ScoredEdge},
    edit_edges::edit_edges,
    features::{FeatureExtractor, FeatureVector},
    gate,
    lanes::{Lane, THRESHOLDS},
    lattice::Edge,
    resources::ChineseResources,
    verifier::Verifier,
    work::WorkBudget,
};
use crate::spelling::meter::StepMeter;

/// States a position when dividing a few characters into words.
const BEAM_OF_WORDS: usize = 2;
/// States a position when decoding the text as written.
const BEAM_AS_WRITTEN: usize = 4;
/// Longer sentences are cut, if possible at punctuation.
const MAX_WINDOW_LEN: usize = 160;
/// A sentence is read again after corrections that are more probable than this, as they may uncover others.
const REDECODE_PROBABILITY: f32 = 0.5;
const MAX_ROUNDS: usize = 3;

/// A wrong piece of text and what may be right instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Characters of the sentence: from the first to the last that is wrong.
    pub range: Range<usize>,
    /// What may be right, the most probable first.
    pub candidates: Vec<CorrectionCandidate>,
    /// Who is shown it.
    pub lane: Lane,
    /// What kind of change it is.
    pub class: CorrectionClass,
}

/// One possible right text.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectionCandidate {
    /// The text, as long as what it replaces.
    pub text: String,
    /// The calibrated probability that this is right.
    pub probability: f32,
}

/// What the verifier is asked about one proposal; the trainer reads these.
#[derive(Clone, Copy, Debug)]
pub struct VerifierExample {
    pub proposal: EditProposal,
    /// What the verifier is told.
    pub features: FeatureVector,
}

/// The working memory of a check, reused from sentence to sentence.
#[derive(Debug, Default)]
pub struct Workspace {
    decoding: LatticeDecoding,
    /// The text that `decoding` and `path` are of, as long as no edits are among them: what was read once is not read again.
    decoded: Vec<char>,
    path: Vec<ScoredEdge>,
    suspicious: Vec<bool>,
    edits: Vec<Edge>,
    finder: CandidateGenerator,
    proposals: Vec<EditProposal>,
    extractor: FeatureExtractor,
    probabilities: Vec<f32>,
}

/// Finds wrongly written characters.
#[derive(Debug)]
pub struct Corrector {
    resources: ChineseResources,
    verifier: Verifier,
}

impl Corrector {
    /// Puts the parts together.
    #[must_use]
    pub fn new(resources: ChineseResources, verifier: Verifier) -> Self {
        Self { resources, verifier }
    }

    /// The corrections of a sentence of normalised Simplified text, ascending and disjoint. `fixed` are characters never to
    /// touch. Linear in the length: where the text asks for more work than there is, and when cancelled, the rest of the window
    /// is not looked at.
    pub fn correct(
        &self,
        workspace: &mut Workspace,
        sentence: &[char],
        fixed: &[bool],
        work: &mut WorkBudget<'_>,
    ) -> Vec<Correction> {
        let mut corrections = Vec::new();
        for window in decoding_windows(sentence) {
            work.begin_window(window.len());
            let found = self.correct_window(workspace, &sentence[window.clone()], &fixed[window.clone()], work);
            corrections.extend(found.into_iter().map(|mut correction| {
                correction.range = correction.range.start + window.start..correction.range.end + window.start;
                correction
            }));
        }
        corrections
    }

    /// The words that a range of a few characters of normalised Simplified text lies in; a word of one character is taken with its
    /// neighbour, without which it says nothing. Some 2 us.
    pub(super) fn words_around(&self, workspace: &mut Workspace, text: &[char], range: Range<usize>) -> Range<usize> {
        let Workspace { decoding, decoded, path, .. } = workspace;
        // What was decoded for the next correction is written over.
        decoded.clear();
        decoding.lattice.fill(&self.resources.model, text);
        decoding.decode(&self.resources.model, BEAM_OF_WORDS);
        decoding.best_path(path);
        let words = path.iter().map(|step| usize::from(step.edge.start)..usize::from(step.edge.end));
        let around = words
            .filter(|word| overlap(word, &range))
            .fold(range.clone(), |whole, word| whole.start.min(word.start)..whole.end.max(word.end));
        if around.len() > 1 {
            around
        } else if around.start > 0 {
            around.start - 1..around.end
        } else {
            around.start..text.len().min(around.end + 1)
        }
    }

    /// Calls `each` with the words of the best reading of a sentence of Simplified text as written, from left to right. What it
    /// reads, the next [`Corrector::correct`] of the same sentence need not.
    pub(crate) fn for_each_word(
        &self,
        workspace: &mut Workspace,
        sentence: &[char],
        work: &mut WorkBudget<'_>,
        mut each: impl FnMut(Range<usize>),
    ) {
        let model = &self.resources.model;
        for window in decoding_windows(sentence) {
            if !work.spend(1) {
                return;
            }
            let text = &sentence[window.clone()];
            let Workspace { decoding, decoded, path, .. } = &mut *workspace;
            decoding.lattice.fill(model, text);
            decoding.decode(model, BEAM_AS_WRITTEN);
            decoding.best_path(path);
            decoded.clear();
            decoded.extend_from_slice(text);
            for step in &*path {
                each(window.start + usize::from(step.edge.start)..window.start + usize::from(step.edge.end));
            }
        }
    }

    /// The proposals for a short text and what the verifier would be told about them.
    pub fn verifier_examples(&self, workspace: &mut Workspace, text: &[char], fixed: &[bool]) -> Vec<VerifierExample> {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::unlimited(&cancelled);
        self.propose(workspace, text, fixed, &mut WorkBudget::unlimited(&meter));
        let pairs = workspace.proposals.iter().zip(workspace.extractor.features());
        pairs.map(|(&proposal, &features)| VerifierExample { proposal, features }).collect()
    }

    fn correct_window(
        &self,
        workspace: &mut Workspace,
        text: &[char],
        fixed: &[bool],
        work: &mut WorkBudget<'_>,
    ) -> Vec<Correction> {
        let mut corrections: Vec<Correction> = Vec::new();
        let (mut text, mut fixed) = (Cow::Borrowed(text), Cow::Borrowed(fixed));
        for round in 1..=MAX_ROUNDS {
            self.propose(workspace, &text, &fixed, work);
            self.verifier.probabilities(workspace.extractor.features(), &mut workspace.probabilities);
            let proposals = workspace.proposals.iter().copied();
            let mut ranked: Vec<(f32, EditProposal)> = workspace.probabilities.iter().copied().zip(proposals).collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            let found = select_corrections(&text, &ranked);
            let mut again = false;
            for correction in found {
                // A word may change around what an earlier round put right.
                if corrections.iter().any(|other| overlap(&other.range, &correction.range)) {
                    continue;
                }
                if correction.candidates[0].probability >= REDECODE_PROBABILITY {
                    for (position, c) in correction.range.clone().zip(correction.candidates[0].text.chars()) {
                        text.to_mut()[position] = c;
                        fixed.to_mut()[position] = true;
                    }
                    again = true;
                }
                corrections.push(correction);
            }
            if !again || round == MAX_ROUNDS || work.is_exhausted() {
                break;
            }
            // What was less probable is judged anew.
            corrections.retain(|correction| correction.candidates[0].probability >= REDECODE_PROBABILITY);
        }
        corrections.sort_by_key(|correction| correction.range.start);
        corrections
    }

    /// Fills the workspace with proposals and their features.
    fn propose(&self, workspace: &mut Workspace, text: &[char], fixed: &[bool], work: &mut WorkBudget<'_>) {
        let Workspace { decoding, decoded, path, suspicious, edits, finder, proposals, extractor, .. } = workspace;
        let model = &self.resources.model;
        proposals.clear();
        extractor.clear();
        if !text.iter().any(|&c| is_han(c)) || !work.spend(1) {
            return;
        }
        if decoded != text {
            decoding.lattice.fill(model, text);
            decoding.decode(model, BEAM_AS_WRITTEN);
            decoding.best_path(path);
        }
        // Edits will join the lattice.
        decoded.clear();
        if !gate::mark_suspicious(model, &self.resources.trade, text, path, fixed, suspicious) {
            return;
        }
        let sentence = DecodedSentence { text, path, suspicious };
        finder.prepare(model, decoding);
        edits.clear();
        let max_cost = |start, end| finder.max_edit_cost(start, end);
        edit_edges(&self.resources, &sentence, max_cost, work, edits);
        edits.retain(|edge| self.preserves_fixed(edge, text, fixed));
        finder.generate(model, decoding, text, edits, proposals);
        extractor.extract(&self.resources, &mut decoding.cache, &sentence, work, proposals);
    }

    fn preserves_fixed(&self, edge: &Edge, text: &[char], fixed: &[bool]) -> bool {
        let span = usize::from(edge.start)..usize::from(edge.end);
        if !fixed[span.clone()].contains(&true) {
            return true;
        }
        let right = self.resources.model.word_characters(edge.word);
        span.zip(right.iter()).all(|(position, &c)| text[position] == c || !fixed[position])
    }
}

/// Lets the most probable proposals win over those that overlap them; these become further candidates of the same range.
fn select_corrections(text: &[char], ranked: &[(f32, EditProposal)]) -> Vec<Correction> {
    let mut corrections: Vec<Correction> = Vec::new();
    for (probability, proposal) in ranked {
        let range = proposal.start..proposal.end();
        let candidate = || CorrectionCandidate { text: proposal.text().iter().collect(), probability: *probability };
        if let Some(winner) = corrections.iter_mut().find(|correction| overlap(&correction.range, &range)) {
            if winner.range == range {
                winner.candidates.push(candidate());
            }
            continue;
        }
        let class = CorrectionClass::classify(&text[range.clone()], proposal.text());
        if let Some(lane) = THRESHOLDS.lane(class, *probability) {
            corrections.push(Correction { range, candidates: vec![candidate()], lane, class });
        }
    }
    corrections
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Cuts a sentence into windows that can be decoded one by one.
fn decoding_windows(sentence: &[char]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= sentence.len() {
            return None;
        }
        let longest = (start + MAX_WINDOW_LEN).min(sentence.len());
        let mut end = longest;
        if longest < sentence.len() {
            // Punctuation in the second half of the window divides best.
            let half = start + MAX_WINDOW_LEN / 2;
            end = (half..longest).rev().find(|&i| !is_han(sentence[i])).map_or(longest, |i| i + 1);
        }
        let window = start..end;
        start = end;
        Some(window)
    })
}
