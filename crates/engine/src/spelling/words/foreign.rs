//! Sentences of another language: a quotation, a signature, a canned line. Marking every word of one helps nobody.

use super::tokens::{self, TokenShape};
use crate::{
    document::{SkipReason, SkippedRegion},
    spelling::finding::{FindingKind, SpellingReport},
    text::Span,
};

/// Marks in one sentence before it is looked at: fewer can be misspellings.
const MIN_FINDINGS: usize = 3;

/// Takes the marks out of sentences most of whose words are unknown here (`is_right`) and known in another language
/// (`is_foreign`), and reports those sentences as skipped.
pub(super) fn skip_foreign_sentences(
    text: &str,
    report: &mut SpellingReport,
    is_right: impl Fn(&str) -> bool,
    is_foreign: impl Fn(&str) -> bool,
) {
    let mut foreign: Vec<Span> = Vec::new();
    let mut findings = report.findings.iter().map(|finding| finding.spans[0]).peekable();
    while let Some(first) = findings.next() {
        let sentence = sentence_around(text, first);
        let mut marks = 1;
        while findings.next_if(|span| span.start < sentence.end).is_some() {
            marks += 1;
        }
        if marks >= MIN_FINDINGS && is_of_another_language(text, sentence, &is_right, &is_foreign) {
            foreign.push(sentence);
        }
    }
    if foreign.is_empty() {
        return;
    }
    let within = |span: Span| {
        let next = foreign.partition_point(|sentence| sentence.end <= span.start);
        foreign.get(next).is_some_and(|sentence| sentence.overlaps(span))
    };
    report.findings.retain(|finding| finding.kind == FindingKind::WrongCharacter || !within(finding.spans[0]));
    report.skipped.retain(|skipped| !within(skipped.span));
    report.skipped.extend(foreign.iter().map(|&span| SkippedRegion { span, reason: SkipReason::OtherLanguage }));
    report.skipped.sort_unstable_by_key(|skipped| skipped.span.start);
}

/// From the end of the sentence before to the end of this one, without the blanks around.
fn sentence_around(text: &str, span: Span) -> Span {
    // Chinese text around a foreign sentence is no part of it.
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '\n' | '\r' | '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FF65}');
    let start = text[..span.start].rfind(ends).map_or(0, |at| text.ceil_char_boundary(at + 1));
    let end = text[span.end..].find(ends).map_or(text.len(), |at| span.end + at);
    let sentence = &text[start..end];
    let start = start + (sentence.len() - sentence.trim_start().len());
    Span::new(start, start + sentence.trim().len())
}

fn is_of_another_language(
    text: &str,
    sentence: Span,
    is_right: impl Fn(&str) -> bool,
    is_foreign: impl Fn(&str) -> bool,
) -> bool {
    let (mut words, mut right, mut known_there) = (0_usize, 0_usize, 0_usize);
    tokens::for_each_token(text, sentence, |token| {
        if matches!(token.shape, TokenShape::Plain | TokenShape::Composed) {
            let word = super::normal::normalised(token.span.slice(text));
            words += 1;
            right += usize::from(is_right(&word));
            known_there += usize::from(is_foreign(&word));
        }
        true
    });
    // More than half wrong here, at least three quarters right there.
    2 * right < words && 4 * known_there >= 3 * words
}
