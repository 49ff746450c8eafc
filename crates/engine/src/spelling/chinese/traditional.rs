//! Traditional Chinese, checked by way of Simplified: the text goes there character for character, and a suggestion comes back
//! in the spelling of the one who wrote.
//!
//! The way there is certain, but for a few words that the table names. The way back is not: 发 is 發 or 髮, by the word (發現,
//! 頭髮). A suggestion whose word is known comes back by its word; one whose characters have one form each, by these; any other
//! does not come back, and the mark stands without a suggestion.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::rewriting::{RewriteTable, RewriteTableError, WordRewriteTable, parse_rows};

/// The tables of both ways. About 0.5 MB.
#[derive(Debug)]
pub(crate) struct TraditionalConverter {
    simplified: RewriteTable,
    /// The Traditional forms of a Simplified character, the most usual first.
    forms: FxHashMap<char, Box<[char]>>,
    phrases: WordRewriteTable,
    simplified_only: FxHashSet<char>,
}

impl TraditionalConverter {
    /// Parses `zh-Hant/simplified.tsv` (`Traditional TAB Simplified`, characters and words), `traditional.tsv` (`character TAB
    /// its Traditional forms, most usual first`) and `phrases.tsv` (`Simplified word TAB Traditional word`, sorted).
    ///
    /// # Errors
    /// Which line of which table is at fault.
    pub(crate) fn parse(
        simplified: &str,
        traditional: &str,
        phrases: Cow<'static, str>,
    ) -> Result<Self, RewriteTableError> {
        let (table, expected) = ("traditional", "a character, a tab and its Traditional forms");
        let mut forms = FxHashMap::default();
        let mut simplified_only = FxHashSet::default();
        for row in parse_rows(table, traditional, expected) {
            let (line, source, targets) = row?;
            if !targets.contains(source) {
                simplified_only.extend(source.chars());
            }
            let mut source = source.chars();
            match (source.next(), source.next()) {
                (Some(c), None) if !targets.is_empty() => forms.insert(c, targets.chars().collect()),
                _ => return Err(RewriteTableError { table, line, expected }),
            };
        }
        Ok(Self {
            simplified: RewriteTable::parse("simplified", simplified)?,
            forms,
            phrases: WordRewriteTable::parse("phrases", phrases)?,
            simplified_only,
        })
    }

    /// Whether only Simplified text has the character: none of its Traditional forms is written like it.
    #[must_use]
    pub(crate) fn is_simplified(&self, c: char) -> bool {
        self.simplified_only.contains(&c)
    }

    /// A text in Simplified characters, as many as before: that of a position is the one at the same position. It knows more
    /// than the table of single characters: 乾 is 干, but stays in 乾坤.
    #[must_use]
    pub(crate) fn simplify(&self, text: &str) -> String {
        self.simplified.rewrite(text)
    }

    /// The Traditional forms of a Simplified character, the most usual first; none of one that both scripts write alike.
    #[must_use]
    pub(super) fn forms_of(&self, c: char) -> &[char] {
        self.forms.get(&c).map_or(&[], |forms| forms)
    }

    /// The Traditional form of each character of a Simplified word, as far as it is certain: by the word, or as the character has
    /// no other. It appends to `out`.
    pub(super) fn word_forms(&self, word: &str, out: &mut Vec<Option<char>>) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            if let Some((source, target)) = self.phrases.longest_match(rest) {
                out.extend(target.chars().map(Some));
                rest = &rest[source.len()..];
            } else {
                out.push(match self.forms_of(first) {
                    [] => Some(first),
                    [form] => Some(*form),
                    _ => None,
                });
                rest = &rest[first.len_utf8()..];
            }
        }
    }

    /// The Traditional spelling of a suggestion for a stretch of the original; None if that depends on what is meant.
    ///
    /// Characters that the suggestion leaves as they were stay as they were written, in whichever region's form. For the rest
    /// the forms are those of Taiwan. More context resolves more: give the word with its neighbours, not the single
    /// character (`头发` for `頭法`, where `发` for `法` would be ambiguous).
    #[must_use]
    pub(crate) fn restore_traditional(&self, simplified: &str, original: &str) -> Option<String> {
        let before = self.simplify(original);
        let aligned = simplified.chars().count() == original.chars().count();
        let mut as_written = original.chars().zip(before.chars());
        let mut out = String::with_capacity(simplified.len());
        let mut rest = simplified;
        while let Some(first) = rest.chars().next() {
            let (source, phrase) = self
                .phrases
                .longest_match(rest)
                .map_or((&rest[..first.len_utf8()], None), |(source, target)| (source, Some(target)));
            let mut targets = phrase.unwrap_or_default().chars();
            for c in source.chars() {
                let single = || match self.forms_of(c) {
                    [] => Some(c),
                    [form] => Some(*form),
                    _ => None,
                };
                let form = targets.next().or_else(single);
                let kept = as_written.next().filter(|&(_, same)| aligned && same == c).map(|(written, _)| written);
                out.push(kept.or(form)?);
            }
            rest = &rest[source.len()..];
        }
        Some(out)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::spelling::chinese) fn tables() -> TraditionalConverter {
        let simplified = include_str!("../../../../../dictionaries/zh-Hant/simplified.tsv");
        let traditional = include_str!("../../../../../dictionaries/zh-Hant/traditional.tsv");
        let phrases = include_str!("../../../../../dictionaries/zh-Hant/phrases.tsv");
        TraditionalConverter::parse(simplified, traditional, phrases.into()).unwrap()
    }

    #[test]
    fn simplifies_every_regional_form() {
        let tables = tables();
        for line in ["裏裡里", "著着着", "臺台台", "檯枱台", "說説说", "爲為为", "衆眾众", "啓啟启", "線綫线", "內内内"]
        {
            let [one, other, simplified] = line.chars().collect::<Vec<_>>()[..] else { unreachable!("three a line") };
            assert_eq!(tables.simplified.rewrite_character(one), simplified, "{one}");
            assert_eq!(tables.simplified.rewrite_character(other), simplified, "{other}");
            assert_eq!(tables.simplified.rewrite_character(simplified), simplified, "{simplified}");
        }
    }

    #[test]
    fn simplifies_by_word_where_characters_would_err() {
        #[track_caller]
        fn check(text: &str, simplified: &str) {
            let found = tables().simplify(text);
            assert_eq!(found, simplified);
            assert_eq!(found.chars().count(), text.chars().count());
        }
        check("請您稍後，客服專員會與您聯繫", "请您稍后，客服专员会与您联系");
        check("著名的乾坤大挪移", "著名的乾坤大挪移");
        check("等著烘乾", "等着烘干");
        check("感謝您的回覆", "感谢您的回复");
        check("請把信封覆蓋", "请把信封覆盖");
        check("憑藉瞭解", "凭借了解");
        check("計畫沈默", "计划沉默");
        check("Wi-Fi 👍🏽 \u{20BB7}", "Wi-Fi 👍🏽 \u{20BB7}");
    }

    #[test]
    fn brings_a_suggestion_back() {
        #[track_caller]
        fn check(simplified: &str, original: &str, traditional: Option<&str>) {
            assert_eq!(
                tables().restore_traditional(simplified, original).as_deref(),
                traditional,
                "{simplified} for {original}"
            );
        }
        // One form each.
        check("联系", "連係", Some("聯係"));
        check("请问", "情問", Some("請問"));
        check("您好", "您號", Some("您好"));
        // By the word.
        check("头发", "頭法", Some("頭髮"));
        check("发现", "法現", Some("發現"));
        check("回复", "回付", Some("回覆"));
        check("台风", "抬風", Some("颱風"));
        // The region's form is kept where the character was right, and Taiwan's is given where it was not.
        check("里面", "裏棉", Some("裏面"));
        check("里面", "裡棉", Some("裡面"));
        check("这里", "這理", Some("這裡"));
        check("台湾", "台彎", Some("台灣"));
        check("为什么", "為甚麼", Some("為什麼"));
        // A choice that only the meaning makes.
        check("发", "法", None);
        check("干", "感", None);
        check("只有", "之有", Some("只有"));
        // Nothing changed; another length; no Chinese.
        check("后台", "後臺", Some("後臺"));
        check("已经可以", "以經", Some("已經可以"));
        check("ok", "OK", Some("ok"));
        check("", "", Some(""));
    }

    #[test]
    fn a_malformed_table_is_named() {
        #[track_caller]
        fn check(tables: [&'static str; 3], message: &str) {
            let [simplified, traditional, phrases] = tables;
            let error = TraditionalConverter::parse(simplified, traditional, phrases.into()).map(drop).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        check(
            ["發\t发", "发\t發髮", "头发"],
            "phrases, line 1: expected a word of two to four characters, a tab and another of the same length",
        );
        check(["發\t发", "发\n", ""], "traditional, line 1: expected a character, a tab and its Traditional forms");
        check(
            ["發\t发", "#\n发\t\n", ""],
            "traditional, line 2: expected a character, a tab and its Traditional forms",
        );
        check(["發\t发髮", "", ""], "simplified, line 1: expected a character or a word, a tab and as many others");
    }

    #[test]
    fn the_tables_agree() {
        let tables = tables();
        let traditional = include_str!("../../../../../dictionaries/zh-Hant/traditional.tsv");
        let phrases = include_str!("../../../../../dictionaries/zh-Hant/phrases.tsv");
        for row in parse_rows("traditional", traditional, "").chain(parse_rows("phrases", phrases, "")) {
            let (line, source, targets) = row.unwrap();
            if source.chars().count() > 1 {
                assert_eq!(tables.simplify(targets), source, "phrases, line {line}");
            } else if let Some(first) = targets.chars().next() {
                assert_eq!(tables.simplified.rewrite_character(first).to_string(), source, "traditional, line {line}");
            }
        }
    }
}
