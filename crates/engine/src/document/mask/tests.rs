//! Cases of `cases.txt`, and what holds for any text.

use proptest::prelude::*;

use super::*;

/// As a check does: what the client protects wins.
fn scan_with(text: &str, protected: &[Span]) -> Vec<SkippedRegion> {
    overlay(scan(text), &protected_regions(protected))
}

/// Checks a text in which the regions to be found are marked: `see ⟦url:https://x.y/z⟧.` Those marked `protected` are
/// given as the client's; `⏎` stands for a line end.
#[track_caller]
fn check(marked: &str) {
    if let Some(difference) = difference(marked) {
        panic!("{difference}");
    }
}

fn difference(marked: &str) -> Option<String> {
    let (text, expected) = unmark(marked);
    let protected: Vec<Span> =
        expected.iter().filter(|region| region.reason == SkipReason::Protected).map(|region| region.span).collect();
    let found = scan_with(&text, &protected);
    (found != expected).then(|| format!("expected {}\n   found {}", mark(&text, &expected), mark(&text, &found)))
}

fn unmark(marked: &str) -> (String, Vec<SkippedRegion>) {
    let mut text = String::new();
    let mut regions = Vec::new();
    let marked = marked.replace('⏎', "\n");
    let mut rest = marked.as_str();
    while let Some((before, mark)) = rest.split_once('⟦') {
        let (inside, after) = mark.split_once('⟧').unwrap_or_else(|| panic!("unclosed mark in {marked}"));
        let (name, inside) = inside.split_once(':').unwrap_or_else(|| panic!("mark without reason in {marked}"));
        let reason =
            NAMES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("unknown reason {name}")).1;
        text.push_str(before);
        let start = text.len();
        text.push_str(inside);
        regions.push(SkippedRegion { span: Span::new(start, text.len()), reason });
        rest = after;
    }
    text.push_str(rest);
    (text, regions)
}

fn mark(text: &str, regions: &[SkippedRegion]) -> String {
    let mut marked = String::new();
    let mut at = 0;
    for region in regions {
        let name = NAMES.iter().find(|(_, reason)| *reason == region.reason).map_or("?", |(name, _)| name);
        let before = text.get(at..region.span.start).unwrap_or("<out of order>");
        marked += &[before, "⟦", name, ":", region.span.slice(text), "⟧"].concat();
        at = region.span.end;
    }
    (marked + &text[at..]).replace('\n', "⏎")
}

const NAMES: &[(&str, SkipReason)] = &[
    ("url", SkipReason::Url),
    ("email", SkipReason::EmailAddress),
    ("mention", SkipReason::Mention),
    ("hashtag", SkipReason::Hashtag),
    ("placeholder", SkipReason::Placeholder),
    ("file", SkipReason::FileName),
    ("code", SkipReason::Code),
    ("entity", SkipReason::Entity),
    ("program", SkipReason::ProgramCode),
    ("protected", SkipReason::Protected),
];

#[test]
fn finds_what_is_marked() {
    let cases = include_str!("cases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("// "));
    let wrong: Vec<String> = cases.filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn lays_protected_ranges_over_the_rest() {
    check("⟦protected:Acme Prime⟧ is our plan");
    check("⟦url:https://acme.com/⟧⟦protected:plans⟧⟦url:/2024⟧");
    check("mail ⟦protected:ana@⟧⟦email:acme.com⟧");
    check("see ⟦url:https://⟧⟦protected:acme.com and ana⟧⟦email:@acme.com⟧ now");
    check("⟦protected:A12⟧⟦protected:B34⟧");
    let spans = [(9, 14), (0, 4), (2, 6), (3, 3), (10, 12)].map(|(start, end)| Span::new(start, end));
    let found: Vec<Span> = scan_with("plain words, no more", &spans).into_iter().map(|region| region.span).collect();
    assert_eq!(found, [Span::new(0, 6), Span::new(9, 14)]);
}

#[test]
fn allocates_nothing_for_prose() {
    assert_eq!(scan("Thank you for waiting. We will reply by 12/05/2024, at 10 a.m.").capacity(), 0);
}

/// Pieces that begin, continue, glue and end the patterns.
const PIECES: &[&str] = &[
    "http://", "https://", "://", "www.", ".com", ".", "..", "com.br", "acme", "/", "//", "\\", "C:\\", "@", "@@", "#",
    "##", "{", "{{", "}}", "}", "${", "%", "%%", "%s", "%(", ")", "(", "[", "[[", "]]", "<", ">", "NAME", "_", "__",
    "&", "amp;", "`", "``", "```", "\n", " ", "\u{a0}", "a", "A1", "9", "10h30", "-", "+", "=", ":", "::", ",", ";",
    "'", "\"", "é", "e\u{301}", "请", "小王", "，", "。", "（", "º", "😀", "\u{200d}", "pdf", ".pdf", "mailto:",
    "order_id", "0x", "ff", "…", "“", "’",
];

fn tricky() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

fn spans_of(text: &str, ends: &[(usize, usize)]) -> Vec<Span> {
    let at = |end: usize| text.floor_char_boundary(end % (text.len() + 1));
    ends.iter().map(|&(a, b)| Span::new(at(a).min(at(b)), at(a).max(at(b)))).collect()
}

#[track_caller]
fn check_invariants(text: &str, protected: &[Span]) -> Result<(), TestCaseError> {
    let regions = scan_with(text, protected);
    let mut end = 0;
    for region in &regions {
        prop_assert!(region.span.start >= end && !region.span.is_empty(), "{text:?} {regions:?}");
        prop_assert!(text.get(region.span.range()).is_some(), "{text:?} {regions:?}");
        end = region.span.end;
    }
    for span in protected {
        let covers = |byte: usize| {
            let covers = |region: &&SkippedRegion| region.span.range().contains(&byte);
            regions.iter().find(covers).is_some_and(|region| region.reason == SkipReason::Protected)
        };
        prop_assert!(span.range().all(covers), "{text:?} {span:?} {regions:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_yields_ordered_regions(text in ".{0,80}", ends in prop::collection::vec((0_usize..400, 0_usize..400), 0..5)) {
        check_invariants(&text, &spans_of(&text, &ends))?;
    }

    #[test]
    fn tricky_text_yields_ordered_regions(text in tricky(), ends in prop::collection::vec((0_usize..400, 0_usize..400), 0..5)) {
        check_invariants(&text, &spans_of(&text, &ends))?;
    }

    #[test]
    fn words_alone_yield_nothing(words in prop::collection::vec("[a-zà-ú请座，]{1,9}[,;!?.]?", 0..30)) {
        prop_assert!(scan(&words.join(" ")).is_empty());
    }
}
