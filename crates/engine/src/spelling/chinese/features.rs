//! What the verifier is told about a candidate: numbers that compare the text as written with the text as corrected.
//!
//! [`FEATURE_NAMES`] and what computes each stand in one table. The trees of `verifier.bin` know features by their number alone, so
//! the file carries [`NAMES_HASH`] of the table that it was trained with, and is refused by a program with another.

use super::{
    candidates::EditProposal,
    characters::is_han,
    class::CorrectionClass,
    decode::{DecodedSentence, ScoredEdge, UNKNOWN_WORD_LOG10, ViterbiDecoder},
    lattice::Lattice,
    model::ScoreCache,
    phrase_evidence::PhraseEvidence,
    resources::ChineseResources,
    window_fit::{UNKNOWN_CHARACTER_LOG10, WindowFit},
    work::WorkBudget,
};

/// Characters of context on each side of a candidate.
const CONTEXT_LEN: usize = 10;
/// What the description of one proposal costs, in steps of [`WorkBudget`].
const EXTRACTION_STEPS: u32 = 100;
/// States a position while fitting a window.
const WINDOW_BEAM: usize = 4;

/// Defines the features: their names in order, and the function that computes them all.
macro_rules! features {
    (|$of:ident| $($name:ident = $value:expr,)*) => {
        /// Names of the features, in order; the trainer reads them.
        pub const FEATURE_NAMES: &[&str] = &[$(stringify!($name)),*];

        fn evaluate($of: &Comparison) -> FeatureVector {
            [$($value),*]
        }
    };
}

features! { |c|
    gain = c.gain(),
    gain_joint = c.joint_gain,
    gain_left = c.new.left - c.old.left,
    gain_lattice = c.proposal.gain,
    gain_margin = c.net_gain() - c.best_rival,
    rank = f32::from(c.proposal.rank),
    in_best_path = f32::from(c.proposal.in_best_path),
    cost = c.proposal.cost,
    old_longest = c.old.longest,
    old_rarest = c.old.rarest,
    old_least_order = c.old.least_order,
    old_words = c.old.words,
    old_unknown = c.old.unknown,
    old_log10 = c.old.log10,
    old_singles = c.old.singles,
    old_mean_order = c.old.mean_order,
    new_longest = c.new.longest,
    new_rarest = c.new.rarest,
    new_least_order = c.new.least_order,
    new_words = c.new.words - c.old.words,
    new_unknown = c.new.unknown,
    new_log10 = c.new.log10,
    new_singles = c.new.singles,
    new_mean_order = c.new.mean_order,
    old_commonest = c.old.commonest,
    new_commonest = c.new.commonest,
    new_first_order = c.new.first_order,
    new_next_order = c.new.next_order,
    old_first_order = c.old.first_order,
    old_next_order = c.old.next_order,
    same_tone = c.changes.relations[0],
    same_syllable = c.changes.relations[1],
    fuzzy = c.changes.relations[2],
    shape = c.changes.relations[3],
    notorious_shape = c.changes.relations[4],
    changes = c.changes.count,
    old_character = c.changes.old_character,
    new_character = c.changes.new_character,
    kind = f32::from(c.changes.class as u8),
    at_start = f32::from(c.surroundings.at_start),
    at_end = f32::from(c.surroundings.at_end),
    length = c.surroundings.length,
    oddness = c.surroundings.mean_log10,
    odd_near = c.surroundings.suspicious_near,
    new_elsewhere = c.surroundings.new_elsewhere,
    old_elsewhere = c.surroundings.old_elsewhere,
    rivals = c.rivals,
    phrase_gain = c.new_phrases.log2 - c.old_phrases.log2,
    old_pair_left = c.old_phrases.pairs[0],
    old_pair_right = c.old_phrases.pairs[1],
    new_pair_left = c.new_phrases.pairs[0],
    new_pair_right = c.new_phrases.pairs[1],
    old_triple = c.old_phrases.heaviest[1],
    new_triple = c.new_phrases.heaviest[1],
    old_quadruple = c.old_phrases.heaviest[2],
    new_quadruple = c.new_phrases.heaviest[2],
    old_strings = c.old_phrases.strings,
    new_strings = c.new_phrases.strings,
    phrase_gain_joint = c.joint_phrase_gain,
    new_phrase = c.new_phrases.log2,
    old_phrase = c.old_phrases.log2,
    old_trade = c.old.trade,
    new_trade = c.new.trade,
}

/// The number of features.
pub(crate) const FEATURE_COUNT: usize = FEATURE_NAMES.len();

/// FNV-1a, 64 bits, of the names in their order, each with a line feed behind it.
pub(crate) const NAMES_HASH: u64 = {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut feature = 0;
    while feature < FEATURE_COUNT {
        let name = FEATURE_NAMES[feature].as_bytes();
        let mut at = 0;
        while at <= name.len() {
            let byte = if at < name.len() { name[at] } else { b'\n' };
            hash = (hash ^ byte as u64).wrapping_mul(0x0100_0000_01B3);
            at += 1;
        }
        feature += 1;
    }
    hash
};

/// One candidate's features.
pub(crate) type FeatureVector = [f32; FEATURE_COUNT];

/// All that the features of one candidate are computed from.
#[derive(Clone, Copy, Debug)]
struct Comparison {
    proposal: EditProposal,
    /// The window around the candidate, as written and as corrected.
    old: WindowFit,
    new: WindowFit,
    /// The gain where the other edits of the best reading are made, too.
    joint_gain: f32,
    old_phrases: PhraseEvidence,
    new_phrases: PhraseEvidence,
    /// As `joint_gain`, in the table of phrases.
    joint_phrase_gain: f32,
    changes: ChangedCharacters,
    surroundings: Surroundings,
    /// How many other proposals change the same characters, and the greatest net gain among them.
    rivals: f32,
    best_rival: f32,
}

impl Comparison {
    fn gain(&self) -> f32 {
        self.new.total - self.old.total
    }

    fn net_gain(&self) -> f32 {
        self.gain() - self.proposal.cost
    }
}

/// Computes features; the working memory is reused.
#[derive(Debug, Default)]
pub(crate) struct FeatureExtractor {
    window: Vec<char>,
    lattice: Lattice,
    decoder: ViterbiDecoder,
    path: Vec<ScoredEdge>,
    comparisons: Vec<Comparison>,
    features: Vec<FeatureVector>,
}

impl FeatureExtractor {
    /// Computes the features of the proposals for a sentence, as far as the work goes: it drops the other proposals.
    pub(crate) fn extract(
        &mut self,
        resources: &ChineseResources,
        cache: &mut ScoreCache,
        sentence: &DecodedSentence<'_>,
        work: &mut WorkBudget<'_>,
        proposals: &mut Vec<EditProposal>,
    ) {
        self.comparisons.clear();
        let affordable = proposals.iter().take_while(|_| work.spend(EXTRACTION_STEPS)).count();
        proposals.truncate(affordable);
        let mut as_written: Option<(usize, usize, WindowFit)> = None;
        for proposal in &*proposals {
            let old = match as_written {
                Some((start, length, fit)) if (start, length) == (proposal.start, proposal.length) => fit,
                _ => self.fit_window(resources, cache, sentence.text, &Window::of(proposal, &[], false)),
            };
            as_written = Some((proposal.start, proposal.length, old));
            let comparison = self.compare(resources, cache, sentence, proposal, old, proposals);
            self.comparisons.push(comparison);
        }
        self.count_rivals();
        self.features.clear();
        self.features.extend(self.comparisons.iter().map(evaluate));
    }

    /// The features of the last proposals, one row for each.
    #[must_use]
    pub(crate) fn features(&self) -> &[FeatureVector] {
        &self.features
    }

    /// Forgets the last proposals.
    pub(crate) fn clear(&mut self) {
        self.features.clear();
    }

    fn compare(
        &mut self,
        resources: &ChineseResources,
        cache: &mut ScoreCache,
        sentence: &DecodedSentence<'_>,
        proposal: &EditProposal,
        old: WindowFit,
        proposals: &[EditProposal],
    ) -> Comparison {
        let text = sentence.text;
        let new = self.fit_window(resources, cache, text, &Window::of(proposal, &[], true));
        let [old_phrases, new_phrases] = self.phrase_evidence(resources, text, proposal, &[]);
        let mut joint_gain = new.total - old.total;
        let mut joint_phrase_gain = new_phrases.log2 - old_phrases.log2;
        if proposals.iter().any(|other| is_joint_edit(other, proposal)) {
            joint_gain = self.fit_window(resources, cache, text, &Window::of(proposal, proposals, true)).total
                - self.fit_window(resources, cache, text, &Window::of(proposal, proposals, false)).total;
            let [old, new] = self.phrase_evidence(resources, text, proposal, proposals);
            joint_phrase_gain = new.log2 - old.log2;
        }
        Comparison {
            proposal: *proposal,
            old,
            new,
            joint_gain,
            old_phrases,
            new_phrases,
            joint_phrase_gain,
            changes: ChangedCharacters::new(resources, text, proposal),
            surroundings: Surroundings::new(sentence, proposal),
            rivals: 0.0,
            best_rival: 0.0,
        }
    }

    /// What the table of phrases says of the text around a proposal, as written and as proposed.
    fn phrase_evidence(
        &mut self,
        resources: &ChineseResources,
        text: &[char],
        proposal: &EditProposal,
        joint: &[EditProposal],
    ) -> [PhraseEvidence; 2] {
        [false, true].map(|corrected| {
            let (start, end) = self.fill_window(text, &Window::of(proposal, joint, corrected));
            PhraseEvidence::from_window(&resources.phrases, &self.window, start, end)
        })
    }

    /// Fits the window around a proposal.
    fn fit_window(
        &mut self,
        resources: &ChineseResources,
        cache: &mut ScoreCache,
        text: &[char],
        window: &Window<'_>,
    ) -> WindowFit {
        let (start, end) = self.fill_window(text, window);
        let ChineseResources { model, trade, .. } = resources;
        self.lattice.fill(model, &self.window);
        self.decoder.decode(model, cache, &self.lattice, WINDOW_BEAM);
        self.decoder.best_path(&self.lattice, &mut self.path);
        WindowFit::from_path(model, trade, &self.path, start, end)
    }

    /// Copies the window around a proposal; where the proposal is in it.
    fn fill_window(&mut self, text: &[char], window: &Window<'_>) -> (usize, usize) {
        let proposal = window.proposal;
        let low = proposal.start.saturating_sub(CONTEXT_LEN);
        let high = (proposal.end() + CONTEXT_LEN).min(text.len());
        self.window.clear();
        self.window.extend_from_slice(&text[low..high]);
        for other in window.joint.iter().filter(|other| is_joint_edit(other, proposal)) {
            for (offset, &c) in other.text().iter().enumerate() {
                if let Some(slot) = (other.start + offset).checked_sub(low).and_then(|i| self.window.get_mut(i)) {
                    *slot = c;
                }
            }
        }
        let (start, end) = (proposal.start - low, proposal.end() - low);
        if window.is_corrected {
            self.window[start..end].copy_from_slice(proposal.text());
        }
        (start, end)
    }

    /// Compares each proposal with its rivals: those for the same characters.
    fn count_rivals(&mut self) {
        for index in 0..self.comparisons.len() {
            let proposal = self.comparisons[index].proposal;
            let (mut best, mut count) = (-5.0_f32, 0.0);
            for (other, rival) in self.comparisons.iter().enumerate() {
                if other != index && rival.proposal.overlaps(&proposal) {
                    best = best.max(rival.net_gain());
                    count += 1.0;
                }
            }
            let comparison = &mut self.comparisons[index];
            (comparison.rivals, comparison.best_rival) = (count, best);
        }
    }
}

/// The text around a proposal, as written or as proposed, with the edits of the best reading among `joint`.
struct Window<'a> {
    proposal: &'a EditProposal,
    joint: &'a [EditProposal],
    is_corrected: bool,
}

impl<'a> Window<'a> {
    const fn of(proposal: &'a EditProposal, joint: &'a [EditProposal], is_corrected: bool) -> Self {
        Self { proposal, joint, is_corrected }
    }
}

/// Whether an edit of the best reading stands near another proposal and can be made together with it.
fn is_joint_edit(other: &EditProposal, proposal: &EditProposal) -> bool {
    other.in_best_path
        && !other.overlaps(proposal)
        && other.start < proposal.end() + CONTEXT_LEN
        && proposal.start < other.end() + CONTEXT_LEN
}

/// The characters that a proposal changes.
#[derive(Clone, Copy, Debug)]
struct ChangedCharacters {
    /// How many sound alike with the tone, without it, by fuzzy syllables; 1 if any two look alike; how many are notorious for it.
    relations: [f32; 5],
    count: f32,
    /// log10 probability of the rarest, as written and as proposed.
    old_character: f32,
    new_character: f32,
    class: CorrectionClass,
}

impl ChangedCharacters {
    fn new(resources: &ChineseResources, text: &[char], proposal: &EditProposal) -> Self {
        let ChineseResources { model, confusions, .. } = resources;
        let written = &text[proposal.start..proposal.end()];
        let class = CorrectionClass::classify(written, proposal.text());
        let mut changed = Self { relations: [0.0; 5], count: 0.0, old_character: 0.0, new_character: 0.0, class };
        let log10 = |c: char| model.id_of_chars(&[c]).map_or(UNKNOWN_CHARACTER_LOG10, |word| model.unigram_log10(word));
        for (&from, &to) in written.iter().zip(proposal.text()).filter(|(a, b)| a != b) {
            if let Some(relation) = confusions.relation(from, to) {
                changed.relations[relation as usize] += 1.0;
            }
            if confusions.shapes.are_similar(from, to) {
                changed.relations[3] = 1.0;
            }
            changed.count += 1.0;
            changed.old_character = changed.old_character.min(log10(from));
            changed.new_character = changed.new_character.min(log10(to));
        }
        changed
    }
}

/// What stands around a proposal.
#[derive(Clone, Copy, Debug)]
struct Surroundings {
    /// Whether the text, or its Chinese, begins or ends with the proposal.
    at_start: bool,
    at_end: bool,
    /// Characters of the text, 100 at most.
    length: f32,
    /// How unlikely the rest of the sentence is: log10 probability of a character.
    mean_log10: f32,
    /// Suspicious characters within six of the proposal.
    suspicious_near: f32,
    /// How often the new character with a neighbour, and the old one with a neighbour, stand elsewhere in the text; 3 at most.
    new_elsewhere: f32,
    old_elsewhere: f32,
}

impl Surroundings {
    fn new(sentence: &DecodedSentence<'_>, proposal: &EditProposal) -> Self {
        let text = sentence.text;
        let is_boundary = |c: Option<&char>| c.is_none_or(|&c| !is_han(c));
        let (mut log10, mut characters) = (0.0, 0.0);
        for step in sentence.path {
            let (start, end) = (usize::from(step.edge.start), usize::from(step.edge.end));
            if end <= proposal.start || start > proposal.end() {
                log10 += step.log10.max(UNKNOWN_WORD_LOG10);
                characters += (end - start) as f32;
            }
        }
        let near = proposal.start.saturating_sub(6)..(proposal.end() + 6).min(sentence.suspicious.len());
        let is_odd = |i: &usize| sentence.suspicious[*i] && !(proposal.start..proposal.end()).contains(i);
        let (new_elsewhere, old_elsewhere) = repetitions(text, proposal);
        Self {
            at_start: is_boundary(proposal.start.checked_sub(1).map(|i| &text[i])),
            at_end: is_boundary(text.get(proposal.end())),
            length: text.len().min(100) as f32,
            mean_log10: if characters > 0.0 { log10 / characters } else { -1.2 },
            suspicious_near: near.filter(is_odd).count() as f32,
            new_elsewhere,
            old_elsewhere,
        }
    }
}

/// How often the new character with a neighbour, and the old one with a neighbour, stand elsewhere in the text.
fn repetitions(text: &[char], proposal: &EditProposal) -> (f32, f32) {
    let (low, high) = (proposal.start.saturating_sub(1), (proposal.end() + 1).min(text.len()));
    let count = |pair: [char; 2], skip: bool| {
        if !pair.iter().all(|&c| is_han(c)) {
            return 0;
        }
        let pairs = text.windows(2).enumerate();
        pairs.filter(|(i, w)| **w == pair && !(skip && (low..high).contains(i))).count()
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
