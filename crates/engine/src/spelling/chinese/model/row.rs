//! A row: all n-grams that begin with one word.
//!
//! | bits | what |
//! |---|---|
//! | 8 each | count of bigrams `n`, of those that go on `m`, and if there are any, bits of the trigrams `t`: LEB128 |
//! | `buckets - 1` numbers up to `n` | directory: where each bucket but the first begins |
//! | `n` numbers of `low` bits | the right words, ascending: their ranks among all right words, without what the bucket says |
//! | `n` codes | their probabilities |
//! | `m` numbers below `n` | which bigrams go on: those with a backoff or trigrams |
//! | `m` codes | their backoffs |
//! | `m` numbers up to `t` | where the trigrams of each begin |
//! | `t` | the trigrams |
//!
//! A right word with rank `r` is in bucket `r >> low`; `low` is chosen so that a bucket holds four to eight words on average, and
//! a short row is one bucket. That takes two bits a word more than the least possible, and finds it in two or three steps.
//!
//! A trigram (a, b, c) lies in the row of a, below the bigram (a, b), as the place of (b, c) in the row of b and a code for its
//! probability. So it can only be found together with (b, c), which whoever scores it needs anyway to back off.

use super::bits::{ArrayLayout, BitWriter, bit_width, read_varint};

/// Bits of the codes in rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeWidths {
    /// Of the probability of a bigram.
    pub(super) bigram: u32,
    pub(super) backoff: u32,
    /// Of the probability of a trigram.
    pub(super) trigram: u32,
}

impl CodeWidths {
    /// Bits of a trigram below a bigram whose right word has a row of this number of bigrams.
    pub(super) const fn trigram_width(self, bigrams: u32) -> u32 {
        let width = bit_width(bigrams.saturating_sub(1)) + self.trigram;
        // One bit where none is needed, since the trigrams are counted by their bits.
        if width == 0 { 1 } else { width }
    }
}

/// The lower bits of a rank that a row of `count` bigrams keeps, where `ranks` are all there are.
const fn low_bits(count: u32, ranks: u32) -> u32 {
    let buckets = if count < 8 { 1 } else { count / 4 };
    bit_width(ranks.saturating_sub(1) / buckets)
}

/// Where the parts of a row lie in the bytes of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct NGramRow {
    low: u32,
    directory: ArrayLayout,
    lows: ArrayLayout,
    codes: ArrayLayout,
    continued: ArrayLayout,
    backoffs: ArrayLayout,
    starts: ArrayLayout,
    /// First bit of the trigrams, and the one after the last.
    trigrams: (usize, usize),
}

/// What follows a bigram.
#[derive(Clone, Copy, Debug)]
pub(super) struct BigramContinuation {
    /// The code of its backoff.
    pub(super) backoff: u32,
    /// The bits of its trigrams.
    pub(super) trigrams: (usize, usize),
}

impl NGramRow {
    /// The row at a byte.
    #[inline]
    pub(super) fn read(bytes: &[u8], at: usize, ranks: u32, widths: CodeWidths) -> Self {
        let (count, at) = read_varint(bytes, at);
        let (continued, at) = read_varint(bytes, at);
        let (total, at) = if continued > 0 { read_varint(bytes, at) } else { (0, at) };
        let low = low_bits(count, ranks);
        let buckets = (ranks.saturating_sub(1) >> low) as usize + 1;
        let (n, m) = (count as usize, continued as usize);
        let directory = ArrayLayout { start: 8 * at, width: bit_width(count), len: buckets - 1 };
        let lows = ArrayLayout { start: directory.end(), width: low, len: n };
        let codes = ArrayLayout { start: lows.end(), width: widths.bigram, len: n };
        let continued = ArrayLayout { start: codes.end(), width: bit_width(count.saturating_sub(1)), len: m };
        let backoffs = ArrayLayout { start: continued.end(), width: widths.backoff, len: m };
        let starts = ArrayLayout { start: backoffs.end(), width: bit_width(total), len: m };
        let trigrams = (starts.end(), starts.end() + total as usize);
        Self { low, directory, lows, codes, continued, backoffs, starts, trigrams }
    }

    /// Bigrams.
    #[inline]
    pub(super) fn len(&self) -> u32 {
        self.lows.len as u32
    }

    /// The place of a right word in the row, by its rank.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8], rank: u32) -> Option<usize> {
        let bucket = (rank >> self.low) as usize;
        let directory = self.directory.view(bytes);
        let from = if bucket == 0 { 0 } else { directory.get(bucket - 1) as usize };
        let to = if bucket < self.directory.len { directory.get(bucket) as usize } else { self.lows.len };
        self.lows.view(bytes).find(from, to.min(self.lows.len), rank & ((1 << self.low) - 1))
    }

    /// The code of the probability of the bigram at a place.
    #[inline]
    pub(super) fn bigram_code(&self, bytes: &[u8], place: usize) -> u32 {
        self.codes.view(bytes).get(place)
    }

    /// What follows the bigram at a place, if anything does.
    #[inline]
    pub(super) fn continuation(&self, bytes: &[u8], place: u32) -> Option<BigramContinuation> {
        let index = self.continued.view(bytes).find(0, self.continued.len, place)?;
        let (first, end) = self.trigrams;
        let starts = self.starts.view(bytes);
        let start = |index| (first + starts.get(index) as usize).min(end);
        let (start, next) = (start(index), if index + 1 < self.starts.len { start(index + 1) } else { end });
        Some(BigramContinuation { backoff: self.backoffs.view(bytes).get(index), trigrams: (start, next.max(start)) })
    }
}

/// A bigram of a row on its way into a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowBigram<'a> {
    /// Rank of the right word.
    pub(super) rank: u32,
    /// Of its probability.
    pub(super) code: u32,
    /// Of its backoff, if it goes on.
    pub(super) backoff: Option<u32>,
    /// Bits of a trigram.
    pub(super) width: u32,
    /// Its trigrams, ascending: its right word, and place and code in one number.
    pub(super) trigrams: &'a [(u32, u32)],
}

/// Appends a row: its bigrams by ascending rank.
pub(super) fn write_row(bits: &mut BitWriter, row: &[RowBigram<'_>], ranks: u32, widths: CodeWidths) {
    let count = row.len() as u32;
    let low = low_bits(count, ranks);
    let continued = || row.iter().enumerate().filter_map(|(place, bigram)| Some((place, bigram, bigram.backoff?)));
    let size = |bigram: &RowBigram<'_>| bigram.width * bigram.trigrams.len() as u32;
    let total = continued().map(|(_, bigram, _)| size(bigram)).sum();
    bits.push_varint(count);
    bits.push_varint(continued().count() as u32);
    if continued().next().is_some() {
        bits.push_varint(total);
    }
    for bucket in 1..=ranks.saturating_sub(1) >> low {
        let first = row.partition_point(|bigram| bigram.rank >> low < bucket);
        bits.push(first as u32, bit_width(count));
    }
    row.iter().for_each(|bigram| bits.push(bigram.rank & ((1 << low) - 1), low));
    row.iter().for_each(|bigram| bits.push(bigram.code, widths.bigram));
    continued().for_each(|(place, ..)| bits.push(place as u32, bit_width(count.saturating_sub(1))));
    continued().for_each(|(.., backoff)| bits.push(backoff, widths.backoff));
    let mut start = 0;
    for (_, bigram, _) in continued() {
        bits.push(start, bit_width(total));
        start += size(bigram);
    }
    for (_, bigram, _) in continued() {
        bigram.trigrams.iter().for_each(|&(_, trigram)| bits.push(trigram, bigram.width));
    }
    bits.align();
}
