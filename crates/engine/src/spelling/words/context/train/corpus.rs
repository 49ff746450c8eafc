//! The places of a training text: where a member of a set stands, and what is around it. Knows no weights.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    super::{
        begins_sentence,
        classes::WordClasses,
        hashing::mix,
        pattern::SentenceFacts,
        sets::ConfusionSets,
        window::{ContextToken, ContextTokens, ContextWindow, word_end},
        written_with_capital,
    },
    TrainingExamples, TrainingSource,
    cluster::{CLASSES, NeighbourCounts},
    known_slips::KnownSlips,
};
use crate::{
    spelling::words::accents::{AccentPairs, AccentedForm},
    text::Span,
};

/// Lines that are read of one source, at most, evenly: one long manual is not what agents write.
const MOST_LINES: usize = 80_000;

/// One place, or several of one part with the same around them.
#[derive(Clone, Debug)]
pub(super) struct Place<'t> {
    /// What stands there.
    pub member: u8,
    /// Of which part of the sources, or of the examples.
    pub part: u8,
    /// Whether it was written as an example.
    pub is_example: bool,
    /// How many.
    pub count: u32,
    /// The line where it was found first, and where in it; an empty one of an example.
    pub found: (&'t str, Span),
    /// What is around, by number: left, then right.
    around: [u32; 6],
    /// What the sentence tells.
    pub facts: SentenceFacts,
    /// Which pair, counted from 1, of words that differ by accents; 0 for a member of a set.
    pair: u32,
}

/// All places.
#[derive(Debug, Default)]
pub(super) struct Corpus<'t> {
    /// By set; the last are those of pairs.
    pub places: Vec<Vec<Place<'t>>>,
    /// Words that were read.
    pub words: u64,
    /// The classes of its words.
    pub classes: WordClasses,
    tokens: Vec<ContextToken>,
    pairs: Vec<(Box<str>, AccentedForm)>,
}

impl<'t> Corpus<'t> {
    /// Reads the sources, divided into so many parts of about the same length.
    pub(super) fn read(
        sets: &ConfusionSets,
        accents: &AccentPairs,
        sources: &[TrainingSource<'t>],
        known_slips: &KnownSlips,
        examples: TrainingExamples<'_>,
        parts: u8,
    ) -> Self {
        let mut reader = Reader::new(sets, accents, known_slips);
        let mut neighbours = NeighbourCounts::default();
        for source in sources {
            lines(source).for_each(|line| neighbours.read_line(line));
        }
        written(examples.text).for_each(|line| neighbours.read_line(line));
        reader.corpus.classes = neighbours.classes(CLASSES);
        let mut order: Vec<&TrainingSource<'t>> = sources.iter().collect();
        order.sort_by_key(|source| (std::cmp::Reverse(source.text.len()), source.name));
        let mut sizes = vec![0_usize; usize::from(parts)];
        for source in order {
            let smallest = sizes.iter().enumerate().min_by_key(|(_, size)| **size).map_or(0, |(part, _)| part);
            for line in lines(source) {
                sizes[smallest] += line.len();
                reader.read_line(line, Origin { part: smallest as u8, source: Some(line) });
            }
        }
        for (line, part) in written(examples.text).zip((0..parts).cycle()) {
            let origin = Origin { part, source: None };
            reader.read_line(line, origin);
            if examples.also_without_commas && line.contains(',') {
                reader.read_line(&line.replace(',', ""), origin);
            }
        }
        reader.corpus
    }

    /// What is around a place.
    pub(super) fn around(&self, place: &Place<'_>) -> ContextTokens {
        let [left, mid, right] = [0, 2, 4].map(|at| [place.around[at], place.around[at + 1]]);
        let token = |number: u32| self.tokens[number as usize];
        ContextTokens {
            left: [token(left[0]), token(left[1]), token(mid[0])],
            right: [token(mid[1]), token(right[0]), token(right[1])],
        }
    }

    /// The bare word and its twin, if the place is one of theirs.
    pub(super) fn pair(&self, place: &Place<'_>) -> Option<(&str, &AccentedForm)> {
        let (bare, pair) = self.pairs.get((place.pair as usize).checked_sub(1)?)?;
        Some((bare, pair))
    }
}

/// The lines of a source that are read.
fn lines<'t>(source: &TrainingSource<'t>) -> impl Iterator<Item = &'t str> {
    let stride = source.text.lines().count().div_ceil(MOST_LINES).max(1);
    source.text.lines().step_by(stride)
}

/// The lines of a file of examples.
fn written(examples: &str) -> impl Iterator<Item = &str> {
    examples.lines().filter(|line| !line.starts_with('#'))
}

/// Where a place is from.
#[derive(Clone, Copy)]
struct Origin<'t> {
    part: u8,
    /// The line of a source; `None` for an example.
    source: Option<&'t str>,
}

/// Reads lines into a corpus.
struct Reader<'s, 't> {
    sets: &'s ConfusionSets,
    known_slips: &'s KnownSlips,
    corpus: Corpus<'t>,
    numbers: FxHashMap<u64, u32>,
    /// Places by what they are.
    known: FxHashMap<(u32, u64), usize>,
    /// Bare words and their twins: the number of the pair, and which of the two.
    halves: FxHashMap<Box<str>, (u32, u8)>,
    window: ContextWindow,
}

impl<'s, 't> Reader<'s, 't> {
    fn new(sets: &'s ConfusionSets, accents: &AccentPairs, known_slips: &'s KnownSlips) -> Self {
        let mut corpus = Corpus { places: vec![Vec::new(); sets.sets().len() + 1], ..Corpus::default() };
        let members: FxHashSet<&str> =
            sets.sets().iter().filter(|set| set.by_model).flat_map(|set| &set.members).map(|one| &*one.text).collect();
        let mut pairs: Vec<_> = accents.iter().filter(|(bare, _)| !members.contains(bare)).collect();
        pairs.sort_unstable_by_key(|(bare, _)| *bare);
        let mut halves = FxHashMap::default();
        for (bare, pair) in pairs {
            corpus.pairs.push((bare.into(), pair.clone()));
            let number = corpus.pairs.len() as u32;
            halves.insert(bare.into(), (number, 0));
            halves.insert(pair.accented.clone(), (number, 1));
        }
        Self {
            sets,
            known_slips,
            corpus,
            numbers: FxHashMap::default(),
            known: FxHashMap::default(),
            halves,
            window: ContextWindow::default(),
        }
    }

    fn read_line(&mut self, line: &str, origin: Origin<'t>) {
        let mut at = 0;
        while let Some((offset, _)) = line[at..].char_indices().find(|(_, c)| c.is_alphanumeric()) {
            let start = at + offset;
            at = word_end(line, start, line.len());
            self.corpus.words += u64::from(origin.source.is_some());
            self.read_word(line, Span::new(start, at), origin);
        }
    }

    fn read_word(&mut self, line: &str, span: Span, origin: Origin<'t>) {
        // As in a check: no acronym, and below no name.
        let Some(capital) = written_with_capital(span.slice(line)) else { return };
        let lower = span.slice(line).to_lowercase().replace('\u{2019}', "'");
        let sets = self.sets;
        if capital {
            self.window.read(line, span);
            if !begins_sentence(&self.window) {
                return;
            }
        }
        if let Some(asked) = sets.questions(&lower) {
            let mut longer = Vec::new();
            for place in &asked.members {
                let mut whole = span;
                if let Some(second) = &place.second {
                    let Some(end) = line[span.end..].strip_prefix(' ').and_then(|rest| {
                        let end = word_end(rest, 0, rest.len());
                        (rest[..end].to_lowercase() == **second).then_some(span.end + 1 + end)
                    }) else {
                        continue;
                    };
                    whole.end = end;
                    longer.push(place.set);
                } else if longer.contains(&place.set) {
                    continue;
                }
                self.add(usize::from(place.set), place.member, line, whole, origin, 0);
            }
        }
        if let Some(&(pair, member)) = self.halves.get(lower.as_str()) {
            self.add(self.sets.sets().len(), member, line, span, origin, pair);
        }
    }

    fn add(&mut self, set: usize, member: u8, line: &str, span: Span, origin: Origin<'t>, pair: u32) {
        self.window.read(line, span);
        if origin.source.is_some() && self.known_slips.has(span.slice(line), &self.window) {
            return;
        }
        let tokens = self.window.tokens(&self.corpus.classes);
        let facts = match self.sets.sets().get(set) {
            Some(set) if set.reads_sentence() => {
                self.window.read_sentence(line, span);
                set.sentence_facts(&self.window)
            }
            _ => SentenceFacts::default(),
        };
        let mut around = [0; 6];
        let Origin { part, source } = origin;
        let is_example = source.is_none();
        let mut hash = u64::from(member) | u64::from(part) << 8 | u64::from(pair) << 16 | u64::from(is_example) << 48;
        for (slot, token) in around.iter_mut().zip(tokens.left.iter().chain(&tokens.right)) {
            let next = self.corpus.tokens.len() as u32;
            *slot = *self.numbers.entry(token.word).or_insert(next);
            if *slot == next {
                self.corpus.tokens.push(*token);
            }
            hash = mix(hash ^ token.word);
        }
        hash = facts.sides().iter().fold(hash, |hash, &sides| mix(hash ^ u64::from(sides)));
        let places = &mut self.corpus.places[set];
        match self.known.entry((set as u32, hash)) {
            std::collections::hash_map::Entry::Occupied(known) => places[*known.get()].count += 1,
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(places.len());
                let found = (source.unwrap_or_default(), span);
                places.push(Place { member, part, is_example, count: 1, found, around, facts, pair });
            }
        }
    }
}
