//! What a check is asked beside the text: about parts of it, to leave words alone; and what a mark tells beside its place.

use std::sync::atomic::AtomicBool;

use crate::SPELLER;
use proptest::prelude::*;
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel, SkipReason},
    glossary::Glossary,
    language::{Language, resolve},
    spelling::{CheckRequest, SpellingReport},
    text::Span,
};

fn language(tag: &str) -> Language {
    resolve(tag, "").expect("a tag").language
}

/// Nothing is cancelled here.
static GOES_ON: AtomicBool = AtomicBool::new(false);

fn report<'t>(text: &'t str, language: Language, change: impl FnOnce(&mut CheckRequest<'t>)) -> SpellingReport {
    let mut request = CheckRequest { hints: true, ..CheckRequest::new(text, language, &GOES_ON) };
    change(&mut request);
    SPELLER.check(&request)
}

/// The marked text with the word that it is in.
fn words(text: &str, tag: &str, format: DocumentFormat) -> Vec<(String, String)> {
    let document = Document { content: text, format, channel: MessageChannel::Unspecified };
    let report = report(text, language(tag), |request| request.format = format);
    let told = |finding: &vermilion_engine::spelling::SpellingFinding| {
        (document.text_at(&finding.spans), document.text_at(finding.word_spans()))
    };
    report.findings.iter().map(told).collect()
}

#[track_caller]
fn check_words(tag: &str, format: DocumentFormat, text: &str, expected: &[(&str, &str)]) {
    let found = words(text, tag, format);
    let found: Vec<_> = found.iter().map(|(mark, word)| (mark.as_str(), word.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_wrong_character_is_told_with_its_word() {
    for (tag, text, expected) in [
        ("zh", "非常报歉让您久等了。", &[("报", "报歉")][..]),
        ("zh", "您的订单以经从上海发出。", &[("以", "以经")]),
        ("zh", "请耐新等待两到三天。", &[("新", "耐新")]),
        ("zh", "有任何疑问请随时联系我门的客付。", &[("门", "我门"), ("付", "客付")]),
        ("zh", "请您必需本人到场办理。", &[("需", "必需")]),
        // A word of one character says nothing alone.
        ("zh", "您先座一会儿，护士马上叫号。", &[("座", "先座")]),
        ("zh", "非常报\u{200B}歉。", &[("报", "报\u{200B}歉")]),
        ("zh-TW", "非常報歉讓您久等了。", &[("報", "報歉")]),
        ("en", "We recieve it.", &[("recieve", "recieve")]),
        ("pt-BR", "O seu pedido foi emviado.", &[("emviado", "emviado")]),
    ] {
        check_words(tag, DocumentFormat::Plain, text, expected);
    }
    let html = DocumentFormat::Html;
    check_words("zh", html, "<p>非常<b>报</b>歉让您久等了。</p>", &[("报", "报歉")]);
    check_words("en", html, "<p>We re<b>ciev</b>e it.</p>", &[("recieve", "recieve")]);
}

#[test]
fn marks_end_before_what_only_turns_the_direction() {
    for (tag, text, expected) in [
        (
            "en",
            "We \u{202A}recieve\u{202C} it \u{2068}tomorow\u{2069}, or \u{200F}mony\u{200E}.",
            &["recieve", "tomorow", "mony"][..],
        ),
        ("en", "recieve\u{200E}\u{200E}", &["recieve"]),
        ("zh", "非常报\u{200E}歉\u{200F}。", &["报"]),
    ] {
        let report = report(text, language(tag), |request| request.hints = false);
        let found: Vec<_> = report.findings.iter().map(|finding| finding.spans[0].slice(text)).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn what_is_asked_about_is_checked_whole_and_the_rest_is_read() {
    let text = "Um recieve, dgo. 非常报歉。 Bye tomorow";
    let at = |piece: &str| {
        let start = text.find(piece).unwrap();
        Span::new(start, start + piece.len())
    };
    let edge = |at: usize| Span::new(at, at);
    for (only, expected) in [
        (vec![], vec!["recieve", "dgo", "报", "tomorow"]),
        (vec![at("cie")], vec!["recieve"]),
        (vec![edge(at("dgo").end)], vec!["dgo"]),
        (vec![edge(at("dgo").start), at("row")], vec!["dgo", "tomorow"]),
        // What stands beside a word may have been part of it.
        (vec![at(", ")], vec!["recieve", "dgo"]),
        (vec![at("歉")], vec!["报"]),
        (vec![at("Bye")], vec![]),
        (vec![edge(0), edge(text.len())], vec!["tomorow"]),
    ] {
        let report = report(text, language("zh"), |request| (request.only, request.hints) = (&only, false));
        let found: Vec<_> = report.findings.iter().map(|finding| finding.spans[0].slice(text)).collect();
        assert_eq!(found, expected, "{only:?}");
        assert!(report.findings.iter().all(|finding| !finding.suggestions.is_empty()));
    }
}

#[test]
fn html_is_asked_about_by_its_source() {
    let source = "<p>re<b>ciev</b>e and <code>vouchr</code> <i>vou</i>chr</p>";
    let at = |piece: &str| {
        let start = source.find(piece).unwrap();
        Span::new(start, start + piece.len())
    };
    for (only, marks, skipped) in
        [(at("ciev"), 1, 0), (at("<b>"), 1, 0), (at("and"), 0, 0), (at("code>v"), 0, 1), (at("</i>"), 1, 0)]
    {
        let report = report(source, Language::English, |request| {
            (request.format, request.only) = (DocumentFormat::Html, std::slice::from_ref(&only));
        });
        assert_eq!((report.findings.len(), report.skipped.len()), (marks, skipped), "{only:?}: {report:?}");
    }
}

#[test]
fn ignored_words_are_left_alone_and_not_suggested() {
    let ignored = Glossary::new(["tomorow", "报歉", "FreteBx"]);
    let text = "Tomorow recieve FreteBx. 非常报歉。 tomorrw";
    let report = report(text, language("zh"), |request| (request.ignored, request.hints) = (&ignored, false));
    let found: Vec<_> = report.findings.iter().map(|finding| finding.spans[0].slice(text)).collect();
    assert_eq!(found, ["recieve", "tomorrw"]);
    let offered = report.findings.iter().flat_map(|finding| finding.suggestions.iter());
    assert!(offered.into_iter().all(|suggestion| suggestion.text != "tomorow"), "{report:?}");
    let skipped: Vec<_> =
        report.skipped.iter().filter(|one| one.reason == SkipReason::OwnWord).map(|one| one.span.slice(text)).collect();
    assert_eq!(skipped, ["Tomorow", "FreteBx", "报歉"]);
}

#[test]
fn each_mark_tells_whether_its_suggestions_are_cut() {
    let pairs =
        ('a'..='z').flat_map(|first| ('a'..='z').map(move |second| format!("The {first}qx{second}zrt is here. ")));
    let text: String = pairs.collect();
    let report = report(&text, Language::English, |_| {});
    assert!(report.incomplete);
    let cut = report.findings.iter().filter(|finding| finding.suggestions_incomplete).count();
    assert!(cut > 0 && cut < report.findings.len(), "{cut} of {}", report.findings.len());
    let last = report.findings.last().expect("a mark");
    let only = [last.spans[0]];
    let asked = self::report(&text, Language::English, |request| request.only = &only);
    assert!(!asked.incomplete && asked.findings.len() == 1 && !asked.findings[0].suggestions_incomplete);
}

const PIECES: &[&str] = &[
    "recieve",
    "voce",
    "the",
    "Thnaks",
    "iPhnoe",
    "e-mial",
    " ",
    " ",
    " ",
    ". ",
    "，",
    "请座",
    "非常报歉",
    "以经",
    "。",
    "“",
    "”",
    "王小明先生",
    "привет",
    "@x",
    "https://x.y/z",
    "e\u{301}",
    "\u{200B}",
    "\u{200E}",
    "a'b",
    "Olá, tudo bem?",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is asked about, the answer is that to everything, less what is not asked about.
    #[test]
    fn the_marks_are_those_of_the_whole_text(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..16),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 2..6),
    ) {
        let text = pieces.concat();
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let ends: Vec<usize> = cuts.iter().map(|cut| boundaries[cut.index(boundaries.len())]).collect();
        let only: Vec<Span> =
            ends.chunks_exact(2).map(|pair| Span::new(pair[0].min(pair[1]), pair[0].max(pair[1]))).collect();
        let touched = |span: Span| only.iter().any(|asked| asked.start <= span.end && span.start <= asked.end);
        for language in [Language::English, Language::PortugueseBr, Language::ChineseSimplified] {
            let mut whole = report(&text, language, |_| {});
            whole.findings.retain(|finding| touched(finding.spans[0]) || touched(finding.word_spans()[0]));
            whole.skipped.retain(|region| touched(region.span));
            let asked = report(&text, language, |request| request.only = &only);
            prop_assert_eq!(asked.findings, whole.findings, "{:?} {:?}", language, only);
            prop_assert_eq!(asked.skipped, whole.skipped, "{:?} {:?}", language, only);
        }
    }
}
