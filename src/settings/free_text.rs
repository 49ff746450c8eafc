//! Text of a tenant's own, such as its wishes: what is stored is within its limits. Shared, as each call takes it along.

use std::{fmt, ops::RangeInclusive, sync::Arc};

use super::rules::InvalidValue;

/// A text of some lines, perhaps empty. Its `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct FreeText(Arc<str>);

impl Default for FreeText {
    fn default() -> Self {
        Self(Arc::from(""))
    }
}

impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FreeText({} bytes)", self.0.len())
    }
}

impl FreeText {
    /// A text of so many characters, white space at its ends not counted and not kept; lines end with a line feed.
    ///
    /// # Errors
    /// [`InvalidValue::TextTooLong`]; [`InvalidValue::TextControl`] for control characters other than line ends and tabs.
    pub fn new(text: &str, range: &RangeInclusive<u32>) -> Result<Self, InvalidValue> {
        let limit = *range.end();
        // Nobody's wishes, and not worth counting.
        let most_bytes = 8 * limit as usize;
        if text.len() > most_bytes {
            return Err(InvalidValue::TextTooLong { size: text.chars().count(), limit });
        }
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        let size = text.chars().count();
        match () {
            () if size > limit as usize => Err(InvalidValue::TextTooLong { size, limit }),
            () if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) => Err(InvalidValue::TextControl),
            () => Ok(Self(text.into())),
        }
    }

    /// As it was stored, by whom its limits were checked.
    pub(crate) fn stored(text: String) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_within_their_limits() {
        let read = |text: &str| FreeText::new(text, &(0..=5)).map(|text| text.as_str().to_owned());
        for (text, expected) in [("", ""), (" a\r\nb\n", "a\nb"), ("你好吗谢谢", "你好吗谢谢"), ("a\tb", "a\tb")]
        {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text:?}");
        }
        assert_eq!(read("abcdef"), Err(InvalidValue::TextTooLong { size: 6, limit: 5 }));
        assert_eq!(read(&"a".repeat(100)), Err(InvalidValue::TextTooLong { size: 100, limit: 5 }));
        assert_eq!(read("a\0b"), Err(InvalidValue::TextControl));
        assert_eq!(format!("{:?}", FreeText::stored("abc".to_owned())), "FreeText(3 bytes)");
    }
}
