//! Rare words that nearly always are a slip of a far more frequent one (`prolema` for `problema`, `wold` for `would`): the
//! dictionaries have them, nobody of the trade means them.
//!
//! The test of frequencies over all single edits of all frequent words is made ahead of time, by `tools/slips.py`, so that a
//! look costs what the look for a frequent word costs, and the list can be read. Knows no text.

/// The slips of a list, each with the word that was meant: lines of `slip TAB word`, `#` begins a comment line.
pub(crate) fn read(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}
