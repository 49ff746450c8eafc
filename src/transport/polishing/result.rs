//! What came of a polish, as a wire message. Knows no call.

use super::super::{
    convert::{offset_i32, wire_span},
    proto::{self, PolishResult, polish_result},
};
use super::request::ParsedPolishRequest;
use crate::polishing::{
    guard::GuardFinding,
    request::{PolishOutcome, PolishedReply},
};
use vermilion_engine::text::OffsetCursor;

impl ParsedPolishRequest {
    /// The answer to this request.
    pub(super) fn response(&self, polished: PolishedReply) -> PolishResult {
        let mut cursor = OffsetCursor::new(self.request.draft.content(), self.encoding);
        let outcome = match polished.outcome {
            PolishOutcome::Polished => polish_result::Outcome::Polished,
            PolishOutcome::Unchanged => polish_result::Outcome::Unchanged,
            PolishOutcome::RejectedByGuard => polish_result::Outcome::RejectedByGuard,
        };
        let edit = |edit: crate::polishing::diff::TextEdit| proto::TextEdit {
            span: Some(wire_span(edit.span, &mut cursor)),
            text: edit.text,
        };
        PolishResult {
            outcome: outcome.into(),
            content: polished.content,
            edits: polished.edits.into_iter().map(edit).collect(),
            offset_encoding: proto::OffsetEncoding::from(self.encoding).into(),
            findings: polished.findings.into_iter().map(wire_finding).collect(),
            masked: polished
                .masked
                .into_iter()
                .map(|(kind, count)| proto::MaskedKind { kind: kind.name().to_owned(), count: offset_i32(count) })
                .collect(),
            usage: Some(proto::TokenUsage {
                prompt_tokens: count_i32(polished.usage.prompt),
                completion_tokens: count_i32(polished.usage.completion),
                estimated: polished.usage.estimated,
            }),
            remaining_in_conversation: count_i32(polished.remaining),
            polish_id: polished.polish_id,
            client_revision: self.client_revision,
        }
    }
}

/// As an int32.
pub(super) fn count_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn wire_finding(finding: GuardFinding) -> proto::GuardFinding {
    proto::GuardFinding {
        code: finding.code.name().to_owned(),
        message: sentence(&finding.code.to_string()),
        count: offset_i32(finding.count),
    }
}

/// With a capital and a full stop, for a tooltip.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
