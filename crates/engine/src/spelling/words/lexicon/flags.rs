//! The restrictions on one form of a lexicon.

use std::ops::BitOr;

/// A set of restrictions; the value of a form in the automaton. None set: right as written, capitalised and in capitals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct FormFlags(u8);

impl FormFlags {
    /// No restriction.
    pub(crate) const NONE: Self = Self(0);
    /// Never right, though rules derive it.
    pub(crate) const FORBIDDEN: Self = Self(1);
    /// Right, but never suggested (vulgar words).
    pub(crate) const NO_SUGGEST: Self = Self(1 << 1);
    /// Right only as a part of a compound.
    pub(crate) const ONLY_IN_COMPOUND: Self = Self(1 << 2);
    /// Right only in this very case.
    pub(crate) const KEEP_CASE: Self = Self(1 << 3);
    /// A stand-in through which a word in capitals is found; not right itself.
    pub(crate) const ONLY_ALL_CAPS: Self = Self(1 << 4);

    /// Whether all of `other`'s are set.
    #[must_use]
    pub(crate) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Those set in both.
    #[must_use]
    pub(crate) const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// As the value of a form.
    #[must_use]
    pub(crate) const fn to_value(self) -> u64 {
        self.0 as u64
    }

    /// From the value of a form. Bits of later versions are dropped: the file's version guards their meaning.
    #[must_use]
    pub(crate) const fn from_value(value: u64) -> Self {
        Self((value & 0x1F) as u8)
    }
}

impl BitOr for FormFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
