//! Numbers as small codes: the index of the nearest of a few values.
//!
//! Where there are no more distinct numbers than values, the codebook holds them all and nothing is lost. Else it has the values
//! for which the largest error is least: the numbers are covered by intervals of one length, as short as the count of values
//! allows, and each is rounded to the middle of its interval. (The mean error would be less with Lloyd's algorithm, but at the
//! cost of the rare large numbers, and those are the most frequent words.)

use super::bits;

/// What a codebook costs, in the unit of its numbers (here log10).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QuantisationLoss {
    pub numbers: usize,
    /// Distinct numbers.
    pub(crate) distinct: usize,
    /// Values of the codebook.
    pub values: usize,
    /// Mean absolute error.
    pub mean: f64,
    /// Largest absolute error.
    pub max: f64,
}

/// Ascending values on their way into a file.
#[derive(Clone, Debug)]
pub(super) struct Codebook {
    values: Vec<f32>,
    pub(super) loss: QuantisationLoss,
}

impl Codebook {
    /// The codebook of some numbers, of at most `limit` values. Zero, which means "no backoff", is never rounded.
    pub(super) fn fit(numbers: impl Iterator<Item = f32>, limit: usize) -> Self {
        let mut all: Vec<f32> = numbers.map(|number| number + 0.0).collect();
        all.sort_unstable_by(f32::total_cmp);
        let mut distinct = all.clone();
        distinct.dedup();
        let values = if distinct.len() <= limit { distinct.clone() } else { minimax_values(&distinct, limit) };
        let mut book = Self { values, loss: QuantisationLoss::default() };
        let errors =
            || all.iter().map(|&number| f64::from((book.values[book.nearest_code(number) as usize] - number).abs()));
        book.loss = QuantisationLoss {
            numbers: all.len(),
            distinct: distinct.len(),
            values: book.values.len(),
            mean: errors().sum::<f64>() / all.len().max(1) as f64,
            max: errors().fold(0.0, f64::max),
        };
        book
    }

    /// The index of the nearest value; of two, the lower.
    pub(super) fn nearest_code(&self, number: f32) -> u32 {
        let above = self.values.partition_point(|&value| value < number);
        let Some(below) = above.checked_sub(1) else { return 0 };
        let nearer = self.values.get(above).is_some_and(|value| value - number < number - self.values[below]);
        (if nearer { above } else { below }) as u32
    }

    /// Bits of a code.
    pub(super) fn width(&self) -> u32 {
        bits::bit_width(self.values.len().saturating_sub(1) as u32)
    }

    /// Its values, after their count.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.values.len() as u32).to_le_bytes());
        bytes.extend(self.values.iter().flat_map(|value| value.to_le_bytes()));
    }
}

/// At most `limit` values for ascending numbers, such that none is far from all of them.
fn minimax_values(numbers: &[f32], limit: usize) -> Vec<f32> {
    let (mut short, mut long) = (0.0, numbers[numbers.len() - 1] - numbers[0]);
    let mut best = interval_midpoints(numbers, long);
    // Halving 40 times leaves less between the two than a number has digits.
    for _ in 0..40 {
        let length = f32::midpoint(short, long);
        let values = interval_midpoints(numbers, length);
        if values.len() <= limit {
            (best, long) = (values, length);
        } else {
            short = length;
        }
    }
    best
}

/// The middles of the fewest intervals of a length that cover ascending numbers. Zero has one of its own.
fn interval_midpoints(mut numbers: &[f32], length: f32) -> Vec<f32> {
    let mut middles = Vec::new();
    while let Some(&first) = numbers.first() {
        let together = |&number: &f32| number - first <= length && (number == 0.0) == (first == 0.0);
        let (these, others) = numbers.split_at(numbers.partition_point(together));
        middles.push(first.midpoint(these[these.len() - 1]));
        numbers = others;
    }
    middles
}

/// A codebook of a file.
#[derive(Clone, Debug)]
pub(super) struct StoredCodebook {
    values: Box<[f32]>,
    /// Bits of a code.
    pub(super) width: u32,
}

impl StoredCodebook {
    /// Reads what [`Codebook::write`] wrote at the start of some bytes, and gives the rest; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let stored = rest.get(..count.checked_mul(4)?)?;
        let (values, _) = stored.as_chunks::<4>();
        let values = values.iter().map(|value| f32::from_le_bytes(*value)).collect();
        let width = bits::bit_width(count.saturating_sub(1) as u32);
        Some((Self { values, width }, &rest[4 * count..]))
    }

    /// The value of a code; 0 for a code that no number has.
    #[inline]
    pub(super) fn get(&self, code: u32) -> f32 {
        self.values.get(code as usize).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[f32], limit: usize, most: f64) {
        let book = Codebook::fit(numbers.iter().copied(), limit);
        let mut bytes = Vec::new();
        book.write(&mut bytes);
        let (values, rest) = StoredCodebook::read(&bytes).expect("a codebook");
        assert!(rest.is_empty());
        for &number in numbers {
            let read = values.get(book.nearest_code(number));
            assert!(f64::from((read - number).abs()) <= most, "{number} became {read}");
            assert!(number != 0.0 || read == 0.0, "zero became {read}");
        }
        assert!(book.loss.max <= most && book.loss.mean <= book.loss.max, "{:?}", book.loss);
        assert!(StoredCodebook::read(&bytes[..bytes.len() - 1]).is_none());
    }

    #[test]
    fn few_values_are_kept() {
        check(&[-1.5], 256, 0.0);
        check(&[0.0, -0.0, -1.25, -1.25, -3.5], 3, 0.0);
        check(&(0..256).map(|n| -(n as f32).sqrt()).collect::<Vec<_>>(), 256, 0.0);
    }

    #[test]
    fn many_values_are_near() {
        let spread: Vec<f32> = (0..10_000).map(|n| -7.0 * (n as f32 / 10_000.0)).collect();
        check(&spread, 256, 7.0 / 510.0);
        let uneven: Vec<f32> = (0..10_000).map(|n| -7.0 * (n as f32 / 10_000.0).powi(4)).collect();
        check(&uneven, 256, 7.0 / 510.0);
    }
}
