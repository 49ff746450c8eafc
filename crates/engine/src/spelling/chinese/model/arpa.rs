//! Reads an ARPA file, the text form in which the tools of the field exchange backoff models (SRILM, KenLM, IRSTLM).

use rustc_hash::FxHashMap;

use super::ngrams::{Bigram, NGramWeight, NGrams, Trigram};

/// The highest order that a packed model holds.
const MAX_ORDER: usize = 3;

/// A line that is not what an ARPA file has there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}")]
pub struct ArpaError {
    /// The line, from 1; one after the last if the file ends too early.
    pub line: usize,
    /// What should stand there.
    pub expected: String,
}

/// Reads an ARPA file of order 1, 2 or 3. O(size), some 2 million n-grams a second.
///
/// # Errors
/// The first line that is not what it should be; a model of higher order, at the line that announces it.
pub fn read_arpa(text: &str) -> Result<NGrams, ArpaError> {
    let mut reader =
        ArpaReader { lines: text.lines(), number: 0, numbers: FxHashMap::default(), ngrams: NGrams::default() };
    let counts = reader.read_counts()?;
    for (index, &count) in counts.iter().enumerate() {
        reader.read_section(index + 1, count, counts.len())?;
    }
    Ok(reader.ngrams)
}

struct ArpaReader<'a> {
    lines: std::str::Lines<'a>,
    /// Of the line read last, from 1.
    number: usize,
    numbers: FxHashMap<&'a str, u32>,
    ngrams: NGrams,
}

impl<'a> ArpaReader<'a> {
    fn error<T>(&self, expected: impl Into<String>) -> Result<T, ArpaError> {
        Err(ArpaError { line: self.number, expected: expected.into() })
    }

    /// The next line that is not blank; empty at the end.
    fn next_line(&mut self) -> &'a str {
        loop {
            self.number += 1;
            match self.lines.next().map(str::trim_ascii) {
                None => return "",
                Some("") => {}
                Some(line) => return line,
            }
        }
    }

    /// The head: how many n-grams of each order, from 1. Leaves the heading of the unigrams read.
    fn read_counts(&mut self) -> Result<Vec<usize>, ArpaError> {
        if self.next_line() != r"\data\" {
            return self.error(r"\data\, with which an ARPA file begins");
        }
        let mut counts = Vec::new();
        loop {
            let line = self.next_line();
            let Some(announced) = line.strip_prefix("ngram ") else {
                if counts.is_empty() || line != r"\1-grams:" {
                    return self.error(r"`ngram 1=` and a count, or after all counts \1-grams:");
                }
                return Ok(counts);
            };
            let order = counts.len() + 1;
            if order > MAX_ORDER {
                return self.error(format!("a model of order {MAX_ORDER} at most, not n-grams of order {order}"));
            }
            let count = announced.split_once('=').filter(|(found, _)| found.trim().parse() == Ok(order));
            match count.and_then(|(_, count)| count.trim().parse().ok()) {
                Some(count) => counts.push(count),
                None => return self.error(format!("`ngram {order}=` and a count")),
            }
        }
    }

    /// The n-grams of an order, and the heading that follows them.
    fn read_section(&mut self, order: usize, count: usize, highest: usize) -> Result<(), ArpaError> {
        for left in (1..=count).rev() {
            let line = self.next_line();
            if line.is_empty() || line.starts_with('\\') {
                return self.error(format!("{left} more of the {count} {order}-grams"));
            }
            self.read_ngram(line, order)?;
        }
        let heading = if order == highest { r"\end\".to_owned() } else { format!(r"\{}-grams:", order + 1) };
        if self.next_line() == heading { Ok(()) } else { self.error(format!("{heading} after {count} {order}-grams")) }
    }

    fn read_ngram(&mut self, line: &'a str, order: usize) -> Result<(), ArpaError> {
        // Only blanks and tabs divide: an ideographic space may be a word.
        let mut fields = line.split([' ', '\t']).filter(|field| !field.is_empty());
        let number = |field: &str| field.parse().ok().filter(|number: &f32| number.is_finite());
        let Some(log10) = fields.next().and_then(number).filter(|log10| *log10 <= 0.0) else {
            return self.error("log10 of a probability: a number, at most 0");
        };
        let mut words = [""; MAX_ORDER];
        for word in &mut words[..order] {
            match fields.next() {
                Some(field) => *word = field,
                None => return self.error(format!("{order} words after the probability")),
            }
        }
        let Some(backoff) = fields.next().map_or(Some(0.0), number) else {
            return self.error("a backoff, which is a number, or nothing");
        };
        if fields.next().is_some() {
            return self.error(format!("a probability, {order} words, a backoff and nothing else"));
        }
        self.add_ngram(&words[..order], NGramWeight { log10, backoff })
    }

    fn add_ngram(&mut self, words: &[&'a str], weight: NGramWeight) -> Result<(), ArpaError> {
        if let [word] = words {
            let number = self.ngrams.words.len() as u32;
            if self.numbers.insert(word, number).is_some() {
                return self.error(format!("a word that no line before has, not {word:?} again"));
            }
            self.ngrams.words.push((*word).to_owned());
            self.ngrams.unigrams.push(weight);
            return Ok(());
        }
        let mut numbers = [0; MAX_ORDER];
        for (number, word) in numbers.iter_mut().zip(words) {
            match self.numbers.get(word) {
                Some(known) => *number = *known,
                None => return self.error(format!("words that are unigrams too, unlike {word:?}")),
            }
        }
        match numbers {
            [left, right, _] if words.len() == 2 => self.ngrams.bigrams.push(Bigram { words: [left, right], weight }),
            numbers => self.ngrams.trigrams.push(Trigram { words: numbers, log10: weight.log10 }),
        }
        Ok(())
    }
}
