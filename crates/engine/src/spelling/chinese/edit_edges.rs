//! Edges that undo slips: for each suspicious place of a text the words that may have been meant, by sound and by shape.

use super::{
    confusion::{ConfusionRelation, MIN_SINGLE_LOG10},
    decode::DecodedSentence,
    homophones::{INDEXED_LENGTHS, ReadingHashes},
    lattice::Edge,
    resources::ChineseResources,
    work::WorkBudget,
};

/// Characters of the longest word that a shape slip is undone in.
const MAX_SHAPE_EDIT_LEN: usize = 4;
/// A second slip in one word is likelier than the first: it costs this share.
const SECOND_EDIT_FACTOR: f32 = 0.5;

/// Collects the edges that undo slips at suspicious positions and cost no more than `max_cost` allows for their range, by
/// their start, as far as the work goes. An edge may come twice.
pub(super) fn edit_edges(
    resources: &ChineseResources,
    sentence: &DecodedSentence<'_>,
    max_cost: impl Fn(usize, usize) -> f32,
    work: &mut WorkBudget<'_>,
    out: &mut Vec<Edge>,
) {
    let DecodedSentence { text, suspicious, .. } = *sentence;
    let finder = EditEdgeFinder { resources, text, suspicious, max_cost };
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
    resources: &'a ChineseResources,
    text: &'a [char],
    suspicious: &'a [bool],
    /// The most that an edit of a range of characters may cost.
    max_cost: M,
}

impl<M: Fn(usize, usize) -> f32> EditEdgeFinder<'_, M> {
    /// One character for another, as a word of its own. Like those below it says how many it tried.
    fn character_edits(&self, start: usize, out: &mut Vec<Edge>) -> u32 {
        let before = out.len();
        let most = (self.max_cost)(start, start + 1);
        if ConfusionRelation::SameTone.channel_cost() > most {
            return 0;
        }
        let mut push = |word, cost| {
            let (start, end) = (start as u16, start as u16 + 1);
            out.push(Edge { start, end, word, cost, changes: 1 });
        };
        self.resources.confusions.for_each_homophone(self.text[start], |single, relation| {
            if relation.channel_cost() <= most {
                push(single.word, relation.channel_cost());
            }
        });
        for (c, cost) in self.resources.confusions.shapes_within(self.text[start], most) {
            if let Some(word) = self.resources.model.id_of_chars(&[c])
                && self.resources.model.unigram_log10(word) > MIN_SINGLE_LOG10
                && self.resources.confusions.readings.similarity(self.text[start], c).is_none()
            {
                push(word, cost);
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
            if !ways.push(&self.resources.confusions.readings, c) {
                break;
            }
            touched |= self.suspicious[start + length - 1];
            let most = (self.max_cost)(start, start + length);
            if touched && INDEXED_LENGTHS.contains(&length) && ConfusionRelation::SameTone.channel_cost() <= most {
                let written = &self.text[start..start + length];
                self.resources.homophones.for_each_match(&ways, |word| {
                    tried += 1;
                    if let Some((cost, changes)) =
                        self.channel_cost(start, written, &self.resources.model.word_characters(word))
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
            let slip = self.resources.confusions.relation(from, to)?.channel_cost();
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
            let limit = |length| (self.max_cost)(start, start + length);
            let most = (2.max(changed + 1)..=text.len()).map(limit).fold(f32::NEG_INFINITY, f32::max);
            if !self.suspicious[start + changed] || ConfusionRelation::NotoriousShape.channel_cost() > most {
                continue;
            }
            let Some(beginning) = self.resources.model.find_prefix(&text[..changed]) else { break };
            let (written, rest) = (text[changed], &text[changed + 1..]);
            for (c, cost) in self.resources.confusions.shapes_within(written, most) {
                tried += 1;
                self.resources.model.for_each_completion(beginning, c, rest, |length, word| {
                    let length = changed + length;
                    // What sounds alike as well, the index of homophones has.
                    if length > 1
                        && cost <= limit(length)
                        && self.resources.confusions.readings.similarity(written, c).is_none()
                    {
                        let (start, end) = (start as u16, (start + length) as u16);
                        out.push(Edge { start, end, word, cost, changes: 1 });
                    }
                });
            }
        }
        tried
    }
}
