//! Names, abbreviations and other words in capitals: a reply that lost one and gained another speaks of somebody or something
//! else. Pure.

use std::collections::HashSet;

/// In capitals for other reasons: titles, what greetings and the clock take, and ourselves.
const COMMON: &[&str] = &[
    "i",
    "i'm",
    "i'll",
    "i've",
    "i'd",
    "ok",
    "am",
    "pm",
    "mr",
    "mrs",
    "ms",
    "dr",
    "sir",
    "madam",
    "dear",
    "sr",
    "sra",
    "srta",
    "senhor",
    "senhora",
    "dona",
    "prezado",
    "prezada",
    "vossa",
    "exa",
    "ola",
    "oi",
    "faq",
    "asap",
    "ps",
    "pls",
    "please",
    "hi",
    "hello",
    "thanks",
    "thank",
    "regards",
    "no",
    "nao",
    "yes",
    "sim",
    "id",
    "app",
    "usd",
    "eur",
    "gbp",
    "brl",
    "cny",
    "hkd",
    "rmb",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "segunda",
    "terca",
    "quarta",
    "quinta",
    "sexta",
    "sabado",
    "domingo",
    "e-mail",
    "email",
    "internet",
    "customer",
    "service",
    "support",
    "team",
    "cliente",
    "suporte",
    "equipe",
    "equipa",
    "best",
    "kind",
    "tel",
    "via",
    "gb",
    "mb",
    "tb",
    "kg",
    "kwh",
    "mwh",
];

/// The most names that are compared.
const MOST: usize = 200;

/// Words in capitals that do not begin a sentence, in small letters and without what joins them.
fn names(text: &str) -> HashSet<String> {
    // A text in capitals throughout shows no names.
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    if capitals * 2 > text.chars().filter(|c| c.is_alphabetic()).count() {
        return HashSet::new();
    }
    let mut names = HashSet::new();
    let mut begins = true;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_name =
            bare.starts_with(char::is_uppercase) && (!begins || bare.chars().filter(|c| c.is_uppercase()).count() > 1);
        if is_name && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '&' | '\'' | '’')) {
            let plain = super::plain::fold(bare);
            // S-XL are two.
            let is_range = plain.len() <= 6 && !bare.contains(char::is_lowercase);
            let parts = plain.split(|c| c == '-' && is_range).filter(|part| !COMMON.contains(part)).map(letters);
            names.extend(parts);
        }
        let end = word.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        begins =
            bare.is_empty() && begins || end.ends_with(['.', '!', '?', ':', ';', '\n', '。', '！', '？', ')', ',']);
    }
    names
}

fn letters(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether one name went and another came. A name that the other text has in small letters is there.
pub(super) fn changed(draft: &str, reply: &str) -> bool {
    let (before, after) = (names(draft), names(reply));
    if before.is_empty() || after.is_empty() {
        return false;
    }
    let missing = |names: &HashSet<String>, text: &str| {
        let text = super::plain::fold(text);
        let words: HashSet<String> =
            text.split_whitespace().flat_map(|word| word.split(['/', '-']).chain([word])).map(letters).collect();
        // A longer one may be joined to others.
        let joined = letters(&text);
        names.iter().any(|name| !words.contains(name) && (name.len() < 4 || !joined.contains(name.as_str())))
    };
    if before.len().max(after.len()) > MOST {
        return false;
    }
    missing(&before, reply) && missing(&after, draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_for_another() {
        for (draft, reply, expected) in [
            ("send it as XLSX pls", "Please send it as a PDF.", true),
            ("bring ur RG", "Please bring your ID card.", false),
            ("go to gate C with Paula", "Please go to gate E with Paula.", true),
            ("the wifi of Ana", "The Wi-Fi of Ana", false),
            ("you have the Essencial plan", "You have the Premium plan.", true),
            ("fale com a Maria", "Olá! Por favor, fale com a Maria.", false),
            ("SEND IT AS XLSX", "Send it as a PDF.", false),
        ] {
            assert_eq!(changed(draft, reply), expected, "{draft} / {reply}");
        }
    }
}
