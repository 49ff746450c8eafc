//! E-mail: the writer's own words are checked, what others wrote is not. The cases are in `tests/mail/`: each a line
//! `=== format language: what it shows` and the message below it, in which `⟦word⟧` must be marked, all of it, and nothing else.
//! `⏎` at the end of a line stands for its last blank. Whole messages, with what is left out, are in `tests/documents/`.

use std::sync::atomic::AtomicBool;

use crate::SPELLER;
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel, SkipReason},
    language::resolve,
    spelling::CheckRequest,
    text::Span,
};

/// A message without its marks, and where they stood.
fn unmark(marked: &str) -> (String, Vec<Span>) {
    let (mut content, mut spans) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('⟦') {
        let (word, after) = after.split_once('⟧').expect("a closed mark");
        content.push_str(before);
        spans.push(Span::new(content.len(), content.len() + word.len()));
        content.push_str(word);
        rest = after;
    }
    (content + rest, spans)
}

/// What is wrong with the marks of a case; nothing if they are right.
fn difference(head: &str, marked: &str) -> Option<String> {
    let (kind, name) = head.split_once(": ").unwrap_or_else(|| panic!("{head}: no name"));
    let (format, language) = kind.split_once(' ').unwrap_or_else(|| panic!("{head}: no language"));
    let format = match format {
        "html" => DocumentFormat::Html,
        "plain" => DocumentFormat::Plain,
        _ => panic!("{head}: unknown format"),
    };
    let (content, expected) = unmark(&marked.trim_end().replace("⏎\n", " \n"));
    let cancelled = AtomicBool::new(false);
    let language = resolve(language, "").unwrap_or_else(|_| panic!("{head}: no language tag")).language;
    let channel = MessageChannel::Email;
    let report = SPELLER.check(&CheckRequest { format, channel, ..CheckRequest::new(&content, language, &cancelled) });
    let found: Vec<Span> = report.findings.iter().flat_map(|finding| finding.spans.clone()).collect();
    let show = |spans: &[Span]| spans.iter().map(|span| span.slice(&content)).collect::<Vec<_>>().join(" | ");
    (found != expected).then(|| format!("{name}\n  expected {}\n  found    {}\n", show(&expected), show(&found)))
}

#[track_caller]
fn check(cases: &str) {
    let mut failures = Vec::new();
    let mut count = 0;
    for case in cases.split("\n=== ").skip(1) {
        let (head, message) = case.split_once('\n').expect("a message");
        count += 1;
        failures.extend(difference(head, message));
    }
    assert!(count >= 10, "only {count} cases");
    assert!(failures.is_empty(), "{} of {count} wrong:\n{}", failures.len(), failures.concat());
}

#[test]
fn own_text_is_checked_whatever_holds_it() {
    check(include_str!("../mail/own-text.txt"));
}

#[test]
fn sentences_of_people_are_no_history() {
    check(include_str!("../mail/sentences.txt"));
}

#[test]
fn history_is_not_checked() {
    check(include_str!("../mail/history.txt"));
}

#[test]
fn notices_of_firms_are_not_checked_and_sentences_about_them_are() {
    check(include_str!("../mail/notices.txt"));
}

#[test]
fn what_is_no_prose_in_html_is_not_checked() {
    check(include_str!("../mail/no-prose.txt"));
}

#[test]
fn siblings_of_what_was_found_are_read_alike() {
    check(include_str!("../mail/siblings.txt"));
}

/// The reasons that a client is told.
#[test]
fn what_is_switched_off_or_struck_out_has_its_reason() {
    let source =
        "<p>a <del>bb</del> <i spellcheck=false>cc <b spellcheck=true>dd</b></i> <i contenteditable=false>ee</i>";
    let document = Document { content: source, format: DocumentFormat::Html, channel: MessageChannel::Unspecified };
    let prose = document.read();
    let found: Vec<_> = prose.skipped_regions().map(|region| (region.span.slice(source), region.reason)).collect();
    let expected = [
        ("<del>bb</del>", SkipReason::StruckOut),
        ("<i spellcheck=false>cc ", SkipReason::SpellcheckOff),
        ("<i contenteditable=false>ee</i>", SkipReason::NotEditable),
    ];
    assert_eq!(found, expected);
}
