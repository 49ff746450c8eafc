//! What a character may have been: the characters that sound or look like it, the most frequent first.

use super::{
    model::{ModelWordId, NGramModel},
    readings::{CharacterReadings, FuzzySyllable, PhoneticSimilarity, PinyinReadings},
    shapes::SimilarShapes,
};

/// Characters rarer than this (log10 probability as a word of its own) are proposed as parts of longer words only.
pub(super) const MIN_SINGLE_LOG10: f32 = -5.0;

/// How a character can have become another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum ConfusionRelation {
    /// Same syllable, same tone.
    SameTone,
    /// Same syllable, other tone.
    SameSyllable,
    /// Syllables that sound alike to many.
    SimilarSyllable,
    /// Looks alike.
    SimilarShape,
    /// Looks alike, and is often taken for it.
    NotoriousShape,
}

impl ConfusionRelation {
    /// What the channel charges for one change, in log10: how unlikely the slip is against no slip.
    #[must_use]
    pub(crate) fn channel_cost(self) -> f32 {
        match self {
            Self::SameTone => 1.8,
            Self::SameSyllable | Self::NotoriousShape => 2.0,
            Self::SimilarSyllable => 2.6,
            Self::SimilarShape => 2.8,
        }
    }
}

/// A character that stands as a word of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CharacterWord {
    pub character: char,
    /// Its number in the model.
    pub word: ModelWordId,
    /// log10 of its probability.
    pub(crate) unigram: f32,
    sounds: CharacterReadings,
}

/// The confusion sets: readings and shapes, and the characters of each fuzzy syllable by frequency.
#[derive(Debug)]
pub struct ConfusionSets {
    /// Which characters sound alike.
    pub readings: PinyinReadings,
    /// Which characters look alike.
    pub shapes: SimilarShapes,
    by_syllable: Vec<CharacterWord>,
    first: Vec<u32>,
}

impl ConfusionSets {
    /// Groups the characters that are words of the model by syllable, in a few milliseconds.
    #[must_use]
    pub fn new(model: &NGramModel, readings: PinyinReadings, shapes: SimilarShapes) -> Self {
        let mut keyed: Vec<(FuzzySyllable, CharacterWord)> = Vec::new();
        for character in readings.characters() {
            let Some(word) = model.id_of_chars(&[character]) else { continue };
            let sounds = *readings.readings_of(character);
            let single = CharacterWord { character, word, unigram: model.unigram_log10(word), sounds };
            if single.unigram < MIN_SINGLE_LOG10 {
                continue;
            }
            let mut seen = sounds.fuzzy_syllables().to_vec();
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
    pub(crate) fn relation(&self, written: char, right: char) -> Option<ConfusionRelation> {
        match self.readings.similarity(written, right) {
            Some(likeness) => Some(likeness.into()),
            None if self.shapes.notorious_for(written).contains(&right) => Some(ConfusionRelation::NotoriousShape),
            None => self.shapes.are_similar(written, right).then_some(ConfusionRelation::SimilarShape),
        }
    }

    /// What looks like `written`, as far as a slip may cost, and what the slip costs for each.
    pub(crate) fn shapes_within(&self, written: char, most: f32) -> impl Iterator<Item = (char, f32)> + '_ {
        let notorious = self.shapes.notorious_for(written).len();
        let all = self.shapes.similar_to(written);
        let (usual, rare) =
            (ConfusionRelation::NotoriousShape.channel_cost(), ConfusionRelation::SimilarShape.channel_cost());
        let affordable = if rare <= most {
            all.len()
        } else if usual <= most {
            notorious
        } else {
            0
        };
        let cost = move |index| if index < notorious { usual } else { rare };
        all[..affordable].iter().enumerate().map(move |(index, &c)| (c, cost(index)))
    }

    /// Calls `each` with the frequent characters that sound like `written`. One may come twice, by two readings.
    pub(crate) fn for_each_homophone(&self, written: char, mut each: impl FnMut(&CharacterWord, ConfusionRelation)) {
        let sounds = self.readings.readings_of(written);
        let mut previous = None;
        for &fuzzy in sounds.fuzzy_syllables() {
            if previous.replace(fuzzy) == Some(fuzzy) {
                continue;
            }
            let group = self.first[fuzzy.index()] as usize..self.first[fuzzy.index() + 1] as usize;
            for single in &self.by_syllable[group] {
                if single.character != written
                    && let Some(likeness) = sounds.similarity(&single.sounds)
                {
                    each(single, likeness.into());
                }
            }
        }
    }
}

impl From<PhoneticSimilarity> for ConfusionRelation {
    #[inline]
    fn from(likeness: PhoneticSimilarity) -> Self {
        match likeness {
            PhoneticSimilarity::SameTone => Self::SameTone,
            PhoneticSimilarity::SameSyllable => Self::SameSyllable,
            PhoneticSimilarity::SimilarSyllable => Self::SimilarSyllable,
        }
    }
}
