//! One draft on its way: its texts masked, the prompt, and what becomes of an answer that may be shown. Pure but for chance; asks nobody.

use std::{borrow::Cow, sync::Arc};

use super::{
    diff::{Granularity, TextEdit},
    draft::ReplyBody,
    guard::{GuardCode, GuardFinding},
    model::Prompt,
    privacy::{MaskedPiece, Masking, MaskingPolicy, ValueKind},
    prompt::{self, Operation, PromptInput},
    request::{PolishRequest, ReplyFinding, ReviewPoint, ReviewPointKind},
    review::{Difference, ReviewInput, Severity},
    secret,
    spans::{SpanMap, whole_graphemes},
    terms,
};
use crate::settings::FreeText;
use vermilion_engine::{glossary::Glossary, text::Span};

/// What the tenant has a say in.
#[derive(Clone, Debug, Default)]
pub(super) struct TenantVoice {
    /// What it wishes of wording.
    pub(super) guidance: FreeText,
    /// Its dictionary.
    pub(super) glossary: Arc<Glossary>,
}

/// One draft on its way.
pub(super) struct PolishJob<'o> {
    pub(super) request: &'o PolishRequest,
    pub(super) masking: Masking,
    /// The draft, masked.
    pub(super) draft: String,
    /// What was masked in draft and turns.
    pub(super) masked: Vec<(ValueKind, usize)>,
    pub(super) prompt: Prompt,
    /// Words of the dictionary in the masked draft.
    terms: Vec<(String, Span)>,
    glossary: Arc<Glossary>,
    /// What the tenant wishes of wording.
    pub(super) guidance: FreeText,
}

/// An answer that may be shown.
pub(super) struct AcceptedAnswer {
    /// Masked.
    pub(super) reply: String,
    /// What rules about meaning point at.
    pub(super) soft: Vec<GuardFinding>,
    /// What a second reading points at; `None` if there was none.
    pub(super) differences: Option<Vec<Difference>>,
}

/// A reply as it is inserted.
pub(super) struct WrittenReply {
    pub(super) content: String,
    pub(super) edits: Vec<TextEdit>,
    pub(super) points: Vec<ReviewPoint>,
}

impl<'o> PolishJob<'o> {
    /// Masks the draft and the turns, and words the prompt. O(length).
    pub(super) fn prepare(request: &'o PolishRequest, privacy: &MaskingPolicy, voice: TenantVoice) -> Self {
        let MaskingPolicy { scope, patterns } = privacy;
        let guidance = voice.guidance;
        let texts: Vec<&str> = [request.draft.content(), guidance.as_str()]
            .into_iter()
            .chain(request.turns.iter().map(|(_, text)| text.as_str()))
            .collect();
        let mut masking = Masking::new(&texts, secret::random_number);
        let draft = masking.mask(request.draft.text(), request.draft.fixed(), patterns, *scope);
        let mut masked = draft.counts;
        let mut turns = Vec::with_capacity(request.turns.len());
        for (speaker, text) in &request.turns {
            let turn = masking.mask(text, &[], patterns, *scope);
            turns.push((*speaker, turn.text));
            for (kind, count) in turn.counts {
                match masked.iter_mut().find(|(other, _)| *other == kind) {
                    Some((_, total)) => *total += count,
                    None => masked.push((kind, count)),
                }
            }
        }
        masked.sort_unstable();
        let draft = draft.text.trim().to_owned();
        let terms = terms_in(&draft, &masking, &voice.glossary);
        let words: Vec<&str> = terms.iter().map(|(term, _)| term.as_str()).collect();
        let prompt = prompt::compose(&PromptInput {
            draft: &draft,
            turns: &turns,
            tone: request.tone,
            operation: request.operation,
            limit: request.limit,
            nonce: masking.nonce(),
            has_placeholders: draft.contains(masking.nonce()),
            terms: &words,
            guidance: guidance.as_str(),
        });
        Self { request, masking, draft, masked, prompt, terms, glossary: voice.glossary, guidance }
    }

    /// Words of the tenant's dictionary that a masked answer has lost.
    pub(super) fn lost_terms(&self, reply: &str) -> Vec<GuardFinding> {
        let lost = terms::missing(&self.terms, reply, &self.glossary);
        let finding = |(_, span): &(_, Span)| GuardFinding {
            code: GuardCode::TermChanged,
            draft: vec![*span],
            reply: Vec::new(),
        };
        lost.map(finding).collect()
    }

    /// A masked text as a second reading reads it: markup says nothing of what is meant, so that only its line ends are left of it. And
    /// the way back to the masked text.
    pub(super) fn reading_of(&self, masked: &str) -> (String, SpanMap) {
        let (mut text, mut map, mut at) = (String::with_capacity(masked.len()), SpanMap::default(), 0);
        for piece in self.masking.pieces(masked) {
            let length = self.masking.piece_len(piece);
            match piece {
                MaskedPiece::Value { kind: ValueKind::Markup, value, .. } => {
                    text.push_str(&self.request.draft.shown(ValueKind::Markup, value));
                }
                MaskedPiece::Text(_) | MaskedPiece::Value { .. } => {
                    map.push_exact(text.len(), at, length);
                    text.push_str(&masked[at..at + length]);
                }
            }
            at += length;
        }
        (text, map)
    }

    /// What a second reading reads, but for the tags.
    pub(super) fn review_input<'r>(&'r self, draft: &'r str, reply: &'r str) -> ReviewInput<'r> {
        ReviewInput { draft, reply, guidance: self.guidance.as_str(), nonce: self.masking.nonce() }
    }

    /// Whether a rule points at nothing but what the tenant wishes to be added, such as its signature.
    pub(super) fn is_wished(&self, finding: &GuardFinding, reply: &str, guidance: &str) -> bool {
        let said = |span: &Span| reply.get(span.range()).unwrap_or_default().trim().to_lowercase();
        !guidance.is_empty()
            && finding.draft.is_empty()
            && !finding.reply.is_empty()
            && finding.reply.iter().map(said).all(|said| !said.is_empty() && guidance.contains(&said))
    }

    /// The answer in the form of the draft; `None` if it is the draft. O(length).
    pub(super) fn body(&self, answer: &AcceptedAnswer) -> Option<ReplyBody> {
        let draft = &self.request.draft;
        let body = draft.body_of(&self.masking, &self.draft, &answer.reply);
        (body.text != draft.body()).then_some(body)
    }

    /// The whole reply, what changed in it, and what a person should look at. A counted amount of work.
    pub(super) fn write(&self, answer: &AcceptedAnswer, body: &ReplyBody) -> WrittenReply {
        let draft = &self.request.draft;
        let granularity = match self.request.operation {
            Operation::FixGrammar => Granularity::Word,
            Operation::Improve | Operation::Shorten | Operation::Expand | Operation::Simplify => Granularity::Clause,
        };
        let mut points = Vec::new();
        let differences = answer.differences.as_deref().unwrap_or_default();
        if !differences.is_empty() || !answer.soft.is_empty() {
            let before = draft.masked_map(&self.masking, &self.draft);
            let around = draft.around_body().0.len();
            let place = |kind, severity, in_draft: &[Span], in_reply: &[Span]| {
                let content = body.map.map_all(&shown(&answer.reply, in_reply)).into_iter();
                let content = content.map(|span| span.shifted(around)).collect();
                ReviewPoint { kind, severity, draft: before.map_all(&shown(&self.draft, in_draft)), content }
            };
            points.extend(
                differences
                    .iter()
                    .map(|found| place(ReviewPointKind::Model(found.kind), found.severity, &found.draft, &found.reply)),
            );
            // What the reading has found need not be told by a rule as well.
            let is_told = |finding: &GuardFinding| {
                differences
                    .iter()
                    .any(|found| overlap(&found.draft, &finding.draft) || overlap(&found.reply, &finding.reply))
            };
            points.extend(answer.soft.iter().filter(|finding| !is_told(finding)).map(|finding| {
                place(ReviewPointKind::Rule(finding.code), Severity::Low, &finding.draft, &finding.reply)
            }));
            let start = |spans: &[Span]| spans.first().map_or(usize::MAX, |span| span.start);
            points.sort_by_key(|point| (start(&point.content), start(&point.draft)));
        }
        let edits = draft.edits(&body.text, granularity);
        WrittenReply { content: draft.with_body(&body.text), edits, points }
    }

    /// Findings with their places in the draft as sent. O(length) if there are any places.
    pub(super) fn placed(&self, findings: &[GuardFinding]) -> Vec<ReplyFinding> {
        let has_places = findings.iter().any(|finding| !finding.draft.is_empty());
        let map = has_places.then(|| self.request.draft.masked_map(&self.masking, &self.draft));
        let places =
            |spans: &[Span]| map.as_ref().map(|map| map.map_all(&shown(&self.draft, spans))).unwrap_or_default();
        findings.iter().map(|finding| ReplyFinding { code: finding.code, draft: places(&finding.draft) }).collect()
    }

    /// A masked text as a reader reads it, with a blank for markup.
    pub(super) fn read(&self, text: &str) -> String {
        self.masking.restore_with(text, |kind, value| match kind {
            ValueKind::Markup => " ".to_owned(),
            _ => value.to_owned(),
        })
    }
}

/// Spans of a text as they may be shown.
fn shown(text: &str, spans: &[Span]) -> Vec<Span> {
    spans.iter().map(|span| whole_graphemes(text, *span)).collect()
}

fn overlap(some: &[Span], others: &[Span]) -> bool {
    some.iter().any(|span| others.iter().any(|other| span.overlaps(*other)))
}

/// Words of a dictionary in a masked text, but for its placeholders.
fn terms_in(text: &str, masking: &Masking, glossary: &Glossary) -> Vec<(String, Span)> {
    if glossary.is_empty() {
        return Vec::new();
    }
    // Each placeholder as blanks, so that places stay and no word runs into one.
    let mut prose: Cow<'_, str> = Cow::Borrowed(text);
    let mut at = 0;
    for piece in masking.pieces(text) {
        let length = masking.piece_len(piece);
        if matches!(piece, MaskedPiece::Value { .. }) {
            prose.to_mut().replace_range(at..at + length, &" ".repeat(length));
        }
        at += length;
    }
    terms::find(&prose, glossary)
}
