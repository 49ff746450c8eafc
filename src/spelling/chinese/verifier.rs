//! The verifier: gradient-boosted decision trees that say how probable it is that a candidate is right.
//!
//! The trees are trained by `tools/chinese/train.py` on synthetic errors and read in place. Little endian:
//! `VZVF`, version u16, features u16, trees u16, knots u16; per tree: inner nodes u16, then 7 bytes each (feature u8, left i8,
//! right i8, threshold f32; a negative child -1-n is leaf n), then one f32 per leaf, inner nodes + 1 of them; knots of the
//! calibration (score f32, probability f32), ascending; FNV-1a of all before as u32.

use super::features::{COUNT, Features};

const MAGIC: &[u8; 4] = b"VZVF";
const VERSION: u16 = 1;

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
        "the verifier knows {found} features, this program computes {COUNT}: train it anew with tools/chinese/train.py"
    )]
    Features {
        /// The number found.
        found: u16,
    },
    /// Cut off or altered.
    #[error("the verifier is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
}

#[derive(Clone, Copy, Debug)]
struct Node {
    threshold: f32,
    feature: u8,
    /// Where to go on: left from the threshold down, right above it.
    children: [i8; 2],
}

#[derive(Debug)]
struct Tree {
    first_node: u32,
    first_leaf: u32,
    /// A tree without inner nodes is one leaf.
    single: bool,
}

/// The trees and the calibration of their sum.
#[derive(Debug)]
pub struct Verifier {
    nodes: Vec<Node>,
    leaves: Vec<f32>,
    trees: Vec<Tree>,
    knots: Vec<(f32, f32)>,
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
        let mut reader = Reader(&body[MAGIC.len()..]);
        let cut = || damaged("it is cut off");
        let found = reader.u16().ok_or_else(cut)?;
        if found != VERSION {
            return Err(VerifierError::Version { found });
        }
        let found = reader.u16().ok_or_else(cut)?;
        if usize::from(found) != COUNT {
            return Err(VerifierError::Features { found });
        }
        if fnv1a(body) != u32::from_le_bytes(*checksum) {
            return Err(damaged("its checksum is wrong, it is cut off or altered"));
        }
        let (trees, knots) = reader.u16().zip(reader.u16()).ok_or_else(cut)?;
        let mut verifier = Self { nodes: Vec::new(), leaves: Vec::new(), trees: Vec::new(), knots: Vec::new() };
        for _ in 0..trees {
            verifier.read_tree(&mut reader)?;
        }
        for _ in 0..knots {
            verifier.knots.push(reader.f32().zip(reader.f32()).ok_or_else(cut)?);
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
        Self { nodes: Vec::new(), leaves: Vec::new(), trees: Vec::new(), knots: vec![(0.0, 0.0)] }
    }

    fn read_tree(&mut self, reader: &mut Reader<'_>) -> Result<(), VerifierError> {
        let cut = || VerifierError::Damaged { what: "it is cut off" };
        let count = reader.u16().ok_or_else(cut)?;
        let tree =
            Tree { first_node: self.nodes.len() as u32, first_leaf: self.leaves.len() as u32, single: count == 0 };
        for index in 0..count {
            let [feature, left, right] = reader.take::<3>().ok_or_else(cut)?;
            let node = Node { feature, children: [left as i8, right as i8], threshold: reader.f32().ok_or_else(cut)? };
            // Children come after their parent, so that a walk ends.
            let valid = |child: i8| {
                if child >= 0 {
                    child as u16 > index && (child as u16) < count
                } else {
                    (-1 - i16::from(child)) as u16 <= count
                }
            };
            if usize::from(feature) >= COUNT || !node.children.into_iter().all(valid) {
                return Err(VerifierError::Damaged { what: "a tree points outside itself" });
            }
            self.nodes.push(node);
        }
        for _ in 0..=count {
            self.leaves.push(reader.f32().ok_or_else(cut)?);
        }
        self.trees.push(tree);
        Ok(())
    }

    /// The sum of the trees: log odds before calibration.
    #[must_use]
    pub fn raw(&self, features: &Features) -> f32 {
        self.trees.iter().map(|tree| self.leaf(tree, features)).sum()
    }

    fn leaf(&self, tree: &Tree, features: &Features) -> f32 {
        let nodes = &self.nodes[tree.first_node as usize..];
        let mut child = if tree.single { -1 } else { 0_i8 };
        while child >= 0 {
            let node = &nodes[child as usize];
            // Which way a walk goes cannot be predicted: an index costs less than a branch.
            let above = features[usize::from(node.feature)] > node.threshold;
            child = node.children[usize::from(above)];
        }
        self.leaves[tree.first_leaf as usize + (-1 - i16::from(child)) as usize]
    }

    /// How probable it is that each of some candidates is right, 0 to 1. Tree by tree, so that a tree is in the cache for all.
    pub fn probabilities(&self, candidates: &[Features], out: &mut Vec<f32>) {
        out.clear();
        out.resize(candidates.len(), 0.0);
        for tree in &self.trees {
            for (sum, features) in out.iter_mut().zip(candidates) {
                *sum += self.leaf(tree, features);
            }
        }
        for sum in out {
            *sum = interpolate(&self.knots, *sum);
        }
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

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        self.0 = tail;
        Some(*head)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.take().map(f32::from_le_bytes)
    }
}

/// Writes the format, for tests: one tree a row, which asks whether a feature is above a threshold.
#[cfg(test)]
pub(super) fn pack_stumps(stumps: &[(u8, f32, [f32; 2])], knots: &[(f32, f32)]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for number in [VERSION, COUNT as u16, stumps.len() as u16, knots.len() as u16] {
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
            let mut features = [0.0; COUNT];
            (features[0], features[1]) = (first, second);
            assert!((verifier.raw(&features) - raw).abs() < 1e-6);
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
        for position in 12..whole.len() {
            let mut altered = whole.clone();
            altered[position] ^= 1;
            check(&altered, &damaged);
        }
        let mut other = whole.clone();
        other[4] = 9;
        check(&other, &VerifierError::Version { found: 9 });
        let mut other = whole;
        other[6] = 9;
        check(&other, &VerifierError::Features { found: 9 });
    }
}
