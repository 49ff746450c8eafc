//! Numbers written as words, to digits: English, Portuguese and Chinese. A digit that stood as a word has [`BY_WORD`] before it.
//! Words that are numbers only by the letter (十分感谢, "one of us") stay words.

use super::is_han;

/// Stands before digits that were written as words.
pub(super) const BY_WORD: char = '\u{E000}';

/// Numbers as words to digits, in a folded text.
pub(super) fn to_digits(folded: &str) -> String {
    words(&chinese(folded))
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
    use Class::{Factor, Hundred, One, Teen, Ten, Unit};
    Some(match word {
        "one" | "um" | "uma" | "a" => (1, One),
        "two" | "dois" | "duas" => (2, Unit),
        "three" | "tres" => (3, Unit),
        "four" | "quatro" => (4, Unit),
        "five" | "cinco" => (5, Unit),
        "six" | "seis" => (6, Unit),
        "seven" | "sete" => (7, Unit),
        "eight" | "oito" => (8, Unit),
        "nine" | "nove" => (9, Unit),
        "ten" | "dez" => (10, Teen),
        "eleven" | "onze" => (11, Teen),
        "twelve" | "doze" => (12, Teen),
        "thirteen" | "treze" => (13, Teen),
        "fourteen" | "quatorze" | "catorze" => (14, Teen),
        "fifteen" | "quinze" => (15, Teen),
        "sixteen" | "dezesseis" | "dezasseis" => (16, Teen),
        "seventeen" | "dezessete" | "dezassete" => (17, Teen),
        "eighteen" | "dezoito" => (18, Teen),
        "nineteen" | "dezenove" | "dezanove" => (19, Teen),
        "twenty" | "vinte" => (20, Ten),
        "thirty" | "trinta" => (30, Ten),
        "forty" | "quarenta" => (40, Ten),
        "fifty" | "cinquenta" => (50, Ten),
        "sixty" | "sessenta" => (60, Ten),
        "seventy" | "setenta" => (70, Ten),
        "eighty" | "oitenta" => (80, Ten),
        "ninety" | "noventa" => (90, Ten),
        "cem" | "cento" => (100, Hundred),
        "duzentos" | "duzentas" => (200, Hundred),
        "trezentos" | "trezentas" => (300, Hundred),
        "quatrocentos" | "quatrocentas" => (400, Hundred),
        "quinhentos" | "quinhentas" => (500, Hundred),
        "seiscentos" | "seiscentas" => (600, Hundred),
        "setecentos" | "setecentas" => (700, Hundred),
        "oitocentos" | "oitocentas" => (800, Hundred),
        "novecentos" | "novecentas" => (900, Hundred),
        "hundred" => (100, Factor),
        "thousand" | "mil" => (1000, Factor),
        "million" | "milhao" | "milhoes" => (1_000_000, Factor),
        _ => return None,
    })
}

/// A word, or what lies between two.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut in_word = None;
    for (at, c) in text.char_indices() {
        let letter = c.is_alphabetic() && !is_han_or_nought(c);
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

const fn is_han_or_nought(c: char) -> bool {
    is_han(c) || c == '〇'
}

fn words(text: &str) -> String {
    let parts = parts(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < parts.len() {
        let after_digit = at > 0 && parts[at - 1].trim_end().ends_with(|c: char| c.is_ascii_digit());
        match read_words(&parts[at..]) {
            // "5 mil": the digits and their factor are read together, elsewhere.
            Some((number, taken))
                if !(after_digit && taken == 1 && matches!(word_value(parts[at]), Some((_, Class::Factor)))) =>
            {
                out.push(BY_WORD);
                out.push_str(&number.to_string());
                at += taken;
            }
            _ => {
                out.push_str(parts[at]);
                at += 1;
            }
        }
    }
    out
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
const MEASURES: &str = "元块毛角秒天日号月年周個个位名件次小時时点點刻折倍项項条條种種份张張台臺部箱盒袋瓶层層楼樓间間套人成级級期分英美欧人星礼";

/// Whether a character counts things behind a numeral.
pub(super) fn is_measure(c: char) -> bool {
    MEASURES.contains(c)
}

/// Words that hold numerals and are no numbers.
const IDIOMS: &[&str] = &[
    "百分之",
    "万一",
    "一一",
    "千万别",
    "千万不",
    "千万要",
    "百忙",
    "千方百计",
    "一五一十",
    "三番",
    "四处",
    "五花八门",
    "七上八下",
    "乱七八糟",
    "十全十美",
    "万分",
    "万事",
    "一二",
    "再三",
    "百般",
    "万能",
    "千万请",
    "六神",
    "四面八方",
    "百分百",
    "两全",
    "万无一失",
    "十足",
    "十万火急",
];

fn chinese(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let numeral = |c: char| chinese_digit(c).is_some() || chinese_factor(c).is_some();
        if !numeral(c) {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        if let Some(idiom) = IDIOMS.iter().find(|idiom| rest.starts_with(**idiom)) {
            out.push_str(idiom);
            rest = &rest[idiom.len()..];
            continue;
        }
        let end = rest.find(|c: char| !numeral(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        match read_chinese(run).filter(|number| is_number(&out, run, *number, after)) {
            Some(number) => {
                if !out.ends_with(|c: char| c.is_ascii_digit()) {
                    out.push(BY_WORD);
                }
                out.push_str(&number.to_string());
            }
            None => out.push_str(run),
        }
        rest = after;
    }
    out
}

/// Whether a run of numerals is meant as a number, by what is around it.
fn is_number(before: &str, run: &str, number: u64, after: &str) -> bool {
    let digit_before = before.ends_with(|c: char| c.is_ascii_digit());
    if digit_before || ["星期", "礼拜", "周"].iter().any(|day| before.ends_with(day)) {
        // 3万, and the days of the week, are read elsewhere.
        return false;
    }
    if before.ends_with("百分之") {
        return true;
    }
    let next = after.chars().next();
    if run == "十" && after.starts_with('分') {
        return after.starts_with("分钟") || after.starts_with("分鐘");
    }
    if number == 1 && run.chars().count() == 1 {
        let strong = [
            "月",
            "日",
            "号",
            "元",
            "块钱",
            "小时",
            "个小时",
            "分钟",
            "天",
            "年",
            "周",
            "折",
            "个月",
            "点钟",
            "点半",
            "点整",
            "个工作日",
        ];
        return strong.iter().any(|unit| after.starts_with(unit)) && !before.ends_with('第');
    }
    if run.chars().count() > 1 {
        return true;
    }
    before.ends_with('第') || next.is_some_and(|c| MEASURES.contains(c) || c == '-' || c == '到' || c == '至')
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
    use super::{super::plain::fold, *};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(to_digits(&fold(text)).replace(BY_WORD, "~"), expected, "{text}");
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
