//! Which language a text is in, as far as a guard must know: that of the reply is that of the draft. By script, and for Latin
//! letters by words that only one language has. Pure; knows no dictionary.

use std::{collections::HashMap, sync::LazyLock};

use super::is_han;

/// A language that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DetectedLanguage {
    /// English.
    English,
    /// Portuguese.
    Portuguese,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// German.
    German,
    /// Italian.
    Italian,
    /// Chinese.
    Chinese,
    /// Japanese: any kana.
    Japanese,
    /// Korean.
    Korean,
    /// Cyrillic letters.
    Cyrillic,
    /// Arabic letters.
    Arabic,
}

/// Words by which a language of Latin letters is told; none of them is a frequent word of another.
const WORDS: [(DetectedLanguage, &[&str]); 6] = [
    (
        DetectedLanguage::English,
        &[
            "the", "and", "you", "your", "is", "are", "was", "we", "our", "to", "of", "for", "with", "this", "that",
            "have", "has", "will", "would", "can", "please", "thank", "thanks", "hi", "hello", "dear", "not", "it",
            "i", "be", "been", "on", "at", "from", "by", "if", "what", "when", "sorry", "my", "in", "any", "us",
            "there", "here", "yes", "order", "let", "know", "best", "regards", "i'm", "i'll", "don't", "should",
            "could", "may", "an", "all", "so", "but", "as", "once", "about",
        ],
    ),
    (
        DetectedLanguage::Portuguese,
        &[
            "não",
            "nao",
            "você",
            "voce",
            "vocês",
            "obrigado",
            "obrigada",
            "olá",
            "ola",
            "seu",
            "sua",
            "seus",
            "suas",
            "uma",
            "com",
            "em",
            "na",
            "nos",
            "nas",
            "da",
            "dos",
            "das",
            "ao",
            "à",
            "às",
            "pelo",
            "pela",
            "pedido",
            "é",
            "são",
            "foi",
            "está",
            "estão",
            "estamos",
            "temos",
            "muito",
            "bom",
            "boa",
            "dia",
            "tarde",
            "noite",
            "bem",
            "isso",
            "este",
            "esta",
            "também",
            "já",
            "até",
            "mais",
            "nosso",
            "nossa",
            "por",
            "favor",
            "oi",
            "sim",
            "um",
            "o",
            "os",
            "e",
            "será",
            "vai",
            "vou",
            "vamos",
            "pode",
            "podemos",
            "ter",
            "qualquer",
            "dúvida",
            "prezado",
            "prezada",
            "atenciosamente",
            "quando",
            "para",
            "se",
            "como",
            "que",
            "senhor",
            "senhora",
            "gostaria",
            "posso",
            "segunda",
            "via",
            "ou",
            "as",
            "ser",
            "fazer",
            "hoje",
            "agora",
            "prazo",
        ],
    ),
    (
        DetectedLanguage::Spanish,
        &[
            "el",
            "los",
            "las",
            "del",
            "usted",
            "ustedes",
            "gracias",
            "hola",
            "su",
            "con",
            "una",
            "muy",
            "y",
            "pero",
            "también",
            "estimado",
            "estimada",
            "pedido",
            "nuestro",
            "nuestra",
            "es",
            "está",
            "para",
            "por",
            "favor",
            "le",
            "se",
            "en",
            "hoy",
            "días",
            "buenos",
            "buenas",
            "saludos",
            "lo",
            "al",
            "si",
            "cuando",
            "como",
            "que",
            "puede",
            "será",
            "ha",
            "sido",
            "cualquier",
        ],
    ),
    (
        DetectedLanguage::French,
        &[
            "le",
            "les",
            "des",
            "du",
            "vous",
            "votre",
            "vos",
            "nous",
            "notre",
            "bonjour",
            "merci",
            "est",
            "et",
            "une",
            "avec",
            "pour",
            "dans",
            "sur",
            "pas",
            "ne",
            "que",
            "qui",
            "être",
            "avez",
            "avons",
            "cordialement",
            "été",
            "à",
            "au",
            "aux",
        ],
    ),
    (
        DetectedLanguage::German,
        &[
            "der", "die", "das", "und", "ist", "sie", "ihre", "ihr", "ihnen", "wir", "nicht", "mit", "für", "auf",
            "vielen", "dank", "bitte", "hallo", "ein", "eine", "einen", "zu", "von", "den", "dem", "sehr", "geehrte",
            "wird", "haben", "grüßen",
        ],
    ),
    (
        DetectedLanguage::Italian,
        &[
            "il", "gli", "della", "delle", "nel", "con", "grazie", "ciao", "salve", "suo", "sua", "è", "sono", "per",
            "non", "una", "che", "di", "ordine", "abbiamo", "gentile", "cordiali", "saluti", "il", "lei", "ha",
            "stato",
        ],
    ),
];

/// Characters of one Chinese script only: simplified, traditional.
const SIMPLIFIED: &str =
    "们这个说会时为来对单发货问题请谢您没还给让过应该实现点开见进动种经样长现间问么什订认处联系后续员办";
const TRADITIONAL: &str =
    "們這個說會時為來對單發貨問題請謝您沒還給讓過應該實現點開見進動種經樣長現間問麼什訂認處聯繫後續員辦";

/// The language of a text, if it is told with some certainty.
#[must_use]
pub fn detect_language(text: &str) -> Option<DetectedLanguage> {
    let (mut latin, mut han, mut kana, mut hangul, mut cyrillic, mut arabic) = (0, 0, 0, 0, 0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match c {
            '\u{3040}'..='\u{30FF}' => kana += 1,
            _ if is_han(c) => han += 1,
            '\u{AC00}'..='\u{D7AF}' => hangul += 1,
            '\u{400}'..='\u{52F}' => cyrillic += 1,
            '\u{600}'..='\u{6FF}' => arabic += 1,
            _ => latin += 1,
        }
    }
    // A Han character says about as much as three letters.
    let scripts = [
        (latin, None),
        (
            3 * (han + kana),
            Some(if kana > 0 && kana * 10 >= han { DetectedLanguage::Japanese } else { DetectedLanguage::Chinese }),
        ),
        (3 * hangul, Some(DetectedLanguage::Korean)),
        (cyrillic, Some(DetectedLanguage::Cyrillic)),
        (arabic, Some(DetectedLanguage::Arabic)),
    ];
    let total: usize = scripts.iter().map(|(count, _)| count).sum();
    let (count, script) = scripts.into_iter().max_by_key(|(count, _)| *count)?;
    if total == 0 || count * 10 < total * 6 {
        return None;
    }
    script.or_else(|| by_words(text))
}

/// For each word, in which of [`WORDS`] it is: a bit each.
static LISTS: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
    let mut lists = HashMap::new();
    for (at, (_, words)) in WORDS.iter().enumerate() {
        words.iter().for_each(|word| *lists.entry(*word).or_default() |= 1 << at);
    }
    lists
});

/// How many words of each of [`WORDS`] a text has.
fn scores(text: &str) -> [usize; WORDS.len()] {
    let mut scores = [0; WORDS.len()];
    let mut small = String::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()) {
        small.clear();
        small.extend(word.chars().flat_map(char::to_lowercase));
        let lists = LISTS.get(small.as_str()).copied().unwrap_or(0);
        scores.iter_mut().enumerate().for_each(|(at, score)| *score += usize::from(lists >> at & 1));
    }
    scores
}

fn by_words(text: &str) -> Option<DetectedLanguage> {
    let scores = scores(text);
    let best = (0..scores.len()).max_by_key(|at| scores[*at])?;
    let second = (0..scores.len()).filter(|at| *at != best).map(|at| scores[at]).max()?;
    (scores[best] >= 2 && scores[best] * 2 >= second * 3 || scores[best] == 1 && second == 0).then_some(WORDS[best].0)
}

/// Whether the reply, or a whole sentence of it, is in another language than the draft.
#[must_use]
pub(crate) fn differs(draft: &str, reply: &str) -> bool {
    let Some(whole) = detect_language(draft) else { return false };
    if let Some(replied) = detect_language(reply) {
        if whole != replied {
            return true;
        }
        if whole == DetectedLanguage::Chinese
            && script(draft).zip(script(reply)).is_some_and(|(one, another)| one != another)
        {
            return true;
        }
    }
    // A sentence in a third language: unless the draft has one, too.
    let foreign = |text: &str| {
        text.split(['.', '!', '?', '。', '！', '？', '\n']).any(|sentence| {
            let long = sentence.split_whitespace().count() >= 4 || sentence.chars().filter(|c| is_han(*c)).count() >= 6;
            long && is_of_another(sentence, whole)
        })
    };
    foreign(reply) && !foreign(draft)
}

fn is_of_another(sentence: &str, whole: DetectedLanguage) -> bool {
    match detect_language(sentence) {
        None => false,
        Some(found) if found == whole => false,
        Some(found) => match WORDS.iter().position(|(tongue, _)| *tongue == whole) {
            // Neighbours share words: only a sentence with none of the draft's language and two of another's counts.
            Some(at) if let Some(other) = WORDS.iter().position(|(tongue, _)| *tongue == found) => {
                let scores = scores(sentence);
                scores[at] == 0 && scores[other] >= 2
            }
            _ => true,
        },
    }
}

/// Whether Chinese is in traditional characters; `None` where nothing tells.
fn script(text: &str) -> Option<bool> {
    let only = |own: &str, other: &str| text.chars().filter(|c| own.contains(*c) && !other.contains(*c)).count();
    let (simplified, traditional) = (only(SIMPLIFIED, TRADITIONAL), only(TRADITIONAL, SIMPLIFIED));
    match (simplified, traditional) {
        (0, 0) => None,
        (simplified, traditional) => Some(traditional > simplified),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_languages() {
        for (text, expected) in [
            ("Your order has been shipped.", Some(DetectedLanguage::English)),
            ("Seu pedido foi enviado hoje.", Some(DetectedLanguage::Portuguese)),
            ("Hola, su pedido ha sido enviado.", Some(DetectedLanguage::Spanish)),
            ("Bonjour, votre commande est en route.", Some(DetectedLanguage::French)),
            ("Ihre Bestellung ist unterwegs, vielen Dank.", Some(DetectedLanguage::German)),
            ("您的订单已发货", Some(DetectedLanguage::Chinese)),
            ("ご注文ありがとうございます", Some(DetectedLanguage::Japanese)),
            ("Ваш заказ отправлен", Some(DetectedLanguage::Cyrillic)),
            ("12345", None),
            ("OK", None),
        ] {
            assert_eq!(detect_language(text), expected, "{text}");
        }
    }

    #[test]
    fn tells_a_change() {
        assert!(differs("Seu pedido já foi enviado.", "Your order has been shipped."));
        assert!(differs("您的订单已发货，请查收。", "Your order has been shipped."));
        assert!(differs("您的订单已经发货了，请您查收", "您的訂單已經發貨了，請您查收"));
        assert!(differs("请您稍等一下，我马上查询", "请您稍等。Please let me know if you need anything."));
        assert!(!differs("Please check the iPhone 15 Pro Max", "Please check the iPhone 15 Pro Max."));
        assert!(!differs("ok, vou ver", "Certo, vou verificar para você."));
        assert!(!differs("您好，请打开 Wi-Fi settings 页面", "您好，请您打开 Wi-Fi settings 页面。"));
    }
}
