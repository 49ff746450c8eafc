//! Properties of checking HTML: the marks of a source are the marks of its text, on the same letters, never on markup, in all
//! three offset encodings; the worst sources are answered.

use std::{fmt::Write as _, sync::atomic::AtomicBool};

use crate::SPELLER;
use proptest::prelude::*;
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel, SkipReason},
    language::{Language, LanguageCode},
    spelling::{CheckRequest, SpellingReport},
    text::{OffsetCursor, OffsetEncoding},
};

fn report(source: &str, format: DocumentFormat, channel: MessageChannel, language: Language) -> SpellingReport {
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest {
        format,
        channel,
        style: true,
        max_suggestions: 1,
        ..CheckRequest::new(source, language, &cancelled)
    };
    SPELLER.check(&request)
}

/// What is marked, and its first suggestion.
fn marks(source: &str, format: DocumentFormat, language: Language) -> Vec<(String, String)> {
    let document = Document { content: source, format, channel: MessageChannel::Unspecified };
    let report = report(source, format, MessageChannel::Unspecified, language);
    let mark = |finding: &vermilion_engine::spelling::SpellingFinding| {
        let first = finding.suggestions.first().map(|suggestion| suggestion.text.clone()).unwrap_or_default();
        (document.text_at(&finding.spans), first)
    };
    report.findings.iter().map(mark).collect()
}

/// Words with and without mistakes, in the languages of the tests.
const WORDS: &[&str] = &[
    "we",
    "recieve",
    "your",
    "ordr",
    "today",
    "voce",
    "não",
    "emviado",
    "e-mial",
    "promoçao",
    "Atençao",
    "请",
    "非常报歉",
    "以经",
    "登陆",
    "您好",
    "非常報歉",
    "e\u{301}",
    "cafe\u{301}",
    "so\u{AD}ft",
    "ze\u{200B}ro",
    "T&Cs",
    "3 < 5",
    "can't",
    "Wi-Fi",
    "10h30",
    "https://x.y/z",
    "a@b.co",
    "😀",
    "&amp;",
    ">",
    "-- ",
    "“a”",
];

/// What may stand between any two characters of a word without dividing it.
const INLINE: &[&str] = &[
    "<b>",
    "</b>",
    "<i class=\"x>y\">",
    "</i>",
    "<span style='color:red'>",
    "</span>",
    "<wbr>",
    "<!-- teh -->",
    "<a href=\"x\">",
    "</a>",
    "<font color=red>",
    "<o:p>",
    "</o:p>",
    "<?teh?>",
    "<!teh>",
];

/// A text, and HTML that a browser shows as that text.
fn pairs() -> impl Strategy<Value = (String, String)> {
    let words = prop::collection::vec(prop::sample::select(WORDS), 1..14);
    let separator = prop::sample::select(&[" ", "", ". ", "，", "\n"][..]);
    let how = prop::collection::vec((0..100_u8, prop::sample::select(INLINE)), 8..64);
    (words, separator, how).prop_map(|(words, separator, how)| {
        let text = words.join(separator);
        let mut source = String::new();
        let mut hows = how.iter().cycle();
        for c in text.chars() {
            let &(chance, tag) = hows.next().expect("a cycle never ends");
            if chance < 20 {
                source.push_str(tag);
            }
            match c {
                '\n' => source.push_str("<br>"),
                '<' | '&' => _ = write!(source, "&#{};", u32::from(c)),
                _ if (20..30).contains(&chance) => _ = write!(source, "&#x{:x};", u32::from(c)),
                'é' if chance < 60 => source.push_str("&eacute;"),
                'ç' if chance < 60 => source.push_str("&ccedil;"),
                'ã' if chance < 60 => source.push_str("&atilde;"),
                '\u{AD}' if chance < 60 => source.push_str("&shy;"),
                _ => source.push(c),
            }
        }
        // What follows a line end is no blank at the beginning of a line: HTML would not show that.
        (text, source)
    })
}

/// What holds for the report of any source.
fn check_report(source: &str, report: &SpellingReport) -> Result<(), TestCaseError> {
    let mut end = 0;
    for finding in &report.findings {
        prop_assert!(!finding.spans.is_empty());
        for &span in &finding.spans {
            prop_assert!(
                end <= span.start && span.start < span.end && span.end <= source.len(),
                "{:?} after {}",
                span,
                end
            );
            let piece = source.get(span.range());
            prop_assert!(piece.is_some_and(|piece| !piece.contains(['<', '>', '\n'])), "{:?}", piece);
            for encoding in [OffsetEncoding::Utf8, OffsetEncoding::Utf16, OffsetEncoding::Utf32] {
                let mut cursor = OffsetCursor::new(source, encoding);
                let units = (cursor.units_at(span.start), cursor.units_at(span.end));
                let mut back = OffsetCursor::new(source, encoding);
                prop_assert_eq!(back.byte_at(units.0), Some(span.start));
                prop_assert_eq!(back.byte_at(units.1), Some(span.end));
            }
            prop_assert!(!report.skipped.iter().any(|region| region.span.overlaps(span)), "{:?} is skipped", span);
            end = span.end;
        }
    }
    let mut end = 0;
    for region in &report.skipped {
        let span = region.span;
        prop_assert!(end <= span.start && span.start < span.end && source.get(span.range()).is_some(), "{:?}", region);
        end = span.end;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_marks_of_html_are_the_marks_of_its_text((text, source) in pairs()) {
        for language in [Language::English, Language::PortugueseBr, Language::ChineseSimplified, Language::ChineseTraditional] {
            let prose = Document { content: &source, format: DocumentFormat::Html, channel: MessageChannel::Unspecified }.read();
            prop_assert_eq!(prose.text().trim(), text.trim());
            let (expected, found) = (marks(&text, DocumentFormat::Plain, language), marks(&source, DocumentFormat::Html, language));
            prop_assert_eq!(found, expected, "{}", source);
            check_report(&source, &report(&source, DocumentFormat::Html, MessageChannel::Email, language))?;
        }
    }

    #[test]
    fn any_source_has_its_marks_in_order(source in any::<String>(), text in "[a-z<>/&;!\\-=\" 以经]{0,80}") {
        for source in [source, text] {
            for language in [Language::English, Language::ChineseSimplified] {
                for channel in [MessageChannel::Unspecified, MessageChannel::Email] {
                    check_report(&source, &report(&source, DocumentFormat::Html, channel, language))?;
                }
            }
        }
    }
}

/// Sources that are large in one way. No time is asserted; what is not linear would not end (see docs/benchmarks.md).
#[test]
fn extremes_are_answered() {
    const SIZE: usize = 200 * 1024;
    let fill = |piece: &str| piece.repeat(SIZE / piece.len());
    let attribute = format!("<p title=\"{}\">recieve</p>", "x".repeat(SIZE));
    let attributes = format!("<p {}>recieve</p>", "a ".repeat(SIZE / 2));
    let nested = format!("{}recieve{}", "<b>".repeat(100_000), "</b>".repeat(100_000));
    let stray = format!("<i><div>{}{}recieve", "<b>".repeat(30_000), "</i>".repeat(30_000));
    let sources = [
        attribute,
        attributes,
        nested,
        stray,
        fill("&eacute;"),
        fill("&lt"),
        fill("<"),
        fill("</"),
        fill("<!--"),
        fill("<a b='"),
        fill("&"),
        fill("<p>a"),
        fill("<br>"),
        fill("<i lang=fr>a"),
        fill("<i lang=pt>a</i> "),
        fill("<code>a</code>b"),
        fill("<p hidden>a"),
        fill("<table><tr><td>"),
        fill("<svg>"),
        fill("<script>"),
        fill("On 1 10:30 a@b wrote:<br>"),
        fill("From: a<br>"),
        fill("<br>&gt; a"),
        fill("<blockquote type=cite>"),
        fill("<blockquote>a"),
        fill("On 1 10:30 a@b wrote:<blockquote>a</blockquote>b"),
        fill("<div class=gmail_quote>a"),
        fill("<div class=gmail_quote>a</div>"),
        fill("<div class=gmail_quote><div class=gmail_attr>a</div>b"),
        format!("<div class=gmail_quote>{}<blockquote>", fill("<p class=gmail_attr>a</p>b")),
        fill("<div class=gmail_quote><blockquote>a</blockquote>"),
        fill("----- Original Message -----<br>"),
        fill("a:<br>"),
        fill("--<br>a<br>"),
        fill("<s>a</s>b "),
    ];
    for source in &sources {
        for channel in [MessageChannel::Unspecified, MessageChannel::Email] {
            let report = report(source, DocumentFormat::Html, channel, Language::English);
            let start: String = source.chars().take(20).collect();
            check_report(source, &report).unwrap_or_else(|error| panic!("{start}: {error}"));
        }
    }
    for source in &sources[..4] {
        assert_eq!(
            marks(source, DocumentFormat::Html, Language::English),
            [("recieve".to_owned(), "receive".to_owned())]
        );
    }
}

#[test]
fn a_misspelling_of_chinese_is_marked_over_tags() {
    let mark = |source: &str| {
        report(source, DocumentFormat::Html, MessageChannel::Unspecified, Language::ChineseSimplified).findings
    };
    let source = "请<i>登</i><b>陆</b>官网";
    let found = mark(source);
    let spans: Vec<&str> = found[0].spans.iter().map(|span| span.slice(source)).collect();
    assert_eq!((&spans[..], found[0].suggestions[0].text.as_str()), (&["登", "陆"][..], "登录"));
}

#[test]
fn parts_are_checked_in_the_language_that_they_name() {
    let source = "<p>We recieve <q lang=pt>o emviado</q> and <q lang=fr>je recieve</q>, <i lang=en>colour</i></p>";
    let report = report(source, DocumentFormat::Html, MessageChannel::Unspecified, Language::EnglishGb);
    let marked: Vec<&str> = report.findings.iter().map(|finding| finding.spans[0].slice(source)).collect();
    assert_eq!(marked, ["recieve", "emviado"]);
    let skipped: Vec<(&str, SkipReason)> =
        report.skipped.iter().map(|region| (region.span.slice(source), region.reason)).collect();
    assert_eq!(skipped, [("je recieve", SkipReason::OtherLanguage(LanguageCode::new("fr")))]);
}
