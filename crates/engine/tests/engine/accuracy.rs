//! How many misspellings are found, and how good the suggestions are: sentences of the trade with one misspelling each, written by
//! someone who had seen neither the checker nor its lists (`tests/accuracy/<language>.tsv`).
//!
//! `cargo test -p vermilion-engine accuracy -- --nocapture` prints the figures, and every word that is missed.
#![expect(clippy::print_stdout, reason = "the figures are for people")]

use std::sync::atomic::AtomicBool;

use vermilion_engine::{
    language::resolve,
    spelling::{CheckRequest, Speller},
};

use crate::SPELLER;

/// What must at least hold, in percent of the lines, less than one line below what was measured; `other_marks`: at most, in all
/// sentences together.
struct Floor {
    found: f64,
    first: f64,
    among_five: f64,
    other_marks: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    lines: usize,
    found: usize,
    first: usize,
    among_five: usize,
    other_marks: usize,
}

fn count(speller: &Speller, tag: &str, table: &str) -> Tally {
    let language = resolve(tag, "").expect("a tag").language;
    let mut tally = Tally::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (sentence, written, right) = match (fields.next(), fields.next(), fields.next()) {
            (Some(sentence), Some(written), Some(right)) => (sentence, written, right),
            _ => panic!("{tag}: not three fields: {line:?}"),
        };
        let cancelled = AtomicBool::new(false);
        let request = CheckRequest { max_suggestions: 5, ..CheckRequest::new(sentence, language, &cancelled) };
        let report = speller.check(&request);
        let start = sentence.find(written).unwrap_or_else(|| panic!("{tag}: {written:?} is not in {sentence:?}"));
        let (end, mut found) = (start + written.len(), None);
        tally.lines += 1;
        for finding in &report.findings {
            if finding.spans.iter().any(|span| span.start < end && span.end > start) {
                found = found.or(Some(finding));
            } else {
                tally.other_marks += 1;
                println!("{tag}: marked though right: {:?} in {sentence:?}", finding.spans[0].slice(sentence));
            }
        }
        let Some(finding) = found else {
            println!("{tag}: not found: {written:?}, right is {right:?}");
            continue;
        };
        tally.found += 1;
        // What the sentence becomes counts: a mark may be shorter than the word.
        let becomes = |suggestion: &str| {
            let span = finding.spans[0];
            format!("{}{suggestion}{}", &sentence[..span.start], &sentence[span.end..])
        };
        let wanted = format!("{}{right}{}", &sentence[..start], &sentence[end..]);
        let rank = finding.suggestions.iter().position(|suggestion| becomes(&suggestion.text) == wanted);
        tally.first += usize::from(rank == Some(0));
        tally.among_five += usize::from(rank.is_some());
        if rank != Some(0) {
            let offered: Vec<&str> = finding.suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
            println!("{tag}: {written:?}: {right:?} is {}: {offered:?}", rank.map_or("missing", |_| "not first"));
        }
    }
    tally
}

#[track_caller]
fn check(tag: &str, table: &str, floor: &Floor) {
    let tally = count(&SPELLER, tag, table);
    let percent = |part: usize| 100.0 * part as f64 / tally.lines as f64;
    let (found, first, five) = (percent(tally.found), percent(tally.first), percent(tally.among_five));
    println!(
        "{tag}: {} lines: found {found:.1} %, right first {first:.1} %, among five {five:.1} %, other marks {}",
        tally.lines, tally.other_marks
    );
    assert!(tally.lines >= 300, "{tag}: {} lines", tally.lines);
    assert!(found >= floor.found, "{tag}: found {found:.1} %, wanted {} %", floor.found);
    assert!(first >= floor.first, "{tag}: first {first:.1} %, wanted {} %", floor.first);
    assert!(five >= floor.among_five, "{tag}: among five {five:.1} %, wanted {} %", floor.among_five);
    assert!(tally.other_marks <= floor.other_marks, "{tag}: {} right words are marked", tally.other_marks);
}

#[test]
fn english() {
    let floor = Floor { found: 99.5, first: 97.8, among_five: 99.5, other_marks: 0 };
    check("en", include_str!("../accuracy/en.tsv"), &floor);
}

#[test]
fn brazilian_portuguese() {
    let floor = Floor { found: 97.9, first: 94.7, among_five: 97.0, other_marks: 0 };
    check("pt-BR", include_str!("../accuracy/pt-BR.tsv"), &floor);
}

#[test]
fn european_portuguese() {
    let floor = Floor { found: 99.9, first: 93.7, among_five: 97.4, other_marks: 0 };
    check("pt-PT", include_str!("../accuracy/pt-PT.tsv"), &floor);
}
