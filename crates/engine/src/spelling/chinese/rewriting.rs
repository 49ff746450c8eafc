//! Tables that rewrite text character for character: Traditional to Simplified, or a variant to the usual character. What a
//! character becomes may depend on its word; how many characters there are never changes, so that offsets stay.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

/// Characters of the longest row.
pub(crate) const MAX_REWRITE_LEN: usize = 4;

/// A line of a table that cannot be understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{table}, line {line}: expected {expected}")]
pub(crate) struct RewriteTableError {
    /// The name of the table.
    pub table: &'static str,
    /// Counted from 1.
    pub line: usize,
    /// What should stand there.
    pub expected: &'static str,
}

/// Which characters become which, and the words in which they become others.
#[derive(Debug)]
pub(crate) struct RewriteTable {
    characters: FxHashMap<char, char>,
    words: WordRewriteTable,
}

impl RewriteTable {
    /// Parses lines of `as written TAB rewritten`, both of one character or both of the same number up to [`MAX_REWRITE_LEN`]. Where a
    /// row of several characters fits, its characters' own rows do not count.
    ///
    /// # Errors
    /// A line that is neither empty, a comment (`#`) nor of this form.
    pub(crate) fn parse(table: &'static str, text: &str) -> Result<Self, RewriteTableError> {
        let expected = "a character or a word, a tab and as many others";
        let mut characters = FxHashMap::default();
        let mut words = Vec::new();
        for row in parse_rows(table, text, expected) {
            let (line, source, target) = row?;
            match (source.chars().count(), target.chars().count()) {
                (1, 1) => characters.extend(source.chars().zip(target.chars())),
                (long, same) if long == same && (2..=MAX_REWRITE_LEN).contains(&long) => words.push((source, target)),
                _ => return Err(RewriteTableError { table, line, expected }),
            }
        }
        words.sort_unstable();
        let text = words.iter().map(|(source, target)| format!("{source}\t{target}\n")).collect::<String>();
        Ok(Self { characters, words: WordRewriteTable::parse(table, text.into())? })
    }

    /// What a character becomes by itself.
    #[must_use]
    pub(crate) fn rewrite_character(&self, c: char) -> char {
        self.characters.get(&c).copied().unwrap_or(c)
    }

    /// The text rewritten, longest rows first, from the left; it has as many characters as before. Linear.
    #[must_use]
    pub(crate) fn rewrite(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some((source, target)) = self.words.longest_match(rest) {
                out.push_str(target);
                rest = &rest[source.len()..];
            } else {
                out.push(self.rewrite_character(c));
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }
}

/// Rows of words in the order of their bytes, searched where they stand in the file.
#[derive(Debug)]
pub(super) struct WordRewriteTable {
    text: Cow<'static, str>,
    rows: Vec<RewriteRow>,
}

/// The first character of a row; where it begins and where its tab is, in bytes.
#[derive(Clone, Copy, Debug)]
struct RewriteRow {
    first: char,
    start: u32,
    tab: u32,
}

impl WordRewriteTable {
    /// Parses lines of `word TAB word` of 2 to [`MAX_REWRITE_LEN`] characters and equally many, sorted.
    ///
    /// # Errors
    /// A line that is neither a comment (`#`) nor of this form, or not after the one before.
    pub(super) fn parse(table: &'static str, text: Cow<'static, str>) -> Result<Self, RewriteTableError> {
        let expected = "a word of two to four characters, a tab and another of the same length";
        let mut found = Vec::new();
        let mut before = "";
        for row in parse_rows(table, &text, expected) {
            let (line, source, target) = row?;
            let length = source.chars().count();
            if !(2..=MAX_REWRITE_LEN).contains(&length) || target.chars().count() != length {
                return Err(RewriteTableError { table, line, expected });
            }
            if source <= before {
                return Err(RewriteTableError {
                    table,
                    line,
                    expected: "each word once, in the order of their code points",
                });
            }
            before = source;
            let start = source.as_ptr() as usize - text.as_ptr() as usize;
            let first = source.chars().next().unwrap_or_default();
            found.push(RewriteRow { first, start: start as u32, tab: (start + source.len()) as u32 });
        }
        Ok(Self { text, rows: found })
    }

    /// The longest word that the text begins with, and what it becomes.
    ///
    /// A word that begins the text sorts before it, and the longest of them last. So the row before the text either is that
    /// word, or shows how much less of the text is worth a search. Most characters begin no word, which the first search, for
    /// the character alone, finds out in some nanoseconds.
    pub(super) fn longest_match(&self, text: &str) -> Option<(&str, &str)> {
        let first = text.chars().next()?;
        self.rows.binary_search_by_key(&first, |row| row.first).ok()?;
        let mut head = match text.char_indices().nth(MAX_REWRITE_LEN) {
            Some((end, _)) => &text[..end],
            None => text,
        };
        loop {
            let after = self.rows.partition_point(|&row| self.source(row) <= head);
            let row = self.rows[after.checked_sub(1)?];
            let source = self.source(row);
            if head.starts_with(source) {
                return Some((source, self.target(row)));
            }
            let differ = head.char_indices().zip(source.chars()).find(|((_, a), b)| a != b);
            head = &head[..differ.map_or(0, |((at, _), _)| at)];
        }
    }

    fn source(&self, row: RewriteRow) -> &str {
        &self.text[row.start as usize..row.tab as usize]
    }

    fn target(&self, row: RewriteRow) -> &str {
        let after = &self.text[row.tab as usize + 1..];
        after.lines().next().unwrap_or(after)
    }
}

/// The rows of a table, `left TAB right`, with their line numbers; comments and empty lines are skipped.
pub(super) fn parse_rows<'a>(
    table: &'static str,
    text: &'a str,
    expected: &'static str,
) -> impl Iterator<Item = Result<(usize, &'a str, &'a str), RewriteTableError>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(move |(index, line)| match line.split_once('\t') {
        Some((left, right)) if !left.is_empty() && !right.contains('\t') => Ok((index + 1, left, right)),
        _ => Err(RewriteTableError { table, line: index + 1, expected }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# a comment\n著\t着\n\n妳\t你\n著名\t著名\n名著\t名著\n著作\t著作\n著作等身\t著作等身\n";

    #[test]
    fn rewrites_characters_and_longest_words_first() {
        #[track_caller]
        fn check(text: &str, rewritten: &str) {
            let table = RewriteTable::parse("variants", TABLE).unwrap();
            assert_eq!(table.rewrite(text), rewritten);
        }
        check("", "");
        check("妳看著我", "你看着我");
        check("著名的名著", "著名的名著");
        check("這著作等著", "這著作等着");
        check("著作等身著", "著作等身着");
        check("abc 著 \u{20000}著", "abc 着 \u{20000}着");
    }

    #[test]
    fn the_table_of_variants_spares_words_that_are_right() {
        #[track_caller]
        fn check(text: &str, rewritten: &str) {
            let table = include_str!("../../../../../dictionaries/zh-Hans/variants.tsv");
            assert_eq!(RewriteTable::parse("variants", table).unwrap().rewrite(text), rewritten);
        }
        check("妳們好，牠跟著我", "你們好，它跟着我");
        check("裡面的說明", "里面的说明");
        check("这是一部著名的著作，效果显著", "这是一部著名的著作，效果显著");
        check("甚么时候？甚好", "什么时候？甚好");
        check("登陆帐号，您稍等", "登陆帐号，您稍等");
    }

    #[test]
    fn finds_the_longest_word_wherever_it_sorts() {
        #[track_caller]
        fn check(text: &str, word: Option<&str>) {
            let words =
                WordRewriteTable::parse("words", "一二\tab\n一二三\tabc\n一二九四\tdefg\n二一\tba\n".into()).unwrap();
            assert_eq!(words.longest_match(text).map(|(source, _)| source), word, "{text}");
        }
        check("", None);
        check("一", None);
        check("一一", None);
        check("一二", Some("一二"));
        check("一二三", Some("一二三"));
        check("一二三四", Some("一二三"));
        check("一二九四", Some("一二九四"));
        check("一二九五", Some("一二"));
        check("一二十", Some("一二"));
        check("二一二", Some("二一"));
        check("九", None);
    }

    #[test]
    fn a_malformed_line_is_named() {
        #[track_caller]
        fn check(text: &'static str, line: usize, expected: &str) {
            let error = RewriteTable::parse("variants", text).map(drop).unwrap_err();
            assert_eq!((error.line, error.table), (line, "variants"));
            assert!(error.expected.contains(expected), "{error}");
        }
        check("妳\t你\n妳\n", 2, "a tab");
        check("妳\t你\t您\n", 1, "a tab");
        check("\t你\n", 1, "a tab");
        check("甚么\t什\n", 1, "as many others");
        check("一二三四五\t一二三四五\n", 1, "as many others");

        let unsorted =
            WordRewriteTable::parse("phrases", "# sorted\n二一\t二一\n一二\t一二\n".into()).map(drop).unwrap_err();
        assert_eq!(unsorted.to_string(), "phrases, line 3: expected each word once, in the order of their code points");
        let single = WordRewriteTable::parse("phrases", "一\t一\n".into()).map(drop).unwrap_err();
        assert_eq!(single.line, 1);
    }
}
