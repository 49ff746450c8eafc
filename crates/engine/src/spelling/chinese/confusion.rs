//! What a character may have been: the characters that sound or look like it, the most frequent first.

use super::{
    model::{Model, WordId},
    readings::{FuzzySyllable, Likeness, Readings, Sounds},
    shapes::Shapes,
};

/// Characters rarer than this (log10 probability as a word of its own) are proposed as parts of longer words only.
pub(super) const RAREST_ALONE: f32 = -5.0;

/// How a character can have become another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Relation {
    /// Same syllable, same tone.
    SameTone,
    /// Same syllable, other tone.
    SameSyllable,
    /// Syllables that sound alike to many.
    Fuzzy,
    /// Looks alike.
    Shape,
}

impl Relation {
    /// What the channel charges for one change, in log10: how unlikely the slip is against no slip.
    #[must_use]
    pub fn cost(self) -> f32 {
        match self {
            Self::SameTone => 1.8,
            Self::SameSyllable => 2.0,
            Self::Fuzzy => 2.6,
            Self::Shape => 2.8,
        }
    }
}

/// A character that stands as a word of its own.
#[derive(Clone, Copy, Debug)]
pub struct Single {
    /// The character.
    pub character: char,
    /// Its number in the model.
    pub word: WordId,
    /// log10 of its probability.
    pub unigram: f32,
    sounds: Sounds,
}

/// The confusion sets: readings and shapes, and the characters of each fuzzy syllable by frequency.
#[derive(Debug)]
pub struct Confusions {
    /// Which characters sound alike.
    pub readings: Readings,
    /// Which characters look alike.
    pub shapes: Shapes,
    by_syllable: Vec<Single>,
    first: Vec<u32>,
}

impl Confusions {
    /// Groups the characters that are words of the model by syllable, in a few milliseconds.
    #[must_use]
    pub fn new(model: &Model, readings: Readings, shapes: Shapes) -> Self {
        let mut keyed: Vec<(FuzzySyllable, Single)> = Vec::new();
        for character in readings.characters() {
            let Some(word) = model.id_of(&[character]) else { continue };
            let sounds = *readings.of(character);
            let single = Single { character, word, unigram: model.unigram(word), sounds };
            if single.unigram < RAREST_ALONE {
                continue;
            }
            let mut seen = sounds.fuzzy().to_vec();
            seen.sort_unstable();
            seen.dedup();
            keyed.extend(seen.into_iter().map(|syllable| (syllable, single)));
        }
        keyed.sort_by(|(a, x), (b, y)| a.cmp(b).then(y.unigram.total_cmp(&x.unigram)));
        let first = (0..=FuzzySyllable::COUNT)
            .map(|index| keyed.partition_point(|(syllable, _)| syllable.index() < index) as u32)
            .collect();
        Self { readings, shapes, by_syllable: keyed.into_iter().map(|(_, single)| single).collect(), first }
    }

    /// How `written` can have become `right`, if at all.
    #[must_use]
    pub fn relation(&self, written: char, right: char) -> Option<Relation> {
        match self.readings.likeness(written, right) {
            Some(likeness) => Some(likeness.into()),
            None => self.shapes.alike(written, right).then_some(Relation::Shape),
        }
    }

    /// Calls `each` with the frequent characters that sound like `written`. One may come twice, by two readings.
    pub fn for_each_homophone(&self, written: char, mut each: impl FnMut(&Single, Relation)) {
        let sounds = self.readings.of(written);
        let mut previous = None;
        for &fuzzy in sounds.fuzzy() {
            if previous.replace(fuzzy) == Some(fuzzy) {
                continue;
            }
            let group = self.first[fuzzy.index()] as usize..self.first[fuzzy.index() + 1] as usize;
            for single in &self.by_syllable[group] {
                if single.character != written
                    && let Some(likeness) = sounds.likeness(&single.sounds)
                {
                    each(single, likeness.into());
                }
            }
        }
    }
}

impl From<Likeness> for Relation {
    #[inline]
    fn from(likeness: Likeness) -> Self {
        match likeness {
            Likeness::SameTone => Self::SameTone,
            Likeness::SameSyllable => Self::SameSyllable,
            Likeness::Fuzzy => Self::Fuzzy,
        }
    }
}
