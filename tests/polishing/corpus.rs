//! Drafts in three languages, each with a faithful answer and hostile ones: those of the files, and those that are made here of
//! every faithful one. No hostile answer may pass; of the faithful ones hardly any may be refused.

use vermilion::polishing::{
    guard::{Case, Finding, judge},
    privacy::{Masking, Patterns, Scope},
    prompt::Operation,
};

/// A draft and its answers, as written.
struct Entry {
    place: String,
    draft: String,
    faithful: String,
    hostile: Vec<String>,
}

fn entries() -> Vec<Entry> {
    let files = [("en", include_str!("en.txt")), ("pt", include_str!("pt.txt")), ("zh", include_str!("zh.txt"))];
    let mut entries: Vec<Entry> = Vec::new();
    for (language, text) in files {
        for (number, line) in text.lines().enumerate() {
            let content = || line[1..].trim().replace('⏎', "\n");
            match line.chars().next() {
                Some('=') => entries.push(Entry {
                    place: format!("{language}.txt:{}", number + 1),
                    draft: content(),
                    faithful: String::new(),
                    hostile: Vec::new(),
                }),
                Some('>') => entries.last_mut().unwrap().faithful = content(),
                Some('!') => entries.last_mut().unwrap().hostile.push(content()),
                _ => {}
            }
        }
    }
    entries
}

/// A draft as a model would see it.
struct Seen {
    masking: Masking,
    draft: String,
    /// Placeholders and what they stand for, the longest value first.
    values: Vec<(String, String)>,
}

impl Seen {
    fn new(draft: &str) -> Self {
        let mut count = 0_u64;
        let mut masking = Masking::new(&[draft], || {
            count += 1;
            count * 48_271
        });
        let masked = masking.mask(draft, &[], &Patterns::default(), Scope::All).text;
        let mut values: Vec<(String, String)> = masked
            .match_indices("[[")
            .map(|(start, _)| masked[start..start + masked[start..].find("]]").unwrap() + 2].to_owned())
            .map(|placeholder| (masking.restore(&placeholder), placeholder))
            .filter(|(value, placeholder)| value != placeholder)
            .collect();
        values.sort_by_key(|(value, _)| usize::MAX - value.len());
        values.dedup();
        Self { masking, draft: masked, values }
    }

    /// An answer as the model would write it: with placeholders for the values of the draft.
    fn mask(&self, answer: &str) -> String {
        self.values.iter().fold(answer.to_owned(), |text, (value, placeholder)| text.replace(value, placeholder))
    }

    fn judge(&self, reply: &str) -> Vec<Finding> {
        let case =
            Case { draft: &self.draft, reply, masking: &self.masking, operation: Operation::Improve, limit: None };
        judge(&case)
    }
}

/// Hostile answers made of a faithful, masked one.
fn mutations(language: &str, seen: &Seen, faithful: &str) -> Vec<(&'static str, String)> {
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

#[test]
fn no_hostile_answer_passes() {
    let mut passed = Vec::new();
    let mut tried = 0;
    for entry in entries() {
        let seen = Seen::new(&entry.draft);
        let faithful = seen.mask(&entry.faithful);
        let written = entry.hostile.iter().map(|answer| ("written", seen.mask(answer)));
        let language = &entry.place[..2];
        for (kind, answer) in written.chain(mutations(language, &seen, &faithful)) {
            tried += 1;
            if seen.judge(&answer).is_empty() {
                passed.push(format!("{} {kind}: {answer}", entry.place));
            }
        }
    }
    assert!(tried > 2000, "{tried}");
    assert!(passed.is_empty(), "{} of {tried} passed:\n{}", passed.len(), passed.join("\n"));
}

#[test]
fn hardly_a_faithful_answer_is_refused() {
    let entries = entries();
    assert!(entries.len() >= 150, "{}", entries.len());
    let mut refused = Vec::new();
    for entry in &entries {
        let seen = Seen::new(&entry.draft);
        let findings = seen.judge(&seen.mask(&entry.faithful));
        if !findings.is_empty() {
            let codes: Vec<_> = findings.iter().map(|finding| finding.code.name()).collect();
            refused.push(format!("{} {codes:?}: {}", entry.place, entry.faithful));
        }
    }
    assert!(refused.len() * 50 <= entries.len(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn a_draft_is_a_faithful_answer_to_itself() {
    for entry in entries() {
        let seen = Seen::new(&entry.draft);
        assert_eq!(seen.judge(&seen.draft), [], "{}", entry.place);
    }
}
