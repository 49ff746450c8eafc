//! The file of a model: a header, a table of named sections, the sections.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `VERMNGM` and the version, 1 |
//! | 4 | checksum (CRC-32, as in zip) of all that follows it |
//! | 4 | length of the file |
//! | 4 | number of sections |
//! | 24 each | of a section: name, filled up with zeros to 16 bytes; place in the file; length |
//! | the rest | the sections, each at a multiple of 8 bytes; after the last, 8 zero bytes |
//!
//! All numbers are little endian. A reader leaves sections alone whose names it does not know.

use std::ops::Range;

use super::bits::{PADDING, read_u32};

const MAGIC: &[u8; 7] = b"VERMNGM";
const VERSION: u8 = 1;
const CHECKSUM_START: usize = 12;
const HEADER_BYTES: usize = 20;
const NAME_BYTES: usize = 16;
const ENTRY_BYTES: usize = NAME_BYTES + 8;

/// Why a file is no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NGramModelError {
    /// Another kind of file.
    #[error("not a packed language model: expected it to begin with VERMNGM")]
    Foreign,
    /// A model of another version.
    #[error("a packed language model of version {found}, while this program reads version {VERSION}: pack it again")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Not as long as its header says.
    #[error("truncated or extended: the header promises {expected} bytes, the file has {found}")]
    Length {
        /// Bytes promised.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// Bytes changed since it was written.
    #[error("damaged: its checksum is {found:08x}, the header says {expected:08x}")]
    Damaged {
        /// The checksum promised.
        expected: u32,
        /// The checksum found.
        found: u32,
    },
    /// A section that is missing, or not what the others ask for.
    #[error("its section `{section}` {what}")]
    Section {
        section: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// Sections on their way into a file.
#[derive(Clone, Debug, Default)]
pub(super) struct SectionWriter(Vec<(String, Vec<u8>)>);

impl SectionWriter {
    /// Adds a section.
    ///
    /// # Panics
    /// If the name is empty, longer than 16 bytes, or taken.
    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>) {
        assert!(
            (1..=NAME_BYTES).contains(&name.len()),
            "a section's name has 1 to {NAME_BYTES} bytes, {name:?} has not"
        );
        assert!(self.0.iter().all(|(taken, _)| taken != name), "there is a section {name:?} already");
        self.0.push((name.to_owned(), bytes));
    }

    /// The file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut file = [MAGIC.as_slice(), &[VERSION], &[0; HEADER_BYTES - 8]].concat();
        let mut at = (HEADER_BYTES + ENTRY_BYTES * self.0.len()).next_multiple_of(8);
        for (name, bytes) in &self.0 {
            file.extend_from_slice(name.as_bytes());
            file.resize(file.len() + NAME_BYTES - name.len(), 0);
            file.extend((at as u32).to_le_bytes());
            file.extend((bytes.len() as u32).to_le_bytes());
            at += bytes.len().next_multiple_of(8);
        }
        for (_, bytes) in &self.0 {
            file.resize(file.len().next_multiple_of(8), 0);
            file.extend_from_slice(bytes);
        }
        file.resize(at + PADDING, 0);
        let (length, sections) = (file.len() as u32, self.0.len() as u32);
        file[12..16].copy_from_slice(&length.to_le_bytes());
        file[16..20].copy_from_slice(&sections.to_le_bytes());
        let sum = crc32(&file[CHECKSUM_START..]);
        file[8..CHECKSUM_START].copy_from_slice(&sum.to_le_bytes());
        file
    }
}

/// Checks the header, and with `verify` the checksum: O(size).
pub(super) fn check_header(file: &[u8], verify: bool) -> Result<(), NGramModelError> {
    let version = file.strip_prefix(MAGIC).and_then(|rest| rest.first()).ok_or(NGramModelError::Foreign)?;
    if *version != VERSION {
        return Err(NGramModelError::Version { found: *version });
    }
    let header = |at| read_u32(file, at).ok_or(NGramModelError::Length { expected: HEADER_BYTES, found: file.len() });
    let (sum, length, sections) = (header(8)?, header(12)? as usize, header(16)? as usize);
    if length != file.len() {
        return Err(NGramModelError::Length { expected: length, found: file.len() });
    }
    if verify {
        let found = crc32(&file[CHECKSUM_START..]);
        if found != sum {
            return Err(NGramModelError::Damaged { expected: sum, found });
        }
    }
    let table = HEADER_BYTES.saturating_add(ENTRY_BYTES.saturating_mul(sections));
    if table > length {
        return Err(NGramModelError::Length { expected: table, found: length });
    }
    Ok(())
}

/// Where a section lies in a file that passed [`check_header`]; `None` if there is none of that name within the file.
pub(super) fn section_range(file: &[u8], name: &str) -> Option<Range<usize>> {
    let sections = read_u32(file, 16)? as usize;
    let entries = file.get(HEADER_BYTES..HEADER_BYTES + ENTRY_BYTES * sections)?;
    let entry = entries.chunks_exact(ENTRY_BYTES).find(|entry| {
        let (found, filling) = entry[..NAME_BYTES].split_at(name.len().min(NAME_BYTES));
        found == name.as_bytes() && filling.iter().all(|&byte| byte == 0)
    })?;
    let (start, length) = (read_u32(entry, NAME_BYTES)? as usize, read_u32(entry, NAME_BYTES + 4)? as usize);
    let place = start..start.checked_add(length)?;
    file.get(place.clone()).map(|_| place)
}

/// CRC-32 of IEEE 802.3, four bytes a step ("slicing by four").
fn crc32(bytes: &[u8]) -> u32 {
    let mut words = bytes.chunks_exact(4);
    let mut sum = !0_u32;
    for word in &mut words {
        let mixed = sum ^ u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        sum = CRC32_TABLES[3][(mixed & 0xFF) as usize]
            ^ CRC32_TABLES[2][(mixed >> 8 & 0xFF) as usize]
            ^ CRC32_TABLES[1][(mixed >> 16 & 0xFF) as usize]
            ^ CRC32_TABLES[0][(mixed >> 24) as usize];
    }
    for &byte in words.remainder() {
        sum = sum >> 8 ^ CRC32_TABLES[0][((sum ^ u32::from(byte)) & 0xFF) as usize];
    }
    !sum
}

/// `TABLES[k][b]`: what the byte `b` adds to the checksum `k` bytes later.
static CRC32_TABLES: [[u32; 256]; 4] = {
    let mut tables = [[0_u32; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
            bit += 1;
        }
        tables[0][byte] = sum;
        byte += 1;
    }
    let mut later = 1;
    while later < 4 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[later - 1][byte];
            tables[later][byte] = before >> 8 ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        later += 1;
    }
    tables
};

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut sections = SectionWriter::default();
        sections.add("numbers", vec![1, 2, 3]);
        sections.add("empty", Vec::new());
        sections.add("sixteen letters!", vec![9; 20]);
        sections.to_bytes()
    }

    #[test]
    fn checksum_is_the_standard_one() {
        // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn sections_are_found() {
        let file = file();
        assert_eq!(check_header(&file, true), Ok(()));
        assert_eq!(section_range(&file, "numbers").map(|place| &file[place]), Some(&[1, 2, 3][..]));
        assert_eq!(section_range(&file, "empty").map(|place| place.len()), Some(0));
        assert_eq!(section_range(&file, "sixteen letters!").map(|place| &file[place]), Some(&[9; 20][..]));
        for name in ["", "number", "numbers2", "sixteen letters!?"] {
            assert_eq!(section_range(&file, name), None, "{name}");
        }
    }

    #[test]
    fn other_files_are_refused() {
        let good = file();
        let changed = |at: usize| {
            let mut file = good.clone();
            file[at] ^= 0x40;
            file
        };
        for (file, message) in [
            (Vec::new(), "not a packed language model: expected it to begin with VERMNGM"),
            (b"VERMLEX\x01........".to_vec(), "not a packed language model: expected it to begin with VERMNGM"),
            (changed(7), "a packed language model of version 65, while this program reads version 1: pack it again"),
            (good[..11].to_vec(), "truncated or extended: the header promises 20 bytes, the file has 11"),
            (good[..100].to_vec(), "truncated or extended: the header promises 136 bytes, the file has 100"),
            ([&good[..], b"more"].concat(), "truncated or extended: the header promises 136 bytes, the file has 140"),
            (changed(98), "damaged: its checksum is"),
            (changed(8), "damaged: its checksum is"),
        ] {
            let error = check_header(&file, true).expect_err(message).to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
