//! The spelling engine on tables of sentences: `tests/spelling/<language>.txt`, one case a line.
//!
//! `[recieve>receive]` marks a misspelling and its first suggestion, `[~musica>música]` a likely accent, `[xyz]` a
//! misspelling whatever is suggested. Everything outside brackets must stay unmarked. A new case is a new line.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{fmt::Write as _, sync::atomic::AtomicBool};

use vermilion::{
    language::{Language, resolve},
    spelling::{CheckRequest, Kind, Report, Speller},
};

fn report(speller: &Speller, text: &str, language: Language) -> Report {
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest::new(text, language, &cancelled);
    speller.check(&request).expect("a supported language")
}

/// The text without its marks.
fn unmarked(case: &str) -> String {
    let mut text = String::new();
    let mut rest = case;
    while let Some((before, after)) = rest.split_once('[') {
        let (mark, after) = after.split_once(']').expect("a closing bracket");
        text.push_str(before);
        text.push_str(mark.trim_start_matches('~').split('>').next().unwrap_or_default());
        rest = after;
    }
    text + rest
}

/// The text with marks at the findings; the suggestion only where the case names one.
fn marked(text: &str, report: &Report, case: &str) -> String {
    let mut marked = String::new();
    let mut at = 0;
    for finding in &report.findings {
        let span = finding.spans[0];
        let wrong = span.of(text);
        let kind = if finding.kind == Kind::LikelyAccent { "~" } else { "" };
        let first = finding.suggestions.first().map_or("", |suggestion| suggestion.text.as_str());
        marked.push_str(&text[at..span.start]);
        _ = if case.contains(&format!("[{kind}{wrong}]")) {
            write!(marked, "[{kind}{wrong}]")
        } else {
            write!(marked, "[{kind}{wrong}>{first}]")
        };
        at = span.end;
    }
    marked + &text[at..]
}

fn check_table(tag: &str, table: &str) {
    let language = resolve(tag, "").expect("a tag").language;
    let speller = Speller::embedded().expect("the embedded data");
    let mut failures = String::new();
    for (index, case) in table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let text = unmarked(case);
        let answer = marked(&text, &report(&speller, &text, language), case);
        if answer != case {
            _ = writeln!(failures, "{tag}:{}\n  expected {case}\n  answered {answer}", index + 1);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn english() {
    check_table("en", include_str!("spelling/en.txt"));
}

#[test]
fn english_of_one_region() {
    check_table("en-US", include_str!("spelling/en-US.txt"));
    check_table("en-GB", include_str!("spelling/en-GB.txt"));
}

#[test]
fn brazilian_portuguese() {
    check_table("pt-BR", include_str!("spelling/pt-BR.txt"));
}

#[test]
fn european_portuguese() {
    check_table("pt-PT", include_str!("spelling/pt-PT.txt"));
}

#[test]
fn correct_replies_are_hardly_marked() {
    let speller = Speller::embedded().expect("the embedded data");
    for (tag, text, per_thousand) in [
        ("en", include_str!("replies/en.txt"), 2),
        ("pt-BR", include_str!("replies/pt-BR.txt"), 3),
        ("pt-PT", include_str!("replies/pt-PT.txt"), 3),
    ] {
        let language = resolve(tag, "").expect("a tag").language;
        let words = text.split_whitespace().count();
        let marks: usize = text.lines().map(|line| report(&speller, line, language).findings.len()).sum();
        assert!(1000 * marks <= per_thousand * words, "{tag}: {marks} marks in {words} words");
    }
}

#[test]
fn chinese_is_refused_until_it_is_there() {
    let speller = Speller::embedded().expect("the embedded data");
    assert!(!speller.supports(Language::ChineseSimplified));
    assert!(speller.suggest("x", Language::ChineseTraditional, 5).is_err());
}
