//! Any plain-text e-mail in one of three languages yields marks that are in order and on the writer's own words; whatever is skipped has
//! its place. The first byte chooses the language.
#![no_main]

use std::sync::{LazyLock, atomic::AtomicBool};

use libfuzzer_sys::fuzz_target;
use vermilion_engine::{
    document::{DocumentFormat, MessageChannel, SkipReason},
    language::Language,
    spelling::{CheckRequest, Speller},
};

static SPELLER: LazyLock<Speller> = LazyLock::new(|| Speller::embedded().expect("the embedded data"));

const LANGUAGES: [Language; 3] = [Language::English, Language::PortugueseBr, Language::ChineseSimplified];

fuzz_target!(|input: &[u8]| {
    let Some((&choice, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest {
        format: DocumentFormat::Plain,
        channel: MessageChannel::Email,
        ..CheckRequest::new(text, LANGUAGES[usize::from(choice) % LANGUAGES.len()], &cancelled)
    };
    let report = SPELLER.check(&request);
    let others: Vec<_> = report
        .skipped
        .iter()
        .filter(|skipped| matches!(skipped.reason, SkipReason::QuotedHistory | SkipReason::Signature))
        .map(|skipped| skipped.span)
        .collect();
    let mut end = 0;
    for span in report.findings.iter().flat_map(|finding| &finding.spans) {
        assert!(end <= span.start && span.start < span.end, "{span:?} after {end}");
        assert!(text.get(span.start..span.end).is_some(), "{span:?}");
        assert!(!others.iter().any(|other| span.start < other.end && other.start < span.end), "{span:?} is another's");
        end = span.end;
    }
    let mut end = 0;
    for skipped in &report.skipped {
        assert!(end <= skipped.span.start && text.get(skipped.span.start..skipped.span.end).is_some());
        end = skipped.span.end;
    }
});
