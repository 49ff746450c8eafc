//! What each slip of the pen or the finger costs, as tables. Knows letters, not words.

use super::{
    alphabet::{LETTER_COUNT, Letter, NO_LETTER, all_letters, are_adjacent_keys, letter_number},
    sounds::{RESPELLING_GROUPS, SIMILAR_SOUNDS},
    weights::RankingWeights,
};

/// A cost in hundredths of an edit.
pub(super) type EditCost = u16;

/// More than any search allows, and far from overflow when costs are added.
pub(super) const UNREACHABLE_COST: EditCost = 20_000;

const VOWELS: &str = "aeiouy";

/// Steps of slack told apart, of [`SLACK_STEP`] each; the last is for any greater one.
const SLACK_LEVELS: usize = 17;
const SLACK_STEP: EditCost = 8;

/// A set of base letters, one bit each.
pub(super) type LetterSet = u64;

/// Another spelling of the same sound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Respelling {
    pub(super) typed: &'static str,
    pub(super) meant: &'static str,
    pub(super) cost: EditCost,
}

/// See the module.
#[derive(Debug)]
pub(super) struct EditCostTables {
    pub(super) weights: RankingWeights,
    pub(super) respellings: Vec<Respelling>,
    base: [Letter; LETTER_COUNT],
    /// By meant letter.
    missing: [EditCost; LETTER_COUNT],
    /// By meant letter, then typed letter.
    replaced: Vec<[EditCost; LETTER_COUNT]>,
    neighbours: Vec<[bool; LETTER_COUNT]>,
    /// By level of slack.
    omissible: [LetterSet; SLACK_LEVELS],
    /// By typed letter and level of slack.
    replaceable: Vec<[LetterSet; SLACK_LEVELS]>,
}

impl EditCostTables {
    /// The tables of some weights: about 20,000 cells.
    pub(super) fn new(weights: RankingWeights) -> Self {
        let mut costs = Self {
            respellings: build_respellings(&weights),
            base: [NO_LETTER; LETTER_COUNT],
            missing: [weights.missing_consonant; LETTER_COUNT],
            replaced: vec![[weights.others; LETTER_COUNT]; LETTER_COUNT],
            neighbours: vec![[false; LETTER_COUNT]; LETTER_COUNT],
            omissible: [0; SLACK_LEVELS],
            replaceable: vec![[0; SLACK_LEVELS]; LETTER_COUNT],
            weights,
        };
        costs.fill_letters();
        costs.fill_sets();
        costs
    }

    fn fill_letters(&mut self) {
        let weights = &self.weights;
        for (meant, m) in all_letters() {
            let index = usize::from(m.own);
            let accent = if m.own == m.base { 0 } else { weights.accent_dropped };
            self.base[index] = m.base;
            self.missing[index] = missing_cost(weights, m.base_char) + accent;
            for (typed, t) in all_letters() {
                let cost = if meant == typed {
                    0
                } else if m.base == t.base {
                    accent_cost(weights, m.own == m.base, t.own == t.base)
                } else {
                    let accent = if t.own == t.base { accent } else { 0 };
                    replaced_cost(weights, m.base_char, t.base_char) + accent
                };
                self.replaced[index][usize::from(t.own)] = cost;
                self.neighbours[index][usize::from(t.own)] = are_adjacent_keys(m.base_char, t.base_char);
            }
        }
    }

    fn fill_sets(&mut self) {
        for level in 0..SLACK_LEVELS {
            // What falls short of a level must not be left out, so each stands for its upper end.
            let slack = if level == SLACK_LEVELS - 1 { UNREACHABLE_COST } else { SLACK_STEP * (level as EditCost + 1) };
            for (meant, &base) in self.base.iter().enumerate() {
                if self.missing[meant] <= slack {
                    self.omissible[level] |= 1 << base;
                }
                for (typed, sets) in self.replaceable.iter_mut().enumerate() {
                    if self.replaced[meant][typed] <= slack {
                        sets[level] |= 1 << base;
                    }
                }
            }
        }
    }

    /// The letter without its accent.
    pub(super) fn base(&self, letter: Letter) -> Letter {
        self.base[usize::from(letter)]
    }

    /// The set of one letter's base.
    pub(super) fn letter_set(&self, letter: Letter) -> LetterSet {
        1 << self.base(letter)
    }

    /// Costs of having typed each letter instead of `meant`.
    pub(super) fn replaced(&self, meant: Letter) -> &[EditCost; LETTER_COUNT] {
        &self.replaced[usize::from(meant)]
    }

    /// Cost of having left out `meant` after `before`.
    pub(super) fn missing(&self, before: Letter, meant: Letter) -> EditCost {
        if before != NO_LETTER && self.base(before) == self.base(meant) {
            self.weights.missing_double
        } else {
            self.missing[usize::from(meant)]
        }
    }

    /// Cost of having typed `extra` between two others; [`NO_LETTER`] at the ends of a word.
    pub(super) fn extra(&self, before: Letter, extra: Letter, after: Letter) -> EditCost {
        let weights = &self.weights;
        let near = |other: Letter| self.neighbours[usize::from(extra)][usize::from(other)];
        if extra != NO_LETTER && self.base(before) == self.base(extra) {
            weights.extra_double
        } else if extra == letter_number('-') || extra == letter_number('\'') {
            weights.extra_mark
        } else if near(before) || near(after) {
            weights.extra_neighbour
        } else {
            weights.extra
        }
    }

    /// The letters for which `typed` may stand at no more than `slack`; a few more.
    pub(super) fn replaceable(&self, typed: Letter, slack: EditCost) -> LetterSet {
        self.replaceable[usize::from(typed)][slack_level(slack)]
    }

    /// The letters that may be missing after `before` at no more than `slack`; a few more.
    pub(super) fn omissible(&self, before: Letter, slack: EditCost) -> LetterSet {
        let double = if slack >= self.weights.missing_double { self.letter_set(before) } else { 0 };
        self.omissible[slack_level(slack)] | double
    }
}

fn slack_level(slack: EditCost) -> usize {
    usize::from(slack / SLACK_STEP).min(SLACK_LEVELS - 1)
}

fn build_respellings(weights: &RankingWeights) -> Vec<Respelling> {
    let of_group = |(cost, pairs): (&EditCost, &'static str)| {
        let cost = *cost;
        pairs.split_whitespace().flat_map(move |pair| {
            let both = pair.split_once('/').map(|(one, other)| [(one, other), (other, one)]);
            let single = pair.split_once('>').map(|pair| [pair]);
            let pairs = both.into_iter().flatten().chain(single.into_iter().flatten());
            pairs.map(move |(typed, meant)| Respelling { typed, meant, cost })
        })
    };
    weights.sounds.iter().zip(RESPELLING_GROUPS).flat_map(of_group).collect()
}

fn accent_cost(weights: &RankingWeights, meant_is_bare: bool, typed_is_bare: bool) -> EditCost {
    match (meant_is_bare, typed_is_bare) {
        (_, true) => weights.accent_dropped,
        (true, false) => weights.accent_added,
        (false, false) => weights.accent_wrong,
    }
}

fn missing_cost(weights: &RankingWeights, meant: char) -> EditCost {
    match meant {
        '\'' | '-' | '.' => weights.missing_mark,
        'h' => weights.missing_h,
        vowel if VOWELS.contains(vowel) => weights.missing_vowel,
        _ => weights.missing_consonant,
    }
}

fn replaced_cost(weights: &RankingWeights, meant: char, typed: char) -> EditCost {
    if (typed, meant) == ('c', 'ç') {
        return weights.cedilla_dropped;
    }
    let both_in = |letters: &str| letters.contains(meant) && letters.contains(typed);
    let reasons = [
        (true, weights.others),
        (are_adjacent_keys(meant, typed), weights.neighbours),
        (both_in(VOWELS), weights.vowels),
        (SIMILAR_SOUNDS.split_whitespace().any(both_in), weights.alike),
    ];
    reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, cost)| cost).min().unwrap_or(weights.others)
}
