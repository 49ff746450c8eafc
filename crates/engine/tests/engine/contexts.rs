//! How many right words in the wrong place are found, and what of right sentences is marked: sentences of the trade with one such word
//! each (`tests/contexts/<language>.tsv`: as written, a tab, as right; half of them written before the sets and the patterns were;
//! `blind.<language>.tsv` and `commonest*.<language>.tsv` by people who had seen neither).
//! The right twin of each is checked, too.
//!
//! `cargo test -p vermilion-engine contexts -- --nocapture` prints the figures, and every word that is missed.
#![expect(clippy::print_stdout, reason = "the figures are for people")]

use std::sync::atomic::AtomicBool;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use vermilion_engine::{
    document::DocumentFormat,
    glossary::Glossary,
    language::resolve,
    spelling::{CheckRequest, FindingKind, SpellingFinding},
    text::Span,
};

use crate::SPELLER;

/// Marks that the words around ask for.
const KINDS: [FindingKind; 2] = [FindingKind::RealWord, FindingKind::LikelyAccent];

fn findings(tag: &str, text: &str, hints: bool) -> Vec<SpellingFinding> {
    let all = all_findings(tag, text, hints);
    all.into_iter().filter(|finding| KINDS.contains(&finding.kind)).collect()
}

/// Of any kind: what is no word at all in one variety is as well found.
fn all_findings(tag: &str, text: &str, hints: bool) -> Vec<SpellingFinding> {
    let language = resolve(tag, "").expect("a tag").language;
    let cancelled = AtomicBool::new(false);
    SPELLER.check(&CheckRequest { hints, ..CheckRequest::new(text, language, &cancelled) }).findings
}

/// What must at least hold of a table, in percent, less than one line below what was measured; false marks: at most.
struct Floor {
    found: f64,
    corrected: f64,
    with_hints: f64,
    false_marks: usize,
    false_hints: usize,
}

#[derive(Debug, Default)]
struct Tally {
    errors: usize,
    found: [usize; 2],
    corrected: usize,
    false_marks: [usize; 2],
}

impl Tally {
    fn add(&mut self, tag: &str, written: &str, right: &str) {
        let start = differing_word(written, right).start;
        for (lane, hints) in [(0, false), (1, true)] {
            let marks = all_findings(tag, written, hints);
            let meets = |mark: &&SpellingFinding| mark.spans[0].start <= start + 12 && mark.spans[0].end > start;
            let becomes = |mark: &SpellingFinding| {
                let span = mark.spans[0];
                let best = mark.suggestions.first().map_or("", |suggestion| suggestion.text.as_str());
                format!("{}{best}{}", &written[..span.start], &written[span.end..])
            };
            let hit = marks.iter().find(meets).filter(|_| written != right);
            self.found[lane] += usize::from(hit.is_some());
            self.corrected += usize::from(!hints && hit.is_some_and(|mark| becomes(mark) == right));
            let others = findings(tag, right, hints).len() + marks.len() - usize::from(hit.is_some());
            self.false_marks[lane] += others;
            if others > 0 {
                println!("{tag}: {others} false marks (hints: {hints}) in {written:?}, right is {right:?}");
            } else if hit.is_none() && written != right {
                println!("{tag}: not found (hints: {hints}): {written:?}");
            }
        }
        self.errors += usize::from(written != right);
    }
}

#[track_caller]
fn check(tag: &str, table: &str, floor: &Floor) {
    let mut tally = Tally::default();
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (written, right) = line.split_once('\t').unwrap_or_else(|| panic!("{tag}: no tab in {line:?}"));
        tally.add(tag, written, right);
    }
    let percent = |part: usize| 100.0 * part as f64 / tally.errors as f64;
    let (found, corrected, hints) = (percent(tally.found[0]), percent(tally.corrected), percent(tally.found[1]));
    println!("{tag}: {tally:?}: found {found:.1} %, corrected {corrected:.1} %, with hints {hints:.1} %");
    assert!(found >= floor.found, "{tag}: found {found:.1} %, wanted {} %", floor.found);
    assert!(corrected >= floor.corrected, "{tag}: corrected {corrected:.1} %, wanted {} %", floor.corrected);
    assert!(hints >= floor.with_hints, "{tag}: with hints {hints:.1} %, wanted {} %", floor.with_hints);
    assert!(tally.false_marks[0] <= floor.false_marks, "{tag}: {} right words are marked", tally.false_marks[0]);
    assert!(tally.false_marks[1] <= floor.false_hints, "{tag}: {} are, with hints", tally.false_marks[1]);
}

#[test]
fn english() {
    let floor = Floor { found: 91.9, corrected: 91.5, with_hints: 94.4, false_marks: 0, false_hints: 4 };
    check("en", include_str!("../contexts/en.tsv"), &floor);
}

#[test]
fn brazilian_portuguese() {
    // One of the marks is true: `E necessario`.
    let floor = Floor { found: 97.8, corrected: 97.3, with_hints: 98.7, false_marks: 3, false_hints: 4 };
    check("pt-BR", include_str!("../contexts/pt-BR.tsv"), &floor);
}

#[test]
fn european_portuguese() {
    let floor = Floor { found: 90.0, corrected: 90.0, with_hints: 90.0, false_marks: 0, false_hints: 0 };
    check("pt-PT", include_str!("../contexts/pt-PT.tsv"), &floor);
}

/// Sentences of somebody who had seen neither sets nor patterns, half of them meant to tempt.
#[test]
fn blind_sets() {
    const fn floor(found: f64, corrected: f64, with_hints: f64, false_marks: usize, false_hints: usize) -> Floor {
        Floor { found, corrected, with_hints, false_marks, false_hints }
    }
    for (tag, table, floor) in [
        ("en", include_str!("../contexts/blind.en.tsv"), floor(85.6, 85.6, 91.3, 30, 52)),
        ("pt-BR", include_str!("../contexts/blind.pt-BR.tsv"), floor(86.9, 86.9, 90.2, 20, 33)),
        ("pt-PT", include_str!("../contexts/blind.pt-PT.tsv"), floor(88.0, 87.7, 90.9, 9, 17)),
        // The ten commonest sets, and words that lost an accent; once more, with right sentences that tempt.
        ("en", include_str!("../contexts/commonest.en.tsv"), floor(81.0, 81.0, 93.0, 0, 4)),
        ("pt-BR", include_str!("../contexts/commonest.pt-BR.tsv"), floor(83.4, 83.4, 88.1, 3, 7)),
        ("en", include_str!("../contexts/commonest-again.en.tsv"), floor(79.0, 79.0, 90.0, 33, 60)),
        ("pt-BR", include_str!("../contexts/commonest-again.pt-BR.tsv"), floor(78.3, 78.0, 85.1, 49, 71)),
        ("pt-BR", include_str!("../contexts/commonest-third.pt-BR.tsv"), floor(78.3, 77.6, 85.0, 48, 74)),
        ("pt-BR", include_str!("../contexts/commonest-fourth.pt-BR.tsv"), floor(77.3, 77.0, 88.0, 31, 60)),
    ] {
        check(tag, table, &floor);
    }
}

/// Who leaves out one accent leaves out the others, too: hardly a mark is lost where the words around have none.
#[test]
fn neighbours_are_read_without_their_accents() {
    let (mut found, mut found_bare) = (0, 0);
    for table in [include_str!("../contexts/blind.pt-BR.tsv"), include_str!("../contexts/commonest.pt-BR.tsv")] {
        for (written, right) in rows(table) {
            let word = differing_word(written, right);
            let (before, after) = (unaccented(&written[..word.start]), unaccented(&written[word.end..]));
            let bare = format!("{before}{}{after}", word.slice(written));
            found += usize::from(is_marked(written, word.start));
            found_bare += usize::from(is_marked(&bare, before.len()));
        }
    }
    println!("pt-BR: {found} found, {found_bare} among words without accents");
    assert!(100 * found_bare >= 97 * found, "{found_bare} of {found}");
    let table = include_str!("../contexts/bare.pt-BR.tsv");
    let found = rows(table).filter(|(written, right)| is_marked(written, differing_word(written, right).start)).count();
    println!("pt-BR: {found} of {} sentences that were typed so", rows(table).count());
    assert!(100 * found >= 69 * rows(table).count(), "{found}");
}

/// The three words on either side are the same; what tells the two apart stands farther off.
#[test]
fn the_rest_of_the_sentence_tells() {
    for (wrong, right) in [
        (
            "O caminhão quebrou na serra, e por isso a equipe não pode seguir viagem para o Recife.",
            "O caminhão está quebrado na serra, e por isso a equipe não pode seguir viagem para o Recife.",
        ),
        (
            "A loja fechou mais cedo e o entregador não pode deixar o pacote com o porteiro.",
            "A loja fecha mais cedo e o entregador não pode deixar o pacote com o porteiro.",
        ),
        (
            "O sistema caiu de madrugada e por isso a loja não pode emitir as notas dos clientes.",
            "O sistema está fora do ar e por isso a loja não pode emitir as notas dos clientes.",
        ),
        (
            "O médico estava em outra cidade e a consulta não pode ser feita na segunda-feira.",
            "O médico está em outra cidade e a consulta não pode ser feita na segunda-feira.",
        ),
    ] {
        let at = |text: &str| text.find("pode").expect("the member");
        assert!(is_marked(wrong, at(wrong)), "{wrong}");
        assert!(!is_marked(right, at(right)), "{right}");
    }
}

/// What is wrong of a table's lines, and what is right.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).filter(|(written, right)| written != right)
}

/// The first word that differs.
fn differing_word(written: &str, right: &str) -> Span {
    let first = written.char_indices().zip(right.chars()).find(|((_, a), b)| a != b).map_or(0, |((at, _), _)| at);
    let start = written[..first].rfind(' ').map_or(0, |at| at + 1);
    Span::new(start, written[start..].find(' ').map_or(written.len(), |at| start + at))
}

fn is_marked(text: &str, at: usize) -> bool {
    let marks = all_findings("pt-BR", text, false);
    marks.iter().any(|mark| mark.spans[0].start <= at && at < mark.spans[0].end)
}

fn unaccented(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// In the replies that other tests hold free of misspellings, hardly a word is said to be another.
#[test]
fn right_replies_are_hardly_marked() {
    for (tag, texts) in [
        ("en", [include_str!("../replies/en.txt"), include_str!("../replies/en.held-out-2.txt")]),
        ("pt-BR", [include_str!("../replies/pt-BR.txt"), include_str!("../replies/pt-BR.held-out-2.txt")]),
        ("pt-PT", [include_str!("../replies/pt-PT.txt"), include_str!("../replies/pt-PT.held-out-2.txt")]),
    ] {
        let lines = || texts.iter().flat_map(|text| text.lines());
        let words: usize = lines().map(|line| line.split_whitespace().count()).sum();
        let count = |hints| lines().map(|line| findings(tag, line, hints).len()).sum::<usize>();
        let (marks, hints) = (count(false), count(true));
        println!("{tag}: {words} words, {marks} marks, {hints} with hints");
        assert!(marks <= 2 && 1_000 * hints <= words, "{tag}: {marks} marks, {hints} with hints, in {words} words");
    }
}

/// Own words, quotations, links and what the client protects are not judged, nor is a word in capitals.
#[test]
fn what_is_not_the_writers_prose_is_left_alone() {
    for text in [
        "Write \"your welcome\" in the box.",
        "The message “your welcome” is shown.",
        "See https://example.com/your-welcome for more.",
        "YOUR WELCOME",
        "Send it to your.welcome@example.com today.",
    ] {
        assert_eq!(findings("en", text, true), [], "{text}");
    }
    let language = resolve("en", "").expect("a tag").language;
    let (cancelled, glossary) = (AtomicBool::new(false), Glossary::new(["Your"]));
    let text = "Your welcome!";
    let request = CheckRequest::new(text, language, &cancelled);
    assert_eq!(SPELLER.check(&request).findings.len(), 1);
    assert!(SPELLER.check(&CheckRequest { glossary: &glossary, ..request }).findings.is_empty(), "an own word");
    assert!(SPELLER.check(&CheckRequest { protected: &[Span::new(0, 4)], ..request }).findings.is_empty(), "protected");
    let html = CheckRequest { text: "<p>Y<b>our</b> welcome!</p>", format: DocumentFormat::Html, ..request };
    let found = SPELLER.check(&html).findings;
    assert_eq!(found.iter().map(|one| one.spans.len()).collect::<Vec<_>>(), [2], "a word that markup divides");
}

fn sense(mark: &SpellingFinding) -> (FindingKind, &str, Option<&str>) {
    (mark.kind, &mark.suggestions[0].text, mark.explanation.as_deref())
}

/// A mark says what the two words mean, and keeps the writer's capital.
#[test]
fn marks_name_the_senses() {
    let found = findings("en", "Your welcome! Our costumer is happy.", false);
    let told: Vec<_> = found.iter().map(sense).collect();
    assert_eq!(
        told,
        [
            (FindingKind::RealWord, "You're", Some("\"your\": belonging to you; \"you're\": short for \"you are\".")),
            (
                FindingKind::RealWord,
                "customer",
                Some("\"costumer\": who makes costumes; \"customer\": who buys, a client.")
            ),
        ]
    );
    let found = findings("pt-BR", "O pedido saiu, mais não chegou. A consulta esta marcada.", false);
    let told: Vec<_> = found.iter().map(sense).collect();
    assert_eq!(
        told,
        [
            (FindingKind::RealWord, "mas", Some("\"mais\": o contrário de menos; \"mas\": porém, no entanto.")),
            (
                FindingKind::LikelyAccent,
                "está",
                Some("\"esta\": próxima de quem fala (“esta conta”); \"está\": do verbo estar (“ele está”).")
            ),
        ]
    );
}

/// A verb of the first person, and the noun or adjective that has an accent.
#[test]
fn what_i_do_has_no_accent_and_what_it_is_called_has_one() {
    for tag in ["pt-BR", "pt-PT"] {
        for text in [
            "Se eu deposito hoje, o dinheiro cai amanhã.",
            "Eu não especifico o modelo porque ainda não sei.",
            "Eu mesmo numero as caixas antes de as mandar.",
            "Trabalho com livros e eu catalogo tudo.",
        ] {
            assert_eq!(findings(tag, text, false), [], "{tag}: {text}");
        }
        for (text, right) in [
            ("No anuncio dizia que a entrega era grátis.", "anúncio"),
            ("Consulte o valor do deposito na fatura.", "depósito"),
            ("Este catalogo já não está em vigor.", "catálogo"),
        ] {
            let found = findings(tag, text, false);
            assert_eq!(found.iter().map(|one| &*one.suggestions[0].text).collect::<Vec<_>>(), [right], "{tag}: {text}");
        }
    }
}

/// Right sentences that somebody thought of who had read the patterns.
#[test]
fn tempting_sentences_are_left_alone() {
    for (tags, text) in [
        (&["en"][..], include_str!("../contexts/right.en.txt")),
        (&["pt-BR", "pt-PT"], include_str!("../contexts/right.pt.txt")),
    ] {
        for (tag, line) in tags.iter().flat_map(|tag| text.lines().skip(1).map(move |line| (tag, line))) {
            assert_eq!(findings(tag, line, false), [], "{tag}: {line}");
        }
    }
}
