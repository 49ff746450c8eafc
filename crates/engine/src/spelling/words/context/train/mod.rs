//! Makes the model of contexts of a language from right text: what stands around the members of each set. The same input gives
//! the same bytes. Knows no files.
//!
//! Weights are learnt by [`regression`] from the places that [`corpus`] found. Then the sources are divided into parts; each part
//! is judged by weights that were learnt from the others, and [`lanes`] puts the bars where right text is hardly marked. At last
//! the weights are learnt from all sources.

mod cluster;
mod corpus;
mod known_slips;
mod lanes;
mod regression;

use std::sync::Arc;

use corpus::{Corpus, Place};
use known_slips::KnownSlips;
use lanes::{ACCENT_BUDGET, JudgedPlace, JudgedSet};
pub use lanes::{LaneBudget, PairFigures};
use regression::{Sample, train_softmax};

use super::super::run_ons::RunOns;
use super::{
    ACCENT_SET,
    features::FeatureList,
    hashing::hash_word,
    model::{LaneBars, MOST_MEMBERS, MemberScores, SetModel, pack, weight_key},
    sets::{ConfusionSets, ConfusionSetsError},
};
use crate::spelling::words::{
    accents::{self, AccentCandidates, AccentPairs},
    common::CommonWords,
    lexicon::Lexicon,
    vocabulary::Vocabulary,
};

/// Parts that the sources are divided into.
const PARTS: u8 = 4;

/// Places of one member that weights are learnt from, at most: more of the same teach little.
const MOST_PLACES: usize = 100_000;

/// As how many places one that is found so often counts where weights are learnt.
const MOST_COPIES: u32 = 3;

/// As how many places a written example counts.
const EXAMPLE_COPIES: u32 = 8;

/// Right text of one origin, one sentence a line.
#[derive(Clone, Debug)]
pub struct TrainingSource<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its text.
    pub text: &'t str,
}

/// Sentences as agents write them.
#[derive(Clone, Copy, Debug)]
pub struct TrainingExamples<'t> {
    /// One a line.
    pub text: &'t str,
    /// Whether they are read without their commas, too: who types in a hurry leaves commas out, and text has hardly a Portuguese `mas`
    /// without one before it.
    pub also_without_commas: bool,
}

/// What a model is made from.
#[derive(Debug)]
pub struct TrainingInput<'t> {
    /// The reviewed file of sets.
    pub sets: &'t str,
    /// For what the text hardly has.
    pub examples: TrainingExamples<'t>,
    /// Right text.
    pub sources: Vec<TrainingSource<'t>>,
    /// Slips of its writers: lines that begin with a [`DisputedPlace::key`], in hexadecimal digits.
    pub known_slips: &'t str,
    /// Frequencies and lexicons of a language with accents, for pairs that differ by them.
    pub accents: Option<(CommonWords, Vec<Lexicon>)>,
    /// How much of right text may be marked.
    pub budget: LaneBudget,
}

/// Why there is nothing to learn from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainingError {
    /// The reviewed file of sets.
    #[error(transparent)]
    Sets(#[from] ConfusionSetsError),
    /// The slips, by their line.
    #[error("known slips, line {0}: expected a key of 16 hexadecimal digits, or #")]
    KnownSlips(usize),
}

/// A model, and how it did on text that it had not seen.
#[derive(Clone, Debug)]
pub struct TrainedContexts {
    /// What `contexts.bin` is to hold.
    pub bytes: Vec<u8>,
    /// Words of the text.
    pub words: u64,
    /// For each member as written and each other that was meant.
    pub figures: Vec<PairFigures>,
    /// Places of the text where something else may have been meant, by pair.
    pub disputed: Vec<DisputedPlace>,
}

/// A place of right text where what was learnt from the other parts would say, or nearly, that another word was meant.
#[derive(Clone, Debug)]
pub struct DisputedPlace {
    /// What stands there.
    pub written: String,
    /// What others have there.
    pub meant: String,
    /// Log-odds that it was meant.
    pub log_odds: f32,
    /// Log-odds above which a hint would say so.
    pub hint_bar: f32,
    /// How many places have the same around them.
    pub count: u32,
    /// By which it is known among slips.
    pub key: u64,
    /// The word with three words on either side.
    pub snippet: String,
    /// The whole line.
    pub line: String,
}

/// How far below the bar of hints a place is disputed.
const DISPUTED_BELOW: f32 = 1.0;

/// Makes the model of a language: minutes for ten million words. `progress` is told what is being done.
///
/// # Errors
/// [`TrainingError`]
pub fn train_contexts(
    input: TrainingInput<'_>,
    mut progress: impl FnMut(&str),
) -> Result<TrainedContexts, TrainingError> {
    let sets = ConfusionSets::parse(input.sets)?;
    let pairs = input.accents.and_then(|(common, lexicons)| accent_pairs(common, lexicons)).unwrap_or_default();
    progress("reading");
    let known_slips = KnownSlips::read(input.known_slips).map_err(TrainingError::KnownSlips)?;
    let corpus = Corpus::read(&sets, &pairs, &input.sources, &known_slips, input.examples, PARTS);
    let accent_set = sets.sets().len();
    let (mut models, mut weights, mut judged) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..=accent_set {
        let (name, members) = match sets.sets().get(number) {
            Some(set) if set.by_model => {
                (set.name(), set.members.iter().map(|member| member.text.to_string()).collect())
            }
            Some(_) => continue,
            None => (ACCENT_SET.to_owned(), vec!["bare".to_owned(), "accented".to_owned()]),
        };
        progress(&name);
        let trainer = SetTrainer { name: hash_word(&name), members: members.len(), corpus: &corpus, number };
        let places = (0..PARTS).flat_map(|part| trainer.judge_part(part)).collect::<Vec<_>>();
        let (biases, own) = trainer.learn(None);
        weights.extend(own.into_iter().map(|(feature, member, weight)| (weight_key(feature, member), weight)));
        models.push(SetModel { name: hash_word(&name), biases, bars: Vec::new() });
        judged.push(JudgedSet { number, members, places });
    }
    progress("setting bars");
    let accents = judged.split_off(judged.len() - 1);
    let (mut bars, mut figures) = lanes::set_bars(&judged, corpus.words, input.budget);
    let (own, accent_figures) = lanes::set_bars(&accents, corpus.words, ACCENT_BUDGET);
    bars.extend(own);
    judged.extend(accents);
    let disputed = disputed_places(&corpus, &judged, &bars);
    figures.extend(accent_figures);
    for (model, bars) in models.iter_mut().zip(bars) {
        model.bars = bars;
    }
    Ok(TrainedContexts { bytes: pack(&models, &corpus.classes, weights), words: corpus.words, figures, disputed })
}

/// The most disputed of each pair first.
fn disputed_places(corpus: &Corpus<'_>, judged: &[JudgedSet], bars: &[Vec<LaneBars>]) -> Vec<DisputedPlace> {
    let mut disputed = Vec::new();
    for (set, bars) in judged.iter().zip(bars) {
        let members = set.members.len();
        for (written, meant) in (0..members).flat_map(|written| (0..members).map(move |meant| (written, meant))) {
            if written == meant {
                continue;
            }
            let hint_bar = bars[written * members + meant].hint;
            let first = disputed.len();
            for judged in set.places.iter().filter(|place| place.member == written && !place.is_example) {
                let log_odds = judged.scores[meant] - judged.scores[written];
                if log_odds >= hint_bar - DISPUTED_BELOW {
                    let Place { found: (line, span), count, .. } = corpus.places[set.number][judged.number];
                    let [written, meant] = [written, meant].map(|member| set.members[member].clone());
                    let ((key, snippet), line) = (known_slips::key_and_snippet(line, span), line.to_owned());
                    disputed.push(DisputedPlace { written, meant, log_odds, hint_bar, count, key, snippet, line });
                }
            }
            disputed[first..].sort_by(|one, other| other.log_odds.total_cmp(&one.log_odds));
        }
    }
    disputed
}

fn accent_pairs(common: CommonWords, lexicons: Vec<Lexicon>) -> Option<AccentPairs> {
    let words = common.words_at_least(accents::MIN_ACCENTED_FREQUENCY);
    let candidates = AccentCandidates::from_frequencies(&words, &common);
    let lexicons = lexicons.into_iter().map(Arc::new).collect();
    let vocabulary = Vocabulary {
        lexicons,
        supplements: Vec::new(),
        common: Arc::new(common),
        blocked: Arc::default(),
        run_ons: Arc::new(RunOns::read("").ok()?),
    };
    Some(AccentPairs::from_candidates(&candidates, &vocabulary))
}

/// Learns one set.
struct SetTrainer<'c> {
    name: u64,
    members: usize,
    corpus: &'c Corpus<'c>,
    number: usize,
}

impl SetTrainer<'_> {
    fn places(&self) -> &[Place<'_>] {
        &self.corpus.places[self.number]
    }

    /// Whether it is the set of words that differ by accents: examples have the rare ones of them as often as the others, which is not
    /// how often agents write them.
    fn is_of_pairs(&self) -> bool {
        self.number + 1 == self.corpus.places.len()
    }

    /// The features of a place, one after the other.
    fn for_each_feature(&self, place: &Place<'_>, list: &mut FeatureList, mut each: impl FnMut(u64)) {
        let around = self.corpus.around(place);
        match self.corpus.pair(place) {
            None => {
                list.fill(self.name, &around);
                list.add_sentence(self.name, &around, place.facts);
                list.as_slice().iter().for_each(|&feature| each(feature));
            }
            Some((bare, pair)) => {
                for owner in [pair.kind_owner(), hash_word(bare)] {
                    list.fill(owner, &around);
                    list.as_slice().iter().for_each(|&feature| each(feature));
                }
                list.fill_facts(pair.facts(bare));
                list.as_slice().iter().for_each(|&feature| each(feature));
            }
        }
    }

    /// Biases and weights from all places but those of a part.
    fn learn(&self, without: Option<u8>) -> (Vec<f32>, Vec<(u64, usize, f32)>) {
        let mut natural = [0.5_f64; MOST_MEMBERS];
        let mut counts = [0_usize; MOST_MEMBERS];
        let taken = |place: &&Place<'_>| without != Some(place.part);
        for place in self.places().iter().filter(taken) {
            natural[usize::from(place.member)] += f64::from(if place.is_example { 0 } else { place.count });
            counts[usize::from(place.member)] += 1;
        }
        let strides = counts.map(|count| count.div_ceil(MOST_PLACES).max(1));
        let mut seen = [0_usize; MOST_MEMBERS];
        let mut samples = Vec::new();
        let mut learnt = [0.5_f64; MOST_MEMBERS];
        let mut list = FeatureList::default();
        for place in self.places().iter().filter(taken) {
            let member = usize::from(place.member);
            seen[member] += 1;
            if !seen[member].is_multiple_of(strides[member]) {
                continue;
            }
            let copies = if place.is_example && !self.is_of_pairs() { EXAMPLE_COPIES } else { 1 };
            let weight = copies * place.count.min(MOST_COPIES);
            learnt[member] += f64::from(weight);
            let mut features = Vec::new();
            self.for_each_feature(place, &mut list, |feature| features.push(feature));
            samples.push(Sample { features, member, weight: weight as f32 });
        }
        let (biases, weights) = train_softmax(samples, self.members);
        // What was sampled is not as frequent as it is in text.
        let corrected = (0..self.members).map(|member| {
            let (of_member, of_first) = (natural[member] / learnt[member], natural[0] / learnt[0]);
            biases[member] + (of_member / of_first).ln() as f32
        });
        (corrected.collect(), weights)
    }

    /// What the weights of the other parts say of the places of a part.
    fn judge_part(&self, part: u8) -> Vec<JudgedPlace> {
        let judges = |(_, place): &(usize, &Place<'_>)| place.part == part && !(place.is_example && self.is_of_pairs());
        let places: Vec<(usize, &Place<'_>)> = self.places().iter().enumerate().filter(judges).collect();
        if places.is_empty() {
            return Vec::new();
        }
        let (biases, weights) = self.learn(Some(part));
        let mut table: rustc_hash::FxHashMap<u64, MemberScores> = rustc_hash::FxHashMap::default();
        for (feature, member, weight) in weights {
            table.entry(feature).or_default()[member] = weight;
        }
        let mut list = FeatureList::default();
        let judge = |(number, place): (usize, &Place<'_>)| {
            let mut scores: MemberScores = [0.0; MOST_MEMBERS];
            scores[..biases.len()].copy_from_slice(&biases);
            self.for_each_feature(place, &mut list, |feature| {
                if let Some(weights) = table.get(&feature) {
                    scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight);
                }
            });
            let Place { member, is_example, count, .. } = *place;
            JudgedPlace { member: usize::from(member), is_example, count, scores, number }
        };
        places.into_iter().map(judge).collect()
    }
}
