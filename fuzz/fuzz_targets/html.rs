//! Any HTML, as e-mail or not, yields marks that are in order, on the text alone, and that read as the prose they came from.
//! The first byte chooses language and channel.
#![no_main]

use std::sync::{LazyLock, atomic::AtomicBool};

use libfuzzer_sys::fuzz_target;
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel},
    language::Language,
    spelling::{CheckRequest, Speller},
};

static SPELLER: LazyLock<Speller> = LazyLock::new(|| Speller::embedded().expect("the embedded data"));

const LANGUAGES: [Language; 3] = [Language::English, Language::PortugueseBr, Language::ChineseSimplified];

fuzz_target!(|input: &[u8]| {
    let Some((&choice, source)) = input.split_first() else { return };
    let Ok(source) = std::str::from_utf8(source) else { return };
    let language = LANGUAGES[usize::from(choice) % LANGUAGES.len()];
    let channel = if choice < 128 { MessageChannel::Email } else { MessageChannel::WebChat };
    let document = Document { content: source, format: DocumentFormat::Html, channel };

    let prose = document.read();
    for block in prose.blocks() {
        let read = document.text_at(&prose.source_spans(block.text));
        let breaks = prose.is_divided(block.text);
        // A block with lines or objects in it has characters that its source does not have.
        assert!(breaks || read.chars().eq(block.text.slice(prose.text()).chars()) || read.contains(['\n', '\r', '\t']));
    }

    let cancelled = AtomicBool::new(false);
    let request = CheckRequest {
        format: DocumentFormat::Html,
        channel,
        max_suggestions: 1,
        ..CheckRequest::new(source, language, &cancelled)
    };
    let report = SPELLER.check(&request);
    let mut end = 0;
    for finding in &report.findings {
        assert!(!finding.spans.is_empty());
        for span in &finding.spans {
            assert!(end <= span.start && span.start < span.end && span.end <= source.len(), "{span:?} after {end}");
            assert!(!source[span.range()].contains('>'), "{span:?} covers markup");
            end = span.end;
        }
    }
    let mut end = 0;
    for region in &report.skipped {
        assert!(end <= region.span.start && region.span.start < region.span.end && region.span.end <= source.len());
        assert!(source.get(region.span.range()).is_some());
        end = region.span.end;
    }
});
