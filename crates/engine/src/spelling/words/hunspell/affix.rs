//! The affix file (.aff): affix classes, restrictions, and the small rules that a lexicon keeps.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::{
    HunspellError,
    condition::AffixCondition,
    encoding,
    flags::{Flag, FlagNotation},
    tables::{AffixTable, AffixTables},
};
use crate::spelling::words::lexicon::CompoundItem;

/// A prefix or a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AffixSide {
    Prefix,
    Suffix,
}

impl AffixSide {
    const fn keyword(self) -> &'static str {
        match self {
            Self::Prefix => "PFX",
            Self::Suffix => "SFX",
        }
    }
}

/// One way to apply an affix class.
#[derive(Clone, Debug)]
pub(super) struct AffixRule {
    pub(super) strip: String,
    pub(super) add: String,
    /// Continuation classes: flags that the affix itself carries.
    pub(super) flags: Vec<Flag>,
    pub(super) condition: AffixCondition,
}

/// All rules under one flag.
#[derive(Clone, Debug)]
pub(super) struct AffixClass {
    pub(super) side: AffixSide,
    /// Whether it may meet an affix of the other side on one stem.
    pub(super) cross: bool,
    pub(super) rules: Vec<AffixRule>,
}

/// Flags that restrict instead of deriving.
#[derive(Clone, Debug, Default)]
pub(super) struct RestrictionFlags {
    pub(super) forbidden_word: Option<Flag>,
    pub(super) no_suggest: Option<Flag>,
    pub(super) only_in_compound: Option<Flag>,
    pub(super) keep_case: Option<Flag>,
    pub(super) need_affix: Option<Flag>,
    pub(super) circumfix: Option<Flag>,
}

/// A parsed affix file.
#[derive(Clone, Debug)]
pub struct AffixFile {
    pub(super) charset: &'static Encoding,
    pub(super) notation: FlagNotation,
    pub(super) aliases: Vec<Vec<Flag>>,
    pub(super) classes: HashMap<Flag, AffixClass>,
    pub(super) restrictions: RestrictionFlags,
    pub(super) full_strip: bool,
    /// Characters to leave out of every word.
    pub ignore: Vec<char>,
    /// BREAK patterns, in order; hunspell's default if the file has none.
    pub break_patterns: Vec<String>,
    /// ICONV pairs.
    pub input_conversions: Vec<(String, String)>,
    /// COMPOUNDRULE patterns over flags.
    pub compound_rules: Vec<Vec<CompoundItem>>,
    /// COMPOUNDMIN, in characters.
    pub compound_min: usize,
}

/// Directives that decide which words are right and that are not honoured.
const UNSUPPORTED_DIRECTIVES: &[&str] = &[
    "CHECKSHARPS",
    "COMPLEXPREFIXES",
    "COMPOUNDBEGIN",
    "COMPOUNDEND",
    "COMPOUNDFLAG",
    "COMPOUNDLAST",
    "COMPOUNDMIDDLE",
    "COMPOUNDROOT",
    "FORBIDWARN",
];

impl AffixFile {
    /// Reads an affix file. `name` stands in error messages.
    ///
    /// # Errors
    /// [`HunspellError`] with file and line.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, HunspellError> {
        let charset = encoding::declared_charset(name, bytes)?;
        let lines = encoding::decode_lines(name, bytes, charset)?;
        let mut parser = AffixParser { name, affix: Self::empty(charset), tables: AffixTables::default() };
        // Flags are written in the notation that FLAG declares anywhere in the file.
        for (number, line) in &lines {
            if let Some(kind) = line.strip_prefix("FLAG ") {
                parser.affix.notation = match kind.trim() {
                    "long" => FlagNotation::Long,
                    "num" => FlagNotation::Number,
                    "UTF-8" => FlagNotation::Character,
                    _ => return Err(parser.malformed(*number, "FLAG takes one of: long, num, UTF-8")),
                };
            }
        }
        for (number, line) in &lines {
            parser.parse_line(*number, line)?;
        }
        if let Some((keyword, AffixTable { line, declared, found })) = parser.tables.first_incomplete() {
            let expected = format!("{keyword} declares {declared} rows, {found} follow");
            return Err(parser.malformed(line, &expected));
        }
        if parser.tables.get("BREAK", None).is_none() {
            parser.affix.break_patterns = ["-", "^-", "-$"].map(str::to_owned).to_vec();
        }
        Ok(parser.affix)
    }

    /// No affixes and no rules: every entry stands for itself.
    #[must_use]
    pub fn without_affixes() -> Self {
        Self::empty(encoding_rs::UTF_8)
    }

    fn empty(charset: &'static Encoding) -> Self {
        Self {
            charset,
            notation: FlagNotation::Character,
            aliases: Vec::new(),
            classes: HashMap::new(),
            restrictions: RestrictionFlags::default(),
            full_strip: false,
            ignore: Vec::new(),
            break_patterns: Vec::new(),
            input_conversions: Vec::new(),
            compound_rules: Vec::new(),
            compound_min: 3,
        }
    }

    /// Reads the flags of an entry or an affix: written out, or the number of an alias.
    pub(super) fn parse_flags(&self, text: &str) -> Option<Vec<Flag>> {
        if self.aliases.is_empty() {
            return self.notation.parse(text);
        }
        let index: usize = text.parse().ok()?;
        self.aliases.get(index.checked_sub(1)?).cloned()
    }

    /// A word without the characters that IGNORE names.
    pub(super) fn without_ignored(&self, word: &str) -> String {
        word.chars().filter(|c| !self.ignore.contains(c)).collect()
    }

    /// Whether any COMPOUNDRULE names the flag.
    pub(super) fn is_compound_flag(&self, flag: Flag) -> bool {
        self.compound_rules.iter().flatten().any(|item| item.flag == flag)
    }
}

/// Reads line by line into an [`AffixFile`].
struct AffixParser<'n> {
    name: &'n str,
    affix: AffixFile,
    tables: AffixTables,
}

impl AffixParser<'_> {
    fn malformed(&self, line: usize, expected: &str) -> HunspellError {
        HunspellError::Malformed { file: self.name.to_owned(), line, expected: expected.to_owned() }
    }

    fn parse_line(&mut self, number: usize, line: &str) -> Result<(), HunspellError> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let Some((&directive, arguments)) = fields.split_first() else { return Ok(()) };
        match directive {
            "PFX" => self.affix_line(number, AffixSide::Prefix, arguments)?,
            "SFX" => self.affix_line(number, AffixSide::Suffix, arguments)?,
            "AF" => self.alias(number, arguments)?,
            "BREAK" => self.break_pattern(number, arguments)?,
            "ICONV" => self.conversion(number, arguments)?,
            "COMPOUNDRULE" => self.compound_rule(number, arguments)?,
            "COMPOUNDMIN" => {
                let least = arguments.first().and_then(|count| count.parse::<usize>().ok());
                self.affix.compound_min =
                    least.ok_or_else(|| self.malformed(number, "COMPOUNDMIN takes a number of characters"))?.max(1);
            }
            "IGNORE" => self.affix.ignore = arguments.first().map(|set| set.chars().collect()).unwrap_or_default(),
            "FULLSTRIP" => self.affix.full_strip = true,
            "FORBIDDENWORD" => self.affix.restrictions.forbidden_word = Some(self.parse_flag(number, arguments)?),
            "NOSUGGEST" => self.affix.restrictions.no_suggest = Some(self.parse_flag(number, arguments)?),
            "ONLYINCOMPOUND" => self.affix.restrictions.only_in_compound = Some(self.parse_flag(number, arguments)?),
            "KEEPCASE" => self.affix.restrictions.keep_case = Some(self.parse_flag(number, arguments)?),
            "NEEDAFFIX" | "PSEUDOROOT" => {
                self.affix.restrictions.need_affix = Some(self.parse_flag(number, arguments)?);
            }
            "CIRCUMFIX" => self.affix.restrictions.circumfix = Some(self.parse_flag(number, arguments)?),
            "LANG" if arguments.first().is_some_and(|tag| has_other_case_rules(tag)) => {
                return Err(self.unsupported(number, &format!("LANG {}", arguments[0])));
            }
            _ if AffixTables::is_unread(directive) => {
                self.count_row(number, directive, arguments)?;
            }
            _ if UNSUPPORTED_DIRECTIVES.contains(&directive) => return Err(self.unsupported(number, directive)),
            // Comments, and directives that concern suggestions only.
            _ => {}
        }
        Ok(())
    }

    fn unsupported(&self, line: usize, directive: &str) -> HunspellError {
        HunspellError::Unsupported { file: self.name.to_owned(), line, directive: directive.to_owned() }
    }

    fn parse_flag(&self, number: usize, arguments: &[&str]) -> Result<Flag, HunspellError> {
        arguments
            .first()
            .and_then(|flag| self.affix.notation.parse_one(flag))
            .ok_or_else(|| self.malformed(number, "expected one flag"))
    }

    /// `PFX flag cross_product count`, then `PFX flag strip add[/flags] [condition]`.
    fn affix_line(&mut self, number: usize, side: AffixSide, arguments: &[&str]) -> Result<(), HunspellError> {
        let flag = self.parse_flag(number, arguments)?;
        let keyword = side.keyword();
        if !self.tables.take_row(keyword, Some(flag)) {
            return self.affix_header(number, side, flag, arguments);
        }
        let [_, strip, add, ..] = arguments else {
            return Err(self.malformed(number, "an affix rule needs flag, strip and add"));
        };
        let (add, flags) = match add.split_once('/') {
            Some((add, flags)) => {
                let flags = self
                    .affix
                    .parse_flags(flags)
                    .ok_or_else(|| self.malformed(number, "unreadable continuation flags"))?;
                (add, flags)
            }
            None => (*add, Vec::new()),
        };
        let condition = AffixCondition::parse(arguments.get(3).copied().unwrap_or("."))
            .ok_or_else(|| self.malformed(number, "the condition has an open bracket"))?;
        let rule = AffixRule {
            strip: if *strip == "0" { String::new() } else { (*strip).to_owned() },
            add: if add == "0" { String::new() } else { self.affix.without_ignored(add) },
            flags,
            condition,
        };
        // The header made the class.
        self.affix.classes.entry(flag).and_modify(|class| class.rules.push(rule));
        Ok(())
    }

    fn affix_header(
        &mut self,
        number: usize,
        side: AffixSide,
        flag: Flag,
        arguments: &[&str],
    ) -> Result<(), HunspellError> {
        let keyword = side.keyword();
        let cross = match arguments.get(1) {
            Some(&"Y") => Some(true),
            Some(&"N") => Some(false),
            _ => None,
        };
        let rows = arguments.get(2).and_then(|count| count.parse().ok());
        let (Some(cross), Some(rows)) = (cross, rows) else {
            let expected = format!("the header of a class is: {keyword} flag, Y or N, the number of its rules");
            return Err(self.header_error(number, keyword, Some(flag), &expected));
        };
        let class = self.affix.classes.entry(flag).or_insert(AffixClass { side, cross, rules: Vec::new() });
        if class.side != side {
            return Err(self.malformed(number, "the flag already names a class on the other side of a word"));
        }
        self.tables.declare(keyword, Some(flag), number, rows);
        Ok(())
    }

    /// Counts a line of a table without classes: `true` if it is a row, `false` if it is the header.
    fn count_row(&mut self, number: usize, keyword: &str, arguments: &[&str]) -> Result<bool, HunspellError> {
        if self.tables.take_row(keyword, None) {
            return Ok(true);
        }
        let Some(rows) = arguments.first().and_then(|count| count.parse().ok()) else {
            return Err(self.header_error(number, keyword, None, &format!("the first {keyword} line takes a count")));
        };
        self.tables.declare(keyword, None, number, rows);
        Ok(false)
    }

    /// A line that is no header where one is due: the first of its table, or one row too many.
    fn header_error(&self, number: usize, keyword: &str, class: Option<Flag>, expected: &str) -> HunspellError {
        match self.tables.get(keyword, class) {
            Some(AffixTable { line, declared, .. }) => {
                self.malformed(number, &format!("one row too many: the header on line {line} declares {declared}"))
            }
            None => self.malformed(number, expected),
        }
    }

    fn alias(&mut self, number: usize, arguments: &[&str]) -> Result<(), HunspellError> {
        if self.count_row(number, "AF", arguments)? {
            let text = arguments.first().copied().unwrap_or_default();
            let flags = self.affix.notation.parse(text).ok_or_else(|| self.malformed(number, "unreadable flags"))?;
            self.affix.aliases.push(flags);
        }
        Ok(())
    }

    fn break_pattern(&mut self, number: usize, arguments: &[&str]) -> Result<(), HunspellError> {
        if self.count_row(number, "BREAK", arguments)? {
            let pattern = arguments.first().ok_or_else(|| self.malformed(number, "BREAK takes a pattern"))?;
            self.affix.break_patterns.push((*pattern).to_owned());
        }
        Ok(())
    }

    fn conversion(&mut self, number: usize, arguments: &[&str]) -> Result<(), HunspellError> {
        if self.count_row(number, "ICONV", arguments)? {
            let &[from, to, ..] = arguments else {
                return Err(self.malformed(number, "ICONV takes two strings"));
            };
            self.affix.input_conversions.push((from.to_owned(), to.to_owned()));
        }
        Ok(())
    }

    fn compound_rule(&mut self, number: usize, arguments: &[&str]) -> Result<(), HunspellError> {
        if self.count_row(number, "COMPOUNDRULE", arguments)? {
            let pattern = arguments.first().and_then(|text| self.compound_pattern(text));
            let pattern = pattern
                .filter(|pattern| !pattern.is_empty())
                .ok_or_else(|| self.malformed(number, "COMPOUNDRULE takes flags, each with an optional * or ?"))?;
            self.affix.compound_rules.push(pattern);
        }
        Ok(())
    }

    /// Flags stand bare in the character notation and in parentheses in the others.
    fn compound_pattern(&self, text: &str) -> Option<Vec<CompoundItem>> {
        let mut pattern: Vec<CompoundItem> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c == '*' || c == '?' {
                let last = pattern.last_mut()?;
                last.optional = true;
                last.repeated = c == '*';
                rest = &rest[1..];
                continue;
            }
            let flag;
            if c == '(' {
                let (inner, after) = rest[1..].split_once(')')?;
                flag = self.affix.notation.parse_one(inner)?;
                rest = after;
            } else if self.affix.notation == FlagNotation::Character {
                flag = Flag::from(c);
                rest = &rest[c.len_utf8()..];
            } else {
                return None;
            }
            pattern.push(CompoundItem { flag, optional: false, repeated: false });
        }
        Some(pattern)
    }
}

/// Languages whose dotted and dotless i make other pairs of capitals.
fn has_other_case_rules(tag: &str) -> bool {
    ["tr", "az", "crh"].contains(&tag.split(['_', '-']).next().unwrap_or_default())
}
