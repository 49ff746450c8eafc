//! Scores: one word after another, and after two.

use super::{Model, WordId, bits::Place, row::Row};

/// How likely a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// log10 of its probability.
    pub log10: f32,
    /// Words of the longest n-gram in the model that ends with it: 3 to 1.
    pub order: u8,
}

impl Model {
    /// How likely a word is after two others, the nearer one last. Whoever asks for many words after the same ones gets the answers
    /// in a third of the time from [`Model::after`].
    #[must_use]
    pub fn score(&self, [first, second]: [WordId; 2], word: WordId) -> Scored {
        let after = self.after(second);
        after.context(first).score(after.step(word))
    }

    /// What may follow a word.
    #[must_use]
    #[inline]
    pub fn after(&self, word: WordId) -> After<'_> {
        let bytes = &*self.bytes;
        let at = self.nodes.row.get(bytes, word.index()).filter(|&at| at > 0);
        After {
            model: self,
            bytes,
            word,
            row: at.map(|at| Row::read(bytes, self.rows + at as usize, self.rights, self.widths)),
            backoff: self.codes.unigram_backoff.get(self.nodes.backoff.get(bytes, word.index()).unwrap_or(0)),
        }
    }
}

/// What may follow one word; the word before it still open. Made once for all words that follow.
#[derive(Clone, Debug)]
pub struct After<'m> {
    model: &'m Model,
    bytes: &'m [u8],
    word: WordId,
    row: Option<Row>,
    backoff: f32,
}

/// A word after another, whatever was before: what [`Context::score`] needs of it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its place in the row of the word before, if they are a bigram.
    place: Option<u32>,
    log10: f32,
}

impl Step {
    /// Its score where nothing is known of the words before those two.
    #[must_use]
    #[inline]
    pub fn scored(self) -> Scored {
        Scored { log10: self.log10, order: if self.place.is_some() { 2 } else { 1 } }
    }
}

/// Two words, of which the first is [`WordId::UNKNOWN`] at the beginning. Small, to be kept in the states of a decoder.
#[derive(Clone, Copy, Debug)]
pub struct Context<'m> {
    model: &'m Model,
    bytes: &'m [u8],
    trigrams: Place,
    backoff: f32,
}

impl<'m> After<'m> {
    /// A word that follows.
    #[must_use]
    #[inline]
    pub fn step(&self, word: WordId) -> Step {
        let codes = &self.model.codes;
        match self.place(word) {
            Some((row, place)) => {
                let log10 = codes.bigram.get(row.code(self.bytes, place as usize));
                Step { place: Some(place), log10 }
            }
            None => Step { place: None, log10: self.backoff + self.model.unigram(word) },
        }
    }

    /// The place of a word in the row.
    #[inline]
    fn place(&self, word: WordId) -> Option<(&Row, u32)> {
        let row = self.row.as_ref()?;
        let rank = self.model.nodes.rank.get(self.bytes, word.index())?.checked_sub(1)?;
        Some((row, row.find(self.bytes, rank)? as u32))
    }

    /// The context that this word makes with the one before it.
    #[must_use]
    #[inline]
    pub fn context(&self, before: WordId) -> Context<'m> {
        let before = self.model.after(before);
        let place = before.place(self.word).map(|(_, place)| place);
        before.context_of(place, self)
    }

    /// The context that this word makes with the next, to which a step led: the same as `next.context` of this word, without the
    /// search for them.
    #[must_use]
    #[inline]
    pub fn then(&self, step: Step, next: &Self) -> Context<'m> {
        self.context_of(step.place, next)
    }

    #[inline]
    fn context_of(&self, place: Option<u32>, next: &Self) -> Context<'m> {
        let Self { model, bytes, .. } = *self;
        let continued = self.row.as_ref().zip(place).and_then(|(row, place)| row.continued(bytes, place));
        let Some(continued) = continued else {
            return Context { model, bytes, trigrams: Place::default(), backoff: 0.0 };
        };
        let width = model.widths.entry(next.row.as_ref().map_or(0, Row::len));
        let (start, end) = continued.trigrams;
        let trigrams = Place { start, width, len: (end - start) / width as usize };
        Context { model, bytes, trigrams, backoff: model.codes.bigram_backoff.get(continued.backoff) }
    }
}

impl Context<'_> {
    /// How likely a word is there. The step must come from the [`After`] that made the context, or one of the same word.
    #[must_use]
    #[inline]
    pub fn score(&self, step: Step) -> Scored {
        if let Some(place) = step.place
            && let Some(log10) = self.trigram(place)
        {
            return Scored { log10, order: 3 };
        }
        let Scored { log10, order } = step.scored();
        Scored { log10: self.backoff + log10, order }
    }

    #[inline]
    fn trigram(&self, place: u32) -> Option<f32> {
        let Model { codes, widths, .. } = self.model;
        let entries = self.trigrams.of(self.bytes);
        let at = entries.lower_bound(0, self.trigrams.len, place << widths.trigram);
        let entry = (at < self.trigrams.len).then(|| entries.get(at))?;
        let code = entry & ((1 << widths.trigram) - 1);
        (entry >> widths.trigram == place).then(|| codes.trigram.get(code))
    }
}
