//! Words that no suggestion may make: right or not, a checker that puts them into a reply to a customer does harm. Who types one
//! is not marked for it. Knows no language but the characters of the list.

use rustc_hash::FxHashSet;

/// The words, in Simplified characters.
#[derive(Debug, Default)]
pub(in crate::spelling) struct BlockedWords {
    words: FxHashSet<Box<[char]>>,
    longest: usize,
}

impl BlockedWords {
    /// Reads words divided by blanks, `#` for comments.
    pub(in crate::spelling) fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let words: FxHashSet<Box<[char]>> =
            lines.flat_map(str::split_whitespace).map(|word| word.chars().collect()).collect();
        let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
        Self { words, longest }
    }

    /// Whether a replacement for some characters of a text makes one of the words, by itself or with its neighbours.
    pub(super) fn makes_blocked_word(
        &self,
        text: &[char],
        replaced: std::ops::Range<usize>,
        replacement: &str,
    ) -> bool {
        let reach = self.longest.saturating_sub(1);
        let before = &text[replaced.start.saturating_sub(reach)..replaced.start];
        let after = &text[replaced.end..text.len().min(replaced.end + reach)];
        let around: Vec<char> =
            before.iter().copied().chain(replacement.chars()).chain(after.iter().copied()).collect();
        let (first, end) = (before.len(), around.len() - after.len());
        (0..end).any(|start| {
            let longest = self.longest.min(around.len() - start);
            (1..=longest).any(|length| start + length > first && self.words.contains(&around[start..start + length]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_what_the_replacement_makes_with_its_neighbours() {
        let blocked = BlockedWords::parse("# insults\n傻逼 王八蛋\n屄\n");
        let check = |text: &str, replaced: std::ops::Range<usize>, replacement: &str, expected: bool| {
            let text: Vec<char> = text.chars().collect();
            assert_eq!(blocked.makes_blocked_word(&text, replaced, replacement), expected, "{replacement}");
        };
        check("他傻币了", 2..3, "逼", true);
        check("王吧蛋", 1..2, "八", true);
        check("你壁了", 1..2, "屄", true);
        check("他傻币了", 2..3, "闭", false);
        // What the writer wrote is the writer's.
        check("傻逼的市情", 4..5, "事", false);
        check("", 0..0, "", false);
    }
}
