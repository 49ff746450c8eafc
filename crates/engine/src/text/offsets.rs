//! Conversion between byte offsets and the units in which clients count: UTF-16 code units, scalar values, bytes.

/// The unit of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OffsetEncoding {
    /// Bytes of UTF-8.
    Utf8,
    /// UTF-16 code units, the unit of strings in browsers.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl OffsetEncoding {
    /// How many units one character takes.
    #[must_use]
    pub const fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// How many units a text takes. O(length).
    #[must_use]
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }
}

/// Walks one text and converts offsets on the way. Ascending queries cost O(length) in total; a step back starts again
/// from the beginning of the text.
#[derive(Clone, Debug)]
pub struct OffsetCursor<'t> {
    text: &'t str,
    encoding: OffsetEncoding,
    byte: usize,
    units: usize,
}

impl<'t> OffsetCursor<'t> {
    /// A cursor at the beginning of `text`.
    #[must_use]
    pub const fn new(text: &'t str, encoding: OffsetEncoding) -> Self {
        Self { text, encoding, byte: 0, units: 0 }
    }

    /// The offset, in units, of the character that begins at `byte` (or of the end of the text).
    ///
    /// # Panics
    /// If `byte` is past the end or inside a character: spans of our own making never are.
    pub fn units_at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            *self = Self::new(self.text, self.encoding);
        }
        self.units += self.encoding.length(&self.text[self.byte..byte]);
        self.byte = byte;
        self.units
    }

    /// The byte at which the offset `units` lies; `None` past the end or inside a character (half a surrogate pair).
    pub fn byte_at(&mut self, units: usize) -> Option<usize> {
        if units < self.units {
            *self = Self::new(self.text, self.encoding);
        }
        let mut rest = self.text[self.byte..].chars();
        while self.units < units {
            let c = rest.next()?;
            self.units += self.encoding.width(c);
            self.byte += c.len_utf8();
        }
        (self.units == units).then_some(self.byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OffsetEncoding::{Utf8, Utf16, Utf32};

    #[track_caller]
    fn check(text: &str, byte: usize, utf8: usize, utf16: usize, utf32: usize) {
        for (encoding, units) in [(Utf8, utf8), (Utf16, utf16), (Utf32, utf32)] {
            assert_eq!(OffsetCursor::new(text, encoding).units_at(byte), units, "{encoding:?} of byte {byte}");
            assert_eq!(OffsetCursor::new(text, encoding).byte_at(units), Some(byte), "byte of {encoding:?} {units}");
        }
    }

    #[test]
    fn counts_in_each_unit() {
        check("", 0, 0, 0, 0);
        check("abc", 2, 2, 2, 2);
        check("ação", 3, 3, 2, 2);
        check("请座", 3, 3, 1, 1);
        check("a😀b", 5, 5, 3, 2);
        check("a😀b", 6, 6, 4, 3);
        check("e\u{301}a", 3, 3, 2, 2);
    }

    #[test]
    fn refuses_what_is_no_character_boundary() {
        assert_eq!(OffsetCursor::new("a😀b", Utf16).byte_at(2), None);
        assert_eq!(OffsetCursor::new("ação", Utf8).byte_at(2), None);
        assert_eq!(OffsetCursor::new("ab", Utf32).byte_at(3), None);
    }

    #[test]
    fn goes_back_and_forth() {
        let mut cursor = OffsetCursor::new("ação", Utf16);
        assert_eq!(cursor.units_at(5), 3);
        assert_eq!(cursor.units_at(1), 1);
        assert_eq!(cursor.byte_at(4), Some(6));
        assert_eq!(cursor.byte_at(2), Some(3));
    }
}
