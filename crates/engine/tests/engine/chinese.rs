//! What holds for whole lists of Chinese words: the words of the trade are right, and what is never suggested is not.

use std::{collections::HashMap, fs, path::PathBuf, sync::atomic::AtomicBool};

use crate::SPELLER;
use vermilion_engine::{
    language::Language,
    spelling::{CheckRequest, SpellingFinding, chinese::trade::parse_trade_words},
};

fn read(path: &str) -> String {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries/zh-Hans").join(path);
    fs::read_to_string(&full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn findings(text: &str, hints: bool) -> Vec<SpellingFinding> {
    findings_in(Language::ChineseSimplified, text, hints)
}

fn findings_in(language: Language, text: &str, hints: bool) -> Vec<SpellingFinding> {
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest::new(text, language, &cancelled);
    SPELLER.check(&CheckRequest { hints, ..request }).findings
}

/// A word may be read as others where its sentence is short: a few in a thousand.
#[test]
fn words_of_the_trade_are_right_wherever_they_stand() {
    let mut marked = Vec::new();
    let lists = ["source/trade-words.tsv", "source/trade-reviewed.txt"].map(read);
    let words: Vec<String> =
        lists.iter().flat_map(|list| parse_trade_words(list).expect("words")).map(|word| word.word).collect();
    for word in &words {
        if !findings(&format!("您好，{word}已经处理。"), false).is_empty() {
            marked.push(word);
        }
    }
    assert!(1000 * marked.len() <= 3 * words.len(), "{} of {}: {marked:?}", marked.len(), words.len());
}

#[test]
fn what_is_never_suggested_is_not_even_where_it_sounds_like_what_is_written() {
    let readings = read("readings.tsv");
    let mut by_sound: HashMap<&str, Vec<char>> = HashMap::new();
    let mut sounds: HashMap<char, &str> = HashMap::new();
    for (character, readings) in readings.lines().filter_map(|line| line.split_once('\t')) {
        let sound = readings.split(',').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
        if let Some(c) = character.chars().next().filter(|&c| c != '#') {
            by_sound.entry(sound).or_default().push(c);
            sounds.insert(c, sound);
        }
    }
    let list = read("never-suggested.txt");
    let blocked: Vec<&str> =
        list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let mut tried = 0;
    for word in &blocked {
        for (at, c) in word.char_indices() {
            let (before, after) = (&word[..at], &word[at + c.len_utf8()..]);
            for other in sounds.get(&c).map_or(&[][..], |sound| &by_sound[sound]).iter().take(12) {
                let text = format!("他说{before}{other}{after}了");
                for finding in findings(&text, true) {
                    for suggestion in finding.suggestions.iter() {
                        let span = finding.spans[0];
                        let whole = format!("{}{}{}", &text[..span.start], suggestion.text, &text[span.end..]);
                        let made = blocked.iter().find(|word| whole.contains(**word) && !text.contains(**word));
                        assert_eq!(made, None, "{text} -> {whole}");
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 100, "{tried} suggestions prove little");
}

/// Replies as Taiwan and Hong Kong write them, by people who had seen neither words nor rules: (where, right ones, the most that are
/// marked for everyone, with hints).
#[test]
fn right_traditional_replies_are_hardly_marked() {
    for (name, replies, most, with_hints) in [
        ("Taiwan", include_str!("../replies/zh-TW.txt"), 2, 7),
        ("Taiwan, again", include_str!("../replies/zh-TW.again.txt"), 2, 15),
        ("Hong Kong", include_str!("../replies/zh-HK.txt"), 1, 12),
        ("Hong Kong, again", include_str!("../replies/zh-HK.again.txt"), 2, 13),
    ] {
        for (hints, most) in [(false, most), (true, with_hints)] {
            let is_marked = |line: &&str| !findings_in(Language::ChineseTraditional, line, hints).is_empty();
            let marked: Vec<_> = replies.lines().skip(1).filter(is_marked).collect();
            assert!(marked.len() <= most, "{name}, hints {hints}: {} are marked: {marked:#?}", marked.len());
        }
    }
}

/// But for a few that a frame as short as this makes look strange.
#[test]
fn words_of_two_spellings_are_right() {
    let list = read("../zh-Hant/both-forms.txt");
    let words: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let is_marked = |word: &&&str| {
        !findings_in(Language::ChineseTraditional, &format!("您好，這裡寫的是{word}。"), true).is_empty()
    };
    let marked: Vec<_> = words.iter().filter(is_marked).collect();
    assert!(100 * marked.len() <= words.len(), "{} of {}: {marked:?}", marked.len(), words.len());
}

/// And of their slips so many in a hundred are found at the least, with nothing else marked in the sentence.
#[test]
fn slips_in_traditional_replies_are_found() {
    for (name, slips, least) in [
        ("Taiwan", include_str!("../replies/zh-TW.slips.tsv"), 50),
        ("Hong Kong", include_str!("../replies/zh-HK.slips.tsv"), 41),
    ] {
        let (mut lines, mut found) = (0, 0);
        for (written, right) in slips.lines().filter_map(|line| line.split_once('\t')) {
            let findings = findings_in(Language::ChineseTraditional, written, false);
            let mended = findings.iter().rev().fold(written.to_owned(), |text, finding| {
                let (span, best) = (finding.spans[0], finding.suggestions.first());
                format!("{}{}{}", &text[..span.start], best.map_or("", |best| &*best.text), &text[span.end..])
            });
            lines += 1;
            found += usize::from(mended == right);
        }
        assert!(100 * found >= least * lines, "{name}: {found} of {lines}");
    }
}
