//! What the verifier is told about a candidate: numbers that compare the text as written with the text as corrected.

use super::{
    candidates::EditProposal,
    characters::is_han,
    class::CorrectionClass,
    confusion::ConfusionSets,
    decode::{ScoredEdge, UNKNOWN_WORD_LOG10, ViterbiDecoder},
    fit::{UNKNOWN_CHARACTER_LOG10, WindowFit},
    lattice::Lattice,
    model::{NGramModel, ScoreCache},
    phrases::PhraseCounts,
    witness::PhraseEvidence,
    work::WorkBudget,
};

/// Characters of context on each side of a candidate.
const CONTEXT_LEN: usize = 10;
/// What the description of one proposal costs, in steps of [`WorkBudget`].
const EXTRACTION_STEPS: u32 = 100;
/// States a position while fitting a window.
const WINDOW_BEAM: usize = 4;

/// Names of the features, in order; the trainer reads them.
pub const FEATURE_NAMES: [&str; 60] = [
    "gain",
    "gain_joint",
    "gain_left",
    "gain_lattice",
    "gain_margin",
    "rank",
    "in_best_path",
    "cost",
    "old_longest",
    "old_rarest",
    "old_least_order",
    "old_words",
    "old_unknown",
    "old_log10",
    "old_singles",
    "old_mean_order",
    "new_longest",
    "new_rarest",
    "new_least_order",
    "new_words",
    "new_unknown",
    "new_log10",
    "new_singles",
    "new_mean_order",
    "old_commonest",
    "new_commonest",
    "new_first_order",
    "new_next_order",
    "old_first_order",
    "old_next_order",
    "same_tone",
    "same_syllable",
    "fuzzy",
    "shape",
    "changes",
    "old_character",
    "new_character",
    "kind",
    "at_start",
    "at_end",
    "length",
    "oddness",
    "odd_near",
    "new_elsewhere",
    "old_elsewhere",
    "rivals",
    "phrase_gain",
    "old_pair_left",
    "old_pair_right",
    "new_pair_left",
    "new_pair_right",
    "old_triple",
    "new_triple",
    "old_quadruple",
    "new_quadruple",
    "old_strings",
    "new_strings",
    "phrase_gain_joint",
    "new_phrase",
    "old_phrase",
];
/// The number of features.
pub const FEATURE_COUNT: usize = FEATURE_NAMES.len();
/// The last ones, which the table of phrases gives.
const PHRASE_FEATURE_COUNT: usize = 14;
/// The ones before.
const MODEL_FEATURE_COUNT: usize = FEATURE_COUNT - PHRASE_FEATURE_COUNT;
const GAIN: usize = 0;
const GAIN_MARGIN: usize = 4;
const COST: usize = 7;
const RIVALS: usize = 45;

/// One candidate's features.
pub type FeatureVector = [f32; FEATURE_COUNT];

/// Computes features; the working memory is reused.
#[derive(Debug, Default)]
pub struct FeatureExtractor {
    window: Vec<char>,
    lattice: Lattice,
    decoder: ViterbiDecoder,
    path: Vec<ScoredEdge>,
}

/// What does not depend on the candidate.
#[derive(Clone, Copy, Debug)]
pub struct DecodedSentence<'a> {
    /// The text as written.
    pub text: &'a [char],
    /// Its best reading.
    pub path: &'a [ScoredEdge],
    /// What the gate marked.
    pub suspicious: &'a [bool],
}

impl FeatureExtractor {
    /// The features of the proposals for a sentence, as far as the work goes: it drops the others.
    #[expect(clippy::too_many_arguments, reason = "the parts of one pipeline, borrowed separately")]
    pub fn extract(
        &mut self,
        model: &NGramModel,
        memo: &mut ScoreCache,
        confusions: &ConfusionSets,
        phrases: &PhraseCounts,
        sentence: &DecodedSentence<'_>,
        work: &mut WorkBudget<'_>,
        proposals: &mut Vec<EditProposal>,
        out: &mut Vec<FeatureVector>,
    ) {
        out.clear();
        let affordable = proposals.iter().take_while(|_| work.spend(EXTRACTION_STEPS)).count();
        proposals.truncate(affordable);
        let mut base: Option<(usize, usize, WindowFit)> = None;
        for proposal in &*proposals {
            let old = match base {
                Some((start, length, fit)) if (start, length) == (proposal.start, proposal.length) => fit,
                _ => self.fit_window(model, memo, sentence.text, proposal, &[], false),
            };
            base = Some((proposal.start, proposal.length, old));
            let new = self.fit_window(model, memo, sentence.text, proposal, &[], true);
            let company: bool = proposals.iter().any(|other| is_joint_edit(other, proposal));
            let joint = if company {
                self.fit_window(model, memo, sentence.text, proposal, proposals, true).total
                    - self.fit_window(model, memo, sentence.text, proposal, proposals, false).total
            } else {
                new.total - old.total
            };
            let own = model_features(model, confusions, sentence, proposal, &old, &new, joint);
            let heard = self.phrase_features(phrases, sentence.text, proposal, if company { proposals } else { &[] });
            let mut features = [0.0; FEATURE_COUNT];
            features[..MODEL_FEATURE_COUNT].copy_from_slice(&own);
            features[MODEL_FEATURE_COUNT..].copy_from_slice(&heard);
            out.push(features);
        }
        fill_rival_features(proposals, out);
    }

    /// What the table of phrases says.
    fn phrase_features(
        &mut self,
        phrases: &PhraseCounts,
        text: &[char],
        at: &EditProposal,
        company: &[EditProposal],
    ) -> [f32; PHRASE_FEATURE_COUNT] {
        let (start, end) = self.fill_window(text, at, &[], false);
        let old = PhraseEvidence::from_window(phrases, &self.window, start, end);
        self.window[start..end].copy_from_slice(at.text());
        let new = PhraseEvidence::from_window(phrases, &self.window, start, end);
        let mut joint = new.log2 - old.log2;
        if !company.is_empty() {
            let (start, end) = self.fill_window(text, at, company, false);
            let old = PhraseEvidence::from_window(phrases, &self.window, start, end);
            self.window[start..end].copy_from_slice(at.text());
            joint = PhraseEvidence::from_window(phrases, &self.window, start, end).log2 - old.log2;
        }
        [
            new.log2 - old.log2,
            old.pairs[0],
            old.pairs[1],
            new.pairs[0],
            new.pairs[1],
            old.heaviest[1],
            new.heaviest[1],
            old.heaviest[2],
            new.heaviest[2],
            old.strings,
            new.strings,
            joint,
            new.log2,
            old.log2,
        ]
    }

    /// Copies the window around a proposal, with the edits of the best reading around it; where the proposal is in it.
    fn fill_window(
        &mut self,
        text: &[char],
        at: &EditProposal,
        company: &[EditProposal],
        corrected: bool,
    ) -> (usize, usize) {
        let low = at.start.saturating_sub(CONTEXT_LEN);
        let high = (at.end() + CONTEXT_LEN).min(text.len());
        self.window.clear();
        self.window.extend_from_slice(&text[low..high]);
        for other in company.iter().filter(|other| is_joint_edit(other, at)) {
            for (offset, &c) in other.text().iter().enumerate() {
                if let Some(slot) = (other.start + offset).checked_sub(low).and_then(|i| self.window.get_mut(i)) {
                    *slot = c;
                }
            }
        }
        let (start, end) = (at.start - low, at.end() - low);
        if corrected {
            self.window[start..end].copy_from_slice(at.text());
        }
        (start, end)
    }

    /// Fits the window around a proposal, as written or as proposed, with the edits of the best reading around it.
    fn fit_window(
        &mut self,
        model: &NGramModel,
        memo: &mut ScoreCache,
        text: &[char],
        at: &EditProposal,
        company: &[EditProposal],
        corrected: bool,
    ) -> WindowFit {
        let (start, end) = self.fill_window(text, at, company, corrected);
        self.lattice.fill(model, &self.window);
        self.decoder.decode(model, memo, &self.lattice, WINDOW_BEAM);
        self.decoder.best_path(&self.lattice, &mut self.path);
        WindowFit::from_path(model, &self.path, start, end)
    }
}

/// Whether an edit of the best reading stands near another proposal and can be made together with it.
fn is_joint_edit(other: &EditProposal, proposal: &EditProposal) -> bool {
    other.in_best_path
        && !other.overlaps(proposal)
        && other.start < proposal.end() + CONTEXT_LEN
        && proposal.start < other.end() + CONTEXT_LEN
}

fn model_features(
    model: &NGramModel,
    confusions: &ConfusionSets,
    sentence: &DecodedSentence<'_>,
    proposal: &EditProposal,
    old: &WindowFit,
    new: &WindowFit,
    joint: f32,
) -> [f32; MODEL_FEATURE_COUNT] {
    let text = sentence.text;
    let written = &text[proposal.start..proposal.end()];
    let mut relations = [0.0; 4];
    let (mut changes, mut old_character, mut new_character) = (0.0, 0.0_f32, 0.0_f32);
    let character = |c: char| model.id_of_chars(&[c]).map_or(UNKNOWN_CHARACTER_LOG10, |word| model.unigram_log10(word));
    for (&from, &to) in written.iter().zip(proposal.text()).filter(|(a, b)| a != b) {
        if let Some(relation) = confusions.relation(from, to) {
            relations[relation as usize] += 1.0;
        }
        if confusions.shapes.are_similar(from, to) {
            relations[3] = 1.0;
        }
        changes += 1.0;
        old_character = old_character.min(character(from));
        new_character = new_character.min(character(to));
    }
    let boundary = |c: Option<&char>| f32::from(c.is_none_or(|&c| !is_han(c)));
    let (oddness, odd_near) = surrounding_features(sentence, proposal);
    let (new_elsewhere, old_elsewhere) = repetition_features(text, proposal);
    [
        new.total - old.total,
        joint,
        new.left - old.left,
        proposal.gain,
        0.0,
        f32::from(proposal.rank),
        f32::from(proposal.in_best_path),
        proposal.cost,
        old.longest,
        old.rarest,
        old.least_order,
        old.words,
        old.unknown,
        old.log10,
        old.singles,
        old.mean_order,
        new.longest,
        new.rarest,
        new.least_order,
        new.words - old.words,
        new.unknown,
        new.log10,
        new.singles,
        new.mean_order,
        old.commonest,
        new.commonest,
        new.first_order,
        new.next_order,
        old.first_order,
        old.next_order,
        relations[0],
        relations[1],
        relations[2],
        relations[3],
        changes,
        old_character,
        new_character,
        f32::from(CorrectionClass::classify(written, proposal.text()) as u8),
        boundary(proposal.start.checked_sub(1).map(|i| &text[i])),
        boundary(text.get(proposal.end())),
        text.len().min(100) as f32,
        oddness,
        odd_near,
        new_elsewhere,
        old_elsewhere,
        0.0,
    ]
}

/// How unlikely the rest of the sentence is, per character, and how many suspicious characters stand near.
fn surrounding_features(sentence: &DecodedSentence<'_>, proposal: &EditProposal) -> (f32, f32) {
    let (mut log10, mut characters) = (0.0, 0.0);
    for step in sentence.path {
        let (start, end) = (usize::from(step.edge.start), usize::from(step.edge.end));
        if end <= proposal.start || start > proposal.end() {
            log10 += step.log10.max(UNKNOWN_WORD_LOG10);
            characters += (end - start) as f32;
        }
    }
    let near = proposal.start.saturating_sub(6)..(proposal.end() + 6).min(sentence.suspicious.len());
    let odd = near.filter(|i| sentence.suspicious[*i] && !(proposal.start..proposal.end()).contains(i)).count();
    (if characters > 0.0 { log10 / characters } else { -1.2 }, odd as f32)
}

/// Whether the new character with a neighbour, or the old one with a neighbour, stands elsewhere in the text.
fn repetition_features(text: &[char], proposal: &EditProposal) -> (f32, f32) {
    let (low, high) = (proposal.start.saturating_sub(1), (proposal.end() + 1).min(text.len()));
    let count = |pair: [char; 2], skip: bool| {
        if !pair.iter().all(|&c| is_han(c)) {
            return 0;
        }
        let found = text.windows(2).enumerate();
        found.filter(|(i, w)| **w == pair && !(skip && (low..high).contains(i))).count()
    };
    let (mut new, mut old) = (0, 0);
    for i in low..high.saturating_sub(1) {
        let at = |i: usize| {
            if (proposal.start..proposal.end()).contains(&i) {
                proposal.replacement[i - proposal.start]
            } else {
                text[i]
            }
        };
        new = new.max(count([at(i), at(i + 1)], false));
        old = old.max(count([text[i], text[i + 1]], true));
    }
    (new.min(3) as f32, old.min(3) as f32)
}

/// Fills in what compares a proposal with its rivals for the same characters.
fn fill_rival_features(proposals: &[EditProposal], features: &mut [FeatureVector]) {
    let net: Vec<f32> = features.iter().map(|f| f[GAIN] - f[COST]).collect();
    for (index, proposal) in proposals.iter().enumerate() {
        let rivals = proposals.iter().enumerate().filter(|(i, other)| *i != index && other.overlaps(proposal));
        let (mut best, mut count) = (-5.0_f32, 0.0);
        for (rival, _) in rivals {
            best = best.max(net[rival]);
            count += 1.0;
        }
        features[index][GAIN_MARGIN] = net[index] - best;
        features[index][RIVALS] = count;
    }
}
