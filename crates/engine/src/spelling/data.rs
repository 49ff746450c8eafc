//! The language data: built into the program, each file replaceable by another.

use std::borrow::Cow;

/// One file of language data.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Its place below the data folder, e.g. `pt-BR/lexicon.bin`.
    pub path: &'static str,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Whether it came from outside the program, and its checksum is to be verified.
    pub replaced: bool,
}

/// All files of language data.
#[derive(Clone, Debug)]
pub struct LanguageData(Vec<DataFile>);

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        vec![$(DataFile {
            path: $path,
            bytes: Cow::Borrowed(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dictionaries/", $path))),
            replaced: false,
        }),*]
    };
}

impl LanguageData {
    /// What the program brings along; its licences are in `vermilion licenses`.
    #[must_use]
    pub fn embedded() -> Self {
        Self(embedded![
            "en/common.fst",
            "en/supplement.txt",
            "en/chat.txt",
            "en/unsuggested.txt",
            "en/slips.tsv",
            "en/run-ons.txt",
            "en/contexts.txt",
            "en/contexts.bin",
            "en-US/lexicon.bin",
            "en-US/supplement.txt",
            "en-GB/lexicon.bin",
            "en-GB/supplement.txt",
            "pt/common.fst",
            "pt/supplement.txt",
            "pt/chat.txt",
            "pt/unsuggested.txt",
            "pt/slips.tsv",
            "pt/run-ons.txt",
            "pt/contexts.txt",
            "pt/contexts.bin",
            "pt-BR/lexicon.bin",
            "pt-BR/supplement.txt",
            "pt-PT/lexicon.bin",
            "pt-PT/supplement.txt",
            "zh-Hans/model.bin",
            "zh-Hans/readings.tsv",
            "zh-Hans/shapes.tsv",
            "zh-Hans/notorious.txt",
            "zh-Hans/variants.tsv",
            "zh-Hans/phrases.bin",
            "zh-Hans/verifier.bin",
            "zh-Hans/certain.txt",
            "zh-Hans/style.txt",
            "zh-Hans/names.txt",
            "zh-Hans/never-suggested.txt",
            "zh-Hant/simplified.tsv",
            "zh-Hant/traditional.tsv",
            "zh-Hant/phrases.tsv",
            "zh-Hant/both-forms.txt",
        ])
    }

    /// The files, to replace some.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut DataFile> {
        self.0.iter_mut()
    }

    /// The file at a place; every place that the program reads is one of [`LanguageData::embedded`].
    pub(super) fn take(&mut self, path: &str) -> Option<DataFile> {
        let index = self.0.iter().position(|file| file.path == path)?;
        Some(self.0.swap_remove(index))
    }
}
