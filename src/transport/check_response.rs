//! The answer to a check, which has at most so many bytes, however much there is to tell. Knows no call, no clock.
//!
//! What does not fit is left out by rule: first every mark gets half as many suggestions, again and again down to none; then the
//! answer ends where its room does, in the order of the text. Either way it is `incomplete`. It is never larger while it is
//! being built.

use prost::Message;

use super::{
    convert::{ParsedCheckRequest, wire_span},
    proto::{self, MisspellingKind},
};
use vermilion_engine::{
    document::{SkipReason, SkippedRegion},
    language::{Language, LanguageCode, code_of_script},
    spelling::{SpellingFinding, SpellingReport, divide_replacement},
    text::{OffsetCursor, Span},
};

impl ParsedCheckRequest {
    /// The answer to this request, of at most `limit` bytes on the wire.
    #[must_use]
    pub(crate) fn response(&self, report: SpellingReport, limit: usize) -> proto::CheckSpellingResponse {
        let SpellingReport { findings, skipped, incomplete, languages } = report;
        let mut answer = AnswerBuilder::new(self, main_language(&languages), limit);
        let mut findings = findings.into_iter().peekable();
        let mut skipped = skipped.into_iter().peekable();
        loop {
            let mark = findings.peek().map(|finding| finding.spans.first().map_or(0, |span| span.start));
            let region = skipped.peek().map(|region| region.span.start);
            let fits = match (mark, region) {
                (None, None) => break,
                (Some(mark), region) if region.is_none_or(|region| mark <= region) => {
                    findings.next().is_some_and(|finding| answer.add_mark(&finding))
                }
                _ => skipped.next().is_some_and(|region| answer.add_region(region)),
            };
            if !fits {
                break;
            }
        }
        for language in languages {
            if !answer.add_language(language) {
                break;
            }
        }
        answer.finish(incomplete)
    }
}

/// An answer, as far as the text has been told.
struct AnswerBuilder<'c> {
    check: &'c ParsedCheckRequest,
    answer: proto::CheckSpellingResponse,
    /// Findings and skipped regions each ascend, so each walks the text once.
    marked: OffsetCursor<'c>,
    passed: OffsetCursor<'c>,
    told: OffsetCursor<'c>,
    /// Bytes left.
    room: usize,
    /// The most suggestions of a mark.
    most: usize,
    /// Whether the rest of the text is left out.
    ended: bool,
}

impl<'c> AnswerBuilder<'c> {
    fn new(check: &'c ParsedCheckRequest, main: Option<Language>, limit: usize) -> Self {
        let answer = proto::CheckSpellingResponse {
            misspellings: Vec::new(),
            language_code: main.unwrap_or(check.language.language).tag().to_owned(),
            language_fallback: check.language.fallback,
            offset_encoding: proto::OffsetEncoding::from(check.encoding).into(),
            skipped_regions: Vec::new(),
            // For its size.
            incomplete: true,
            client_revision: check.client_revision,
            languages: Vec::new(),
        };
        Self {
            check,
            room: limit.saturating_sub(answer.encoded_len()),
            answer,
            marked: OffsetCursor::new(&check.text, check.encoding),
            passed: OffsetCursor::new(&check.text, check.encoding),
            told: OffsetCursor::new(&check.text, check.encoding),
            most: check.max_suggestions,
            ended: false,
        }
    }

    /// Adds a mark; `false`, and all that was to come is left out, if there is no room for it.
    fn add_mark(&mut self, finding: &SpellingFinding) -> bool {
        let mut mark = self.misspelling(finding);
        while self.room < field_size(&mark) {
            if self.most == 0 {
                return self.end();
            }
            self.halve_suggestions();
            shorten(&mut mark, self.most);
        }
        self.room -= field_size(&mark);
        self.answer.misspellings.push(mark);
        true
    }

    /// Adds a region; `false`, and all that was to come is left out, if there is no room for it.
    fn add_region(&mut self, region: SkippedRegion) -> bool {
        let region = proto::SkippedRegion {
            span: Some(wire_span(region.span, &mut self.passed)),
            reason: proto::SkipReason::from(region.reason).into(),
            language_code: self.language_of(region).map_or_else(String::new, |code| code.as_str().to_owned()),
        };
        while self.room < field_size(&region) {
            if self.most == 0 {
                return self.end();
            }
            self.halve_suggestions();
        }
        self.room -= field_size(&region);
        self.answer.skipped_regions.push(region);
        true
    }

    /// The language of a region that is skipped for being in another, if it is told.
    fn language_of(&self, region: SkippedRegion) -> Option<LanguageCode> {
        match region.reason {
            SkipReason::OtherLanguage(code) => code,
            SkipReason::OtherScript => code_of_script(region.span.slice(&self.check.text)),
            _ => None,
        }
    }

    /// Adds the language of a part; `false`, and all that was to come is left out, if there is no room for it.
    fn add_language(&mut self, (span, language): (Span, Language)) -> bool {
        let part = proto::LanguageSpan {
            span: Some(wire_span(span, &mut self.told)),
            language_code: language.tag().to_owned(),
        };
        if self.room < field_size(&part) {
            return self.end();
        }
        self.room -= field_size(&part);
        self.answer.languages.push(part);
        true
    }

    fn misspelling(&mut self, finding: &SpellingFinding) -> proto::Misspelling {
        let document = self.check.document();
        let spans: Vec<_> = finding.spans.iter().map(|&span| wire_span(span, &mut self.marked)).collect();
        let pieces: Vec<String> = match finding.spans[..] {
            [_] => Vec::new(),
            ref divided => divided.iter().map(|&span| document.text_at(&[span])).collect(),
        };
        let texts: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let suggestion = |one: &vermilion_engine::spelling::Suggestion| proto::Suggestion {
            text: one.text.clone(),
            score: one.score,
            edits: edits_of_pieces(&spans, &texts, &one.text),
        };
        let kind = MisspellingKind::from(finding.kind);
        let mut mark = proto::Misspelling {
            text: document.text_at(&finding.spans),
            word: document.text_at(finding.word_spans()),
            kind: kind.into(),
            hint: finding.hint,
            explanation: finding.explanation.as_deref().unwrap_or_default().to_owned(),
            message: String::new(),
            suggestions_incomplete: finding.suggestions_incomplete || finding.suggestions.len() > self.most,
            suggestions: finding.suggestions.iter().take(self.most).map(suggestion).collect(),
            spans,
        };
        mark.message = tooltip(&mark);
        mark
    }

    fn halve_suggestions(&mut self) {
        self.most /= 2;
        for mark in &mut self.answer.misspellings {
            self.room += field_size(mark);
            shorten(mark, self.most);
            self.room -= field_size(mark);
        }
    }

    /// The rest of the text is left out, even if something of it would fit.
    fn end(&mut self) -> bool {
        self.ended = true;
        false
    }

    fn finish(mut self, incomplete: bool) -> proto::CheckSpellingResponse {
        self.answer.incomplete = incomplete || self.most < self.check.max_suggestions || self.ended;
        self.answer
    }
}

/// What is to be written into each of the spans of a word that markup divides; nothing where it is one span.
fn edits_of_pieces(spans: &[proto::Span], pieces: &[&str], replacement: &str) -> Vec<proto::TextEdit> {
    if pieces.is_empty() {
        return Vec::new();
    }
    let divided = divide_replacement(pieces, replacement);
    let changed = spans.iter().zip(pieces).zip(divided).filter(|((_, piece), text)| *piece != text);
    changed.map(|((span, _), text)| proto::TextEdit { span: Some(*span), text }).collect()
}

/// The language of most of a text whose parts are in several.
fn main_language(languages: &[(Span, Language)]) -> Option<Language> {
    let share = |language: Language| -> usize {
        languages.iter().filter(|(_, other)| *other == language).map(|(span, _)| span.len()).sum()
    };
    Language::ALL.into_iter().rev().max_by_key(|language| share(*language)).filter(|language| share(*language) > 0)
}

/// What a message takes as an item of a field numbered below 16.
fn field_size(message: &impl Message) -> usize {
    let size = message.encoded_len();
    1 + prost::length_delimiter_len(size) + size
}

fn shorten(mark: &mut proto::Misspelling, most: usize) {
    if mark.suggestions.len() > most {
        mark.suggestions.truncate(most);
        mark.suggestions.shrink_to_fit();
        mark.suggestions_incomplete = true;
        mark.message = tooltip(mark);
    }
}

/// What a tooltip says: what is wrong, and after it what was probably meant, or what the two words mean.
fn tooltip(mark: &proto::Misspelling) -> String {
    let what = match mark.kind() {
        MisspellingKind::RealWord => "Another word is probably meant.",
        MisspellingKind::Unspecified | MisspellingKind::NonWord => "This word is not in the dictionary.",
        MisspellingKind::WrongCharacter => "A character here is probably wrong.",
        MisspellingKind::LikelyAccent => "An accent is probably missing or wrong.",
        MisspellingKind::StyleVariant => {
            return match mark.suggestions.first() {
                None => "This is a variant; another form is preferred.".to_owned(),
                Some(best) => format!("This is a variant; \"{}\" is preferred.", best.text),
            };
        }
    };
    match mark.suggestions.first() {
        _ if mark.kind() == MisspellingKind::RealWord && !mark.explanation.is_empty() => {
            format!("{what} {}", mark.explanation)
        }
        None => what.to_owned(),
        Some(best) => format!("{what} Did you mean \"{}\"?", best.text),
    }
}
