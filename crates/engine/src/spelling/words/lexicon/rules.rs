//! The small rules that a lexicon keeps beside its forms: break points, input conversion, compounds of components.
//!
//! They are stored as text, one rule a line, fields divided by tabs:
//! `break PATTERN`, `convert FROM TO`, `ignore CHARACTERS`, `compound-min N`, `compound PATTERN`, `component WORD FLAGS`.
//! A pattern of a compound is a sequence of flags, each a number with an optional `*` or `?`, divided by blanks.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LexiconRules {
    /// Where a word may be divided: `-`, `^ex-`, `-alvo$`. In order.
    pub breaks: Vec<String>,
    /// Replacements made in a word before look-up; the longest match at each place wins.
    pub conversions: Vec<(String, String)>,
    /// Characters left out of a word before look-up.
    pub(crate) ignored: String,
    /// The least length of a component, in characters.
    pub(crate) compound_min: usize,
    /// Sequences of components that make a word.
    pub(crate) compounds: Vec<Vec<CompoundItem>>,
    /// Components and their flags.
    pub(crate) components: FxHashMap<String, Vec<u32>>,
}

/// One item of a compound pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CompoundItem {
    /// The flag that the component must carry.
    pub flag: u32,
    /// `?` or `*`: may be left out.
    pub optional: bool,
    /// `*`: may stand several times.
    pub repeated: bool,
}

impl LexiconRules {
    /// Writes the rules as text. Deterministic.
    #[must_use]
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for pattern in &self.breaks {
            _ = writeln!(text, "break\t{pattern}");
        }
        for (from, to) in &self.conversions {
            _ = writeln!(text, "convert\t{from}\t{to}");
        }
        if !self.ignored.is_empty() {
            _ = writeln!(text, "ignore\t{}", self.ignored);
        }
        if !self.compounds.is_empty() {
            _ = writeln!(text, "compound-min\t{}", self.compound_min);
        }
        for pattern in &self.compounds {
            let items: Vec<String> = pattern.iter().map(|item| item.to_text()).collect();
            _ = writeln!(text, "compound\t{}", items.join(" "));
        }
        let mut components: Vec<_> = self.components.iter().collect();
        components.sort_unstable();
        for (word, flags) in components {
            let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
            _ = writeln!(text, "component\t{word}\t{}", flags.join(" "));
        }
        text
    }

    /// Reads the rules from text; the error names the first line (from 1) that is none.
    ///
    /// # Errors
    /// The number of the offending line.
    pub(crate) fn parse(text: &str) -> Result<Self, usize> {
        let mut rules = Self { compound_min: 1, ..Self::default() };
        for (index, line) in text.lines().enumerate() {
            rules.line(line).ok_or(index + 1)?;
        }
        Ok(rules)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let keyword = fields.next()?;
        let first = fields.next()?;
        match keyword {
            "break" => self.breaks.push(first.to_owned()),
            "convert" => self.conversions.push((first.to_owned(), fields.next()?.to_owned())),
            "ignore" => first.clone_into(&mut self.ignored),
            "compound-min" => self.compound_min = first.parse().ok()?,
            "compound" => self.compounds.push(first.split(' ').map(CompoundItem::parse).collect::<Option<_>>()?),
            "component" => {
                let flags = fields.next()?.split(' ').map(|flag| flag.parse().ok()).collect::<Option<_>>()?;
                self.components.insert(first.to_owned(), flags);
            }
            _ => return None,
        }
        Some(())
    }

    /// A byte that all BREAK patterns hold.
    #[must_use]
    pub(crate) fn common_break_byte(&self) -> Option<u8> {
        let (first, others) = self.breaks.split_first()?;
        let is_anchor = |byte: u8| matches!(byte, b'^' | b'$');
        first.bytes().find(|&byte| !is_anchor(byte) && others.iter().all(|pattern| pattern.as_bytes().contains(&byte)))
    }

    /// The word as it is looked up, after conversions and without ignored characters; `None` if nothing changes.
    #[must_use]
    pub(crate) fn prepared(&self, word: &str) -> Option<String> {
        let is_ignored = |c: char| self.ignored.contains(c);
        let converted = self.converted(word);
        if self.ignored.is_empty() || !word.contains(is_ignored) {
            return converted;
        }
        Some(converted.as_deref().unwrap_or(word).chars().filter(|&c| !is_ignored(c)).collect())
    }

    fn converted(&self, word: &str) -> Option<String> {
        if !self.conversions.iter().any(|(from, _)| word.contains(from.as_str())) {
            return None;
        }
        let mut converted = String::with_capacity(word.len());
        let mut rest = word;
        while let Some(c) = rest.chars().next() {
            let longest = self
                .conversions
                .iter()
                .filter(|(from, _)| rest.starts_with(from.as_str()))
                .max_by_key(|(from, _)| from.len());
            match longest {
                Some((from, to)) => {
                    converted.push_str(to);
                    rest = &rest[from.len()..];
                }
                None => {
                    converted.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        Some(converted)
    }

    /// Whether the word is a sequence of components that a pattern allows. Bounded: words past 64 bytes are none.
    #[must_use]
    pub(crate) fn is_compound(&self, word: &str) -> bool {
        if self.compounds.is_empty() || word.len() > 64 {
            return false;
        }
        // Most words begin as no component does, and need no table.
        let mut beginnings = word.char_indices().map(|(start, c)| &word[..start + c.len_utf8()]);
        if !beginnings.any(|beginning| self.components.contains_key(beginning)) {
            return false;
        }
        // States: (byte reached, item of the pattern). Each is met at most once, so the work is bounded by their product.
        self.compounds.iter().any(|pattern| {
            let mut seen = vec![false; (word.len() + 1) * (pattern.len() + 1)];
            self.matches(word, 0, pattern, 0, &mut seen)
        })
    }

    fn matches(&self, word: &str, at: usize, pattern: &[CompoundItem], item: usize, seen: &mut [bool]) -> bool {
        let state = at * (pattern.len() + 1) + item;
        if std::mem::replace(&mut seen[state], true) {
            return false;
        }
        let Some(current) = pattern.get(item) else { return at == word.len() };
        if current.optional && self.matches(word, at, pattern, item + 1, seen) {
            return true;
        }
        let rest = &word[at..];
        rest.char_indices().map(|(start, c)| start + c.len_utf8()).skip(self.compound_min - 1).any(|end| {
            let component = self.components.get(&rest[..end]);
            // One component by itself is no compound.
            let is_part = at > 0 || end < word.len();
            is_part
                && component.is_some_and(|flags| flags.contains(&current.flag))
                && (self.matches(word, at + end, pattern, item + 1, seen)
                    || current.repeated && self.matches(word, at + end, pattern, item, seen))
        })
    }
}

impl CompoundItem {
    fn to_text(self) -> String {
        let mark = if self.repeated {
            "*"
        } else if self.optional {
            "?"
        } else {
            ""
        };
        format!("{}{mark}", self.flag)
    }

    fn parse(text: &str) -> Option<Self> {
        let repeated = text.ends_with('*');
        let optional = repeated || text.ends_with('?');
        let flag = text.trim_end_matches(['*', '?']).parse().ok()?;
        Some(Self { flag, optional, repeated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ordinals of the English dictionaries: `n*1t` and `n*mp`.
    const ORDINALS: &str = "break\t-\nconvert\t’\t'\ncompound-min\t1\ncompound\t110* 49 116\ncompound\t110* 109 112\n\
        component\t0\t110 109\ncomponent\t0th\t112 116\ncomponent\t1\t110 49\ncomponent\t1st\t112\ncomponent\t1th\t116 99\n\
        component\t2\t110 109\ncomponent\t2nd\t112\ncomponent\t2th\t116 99\n";

    #[track_caller]
    fn check(word: &str, expected: bool) {
        assert_eq!(LexiconRules::parse(ORDINALS).map(|rules| rules.is_compound(word)), Ok(expected), "{word}");
    }

    #[test]
    fn compounds_components() {
        check("21st", true);
        check("12th", true);
        check("1221st", true);
        check("11st", false);
        check("2th", false);
        check("21", false);
        check("1st", false);
        check("", false);
        check(&"2".repeat(5000), false);
    }

    #[test]
    fn survives_a_round_trip() {
        let rules = LexiconRules::parse(ORDINALS);
        assert_eq!(rules.clone().map(|rules| LexiconRules::parse(&rules.to_text())), Ok(rules));
    }

    #[test]
    fn names_the_bad_line() {
        assert_eq!(LexiconRules::parse("break\t-\nnonsense\n"), Err(2));
    }
}
