//! Finds classes of words by exchange (Kneser and Ney 1993, "Improved clustering techniques for class-based statistical language
//! modelling"): each word goes to the class that makes the text's pairs of neighbours likeliest, until none moves. Knows no sets.

use rustc_hash::FxHashMap;

use super::super::{classes::WordClasses, hashing::hash_neighbour, window::for_each_token};

/// Classes of a model.
pub(super) const CLASSES: usize = 250;

/// Words with a class, at most.
const MOST_WORDS: usize = 12_000;

/// How often a word must occur.
const LEAST_COUNT: u32 = 12;

/// How often all words are gone through, at most.
const MOST_ROUNDS: usize = 12;

/// Counts words and their neighbours.
#[derive(Debug, Default)]
pub(super) struct NeighbourCounts {
    numbers: FxHashMap<Box<str>, u32>,
    counts: Vec<u32>,
    pairs: FxHashMap<(u32, u32), u32>,
}

impl NeighbourCounts {
    /// Counts a line.
    pub(super) fn read_line(&mut self, line: &str) {
        let mut before = None;
        for_each_token(line, |word| {
            let next = self.counts.len() as u32;
            let number = match self.numbers.get(word) {
                Some(&number) => number,
                None => {
                    self.numbers.insert(word.into(), next);
                    self.counts.push(0);
                    next
                }
            };
            self.counts[number as usize] += 1;
            if let Some(before) = before.replace(number) {
                *self.pairs.entry((before, number)).or_default() += 1;
            }
        });
    }

    /// So many classes, 256 at most: 250 take some 10 s for ten million words.
    pub(super) fn classes(self, classes: usize) -> WordClasses {
        let mut words: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        words.retain(|(_, number)| self.counts[*number as usize] >= LEAST_COUNT);
        words.sort_by(|(one, first), (other, second)| {
            let counts = [first, second].map(|number| self.counts[*number as usize]);
            counts[1].cmp(&counts[0]).then_with(|| one.cmp(other))
        });
        words.truncate(MOST_WORDS);
        let ranks: FxHashMap<u32, u32> = words.iter().zip(0..).map(|((_, number), rank)| (*number, rank)).collect();
        let ranked = self.pairs.iter().filter_map(|((one, other), count)| {
            Some((*ranks.get(one)? as usize, *ranks.get(other)? as usize, f64::from(*count)))
        });
        let classes = Exchange::new(words.len(), classes, ranked).run();
        WordClasses::new(
            words.iter().zip(classes).map(|((word, _), class)| (hash_neighbour(word), class as u8)).collect(),
        )
    }
}

/// Words with their classes, and how often what follows what.
struct Exchange {
    classes: usize,
    class_of: Vec<usize>,
    /// By word: the words after it, and those before it; itself is in neither.
    after: Vec<Vec<(usize, f64)>>,
    before: Vec<Vec<(usize, f64)>>,
    /// How often a word follows itself.
    itself: Vec<f64>,
    /// How often a class follows a class: `first * classes + second`.
    pairs: Vec<f64>,
    firsts: Vec<f64>,
    seconds: Vec<f64>,
}

/// The classes around a word, with counts.
struct Surroundings {
    after: Vec<(usize, f64)>,
    before: Vec<(usize, f64)>,
    firsts: f64,
    seconds: f64,
}

impl Exchange {
    fn new(words: usize, classes: usize, pairs: impl Iterator<Item = (usize, usize, f64)>) -> Self {
        let mut exchange = Self {
            classes,
            class_of: (0..words).map(|rank| rank % classes).collect(),
            after: vec![Vec::new(); words],
            before: vec![Vec::new(); words],
            itself: vec![0.0; words],
            pairs: vec![0.0; classes * classes],
            firsts: vec![0.0; classes],
            seconds: vec![0.0; classes],
        };
        for (one, other, count) in pairs {
            let (first, second) = (exchange.class_of[one], exchange.class_of[other]);
            exchange.pairs[first * classes + second] += count;
            exchange.firsts[first] += count;
            exchange.seconds[second] += count;
            if one == other {
                exchange.itself[one] += count;
            } else {
                exchange.after[one].push((other, count));
                exchange.before[other].push((one, count));
            }
        }
        exchange
    }

    /// The class of each word.
    fn run(mut self) -> Vec<usize> {
        for _ in 0..MOST_ROUNDS {
            let mut moved = 0;
            for word in 0..self.class_of.len() {
                let around = self.surroundings(word);
                let old = self.class_of[word];
                self.add(old, &around, self.itself[word], -1.0);
                let mut best = (old, self.gain(old, &around, self.itself[word]));
                for class in 0..self.classes {
                    let gain = self.gain(class, &around, self.itself[word]);
                    if gain > best.1 + 1e-6 {
                        best = (class, gain);
                    }
                }
                self.add(best.0, &around, self.itself[word], 1.0);
                self.class_of[word] = best.0;
                moved += usize::from(best.0 != old);
            }
            if moved == 0 {
                break;
            }
        }
        self.class_of
    }

    fn surroundings(&self, word: usize) -> Surroundings {
        let by_class = |words: &[(usize, f64)]| {
            let mut counts = vec![0.0; self.classes];
            words.iter().for_each(|(other, count)| counts[self.class_of[*other]] += count);
            counts.into_iter().enumerate().filter(|(_, count)| *count > 0.0).collect::<Vec<_>>()
        };
        let (after, before) = (by_class(&self.after[word]), by_class(&self.before[word]));
        let total = |counts: &[(usize, f64)]| counts.iter().map(|(_, count)| count).sum::<f64>() + self.itself[word];
        Surroundings { firsts: total(&after), seconds: total(&before), after, before }
    }

    /// Puts a word into a class, or takes it away.
    fn add(&mut self, class: usize, around: &Surroundings, itself: f64, sign: f64) {
        for (other, count) in &around.after {
            self.pairs[class * self.classes + other] += sign * count;
        }
        for (other, count) in &around.before {
            self.pairs[other * self.classes + class] += sign * count;
        }
        self.pairs[class * self.classes + class] += sign * itself;
        self.firsts[class] += sign * around.firsts;
        self.seconds[class] += sign * around.seconds;
    }

    /// By how much the text becomes likelier if the word, which is in no class, goes into one.
    fn gain(&self, class: usize, around: &Surroundings, itself: f64) -> f64 {
        let grown = |old: f64, by: f64| information(old + by) - information(old);
        // What goes from the class to itself is counted once.
        let mut own = itself;
        let mut gain = 0.0;
        for &(other, count) in &around.after {
            if other == class {
                own += count;
            } else {
                gain += grown(self.pairs[class * self.classes + other], count);
            }
        }
        for &(other, count) in &around.before {
            if other == class {
                own += count;
            } else {
                gain += grown(self.pairs[other * self.classes + class], count);
            }
        }
        gain + grown(self.pairs[class * self.classes + class], own)
            - grown(self.firsts[class], around.firsts)
            - grown(self.seconds[class], around.seconds)
    }
}

fn information(count: f64) -> f64 {
    if count > 0.0 { count * count.ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_stand_among_the_same_words_have_one_class() {
        let mut counts = NeighbourCounts::default();
        for _ in 0..40 {
            for device in ["router", "modem", "phone", "tablet"] {
                for mood in ["happy", "worried", "sorry"] {
                    counts.read_line(&format!("The {device} works and we are {mood}."));
                }
            }
        }
        let classes = counts.classes(8);
        let of = |word| classes.of(hash_neighbour(word), 0);
        assert!(["modem", "phone", "tablet"].iter().all(|word| of(word) == of("router")));
        assert!(["worried", "sorry"].iter().all(|word| of(word) == of("happy")));
        assert_ne!(of("happy"), of("router"));
        assert_eq!(of("zebra"), 0);
    }
}
