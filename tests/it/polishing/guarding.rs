//! The guard over the corpora, through the whole of polishing: answers of the files, and those that are made here of every
//! faithful one. What is known to be hostile must be refused; of the faithful hardly any may be.

use proptest::prelude::*;
use vermilion::polishing::{
    guard::{GuardCase, GuardCode, judge},
    privacy::{Masking, Patterns, Scope},
    prompt::Operation,
};

use super::corpus::{Desk, Entry, Seen, read};

/// Those that the rules were made with, and may be read.
fn entries() -> Vec<Entry> {
    [
        ("en.txt", include_str!("en.txt")),
        ("en-long.txt", include_str!("en-long.txt")),
        ("en-rewrites.txt", include_str!("en-rewrites.txt")),
        ("pt.txt", include_str!("pt.txt")),
        ("pt-long.txt", include_str!("pt-long.txt")),
        ("pt-rewrites.txt", include_str!("pt-rewrites.txt")),
        ("zh.txt", include_str!("zh.txt")),
        ("zh-long.txt", include_str!("zh-long.txt")),
        ("zh-rewrites.txt", include_str!("zh-rewrites.txt")),
    ]
    .into_iter()
    .flat_map(|(name, text)| read(name, text))
    .collect()
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
async fn no_hostile_answer_passes() {
    let desk = Desk::open().await;
    let (mut passed, mut mended) = (Vec::new(), Vec::new());
    let mut tried = 0;
    for entry in &entries() {
        let seen = Seen::new(entry);
        let faithful = seen.mask(entry.faithful.first().unwrap_or(&entry.draft));
        let written = entry.hostile.iter().map(|answer| ("written", seen.mask(answer)));
        let language = &entry.place[..2];
        for (kind, answer) in written.chain(mutations(language, &seen, &faithful)) {
            tried += 1;
            if desk.judge(&seen, &answer).await.is_ok() {
                passed.push(format!("{} {kind}: {}\n    draft {}", entry.place, line(&answer), line(&entry.draft)));
            }
        }
        for answer in &entry.unseen {
            if let Err(codes) = desk.judge(&seen, &seen.mask(answer)).await {
                mended.push(format!("{} {codes:?}: {}", entry.place, line(answer)));
            }
        }
    }
    assert!(tried > 4000, "{tried}");
    assert!(passed.is_empty(), "{} of {tried} passed:\n{}", passed.len(), passed.join("\n"));
    assert!(mended.is_empty(), "{} are seen now, so mark them with !:\n{}", mended.len(), mended.join("\n"));
}

#[tokio::test]
async fn hardly_a_faithful_answer_is_refused() {
    let desk = Desk::open().await;
    let entries = entries();
    assert!(entries.len() >= 430, "{}", entries.len());
    let (mut refused, mut mended) = (Vec::new(), Vec::new());
    let (mut passed, mut misjudged) = (0, 0);
    for entry in &entries {
        let seen = Seen::new(entry);
        for answer in &entry.faithful {
            match desk.judge(&seen, &seen.mask(answer)).await {
                // Masked values keep the letters of the draft.
                Ok(content) => assert!(content.eq_ignore_ascii_case(answer), "{}: {content}", entry.place),
                Err(codes) => {
                    let (answer, draft) = (line(answer), line(&entry.draft));
                    refused.push(format!("{} {codes:?}: {answer}\n    draft {draft}", entry.place));
                }
            }
            passed += 1;
        }
        for answer in &entry.misjudged {
            if desk.judge(&seen, &seen.mask(answer)).await.is_ok() {
                mended.push(format!("{}: {}", entry.place, line(answer)));
            }
            misjudged += 1;
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(mended.is_empty(), "{} pass now, so mark them with >:\n{}", mended.len(), mended.join("\n"));
    // Most of them write every number in another way, which models are told not to do.
    assert!(misjudged * 5 <= passed, "{misjudged} are known to be refused, {passed} pass");
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
