//! The spelling engine on tables of sentences: `tests/spelling/<language>.txt`, one case a line.
//!
//! `[recieve>receive]` marks a misspelling and its first suggestion, `[~musica>música]` a likely accent, `[xyz]` a
//! misspelling whatever is suggested. Everything outside brackets must stay unmarked. A new case is a new line. A line that
//! begins with `?` is a case that is known to fail: when it passes, the test says so, and the mark has to go.
//! `VERMILION_BLESS=1 cargo test -p vermilion-engine spelling` sets these marks anew.

use std::{env, fmt::Write as _, fs, path::Path, sync::atomic::AtomicBool};

use crate::SPELLER;
use vermilion_engine::{
    document::MessageChannel,
    glossary::Glossary,
    language::{Language, resolve},
    spelling::{CheckRequest, FindingKind, Speller, SpellingReport},
};

/// Which marks a table speaks of.
#[derive(Clone, Copy, Default)]
struct Asked {
    hints: bool,
    style: bool,
}

fn report(speller: &Speller, text: &str, language: Language, asked: Asked) -> SpellingReport {
    let cancelled = AtomicBool::new(false);
    let Asked { hints, style } = asked;
    speller.check(&CheckRequest { hints, style, ..CheckRequest::new(text, language, &cancelled) })
}

/// The text without its marks.
pub(crate) fn unmarked(case: &str) -> String {
    let mut text = String::new();
    let mut rest = case;
    while let Some((before, after)) = rest.split_once('[') {
        let (mark, after) = after.split_once(']').expect("a closing bracket");
        text.push_str(before);
        text.push_str(mark.trim_start_matches('~').split('>').next().unwrap_or_default());
        rest = after;
    }
    text + rest
}

/// The text with marks at the findings; the suggestion only where the case names one.
fn marked(text: &str, report: &SpellingReport, case: &str) -> String {
    let mut marked = String::new();
    let mut at = 0;
    for finding in &report.findings {
        let span = finding.spans[0];
        let wrong = span.slice(text);
        let kind = if finding.kind == FindingKind::LikelyAccent { "~" } else { "" };
        let first = finding.suggestions.first().map_or("", |suggestion| suggestion.text.as_str());
        marked.push_str(&text[at..span.start]);
        _ = if case.contains(&format!("[{kind}{wrong}]")) {
            write!(marked, "[{kind}{wrong}]")
        } else {
            write!(marked, "[{kind}{wrong}>{first}]")
        };
        at = span.end;
    }
    marked + &text[at..]
}

fn check_table(tag: &str, file: &str, asked: Asked) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spelling").join(file);
    let table = fs::read_to_string(&path).expect("the table");
    let language = resolve(tag, "").expect("a tag").language;
    let (mut failures, mut blessed) = (String::new(), String::new());
    for (index, line) in table.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            _ = writeln!(blessed, "{line}");
            continue;
        }
        let case = line.strip_prefix('?').unwrap_or(line);
        let text = unmarked(case);
        let report = report(&SPELLER, &text, language, asked);
        assert!(!report.incomplete, "{tag}, line {}: what people write is checked whole", index + 1);
        let answer = marked(&text, &report, case);
        let (passes, should) = (answer == case, case == line);
        _ = writeln!(blessed, "{}{case}", if passes { "" } else { "?" });
        if passes && !should {
            _ = writeln!(failures, "{tag}, line {}: passes now: take the ? away\n  {case}", index + 1);
        } else if !passes && should {
            _ = writeln!(failures, "{tag}, line {}:\n  expected {case}\n  found    {answer}", index + 1);
        }
    }
    if env::var_os("VERMILION_BLESS").is_some() {
        assert!(env::var_os("CI").is_none(), "the marks are set by people, who look at the difference");
        fs::write(&path, blessed).expect("the table can be written");
    } else {
        assert!(failures.is_empty(), "\n{failures}");
    }
}

#[test]
fn english() {
    check_table("en", "en.txt", Asked::default());
}

#[test]
fn english_of_one_region() {
    check_table("en-US", "en-US.txt", Asked::default());
    check_table("en-GB", "en-GB.txt", Asked::default());
}

#[test]
fn brazilian_portuguese() {
    check_table("pt-BR", "pt-BR.txt", Asked::default());
}

#[test]
fn european_portuguese() {
    check_table("pt-PT", "pt-PT.txt", Asked::default());
}

/// Checks a text for each channel: in chats, where nobody says, and in e-mail.
#[track_caller]
fn check_in_channels(tag: &str, [chat, unsaid, mail]: [&str; 3]) {
    use MessageChannel::{Email, Sms, Social, Unspecified, WebChat, WhatsApp};
    let language = resolve(tag, "").expect("a tag").language;
    for (channels, case) in
        [(&[WebChat, WhatsApp, Sms, Social] as &[_], chat), (&[Unspecified], unsaid), (&[Email], mail)]
    {
        let text = unmarked(case);
        for &channel in channels {
            let cancelled = AtomicBool::new(false);
            let request = CheckRequest { channel, ..CheckRequest::new(&text, language, &cancelled) };
            assert_eq!(marked(&text, &SPELLER.check(&request), case), case, "{tag} in {channel:?}");
        }
    }
}

#[test]
fn chat_words_are_right_in_chats() {
    check_in_channels(
        "en",
        [
            "Hey, thx, lmk if ur ok. Pls wait, brb! lol",
            "Hey, thx, lmk if [ur>your] ok. Pls wait, brb! lol",
            "Hey, [thx>thanks], [lmk>let me know] if [ur>your] ok. [Pls>Please] wait, [brb>be right back]! [lol>laughing out loud]",
        ],
    );
    check_in_channels(
        "pt-BR",
        [
            "Oi, vc viu a msg? Vcs tb, pq hj dá. Blz? kkkk Obg, abs",
            "Oi, [vc>você] viu a [msg>mensagem]? [Vcs>Vocês] [tb>também], [pq>porque] [hj>hoje] dá. [Blz>Beleza]? kkkk Obg, abs",
            "Oi, [vc>você] viu a [msg>mensagem]? [Vcs>Vocês] [tb>também], [pq>porque] [hj>hoje] dá. [Blz>Beleza]? kkkk [Obg>Obrigado], [abs>abraços]",
        ],
    );
    check_in_channels(
        "pt-PT",
        [
            "Olá, tb enviei a msg. Cumps",
            "Olá, [tb>também] enviei a [msg>mensagem]. Cumps",
            "Olá, [tb>também] enviei a [msg>mensagem]. [Cumps>Cumprimentos]",
        ],
    );
    // What is a slip stays one in every channel.
    check_in_channels("en", ["I [recieved>received] it."; 3]);
}

#[test]
fn english_slips_are_marked_and_the_right_word_comes_first() {
    check_table("en-US", "slips.en-US.txt", Asked::default());
    check_table("en-GB", "slips.en-GB.txt", Asked::default());
}

#[test]
fn brazilian_slips_are_marked_and_the_right_word_comes_first() {
    check_table("pt-BR", "slips.pt-BR.txt", Asked::default());
}

#[test]
fn european_portuguese_slips_are_marked_and_the_right_word_comes_first() {
    check_table("pt-PT", "slips.pt-PT.txt", Asked::default());
}

#[test]
fn simplified_chinese() {
    check_table("zh-Hans", "zh-Hans.txt", Asked::default());
    check_table("zh-Hans", "zh-Hans.hints.txt", Asked { hints: true, ..Asked::default() });
    check_table("zh-Hans", "zh-Hans.style.txt", Asked { style: true, ..Asked::default() });
}

#[test]
fn traditional_chinese() {
    check_table("zh-Hant", "zh-Hant.txt", Asked::default());
}

#[test]
fn correct_replies_have_at_most_one_mark_in_a_thousand_words() {
    for (tag, text, per_thousand) in [
        ("en", include_str!("../replies/en.txt"), 1),
        ("pt-BR", include_str!("../replies/pt-BR.txt"), 1),
        ("pt-PT", include_str!("../replies/pt-PT.txt"), 1),
    ] {
        let language = resolve(tag, "").expect("a tag").language;
        let words = text.split_whitespace().count();
        let marked = |line| {
            let findings = report(&SPELLER, line, language, Asked::default()).findings;
            findings.into_iter().map(move |finding| finding.spans[0].slice(line))
        };
        let marks: Vec<&str> = text.lines().flat_map(marked).collect();
        assert!(1000 * marks.len() <= per_thousand * words, "{tag}: {marks:?} in {words} words");
    }
}

#[test]
fn at_most_fifteen_of_a_thousand_correct_chinese_replies_are_marked() {
    let text = include_str!("../replies/zh-Hans.txt");
    let marked =
        |line: &&str| !report(&SPELLER, line, Language::ChineseSimplified, Asked::default()).findings.is_empty();
    let (marked, all) = (text.lines().filter(marked).count(), text.lines().count());
    assert!(1000 * marked <= 15 * all, "{marked} of {all} replies are marked");
}

/// Checks a text of a writer who has own words, as in the tables.
#[track_caller]
fn check_with_own_words(tag: &str, case: &str) {
    let glossary = Glossary::new(["FreteBox", "Zetta Plus", "pixzinho", "云图通", "报歉"]);
    let cancelled = AtomicBool::new(false);
    let language = resolve(tag, "").expect("a tag").language;
    let text = unmarked(case);
    let request = CheckRequest { glossary: &glossary, ..CheckRequest::new(&text, language, &cancelled) };
    assert_eq!(marked(&text, &SPELLER.check(&request), case), case);
}

#[test]
fn own_words_are_right_and_offered_for_slips() {
    check_with_own_words("en", "Your FreteBox and FRETEBOX, your FreteBox's lid, the Zetta Plus, a pixzinho.");
    check_with_own_words("en", "Your [fretebox>FreteBox], your [FreteBx>FreteBox].");
    check_with_own_words("pt-BR", "O seu FreteBox chegou; pague por pixzinho ou Pixzinho. O [Fretebx>FreteBox] não.");
    check_with_own_words("zh", "您好，云图通的FreteBox已到，请放心。");
    // Said to be right by the tenant: then it is, though never elsewhere.
    check_with_own_words("zh", "非常报歉。");
    check_with_own_words("zh-TW", "您的FreteBox已到，雲圖通請放心。");
}

/// Text in which each character may be each other one asks for more work than there is: counted, so the same everywhere.
#[test]
fn hostile_chinese_is_cut_short_and_the_next_sentence_is_not() {
    let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let ambiguous = |length: usize| -> String {
        let seeds = std::iter::successors(Some(7), next);
        seeds.map(|seed| ['是', '时', '事', '市'][(seed >> 30) as usize]).take(length).collect()
    };
    let check = |text: &str, incomplete: bool| {
        let report = report(&SPELLER, text, Language::ChineseSimplified, Asked::default());
        assert_eq!(report.incomplete, incomplete, "{} characters", text.chars().count());
        report.findings.into_iter().map(|finding| finding.spans[0].slice(text).to_owned()).collect::<Vec<_>>()
    };
    let wrong = "非常报歉，您的订单以经发出。";
    check(&ambiguous(10), false);
    let found = check(&format!("{}。{wrong}", ambiguous(2_000)), true);
    assert!(
        found.ends_with(&["报歉".to_owned(), "以".to_owned()]) || found.ends_with(&["报".to_owned(), "以".to_owned()]),
        "{found:?}"
    );
    assert_eq!(check(&wrong.repeat(200), false).len(), 400);
}
