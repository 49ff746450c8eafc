//! What came of a polish, as a wire message. Knows no call.

use super::super::{
    convert::{offset_i32, wire_span},
    proto::{self, PolishResult, polish_result, review_point},
};
use super::request::ParsedPolishRequest;
use crate::polishing::{
    diff::TextEdit,
    draft::Draft,
    request::{ModelUse, PolishOutcome, PolishedReply, ReplyFinding, ReviewPoint, ReviewPointKind},
    review::{ReviewState, Severity},
};
use vermilion_engine::text::{OffsetCursor, Span};

/// The longest piece of a text that a message quotes, in characters.
const MAX_QUOTE: usize = 80;

/// So many places are quoted in one message.
const MAX_QUOTES: usize = 3;

impl ParsedPolishRequest {
    /// The answer to this request.
    pub(super) fn response(&self, polished: PolishedReply) -> PolishResult {
        let draft = &self.request.draft;
        let mut in_draft = OffsetCursor::new(draft.content(), self.encoding);
        let edit =
            |edit: TextEdit| proto::TextEdit { span: Some(wire_span(edit.span, &mut in_draft)), text: edit.text };
        let edits = polished.edits.into_iter().map(edit).collect();
        let mut in_content = OffsetCursor::new(&polished.content, self.encoding);
        let points = polished.points.iter().map(|point| proto::ReviewPoint {
            draft_spans: wire_spans(&point.draft, &mut in_draft),
            content_spans: wire_spans(&point.content, &mut in_content),
            ..wire_point(point, draft, &polished.content)
        });
        let review_points = points.collect();
        let findings = wire_findings(&polished.findings, draft, &mut in_draft);
        let outcome = match polished.outcome {
            PolishOutcome::Polished => polish_result::Outcome::Polished,
            PolishOutcome::Unchanged => polish_result::Outcome::Unchanged,
            PolishOutcome::RejectedByGuard => polish_result::Outcome::RejectedByGuard,
        };
        PolishResult {
            outcome: outcome.into(),
            edits,
            offset_encoding: proto::OffsetEncoding::from(self.encoding).into(),
            findings,
            masked: polished
                .masked
                .into_iter()
                .map(|(kind, count)| proto::MaskedKind { kind: kind.name().to_owned(), count: offset_i32(count) })
                .collect(),
            usage: Some(wire_usage(polished.usage)),
            remaining_in_conversation: count_i32(polished.remaining),
            polish_id: polished.polish_id,
            client_revision: self.client_revision,
            review: wire_review(polished.review).into(),
            review_points,
            remaining_today: count_i32(polished.remaining_today),
            review_usage: (polished.review_usage.requests > 0).then(|| wire_usage(polished.review_usage)),
            content: polished.content,
        }
    }
}

/// As an int32.
pub(super) fn count_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) const fn wire_review(review: ReviewState) -> proto::Review {
    match review {
        ReviewState::Model => proto::Review::Model,
        ReviewState::RulesOnly => proto::Review::RulesOnly,
    }
}

fn wire_usage(usage: ModelUse) -> proto::TokenUsage {
    let ModelUse { tokens, requests } = usage;
    proto::TokenUsage {
        prompt_tokens: count_i32(tokens.prompt),
        completion_tokens: count_i32(tokens.completion),
        estimated: tokens.estimated,
        requests: count_i32(requests),
    }
}

fn wire_spans(spans: &[Span], cursor: &mut OffsetCursor<'_>) -> Vec<proto::Span> {
    spans.iter().map(|span| wire_span(*span, cursor)).collect()
}

/// But for its spans.
fn wire_point(point: &ReviewPoint, draft: &Draft, content: &str) -> proto::ReviewPoint {
    let (kind, source, said) = match point.kind {
        ReviewPointKind::Rule(code) => (code.name(), review_point::Source::Rule, code.to_string()),
        ReviewPointKind::Model(kind) => (kind.name(), review_point::Source::Model, kind.sentence().to_owned()),
    };
    let severity = match point.severity {
        Severity::Low => review_point::Severity::Low,
        Severity::High => review_point::Severity::High,
    };
    // What the reader of the reply has before them is what the draft said there.
    let (text, spans) =
        if point.draft.is_empty() { (content, &point.content) } else { (draft.content(), &point.draft) };
    let quotes = quoted(&draft.words_at(text, spans));
    let quotes: Vec<String> = quotes.into_iter().collect();
    proto::ReviewPoint {
        kind: kind.to_owned(),
        severity: severity.into(),
        source: source.into(),
        message: message(&said, &quotes),
        ..proto::ReviewPoint::default()
    }
}

/// One for each rule that was broken.
fn wire_findings(findings: &[ReplyFinding], draft: &Draft, cursor: &mut OffsetCursor<'_>) -> Vec<proto::GuardFinding> {
    let mut codes: Vec<_> = Vec::new();
    for finding in findings {
        if !codes.contains(&finding.code) {
            codes.push(finding.code);
        }
    }
    let wire = codes.into_iter().map(|code| {
        let own = findings.iter().filter(|finding| finding.code == code);
        let mut spans: Vec<Span> = own.clone().flat_map(|finding| finding.draft.iter().copied()).collect();
        spans.sort_unstable();
        spans.dedup_by(|next, kept| {
            let overlaps = next.start < kept.end;
            if overlaps {
                kept.end = kept.end.max(next.end);
            }
            overlaps
        });
        let quotes: Vec<String> = own
            .clone()
            .filter_map(|finding| quoted(&draft.words_at(draft.content(), &finding.draft)))
            .take(MAX_QUOTES)
            .collect();
        proto::GuardFinding {
            code: code.name().to_owned(),
            message: message(&code.to_string(), &quotes),
            count: offset_i32(own.count()),
            draft_spans: wire_spans(&spans, cursor),
        }
    });
    wire.collect()
}

/// Some pieces of text in one line, cut if they are long; `None` for none.
fn quoted(pieces: &[String]) -> Option<String> {
    let words: Vec<&str> = pieces.iter().flat_map(|piece| piece.split_whitespace()).collect();
    let words = words.join(" ");
    if words.is_empty() {
        return None;
    }
    match words.char_indices().nth(MAX_QUOTE) {
        None => Some(words),
        Some((end, _)) => Some(format!("{}…", words[..end].trim_end())),
    }
}

/// With a capital and a full stop, for a tooltip, and what to look at: `Check "not before Friday": a negation was dropped or added.`
fn message(said: &str, quotes: &[String]) -> String {
    if quotes.is_empty() {
        return sentence(said);
    }
    let quotes: Vec<String> = quotes.iter().map(|quote| format!("\"{quote}\"")).collect();
    format!("Check {}: {said}.", quotes.join(", "))
}

fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
