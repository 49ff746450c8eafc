//! The verifier: gradient-boosted decision trees that say how probable it is that a candidate is right.
//!
//! The trees are trained by `tools/chinese/train.py` on synthetic errors and read in place. Little endian:
//! `VZVF`, version u16, features u16, hash of the features' names u64, trees u16, knots u16; per tree: inner nodes u16, at most 63, then 7 bytes each (feature u8, left i8,
//! right i8, threshold f32; a negative child -1-n is leaf n), then one f32 per leaf, inner nodes + 1 of them; knots of the
//! calibration (score f32, probability f32), ascending; FNV-1a of all before as u32.

use super::features::{FEATURE_COUNT, FeatureVector, NAMES_HASH};

const MAGIC: &[u8; 4] = b"VZVF";
const VERSION: u16 = 2;

/// Why a file of trees cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerifierError {
    /// Another kind of file.
    #[error("not a verifier: it does not begin with VZVF")]
    Foreign,
    /// Made by another version of the trainer.
    #[error("the verifier has format {found}, this program reads {VERSION}: train it anew with tools/chinese/train.py")]
    Version {
        /// The format found.
        found: u16,
    },
    /// Made for other features.
    #[error(
        "the verifier knows {found} features, this program computes {FEATURE_COUNT}: train it anew with tools/chinese/train.py"
    )]
    FeatureCount {
        /// The number found.
        found: u16,
    },
    /// Made for features of other names, or in another order.
    #[error(
        "the verifier was trained with features whose names have the hash {found:016x}, this program computes those of \
         {NAMES_HASH:016x}: train it anew with tools/chinese/train.py"
    )]
    FeatureNames {
        /// The hash found.
        found: u64,
    },
    /// Cut off or altered.
    #[error("the verifier is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
}

/// One question of one tree: a value above the threshold rules leaves out.
#[derive(Clone, Copy, Debug)]
struct ThresholdTest {
    threshold: f32,
    tree: u16,
    /// The leaves that are still possible then, lowest bit first.
    possible: u64,
}

/// The trees and the calibration of their sum.
///
/// A walk down a tree is a chain of loads and of branches that cannot be predicted. Instead the questions of all trees are asked
/// feature by feature, by ascending threshold, as long as the value is above; of each tree the first leaf that no answer
/// has ruled out is the one that a walk would have come to (QuickScorer, Lucchese et al. 2015). That takes a fifth of the time.
#[derive(Debug)]
pub struct Verifier {
    /// By feature, then by threshold.
    questions: Vec<ThresholdTest>,
    /// Where the questions of each feature begin, and the end of the last.
    first_question: [usize; FEATURE_COUNT + 1],
    /// Tree by tree, from left to right.
    leaves: Vec<f32>,
    /// Where the leaves of each tree begin.
    first_leaf: Vec<u32>,
    knots: Vec<(f32, f32)>,
}

/// A tree of a file.
struct DecisionTree {
    nodes: Vec<DecisionNode>,
    leaves: Vec<f32>,
}

struct DecisionNode {
    feature: u8,
    left: i8,
    right: i8,
    threshold: f32,
}

impl Verifier {
    /// Reads a file of trees, in well under a millisecond.
    ///
    /// # Errors
    /// When the file is foreign, damaged, or made for another version of this program.
    pub fn open(bytes: &[u8]) -> Result<Self, VerifierError> {
        let damaged = |what| VerifierError::Damaged { what };
        let Some((body, checksum)) = bytes.split_last_chunk::<4>() else { return Err(VerifierError::Foreign) };
        if !body.starts_with(MAGIC) {
            return Err(VerifierError::Foreign);
        }
        let mut reader = LittleEndianReader(&body[MAGIC.len()..]);
        let cut = || damaged("it is cut off");
        let found = reader.read_u16().ok_or_else(cut)?;
        if found != VERSION {
            return Err(VerifierError::Version { found });
        }
        let found = reader.read_u16().ok_or_else(cut)?;
        if usize::from(found) != FEATURE_COUNT {
            return Err(VerifierError::FeatureCount { found });
        }
        let found = reader.read_u64().ok_or_else(cut)?;
        if found != NAMES_HASH {
            return Err(VerifierError::FeatureNames { found });
        }
        if fnv1a(body) != u32::from_le_bytes(*checksum) {
            return Err(damaged("its checksum is wrong, it is cut off or altered"));
        }
        let (trees, knots) = reader.read_u16().zip(reader.read_u16()).ok_or_else(cut)?;
        let mut verifier = Self::untrained();
        verifier.knots.clear();
        let mut questions: Vec<(u8, ThresholdTest)> = Vec::new();
        for number in 0..trees {
            let tree = DecisionTree::read(&mut reader)?;
            verifier.first_leaf.push(verifier.leaves.len() as u32);
            tree.flatten(number, &mut questions, &mut verifier.leaves)?;
        }
        questions.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.threshold.total_cmp(&b.1.threshold)));
        verifier.first_question =
            std::array::from_fn(|feature| questions.partition_point(|q| usize::from(q.0) < feature));
        verifier.questions = questions.into_iter().map(|(_, question)| question).collect();
        for _ in 0..knots {
            verifier.knots.push(reader.read_f32().zip(reader.read_f32()).ok_or_else(cut)?);
        }
        let ascending = verifier.knots.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1);
        if knots == 0 || !ascending || !reader.0.is_empty() {
            return Err(damaged("its calibration is not ascending"));
        }
        Ok(verifier)
    }

    /// A verifier that knows nothing and finds everything improbable: for the tools that make its training data.
    #[must_use]
    pub fn untrained() -> Self {
        Self {
            questions: Vec::new(),
            first_question: [0; FEATURE_COUNT + 1],
            leaves: Vec::new(),
            first_leaf: Vec::new(),
            knots: vec![(0.0, 0.0)],
        }
    }

    /// The sum of the trees for a candidate: log odds before calibration. `possible` is working memory.
    fn raw_score(&self, features: &FeatureVector, possible: &mut Vec<u64>) -> f32 {
        possible.clear();
        possible.resize(self.first_leaf.len(), u64::MAX);
        for (value, bounds) in features.iter().zip(self.first_question.windows(2)) {
            for question in &self.questions[bounds[0]..bounds[1]] {
                if *value <= question.threshold {
                    break;
                }
                possible[usize::from(question.tree)] &= question.possible;
            }
        }
        let leaf = |(&first, possible): (&u32, &u64)| self.leaves[first as usize + possible.trailing_zeros() as usize];
        self.first_leaf.iter().zip(&*possible).map(leaf).sum()
    }

    /// How probable it is that each of some candidates is right, 0 to 1.
    pub(crate) fn probabilities(&self, candidates: &[FeatureVector], out: &mut Vec<f32>) {
        out.clear();
        let mut possible = Vec::new();
        out.extend(candidates.iter().map(|features| interpolate(&self.knots, self.raw_score(features, &mut possible))));
    }
}

impl DecisionTree {
    /// Most inner nodes of a tree: its leaves are the bits of a word.
    const MAX_INNER_NODES: u16 = 63;

    fn read(reader: &mut LittleEndianReader<'_>) -> Result<Self, VerifierError> {
        let cut = || VerifierError::Damaged { what: "it is cut off" };
        let count = reader.read_u16().ok_or_else(cut)?;
        if count > Self::MAX_INNER_NODES {
            return Err(VerifierError::Damaged { what: "a tree has more than 64 leaves" });
        }
        let mut tree = Self { nodes: Vec::new(), leaves: Vec::new() };
        for _ in 0..count {
            let [feature, left, right] = reader.read_array::<3>().ok_or_else(cut)?;
            if usize::from(feature) >= FEATURE_COUNT {
                return Err(VerifierError::Damaged { what: "a tree asks for a feature that there is not" });
            }
            let threshold = reader.read_f32().ok_or_else(cut)?;
            tree.nodes.push(DecisionNode { feature, left: left as i8, right: right as i8, threshold });
        }
        for _ in 0..=count {
            tree.leaves.push(reader.read_f32().ok_or_else(cut)?);
        }
        Ok(tree)
    }

    /// Appends the questions of the tree, and its leaves from left to right.
    fn flatten(
        &self,
        number: u16,
        questions: &mut Vec<(u8, ThresholdTest)>,
        leaves: &mut Vec<f32>,
    ) -> Result<(), VerifierError> {
        let end = leaves.len() + self.leaves.len();
        let root = if self.nodes.is_empty() { -1 } else { 0 };
        let whole = self.descend(root, number, end, questions, leaves).is_some() && leaves.len() == end;
        if whole { Ok(()) } else { Err(VerifierError::Damaged { what: "a tree points outside itself" }) }
    }

    /// Appends what is below a node, or the leaf that a negative number means. None when the tree points outside itself, or has
    /// parts in common, by which it would have more leaves than it has.
    fn descend(
        &self,
        at: i8,
        number: u16,
        end: usize,
        questions: &mut Vec<(u8, ThresholdTest)>,
        leaves: &mut Vec<f32>,
    ) -> Option<()> {
        let first = end - self.leaves.len();
        let Ok(index) = usize::try_from(at) else {
            leaves.push(*self.leaves.get((-1 - i16::from(at)) as usize)?);
            return (leaves.len() <= end).then_some(());
        };
        let &DecisionNode { feature, left, right, threshold } = self.nodes.get(index)?;
        // Children come after their parent, so that this ends.
        if [left, right].iter().any(|&child| (0..=at).contains(&child)) {
            return None;
        }
        let from = leaves.len() - first;
        self.descend(left, number, end, questions, leaves)?;
        let to = leaves.len() - first;
        let below = |leaf: usize| 1_u64.checked_shl(leaf as u32).map_or(u64::MAX, |bit| bit - 1);
        let possible = !(below(to) & !below(from));
        questions.push((feature, ThresholdTest { threshold, tree: number, possible }));
        self.descend(right, number, end, questions, leaves)
    }
}

/// Piecewise linear between the knots, constant outside.
fn interpolate(knots: &[(f32, f32)], x: f32) -> f32 {
    let next = knots.partition_point(|knot| knot.0 <= x);
    match (next.checked_sub(1).map(|i| knots[i]), knots.get(next)) {
        (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => 0.0,
    }
}

fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

struct LittleEndianReader<'a>(&'a [u8]);

impl LittleEndianReader<'_> {
    fn read_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        self.0 = tail;
        Some(*head)
    }

    fn read_u16(&mut self) -> Option<u16> {
        self.read_array().map(u16::from_le_bytes)
    }

    fn read_u64(&mut self) -> Option<u64> {
        self.read_array().map(u64::from_le_bytes)
    }

    fn read_f32(&mut self) -> Option<f32> {
        self.read_array().map(f32::from_le_bytes)
    }
}

/// Writes the format, for tests: one tree a row, which asks whether a feature is above a threshold.
#[cfg(test)]
pub(super) fn pack_stumps(stumps: &[(u8, f32, [f32; 2])], knots: &[(f32, f32)]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for number in [VERSION, FEATURE_COUNT as u16] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(NAMES_HASH.to_le_bytes());
    for number in [stumps.len() as u16, knots.len() as u16] {
        bytes.extend(number.to_le_bytes());
    }
    for (feature, threshold, leaves) in stumps {
        bytes.extend(1_u16.to_le_bytes());
        bytes.extend([*feature, -1_i8 as u8, -2_i8 as u8]);
        bytes.extend([*threshold, leaves[0], leaves[1]].iter().flat_map(|value| value.to_le_bytes()));
    }
    bytes.extend(knots.iter().flat_map(|knot| [knot.0, knot.1]).flat_map(f32::to_le_bytes));
    let checksum = fnv1a(&bytes);
    bytes.extend(checksum.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes() -> Vec<u8> {
        pack_stumps(&[(0, 1.0, [-2.0, 2.0]), (1, 0.5, [0.0, 1.0])], &[(-2.0, 0.1), (2.0, 0.9)])
    }

    #[test]
    fn sums_the_trees_and_calibrates_the_sum() {
        let verifier = Verifier::open(&bytes()).unwrap();
        #[track_caller]
        fn check(verifier: &Verifier, first: f32, second: f32, raw: f32, probability: f32) {
            let mut features = [0.0; FEATURE_COUNT];
            (features[0], features[1]) = (first, second);
            assert!((verifier.raw_score(&features, &mut Vec::new()) - raw).abs() < 1e-6);
            let mut probabilities = Vec::new();
            verifier.probabilities(&[features, features], &mut probabilities);
            assert!(probabilities.iter().all(|found| (found - probability).abs() < 1e-6), "{probabilities:?}");
        }
        check(&verifier, 0.0, 0.0, -2.0, 0.1);
        check(&verifier, 1.0, 1.0, -1.0, 0.3);
        check(&verifier, 1.5, 0.0, 2.0, 0.9);
        check(&verifier, 1.5, 1.0, 3.0, 0.9);
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        #[track_caller]
        fn check(bytes: &[u8], error: &VerifierError) {
            assert_eq!(Verifier::open(bytes).unwrap_err(), *error);
        }
        let whole = bytes();
        let damaged = VerifierError::Damaged { what: "its checksum is wrong, it is cut off or altered" };
        check(b"", &VerifierError::Foreign);
        check(b"something else", &VerifierError::Foreign);
        check(&whole[..whole.len() - 1], &damaged);
        for position in 20..whole.len() {
            let mut altered = whole.clone();
            altered[position] ^= 1;
            check(&altered, &damaged);
        }
        let mut other = whole.clone();
        other[4] = 9;
        check(&other, &VerifierError::Version { found: 9 });
        let mut other = whole.clone();
        other[8] ^= 1;
        check(&other, &VerifierError::FeatureNames { found: NAMES_HASH ^ 1 });
        let mut other = whole;
        other[6] = 9;
        check(&other, &VerifierError::FeatureCount { found: 9 });
    }
}
