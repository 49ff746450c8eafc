//! Which of our languages each sentence of a text is in, for callers who do not know. Knows how frequent words are in each; the
//! script tells Chinese.

use super::{
    assembly::LanguageCheckers, chinese::characters::is_han, marks::overlaps_any, meter::StepMeter, words::tokens,
};
use crate::{document::SkippedRegion, language::Language, text::Span};

/// What a look at one word takes of the meter: it is looked up in two lists.
const WORD_STEPS: u32 = 8;

/// One word tells no more than this, in hundredths of the Zipf scale: it may be a name, or be quoted.
const MOST_OF_A_WORD: i32 = 300;

/// Sentences whose words differ less tell nothing.
const LEAST: i32 = 60;

/// The parts of a text with the language that each is in, ascending and without gaps. `preferred` is the variety where its
/// language is told, and the language where nothing is. `masked` regions tell nothing. O(length).
pub(super) fn detect(
    text: &str,
    masked: &[SkippedRegion],
    preferred: Language,
    checkers: &LanguageCheckers,
    meter: &StepMeter<'_>,
) -> Vec<(Span, Language)> {
    let mut parts: Vec<(Span, Option<Tongue>)> = Vec::new();
    let mut start = 0;
    while start < text.len() && meter.goes_on() {
        let sentence = Span::new(start, sentence_end(text, start));
        parts.push((sentence, tongue_of(text, sentence, masked, checkers, meter)));
        start = sentence.end;
    }
    // What tells nothing is in the language of what stands before it, else behind it.
    let first = parts.iter().find_map(|(_, tongue)| *tongue);
    let mut last = first.unwrap_or_else(|| Tongue::of(preferred, text));
    let chinese = chinese_variety(text, preferred, checkers);
    let mut found: Vec<(Span, Language)> = Vec::new();
    for (span, tongue) in parts {
        last = tongue.unwrap_or(last);
        let language = last.language(preferred, chinese);
        match found.last_mut().filter(|(_, before)| *before == language) {
            Some((before, _)) => before.end = span.end,
            None => found.push((span, language)),
        }
    }
    // An abandoned check told of a part of the text only.
    if let Some((part, _)) = found.last_mut() {
        part.end = text.len();
    }
    found
}

/// A language without its variety.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    English,
    Portuguese,
    Chinese,
}

impl Tongue {
    /// That of a text that tells nothing: Latin letters are no Chinese.
    fn of(preferred: Language, text: &str) -> Self {
        match preferred {
            Language::PortugueseBr | Language::PortuguesePt => Self::Portuguese,
            Language::ChineseSimplified | Language::ChineseTraditional if text.contains(is_han) => Self::Chinese,
            _ => Self::English,
        }
    }

    const fn language(self, preferred: Language, chinese: Language) -> Language {
        match (self, preferred) {
            (Self::English, Language::EnglishUs | Language::EnglishGb) | (Self::Portuguese, Language::PortuguesePt) => {
                preferred
            }
            (Self::English, _) => Language::English,
            (Self::Portuguese, _) => Language::PortugueseBr,
            (Self::Chinese, _) => chinese,
        }
    }
}

/// The preferred variety of Chinese, else the one whose characters the text has.
fn chinese_variety(text: &str, preferred: Language, checkers: &LanguageCheckers) -> Language {
    match preferred {
        Language::ChineseSimplified | Language::ChineseTraditional => preferred,
        _ if text.contains(is_han) && checkers.chinese.looks_traditional(text) => Language::ChineseTraditional,
        _ => Language::ChineseSimplified,
    }
}

/// Where the sentence ends that begins at `start`: behind its last sign, or behind the end of the line.
fn sentence_end(text: &str, start: usize) -> usize {
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = start + at + c.len_utf8();
        let ends = match c {
            '\n' | '。' | '！' | '？' | '；' => true,
            '.' | '!' | '?' | '…' => chars.peek().is_none_or(|(_, next)| next.is_whitespace() || is_han(*next)),
            _ => false,
        };
        if ends {
            return end;
        }
    }
    text.len()
}

/// The language that the words of a sentence tell; `None` if they tell nothing.
fn tongue_of(
    text: &str,
    sentence: Span,
    masked: &[SkippedRegion],
    checkers: &LanguageCheckers,
    meter: &StepMeter<'_>,
) -> Option<Tongue> {
    let han = sentence.slice(text).chars().filter(|c| is_han(*c)).count();
    let (mut words, mut balance) = (0, 0);
    tokens::for_each_token(text, sentence, |token| {
        if matches!(token.shape, tokens::TokenShape::Plain | tokens::TokenShape::Composed)
            && !overlaps_any(masked, token.span)
        {
            let lower = token.span.slice(text).to_lowercase();
            let [english, portuguese] =
                [&checkers.english, &checkers.portuguese_br].map(|one| i32::from(one.frequency(&lower)));
            words += 1;
            balance += (english - portuguese).clamp(-MOST_OF_A_WORD, MOST_OF_A_WORD);
        }
        meter.spend(WORD_STEPS)
    });
    // A sentence of Chinese has more characters than foreign words.
    if han > 0 && han >= words {
        return Some(Tongue::Chinese);
    }
    match balance {
        LEAST.. => Some(Tongue::English),
        _ if balance <= -LEAST => Some(Tongue::Portuguese),
        _ => None,
    }
}
