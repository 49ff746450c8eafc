//! Sentences of other languages are left alone, whatever slips they have, and slips of ours are not (`tests/foreign/<language>.txt`);
//! and each sentence is checked in its own language where nobody says which that is (`tests/foreign/und.txt`).
//!
//! A line is the codes of the sentences that are skipped, in order (`?` where none is told, `-` for no sentence), a tab, the text,
//! with its marks as in the tables of spelling. In `und.txt` the codes are those of the languages that were used.

use std::{fmt::Write as _, fs, path::Path, sync::atomic::AtomicBool};

use vermilion_engine::{
    document::SkipReason,
    language::{Language, resolve},
    spelling::{CheckRequest, SpellingReport},
};

use crate::{SPELLER, spelling::unmarked};

fn marked(text: &str, report: &SpellingReport) -> String {
    let (mut marked, mut at) = (String::new(), 0);
    for finding in &report.findings {
        let span = finding.spans[0];
        let first = finding.suggestions.first().map_or("", |suggestion| suggestion.text.as_str());
        _ = write!(marked, "{}[{}>{first}]", &text[at..span.start], span.slice(text));
        at = span.end;
    }
    marked + &text[at..]
}

fn skipped_codes(report: &SpellingReport) -> String {
    let code = |reason| match reason {
        SkipReason::OtherLanguage(code) => Some(code.map_or_else(|| "?".to_owned(), |code| code.as_str().to_owned())),
        _ => None,
    };
    report.skipped.iter().filter_map(|region| code(region.reason)).collect::<Vec<_>>().join(" ")
}

fn used_codes(report: &SpellingReport) -> String {
    report.languages.iter().map(|(_, language)| language.tag()).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check_table(file: &str, language: Language, detect: bool, codes: impl Fn(&SpellingReport) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign").join(file);
    let table = fs::read_to_string(&path).expect("the table");
    let mut failures = String::new();
    for (index, line) in table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (expected, case) = line.split_once('\t').unwrap_or_else(|| panic!("{file}, line {}: no tab", index + 1));
        let text = unmarked(case);
        let cancelled = AtomicBool::new(false);
        let report = SPELLER.check(&CheckRequest { detect, ..CheckRequest::new(&text, language, &cancelled) });
        let (found, answer) = (codes(&report), marked(&text, &report));
        let expected = if expected == "-" { "" } else { expected };
        if (found.as_str(), answer.as_str()) != (expected, case) {
            _ = writeln!(failures, "line {}:\n  expected {expected}\t{case}\n  found    {found}\t{answer}", index + 1);
        }
    }
    assert!(failures.is_empty(), "\n{file}\n{failures}");
}

#[test]
fn sentences_of_other_languages_are_left_alone() {
    for (file, tag) in [("en.txt", "en"), ("pt-BR.txt", "pt-BR")] {
        check_table(file, resolve(tag, "").expect("a tag").language, false, skipped_codes);
    }
}

#[test]
fn each_sentence_is_checked_in_its_language() {
    check_table("und.txt", Language::EnglishGb, true, used_codes);
}

#[test]
fn the_preferred_variety_is_that_of_its_language() {
    let cancelled = AtomicBool::new(false);
    for (preferred, expected) in [
        (Language::PortuguesePt, ["en", "pt-PT", "zh-Hans"]),
        (Language::ChineseTraditional, ["en", "pt-BR", "zh-Hant"]),
        (Language::EnglishUs, ["en-US", "pt-BR", "zh-Hans"]),
    ] {
        let text = "Thanks for your message. O seu pedido chegou ontem. 您的包裹已经寄出。";
        let report = SPELLER.check(&CheckRequest { detect: true, ..CheckRequest::new(text, preferred, &cancelled) });
        let used: Vec<&str> = report.languages.iter().map(|(_, language)| language.tag()).collect();
        assert_eq!(used, expected, "{preferred:?}");
        let covered = report.languages.iter().fold(0, |end, (span, _)| if span.start == end { span.end } else { 0 });
        assert_eq!(covered, text.len(), "no gaps");
    }
}
