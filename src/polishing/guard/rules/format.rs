//! Structure that the draft lacks is no part of a reply: quotation marks around it, fences, markup, blanks to fill in, the labels of
//! several versions.

use std::sync::LazyLock;

use regex::Regex;
use vermilion_engine::text::Span;

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::pattern;

const QUOTES: [(char, char); 8] =
    [('{', '}'), ('"', '"'), ('“', '”'), ('\'', '\''), ('「', '」'), ('«', '»'), ('`', '`'), ('‘', '’')];

/// Markdown that people do not write in chats, tags, the tokens of models, blanks to fill in, "Option 1:". Without borders of words, which
/// no automaton finds in text that is not ASCII.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?mx)```|^\#{1,6}\ |\*\*[^*\n]+\*\*|^\s*---+\s*$|^\s*===+\s*$|^>\s
        |</?[\p{L}_][\p{L}\p{N}_:-]{0,30}(?:\s[^<>\n]{0,80})?/?>
        |<[|｜][^<>\n]{1,60}[|｜]>|\[/?[A-Z]{3,12}\]|◁[^◁▷\n]{0,30}▷|⟨[^⟨⟩\n]{1,30}⟩
        |\[[\p{L}\ ][^\]\[\n]{1,40}\]|【[^】\n]{1,20}】|_{3,}
        |(?i:^\s*(?:subject|assunto|主题|标题|主旨)\s*[:：])
        |(?i:^\s*(?:option|version|variant|alternative|opção|opcao|versão|versao|alternativa|版本|方案|选项|選項)\s*(?:\d|[a-c]|[一二三])\s*[:：.）)-])",
    )
});

/// Compiles its pattern.
pub(in crate::polishing::guard) fn compile_patterns() {
    LazyLock::force(&MARKUP);
}

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    let (draft, reply) = (pair.case.draft.trim(), pair.case.reply.trim());
    let offset = pair.case.reply.len() - pair.case.reply.trim_start().len();
    let mut places = Vec::new();
    let is_data = |text: &str| text.starts_with("{\"") || text.starts_with("{ \"");
    if is_wrapped(reply) && !is_wrapped(draft) || is_data(reply) && !is_data(draft) {
        places.push(Place::of_reply(Span::new(offset, offset + reply.len())));
    }
    let mut known: Vec<&str> = MARKUP.find_iter(draft).map(|found| found.as_str()).collect();
    for found in MARKUP.find_iter(reply) {
        match known.iter().position(|other| *other == found.as_str()) {
            Some(at) => _ = known.swap_remove(at),
            None => places.push(Place::of_reply(Span::new(offset + found.start(), offset + found.end()))),
        }
    }
    places
}

fn is_wrapped(text: &str) -> bool {
    let ends = text.chars().next().zip(text.chars().next_back());
    text.chars().nth(1).is_some() && ends.is_some_and(|ends| QUOTES.contains(&ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_no_markup() {
        for (text, expected) in [
            ("a < b and c > d, see [1]", 0),
            ("<3 thank you", 0),
            ("Hello <b>you</b>", 2),
            ("<|im_end|>", 1),
            ("Dear [Name],", 1),
            ("[INST]", 1),
            ("Option 1: x", 1),
            ("选项一：x", 1),
            ("Our option is fine: take it", 0),
        ] {
            assert_eq!(MARKUP.find_iter(text).count(), expected, "{text}");
        }
    }
}
