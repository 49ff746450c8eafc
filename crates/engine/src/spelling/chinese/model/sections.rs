//! Reads the sections of a model, and says which of them is unfit.

use std::ops::Range;

use super::{
    NGramModelError,
    bits::{self, ArrayLayout, ColumnLayout},
    codebook::StoredCodebook,
    container,
};

/// The values of the codes.
#[derive(Clone, Debug)]
pub(super) struct StoredCodebooks {
    pub(super) unigram: StoredCodebook,
    pub(super) unigram_backoff: StoredCodebook,
    pub(super) bigram: StoredCodebook,
    pub(super) bigram_backoff: StoredCodebook,
    pub(super) trigram: StoredCodebook,
}

/// The sections of a file that passed [`container::check_header`].
#[derive(Clone, Copy, Debug)]
pub(super) struct SectionReader<'a> {
    pub(super) file: &'a [u8],
}

impl SectionReader<'_> {
    pub(super) fn section_range(&self, section: &'static str) -> Result<Range<usize>, NGramModelError> {
        let missing = NGramModelError::Section { section, what: "is missing or not within the file" };
        container::section_range(self.file, section).ok_or(missing)
    }

    pub(super) fn columns<const N: usize>(&self, section: &'static str) -> Result<[ColumnLayout; N], NGramModelError> {
        let place = self.section_range(section)?;
        let columns = bits::column_layouts(&self.file[place.clone()], place.start);
        columns.ok_or(NGramModelError::Section { section, what: "is too short for its numbers" })
    }

    pub(super) fn array(&self, section: &'static str) -> Result<ArrayLayout, NGramModelError> {
        let place = self.section_range(section)?;
        let array = bits::array_layout(&self.file[place.clone()], place.start);
        array.ok_or(NGramModelError::Section { section, what: "is too short for its numbers" })
    }

    pub(super) fn read_number(&self, section: &'static str) -> Result<u32, NGramModelError> {
        let number = bits::read_u32(&self.file[self.section_range(section)?], 0);
        number.ok_or(NGramModelError::Section { section, what: "is too short for a number" })
    }

    /// Says that a section is unfit if it is.
    pub(super) fn check_fit(&self, section: &'static str, fits: bool) -> Result<(), NGramModelError> {
        fits.then_some(()).ok_or(NGramModelError::Section { section, what: "does not fit the others" })
    }

    pub(super) fn read_codebooks(&self) -> Result<StoredCodebooks, NGramModelError> {
        let error = NGramModelError::Section { section: "codebooks", what: "does not hold five codebooks" };
        let mut rest = &self.file[self.section_range("codebooks")?];
        let mut next = || {
            let (values, after) = StoredCodebook::read(rest).ok_or_else(|| error.clone())?;
            rest = after;
            Ok(values)
        };
        Ok(StoredCodebooks {
            unigram: next()?,
            unigram_backoff: next()?,
            bigram: next()?,
            bigram_backoff: next()?,
            trigram: next()?,
        })
    }
}
