//! Notices: what firms have put below a message, and nobody writes anew: that it is confidential, free of viruses, better not
//! printed. Knows the lines of one writer's text, from the last one up; the phrases are in `forms/`.
//!
//! A person's sentence about confidentiality is checked. What makes a notice is its place, at the end, below a sign-off or a
//! divider, with nothing of the writer's behind it, and two phrases of it at least; three below its heading alone, elsewhere four.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    signature,
    words::{columns, is_blank, is_space, is_unspaced, key},
};

/// Phrases that make a notice below a sign-off or a divider, below its own heading alone, and elsewhere.
const PHRASES: usize = 2;
const PHRASES_BELOW_HEADING: usize = 3;
const PHRASES_ANYWHERE: usize = 4;
/// In bytes; what is shorter is not looked at.
const SHORTEST_NOTICE: usize = 24;
/// Lines that are looked at from the end up, and their length in bytes.
const NOTICE_LINES: usize = 80;
const NOTICE_BYTES: usize = 16 * 1024;
/// Phrases with what may stand between their letters, and headings, are no longer, in bytes.
const LONGEST_PHRASE: usize = 160;
/// Lines of a sign-off that are looked at above a notice.
const SIGN_OFF_LINES: usize = 8;
/// What programs break into lines has lines of so many columns at least.
const WRAPPED_COLUMNS: usize = 50;
/// What stands between two sentences of a notice without a phrase of its own, and is no name, has so many columns at least.
const SENTENCE_COLUMNS: usize = 24;
/// A name that signs a message by itself is no longer, in columns.
const NAME_COLUMNS: usize = 24;
/// Addresses below a notice are no longer, in columns.
const TRAILER_COLUMNS: usize = 100;

/// The words of all languages.
#[derive(Debug, Default)]
pub(super) struct NoticeForms {
    /// By their first character, each with whether it is of notices alone.
    phrases: FxHashMap<char, Vec<(Box<str>, bool)>>,
    headings: FxHashSet<Box<str>>,
    sign_offs: FxHashSet<Box<str>>,
    postscripts: FxHashSet<Box<str>>,
}

impl NoticeForms {
    /// Adds a phrase: `is_own` if people do not write it of other things.
    pub(super) fn add_phrase(&mut self, line: &str, is_own: bool) -> Result<(), &'static str> {
        let phrase = normal(line);
        let first = phrase.chars().next().ok_or("expected letters")?;
        let phrases = self.phrases.entry(first).or_default();
        phrases.push((phrase.into(), is_own));
        // The longest that fits is taken.
        phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        Ok(())
    }

    pub(super) fn add_heading(&mut self, line: &str) -> Result<(), &'static str> {
        add(&mut self.headings, line)
    }

    pub(super) fn add_sign_off(&mut self, line: &str) -> Result<(), &'static str> {
        add(&mut self.sign_offs, line)
    }

    pub(super) fn add_postscript(&mut self, line: &str) -> Result<(), &'static str> {
        add(&mut self.postscripts, line)
    }

    /// Whether a text is full of phrases of notices.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.count(text).make(PHRASES)
    }

    /// How many different phrases a text has.
    fn count(&self, text: &str) -> Phrases {
        let text = normal(text);
        let mut found: Vec<&(Box<str>, bool)> = Vec::new();
        let mut at = 0;
        let mut before = ' ';
        while let Some(c) = text[at..].chars().next() {
            let phrase = if is_unspaced(c) || !before.is_alphanumeric() { self.phrase_at(&text[at..]) } else { None };
            if let Some(form @ (phrase, _)) = phrase {
                if !found.iter().any(|known| std::ptr::eq(*known, form)) {
                    found.push(form);
                }
                at += phrase.len();
                before = phrase.chars().next_back().unwrap_or(' ');
            } else {
                at += c.len_utf8();
                before = c;
            }
        }
        Phrases { all: found.len(), own: found.iter().filter(|(_, is_own)| *is_own).count() }
    }

    fn phrase_at(&self, text: &str) -> Option<&(Box<str>, bool)> {
        let ends = |phrase: &str| {
            let last = phrase.chars().next_back().is_none_or(is_unspaced);
            last || !text[phrase.len()..].starts_with(char::is_alphanumeric)
        };
        let phrases = self.phrases.get(&text.chars().next()?)?;
        phrases.iter().find(|(phrase, _)| text.starts_with(&**phrase) && ends(phrase))
    }

    /// Whether a line begins with a phrase or a heading.
    fn opens(&self, line: &str) -> bool {
        let begin = &line[..line.floor_char_boundary(LONGEST_PHRASE)];
        self.has_heading(line) || self.phrase_at(&normal(begin)).is_some()
    }

    /// Whether a line begins with a heading that ends there, or with a colon.
    fn has_heading(&self, line: &str) -> bool {
        let is_mark = |c: char| is_space(c) || matches!(c, '*' | '_' | '-' | '=' | '#' | '[' | ']' | '【' | '】');
        let line = line.trim_start_matches(is_mark);
        let line = line[..line.floor_char_boundary(LONGEST_PHRASE)].trim_end_matches(is_mark);
        let end = line.find([':', '：', '.', '。', ']', '】', '\u{2013}', '\u{2014}']).unwrap_or(line.len());
        self.headings.contains(key(line[..end].trim_end_matches(is_mark)).as_str())
    }

    /// Whether a line begins with what is the writer's below a sign-off: `PS: ...`.
    fn is_postscript(&self, line: &str) -> bool {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = line.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(line.len());
        end <= 24 && self.postscripts.contains(key(line[..end].trim_end_matches('.')).as_str())
    }

    /// Whether a line signs off: the words alone, with a name, or behind one (`客服部 敬上`).
    fn is_sign_off(&self, line: &str) -> bool {
        let line = line.trim_matches(is_space).trim_end_matches([',', '，', '.', '。', '!', '！', ';', '~', '～']);
        if columns(line) > 48 {
            return false;
        }
        let is_listed = |words: &str| self.sign_offs.contains(key(words).as_str());
        // `Thanks for your message` is no sign-off, `Thanks, Mark` is.
        let is_name = |words: &str| {
            words.split(is_space).count() <= 3
                && columns(words) <= NAME_COLUMNS
                && words.split(is_space).all(|word| word.starts_with(|c: char| c.is_uppercase() || is_unspaced(c)))
        };
        let words_and_name = line.split_once([',', '，', ' ', '！', '!']);
        is_listed(line)
            || words_and_name.is_some_and(|(words, name)| is_listed(words) && is_name(name.trim_matches(is_space)))
            || line.rsplit_once(is_space).is_some_and(|(_, words)| words.starts_with(is_unspaced) && is_listed(words))
            || columns(line) <= NAME_COLUMNS
                && self.sign_offs.iter().any(|words| words.starts_with(is_unspaced) && line.ends_with(&**words))
    }
}

/// How many phrases of notices a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Phrases {
    all: usize,
    /// Those that are of notices alone.
    own: usize,
}

impl Phrases {
    /// Whether they make a notice where so many are asked for.
    const fn make(self, needed: usize) -> bool {
        self.own > 0 && self.all >= needed
    }

    const fn and(self, other: Self) -> Self {
        Self { all: self.all + other.all, own: self.own + other.own }
    }
}

fn add(words: &mut FxHashSet<Box<str>>, line: &str) -> Result<(), &'static str> {
    if !line.ends_with(char::is_alphanumeric) {
        return Err("expected words without a mark behind them");
    }
    words.insert(key(line).into());
    Ok(())
}

/// The writer's text between two things that are not.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnText<'t> {
    pub(super) text: &'t str,
    /// Whether programs break its lines.
    pub(super) is_plain: bool,
    /// Whether an earlier message, or a signature, stands directly above.
    pub(super) is_below_history: bool,
}

impl OwnText<'_> {
    /// Where the notice at its end begins and ends, if there is one. O(length), of at most `NOTICE_BYTES`.
    pub(super) fn notice(self, forms: &NoticeForms) -> Option<(usize, usize)> {
        if self.text.len() < SHORTEST_NOTICE {
            return None;
        }
        let lines = self.last_lines();
        let mut next = lines.len();
        let mut found: Option<Found> = None;
        while let Some(last) = (0..next).rev().find(|&at| !is_blank(lines[at].1)) {
            let first = self.first_line_of_sentence(&lines, last, forms);
            let phrases = forms.count(self.lines(&lines, first, last));
            let is_heading = forms.has_heading(lines[first].1);
            match &mut found {
                _ if forms.is_postscript(lines[first].1) => break,
                Some(notice) if phrases.all > 0 || is_heading => {
                    notice.first = first;
                    notice.phrases = notice.phrases.and(phrases);
                    notice.has_heading |= is_heading;
                }
                None if phrases.all > 0 => {
                    let end = lines[last].0 + lines[last].1.trim_end_matches(is_space).len();
                    found = Some(Found { first, end, phrases, has_heading: is_heading });
                }
                Some(notice) if self.is_within(notice, &lines, first, last, forms) => {}
                None if is_trailer(self.lines(&lines, first, last)) => {}
                _ => break,
            }
            next = first;
        }
        let found = found?;
        let start = lines[found.first].0;
        let needed = if self.is_signed_above(&lines[..found.first], forms) {
            PHRASES
        } else if found.has_heading {
            PHRASES_BELOW_HEADING
        } else {
            PHRASES_ANYWHERE
        };
        found.phrases.make(needed).then_some((start, found.end))
    }

    /// Whether a sentence without a phrase stands in a notice: in the midst of its paragraph, below one that has several.
    fn is_within(
        &self,
        notice: &Found,
        lines: &[(usize, &str)],
        first: usize,
        last: usize,
        forms: &NoticeForms,
    ) -> bool {
        if last + 1 != notice.first
            || notice.phrases.all < PHRASES
            || columns(self.lines(lines, first, last)) < SENTENCE_COLUMNS
        {
            return false;
        }
        first.checked_sub(1).filter(|&above| !is_blank(lines[above].1)).is_some_and(|above| {
            let begin = self.first_line_of_sentence(lines, above, forms);
            forms.count(self.lines(lines, begin, above)).make(PHRASES)
        })
    }

    fn lines(&self, lines: &[(usize, &str)], first: usize, last: usize) -> &str {
        &self.text[lines[first].0..lines[last].0 + lines[last].1.len()]
    }

    /// The lines at its end, each with its beginning.
    fn last_lines(&self) -> Vec<(usize, &str)> {
        let floor = self.text.ceil_char_boundary(self.text.len().saturating_sub(NOTICE_BYTES));
        let mut lines = Vec::new();
        let mut end = self.text.len();
        while lines.len() < NOTICE_LINES {
            let Some(above) = memchr::memrchr(b'\n', &self.text.as_bytes()[floor..end]).map(|at| floor + at) else {
                // A line that begins further above is none of a notice.
                if floor == 0 {
                    lines.push((0, &self.text[..end]));
                }
                break;
            };
            lines.push((above + 1, &self.text[above + 1..end]));
            end = above;
        }
        lines.reverse();
        lines
    }

    /// The line on which the sentence of a line begins, as programs break lines.
    fn first_line_of_sentence(&self, lines: &[(usize, &str)], last: usize, forms: &NoticeForms) -> usize {
        let mut first = last;
        while self.is_plain && first > 0 {
            let above = lines[first - 1].1;
            let ends = above.trim_end_matches(is_space).ends_with(['.', '!', '?', ':', '。', '！', '？', '：']);
            if ends || columns(above) < WRAPPED_COLUMNS || forms.opens(lines[first].1) {
                break;
            }
            first -= 1;
        }
        first
    }

    /// Whether the lines above a notice end a message.
    fn is_signed_above(&self, above: &[(usize, &str)], forms: &NoticeForms) -> bool {
        let mut signed = 0;
        let shown = || above.iter().enumerate().filter(|(_, (_, line))| !is_blank(line));
        let first = shown().next().map(|(at, _)| at);
        let Some((last, _)) = shown().next_back() else { return self.is_below_history };
        // A picture, or a signature that is marked as such, stands between.
        if above[last + 1..].iter().any(|(_, line)| line.contains('\u{FFFC}')) {
            return true;
        }
        for (at, (_, line)) in shown().rev().take(SIGN_OFF_LINES) {
            if is_divider(line) || forms.is_sign_off(line) {
                return true;
            }
            // A greeting is no sign-off.
            if !is_of_signature(line) || Some(at) == first {
                break;
            }
            signed += 1;
        }
        // A name by itself, in its own paragraph.
        let stands_alone = !self.is_plain || last > 0 && is_blank(above[last - 1].1);
        signed >= 2 || signed == 1 && stands_alone && columns(above[last].1) <= NAME_COLUMNS
    }
}

/// A notice, as far as it is read.
#[derive(Clone, Copy, Debug)]
struct Found {
    /// Its first line.
    first: usize,
    end: usize,
    phrases: Phrases,
    has_heading: bool,
}

/// Addresses and telephones, which may stand below a notice.
fn is_trailer(line: &str) -> bool {
    columns(line) <= TRAILER_COLUMNS && (has_address(line) || is_divider(line))
}

/// Whether a line is a name, a firm, a telephone: short, in capitals where the script has them.
fn is_of_signature(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    if is_trailer(line) {
        return true;
    }
    // A firm may end as a sentence does: `Acme S.A.`
    let is_short = |word: &str| word.len() <= 5 && word.starts_with(char::is_uppercase);
    let firm = line.strip_suffix('.').filter(|line| line.rsplit(is_space).next().is_some_and(is_short));
    let words = line.split(is_space).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3);
    let (small, all) =
        words.fold((0, 0), |(small, all), word| (small + usize::from(word.starts_with(char::is_lowercase)), all + 1));
    2 * small <= all && signature::is_of_signature(firm.unwrap_or(line))
}

fn has_address(line: &str) -> bool {
    ["@", "www.", "http", "|", "+"].iter().any(|mark| line.contains(mark))
}

fn is_divider(line: &str) -> bool {
    let is_mark = |c: char| matches!(c, '-' | '_' | '=' | '*' | '~' | '\u{2013}' | '\u{2014}' | '\u{2500}' | '·' | '.');
    line.chars().filter(|c| !is_space(*c)).count() >= 3 && line.chars().all(|c| is_mark(c) || is_space(c))
}

/// A text as phrases are looked for in it: small letters and figures, blanks between words alone; hyphens and brackets are
/// not there.
fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut is_apart = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            let joins = is_unspaced(c) || normal.chars().next_back().is_none_or(is_unspaced);
            if is_apart && !joins {
                normal.push(' ');
            }
            is_apart = false;
            normal.extend(c.to_lowercase());
        } else if matches!(c, '\'' | '\u{2019}') {
            normal.push('\'');
        } else {
            is_apart |= is_space(c) || c == '/';
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::{super::forms::forms, *};

    /// The notice of a text in brackets, or none.
    #[track_caller]
    fn check(marked: &str) {
        let text = marked.replace(['⟦', '⟧'], "");
        let own = OwnText { text: &text, is_plain: true, is_below_history: false };
        let shown = match own.notice(&forms().notices) {
            Some((start, end)) => format!("{}⟦{}⟧{}", &text[..start], &text[start..end], &text[end..]),
            None => text.clone(),
        };
        assert_eq!(shown, marked);
    }

    #[test]
    fn reads_cases() {
        for case in include_str!("notices.txt").split("\n=== ").skip(1) {
            let (_, text) = case.split_once('\n').expect("a name and a text");
            check(text.trim_end());
        }
    }

    #[test]
    fn texts_of_nothing_have_none() {
        for text in ["", "\n", "\u{FFFC}", "a", "\n\n\n"] {
            check(text);
        }
    }
}
