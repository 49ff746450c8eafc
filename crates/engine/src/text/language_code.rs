//! The code of a language, as regions of a text carry it. Knows no language.

/// An ISO 639-1 code: two small letters. As small as they are, since every region of a document that is skipped may have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LanguageCode([u8; 2]);

impl LanguageCode {
    /// English, of any region.
    pub const ENGLISH: Self = Self(*b"en");
    /// Portuguese, of any region.
    pub const PORTUGUESE: Self = Self(*b"pt");
    /// Chinese, in any script.
    pub const CHINESE: Self = Self(*b"zh");

    /// The code, if it is two small letters of ASCII.
    #[must_use]
    pub const fn new(code: &str) -> Option<Self> {
        match code.as_bytes() {
            &[one, other] if one.is_ascii_lowercase() && other.is_ascii_lowercase() => Some(Self([one, other])),
            _ => None,
        }
    }

    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}
