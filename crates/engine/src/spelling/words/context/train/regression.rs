//! Multinomial logistic regression over sparse binary features, by follow-the-regularised-leader (McMahan et al. 2013, "Ad click
//! prediction: a view from the trenches"): weights that are not needed are zero. The first member's weights are all zero, so that
//! the others' are log-odds against it. Knows no words.

use rustc_hash::FxHashMap;

/// How fast weights move.
const ALPHA: f32 = 0.12;
const BETA: f32 = 1.0;
/// How much evidence a weight needs not to be zero.
const L1: f32 = 1.5;
/// How strongly large weights are pulled back.
const L2: f32 = 4.0;
/// How often all samples are gone through.
const EPOCHS: usize = 4;
/// Places that a feature must have.
const LEAST_PLACES: u32 = 2;

/// One place to learn from.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// Its features.
    pub features: Vec<u64>,
    /// Which member stands there.
    pub member: usize,
    /// As how many it counts.
    pub weight: f32,
}

/// The state of one weight.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    z: f32,
    n: f32,
}

impl Weight {
    fn value(self, l1: f32) -> f32 {
        if self.z.abs() <= l1 {
            return 0.0;
        }
        -(self.z - self.z.signum() * l1) / ((BETA + self.n.sqrt()) / ALPHA + L2)
    }

    fn update(&mut self, gradient: f32, value: f32) {
        let sigma = ((self.n + gradient * gradient).sqrt() - self.n.sqrt()) / ALPHA;
        self.z += gradient - sigma * value;
        self.n += gradient * gradient;
    }
}

/// Biases by member, and the weights that are not zero: feature, member, weight; in order of features.
pub(super) fn train_softmax(samples: Vec<Sample>, members: usize) -> (Vec<f32>, Vec<(u64, usize, f32)>) {
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    for sample in &samples {
        for &feature in &sample.features {
            *counts.entry(feature).or_default() += 1;
        }
    }
    let mut names: Vec<u64> =
        counts.iter().filter(|(_, count)| **count >= LEAST_PLACES).map(|(&feature, _)| feature).collect();
    names.sort_unstable();
    drop(counts);
    let numbers: FxHashMap<u64, u32> = names.iter().zip(0..).map(|(&feature, number)| (feature, number)).collect();
    let mut numbered: Vec<(Vec<u32>, usize, f32)> = samples
        .into_iter()
        .map(|sample| {
            let mut features: Vec<u32> =
                sample.features.iter().filter_map(|feature| numbers.get(feature)).copied().collect();
            features.sort_unstable();
            features.dedup();
            (features, sample.member, sample.weight)
        })
        .collect();
    drop(numbers);
    let others = members - 1;
    let mut weights = vec![Weight::default(); names.len() * others];
    let mut biases = vec![Weight::default(); others];
    let mut values = Vec::new();
    for epoch in 0..EPOCHS {
        shuffle(&mut numbered, epoch as u64);
        for (features, member, weight) in &numbered {
            let mut scores = vec![0.0_f32; members];
            values.clear();
            for other in 0..others {
                scores[other + 1] = biases[other].value(0.0);
            }
            for &feature in features {
                for other in 0..others {
                    let value = weights[feature as usize * others + other].value(L1);
                    scores[other + 1] += value;
                    values.push(value);
                }
            }
            let most = scores.iter().copied().fold(f32::MIN, f32::max);
            let exponentials: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
            let sum: f32 = exponentials.iter().sum();
            for other in 0..others {
                let right = if *member == other + 1 { 1.0 } else { 0.0 };
                let gradient = (exponentials[other + 1] / sum - right) * weight;
                let bias = scores_bias(&biases, other);
                biases[other].update(gradient, bias);
                for (index, &feature) in features.iter().enumerate() {
                    weights[feature as usize * others + other].update(gradient, values[index * others + other]);
                }
            }
        }
    }
    let bias = std::iter::once(0.0).chain(biases.iter().map(|bias| bias.value(0.0))).collect();
    let mut found = Vec::new();
    for (number, &feature) in names.iter().enumerate() {
        for other in 0..others {
            let value = weights[number * others + other].value(L1);
            if value.abs() > 0.0 {
                found.push((feature, other + 1, value));
            }
        }
    }
    (bias, found)
}

fn scores_bias(biases: &[Weight], other: usize) -> f32 {
    biases[other].value(0.0)
}

/// Fisher and Yates, by a generator of our own: the same everywhere.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF0;
    for last in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = ((state >> 33) as usize) % (last + 1);
        items.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_what_tells_members_apart() {
        let sample = |features: &[u64], member| Sample { features: features.to_vec(), member, weight: 1.0 };
        let mut samples = Vec::new();
        for _ in 0..200 {
            samples.extend([sample(&[1, 9], 0), sample(&[2, 9], 1), sample(&[3, 9], 2)]);
        }
        let (biases, weights) = train_softmax(samples, 3);
        let weight = |feature, member| {
            let found = weights.iter().find(|(one, other, _)| (*one, *other) == (feature, member));
            found.map_or(0.0, |(.., weight)| *weight)
        };
        assert_eq!(biases.len(), 3);
        assert!(weight(2, 1) > 1.0 && weight(3, 2) > 1.0, "{weights:?}");
        assert!(weight(1, 1) < -0.5 && weight(9, 1).abs() < 0.5, "{weights:?}");
    }
}
