//! Written Cantonese: which sentences are in it. The model knows the written language that all regions share, and would put
//! every other word of such a sentence "right".

use super::characters::is_han;

/// Characters that hardly stand in other Chinese text.
const CANTONESE_CHARACTERS: &str = "嘅咗喺睇冇嚟啲佢哋咁嗰乜㗎畀嘢搵揾攞諗谂瞓啱噉嘥嗌唔餸攰嚿喎啩揸";
/// Words of Cantonese in characters that all have.
const CANTONESE_WORDS: [&str; 12] =
    ["係咪", "係唔", "而家", "聽日", "琴日", "尋日", "晏晝", "下晝", "點解", "邊個", "幾時得", "唔該"];

/// Whether a sentence, in the characters of its writer, is written Cantonese. In Simplified text, where 唔 is a sound and the others
/// are quoted, it takes two such characters.
pub(super) fn is_cantonese(written: &[char], traditional: bool) -> bool {
    let least = if traditional { 1 } else { 2 };
    let characters = written.iter().filter(|&&c| is_han(c) && CANTONESE_CHARACTERS.contains(c));
    if characters.take(least).count() == least {
        return true;
    }
    traditional && CANTONESE_WORDS.iter().any(|word| contains(written, word))
}

fn contains(text: &[char], word: &str) -> bool {
    let first = word.chars().next();
    let starts = text.iter().enumerate().filter(|&(_, &c)| Some(c) == first);
    starts.into_iter().any(|(at, _)| text[at..].iter().copied().take(word.chars().count()).eq(word.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_written_cantonese_from_what_all_regions_share() {
        #[track_caller]
        fn check(text: &str, traditional: bool, expected: bool) {
            assert_eq!(is_cantonese(&text.chars().collect::<Vec<char>>(), traditional), expected, "{text}");
        }
        check("唔該等一等", true, true);
        check("我即刻幫你睇下張單", true, true);
        check("係咪想改送貨時間呀？", true, true);
        check("聽日下晝再打", true, true);
        check("冇問題，我哋會安排同事", true, true);
        check("您好，請問有什麼可以為您服務？", true, false);
        check("這是他的聯絡電話", true, false);
        check("", true, false);
        check("唔，好的，我看一下", false, false);
        check("唔该，帮我睇下张单", false, true);
    }
}
