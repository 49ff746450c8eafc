//! Divides a replacement among the pieces into which markup divides a word, so that each letter stays in the markup in which it is.
//! Knows no language and no markup.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Pairs of letters that are compared at most: two words of 64 letters.
const MOST_PAIRS: usize = 64 * 64;

/// What it costs to leave a letter out, or to put one in.
const GAP: u32 = 2;
/// To write another in its place: less than to do both.
const OTHER: u32 = 3;
/// To write the same in another case or with another accent.
const LIKE: u32 = 1;

/// What stands in each of the pieces once the word that they are is replaced: an alignment of least cost of the two words, letter by letter
/// (Needleman and Wunsch 1970); what is put in stays with the letter before it. O(product of the lengths of what differs), and
/// beyond 4,096 pairs all that differs goes into the piece in which the difference begins.
///
/// ```
/// use vermilion_engine::spelling::divide_replacement;
///
/// assert_eq!(divide_replacement(&["re", "ciev", "e"], "receive"), ["re", "ceiv", "e"]);
/// ```
#[must_use]
pub fn divide_replacement(pieces: &[&str], replacement: &str) -> Vec<String> {
    let mut divided = vec![String::new(); pieces.len()];
    let old: Vec<(usize, &str)> = pieces
        .iter()
        .enumerate()
        .flat_map(|(at, piece)| piece.graphemes(true).map(move |letter| (at, letter)))
        .collect();
    let new: Vec<&str> = replacement.graphemes(true).collect();
    let same = old.iter().zip(&new).take_while(|((_, old), new)| old == *new).count();
    let (old_rest, new_rest) = (&old[same..], &new[same..]);
    let same_end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|((_, old), new)| old == *new).count();
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - same_end], &new_rest[..new_rest.len() - same_end]);
    let mut write = |at: usize, letters: &[&str]| {
        if let Some(piece) = divided.get_mut(at) {
            piece.extend(letters.iter().copied());
        }
    };
    for (at, letter) in &old[..same] {
        write(*at, &[letter]);
    }
    let before = same.checked_sub(1).map_or(0, |last| old[last].0);
    if old_rest.len().saturating_mul(new_rest.len()) > MOST_PAIRS {
        write(old_rest.first().map_or(before, |first| first.0), new_rest);
    } else {
        let mut piece = before;
        let mut at = 0;
        for (&(own, _), written) in old_rest.iter().zip(aligned(old_rest, new_rest)) {
            // What is put in before the letter, then what stands for it.
            write(piece, &new_rest[at..written.start]);
            piece = own;
            write(piece, &new_rest[written.clone()]);
            at = written.end;
        }
        write(piece, &new_rest[at..]);
    }
    for (at, letter) in &old[old.len() - same_end..] {
        write(*at, &[letter]);
    }
    divided
}

/// For each old letter the new one that stands for it, or the place where one would.
fn aligned(old: &[(usize, &str)], new: &[&str]) -> Vec<Range<usize>> {
    let width = new.len() + 1;
    // What it costs to make the new letters from a column on of the old ones from a row on.
    let mut costs = vec![0; (old.len() + 1) * width];
    for row in (0..=old.len()).rev() {
        for column in (0..width).rev() {
            let left_out = (row < old.len()).then(|| costs[(row + 1) * width + column] + GAP);
            let put_in = (column < new.len()).then(|| costs[row * width + column + 1] + GAP);
            let written = (row < old.len() && column < new.len())
                .then(|| costs[(row + 1) * width + column + 1] + letter_cost(old[row].1, new[column]));
            costs[row * width + column] = [left_out, put_in, written].into_iter().flatten().min().unwrap_or(0);
        }
    }
    let mut column = 0;
    let mut written = Vec::with_capacity(old.len());
    for (row, (_, letter)) in old.iter().enumerate() {
        loop {
            let cost = costs[row * width + column];
            let next = (row + 1) * width + column;
            if column < new.len() && cost == costs[next + 1] + letter_cost(letter, new[column]) {
                written.push(column..column + 1);
                column += 1;
                break;
            }
            if cost == costs[next] + GAP {
                written.push(column..column);
                break;
            }
            column += 1;
        }
    }
    written
}

fn letter_cost(old: &str, new: &str) -> u32 {
    if old == new {
        return 0;
    }
    let base = |letter: &str| letter.nfd().next().map(|c| c.to_lowercase().next().unwrap_or(c));
    if base(old) == base(new) { LIKE } else { OTHER }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_stay_in_their_pieces() {
        for (pieces, replacement, expected) in [
            (&["re", "ciev", "e"][..], "receive", &["re", "ceiv", "e"][..]),
            (&["vouch", "r"], "voucher", &["vouche", "r"]),
            (&["ap", "prooved"], "approved", &["ap", "proved"]),
            (&["ap", "proov", "ed"], "approved", &["ap", "prov", "ed"]),
            (&["a", "lot"], "a lot", &["a ", "lot"]),
            (&["al", "ot"], "a lot", &["a l", "ot"]),
            (&["defi", "nately"], "definitely", &["defi", "nitely"]),
            (&["t", "eh"], "the", &["t", "he"]),
            (&["vo", "ce"], "você", &["vo", "cê"]),
            (&["musi", "ca"], "música", &["músi", "ca"]),
            (&["Paralel", "o"], "paralelo", &["paralel", "o"]),
            (&["e\u{301}", "t"], "ét", &["é", "t"]),
            (&["x", "q", "z"], "a", &["a", "", ""]),
            (&["以", "经"], "已经", &["已", "经"]),
            (&["a", "b"], "", &["", ""]),
            (&["", "ab"], "xab", &["x", "ab"]),
        ] {
            assert_eq!(divide_replacement(pieces, replacement), expected, "{pieces:?} {replacement}");
        }
    }

    #[test]
    fn long_words_are_not_compared() {
        let (old, new) = ("ab".repeat(200), "cd".repeat(200));
        assert_eq!(divide_replacement(&["x", &old, "y"], &format!("x{new}y")), ["x", &*new, "y"]);
    }

    proptest! {
        #[test]
        fn all_pieces_are_the_replacement(
            pieces in proptest::collection::vec("[a-cé请\u{301}]{0,6}", 0..4),
            replacement in "[a-cé请\u{301} ]{0,12}",
        ) {
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let divided = divide_replacement(&pieces, &replacement);
            prop_assert_eq!(divided.len(), pieces.len());
            prop_assert_eq!(divided.concat(), if pieces.is_empty() { "" } else { &*replacement });
            if !pieces.is_empty() {
                prop_assert_eq!(divide_replacement(&pieces, &pieces.concat()).concat(), pieces.concat());
            }
        }
    }
}
