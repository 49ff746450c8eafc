//! A text as the method reads it: Simplified characters in their usual form, each with its place in the text as written.
//!
//! One character stays one character, so that no offset moves: Traditional and variant characters, Kangxi radicals and
//! compatibility ideographs become the usual ones, full-width letters and digits become ASCII. Characters that are not
//! seen (zero-width spaces and joiners, variation selectors, soft hyphens) are left out. What is masked is one object.

use unicode_normalization::UnicodeNormalization as _;

use super::characters::is_han;
use crate::{document::SkippedRegion, text::Span};

/// Stands for a masked region: part of its sentence, known to no model.
pub(super) const OBJECT_REPLACEMENT: char = '\u{FFFC}';

#[derive(Debug, Default)]
pub(super) struct NormalisedText {
    /// The characters that the method reads.
    pub(super) chars: Vec<char>,
    /// The same in the script of the writer.
    pub(super) written: Vec<char>,
    /// Where each stands in the text as written, in bytes.
    spans: Vec<Span>,
}

impl NormalisedText {
    /// Reads a text, but for the `masked` regions (ascending, disjoint). `simplify` maps Traditional and variant characters,
    /// each to one.
    pub(super) fn normalise(text: &str, masked: &[SkippedRegion], simplify: impl Fn(&str) -> String) -> Self {
        let mut normal = Self::default();
        let mut at = 0;
        for skipped in masked {
            normal.push_text(text, Span::new(at, skipped.span.start));
            normal.push(OBJECT_REPLACEMENT, skipped.span);
            at = skipped.span.end;
        }
        normal.push_text(text, Span::new(at, text.len()));
        let written: String = normal.written.iter().collect();
        normal.chars = simplify(&written).chars().map(to_full_width).collect();
        debug_assert_eq!(normal.chars.len(), normal.written.len());
        normal
    }

    fn push_text(&mut self, text: &str, stretch: Span) {
        for (offset, c) in stretch.slice(text).char_indices().filter(|&(_, c)| !is_invisible(c)) {
            let start = stretch.start + offset;
            self.push(compatibility_form(c), Span::new(start, start + c.len_utf8()));
        }
    }

    fn push(&mut self, c: char, span: Span) {
        self.written.push(c);
        self.spans.push(span);
    }

    /// Where a range of characters stands in the text as written; not empty.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.spans[start].start, self.spans[end - 1].end)
    }

    /// The sentences, each with the mark that ends it, as ranges of characters.
    pub(super) fn sentences(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = &self.chars[start..];
            let length = rest.iter().position(|&c| ends_sentence(c)).map_or(rest.len(), |end| end + 1);
            let sentence = start..start + length;
            start += length;
            (!sentence.is_empty()).then_some(sentence)
        })
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '…' | '\n' | '\r')
}

/// The punctuation of Chinese for that of a keyboard set to English, which agents use as often; the model knows the former.
fn to_full_width(c: char) -> char {
    match c {
        ',' => '，',
        '?' => '？',
        '!' => '！',
        ';' => '；',
        ':' => '：',
        _ => c,
    }
}

/// Zero-width and other invisible characters: a reader does not see them between two characters of a word.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

/// The compatible form of a character where that is one character: radicals, compatibility ideographs, full width.
fn compatibility_form(c: char) -> char {
    match c {
        // Full-width letters and digits only: Chinese text has full-width punctuation of its own.
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => {
            let mut form = [c].into_iter().nfkc();
            form.next().filter(|&first| form.next().is_none() && is_han(first)).unwrap_or(c)
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::SkipReason;

    #[track_caller]
    fn check(text: &str, masked: &[(usize, usize)], expected: &str) {
        let skipped = |&(start, end)| SkippedRegion { span: Span::new(start, end), reason: SkipReason::Url };
        let masked: Vec<SkippedRegion> = masked.iter().map(skipped).collect();
        let normal = NormalisedText::normalise(text, &masked, |text| text.replace('妳', "你"));
        assert_eq!(normal.chars.iter().collect::<String>(), expected, "{text:?}");
        let mut last = 0;
        for span in &normal.spans {
            assert!(last <= span.start && span.start < span.end && span.end <= text.len(), "{text:?}");
            last = span.end;
        }
    }

    #[test]
    fn normalises_character_by_character() {
        check("妳好，ＡＰＰ１２", &[], "你好，APP12");
        // A Kangxi radical, a compatibility ideograph of each plane, and one that has no other form.
        check("⼈\u{F900}\u{2F81A}\u{FA0E}", &[], "人豈冬\u{FA0E}");
        check("登\u{200B}陆\u{FE00}\u{E0100}", &[], "登陆");
        check("好,吧?", &[], "好，吧？");
        check("看https://a.cn吧", &[(3, 15)], "看\u{FFFC}吧");
        check("", &[], "");
    }

    #[test]
    fn divides_sentences() {
        let normal = NormalisedText::normalise("好的。请稍等！!再见", &[], str::to_owned);
        let sentences: Vec<_> = normal.sentences().collect();
        assert_eq!(sentences, [0..3, 3..7, 7..8, 8..10]);
    }
}
