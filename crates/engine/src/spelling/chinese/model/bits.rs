//! Arrays of small numbers, packed bit by bit and read in place.
//!
//! A number takes as many bits as the largest of its array needs, lowest bit first. It is read by one unaligned load of eight
//! bytes, so a file of packed numbers ends with [`PADDING`].

/// Zero bytes after the last number, so that it too can be loaded eight bytes at once.
pub(super) const PADDING: usize = 8;

/// The bits that every number up to `largest` fits in.
pub(super) const fn bit_width(largest: u32) -> u32 {
    u32::BITS - largest.leading_zeros()
}

/// The number of `width` bits, at most 32, whose lowest is bit `at`. Zero where the bytes end.
#[inline]
pub(super) fn read_bits(bytes: &[u8], at: usize, width: u32) -> u32 {
    let chunk = bytes.get(at / 8..).and_then(|rest| rest.first_chunk::<8>());
    let loaded = chunk.map_or(0, |chunk| u64::from_le_bytes(*chunk)) >> (at % 8);
    (loaded & ((1 << width) - 1)) as u32
}

/// Where an array lies in the bytes of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ArrayLayout {
    /// Its first bit.
    pub(super) start: usize,
    /// Bits of a number, at most 32.
    pub(super) width: u32,
    /// Numbers.
    pub(super) len: usize,
}

impl ArrayLayout {
    /// The bit after the last.
    #[inline]
    pub(super) const fn end(&self) -> usize {
        self.start + self.width as usize * self.len
    }

    /// The array that lies there.
    #[inline]
    pub(super) const fn view(self, bytes: &[u8]) -> PackedArray<'_> {
        PackedArray { bytes, place: self }
    }
}

/// An array of packed numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedArray<'a> {
    bytes: &'a [u8],
    place: ArrayLayout,
}

impl PackedArray<'_> {
    /// The number at an index below the array's length.
    #[inline]
    pub(super) fn get(&self, index: usize) -> u32 {
        read_bits(self.bytes, self.place.start + index * self.place.width as usize, self.place.width)
    }

    /// The first index in `from..to` whose number is at least `value`, or `to`. The numbers there must ascend.
    #[inline]
    pub(super) fn lower_bound(&self, from: usize, to: usize, value: u32) -> usize {
        let (mut low, mut left) = (from, to.saturating_sub(from));
        while left > 0 {
            let half = left / 2;
            if self.get(low + half) < value {
                low += half + 1;
                left -= half + 1;
            } else {
                left = half;
            }
        }
        low
    }

    /// The index in `from..to` of a value. The numbers there must ascend.
    #[inline]
    pub(super) fn find(&self, from: usize, to: usize, value: u32) -> Option<usize> {
        let at = self.lower_bound(from, to, value);
        (at < to && self.get(at) == value).then_some(at)
    }
}

/// Where a column of a table lies in the bytes of a file. The numbers of a line of the table lie side by side, so that whoever
/// needs several loads them at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ColumnLayout {
    start: usize,
    /// Bits of a line.
    stride: usize,
    width: u32,
    /// Lines.
    pub(super) len: usize,
}

impl ColumnLayout {
    /// The number in a line; `None` beyond the last.
    #[inline]
    pub(super) fn get(&self, bytes: &[u8], line: usize) -> Option<u32> {
        (line < self.len).then(|| read_bits(bytes, self.start + line * self.stride, self.width))
    }
}

/// Writes packed numbers.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    /// Bits pending, below 8 between calls.
    count: u32,
}

impl BitWriter {
    /// Appends the lowest `width` bits of a number, at most 32.
    pub(super) fn push(&mut self, number: u32, width: u32) {
        debug_assert!(bit_width(number) <= width, "{number} needs more than {width} bits");
        self.pending |= u64::from(number) << self.count;
        self.count += width;
        while self.count >= 8 {
            self.bytes.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// Appends a number in groups of seven bits, lowest first, each but the last marked by an eighth (LEB128).
    pub(super) fn push_varint(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.push(number & 0x7F | 0x80, 8);
            number >>= 7;
        }
        self.push(number, 8);
    }

    /// Fills up the last byte.
    pub(super) fn align(&mut self) {
        self.push(0, (8 - self.count) % 8);
    }

    /// Bytes written so far, without the bits pending.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, the last one filled up.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.align();
        self.bytes
    }
}

/// Reads what [`BitWriter::push_varint`] wrote at a byte, and gives the byte after it.
#[inline]
pub(super) fn read_varint(bytes: &[u8], mut at: usize) -> (u32, usize) {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let byte = bytes.get(at).copied().unwrap_or(0);
        at += 1;
        number |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
    }
    (number, at)
}

/// Bytes of the count of lines, and of the width of each column, before the numbers of a section.
const FIELD_BYTES: usize = 4;

/// A table as a section: columns of the same length, each number as wide as the largest of its column.
pub(super) fn encode_table<const N: usize>(columns: [&[u32]; N]) -> Vec<u8> {
    let widths = columns.map(|column| bit_width(column.iter().copied().max().unwrap_or(0)));
    let lines = columns.first().map_or(0, |column| column.len());
    let mut bits = BitWriter::default();
    bits.push(lines as u32, 32);
    widths.iter().for_each(|&width| bits.push(width, 32));
    for line in 0..lines {
        for (column, width) in columns.iter().zip(widths) {
            bits.push(column[line], width);
        }
    }
    bits.finish()
}

/// An array as a section.
pub(super) fn encode_array(numbers: &[u32]) -> Vec<u8> {
    encode_table([numbers])
}

/// Where the columns of a section lie, which starts at a byte of the file; `None` if it is too short for them.
pub(super) fn column_layouts<const N: usize>(section: &[u8], start: usize) -> Option<[ColumnLayout; N]> {
    let len = read_u32(section, 0)? as usize;
    let mut columns = [ColumnLayout { start: 8 * (start + FIELD_BYTES * (1 + N)), stride: 0, width: 0, len }; N];
    let mut stride = 0;
    for (index, column) in columns.iter_mut().enumerate() {
        column.width = read_u32(section, FIELD_BYTES * (1 + index)).filter(|&width| width <= 32)?;
        column.start += stride;
        stride += column.width as usize;
    }
    columns.iter_mut().for_each(|column| column.stride = stride);
    let size = (FIELD_BYTES * (1 + N)).checked_add(stride.checked_mul(len)?.div_ceil(8))?;
    (size <= section.len()).then_some(columns)
}

/// Where the array of a section lies.
pub(super) fn array_layout(section: &[u8], start: usize) -> Option<ArrayLayout> {
    let [ColumnLayout { start, width, len, .. }] = column_layouts(section, start)?;
    Some(ArrayLayout { start, width, len })
}

/// Four bytes, little endian.
pub(super) fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[u32]) {
        let mut bytes = encode_array(numbers);
        let place = array_layout(&bytes, 0).expect("a place");
        assert!(array_layout(&bytes[..bytes.len() - usize::from(place.width > 0)], 0).is_none() || place.width == 0);
        bytes.extend([0; PADDING]);
        let read = place.view(&bytes);
        assert_eq!((0..place.len).map(|index| read.get(index)).collect::<Vec<_>>(), numbers);
        for value in numbers.iter().flat_map(|&number| [number.saturating_sub(1), number, number.saturating_add(1)]) {
            assert_eq!(read.lower_bound(0, place.len, value), numbers.partition_point(|&number| number < value));
            assert_eq!(read.find(0, place.len, value).is_some(), numbers.contains(&value));
        }
    }

    #[test]
    fn arrays_are_read_as_written() {
        for numbers in [
            &[][..],
            &[0, 0, 0],
            &[0, 1],
            &[7],
            &[1, 2, 3, 5, 8, 13, 21, 34, 55],
            &[u32::MAX - 1, u32::MAX],
            &[0, 1 << 17, 1 << 18, (1 << 19) - 1],
        ] {
            check(numbers);
        }
    }

    #[test]
    fn tables_are_read_as_written() {
        let lines = [[0, 7, u32::MAX], [1, 7, 0], [300, 5, 1], [2, 0, 9]];
        let transposed = [0, 1, 2].map(|column| lines.map(|line| line[column]));
        let mut bytes = vec![0xFF; 3];
        bytes.extend(encode_table([&transposed[0], &[0; 4], &transposed[1], &transposed[2]]));
        let end = bytes.len();
        assert!(column_layouts::<4>(&bytes[3..end - 1], 3).is_none());
        let read = column_layouts::<4>(&bytes[3..], 3).expect("columns");
        bytes.extend([0; PADDING]);
        for (index, [first, second, third]) in lines.into_iter().enumerate() {
            assert_eq!(read.map(|column| column.get(&bytes, index)), [first, 0, second, third].map(Some));
        }
        assert_eq!(read[0].get(&bytes, lines.len()), None);
    }

    #[test]
    fn varints_are_read_as_written() {
        for number in [0, 1, 127, 128, 300, 1 << 14, 86_609, u32::MAX] {
            let mut bits = BitWriter::default();
            bits.push_varint(number);
            let bytes = bits.finish();
            assert_eq!(read_varint(&bytes, 0), (number, bytes.len()));
        }
        assert_eq!(read_varint(&[0xFF; 3], 0).1, 4, "ends where the bytes end");
    }
}
