//! A secret of the operator's: compared in constant time, never shown.

use std::fmt;

use aws_lc_rs::{constant_time, digest};

/// The shortest secret, in bytes: as many as SHA-256 gives, which is what RFC 7518 asks of a key for HS256.
pub(crate) const MIN_SECRET_BYTES: usize = 32;

/// No secret: it is too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {MIN_SECRET_BYTES} bytes or more")]
pub struct SecretTooShort;

/// A secret, at least [`MIN_SECRET_BYTES`] long.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret(Vec<u8>);

impl SharedSecret {
    /// Takes a secret as it stands in a file or a variable; line ends around it are none of it.
    ///
    /// # Errors
    /// [`SecretTooShort`], if it is.
    pub fn new(text: &str) -> Result<Self, SecretTooShort> {
        let bytes = text.trim_matches(['\r', '\n']).as_bytes();
        if bytes.len() < MIN_SECRET_BYTES { Err(SecretTooShort) } else { Ok(Self(bytes.to_vec())) }
    }

    /// Whether a header can carry it as it is: visible ASCII, with spaces only inside.
    #[must_use]
    pub(crate) fn fits_header(&self) -> bool {
        let visible = |byte: &u8| byte.is_ascii_graphic();
        self.0.iter().all(|byte| visible(byte) || *byte == b' ')
            && self.0.first().is_some_and(visible)
            && self.0.last().is_some_and(visible)
    }

    /// Whether it is the same; takes the same time for every other one of the same length.
    #[must_use]
    pub(crate) fn constant_time_eq(&self, sent: &str) -> bool {
        let [own, sent] = [&self.0, sent.as_bytes()].map(|bytes| digest::digest(&digest::SHA256, bytes));
        constant_time::verify_slices_are_equal(own.as_ref(), sent.as_ref()).is_ok()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_without_the_line_end_and_shows_nothing() {
        let secret = SharedSecret::new("0123456789abcdef0123456789abcdef\n").unwrap();
        assert!(secret.constant_time_eq("0123456789abcdef0123456789abcdef"));
        for other in ["", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0", "x"] {
            assert!(!secret.constant_time_eq(other), "{other:?}");
        }
        assert!(secret.fits_header());
        for unfit in ["é", "\t", "\0", "\u{7f}"] {
            assert!(!SharedSecret::new(&format!("0123456789abcdef{unfit}0123456789abcdef")).unwrap().fits_header());
        }
        for (text, fits) in [
            ("0123456789abcdef 0123456789abcdef", true),
            (" 0123456789abcdef0123456789abcdef", false),
            ("0123456789abcdef0123456789abcdef ", false),
        ] {
            assert_eq!(SharedSecret::new(text).unwrap().fits_header(), fits, "{text:?}");
        }
        assert_eq!(format!("{secret:?}"), "SharedSecret(..)");
        assert_eq!(SharedSecret::new("0123456789abcdef0123456789abcde\n"), Err(SecretTooShort));
    }
}
