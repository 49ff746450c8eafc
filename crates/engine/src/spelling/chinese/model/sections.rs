//! Reads the sections of a model, and says which of them is unfit.

use std::ops::Range;

use super::{
    ModelError,
    bits::{self, Column, Place},
    codebook::Values,
    container,
};

/// The values of the codes.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    pub(super) unigram: Values,
    pub(super) unigram_backoff: Values,
    pub(super) bigram: Values,
    pub(super) bigram_backoff: Values,
    pub(super) trigram: Values,
}

/// The sections of a file that passed [`container::check`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Sections<'a> {
    pub(super) file: &'a [u8],
}

impl Sections<'_> {
    pub(super) fn place(&self, section: &'static str) -> Result<Range<usize>, ModelError> {
        let missing = ModelError::Section { section, what: "is missing or not within the file" };
        container::section(self.file, section).ok_or(missing)
    }

    pub(super) fn columns<const N: usize>(&self, section: &'static str) -> Result<[Column; N], ModelError> {
        let place = self.place(section)?;
        let columns = bits::columns(&self.file[place.clone()], place.start);
        columns.ok_or(ModelError::Section { section, what: "is too short for its numbers" })
    }

    pub(super) fn array(&self, section: &'static str) -> Result<Place, ModelError> {
        let place = self.place(section)?;
        let array = bits::array_at(&self.file[place.clone()], place.start);
        array.ok_or(ModelError::Section { section, what: "is too short for its numbers" })
    }

    pub(super) fn number(&self, section: &'static str) -> Result<u32, ModelError> {
        let number = bits::read_u32(&self.file[self.place(section)?], 0);
        number.ok_or(ModelError::Section { section, what: "is too short for a number" })
    }

    /// Says that a section is unfit if it is.
    pub(super) fn fit(&self, section: &'static str, fits: bool) -> Result<(), ModelError> {
        fits.then_some(()).ok_or(ModelError::Section { section, what: "does not fit the others" })
    }

    pub(super) fn codes(&self) -> Result<Codes, ModelError> {
        let error = ModelError::Section { section: "codebooks", what: "does not hold five codebooks" };
        let mut rest = &self.file[self.place("codebooks")?];
        let mut next = || {
            let (values, after) = Values::read(rest).ok_or_else(|| error.clone())?;
            rest = after;
            Ok(values)
        };
        Ok(Codes {
            unigram: next()?,
            unigram_backoff: next()?,
            bigram: next()?,
            bigram_backoff: next()?,
            trigram: next()?,
        })
    }
}
