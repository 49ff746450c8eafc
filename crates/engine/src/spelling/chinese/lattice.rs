//! The word lattice: every way to read a piece of text as words of the vocabulary, as written and with slips undone.

use super::{
    confusion::{ConfusionRelation, ConfusionSets, MIN_SINGLE_LOG10},
    homophones::{HomophoneIndex, INDEXED_LENGTHS, ReadingHashes},
    model::{ModelWordId, NGramModel},
    work::WorkBudget,
};

/// Characters of the longest word that a shape slip is undone in.
const MAX_SHAPE_EDIT_LEN: usize = 4;
/// A second slip in one word is likelier than the first: it costs this share.
const SECOND_EDIT_FACTOR: f32 = 0.5;

/// One word of a reading of the text.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
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
pub struct Lattice {
    edges: Vec<Edge>,
    first: Vec<u32>,
    unsorted: Vec<Edge>,
}

impl Lattice {
    /// The text's length in characters.
    #[must_use]
    pub fn length(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The edge of that number.
    #[must_use]
    pub fn edge(&self, number: u32) -> Edge {
        self.edges[number as usize]
    }

    /// The numbers of the edges that start at a position.
    #[must_use]
    pub fn starting_at(&self, position: usize) -> std::ops::Range<u32> {
        self.first[position]..self.first[position + 1]
    }

    /// All edges, by their start.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Fills the lattice with the readings of the text as written.
    pub fn fill(&mut self, model: &NGramModel, text: &[char]) {
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
    pub fn extend(&mut self, additions: &[Edge]) {
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

/// Collects the edges that undo slips at suspicious positions and cost no more than the `most` that is asked of their range, by
/// their start, as far as the work goes. An edge may come twice.
#[expect(clippy::too_many_arguments, reason = "the parts of one pipeline, borrowed separately")]
pub fn edit_edges(
    model: &NGramModel,
    confusions: &ConfusionSets,
    homophones: &HomophoneIndex,
    text: &[char],
    suspicious: &[bool],
    most: impl Fn(usize, usize) -> f32,
    work: &mut WorkBudget<'_>,
    out: &mut Vec<Edge>,
) {
    let finder = EditEdgeFinder { model, confusions, homophones, text, suspicious, most };
    for (position, &single) in suspicious.iter().enumerate() {
        let reach = &suspicious[position..text.len().min(position + INDEXED_LENGTHS.end())];
        if !reach.contains(&true) {
            continue;
        }
        let singles = if single { finder.character_edits(position, out) } else { 0 };
        let tried = singles + finder.shape_edits(position, out) + finder.homophone_edits(position, out);
        if !work.spend(tried) {
            break;
        }
    }
}

struct EditEdgeFinder<'a, M> {
    model: &'a NGramModel,
    confusions: &'a ConfusionSets,
    homophones: &'a HomophoneIndex,
    text: &'a [char],
    suspicious: &'a [bool],
    most: M,
}

impl<M: Fn(usize, usize) -> f32> EditEdgeFinder<'_, M> {
    /// One character for another, as a word of its own. Like those below it says how many it tried.
    fn character_edits(&self, start: usize, out: &mut Vec<Edge>) -> u32 {
        let before = out.len();
        let most = (self.most)(start, start + 1);
        if ConfusionRelation::SameTone.channel_cost() > most {
            return 0;
        }
        let mut push = |word, relation: ConfusionRelation| {
            let (start, end) = (start as u16, start as u16 + 1);
            out.push(Edge { start, end, word, cost: relation.channel_cost(), changes: 1 });
        };
        self.confusions.for_each_homophone(self.text[start], |single, relation| {
            if relation.channel_cost() <= most {
                push(single.word, relation);
            }
        });
        if ConfusionRelation::SimilarShape.channel_cost() > most {
            return (out.len() - before) as u32;
        }
        for &c in self.confusions.shapes.similar_to(self.text[start]) {
            if let Some(word) = self.model.id_of_chars(&[c])
                && self.model.unigram_log10(word) > MIN_SINGLE_LOG10
                && self.confusions.readings.similarity(self.text[start], c).is_none()
            {
                push(word, ConfusionRelation::SimilarShape);
            }
        }
        (out.len() - before) as u32
    }

    /// Words that sound like the text, with one or two other characters.
    fn homophone_edits(&self, start: usize, out: &mut Vec<Edge>) -> u32 {
        let mut tried = 0;
        let mut ways = ReadingHashes::empty();
        let mut touched = false;
        for length in 1..=*INDEXED_LENGTHS.end() {
            let Some(&c) = self.text.get(start + length - 1) else { break };
            if !ways.push(&self.confusions.readings, c) {
                break;
            }
            touched |= self.suspicious[start + length - 1];
            let most = (self.most)(start, start + length);
            if touched && INDEXED_LENGTHS.contains(&length) && ConfusionRelation::SameTone.channel_cost() <= most {
                let written = &self.text[start..start + length];
                self.homophones.for_each_match(&ways, |word| {
                    tried += 1;
                    if let Some((cost, changes)) = self.channel_cost(start, written, &self.model.word_characters(word))
                        && cost <= most
                    {
                        let (start, end) = (start as u16, (start + length) as u16);
                        out.push(Edge { start, end, word, cost, changes });
                    }
                });
            }
        }
        tried
    }

    /// What it costs to have written one word for another; None when they are equal, too different or not suspicious.
    fn channel_cost(&self, start: usize, written: &[char], right: &[char]) -> Option<(f32, u8)> {
        if written.len() != right.len() {
            return None;
        }
        let (mut cost, mut changes, mut touched) = (0.0, 0, false);
        for (offset, (&from, &to)) in written.iter().zip(right).enumerate() {
            if from == to {
                continue;
            }
            let slip = self.confusions.relation(from, to)?.channel_cost();
            cost += if changes == 0 { slip } else { slip * SECOND_EDIT_FACTOR };
            changes += 1;
            touched |= self.suspicious[start + offset];
        }
        (touched && (1..=2).contains(&changes)).then_some((cost, changes))
    }

    /// Words from a position on with one character that looks like a suspicious one.
    fn shape_edits(&self, start: usize, out: &mut Vec<Edge>) -> u32 {
        let mut tried = 0;
        let text = &self.text[start..self.text.len().min(start + MAX_SHAPE_EDIT_LEN)];
        for changed in 0..text.len() {
            let affordable =
                |length| ConfusionRelation::SimilarShape.channel_cost() <= (self.most)(start, start + length);
            if !self.suspicious[start + changed] || !(2.max(changed + 1)..=text.len()).any(affordable) {
                continue;
            }
            let Some(beginning) = self.model.find_prefix(&text[..changed]) else { break };
            let (written, rest) = (text[changed], &text[changed + 1..]);
            for &c in self.confusions.shapes.similar_to(written) {
                tried += 1;
                self.model.for_each_completion(beginning, c, rest, |length, word| {
                    let length = changed + length;
                    // What sounds alike as well, the index of homophones has.
                    if length > 1 && affordable(length) && self.confusions.readings.similarity(written, c).is_none() {
                        let (start, end) = (start as u16, (start + length) as u16);
                        out.push(Edge {
                            start,
                            end,
                            word,
                            cost: ConfusionRelation::SimilarShape.channel_cost(),
                            changes: 1,
                        });
                    }
                });
            }
        }
        tried
    }
}
