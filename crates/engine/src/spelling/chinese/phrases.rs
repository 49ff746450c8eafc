//! How often short strings of characters stand in a large text: a second opinion, which knows other texts than the language model
//! and cuts them into no words.
//!
//! Strings of two to four characters are kept as a table of hashes without the strings: 12 bits tell the strings of a bucket
//! apart (two in a thousand that are not there seem to be), 4 bits are the binary logarithm of the count. Little endian:
//! `VZPH`, version u16, bits of the bucket number u16; first entry of each bucket u32, and one more; entries u16.

use std::borrow::Cow;

const MAGIC: &[u8; 4] = b"VZPH";
const VERSION: u16 = 1;
const HEADER: usize = 8;
/// Characters of the longest string.
pub(crate) const MAX_PHRASE_LEN: usize = 4;

/// Binary logarithms of the numbers of buckets that a table can have.
const BUCKET_BITS: std::ops::RangeInclusive<u32> = 1..=24;

/// Why a table of phrases cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PhraseCountsError {
    /// Another kind of file.
    #[error("not a table of phrases: it does not begin with VZPH")]
    Foreign,
    /// Made by another version of the tool.
    #[error(
        "the table of phrases has format {found}, this program reads {VERSION}: make it anew with tools/chinese/phrases.py"
    )]
    Version {
        /// The format found.
        found: u16,
    },
    /// A number of buckets that no table has.
    #[error("the table of phrases is damaged: it should have 2^1 to 2^24 buckets and has 2^{found}")]
    BucketBits {
        /// The binary logarithm of the number found.
        found: u32,
    },
    /// Cut off or altered.
    #[error("the table of phrases is damaged: it should have {expected} bytes and has {found}")]
    Damaged {
        /// Bytes that the header speaks of.
        expected: usize,
        /// Bytes there.
        found: usize,
    },
}

/// The table, read in place.
#[derive(Debug)]
pub struct PhraseCounts {
    bytes: Cow<'static, [u8]>,
    bits: u32,
    buckets: usize,
}

impl PhraseCounts {
    /// Opens a table; nothing is copied.
    ///
    /// # Errors
    /// When the file is foreign, of another version, or its length is not what it says.
    pub fn open(bytes: Cow<'static, [u8]>) -> Result<Self, PhraseCountsError> {
        if !bytes.starts_with(MAGIC) {
            return Err(PhraseCountsError::Foreign);
        }
        let u16_at = |at: usize| bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
        let (version, bits) = (u16_at(4), u32::from(u16_at(6)));
        if version != VERSION {
            return Err(PhraseCountsError::Version { found: version });
        }
        if !BUCKET_BITS.contains(&bits) {
            return Err(PhraseCountsError::BucketBits { found: bits });
        }
        let found = bytes.len();
        let table = Self { bits, buckets: 1 << bits, bytes };
        let entries = HEADER + 4 * (table.buckets + 1);
        let expected = if found < entries { entries } else { entries + 2 * table.bucket_start(table.buckets) };
        if expected == found { Ok(table) } else { Err(PhraseCountsError::Damaged { expected, found }) }
    }

    /// Binary logarithm of the count of a string of two to four characters, rounded, 1 to 15; 0 when it is rare or unseen.
    #[must_use]
    pub(crate) fn log2_count(&self, characters: &[char]) -> u8 {
        let hash = phrase_hash(characters);
        let bucket = (hash >> (64 - self.bits)) as usize;
        let fingerprint = (hash & 0xFFF) as u16;
        let entries = HEADER + 4 * (self.buckets + 1);
        let range = entries + 2 * self.bucket_start(bucket)..entries + 2 * self.bucket_start(bucket + 1);
        let Some(bucket) = self.bytes.get(range) else { return 0 };
        let entries = bucket.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
        let mut found = entries.filter(|entry| entry >> 4 == fingerprint);
        found.next().map_or(0, |entry| (entry & 0xF) as u8)
    }

    fn bucket_start(&self, bucket: usize) -> usize {
        let at = HEADER + 4 * bucket;
        self.bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
    }
}

/// The characters as a number of 16 bits each, mixed (the finaliser of SplitMix64).
fn phrase_hash(characters: &[char]) -> u64 {
    let key = characters.iter().fold(0, |key, &c| (key << 16) | u64::from(u32::from(c) & 0xFFFF));
    let key = (key ^ (key >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    key ^ (key >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with two buckets.
    fn table(strings: &[(&str, u16)]) -> Vec<u8> {
        let mut entries: Vec<(u64, u16)> = strings
            .iter()
            .map(|(text, weight)| {
                let hash = phrase_hash(&text.chars().collect::<Vec<char>>());
                (hash >> 63, ((hash & 0xFFF) as u16) << 4 | weight)
            })
            .collect();
        entries.sort_unstable();
        let mut bytes = b"VZPH\x01\x00\x01\x00".to_vec();
        for bucket in 0..=2 {
            bytes.extend((entries.partition_point(|entry| entry.0 < bucket) as u32).to_le_bytes());
        }
        bytes.extend(entries.iter().flat_map(|entry| entry.1.to_le_bytes()));
        bytes
    }

    #[test]
    fn looks_up_weights() {
        let phrases = PhraseCounts::open(table(&[("已经", 12), ("有限责任", 9), ("权利", 7)]).into()).unwrap();
        for (text, weight) in [("已经", 12), ("有限责任", 9), ("权利", 7), ("权力", 0), ("有限责", 0)] {
            assert_eq!(phrases.log2_count(&text.chars().collect::<Vec<char>>()), weight, "{text}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        let whole = table(&[("已经", 12)]);
        assert_eq!(PhraseCounts::open(b"PK".as_slice().into()).unwrap_err(), PhraseCountsError::Foreign);
        let cut = PhraseCounts::open(whole[..whole.len() - 1].to_vec().into()).unwrap_err();
        assert_eq!(cut, PhraseCountsError::Damaged { expected: whole.len(), found: whole.len() - 1 });
        assert!(matches!(PhraseCounts::open(whole[..9].to_vec().into()), Err(PhraseCountsError::Damaged { .. })));
        let mut other = whole;
        other[4] = 7;
        assert_eq!(PhraseCounts::open(other.into()).unwrap_err(), PhraseCountsError::Version { found: 7 });
    }
}
