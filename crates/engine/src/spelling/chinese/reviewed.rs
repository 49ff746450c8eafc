//! Reviewed tables of phrases: strings that are wrong, or a variant that a style guide would change, whatever the model says.
//!
//! One phrase a line: `wrong TAB right`, both of the same length, and after a further TAB the contexts in which the string is
//! right: `!_济` when 济 follows (以经 in 以经济), `!所_` when 所 goes before. `#` begins a comment.

use std::ops::Range;

use rustc_hash::FxHashMap;

/// Why a table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {expected}")]
pub(crate) struct ReviewedPhrasesError {
    /// Counted from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct ReviewedPhrase {
    pub(super) wrong: Box<[char]>,
    pub(super) right: Box<[char]>,
    /// What goes before or after it where it is right.
    exceptions: Vec<ExceptionContext>,
}

#[derive(Clone, Debug)]
struct ExceptionContext {
    before: Box<[char]>,
    after: Box<[char]>,
}

/// A table of phrases.
#[derive(Clone, Debug, Default)]
pub(in crate::spelling) struct ReviewedPhrases {
    phrases: Vec<ReviewedPhrase>,
    /// Reviewed by their first two characters.
    by_start: FxHashMap<[char; 2], Vec<u32>>,
}

impl ReviewedPhrases {
    pub(in crate::spelling) fn parse(text: &str) -> Result<Self, ReviewedPhrasesError> {
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim_end();
            if line.is_empty() {
                continue;
            }
            let phrase = parse_line(line).map_err(|expected| ReviewedPhrasesError { line: index + 1, expected })?;
            let start = [phrase.wrong[0], phrase.wrong[1]];
            table.by_start.entry(start).or_default().push(u32::try_from(table.phrases.len()).unwrap_or(u32::MAX));
            table.phrases.push(phrase);
        }
        // The longest first: it knows most of the context.
        for starts in table.by_start.values_mut() {
            starts.sort_by_key(|&phrase| std::cmp::Reverse(table.phrases[phrase as usize].wrong.len()));
        }
        Ok(table)
    }

    /// All phrases in a sentence, from left to right, disjoint. O(length).
    pub(super) fn find_phrases<'s>(
        &'s self,
        sentence: &'s [char],
    ) -> impl Iterator<Item = (usize, &'s ReviewedPhrase)> {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at + 1 < sentence.len() {
                if let Some(phrase) = self.phrase_at(sentence, at) {
                    let start = at;
                    at += phrase.wrong.len();
                    return Some((start, phrase));
                }
                at += 1;
            }
            None
        })
    }

    fn phrase_at(&self, sentence: &[char], start: usize) -> Option<&ReviewedPhrase> {
        let candidates = self.by_start.get(&[sentence[start], sentence[start + 1]])?;
        let phrases = candidates.iter().map(|&index| &self.phrases[index as usize]);
        phrases.into_iter().find(|phrase| {
            let end = start + phrase.wrong.len();
            sentence[start..].starts_with(&phrase.wrong)
                && !phrase.exceptions.iter().any(|context| {
                    sentence[..start].ends_with(&context.before) && sentence[end..].starts_with(&context.after)
                })
        })
    }
}

impl ReviewedPhrase {
    /// The characters that differ, from the first to the last.
    pub(super) fn differing_range(&self) -> Range<usize> {
        let pairs = || self.wrong.iter().zip(&self.right);
        let start = pairs().position(|(wrong, right)| wrong != right).unwrap_or(0);
        let end = pairs().rposition(|(wrong, right)| wrong != right).map_or(self.wrong.len(), |last| last + 1);
        start..end
    }
}

fn parse_line(line: &str) -> Result<ReviewedPhrase, &'static str> {
    let mut fields = line.split('\t').map(str::trim);
    let (Some(wrong), Some(right)) = (fields.next(), fields.next()) else {
        return Err("expected: wrong TAB right");
    };
    let [wrong, right]: [Box<[char]>; 2] = [wrong, right].map(|text| text.chars().collect());
    if wrong.len() < 2 || wrong.len() != right.len() {
        return Err("expected two strings of the same length, of two characters or more");
    }
    if wrong == right {
        return Err("expected two different strings");
    }
    let contexts = fields.next().unwrap_or_default().split_whitespace().map(parse_context);
    let exceptions = contexts.collect::<Result<_, _>>()?;
    Ok(ReviewedPhrase { wrong, right, exceptions })
}

fn parse_context(text: &str) -> Result<ExceptionContext, &'static str> {
    const EXPECTED: &str = "expected contexts such as !_济 or !所_, with _ for the string itself";
    let (before, after) = text.strip_prefix('!').and_then(|text| text.split_once('_')).ok_or(EXPECTED)?;
    if before.is_empty() && after.is_empty() {
        return Err(EXPECTED);
    }
    Ok(ExceptionContext { before: before.chars().collect(), after: after.chars().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "# certain\n以经\t已经\t!_济 !_营\n迫不急待\t迫不及待\n不急待\t不及待\n收道\t收到\t!征_ # a tax\n";

    #[track_caller]
    fn check(sentence: &str, expected: &[(usize, &str)]) {
        let table = ReviewedPhrases::parse(TABLE).expect("a table");
        let sentence: Vec<char> = sentence.chars().collect();
        let found: Vec<(usize, String)> =
            table.find_phrases(&sentence).map(|(start, phrase)| (start, phrase.right.iter().collect())).collect();
        let expected: Vec<(usize, String)> = expected.iter().map(|&(start, right)| (start, right.to_owned())).collect();
        assert_eq!(found, expected, "{sentence:?}");
    }

    #[test]
    fn finds_phrases_but_in_their_exceptions() {
        check("我以经收道了", &[(1, "已经"), (3, "收到")]);
        check("以经济为主", &[]);
        check("征收道路费", &[]);
        check("迫不急待", &[(0, "迫不及待")]);
        check("以", &[]);
        check("", &[]);
    }

    #[test]
    fn marks_what_differs() {
        let table = ReviewedPhrases::parse(TABLE).expect("a table");
        let parts: Vec<Range<usize>> = table.phrases.iter().map(ReviewedPhrase::differing_range).collect();
        assert_eq!(parts, [0..1, 2..3, 1..2, 1..2]);
    }

    #[test]
    fn says_which_line_is_wrong() {
        for (table, line, expected) in [
            ("以经\n", 1, "expected: wrong TAB right"),
            ("# a\n以经\t已\n", 2, "expected two strings of the same length, of two characters or more"),
            ("以经\t以经\n", 1, "expected two different strings"),
            ("以经\t已经\t_济\n", 1, "expected contexts such as !_济 or !所_, with _ for the string itself"),
        ] {
            assert_eq!(ReviewedPhrases::parse(table).err(), Some(ReviewedPhrasesError { line, expected }), "{table:?}");
        }
    }
}
