//! Tables of an affix file: a header with a count, then as many rows that begin with the same keyword.

use std::collections::BTreeMap;

use super::flags::Flag;

/// Keywords of tables that concern suggestions and morphology only: their rows are counted, not read.
const UNREAD_KEYWORDS: &[&str] = &["AM", "CHECKCOMPOUNDPATTERN", "MAP", "OCONV", "PHONE", "REP"];

/// Which table a line belongs to: affixes have one for each class.
type AffixTableKey = (String, Option<Flag>);

/// A declared table.
#[derive(Clone, Copy, Debug)]
pub(super) struct AffixTable {
    /// The line of its header, counted from 1.
    pub(super) line: usize,
    /// Rows that the header promises.
    pub(super) declared: usize,
    /// Rows read.
    pub(super) found: usize,
}

/// What of each table has been read.
#[derive(Clone, Debug, Default)]
pub(super) struct AffixTables(BTreeMap<AffixTableKey, AffixTable>);

impl AffixTables {
    /// Whether this keyword's rows are only counted.
    pub(super) fn is_unread(keyword: &str) -> bool {
        UNREAD_KEYWORDS.contains(&keyword)
    }

    /// Counts a line: `true` if it is a row, `false` if a header is due, because there is no table yet or it is complete.
    pub(super) fn take_row(&mut self, keyword: &str, class: Option<Flag>) -> bool {
        match self.0.get_mut(&(keyword.to_owned(), class)) {
            Some(table) if table.found < table.declared => {
                table.found += 1;
                true
            }
            _ => false,
        }
    }

    /// Opens a table, or one more part of it.
    pub(super) fn declare(&mut self, keyword: &str, class: Option<Flag>, line: usize, rows: usize) {
        let table = AffixTable { line, declared: rows, found: 0 };
        self.0.insert((keyword.to_owned(), class), table);
    }

    /// The table as declared last.
    pub(super) fn get(&self, keyword: &str, class: Option<Flag>) -> Option<AffixTable> {
        self.0.get(&(keyword.to_owned(), class)).copied()
    }

    /// The first table that lacks rows.
    pub(super) fn first_incomplete(&self) -> Option<(&str, AffixTable)> {
        let lacking = self.0.iter().filter(|(_, table)| table.found < table.declared);
        lacking.map(|((keyword, _), table)| (keyword.as_str(), *table)).min_by_key(|(_, table)| table.line)
    }
}
