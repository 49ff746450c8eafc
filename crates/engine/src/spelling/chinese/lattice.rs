//! The word lattice: every way to read a piece of text as words of the vocabulary.

use super::model::{ModelWordId, NGramModel};

/// One word of a reading of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// First character, counted from the start of the text.
    pub start: u16,
    /// One past the last character.
    pub end: u16,
    /// [`ModelWordId::UNKNOWN`] for a character that is no word of the vocabulary, and for runs of Latin letters and digits.
    pub word: ModelWordId,
    /// What the channel charges, in log10; 0 for the text as written.
    pub cost: f32,
    /// Characters of the word that differ from the text.
    pub changes: u8,
}

/// Edges ordered by where they start.
#[derive(Debug, Default)]
pub(crate) struct Lattice {
    edges: Vec<Edge>,
    first: Vec<u32>,
    unsorted: Vec<Edge>,
}

impl Lattice {
    /// The text's length in characters.
    #[must_use]
    pub(crate) fn length(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The edge of that number.
    #[must_use]
    pub(crate) fn edge(&self, number: u32) -> Edge {
        self.edges[number as usize]
    }

    /// The numbers of the edges that start at a position.
    #[must_use]
    pub(crate) fn starting_at(&self, position: usize) -> std::ops::Range<u32> {
        self.first[position]..self.first[position + 1]
    }

    /// All edges, by their start.
    #[must_use]
    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Fills the lattice with the readings of the text as written.
    pub(crate) fn fill(&mut self, model: &NGramModel, text: &[char]) {
        self.unsorted.clear();
        let mut position = 0;
        while position < text.len() {
            let run = latin_run_len(&text[position..]);
            if run > 0 {
                self.push(position, run, ModelWordId::UNKNOWN, 0.0, 0);
                position += run;
                continue;
            }
            let mut single = false;
            model.for_each_prefix(&text[position..], |length, word| {
                single |= length == 1;
                self.push(position, length, word, 0.0, 0);
            });
            if !single {
                self.push(position, 1, ModelWordId::UNKNOWN, 0.0, 0);
            }
            position += 1;
        }
        self.sort(text.len());
    }

    /// Adds edges to a filled lattice.
    pub(crate) fn extend(&mut self, additions: &[Edge]) {
        let length = self.length();
        self.unsorted.clear();
        self.unsorted.extend_from_slice(&self.edges);
        self.unsorted.extend_from_slice(additions);
        self.sort(length);
    }

    fn push(&mut self, start: usize, length: usize, word: ModelWordId, cost: f32, changes: u8) {
        self.unsorted.push(Edge { start: start as u16, end: (start + length) as u16, word, cost, changes });
    }

    /// A counting sort by start, which keeps the order of insertion.
    fn sort(&mut self, length: usize) {
        self.first.clear();
        self.first.resize(length + 2, 0);
        for edge in &self.unsorted {
            self.first[usize::from(edge.start) + 2] += 1;
        }
        for position in 2..self.first.len() {
            self.first[position] += self.first[position - 1];
        }
        self.edges.clear();
        self.edges
            .resize(self.unsorted.len(), Edge { start: 0, end: 0, word: ModelWordId::UNKNOWN, cost: 0.0, changes: 0 });
        for edge in &self.unsorted {
            let slot = &mut self.first[usize::from(edge.start) + 1];
            self.edges[*slot as usize] = *edge;
            *slot += 1;
        }
        self.first.pop();
    }
}

/// Length of the run of Latin letters, digits and what joins them at the start of the text.
fn latin_run_len(text: &[char]) -> usize {
    if !text.first().is_some_and(char::is_ascii_alphanumeric) {
        return 0;
    }
    text.iter().take_while(|c| c.is_ascii_alphanumeric() || "._-@:/%#".contains(**c)).count()
}
