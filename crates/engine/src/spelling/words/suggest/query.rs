//! The typed word, prepared for the search: its letters, what each costs if it is one too many, the respellings that they
//! allow.

use super::{
    alphabet::{LETTER_COUNT, Letter, NO_LETTER, letter_number},
    costs::{EditCost, EditCostTables, LetterSet},
};

/// Longer words are not corrected: no word of ours is so long.
pub(super) const MAX_TYPED_LEN: usize = 40;

/// Letters on one side of a respelling, at most.
pub(super) const MAX_RESPELLING_LEN: usize = 6;

/// See the module.
#[derive(Debug)]
pub(super) struct Query {
    /// The letters typed, from 1; the first item is none.
    pub(super) typed: Vec<TypedLetter>,
    /// By length of the meant side less one: the letters that a respelling may end in, and the least cost of one.
    pub(super) endings: [(LetterSet, EditCost); MAX_RESPELLING_LEN],
    respellings: Vec<ActiveRespelling>,
    /// By the base of the last meant letter: a range of `respellings`.
    by_last: [(u8, u8); LETTER_COUNT],
}

/// One letter of the word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TypedLetter {
    pub(super) letter: Letter,
    pub(super) letter_before: Letter,
    /// Without its accent.
    pub(super) base: Letter,
    pub(super) base_before: Letter,
    /// Cost of the letter if it is one too many.
    pub(super) extra: EditCost,
}

/// A respelling whose typed side occurs in the word.
#[derive(Clone, Copy, Debug)]
pub(super) struct ActiveRespelling {
    /// Meant letters, the last one first.
    pub(super) meant: [Letter; MAX_RESPELLING_LEN],
    pub(super) meant_len: usize,
    pub(super) typed_len: usize,
    pub(super) cost: EditCost,
    /// Bit `j`: the typed side ends after `j` letters.
    pub(super) ends: u64,
}

impl Query {
    /// `None` if the word is empty or too long.
    pub(super) fn new(word: &str, costs: &EditCostTables) -> Option<Self> {
        let (letters, held) = without_elongations(word)?;
        let at = |at: Option<usize>| at.and_then(|at| letters.get(at)).copied().unwrap_or(NO_LETTER);
        let typed = |(index, &letter): (usize, &Letter)| {
            let letter_before = at(index.checked_sub(1));
            let first = if index == 0 { costs.weights.first } else { 0 };
            let extra = if held & 1 << index == 0 {
                costs.extra(letter_before, letter, at(Some(index + 1))) + first
            } else {
                costs.weights.elongation
            };
            TypedLetter {
                letter,
                letter_before,
                base: costs.base(letter),
                base_before: costs.base(letter_before),
                extra,
            }
        };
        let typed = std::iter::once(TypedLetter::default()).chain(letters.iter().enumerate().map(typed)).collect();
        let mut respellings: Vec<ActiveRespelling> = costs
            .respellings
            .iter()
            .filter_map(|one| ActiveRespelling::new(&letters, one.typed, one.meant, one.cost, costs))
            .take(usize::from(u8::MAX))
            .collect();
        respellings.sort_by_key(|respelling| costs.base(respelling.meant[0]));
        let mut by_last = [(0, 0); LETTER_COUNT];
        let mut endings = [(0, EditCost::MAX / 2); MAX_RESPELLING_LEN];
        for (index, respelling) in (0_u8..).zip(&respellings) {
            let (from, to) = &mut by_last[usize::from(costs.base(respelling.meant[0]))];
            *from = if *to == 0 { index } else { *from };
            *to = index + 1;
            let (letters, least) = &mut endings[respelling.meant_len - 1];
            *letters |= costs.letter_set(respelling.meant[0]);
            *least = respelling.cost.min(*least);
        }
        Some(Self { typed, endings, respellings, by_last })
    }

    /// The number of letters.
    pub(super) fn len(&self) -> usize {
        self.typed.len() - 1
    }

    /// The respellings whose meant side ends in a letter with this base.
    pub(super) fn respellings(&self, last: Letter) -> &[ActiveRespelling] {
        let (from, to) = self.by_last[usize::from(last)];
        &self.respellings[usize::from(from)..usize::from(to)]
    }
}

impl ActiveRespelling {
    /// `None` if the typed side does not occur.
    fn new(letters: &[Letter], typed: &str, meant: &str, cost: EditCost, costs: &EditCostTables) -> Option<Self> {
        let (typed, typed_len) = encode_group(typed);
        let (mut meant, meant_len) = encode_group(meant);
        meant[..meant_len].reverse();
        let ends_at =
            |end: &usize| (0..typed_len).all(|at| stands_for(costs, typed[at], letters[end - typed_len + at]));
        let ends = (typed_len..=letters.len()).filter(ends_at).fold(0, |ends, end| ends | 1 << end);
        (ends != 0).then_some(Self { meant, meant_len, typed_len, cost, ends })
    }
}

/// Whether a letter of a group stands for one of a word: bare ones stand for accented ones too.
pub(super) fn stands_for(costs: &EditCostTables, group: Letter, own: Letter) -> bool {
    group == own || group == costs.base(own)
}

/// The letters of a word with at most two of a kind in a row ("sooooo" is "soo"), and as bits those that stand for more than
/// themselves. `None` if there are none, or too many.
fn without_elongations(word: &str) -> Option<(Vec<Letter>, u64)> {
    let mut letters = Vec::with_capacity(MAX_TYPED_LEN);
    let (mut held, mut run) = (0_u64, 0);
    for own in word.chars().map(letter_number) {
        run = if letters.last() == Some(&own) { run + 1 } else { 1 };
        if run > 2 {
            held |= 1 << (letters.len() - 1);
            continue;
        }
        if letters.len() == MAX_TYPED_LEN {
            return None;
        }
        letters.push(own);
    }
    (!letters.is_empty()).then_some((letters, held))
}

fn encode_group(text: &str) -> ([Letter; MAX_RESPELLING_LEN], usize) {
    let mut letters = [NO_LETTER; MAX_RESPELLING_LEN];
    let mut length = 0;
    for (slot, c) in letters.iter_mut().zip(text.chars()) {
        *slot = letter_number(c);
        length += 1;
    }
    (letters, length)
}
