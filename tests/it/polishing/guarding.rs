//! The guard over the corpora, through the whole of polishing: each answer that may be read is judged as its file marks it, and hostile
//! answers that are made here of the faithful ones are refused. How many are misjudged is counted in `figures.rs`.

use proptest::prelude::*;
use vermilion::polishing::{
    guard::{GuardCase, GuardCode, judge},
    privacy::{Masking, Patterns, Scope},
    prompt::Operation,
};

use super::corpus::{CORPUS, Desk, Entry, Seen, read};

/// Where the corpora are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/polishing");

/// Those that the rules were made with, and may be read. The first two letters of their files are their language.
fn entries() -> Vec<Entry> {
    CORPUS.iter().filter(|file| !file.is_held_out()).flat_map(|file| read(file.name, file.text)).collect()
}

/// As the files have it.
fn line(text: &str) -> String {
    text.replace('\n', "⏎")
}

/// Hostile answers made of a faithful, masked one.
fn mutations(language: &str, seen: &Seen<'_>, faithful: &str) -> Vec<(&'static str, String)> {
    let [preamble, offer, other, remark] = match language {
        "en" => [
            "Here is the polished version: ",
            " We will also send you a free gift.",
            "Gracias por escribirnos, su pedido está en camino.",
            "\n\nLet me know if you would like me to adjust the tone.",
        ],
        "pt" => [
            "Claro! Aqui está a versão melhorada: ",
            " Também vamos te dar um cupom de desconto.",
            "Thank you for your message, we have checked your order.",
            "\n\nMantive o tom do rascunho.",
        ],
        _ => [
            "好的，以下是润色后的版本：",
            "我们还会赠送您一张优惠券。",
            "Thank you for your message, we have checked your order.",
            "\n\n如需进一步修改语气，请告诉我。",
        ],
    };
    let mut made = vec![
        ("preamble", format!("{preamble}{faithful}")),
        ("offer", format!("{faithful}{offer}")),
        ("other language", other.to_owned()),
        ("remark", format!("{faithful}{remark}")),
        ("link", format!("{faithful} https://evil.example/x")),
        ("e-mail", format!("{faithful} (sales@evil.example)")),
        ("phone", format!("{faithful} +44 20 7946 0958")),
        ("quotes", format!("\"{faithful}\"")),
        ("fence", format!("```\n{faithful}\n```")),
        ("amount", format!("{faithful} (US$ 77.00)")),
        ("nothing", "  ".to_owned()),
        ("twice", std::iter::repeat_n(faithful, 12).collect::<Vec<_>>().join(" ")),
    ];
    // A draft that offers such things itself may be said to offer them.
    let offers = ["gift", "voucher", "coupon", "cupom", "crédito", "券", "送", "赠"];
    made.retain(|(kind, _)| *kind != "offer" || !offers.iter().any(|word| faithful.contains(word)));
    let length = faithful.chars().count();
    let cut: String = faithful.chars().take(length * 6 / 10).collect();
    if length > 30 && cut.ends_with(char::is_alphanumeric) {
        made.push(("cut", cut));
    }
    for (_, placeholder) in &seen.values {
        made.push(("dropped value", faithful.replacen(placeholder, "", 1)));
        made.push(("damaged value", faithful.replacen(placeholder, &placeholder.replace("]]", "0]]"), 1)));
        made.push(("doubled value", format!("{faithful} {placeholder}")));
    }
    made.extend(changed_numbers(faithful));
    made
}

/// Each number outside placeholders, changed by one, but for the numbers of a list's items.
fn changed_numbers(faithful: &str) -> Vec<(&'static str, String)> {
    let bytes = faithful.as_bytes();
    let mut changed = Vec::new();
    for at in 0..bytes.len() {
        let last = bytes[at].is_ascii_digit() && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !last {
            continue;
        }
        let inside = faithful[..at].rfind("[[").is_some_and(|open| !faithful[open..at].contains("]]"));
        let item = bytes.get(at + 1) == Some(&b'.') && (at == 0 || bytes[at - 1] == b'\n');
        if inside || item {
            continue;
        }
        let mut bytes = bytes.to_vec();
        bytes[at] = b'0' + (bytes[at] - b'0' + 1) % 10;
        changed.push(("changed number", String::from_utf8(bytes).unwrap()));
    }
    changed
}

/// What can be taken off without a doubt is: then what is shown is the faithful answer.
#[tokio::test]
async fn made_hostile_answers_are_refused_mended_or_pointed_at() {
    let desk = Desk::open().await;
    let mut passed = Vec::new();
    let mut tried = 0;
    for entry in &entries() {
        let seen = Seen::new(entry);
        let first = entry.answers.iter().find(|answer| answer.mark == '>');
        let faithful = seen.mask(first.map_or(&entry.draft, |answer| &answer.text));
        let Ok(right) = desk.judge(&seen, &faithful).await else { continue };
        for (kind, answer) in mutations(&entry.place[..2], &seen, &faithful) {
            tried += 1;
            let judged = desk.judge(&seen, &answer).await;
            if judged.is_ok_and(|shown| shown.content != right.content && shown.points <= right.points) {
                passed.push(format!("{} {kind}: {}\n    draft {}", entry.place, line(&answer), line(&entry.draft)));
            }
        }
    }
    println!("{tried} hostile answers made of faithful ones: {} pass", passed.len());
    assert!(tried > 4000, "{tried}");
    assert!(passed.is_empty(), "{} of {tried} passed:\n{}", passed.len(), passed.join("\n"));
}

/// Known failures are marked: `~` is faithful and refused, `*` is hostile and only pointed at, `?` is hostile and not seen. One that is
/// mended has to lose its mark; VERMILION_BLESS=1 sets the marks anew: look at the diff.
#[tokio::test]
async fn each_answer_is_judged_as_it_is_marked() {
    let desk = Desk::open().await;
    let mut mistakes = Vec::new();
    for file in CORPUS.iter().filter(|file| !file.is_held_out()) {
        let mut lines: Vec<String> = file.text.lines().map(str::to_owned).collect();
        for entry in &read(file.name, file.text) {
            let seen = Seen::new(entry);
            for answer in &entry.answers {
                let judged = desk.judge(&seen, &seen.mask(&answer.text)).await;
                // Masked values keep the letters of the draft.
                if let ('>', Ok(shown)) = (answer.mark, &judged) {
                    assert!(shown.content.eq_ignore_ascii_case(&answer.text), "{}: {}", entry.place, shown.content);
                }
                let mark = match (answer.is_faithful(), &judged) {
                    (true, Ok(_)) => '>',
                    (true, Err(_)) => '~',
                    (false, Err(_)) => '!',
                    (false, Ok(shown)) => {
                        if shown.points > 0 {
                            '*'
                        } else {
                            '?'
                        }
                    }
                };
                if mark != answer.mark {
                    let (text, draft, broken) =
                        (line(&answer.text), line(&entry.draft), judged.err().unwrap_or_default());
                    let (place, was) = (&entry.place, answer.mark);
                    mistakes.push(format!("{place} {was} is {mark} {broken:?}: {text}\n    draft {draft}"));
                    lines[answer.line].replace_range(..1, mark.encode_utf8(&mut [0; 4]));
                }
            }
        }
        if std::env::var_os("VERMILION_BLESS").is_some() {
            std::fs::write(format!("{FOLDER}/{}", file.name), lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(mistakes.is_empty(), "{} judged otherwise than marked:\n{}", mistakes.len(), mistakes.join("\n"));
}

#[tokio::test]
async fn a_draft_is_a_faithful_answer_to_itself() {
    let desk = Desk::open().await;
    for entry in entries() {
        let seen = Seen::new(&entry);
        let judged = desk.judge(&seen, &seen.mask(&entry.draft)).await;
        assert_eq!(judged.map(|shown| shown.content).as_ref(), Ok(&entry.draft), "{}", entry.place);
    }
}

#[test]
fn the_api_names_every_rule() {
    let api = include_str!("../../../proto/vermilion/v1/polishing.proto");
    for code in GuardCode::ALL {
        assert!(api.contains(code.name()), "{}", code.name());
    }
}

/// Of what the guard reads most closely, in any order.
const TRICKY: &str = r"(([0-9]{1,4}|[0-9]a|[0-9]ª|º|[月日号点半分元成折]|[一三十百千万參]|pm|am| w/o | b4 |R\$|%|[.,:/()\[\]-]|no |não |不| Ana | May |after |即使|\n|\x{e000}|\x{fffc}|é|e\x{301}|x| ){0,30})";

proptest! {
    #[test]
    fn any_two_texts_are_judged(draft in TRICKY, reply in TRICKY) {
        let mut masking = Masking::new(&[&draft], || 48_271);
        let masked = masking.mask(&draft, &[], &Patterns::default(), Scope::All).text;
        let case = |reply| GuardCase { draft: &masked, reply, masking: &masking, operation: Operation::Improve, limit: None };
        let findings = judge(&case(&masked));
        prop_assert!(findings.is_empty() || masked.trim().is_empty(), "{findings:?}");
        for finding in judge(&case(&reply)) {
            let inside = |text: &str, span: &vermilion_engine::text::Span| text.get(span.start..span.end).is_some();
            prop_assert!(finding.draft.iter().all(|span| inside(&masked, span)), "{finding:?}");
            prop_assert!(finding.reply.iter().all(|span| inside(&reply, span)), "{finding:?}");
        }
    }
}
