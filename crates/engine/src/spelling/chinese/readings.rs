//! How characters are read: Hanyu Pinyin syllables, and which syllables are easily taken for each other.

use std::ops::RangeInclusive;

use super::rewriting::parse_rows;

/// The characters that can have readings here: the basic block of CJK unified ideographs.
const CJK_BLOCK: RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';
const CJK_BLOCK_SIZE: usize = 0x9FFF - 0x4E00 + 1;
/// Readings kept of each character, the most frequent ones. Further ones are literary or found in names only.
pub(crate) const MAX_READINGS: usize = 3;

const INITIALS: [&str; 24] = [
    "", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s",
    "y", "w",
];
const FINALS: [&str; 37] = [
    "a", "o", "e", "i", "u", "v", "ai", "ei", "ui", "ao", "ou", "iu", "ie", "ue", "ve", "er", "an", "en", "in", "un",
    "vn", "ang", "eng", "ing", "ong", "ia", "iao", "ian", "iang", "iong", "ua", "uo", "uai", "uan", "uang", "van",
    "io",
];

/// One syllable with its tone, packed: five bits of initial, six of final, three of tone. Zero is no syllable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Syllable(u16);

/// A syllable as speakers of many regions hear it: z = zh, c = ch, s = sh, n = l = r, f = h (fei = hui, fa = hua), -an = -ang,
/// -en = -eng, -in = -ing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FuzzySyllable(u16);

impl FuzzySyllable {
    /// One more than the largest [`FuzzySyllable::index`].
    pub(crate) const COUNT: usize = INITIALS.len() << 6;

    /// A small number, for tables.
    #[must_use]
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// How two characters sound alike, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PhoneticSimilarity {
    /// The same syllable in the same tone.
    SameTone,
    /// The same syllable in another tone: what a pinyin keyboard cannot tell apart.
    SameSyllable,
    /// Syllables that many regions do not tell apart.
    SimilarSyllable,
}

impl Syllable {
    /// Parses a syllable as in `zhong1`; the tone may be missing (neutral). None for what is no standard syllable.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (base, tone) = match text.as_bytes().last() {
            Some(digit @ b'1'..=b'5') => (&text[..text.len() - 1], u16::from(digit - b'0')),
            _ => (text, 5),
        };
        let base = base.replace('ü', "v");
        let initial = (0..INITIALS.len()).rev().filter(|&i| base.starts_with(INITIALS[i]));
        let initial = initial.max_by_key(|&i| INITIALS[i].len())?;
        let rest = &base[INITIALS[initial].len()..];
        let end = FINALS.iter().position(|&candidate| candidate == rest)?;
        Some(Self(((initial as u16) << 9) | ((end as u16) << 3) | tone))
    }

    fn initial(self) -> u16 {
        self.0 >> 9
    }

    fn toneless(self) -> u16 {
        self.0 >> 3
    }

    /// The class of syllables that are easily taken for this one.
    #[must_use]
    pub(crate) fn to_fuzzy(self) -> FuzzySyllable {
        /// The number of the initial h.
        const H: u16 = 11;
        let initial = match INITIALS[usize::from(self.initial())] {
            "zh" => 19,
            "ch" => 20,
            "sh" => 21,
            "n" | "r" => 8,
            "f" => H,
            _ => self.initial(),
        };
        let end = match FINALS[usize::from(self.toneless() & 0x3F)] {
            // After f no syllable has the u that h has there.
            "ua" if initial == H => 0,
            "ui" if initial == H => 7,
            "ang" => 16,
            "uan" | "uang" if initial == H => 16,
            "eng" => 17,
            "un" if initial == H => 17,
            "ing" => 18,
            "iang" => 27,
            "uang" => 33,
            _ => self.toneless() & 0x3F,
        };
        FuzzySyllable((initial << 6) | end)
    }
}

/// All readings of one character, ready to be compared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CharacterReadings {
    syllables: [Syllable; MAX_READINGS],
    fuzzy: [FuzzySyllable; MAX_READINGS],
    count: u8,
}

impl CharacterReadings {
    fn push(&mut self, syllable: Syllable) {
        let count = usize::from(self.count);
        if let Some(slot) = self.syllables.get_mut(count) {
            *slot = syllable;
            self.fuzzy[count] = syllable.to_fuzzy();
            self.count += 1;
        }
    }

    /// The syllables as many hear them, those of the most frequent readings first; two may be equal.
    #[must_use]
    #[inline]
    pub(crate) fn fuzzy_syllables(&self) -> &[FuzzySyllable] {
        &self.fuzzy[..usize::from(self.count).min(MAX_READINGS)]
    }

    /// How alike two characters sound in their most similar readings.
    #[must_use]
    #[inline]
    pub(crate) fn similarity(&self, other: &Self) -> Option<PhoneticSimilarity> {
        let mut best = None;
        for (x, x_fuzzy) in self.syllables.iter().zip(self.fuzzy_syllables()) {
            for (y, y_fuzzy) in other.syllables.iter().zip(other.fuzzy_syllables()) {
                if x == y {
                    return Some(PhoneticSimilarity::SameTone);
                }
                if x.toneless() == y.toneless() {
                    best = Some(PhoneticSimilarity::SameSyllable);
                } else if x_fuzzy == y_fuzzy && best.is_none() {
                    best = Some(PhoneticSimilarity::SimilarSyllable);
                }
            }
        }
        best
    }
}

/// A line of a table of readings that cannot be understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("readings, line {line}: expected a character, a tab and syllables such as `zhong1,zhong4`")]
pub struct ReadingsError {
    /// Counted from 1.
    pub line: usize,
}

/// The readings of all characters: 290 KB, read in a few milliseconds.
#[derive(Debug)]
pub struct PinyinReadings(Vec<CharacterReadings>);

impl PinyinReadings {
    /// Parses lines of `character TAB reading,reading...`, the most frequent reading first. Characters outside the basic
    /// block and syllables that are not standard (`hm`, `ng`) are left out.
    ///
    /// # Errors
    /// A line that is neither empty, a comment (`#`) nor of this form.
    pub fn parse(text: &str) -> Result<Self, ReadingsError> {
        let mut readings = vec![CharacterReadings::default(); CJK_BLOCK_SIZE];
        for row in parse_rows("readings", text, "a character, a tab and syllables") {
            let (line, character, syllables) = row.map_err(|error| ReadingsError { line: error.line })?;
            let mut characters = character.chars();
            let (Some(c), None) = (characters.next(), characters.next()) else { return Err(ReadingsError { line }) };
            if !CJK_BLOCK.contains(&c) {
                continue;
            }
            let sounds = &mut readings[c as usize - *CJK_BLOCK.start() as usize];
            *sounds = CharacterReadings::default();
            syllables.split(',').filter_map(Syllable::parse).for_each(|syllable| sounds.push(syllable));
        }
        Ok(Self(readings))
    }

    /// How a character is read; in no way if it is no Chinese character.
    #[must_use]
    #[inline]
    pub(crate) fn readings_of(&self, c: char) -> &CharacterReadings {
        const NO_READINGS: &CharacterReadings = &CharacterReadings {
            syllables: [Syllable(0); MAX_READINGS],
            fuzzy: [FuzzySyllable(0); MAX_READINGS],
            count: 0,
        };
        self.0.get((c as usize).wrapping_sub(*CJK_BLOCK.start() as usize)).unwrap_or(NO_READINGS)
    }

    /// How alike two characters sound in their most similar readings.
    #[must_use]
    #[inline]
    pub(crate) fn similarity(&self, a: char, b: char) -> Option<PhoneticSimilarity> {
        self.readings_of(a).similarity(self.readings_of(b))
    }

    /// All characters that have a reading.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        CJK_BLOCK.zip(&self.0).filter(|(_, sounds)| sounds.count > 0).map(|(c, _)| c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toy() -> PinyinReadings {
        PinyinReadings::parse(
            "# a comment\n权\tquan2\n券\tquan4,xuan4\n裙\tqun2\n深\tshen1\n森\tsen1\n生\tsheng1\n女\tnü3\n飞\tfei1\n\
             灰\thui1\n发\tfa1\n花\thua1\n哈\tha1\n服\tfu2\n户\thu4\n热\tre4\n乐\tle4\n",
        )
        .unwrap()
    }

    #[test]
    fn tells_how_alike_two_characters_sound() {
        #[track_caller]
        fn check(a: char, b: char, likeness: Option<PhoneticSimilarity>) {
            assert_eq!(toy().similarity(a, b), likeness, "{a} {b}");
            assert_eq!(toy().similarity(b, a), likeness, "{b} {a}");
        }
        check('权', '权', Some(PhoneticSimilarity::SameTone));
        check('权', '券', Some(PhoneticSimilarity::SameSyllable));
        check('深', '森', Some(PhoneticSimilarity::SimilarSyllable));
        check('森', '生', Some(PhoneticSimilarity::SimilarSyllable));
        check('权', '裙', None);
        check('权', 'x', None);
        check('飞', '灰', Some(PhoneticSimilarity::SimilarSyllable));
        check('发', '花', Some(PhoneticSimilarity::SimilarSyllable));
        check('服', '户', Some(PhoneticSimilarity::SimilarSyllable));
        check('热', '乐', Some(PhoneticSimilarity::SimilarSyllable));
        check('发', '哈', Some(PhoneticSimilarity::SimilarSyllable));
        check('发', '飞', None);
    }

    #[test]
    fn every_standard_syllable_is_parsed() {
        for text in ["zhong1", "lü4", "lv4", "er2", "a", "nve4", "xiong2", "zhuang4", "yuan2", "o2", "yo1"] {
            assert!(Syllable::parse(text).is_some(), "{text}");
        }
        for text in ["", "5", "ng2", "hm", "xyz1"] {
            assert_eq!(Syllable::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_malformed_line_is_named() {
        assert_eq!(PinyinReadings::parse("权\tquan2\n券券\tquan4\n").unwrap_err(), ReadingsError { line: 2 });
        assert_eq!(PinyinReadings::parse("权").unwrap_err(), ReadingsError { line: 1 });
    }
}
