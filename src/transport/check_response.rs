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
    document::SkippedRegion,
    spelling::{SpellingFinding, SpellingReport},
    text::OffsetCursor,
};

impl ParsedCheckRequest {
    /// The answer to this request, of at most `limit` bytes on the wire.
    #[must_use]
    pub(crate) fn response(&self, report: SpellingReport, limit: usize) -> proto::CheckSpellingResponse {
        let SpellingReport { findings, skipped, incomplete } = report;
        let mut answer = AnswerBuilder::new(self, limit);
        let mut findings = findings.into_iter().peekable();
        let mut skipped = skipped.into_iter().peekable();
        loop {
            let mark = findings.peek().map(|finding| finding.spans.first().map_or(0, |span| span.start));
            let region = skipped.peek().map(|region| region.span.start);
            let fits = match (mark, region) {
                (None, None) => break,
                (Some(mark), region) if region.is_none_or(|region| mark <= region) => {
                    findings.next().is_some_and(|finding| answer.add_mark(finding))
                }
                _ => skipped.next().is_some_and(|region| answer.add_region(region)),
            };
            if !fits {
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
    /// Bytes left.
    room: usize,
    /// The most suggestions of a mark.
    most: usize,
    /// Whether the rest of the text is left out.
    ended: bool,
}

impl<'c> AnswerBuilder<'c> {
    fn new(check: &'c ParsedCheckRequest, limit: usize) -> Self {
        let answer = proto::CheckSpellingResponse {
            misspellings: Vec::new(),
            language_code: check.language.language.tag().to_owned(),
            language_fallback: check.language.fallback,
            offset_encoding: proto::OffsetEncoding::from(check.encoding).into(),
            skipped_regions: Vec::new(),
            // For its size.
            incomplete: true,
            client_revision: check.client_revision,
        };
        Self {
            check,
            room: limit.saturating_sub(answer.encoded_len()),
            answer,
            marked: OffsetCursor::new(&check.text, check.encoding),
            passed: OffsetCursor::new(&check.text, check.encoding),
            most: check.max_suggestions,
            ended: false,
        }
    }

    /// Adds a mark; `false`, and all that was to come is left out, if there is no room for it.
    fn add_mark(&mut self, finding: SpellingFinding) -> bool {
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

    fn misspelling(&mut self, finding: SpellingFinding) -> proto::Misspelling {
        let suggestions = finding.suggestions.iter().take(self.most);
        let suggestion = |one: &vermilion_engine::spelling::Suggestion| proto::Suggestion {
            text: one.text.clone(),
            score: one.score,
        };
        let kind = MisspellingKind::from(finding.kind);
        let mut mark = proto::Misspelling {
            text: self.check.document().text_at(&finding.spans),
            spans: finding.spans.into_iter().map(|span| wire_span(span, &mut self.marked)).collect(),
            kind: kind.into(),
            hint: finding.hint,
            message: String::new(),
            suggestions: suggestions.map(suggestion).collect(),
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

/// What a message takes as an item of a field numbered below 16.
fn field_size(message: &impl Message) -> usize {
    let size = message.encoded_len();
    1 + prost::length_delimiter_len(size) + size
}

fn shorten(mark: &mut proto::Misspelling, most: usize) {
    if mark.suggestions.len() > most {
        mark.suggestions.truncate(most);
        mark.suggestions.shrink_to_fit();
        mark.message = tooltip(mark);
    }
}

/// One sentence for a tooltip.
fn tooltip(mark: &proto::Misspelling) -> String {
    let what = match mark.kind() {
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
        None => what.to_owned(),
        Some(best) => format!("{what} Did you mean \"{}\"?", best.text),
    }
}
