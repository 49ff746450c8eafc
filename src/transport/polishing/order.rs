//! A polish request to an order, refusing what breaks a rule. Knows no call, no model.

use super::super::{
    convert::{encoding_of, format_of, protected_spans},
    proto::{self, PolishReplyRequest, conversation_turn},
    status::{CallError, Rule, Violation},
};
use crate::polishing::{
    markup,
    order::Order,
    privacy::Kind,
    prompt::{Operation, Speaker, Tone},
};
use vermilion_engine::{
    document::{Channel, Format},
    text::{OffsetEncoding, Span},
};

/// The longest draft, in bytes of UTF-8: no reply is longer, and a model takes minutes for more.
const MAX_DRAFT_BYTES: usize = 32 * 1024;

/// The longest conversation, in bytes of UTF-8.
const MAX_TURN_BYTES: usize = 64 * 1024;

/// The most turns.
const MAX_TURNS: usize = 20;

/// The longest id of the client's own, in characters.
const MAX_ID: usize = 128;

/// An order, and what the answer needs.
pub(super) struct Asked {
    pub(super) order: Order,
    pub(super) encoding: OffsetEncoding,
    pub(super) client_revision: i32,
}

impl TryFrom<PolishReplyRequest> for Asked {
    type Error = CallError;

    fn try_from(request: PolishReplyRequest) -> Result<Self, CallError> {
        let document = request.document.unwrap_or_default();
        let format = format_of(document.format)?;
        let channel = Channel::from(document.channel());
        let encoding = encoding_of(request.offset_encoding)?;
        let size = document.content.len();
        if document.content.trim().is_empty() {
            return Err(Violation::of("document.content", Rule::Empty).into());
        }
        if size > MAX_DRAFT_BYTES {
            return Err(Violation::of("document.content", Rule::TextTooLong { size, limit: MAX_DRAFT_BYTES }).into());
        }
        let protected = protected_spans(&document.content, encoding, &document.protected_spans)?;
        let mut fixed: Vec<(Span, Kind)> = protected.into_iter().map(|span| (span, Kind::Protected)).collect();
        if format == Format::Html {
            fixed.extend(markup::spans(&document.content, channel).into_iter().map(|span| (span, Kind::Markup)));
        }
        if request.conversation_id.is_empty() {
            return Err(Violation::of("conversation_id", Rule::Empty).into());
        }
        within("conversation_id", &request.conversation_id)?;
        within("request_id", &request.request_id)?;
        Ok(Self {
            order: Order {
                is_html: format == Format::Html,
                fixed,
                tone: tone(request.tone)?,
                operation: operation(request.operation)?,
                turns: turns(request.turns)?,
                limit: limit(channel),
                conversation: request.conversation_id,
                request_id: Some(request.request_id).filter(|id| !id.is_empty()),
                draft: document.content,
            },
            encoding,
            client_revision: request.client_revision,
        })
    }
}

/// An id of the client's own.
pub(super) fn within(field: &str, id: &str) -> Result<(), Violation> {
    let size = id.chars().count();
    if size > MAX_ID { Err(Violation::of(field, Rule::TooLong { size, limit: MAX_ID })) } else { Ok(()) }
}

/// The most characters that a channel takes.
const fn limit(channel: Channel) -> Option<usize> {
    match channel {
        Channel::Sms => Some(320),
        Channel::WhatsApp => Some(1600),
        Channel::Unspecified | Channel::WebChat | Channel::Email | Channel::Social => None,
    }
}

fn tone(tone: i32) -> Result<Tone, Violation> {
    match proto::Tone::try_from(tone) {
        Ok(proto::Tone::Friendly) => Ok(Tone::Friendly),
        Ok(proto::Tone::Unspecified | proto::Tone::Professional) => Ok(Tone::Professional),
        Err(_) => Err(Violation::of("tone", Rule::Unknown { what: "tone", found: tone })),
    }
}

fn operation(operation: i32) -> Result<Operation, Violation> {
    match proto::Operation::try_from(operation) {
        Ok(proto::Operation::Unspecified | proto::Operation::Improve) => Ok(Operation::Improve),
        Ok(proto::Operation::FixGrammar) => Ok(Operation::FixGrammar),
        Ok(proto::Operation::Shorten) => Ok(Operation::Shorten),
        Ok(proto::Operation::Expand) => Ok(Operation::Expand),
        Ok(proto::Operation::Simplify) => Ok(Operation::Simplify),
        Err(_) => Err(Violation::of("operation", Rule::Unknown { what: "operation", found: operation })),
    }
}

fn turns(turns: Vec<proto::ConversationTurn>) -> Result<Vec<(Speaker, String)>, Violation> {
    if turns.len() > MAX_TURNS {
        return Err(Violation::of("turns", Rule::TooMany { size: turns.len(), limit: MAX_TURNS }));
    }
    let size = turns.iter().map(|turn| turn.text.len()).sum();
    if size > MAX_TURN_BYTES {
        return Err(Violation::of("turns", Rule::TextTooLong { size, limit: MAX_TURN_BYTES }));
    }
    let turn = |turn: proto::ConversationTurn| {
        // Whoever is not known to be the agent is the customer: less is believed.
        let by_agent = turn.speaker == i32::from(conversation_turn::Speaker::Agent);
        (if by_agent { Speaker::Agent } else { Speaker::Customer }, turn.text)
    };
    Ok(turns.into_iter().map(turn).collect())
}
