//! The letters of English and Portuguese as small numbers, so that edit costs are tables. Knows nothing of words.

use std::sync::LazyLock;

/// A letter as a number below [`LETTER_COUNT`], the same for small and capital.
pub(super) type Letter = u8;

/// Letters told apart, [`NO_LETTER`] included.
pub(super) const LETTER_COUNT: usize = 72;

/// What is in no word of ours. Unlike itself: two of them may be different characters.
pub(super) const NO_LETTER: Letter = 0;

/// Letters that are their own base; the index, from 1, is the number, below 64. `ç` is no accented `c`: it sounds as `ss`.
const BASES: &str = "abcdefghijklmnopqrstuvwxyzç'-.0123456789";

/// Accented letters, after their base letter.
const ACCENTED: [(char, &str); 7] =
    [('a', "áàâãäå"), ('e', "éèêë"), ('i', "íìîï"), ('o', "óòôõö"), ('u', "úùûü"), ('n', "ñ"), ('y', "ýÿ")];

#[derive(Clone, Copy, Debug)]
pub(super) struct LetterNumbers {
    pub(super) own: Letter,
    /// Of the letter without its accent.
    pub(super) base: Letter,
    pub(super) base_char: char,
}

/// The number of a character.
pub(super) fn letter_number(c: char) -> Letter {
    static LATIN: LazyLock<[Letter; 0x180]> = LazyLock::new(|| {
        std::array::from_fn(|code| {
            let c = u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(' ');
            let small = c.to_lowercase().next().unwrap_or(c);
            all_letters().find(|(own, _)| *own == small).map_or(NO_LETTER, |(_, numbers)| numbers.own)
        })
    });
    if c.is_ascii_lowercase() { c as u8 - b'a' + 1 } else { LATIN.get(c as usize).copied().unwrap_or(NO_LETTER) }
}

/// Every small letter with its numbers.
pub(super) fn all_letters() -> impl Iterator<Item = (char, LetterNumbers)> {
    let bases = BASES.chars().map(|c| (c, c));
    let accented = ACCENTED.iter().flat_map(|&(base, accented)| accented.chars().map(move |c| (c, base)));
    (1..).zip(bases.chain(accented)).map(|(own, (c, base_char))| {
        let base = (1..).zip(BASES.chars()).find_map(|(number, base)| (base == base_char).then_some(number));
        (c, LetterNumbers { own, base: base.unwrap_or(own), base_char })
    })
}

/// Whether two keys lie side by side on a QWERTY keyboard. ABNT2 and the Portuguese layout have the letters in the same
/// places, and `ç` right of `l`.
pub(in crate::spelling::words) fn are_adjacent_keys(a: char, b: char) -> bool {
    // Columns in quarters of a key: each row lies a quarter to half a key right of the one above.
    const ROWS: [(&str, i32); 4] = [("1234567890-", 0), ("qwertyuiop", 2), ("asdfghjklç", 3), ("zxcvbnm", 5)];
    let place = |c: char| {
        (0_i32..).zip(ROWS).find_map(|(row, (keys, shift))| {
            let (column, _) = (0_i32..).zip(keys.chars()).find(|(_, key)| *key == c)?;
            Some((row, column * 4 + shift))
        })
    };
    let (Some((row, column)), Some((other_row, other_column))) = (place(a), place(b)) else { return false };
    a != b && (row - other_row).abs() <= 1 && (column - other_column).abs() <= 4
}
