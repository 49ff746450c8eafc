//! The packed model of contexts: for each set the weights of features, and from which odds on its members are reported. Read
//! in place. Knows no text.
//!
//! Little endian: `VCTX`, version, sets, bits of a bucket's number, weights, words with a class (u32 each), and the quantum of a
//! weight (f32); for each
//! set the hash of its name (u64), its members (u32), a bias for each (f32), and for each member as written and each other that
//! may have been meant the log-odds from which everyone, and from which who asks for hints is told (f32 each); the words with a class
//! (half a hash each, u32) and their classes (u8); then where each
//! bucket begins (u32, one more than there are buckets), the check of each weight (u16) and the weight (i8) in quanta.
//!
//! A weight is found by a hash of feature and member: its first bits are the bucket, the next 16 the check. An absent weight is
//! taken for a present one in one of some 10,000 look-ups, of which a word takes less than 100.

use std::borrow::Cow;

use super::{
    classes::WordClasses,
    features::FeatureList,
    hashing::{hash_word, mix},
};

const MAGIC: &[u8; 4] = b"VCTX";
const VERSION: u32 = 2;

/// The most members of a set.
pub(crate) const MOST_MEMBERS: usize = 4;

/// Log-odds of one member against another.
pub(crate) type LogOdds = f32;

/// The scores of a set's members at one place: differences are log-odds.
pub(crate) type MemberScores = [LogOdds; MOST_MEMBERS];

/// Why a model cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContextModelError {
    /// The bytes are no model, or another version's.
    #[error("not a model of contexts of version {VERSION}")]
    Foreign,
    /// The file is shorter or longer than its head says.
    #[error("not of the length that its head says")]
    Length,
    /// It was trained for other sets than the reviewed file has.
    #[error("made for other confusion sets: `just contexts` makes it anew")]
    OtherSets,
}

/// From which log-odds on a member that was probably meant is reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LaneBars {
    /// Everyone is told.
    pub error: LogOdds,
    /// Who asks for hints is told.
    pub hint: LogOdds,
}

impl LaneBars {
    /// Never.
    pub(crate) const NEVER: Self = Self { error: LogOdds::INFINITY, hint: LogOdds::INFINITY };
}

/// What the model says of one set, beside its weights.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SetModel {
    /// Hash of its name.
    pub name: u64,
    /// What each member has without any evidence.
    pub biases: Vec<LogOdds>,
    /// By the member as written, then by the member that was meant.
    pub bars: Vec<LaneBars>,
}

impl SetModel {
    /// The set of a name; an empty one where there is no name.
    fn find(known: &[Self], name: Option<String>) -> Result<Self, ContextModelError> {
        let Some(name) = name else { return Ok(Self { name: 0, biases: Vec::new(), bars: Vec::new() }) };
        let hash = hash_word(&name);
        known.iter().find(|set| set.name == hash).cloned().ok_or(ContextModelError::OtherSets)
    }

    /// The bars for a member as written and another that may have been meant.
    pub(crate) fn bars(&self, written: usize, meant: usize) -> LaneBars {
        self.bars.get(written * self.biases.len() + meant).copied().unwrap_or(LaneBars::NEVER)
    }
}

/// The weights of all sets.
#[derive(Debug)]
pub(crate) struct ContextModel {
    bytes: Cow<'static, [u8]>,
    sets: Vec<SetModel>,
    classes: WordClasses,
    quantum: f32,
    bucket_bits: u32,
    /// Where each table begins in `bytes`.
    buckets: usize,
    checks: usize,
    weights: usize,
}

impl ContextModel {
    /// Opens a model, some 100 us. `names` are those of the sets in order, of those that it does not judge none.
    ///
    /// # Errors
    /// [`ContextModelError`]
    pub(crate) fn open(
        bytes: Cow<'static, [u8]>,
        names: impl Iterator<Item = Option<String>>,
    ) -> Result<Self, ContextModelError> {
        let mut reader = Reader { bytes: &bytes, at: 0 };
        if reader.take::<4>()? != *MAGIC || reader.u32()? != VERSION {
            return Err(ContextModelError::Foreign);
        }
        let (sets, bucket_bits, entries) = (reader.u32()?, reader.u32()?, reader.u32()? as usize);
        let class_words = reader.u32()? as usize;
        let quantum = reader.f32()?;
        if bucket_bits > 24 {
            return Err(ContextModelError::Foreign);
        }
        let known: Vec<SetModel> = (0..sets).map(|_| reader.set()).collect::<Result<_, _>>()?;
        let sets = names.map(|name| SetModel::find(&known, name)).collect::<Result<_, _>>()?;
        let (words, numbers) = (reader.slice(4 * class_words)?, reader.slice(class_words)?);
        let classes = WordClasses::from_bytes(words, numbers).ok_or(ContextModelError::Foreign)?;
        let buckets = reader.at;
        let checks = buckets + 4 * ((1 << bucket_bits) + 1);
        let weights = checks + 2 * entries;
        let model = Self { sets, classes, quantum, bucket_bits, buckets, checks, weights, bytes };
        if model.bytes.len() != weights + entries {
            return Err(ContextModelError::Length);
        }
        let begins = (0..=1 << bucket_bits).map(|bucket| model.bucket(bucket));
        if !begins.is_sorted() || model.bucket(1 << bucket_bits) != entries {
            return Err(ContextModelError::Length);
        }
        Ok(model)
    }

    /// What it says of a set.
    pub(crate) fn set(&self, set: usize) -> &SetModel {
        &self.sets[set]
    }

    /// The classes of words.
    pub(crate) const fn classes(&self) -> &WordClasses {
        &self.classes
    }

    /// The scores of a set's members without any evidence.
    pub(crate) fn prior(&self, set: usize) -> MemberScores {
        let mut scores = [0.0; MOST_MEMBERS];
        for (score, bias) in scores.iter_mut().zip(&self.sets[set].biases) {
            *score = *bias;
        }
        scores
    }

    /// Adds what features say of a set's members. Some 20 ns a feature and member.
    pub(crate) fn add_evidence(&self, set: usize, features: &FeatureList, scores: &mut MemberScores) {
        let members = self.sets[set].biases.len();
        for &feature in features.as_slice() {
            for (member, score) in scores.iter_mut().enumerate().take(members).skip(1) {
                *score += self.weight(weight_key(feature, member));
            }
        }
    }

    fn weight(&self, key: u64) -> f32 {
        let (bucket, check) = place(key, self.bucket_bits);
        let (start, end) = (self.bucket(bucket), self.bucket(bucket + 1));
        let checks = &self.bytes[self.checks + 2 * start..self.checks + 2 * end];
        let found = checks.chunks_exact(2).position(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]) == check);
        found.map_or(0.0, |index| f32::from(self.bytes[self.weights + start + index].cast_signed()) * self.quantum)
    }

    fn bucket(&self, bucket: usize) -> usize {
        let at = self.buckets + 4 * bucket;
        let bytes = self.bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes) as usize
    }
}

/// The hash by which the weight of a feature for a member is found.
pub(crate) const fn weight_key(feature: u64, member: usize) -> u64 {
    mix(feature ^ (member as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93))
}

/// Bucket and check of a hash.
const fn place(key: u64, bucket_bits: u32) -> (usize, u16) {
    if bucket_bits == 0 {
        return (0, (key & 0xFFFF) as u16);
    }
    ((key >> (64 - bucket_bits)) as usize, (key & 0xFFFF) as u16)
}

/// Packs a model: what it says of each set, the classes of words, and the weights by [`weight_key`]. Weights that round to nothing are left out.
pub(crate) fn pack(sets: &[SetModel], classes: &WordClasses, mut weights: Vec<(u64, f32)>) -> Vec<u8> {
    const LARGEST: f32 = 6.35;
    let quantum = LARGEST / 127.0;
    let quanta = |weight: f32| (weight / quantum).round().clamp(-127.0, 127.0) as i8;
    weights.retain(|(_, weight)| quanta(*weight) != 0);
    // About eight weights a bucket.
    let bucket_bits = (weights.len() / 8).max(1).ilog2();
    weights.sort_by_key(|(key, _)| (place(*key, bucket_bits).0, *key));
    weights.dedup_by_key(|(key, _)| place(*key, bucket_bits));
    let mut bytes = MAGIC.to_vec();
    let mut push = |word: u32| bytes.extend_from_slice(&word.to_le_bytes());
    push(VERSION);
    push(sets.len() as u32);
    push(bucket_bits);
    push(weights.len() as u32);
    push(classes.len() as u32);
    push(quantum.to_bits());
    for set in sets {
        bytes.extend_from_slice(&set.name.to_le_bytes());
        bytes.extend_from_slice(&(set.biases.len() as u32).to_le_bytes());
        let bars = set.bars.iter().flat_map(|bars| [bars.error, bars.hint]);
        for number in set.biases.iter().copied().chain(bars) {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    bytes.extend(classes.to_bytes());
    let mut next = 0;
    for bucket in 0..=1_usize << bucket_bits {
        while next < weights.len() && place(weights[next].0, bucket_bits).0 < bucket {
            next += 1;
        }
        bytes.extend_from_slice(&(next as u32).to_le_bytes());
    }
    for (key, _) in &weights {
        bytes.extend_from_slice(&place(*key, bucket_bits).1.to_le_bytes());
    }
    bytes.extend(weights.iter().map(|(_, weight)| quanta(*weight).cast_unsigned()));
    bytes
}

/// Reads numbers in order.
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn slice(&mut self, length: usize) -> Result<&'b [u8], ContextModelError> {
        let end = self.at.checked_add(length).ok_or(ContextModelError::Length)?;
        let bytes = self.bytes.get(self.at..end).ok_or(ContextModelError::Length)?;
        self.at = end;
        Ok(bytes)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], ContextModelError> {
        let bytes = self.bytes.get(self.at..self.at + N).and_then(|bytes| bytes.try_into().ok());
        self.at += N;
        bytes.ok_or(ContextModelError::Length)
    }

    fn u32(&mut self) -> Result<u32, ContextModelError> {
        self.take().map(u32::from_le_bytes)
    }

    fn f32(&mut self) -> Result<f32, ContextModelError> {
        self.take().map(f32::from_le_bytes)
    }

    fn set(&mut self) -> Result<SetModel, ContextModelError> {
        let name = u64::from_le_bytes(self.take()?);
        let members = self.u32()? as usize;
        if !(2..=MOST_MEMBERS).contains(&members) {
            return Err(ContextModelError::Foreign);
        }
        let biases = (0..members).map(|_| self.f32()).collect::<Result<_, _>>()?;
        let bars = (0..members * members).map(|_| Ok(LaneBars { error: self.f32()?, hint: self.f32()? }));
        Ok(SetModel { name, biases, bars: bars.collect::<Result<_, _>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::window::ContextWindow, *};
    use crate::text::Span;

    fn features(text: &str) -> FeatureList {
        let mut window = ContextWindow::default();
        window.read(text, Span::new(0, 2));
        let mut features = FeatureList::default();
        features.fill(7, &window.tokens(&WordClasses::default()));
        features
    }

    fn toy() -> Vec<u8> {
        let bars = vec![LaneBars { error: 4.0, hint: 1.0 }; 4];
        let set = SetModel { name: hash_word("of/off"), biases: vec![0.0, -2.0], bars };
        let learnt = features("of the");
        let weights = learnt.as_slice().iter().map(|&feature| (weight_key(feature, 1), 0.5));
        pack(&[set], &WordClasses::default(), weights.collect())
    }

    fn open(bytes: Vec<u8>) -> Result<ContextModel, ContextModelError> {
        ContextModel::open(bytes.into(), [None, Some("of/off".to_owned())].into_iter())
    }

    #[test]
    fn what_is_packed_is_found() {
        let model = open(toy()).expect("a model");
        let mut scores = model.prior(1);
        assert_eq!(scores[..2], [0.0, -2.0]);
        let learnt = features("of the");
        model.add_evidence(1, &learnt, &mut scores);
        let expected = -2.0 + 0.5 * learnt.as_slice().len() as f32;
        assert!((scores[1] - expected).abs() < 0.5, "{} for {expected}", scores[1]);
        let mut others = model.prior(1);
        model.add_evidence(1, &features("xy zz qq rr"), &mut others);
        assert!(others[1] < scores[1] - 5.0, "{} and {}", others[1], scores[1]);
        assert_eq!(model.set(1).bars(0, 1), LaneBars { error: 4.0, hint: 1.0 });
    }

    #[test]
    fn damaged_models_are_refused() {
        assert_eq!(open(b"VCT".to_vec()).err(), Some(ContextModelError::Length));
        assert_eq!(open(b"XCTX\x01\0\0\0".to_vec()).err(), Some(ContextModelError::Foreign));
        let mut cut = toy();
        cut.pop();
        assert_eq!(open(cut).err(), Some(ContextModelError::Length));
        let other = ContextModel::open(toy().into(), [Some("of/on".to_owned())].into_iter());
        assert_eq!(other.err(), Some(ContextModelError::OtherSets));
    }
}
