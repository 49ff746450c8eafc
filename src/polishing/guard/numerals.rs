//! Numbers written as words, to digits: English, Portuguese and Chinese. A digit that stood as a word has [`BY_WORD`] before it.
//! Words that are numbers only by the letter (十分感谢, "one of us") stay words.

use super::{is_han, mapped::MappedText, words::words};

/// Stands before digits that were written as words.
pub(super) const BY_WORD: char = '\u{E000}';

/// Stands before digits that were written as a word that may be no number: 三 of 三星.
pub(super) const MAYBE: char = '\u{E001}';

/// Numbers as words to digits, in a folded text. O(length).
pub(super) fn to_digits(folded: &str) -> MappedText {
    let parts = parts(folded);
    let mut out = MappedText::of_source(folded.len());
    let (mut index, mut at) = (0, 0);
    while let Some(part) = parts.get(index) {
        let mut taken = 1;
        if part.starts_with(is_letter) {
            let after_digit = out.as_str().trim_end().ends_with(|c: char| c.is_ascii_digit());
            match read_words(&parts[index..]) {
                // "5 mil": the digits and their factor are read together, elsewhere.
                Some((number, words))
                    if !(after_digit && words == 1 && matches!(word_value(part), Some((_, Class::Factor)))) =>
                {
                    out.push_replaced(&format!("{BY_WORD}{number}"), at);
                    taken = words;
                }
                _ => out.push_run(part, at),
            }
        } else {
            chinese(folded, at..at + part.len(), &mut out);
        }
        at += parts[index..index + taken].iter().map(|part| part.len()).sum::<usize>();
        index += taken;
    }
    out
}

/// What a word counts for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// 1: also an article, so only inside a number.
    One,
    Unit,
    Teen,
    Ten,
    Hundred,
    /// "hundred", "mil", "million".
    Factor,
}

fn word_value(word: &str) -> Option<(u64, Class)> {
    if let Some(factor) = words().factors.get(word) {
        return Some((*factor, Class::Factor));
    }
    let number = *words().numbers.get(word)?;
    let class = match number {
        1 => Class::One,
        2..=9 => Class::Unit,
        10..=19 => Class::Teen,
        20..=99 => Class::Ten,
        _ => Class::Hundred,
    };
    Some((number, class))
}

/// A letter of a script with spaces.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !is_han(c) && c != '〇'
}

/// A word, or what lies between two.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut in_word = None;
    for (at, c) in text.char_indices() {
        let letter = is_letter(c);
        if in_word.is_some_and(|was| was != letter) {
            parts.push(&text[start..at]);
            start = at;
        }
        in_word = Some(letter);
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

/// The number that begins here, and how many parts it takes.
fn read_words(parts: &[&str]) -> Option<(u64, usize)> {
    let (mut total, mut group, mut taken) = (0_u64, 0_u64, 0_usize);
    let mut last: Option<(u64, Class)> = None;
    let mut at = 0;
    while let Some((value, class)) = parts.get(at).and_then(|part| word_value(part)) {
        let fits = match (last, class) {
            (None, _) | (Some((_, Class::Factor)), _) | (Some(_), Class::Factor) => true,
            (Some((_, Class::Ten)), Class::Unit | Class::One) => true,
            (Some((_, Class::Hundred)), class) => class != Class::Hundred,
            _ => false,
        };
        if !fits || last.is_some_and(|(_, was)| was == Class::Factor && class == Class::One && parts[at] == "a") {
            break;
        }
        if class == Class::Factor {
            group = group.max(1).saturating_mul(value);
            if value >= 1000 {
                total = total.saturating_add(group);
                group = 0;
            }
        } else {
            group = group.saturating_add(value);
        }
        last = Some((value, class));
        taken = at + 1;
        at = match (parts.get(at + 1).copied(), parts.get(at + 2).copied(), parts.get(at + 3).copied()) {
            (Some(" "), Some("e" | "and"), Some(" ")) => at + 4,
            (Some(" " | "-"), _, _) => at + 2,
            _ => break,
        };
    }
    let number = total.saturating_add(group);
    // An article alone is no number.
    (taken > 0 && number > 1).then_some((number, taken))
}

fn chinese_digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' | '兩' | '貳' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

pub(super) fn chinese_factor(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// Behind a single Chinese numeral these make it a number.
const MEASURES: &str = "元块毛角秒天日号月年周个位名件次小时点刻折倍项条种份张台部箱盒袋瓶层楼间套人成级期分英美欧人星礼样款本只支颗束双对碗杯顿\
    桌节趟遍场单笔批组把根辆架扇封页字段晚门副粒克斤吨升米排";

/// Whether a character counts things behind a numeral.
pub(super) fn is_measure(c: char) -> bool {
    MEASURES.contains(c)
}

/// Appends a part of a folded text that has no letters, its numerals as digits.
fn chinese(folded: &str, range: std::ops::Range<usize>, out: &mut MappedText) {
    let numeral = |c: char| chinese_digit(c).is_some() || chinese_factor(c).is_some();
    let mut at = range.start;
    while let Some(found) = folded[at..range.end].find(numeral) {
        out.push_run(&folded[at..at + found], at);
        at += found;
        let rest = &folded[at..range.end];
        if let Some(idiom) = words().idioms.beginning(rest) {
            let end = idiom.text.len();
            out.push_run(&rest[..end], at);
            at += end;
            continue;
        }
        let end = at + rest.find(|c: char| !numeral(c)).unwrap_or(rest.len());
        let run = &folded[at..end];
        let read =
            read_chinese(run).and_then(|number| Some((number, is_number(out.as_str(), run, number, &folded[end..])?)));
        match read {
            Some((number, mark)) => {
                let mark =
                    if out.as_str().ends_with(|c: char| c.is_ascii_digit()) { String::new() } else { mark.into() };
                out.push_replaced(&format!("{mark}{number}"), at);
            }
            None => out.push_run(run, at),
        }
        at = end;
    }
    out.push_run(&folded[at..range.end], at);
}

/// Whether a run of numerals is meant as a number, by what is around it: the mark that says so.
fn is_number(before: &str, run: &str, number: u64, after: &str) -> Option<char> {
    let digit_before = before.ends_with(|c: char| c.is_ascii_digit());
    if digit_before || ["星期", "礼拜", "周"].iter().any(|day| before.ends_with(day)) {
        // 3万, and the days of the week, are read elsewhere.
        return None;
    }
    let certain = |is_certain: bool| is_certain.then_some(BY_WORD);
    if before.ends_with("百分之") {
        return Some(BY_WORD);
    }
    let next = after.chars().next();
    if run == "十" && after.starts_with('分') {
        return certain(after.starts_with("分钟"));
    }
    let is_single = run.chars().count() == 1;
    if number == 1 && is_single {
        return certain(words().one.beginning(after).is_some() && !before.ends_with('第'));
    }
    if !is_single || before.ends_with('第') {
        return Some(BY_WORD);
    }
    match next {
        Some(c) if MEASURES.contains(c) || matches!(c, '-' | '到' | '至') => Some(BY_WORD),
        // A measure that the table lacks, or a name: it may be the like of a number and needs none.
        Some(c) if is_han(c) && number < 10 => Some(MAYBE),
        _ => None,
    }
}

/// 三千五百, 三千五, 二〇二四, 一万二. `None` if the run is no numeral.
fn read_chinese(run: &str) -> Option<u64> {
    let chars: Vec<char> = run.chars().collect();
    if chars.len() > 1 && chars.iter().all(|c| chinese_digit(*c).is_some()) {
        // Digit by digit, as years and telephone numbers are said.
        return chars.iter().try_fold(0_u64, |number, c| number.checked_mul(10)?.checked_add(chinese_digit(*c)?));
    }
    let (mut total, mut section, mut digit) = (0_u64, 0_u64, None);
    let mut last_factor = 1;
    let mut zero = false;
    for &c in &chars {
        if let Some(value) = chinese_digit(c) {
            zero |= value == 0;
            digit = Some(value);
            continue;
        }
        let factor = chinese_factor(c)?;
        if factor >= 10_000 {
            section = section.checked_add(digit.take().unwrap_or(0))?.max(1);
            total = total.checked_add(section)?.checked_mul(factor)?;
            section = 0;
        } else {
            section = section.checked_add(digit.take().unwrap_or(1).checked_mul(factor)?)?;
        }
        last_factor = factor;
        zero = false;
    }
    // 三千五 is 3,500; 三千零五 is 3,005.
    let rest = digit.unwrap_or(0);
    let rest = if last_factor > 10 && !zero { rest.checked_mul(last_factor / 10)? } else { rest };
    total.checked_add(section)?.checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::{super::fold::fold, *};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let digits = to_digits(fold(text).as_str());
        assert_eq!(digits.as_str().replace(BY_WORD, "~").replace(MAYBE, "^"), expected, "{text}");
    }

    #[test]
    fn english_and_portuguese() {
        check("twenty-five days", "~25 days");
        check("one hundred and five", "~105");
        check("two thousand three hundred", "~2300");
        check("A hundred, or ten", "~100, or ~10");
        check("one of us, a day", "one of us, a day");
        check("vinte e cinco", "~25");
        check("cento e vinte e três reais", "~123 reais");
        check("dois mil e quinhentos", "~2500");
        check("dois e três", "~2 e ~3");
        check("R$ 5 mil", "r$ 5 mil");
        check("um milhão", "~1000000");
    }

    #[test]
    fn chinese_numerals() {
        check("三千五百元", "~3500元");
        check("三千五", "~3500");
        check("三千零五", "~3005");
        check("二〇二四年五月十二日", "~2024年~5月~12日");
        check("一万二千", "~12000");
        check("两天", "~2天");
        check("两样，三星", "~2样，~3星");
        check("四川", "^4川");
        check("十分感谢", "十分感谢");
        check("十分钟", "~10分钟");
        check("一下，一个，万一，千万不要", "一下，一个，万一，千万不要");
        check("百分之五十", "百分之~50");
        check("星期三", "星期三");
        check("3万元", "3万元");
        check("壹佰贰拾元", "~120元");
        check("１２３．５％", "123.5%");
    }
}
