//! Scores: one word after another, and after two.

use super::{ModelWordId, NGramModel, bits::ArrayLayout, row::NGramRow};

/// How likely a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordScore {
    /// log10 of its probability.
    pub log10: f32,
    /// Words of the longest n-gram in the model that ends with it: 3 to 1.
    pub order: u8,
}

impl NGramModel {
    /// How likely a word is after two others, the nearer one last. Whoever asks for many words after the same ones gets the answers
    /// in a third of the time from [`NGramModel::bigram_context`].
    #[must_use]
    pub fn score(&self, [first, second]: [ModelWordId; 2], word: ModelWordId) -> WordScore {
        let after = self.bigram_context(second);
        after.trigram_context(first).score(after.bigram_score(word))
    }

    /// What may follow a word.
    #[must_use]
    #[inline]
    pub fn bigram_context(&self, word: ModelWordId) -> BigramContext<'_> {
        BigramContext { model: self, word, following: self.bigram_lookup(word) }
    }

    #[inline]
    pub(super) fn bigram_lookup(&self, word: ModelWordId) -> BigramLookup {
        let bytes = &*self.bytes;
        let at = self.nodes.row.get(bytes, word.index()).filter(|&at| at > 0);
        BigramLookup {
            row: at.map(|at| NGramRow::read(bytes, self.rows + at as usize, self.rights, self.widths)),
            backoff: self.codes.unigram_backoff.get(self.nodes.backoff.get(bytes, word.index()).unwrap_or(0)),
        }
    }
}

/// What may follow one word; the word before it still open. Made once for all words that follow.
#[derive(Clone, Debug)]
pub struct BigramContext<'m> {
    model: &'m NGramModel,
    word: ModelWordId,
    following: BigramLookup,
}

/// Where in the model to look for what follows a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct BigramLookup {
    pub(super) row: Option<NGramRow>,
    pub(super) backoff: f32,
}

/// A word after another, whatever was before: what [`TrigramContext::score`] needs of it.
#[derive(Clone, Copy, Debug)]
pub struct BigramScore {
    /// Its place in the row of the word before, if they are a bigram.
    pub(super) place: Option<u32>,
    pub(super) log10: f32,
}

impl BigramScore {
    /// Its score where nothing is known of the words before those two.
    #[must_use]
    #[inline]
    pub(crate) fn word_score(self) -> WordScore {
        WordScore { log10: self.log10, order: if self.place.is_some() { 2 } else { 1 } }
    }
}

/// Two words, of which the first is [`ModelWordId::UNKNOWN`] at the beginning.
#[derive(Clone, Copy, Debug)]
pub struct TrigramContext<'m> {
    model: &'m NGramModel,
    continuation: TrigramLookup,
}

/// Where in the model to look for what follows two words.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrigramLookup {
    pub(super) trigrams: ArrayLayout,
    pub(super) backoff: f32,
}

impl<'m> BigramContext<'m> {
    /// A word that follows.
    #[must_use]
    #[inline]
    pub fn bigram_score(&self, word: ModelWordId) -> BigramScore {
        self.following.bigram_score(self.model, word)
    }

    /// The context that this word makes with the one before it.
    #[must_use]
    #[inline]
    pub fn trigram_context(&self, before: ModelWordId) -> TrigramContext<'m> {
        let before = self.model.bigram_context(before);
        let place = before.following.row_index(self.model, self.word).map(|(_, place)| place);
        before.trigram_context_at(place, self)
    }

    /// The context that this word makes with the next, to which a step led: the same as `next.context` of this word, without the
    /// search for them.
    #[must_use]
    #[inline]
    pub fn extend(&self, step: BigramScore, next: &Self) -> TrigramContext<'m> {
        self.trigram_context_at(step.place, next)
    }

    #[inline]
    fn trigram_context_at(&self, place: Option<u32>, next: &Self) -> TrigramContext<'m> {
        let bigrams = next.following.bigram_count();
        TrigramContext { model: self.model, continuation: self.following.trigram_lookup(self.model, place, bigrams) }
    }
}

impl BigramLookup {
    #[inline]
    pub(super) fn bigram_score(&self, model: &NGramModel, word: ModelWordId) -> BigramScore {
        match self.row_index(model, word) {
            Some((row, place)) => {
                let log10 = model.codes.bigram.get(row.bigram_code(&model.bytes, place as usize));
                BigramScore { place: Some(place), log10 }
            }
            None => BigramScore { place: None, log10: self.backoff + model.unigram_log10(word) },
        }
    }

    /// Bigrams that begin with the word.
    #[inline]
    pub(super) fn bigram_count(&self) -> u32 {
        self.row.as_ref().map_or(0, NGramRow::len)
    }

    /// The row of the words that follow this word and the next; `bigrams` is how many bigrams the next word begins.
    #[inline]
    pub(super) fn extend(&self, model: &NGramModel, step: BigramScore, bigrams: u32) -> TrigramLookup {
        self.trigram_lookup(model, step.place, bigrams)
    }

    /// The place of a word in the row.
    #[inline]
    fn row_index(&self, model: &NGramModel, word: ModelWordId) -> Option<(&NGramRow, u32)> {
        let row = self.row.as_ref()?;
        let rank = model.nodes.rank.get(&model.bytes, word.index())?.checked_sub(1)?;
        Some((row, row.find(&model.bytes, rank)? as u32))
    }

    #[inline]
    fn trigram_lookup(&self, model: &NGramModel, place: Option<u32>, bigrams: u32) -> TrigramLookup {
        let continued = self.row.as_ref().zip(place).and_then(|(row, place)| row.continuation(&model.bytes, place));
        let Some(continued) = continued else {
            return TrigramLookup { trigrams: ArrayLayout::default(), backoff: 0.0 };
        };
        let width = model.widths.trigram_width(bigrams);
        let (start, end) = continued.trigrams;
        let trigrams = ArrayLayout { start, width, len: (end - start) / width as usize };
        TrigramLookup { trigrams, backoff: model.codes.bigram_backoff.get(continued.backoff) }
    }
}

impl TrigramContext<'_> {
    /// How likely a word is there. The step must come from the [`BigramContext`] that made the context, or one of the same word.
    #[must_use]
    #[inline]
    pub fn score(&self, step: BigramScore) -> WordScore {
        self.continuation.score(self.model, step)
    }
}

impl TrigramLookup {
    #[inline]
    pub(super) fn score(&self, model: &NGramModel, step: BigramScore) -> WordScore {
        if let Some(place) = step.place
            && let Some(log10) = self.trigram_log10(model, place)
        {
            return WordScore { log10, order: 3 };
        }
        let WordScore { log10, order } = step.word_score();
        WordScore { log10: self.backoff + log10, order }
    }

    #[inline]
    fn trigram_log10(&self, model: &NGramModel, place: u32) -> Option<f32> {
        let NGramModel { codes, widths, .. } = model;
        let entries = self.trigrams.view(&model.bytes);
        let at = entries.lower_bound(0, self.trigrams.len, place << widths.trigram);
        let entry = (at < self.trigrams.len).then(|| entries.get(at))?;
        let code = entry & ((1 << widths.trigram) - 1);
        (entry >> widths.trigram == place).then(|| codes.trigram.get(code))
    }
}
