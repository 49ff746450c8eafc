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
        After { model: self, word, following: self.following(word) }
    }

    #[inline]
    pub(super) fn following(&self, word: WordId) -> Following {
        let bytes = &*self.bytes;
        let at = self.nodes.row.get(bytes, word.index()).filter(|&at| at > 0);
        Following {
            row: at.map(|at| Row::read(bytes, self.rows + at as usize, self.rights, self.widths)),
            backoff: self.codes.unigram_backoff.get(self.nodes.backoff.get(bytes, word.index()).unwrap_or(0)),
        }
    }
}

/// What may follow one word; the word before it still open. Made once for all words that follow.
#[derive(Clone, Debug)]
pub struct After<'m> {
    model: &'m Model,
    word: WordId,
    following: Following,
}

/// Where in the model to look for what follows a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Following {
    pub(super) row: Option<Row>,
    pub(super) backoff: f32,
}

/// A word after another, whatever was before: what [`Context::score`] needs of it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its place in the row of the word before, if they are a bigram.
    pub(super) place: Option<u32>,
    pub(super) log10: f32,
}

impl Step {
    /// Its score where nothing is known of the words before those two.
    #[must_use]
    #[inline]
    pub fn scored(self) -> Scored {
        Scored { log10: self.log10, order: if self.place.is_some() { 2 } else { 1 } }
    }
}

/// Two words, of which the first is [`WordId::UNKNOWN`] at the beginning.
#[derive(Clone, Copy, Debug)]
pub struct Context<'m> {
    model: &'m Model,
    continuation: Continuation,
}

/// Where in the model to look for what follows two words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Continuation {
    pub(super) trigrams: Place,
    pub(super) backoff: f32,
}

impl<'m> After<'m> {
    /// A word that follows.
    #[must_use]
    #[inline]
    pub fn step(&self, word: WordId) -> Step {
        self.following.step(self.model, word)
    }

    /// The context that this word makes with the one before it.
    #[must_use]
    #[inline]
    pub fn context(&self, before: WordId) -> Context<'m> {
        let before = self.model.after(before);
        let place = before.following.place(self.model, self.word).map(|(_, place)| place);
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
        let bigrams = next.following.bigrams();
        Context { model: self.model, continuation: self.following.continuation(self.model, place, bigrams) }
    }
}

impl Following {
    #[inline]
    pub(super) fn step(&self, model: &Model, word: WordId) -> Step {
        match self.place(model, word) {
            Some((row, place)) => {
                let log10 = model.codes.bigram.get(row.code(&model.bytes, place as usize));
                Step { place: Some(place), log10 }
            }
            None => Step { place: None, log10: self.backoff + model.unigram(word) },
        }
    }

    /// Bigrams that begin with the word.
    #[inline]
    pub(super) fn bigrams(&self) -> u32 {
        self.row.as_ref().map_or(0, Row::len)
    }

    /// Where to look for what follows the word and the next, to which a step led and which begins so many bigrams.
    #[inline]
    pub(super) fn then(&self, model: &Model, step: Step, bigrams: u32) -> Continuation {
        self.continuation(model, step.place, bigrams)
    }

    /// The place of a word in the row.
    #[inline]
    fn place(&self, model: &Model, word: WordId) -> Option<(&Row, u32)> {
        let row = self.row.as_ref()?;
        let rank = model.nodes.rank.get(&model.bytes, word.index())?.checked_sub(1)?;
        Some((row, row.find(&model.bytes, rank)? as u32))
    }

    #[inline]
    fn continuation(&self, model: &Model, place: Option<u32>, bigrams: u32) -> Continuation {
        let continued = self.row.as_ref().zip(place).and_then(|(row, place)| row.continued(&model.bytes, place));
        let Some(continued) = continued else {
            return Continuation { trigrams: Place::default(), backoff: 0.0 };
        };
        let width = model.widths.entry(bigrams);
        let (start, end) = continued.trigrams;
        let trigrams = Place { start, width, len: (end - start) / width as usize };
        Continuation { trigrams, backoff: model.codes.bigram_backoff.get(continued.backoff) }
    }
}

impl Context<'_> {
    /// How likely a word is there. The step must come from the [`After`] that made the context, or one of the same word.
    #[must_use]
    #[inline]
    pub fn score(&self, step: Step) -> Scored {
        self.continuation.score(self.model, step)
    }
}

impl Continuation {
    #[inline]
    pub(super) fn score(&self, model: &Model, step: Step) -> Scored {
        if let Some(place) = step.place
            && let Some(log10) = self.trigram(model, place)
        {
            return Scored { log10, order: 3 };
        }
        let Scored { log10, order } = step.scored();
        Scored { log10: self.backoff + log10, order }
    }

    #[inline]
    fn trigram(&self, model: &Model, place: u32) -> Option<f32> {
        let Model { codes, widths, .. } = model;
        let entries = self.trigrams.of(&model.bytes);
        let at = entries.lower_bound(0, self.trigrams.len, place << widths.trigram);
        let entry = (at < self.trigrams.len).then(|| entries.get(at))?;
        let code = entry & ((1 << widths.trigram) - 1);
        (entry >> widths.trigram == place).then(|| codes.trigram.get(code))
    }
}
