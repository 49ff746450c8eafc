//! Walks an automaton for the words within a cost of the typed one: a weighted Damerau-Levenshtein distance (optimal
//! string alignment) with respellings of several letters. Knows neither frequencies nor the case of words.
//!
//! One row of the distance's table for each letter of the path, filled only between the first and the last cell that a
//! bound lets live, and only for letters that can keep one alive. The bound sinks as better words are found.

use std::str;

use fst::raw::Fst;

use super::{
    alphabet::{Letter, NO_LETTER, letter_number},
    costs::{EditCost, EditCostTables, LetterSet, UNREACHABLE_COST},
    query::{ActiveRespelling, MAX_TYPED_LEN, Query, stands_for},
};
use crate::spelling::words::lexicon::AutomatonBytes;

/// Letters of the longest word found.
const MAX_DEPTH: usize = MAX_TYPED_LEN + 8;

/// Cells of a row.
const WIDTH: usize = MAX_TYPED_LEN + 1;

/// Receives what the search finds.
pub(super) trait Sink {
    /// The highest cost still of use. Asked at the start and after each offer.
    fn bound(&self) -> EditCost;
    /// A word of the automaton within the bound, and its value there.
    fn offer(&mut self, word: &str, value: u64, cost: EditCost);
}

/// The tables of a search, reused from one automaton to the next: nothing is allocated at a node.
#[derive(Debug)]
pub(super) struct Search<'q> {
    query: &'q Query,
    costs: &'q EditCostTables,
    bound: EditCost,
    /// Row `i`: the cost of having typed each beginning of the word for the first `i` letters of the path.
    cells: Vec<[EditCost; WIDTH]>,
    rows: [DistanceRow; MAX_DEPTH + 1],
    text: Vec<u8>,
    steps: u32,
}

/// What is kept of a row beside its cells.
#[derive(Clone, Copy, Debug)]
struct DistanceRow {
    /// The letter of the path that ends here.
    meant: Letter,
    /// The first cell within the bound.
    first: u8,
    /// The last cell within the bound.
    last: u8,
    /// The least of the cells.
    least: EditCost,
}

/// A place in the automaton.
#[derive(Clone, Copy)]
struct AutomatonPosition {
    address: usize,
    /// Sum of the outputs so far.
    value: u64,
    /// Letters so far.
    depth: usize,
    /// Bytes of a letter still to come.
    pending: u8,
}

impl<'q> Search<'q> {
    /// A search that visits at most `steps` nodes, all its runs together.
    pub(super) fn new(query: &'q Query, costs: &'q EditCostTables, steps: u32) -> Self {
        let mut cells = vec![[UNREACHABLE_COST; WIDTH]; MAX_DEPTH + 1];
        cells[0][0] = 0;
        for (at, typed) in query.typed.iter().enumerate().skip(1) {
            cells[0][at] = cells[0][at - 1] + typed.extra;
        }
        let row = DistanceRow { meant: NO_LETTER, first: 0, last: query.len() as u8, least: 0 };
        Self {
            query,
            costs,
            bound: 0,
            cells,
            rows: [row; MAX_DEPTH + 1],
            text: Vec::with_capacity(4 * MAX_DEPTH),
            steps,
        }
    }

    /// Steps left.
    pub(super) const fn steps(&self) -> u32 {
        self.steps
    }

    /// Offers every word of the automaton within the sink's bound, unless the steps run out before.
    pub(super) fn run(&mut self, automaton: &Fst<AutomatonBytes>, sink: &mut impl Sink) {
        self.text.clear();
        self.bound = sink.bound();
        let root = AutomatonPosition { address: automaton.root().addr(), value: 0, depth: 0, pending: 0 };
        self.visit(automaton, root, sink);
    }

    fn visit(&mut self, automaton: &Fst<AutomatonBytes>, place: AutomatonPosition, sink: &mut impl Sink) {
        let Some(steps) = self.steps.checked_sub(1) else { return };
        self.steps = steps;
        let node = automaton.node(place.address);
        if place.pending == 0 && node.is_final() && place.depth > 0 {
            self.offer(place, node.final_output().value(), sink);
        }
        if place.depth == MAX_DEPTH {
            return;
        }
        let wanted = if place.pending == 0 { self.wanted(place.depth) } else { LetterSet::MAX };
        for transition in node.transitions() {
            let byte = transition.inp;
            let meant = letter_number(char::from(byte & 0x7F));
            if byte < 0x80 && wanted & self.costs.letter_set(meant) == 0 {
                continue;
            }
            self.text.push(byte);
            let value = place.value + transition.out.value();
            let pending = pending_after(place.pending, byte);
            let mut next = AutomatonPosition { address: transition.addr, value, pending, ..place };
            if pending == 0 {
                next.depth += 1;
                let meant = if byte < 0x80 { meant } else { self.last_letter() };
                if self.fill_row(next.depth, meant) {
                    self.visit(automaton, next, sink);
                }
            } else {
                self.visit(automaton, next, sink);
            }
            self.text.pop();
        }
    }

    fn offer(&mut self, place: AutomatonPosition, final_value: u64, sink: &mut impl Sink) {
        let cost = self.cells[place.depth][self.query.len()];
        if cost <= self.bound
            && let Ok(word) = str::from_utf8(&self.text)
        {
            sink.offer(word, place.value + final_value, cost);
            self.bound = sink.bound();
        }
    }

    fn last_letter(&self) -> Letter {
        let start = self.text.iter().rposition(|byte| byte & 0xC0 != 0x80).unwrap_or(0);
        let last = str::from_utf8(&self.text[start..]).ok().and_then(|text| text.chars().next());
        last.map_or(NO_LETTER, letter_number)
    }

    /// The letters that may come next within the bound: every one that can, and a few that cannot.
    fn wanted(&self, depth: usize) -> LetterSet {
        let (query, costs) = (self.query, self.costs);
        let (row, cells) = (self.rows[depth], &self.cells[depth]);
        let mut wanted = 0;
        for (j, &cell) in cells.iter().enumerate().take(usize::from(row.last) + 1).skip(usize::from(row.first)) {
            if let (Some(slack), Some(typed)) = (self.bound.checked_sub(cell), query.typed.get(j + 1)) {
                wanted |= costs.replaceable(typed.letter, slack);
            }
        }
        if let Some(slack) = self.bound.checked_sub(row.least) {
            wanted |= costs.omissible(row.meant, slack);
        }
        if depth > 0 && self.rows[depth - 1].least + costs.weights.swap <= self.bound {
            let before = self.rows[depth - 1];
            for j in usize::from(before.first)..=usize::from(before.last) {
                if let Some(typed) = query.typed.get(j + 2).filter(|typed| typed.base == costs.base(row.meant)) {
                    wanted |= costs.letter_set(typed.base_before);
                }
            }
        }
        for (back, &(endings, cost)) in query.endings.iter().enumerate().take(depth + 1) {
            if self.rows[depth - back].least + cost <= self.bound {
                wanted |= endings;
            }
        }
        wanted
    }

    /// Fills the row of a letter after the first `depth - 1` of the path; whether any cell is within the bound.
    fn fill_row(&mut self, depth: usize, meant: Letter) -> bool {
        self.rows[depth].meant = meant;
        self.cells[depth] = [UNREACHABLE_COST; WIDTH];
        // Cells to fill; past the last, only those that an extra letter reaches from the cell before.
        let before = self.rows[depth - 1];
        let (mut first, mut last) = (usize::from(before.first), usize::from(before.last) + 1);
        if let Some(earlier) = depth.checked_sub(2).map(|depth| self.rows[depth]) {
            first = first.min(usize::from(earlier.first) + 2);
            last = last.max(usize::from(earlier.last) + 2);
        }
        let query = self.query;
        for respelling in query.respellings(self.costs.base(meant)) {
            if let Some((from, to)) = self.respell(depth, respelling) {
                (first, last) = (first.min(from), last.max(to));
            }
        }
        self.edit(depth, first, last)
    }

    /// Lowers the cells of a row that a respelling reaches; the first and the last of them.
    fn respell(&mut self, depth: usize, respelling: &ActiveRespelling) -> Option<(usize, usize)> {
        let start = depth.checked_sub(respelling.meant_len)?;
        let is_meant = |back: usize| stands_for(self.costs, respelling.meant[back], self.rows[depth - back].meant);
        if self.rows[start].least + respelling.cost > self.bound || !(0..respelling.meant_len).all(is_meant) {
            return None;
        }
        let [source, cells] = self.cells.get_disjoint_mut([start, depth]).ok()?;
        let mut reached = None;
        let mut ends = respelling.ends;
        while ends != 0 {
            let end = ends.trailing_zeros() as usize;
            ends &= ends - 1;
            let cost = source[end - respelling.typed_len] + respelling.cost;
            if cost <= self.bound {
                cells[end] = cells[end].min(cost);
                reached = Some((reached.map_or(end, |(first, _)| first), end));
            }
        }
        reached
    }

    /// Lowers the cells of a row that single edits reach; whether any is within the bound.
    fn edit(&mut self, depth: usize, from: usize, to: usize) -> bool {
        let (query, costs, bound) = (self.query, self.costs, self.bound);
        let (meant, previous) = (self.rows[depth].meant, self.rows[depth - 1].meant);
        let (meant_base, previous_base) = (costs.base(meant), costs.base(previous));
        let (before, row) = self.cells.split_at_mut(depth);
        let (row, last_row, earlier_row) = (&mut row[0], &before[depth - 1], &before[depth.saturating_sub(2)]);
        let (missing, replaced) = (costs.missing(previous, meant), costs.replaced(meant));
        let swappable = depth >= 2 && meant_base != previous_base;
        let first_letter = if depth == 1 { costs.weights.first } else { 0 };
        let (mut first, mut last, mut least) = (u8::MAX, 0, UNREACHABLE_COST);
        if from == 0 {
            row[0] = last_row[0] + missing + first_letter;
            if row[0] <= bound {
                (first, least) = (0, row[0]);
            }
        }
        for (j, typed) in query.typed.iter().enumerate().skip(from.max(1)) {
            let mut replacement = replaced[usize::from(typed.letter)];
            if j == 1 && replacement > costs.weights.accent_added {
                replacement += first_letter;
            }
            let mut cost =
                row[j].min(last_row[j] + missing).min(last_row[j - 1] + replacement).min(row[j - 1] + typed.extra);
            if swappable && j >= 2 && typed.base == previous_base && typed.base_before == meant_base {
                let exact = typed.letter == previous && typed.letter_before == meant;
                let swap = costs.weights.swap + if exact { 0 } else { costs.weights.accent_dropped };
                cost = cost.min(earlier_row[j - 2] + swap);
            }
            if cost <= bound {
                row[j] = cost;
                first = first.min(j as u8);
                last = j as u8;
                least = least.min(cost);
            } else if j >= to {
                break;
            }
        }
        let row = &mut self.rows[depth];
        (row.first, row.last, row.least) = (first, last, least);
        least < UNREACHABLE_COST
    }
}

/// Bytes to come in a UTF-8 sequence after `byte`, where `pending` were to come before it.
const fn pending_after(pending: u8, byte: u8) -> u8 {
    match (pending, byte) {
        (0, 0..0x80) => 0,
        (0, 0x80..0xE0) => 1,
        (0, 0xE0..0xF0) => 2,
        (0, _) => 3,
        (pending, _) => pending - 1,
    }
}
