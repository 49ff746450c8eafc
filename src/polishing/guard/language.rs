//! Which language a text is in, as far as a guard must know: that of the reply is that of the draft. By script, and for Latin
//! letters by words that only one language has. Pure; knows no dictionary.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use rustc_hash::FxHashMap;

use super::{
    fold::fold_phrase,
    is_han,
    wordfiles::{WordsError, lines},
};

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

/// Languages of Latin letters, as `lexicon/languages.txt` names them.
const LATIN: [(&str, &str, DetectedLanguage); 6] = [
    ("English", "English endings", DetectedLanguage::English),
    ("Portuguese", "Portuguese endings", DetectedLanguage::Portuguese),
    ("Spanish", "Spanish endings", DetectedLanguage::Spanish),
    ("French", "French endings", DetectedLanguage::French),
    ("German", "German endings", DetectedLanguage::German),
    ("Italian", "Italian endings", DetectedLanguage::Italian),
];

const FILE: (&str, &str) = ("languages.txt", include_str!("lexicon/languages.txt"));

/// Words and endings by which these are told: for each, a bit of each language that has it.
#[derive(Debug, Default)]
struct Telltales {
    words: FxHashMap<&'static str, u8>,
    endings: Vec<(&'static str, u8)>,
}

static TELLTALES: LazyLock<Result<Telltales, WordsError>> = LazyLock::new(|| Telltales::read(FILE.0, FILE.1));

static NONE: LazyLock<Telltales> = LazyLock::new(Telltales::default);

/// Whether the file can be read.
///
/// # Errors
/// [`WordsError`].
pub(super) fn verify() -> Result<(), WordsError> {
    TELLTALES.as_ref().map(|_| ()).map_err(Clone::clone)
}

impl Telltales {
    fn read(file: &'static str, text: &'static str) -> Result<Self, WordsError> {
        let mut all = Self::default();
        for (line, section, content) in lines(text) {
            let place = LATIN.iter().position(|(words, endings, _)| section == *words || section == *endings);
            let at = place.ok_or(WordsError { file, line, expected: "a language" })?;
            for word in content.split(", ") {
                if section == LATIN[at].0 {
                    *all.words.entry(word).or_default() |= 1 << at;
                } else {
                    match all.endings.iter_mut().find(|(ending, _)| *ending == word) {
                        Some((_, languages)) => *languages |= 1 << at,
                        None => all.endings.push((word, 1 << at)),
                    }
                }
            }
        }
        Ok(all)
    }

    /// The languages that a folded word tells, a bit each.
    fn languages(&self, word: &str) -> u8 {
        // Endings tell nothing of short words.
        const LONG: usize = 6;
        match self.words.get(word) {
            Some(languages) => *languages,
            None if word.len() < LONG => 0,
            None => {
                self.endings.iter().find(|(ending, _)| word.ends_with(ending)).map_or(0, |(_, languages)| *languages)
            }
        }
    }
}

/// Characters of one Chinese script only: simplified, traditional.
const SIMPLIFIED: &str =
    "们这个说会时为来对单发货问题请谢您没还给让过应该实现点开见进动种经样长现间问么什订认处联系后续员办";
const TRADITIONAL: &str =
    "們這個說會時為來對單發貨問題請謝您沒還給讓過應該實現點開見進動種經樣長現間問麼什訂認處聯繫後續員辦";

/// The language of a text, if it is told with some certainty.
#[must_use]
pub fn detect_language(text: &str) -> Option<DetectedLanguage> {
    let (mut latin, mut han, mut kana, mut hangul, mut cyrillic, mut arabic) = (0, 0, 0, 0, 0, 0);
    for c in text.chars() {
        match c {
            // The commonest first: the tables of what is a letter are long.
            'a'..='z' | 'A'..='Z' => latin += 1,
            '\u{4E00}'..='\u{9FFF}' => han += 1,
            _ if c.is_ascii() || !c.is_alphabetic() => {}
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

/// How many words of each of [`LATIN`] a text has.
fn scores(text: &str) -> [usize; LATIN.len()] {
    let telltales = TELLTALES.as_ref().unwrap_or_else(|_| &NONE);
    let mut scores = [0; LATIN.len()];
    for word in text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).filter(|word| !word.is_empty())
    {
        let languages = telltales.languages(&fold_phrase(word));
        scores.iter_mut().enumerate().for_each(|(at, score)| *score += usize::from(languages >> at & 1));
    }
    scores
}

fn by_words(text: &str) -> Option<DetectedLanguage> {
    let scores = scores(text);
    let best = (0..scores.len()).max_by_key(|at| scores[*at])?;
    let second = (0..scores.len()).filter(|at| *at != best).map(|at| scores[at]).max()?;
    (scores[best] >= 2 && scores[best] * 2 >= second * 3 || scores[best] == 1 && second == 0).then_some(LATIN[best].2)
}

/// Where the reply is in another language than the draft: the whole of it, or a sentence.
#[must_use]
pub(super) fn differs(draft: &str, reply: &str) -> Option<Range<usize>> {
    let whole = detect_language(draft)?;
    if let Some(replied) = detect_language(reply) {
        let other_script = whole == DetectedLanguage::Chinese
            && script(draft).zip(script(reply)).is_some_and(|(one, another)| one != another);
        // What is said in the words of the draft is in its language, whatever a few words in chat spelling look like.
        if other_script || whole != replied && !shares_words(draft, reply) {
            return Some(0..reply.len());
        }
    }
    // A sentence in a third language: unless the draft has one, too.
    let foreign = |text: &str| {
        let mut start = 0;
        text.split_inclusive(['.', '!', '?', '。', '！', '？', '\n']).find_map(|sentence| {
            start += sentence.len();
            let long = sentence.split_whitespace().count() >= 4 || sentence.chars().filter(|c| is_han(*c)).count() >= 6;
            (long && is_of_another(sentence, whole)).then_some(start - sentence.len()..start)
        })
    };
    foreign(reply).filter(|_| foreign(draft).is_none())
}

/// Whether half of the longer words of either text are in the other.
fn shares_words(draft: &str, reply: &str) -> bool {
    const LONG: usize = 3;
    let words = |text: &str| -> HashSet<String> {
        let words =
            text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() >= LONG && !word.contains(is_han));
        words.map(fold_phrase).collect()
    };
    let (before, after) = (words(draft), words(reply));
    let shared = before.intersection(&after).count();
    shared > 0 && shared * 2 >= before.len().min(after.len())
}

fn is_of_another(sentence: &str, whole: DetectedLanguage) -> bool {
    match detect_language(sentence) {
        None => false,
        Some(found) if found == whole => false,
        Some(found) => {
            let place = |language| LATIN.iter().position(|(.., other)| *other == language);
            match (place(whole), place(found)) {
                // Neighbours share words: it must have many of another language for each of the draft's.
                (Some(at), Some(other)) => {
                    let scores = scores(sentence);
                    scores[other] >= 2 && scores[at] * 3 <= scores[other]
                }
                _ => true,
            }
        }
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
            ("to verificando aqui, so um minutinho ta", Some(DetectedLanguage::Portuguese)),
            ("n consigo, so amanha msm", Some(DetectedLanguage::Portuguese)),
            ("vc tem q ir no site e clicar em trocar", Some(DetectedLanguage::Portuguese)),
            ("a gente ja mandou, chega hj", Some(DetectedLanguage::Portuguese)),
            ("pls chk a photo n send 2 me", Some(DetectedLanguage::English)),
            ("12345", None),
            ("OK", None),
        ] {
            assert_eq!(detect_language(text), expected, "{text}");
        }
    }

    #[test]
    fn tells_a_change() {
        let differs = |draft, reply| super::differs(draft, reply).is_some();
        assert!(differs("Seu pedido já foi enviado.", "Your order has been shipped."));
        assert!(differs("您的订单已发货，请查收。", "Your order has been shipped."));
        assert!(differs("您的订单已经发货了，请您查收", "您的訂單已經發貨了，請您查收"));
        assert!(differs("请您稍等一下，我马上查询", "请您稍等。Please let me know if you need anything."));
        assert!(!differs("Please check the iPhone 15 Pro Max", "Please check the iPhone 15 Pro Max."));
        assert!(!differs("ok, vou ver", "Certo, vou verificar para você."));
        assert!(!differs("您好，请打开 Wi-Fi settings 页面", "您好，请您打开 Wi-Fi settings 页面。"));
    }
}
