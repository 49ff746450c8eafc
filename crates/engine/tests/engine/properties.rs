//! Properties that hold for every text: marks are ordered, disjoint, in range, on grapheme boundaries and on the same
//! letters in all three offset encodings.

use std::sync::{LazyLock, atomic::AtomicBool};

use crate::SPELLER;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;
use vermilion_engine::{
    glossary::Glossary,
    language::Language,
    spelling::{CheckRequest, Speller, SpellerLayers, data::LanguageData},
    text::{OffsetCursor, OffsetEncoding, Span},
};

/// Words that meet the pieces below.
static OWN_WORDS: LazyLock<Glossary> =
    LazyLock::new(|| Glossary::new(["Thnaks", "e", "请", "x.Y", "frete-se", "à\u{301}", "İ"]));

/// Pieces that meet the limits of the engine.
const PIECES: &[&str] = &[
    "recieve",
    "voce",
    "musica",
    "the",
    "Thnaks",
    "IPHONE",
    "iPhnoe",
    "e-mial",
    "dá-lo",
    "far-se-á",
    "can't",
    "’s",
    "-",
    "--",
    " ",
    "\u{A0}",
    "\t",
    "\r\n",
    ".",
    "…",
    "，",
    "请座",
    "非常报歉",
    "以经",
    "登陆",
    "請問您",
    "妳",
    "“",
    "”",
    "《",
    "》",
    "。",
    "王小明先生",
    "三百元",
    "⼈",
    "\u{F900}",
    "\u{2F81A}",
    "𠮷",
    "\u{E000}",
    "ＡＢ１２",
    "请\u{FE00}坐",
    "рабoта",
    "привет",
    "عربي",
    "שלום",
    "नमस्ते",
    "😀",
    "👩‍👩‍👧",
    "🇧🇷",
    "e\u{301}",
    "\u{301}",
    "\u{AD}",
    "\u{200B}",
    "\u{200D}",
    "\u{202E}",
    "\u{FEFF}",
    "\u{FFFD}",
    "\0",
    "\u{600}",
    "\u{E0001}",
    "𝒶𝒷",
    "ﬁ",
    "ß",
    "İ",
    "ſ",
    "https://x.y/z",
    "a@b.co",
    "@x",
    "#y",
    "{{z}}",
    "%s",
    "`q`",
    "&amp;",
    "1st",
    "22th",
    "10h30",
    "nº",
    "C:\\x",
    "a_b",
    "x.Y",
    "XIV",
    "soooooo",
    "&",
    "'",
    "*",
    "_",
];

fn texts() -> impl Strategy<Value = String> {
    let pieces = proptest::collection::vec(proptest::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => pieces, 1 => any::<String>(), 1 => "[a-zA-Zçãéô ’'-]{0,60}"]
}

fn check(text: &str, language: Language, protected: &[Span]) -> Result<(), TestCaseError> {
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest {
        protected,
        glossary: &OWN_WORDS,
        max_suggestions: 2,
        hints: true,
        style: true,
        ..CheckRequest::new(text, language, &cancelled)
    };
    let report = SPELLER.check(&request);
    let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();

    let mut end = 0;
    for finding in &report.findings {
        prop_assert!(!finding.spans.is_empty());
        for (at, span) in finding.spans.iter().enumerate() {
            prop_assert!(
                span.start >= end && span.start < span.end && span.end <= text.len(),
                "{:?} after {}",
                span,
                end
            );
            prop_assert!(boundaries.binary_search(&span.start).is_ok() && boundaries.binary_search(&span.end).is_ok());
            prop_assert!(!protected.iter().any(|protected| protected.overlaps(*span)), "{:?} is protected", span);
            // Only marks of WhatsApp and Markdown divide a word of plain text.
            let divides = |c: char| matches!(c, '*' | '~');
            prop_assert!(at == 0 || text[end..span.start].chars().all(divides), "{:?} in {:?}", finding.spans, text);
            end = span.end;
        }
    }
    // Converting offsets costs the length of the text: a few marks of a long text stand for all.
    let step = (report.findings.len() / 8).max(1);
    for finding in report.findings.iter().step_by(step) {
        for span in &finding.spans {
            same_letters_in_all_encodings(text, *span)?;
        }
    }
    let mut end = 0;
    for skipped in &report.skipped {
        prop_assert!(skipped.span.start >= end && skipped.span.end <= text.len());
        prop_assert!(text.is_char_boundary(skipped.span.start) && text.is_char_boundary(skipped.span.end));
        let marked =
            report.findings.iter().find(|finding| finding.spans.iter().any(|span| span.overlaps(skipped.span)));
        prop_assert!(marked.is_none(), "{:?} is marked in {:?}", marked, skipped);
        end = skipped.span.end;
    }
    Ok(())
}

fn same_letters_in_all_encodings(text: &str, span: Span) -> Result<(), TestCaseError> {
    let offsets = |encoding| {
        let mut cursor = OffsetCursor::new(text, encoding);
        (cursor.units_at(span.start), cursor.units_at(span.end))
    };
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let (start, end) = offsets(OffsetEncoding::Utf16);
    prop_assert_eq!(String::from_utf16(&utf16[start..end]).expect("whole characters"), span.slice(text));
    let (start, end) = offsets(OffsetEncoding::Utf32);
    prop_assert_eq!(text.chars().skip(start).take(end - start).collect::<String>(), span.slice(text));
    prop_assert_eq!(offsets(OffsetEncoding::Utf8), (span.start, span.end));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn marks_sit_right(text in texts()) {
        for language in Language::ALL {
            check(&text, language, &[])?;
        }
    }

    #[test]
    fn protected_ranges_stay_unmarked(text in texts(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| boundaries[cut.index(boundaries.len())]).collect();
        ends.sort_unstable();
        let pairs = ends.chunks_exact(2).filter(|pair| pair[0] < pair[1]);
        let protected: Vec<Span> = pairs.map(|pair| Span::new(pair[0], pair[1])).collect();
        for language in [Language::English, Language::ChineseSimplified] {
            check(&text, language, &protected)?;
        }
    }

    #[test]
    fn suggestions_for_any_word_keep_their_limit_and_scores(word in texts()) {
        for language in [Language::English, Language::PortuguesePt, Language::ChineseTraditional] {
            let suggestions = SPELLER.suggest(&word, language, 5);
            prop_assert!(suggestions.len() <= 5);
            prop_assert!(suggestions.iter().all(|suggestion| (0.0..=1.0).contains(&suggestion.score)));
        }
    }
}

/// Texts that are long, or long and of one kind: the answer must come, and come right.
#[test]
fn extremes_are_answered() {
    const SIZE: usize = 256 * 1024;
    let repeated = |piece: &str| piece.repeat(SIZE / piece.len());
    for piece in [
        "a", " ", "a ", "á", "\u{301}", "e\u{301}", "-", "a-", "'", "Xq ", "XQ ", "xqz ", "xqz-", "😀", "请",
        "\u{200D}", "\0", "{{", "`", "a.", "(", "musica ",
    ] {
        let text = repeated(piece);
        check(&text, Language::PortugueseBr, &[]).unwrap_or_else(|error| panic!("{piece:?}: {error}"));
    }
}

/// What generated texts have found, so that nobody has to find it again.
#[test]
fn what_was_found_once_stays_mended() {
    for text in ["recieve\u{600}以经", "请\u{FE00}坐“以经。”", "以\u{301}经recieve", "recieve*recieve*recieve"]
    {
        for language in Language::ALL {
            check(text, language, &[]).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        }
    }
}

/// Chinese without punctuation, all ambiguous, all unknown, all quoted, or all wrong.
#[test]
fn extremes_of_chinese_are_answered() {
    const CHARACTERS: usize = 8_000;
    for piece in ["请", "的地得", "以经", "一", "𠮷", "“", "《a》", "是事世市", "\u{F900}", "請問", "Ａ", "\u{E000}"]
    {
        let text = piece.repeat(CHARACTERS / piece.chars().count());
        check(&text, Language::ChineseSimplified, &[]).unwrap_or_else(|error| panic!("{piece:?}: {error}"));
    }
}

#[test]
fn an_abandoned_check_says_so() {
    for (piece, language) in [("recieve ", Language::English), ("非常报歉以经是事世市", Language::ChineseSimplified)]
    {
        let text = piece.repeat(10_000);
        let cancelled = AtomicBool::new(true);
        let report = SPELLER.check(&CheckRequest::new(&text, language, &cancelled));
        assert!(report.incomplete && report.findings.len() < 1_000, "{language:?}");
    }
}

/// A word whose search ends at the limit for one word, and ordinary misspellings.
const REMEMBERED: [&str; 4] = ["areonneotcroasutoltmeldu", "recieve", "enxe", "nessario"];

#[test]
fn a_remembered_answer_is_the_searched_one() {
    let without = SpellerLayers { memory: false, ..SpellerLayers::ALL };
    let (with, without) = (Speller::embedded(), Speller::new(LanguageData::embedded(), without));
    let (with, without) = (with.expect("the embedded data"), without.expect("the embedded data"));
    let mut cut = 0;
    for word in REMEMBERED {
        let answer = |speller: &Speller| {
            let cancelled = AtomicBool::new(false);
            let request = CheckRequest::new(word, Language::PortugueseBr, &cancelled);
            speller.check(&request)
        };
        let searched = answer(&without);
        assert_eq!(answer(&with), searched, "{word}: searched");
        assert_eq!(answer(&with), searched, "{word}: remembered");
        cut += usize::from(searched.incomplete);
    }
    assert!(cut > 0 && cut < REMEMBERED.len(), "{cut} of the searches were cut short");
}

/// What the memory holds of earlier texts changes no answer, even where a text has more misspellings than it may search for.
#[test]
fn an_answer_does_not_depend_on_what_was_asked_before() {
    let speller = Speller::embedded().expect("the embedded data");
    let words: Vec<String> = (0..2_000).map(|number| format!("{}wrdo", nonsense(number))).collect();
    let text = words.join(" ");
    let answer = || {
        let cancelled = AtomicBool::new(false);
        speller.check(&CheckRequest::new(&text, Language::EnglishUs, &cancelled))
    };
    let first = answer();
    assert!(first.incomplete, "more than there are steps for");
    // Others ask for the last of them, which the text had no steps for.
    for word in &words[words.len() - 100..] {
        let _ = speller.suggest(word, Language::EnglishUs, 5);
    }
    assert_eq!(answer(), first);
}

/// Four letters, another for each number.
fn nonsense(number: usize) -> String {
    [1, 20, 400, 8_000].map(|place| char::from(b"bcdfghjklmnpqrstvwxz"[number / place % 20])).iter().collect()
}

/// What a check takes is counted, so that whoever must not be held up can do the short ones: the same text always takes the
/// same, and less once its suggestions are remembered.
#[test]
fn checks_end_at_the_steps_they_are_lent() {
    const STEPS: u32 = 5_000;
    let speller = Speller::embedded().expect("the embedded data");
    let check = |text: &str, language: Language, steps: u32| {
        let cancelled = AtomicBool::new(false);
        speller.check_within(&CheckRequest::new(text, language, &cancelled), steps)
    };
    let (english, chinese) = (Language::English, Language::ChineseSimplified);
    let right = "Thank you for your order, it will arrive tomorrow. ".repeat(60);
    let nonsense: String = (0..50).map(|number| nonsense(number) + "ion ").collect();
    let polish = "Dziękujemy za kontakt, Państwa zamówienie zostało wysłane i dotrze jutro rano na podany adres.";
    for (text, language, short) in [
        (right.as_str(), english, true),
        ("We have recieved your order.", english, true),
        (&"recieve ".repeat(200), english, true),
        (&"Bqxzk ".repeat(300), english, false),
        (&"bq-xz-wr-tp-gn-hm-vx-xk-cd ".repeat(10), english, false),
        (&nonsense, english, false),
        (polish, english, false),
        (&right.repeat(2), english, false),
        ("您好，感谢您的耐心等待，您的订单已经发出，预计明天送达。", chinese, true),
        (&"您好，感谢您的耐心等待，您的订单已经发出，预计明天送达。".repeat(5), chinese, false),
        (&"是时事市".repeat(12), chinese, false),
    ] {
        let shown: String = text.chars().take(30).collect();
        let report = check(text, language, STEPS);
        assert_eq!(report.is_some(), short, "{shown}");
        let cancelled = AtomicBool::new(false);
        let whole = speller.check(&CheckRequest::new(text, language, &cancelled));
        if let Some(report) = report {
            assert_eq!(report, whole, "{shown}");
        }
    }
    let remembered = check(&nonsense[..100], english, STEPS);
    assert!(remembered.is_some_and(|report| !report.incomplete), "what was searched for needs no search");
}
