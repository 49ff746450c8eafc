//! What a checker of Chinese leaves alone: titles and quotations, names, numbers.

use rustc_hash::FxHashSet;

use super::characters::{is_han, is_numeral};

/// Quotations and titles longer than this are taken for a mark that was never closed.
const MAX_QUOTATION_LEN: usize = 60;

/// The quotation marks and title marks, opening and closing.
const QUOTATION_MARKS: [(char, char); 7] =
    [('《', '》'), ('〈', '〉'), ('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('﹁', '﹂')];

/// What names are told by: surnames, and the titles that follow a name.
#[derive(Clone, Debug, Default)]
pub(in crate::spelling) struct NameGazetteer {
    surnames: FxHashSet<Box<[char]>>,
    titles: Vec<Box<[char]>>,
}

/// Words after which a full name stands alone: 我叫王小明，
const INTRODUCTIONS: [&str; 8] = ["我叫", "我是", "我姓", "联系人", "收件人", "收货人", "姓名", "客服"];

impl NameGazetteer {
    /// Reads `# surnames` and `# titles`, each followed by entries divided by blanks; other comments are passed over.
    /// Entries before either heading are an error: the number of their line.
    pub(in crate::spelling) fn parse(text: &str) -> Result<Self, usize> {
        enum GazetteerSection {
            None,
            Surnames,
            Titles,
        }
        let mut names = Self::default();
        let mut section = GazetteerSection::None;
        for (index, line) in text.lines().enumerate() {
            match line.strip_prefix('#').map(str::trim) {
                Some("surnames") => section = GazetteerSection::Surnames,
                Some("titles") => section = GazetteerSection::Titles,
                Some(_) => {}
                None => {
                    for entry in line.split_whitespace() {
                        let entry = entry.chars().collect();
                        match section {
                            GazetteerSection::None => return Err(index + 1),
                            GazetteerSection::Surnames => _ = names.surnames.insert(entry),
                            GazetteerSection::Titles => names.titles.push(entry),
                        }
                    }
                }
            }
        }
        Ok(names)
    }

    /// The length of the name at a place of the sentence: a surname of one or two characters, and a given name of at most two
    /// before a title, or before the end of the Chinese text after an introduction.
    fn name_len_at(&self, sentence: &[char], at: usize) -> Option<usize> {
        let text = &sentence[at..];
        let surname =
            [2, 1].into_iter().find(|&length| text.get(..length).is_some_and(|start| self.surnames.contains(start)))?;
        let introduced = INTRODUCTIONS.iter().any(|words| ends_with(&sentence[..at], words));
        (0..=2).rev().map(|given| surname + given).find(|&length| {
            let Some(name) = text.get(..length) else { return false };
            let rest = &text[length..];
            name.iter().all(|&c| is_han(c))
                && (self.titles.iter().any(|title| rest.starts_with(title))
                    || (introduced && length > surname && !rest.first().is_some_and(|&c| is_han(c))))
        })
    }
}

/// Marks the names and numbers of a sentence, which are never to be changed; clears the other characters.
pub(super) fn mark_fixed(sentence: &[char], names: &NameGazetteer, fixed: &mut Vec<bool>) {
    fixed.clear();
    fixed.resize(sentence.len(), false);
    for at in 0..sentence.len() {
        fixed[at] |= is_numeral(sentence[at]) && in_number(sentence, at);
        if let Some(length) = names.name_len_at(sentence, at) {
            fixed[at..at + length].fill(true);
        }
    }
}

/// Numerals side by side, or beside a digit, are a number; a single one may be part of a word (一旦).
fn in_number(sentence: &[char], at: usize) -> bool {
    let numeric = |c: &char| is_numeral(*c) || c.is_ascii_digit();
    at.checked_sub(1).and_then(|before| sentence.get(before)).is_some_and(numeric)
        || sentence.get(at + 1).is_some_and(numeric)
}

fn ends_with(text: &[char], words: &str) -> bool {
    let length = words.chars().count();
    text.len() >= length && text[text.len() - length..].iter().copied().eq(words.chars())
}

/// What stands between quotation marks or title marks, marks excluded: ascending, disjoint. Linear.
pub(super) fn find_quotations(sentence: &[char]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        let closing = QUOTATION_MARKS.iter().find(|(opening, _)| *opening == sentence[at]).map(|&(_, closing)| closing);
        let inside = &sentence[at + 1..sentence.len().min(at + 1 + MAX_QUOTATION_LEN)];
        at += 1;
        if let Some(length) = closing.and_then(|closing| inside.iter().position(|&c| c == closing)) {
            if length > 0 {
                found.push(at..at + length);
            }
            at += length + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fixed characters are in brackets.
    #[track_caller]
    fn check(expected: &str) {
        let sentence: Vec<char> = expected.chars().filter(|c| !"[]".contains(*c)).collect();
        let names = NameGazetteer::parse("# surnames\n王 李 欧阳\n# titles\n先生 女士 老师\n").expect("names");
        let mut fixed = Vec::new();
        mark_fixed(&sentence, &names, &mut fixed);
        for quotation in find_quotations(&sentence) {
            fixed[quotation].fill(true);
        }
        let mut found = String::new();
        for (at, &c) in sentence.iter().enumerate() {
            if fixed[at] && (at == 0 || !fixed[at - 1]) {
                found.push('[');
            }
            found.push(c);
            if fixed[at] && !fixed.get(at + 1).is_some_and(|&next| next) {
                found.push(']');
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn leaves_alone_what_is_not_the_writers_spelling() {
        check("请看《[红楼梦]》第[三十]回");
        check("他说“[以经好了]”，");
        check("“没有关上的引号");
        check("[王小明]先生您好");
        check("[欧阳]老师好");
        check("我叫[李晓丽]，工号9527");
        check("我是李晓丽的同事");
        check("王者归来");
        check("一旦[两百三十]元 3[万]元");
        check("");
    }

    #[test]
    fn says_which_line_has_no_heading() {
        assert_eq!(NameGazetteer::parse("# made by us\n王\n").err(), Some(2));
    }
}
