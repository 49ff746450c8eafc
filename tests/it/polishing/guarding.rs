//! The guard over the corpora, through the whole of polishing: each answer that may be read is judged as its file marks it, and hostile
//! answers that are made here of the faithful ones are refused. How many are misjudged is counted in `figures.rs`.

use proptest::prelude::*;
use vermilion::polishing::{
    guard::{GuardCase, GuardCode, judge},
    privacy::{Masking, Patterns, Scope},
    prompt::Operation,
};

use super::corpus::{CORPUS, Desk, Entry, Seen, read};

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

#[tokio::test]
async fn made_hostile_answers_are_refused() {
    let desk = Desk::open().await;
    let mut passed = Vec::new();
    let mut tried = 0;
    for entry in &entries() {
        let seen = Seen::new(entry);
        let faithful = seen.mask(entry.faithful.first().unwrap_or(&entry.draft));
        for (kind, answer) in mutations(&entry.place[..2], &seen, &faithful) {
            tried += 1;
            if desk.judge(&seen, &answer).await.is_ok() {
                passed.push(format!("{} {kind}: {}\n    draft {}", entry.place, line(&answer), line(&entry.draft)));
            }
        }
    }
    println!("{tried} hostile answers made of faithful ones: {} pass", passed.len());
    assert!(tried > 4000, "{tried}");
    assert!(passed.is_empty(), "{} of {tried} passed:\n{}", passed.len(), passed.join("\n"));
}

/// Known failures are marked: `~` is faithful and refused, `?` is hostile and passes. One that is mended has to lose its mark.
#[tokio::test]
async fn each_answer_is_judged_as_it_is_marked() {
    let desk = Desk::open().await;
    let entries = entries();
    assert!(entries.len() >= 430, "{}", entries.len());
    let mut mistakes = Vec::new();
    for entry in &entries {
        let seen = Seen::new(entry);
        let marked = [
            ('>', true, &entry.faithful),
            ('~', false, &entry.misjudged),
            ('!', false, &entry.hostile),
            ('?', true, &entry.unseen),
        ];
        for (mark, passes, answers) in marked {
            for answer in answers {
                let judged = desk.judge(&seen, &seen.mask(answer)).await;
                // Masked values keep the letters of the draft.
                if let ('>', Ok(content)) = (mark, &judged) {
                    assert!(content.eq_ignore_ascii_case(answer), "{}: {content}", entry.place);
                }
                if judged.is_ok() != passes {
                    let (answer, draft, broken) = (line(answer), line(&entry.draft), judged.err().unwrap_or_default());
                    mistakes.push(format!("{} {mark} {broken:?}: {answer}\n    draft {draft}", entry.place));
                }
            }
        }
    }
    let advice = "a change for the worse after > and !; mended after ~ and ?, which become > and !";
    assert!(mistakes.is_empty(), "{} judged otherwise ({advice}):\n{}", mistakes.len(), mistakes.join("\n"));
}

#[tokio::test]
async fn a_draft_is_a_faithful_answer_to_itself() {
    let desk = Desk::open().await;
    for entry in entries() {
        let seen = Seen::new(&entry);
        assert_eq!(desk.judge(&seen, &seen.mask(&entry.draft)).await.as_ref(), Ok(&entry.draft), "{}", entry.place);
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
        prop_assert!(judge(&case(&reply)).len() <= GuardCode::ALL.len());
    }
}
