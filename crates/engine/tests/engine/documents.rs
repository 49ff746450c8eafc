//! Whole messages: every file of `tests/documents/` is one, with its expected marks in it. A new case is a new file.
//!
//! ```text
//! format: html
//! channel: email
//! language: en
//! ---
//! <p>We ⟦recieve>receive⟧ mis<b>... ⟪quote:<blockquote type="cite">...</blockquote>⟫
//! ```
//!
//! `⟦recieve>receive⟧` is a misspelling and its first suggestion, `⟦~...⟧` a likely accent; a word that markup divides is
//! marked piece by piece, the later ones as `⟦+led>...⟧`. `⟪quote:...⟫` is a region that is left out as a whole: `quote`,
//! `signature`, `header`, `code`, `untranslated`, `hidden`, `protected`, `language`; `⟪protected:` is given as the client's.
//! Everything else must stay unmarked. `VERMILION_BLESS=1 cargo test -p vermilion-engine documents` writes the marks that are found.

use std::{env, fs, mem::discriminant, path::Path, sync::atomic::AtomicBool};

use crate::SPELLER;
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel, SkipReason},
    language::resolve,
    spelling::{CheckRequest, FindingKind, SpellingReport},
    text::Span,
};

/// Regions that a fixture shows. Links, names and the like have tables of their own.
const SHOWN: &[(&str, SkipReason)] = &[
    ("quote", SkipReason::QuotedHistory),
    ("signature", SkipReason::Signature),
    ("header", SkipReason::ForwardedHeader),
    ("code", SkipReason::ProgramCode),
    ("untranslated", SkipReason::NotTranslatable),
    ("hidden", SkipReason::Hidden),
    ("protected", SkipReason::Protected),
    ("language", SkipReason::OtherLanguage(None)),
];

/// A message as its file has it.
struct Fixture {
    head: String,
    format: DocumentFormat,
    channel: MessageChannel,
    language: String,
    marked: String,
}

impl Fixture {
    fn read(name: &str, file: &str) -> Self {
        let (head, marked) = file.split_once("---\n").unwrap_or_else(|| panic!("{name}: no line ---"));
        let value = |key: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
            line.unwrap_or_else(|| panic!("{name}: no {key}"))
        };
        Self {
            head: head.to_owned(),
            format: match value("format") {
                "html" => DocumentFormat::Html,
                "plain" => DocumentFormat::Plain,
                other => panic!("{name}: unknown format {other}"),
            },
            channel: match value("channel") {
                "email" => MessageChannel::Email,
                "web-chat" => MessageChannel::WebChat,
                "whatsapp" => MessageChannel::WhatsApp,
                "sms" => MessageChannel::Sms,
                "social" => MessageChannel::Social,
                "unspecified" => MessageChannel::Unspecified,
                other => panic!("{name}: unknown channel {other}"),
            },
            language: value("language").to_owned(),
            marked: marked.to_owned(),
        }
    }

    /// The content without its marks, and the client's ranges.
    fn unmarked(&self) -> (String, Vec<Span>) {
        let (mut content, mut protected, mut open) = (String::new(), Vec::new(), Vec::new());
        let mut rest = self.marked.as_str();
        while let Some(at) = rest.find(['⟦', '⟪', '⟫']) {
            content.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('⟦') {
                let (mark, after) = after.split_once('⟧').expect("a closed mark");
                let word = mark.split('>').next().unwrap_or_default();
                content.push_str(word.trim_start_matches(['+', '~']));
                rest = after;
            } else if let Some(after) = rest.strip_prefix('⟪') {
                let (name, after) = after.split_once(':').expect("a named region");
                open.push((name, content.len()));
                rest = after;
            } else {
                let (name, start) = open.pop().expect("an open region");
                if name == "protected" {
                    protected.push(Span::new(start, content.len()));
                }
                rest = &rest['⟫'.len_utf8()..];
            }
        }
        (content + rest, protected)
    }

    fn report(&self, content: &str, protected: &[Span]) -> SpellingReport {
        let cancelled = AtomicBool::new(false);
        let language = resolve(&self.language, "").expect("a tag").language;
        let (format, channel) = (self.format, self.channel);
        let request = CheckRequest { format, channel, protected, ..CheckRequest::new(content, language, &cancelled) };
        SPELLER.check(&request)
    }
}

/// The content with marks at what was found.
fn mark(content: &str, report: &SpellingReport) -> String {
    // Where to insert what; at one place the ends come before the beginnings.
    let mut inserts: Vec<(usize, u8, String)> = Vec::new();
    for finding in &report.findings {
        let first = finding.suggestions.first().map(|suggestion| format!(">{}", suggestion.text)).unwrap_or_default();
        for (at, span) in finding.spans.iter().enumerate() {
            let kind = if finding.kind == FindingKind::LikelyAccent { "~" } else { "" };
            let begin = if at == 0 { format!("⟦{kind}") } else { "⟦+".to_owned() };
            let is_last = at + 1 == finding.spans.len();
            inserts.push((span.start, 1, begin));
            inserts.push((span.end, 0, if is_last { format!("{first}⟧") } else { "⟧".to_owned() }));
        }
    }
    for region in &report.skipped {
        if let Some((name, _)) = SHOWN.iter().find(|(_, reason)| discriminant(reason) == discriminant(&region.reason)) {
            inserts.push((region.span.start, 1, format!("⟪{name}:")));
            inserts.push((region.span.end, 0, "⟫".to_owned()));
        }
    }
    inserts.sort_by_key(|(at, order, _)| (*at, *order));
    let (mut marked, mut at) = (String::new(), 0);
    for (place, _, insert) in inserts {
        marked.push_str(&content[at..place]);
        marked.push_str(&insert);
        at = place;
    }
    marked + &content[at..]
}

/// The lines in which two texts differ, the first few.
fn difference(expected: &str, found: &str) -> String {
    let differ = expected.lines().zip(found.lines()).filter(|(a, b)| a != b).take(3);
    differ.map(|(a, b)| format!("  expected {a}\n  found    {b}\n")).collect()
}

#[test]
fn messages_are_marked_as_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "only {} messages", paths.len());
    let mut failures = String::new();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let fixture = Fixture::read(&name, &fs::read_to_string(&path).expect("UTF-8"));
        let (content, protected) = fixture.unmarked();
        let report = fixture.report(&content, &protected);
        let found = mark(&content, &report);
        if env::var_os("VERMILION_BLESS").is_some() {
            assert!(env::var_os("CI").is_none(), "the marks are set by people, who look at the difference");
            fs::write(&path, format!("{}---\n{found}", fixture.head)).expect("the file can be written");
        } else if found != fixture.marked {
            failures += &format!("{name}\n{}", difference(&fixture.marked, &found));
        }
        let document = Document { content: &content, format: fixture.format, channel: fixture.channel };
        for finding in &report.findings {
            let text = document.text_at(&finding.spans);
            assert!(!text.is_empty() && !text.contains(['<', '>', '\n']), "{name}: {text:?}");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
