//! A tenant's own words: names, products and terms that are right in every language. Knows no tenant, no store, no checker.

/// Words that are right, for looking up. Immutable; built once for each change and shared.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    words: Vec<String>,
}

impl Glossary {
    /// Of these words, in any order; repeated ones count once.
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut words: Vec<String> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Self { words }
    }

    /// Whether it holds no word.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}
