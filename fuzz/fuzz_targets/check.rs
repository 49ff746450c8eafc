//! Any text in any language yields marks that are in order, disjoint and on grapheme boundaries. The first byte chooses the
//! language and the number of suggestions.
#![no_main]

use std::sync::{LazyLock, atomic::AtomicBool};

use libfuzzer_sys::fuzz_target;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};
use vermilion_engine::{
    language::Language,
    spelling::{CheckRequest, Speller},
};

static SPELLER: LazyLock<Speller> = LazyLock::new(|| Speller::embedded().expect("the embedded data"));

const LANGUAGES: [Language; 7] = [
    Language::English,
    Language::EnglishUs,
    Language::EnglishGb,
    Language::PortugueseBr,
    Language::PortuguesePt,
    Language::ChineseSimplified,
    Language::ChineseTraditional,
];

fuzz_target!(|input: &[u8]| {
    let Some((&choice, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let language = LANGUAGES[usize::from(choice) % LANGUAGES.len()];
    let max_suggestions = usize::from(choice) / LANGUAGES.len() % 6;
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest { max_suggestions, ..CheckRequest::new(text, language, &cancelled) };
    let report = SPELLER.check(&request);

    let boundary = |at| GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).expect("the whole text");
    let mut end = 0;
    for finding in &report.findings {
        assert!(finding.suggestions.len() <= max_suggestions);
        assert!(!finding.spans.is_empty());
        for span in &finding.spans {
            assert!(end <= span.start && span.start < span.end && span.end <= text.len(), "{span:?} after {end}");
            assert!(boundary(span.start) && boundary(span.end), "{span:?} cuts a grapheme of {:?}", graphemes(text));
            end = span.end;
        }
    }
    let mut end = 0;
    for skipped in &report.skipped {
        let span = skipped.span;
        assert!(end <= span.start && span.start <= span.end && span.end <= text.len(), "{span:?} after {end}");
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        end = span.end;
    }
});

fn graphemes(text: &str) -> Vec<(usize, &str)> {
    text.grapheme_indices(true).collect()
}
