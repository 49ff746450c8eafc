//! A message of the wire to a request of polishing, refusing what breaks a rule. Knows no call, no model.

use super::super::{
    convert::{parse_encoding, parse_format, protected_spans},
    proto::{self, PolishReplyRequest, conversation_turn},
    status::{CallError, RequestRule, Violation},
};
use crate::polishing::{
    draft::Draft,
    prompt::{Operation, Speaker, Tone},
    request::PolishRequest,
};
use vermilion_engine::{
    document::{Document, MessageChannel},
    text::OffsetEncoding,
};

/// The most of a draft that goes to a model, in bytes of UTF-8: no reply is longer, and a model takes minutes for more.
pub(in crate::transport) const MAX_DRAFT_BYTES: usize = 32 * 1024;

/// The longest document that a draft may stand in, in bytes of UTF-8, `data:` addresses of HTML not counted: as in checking.
const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// The longest conversation, in bytes of UTF-8.
pub(in crate::transport) const MAX_TURN_BYTES: usize = 64 * 1024;

/// The most turns.
pub(in crate::transport) const MAX_TURNS: usize = 20;

/// The longest id of the client's own, in characters.
const MAX_ID_CHARACTERS: usize = 128;

/// A request, and what the answer needs.
pub(in crate::transport) struct ParsedPolishRequest {
    pub(super) request: PolishRequest,
    pub(super) encoding: OffsetEncoding,
    pub(super) client_revision: i32,
}

impl TryFrom<PolishReplyRequest> for ParsedPolishRequest {
    type Error = CallError;

    fn try_from(request: PolishReplyRequest) -> Result<Self, CallError> {
        let document = request.document.unwrap_or_default();
        let format = parse_format(document.format)?;
        let channel = MessageChannel::from(document.channel());
        let encoding = parse_encoding(request.offset_encoding)?;
        let protected = protected_spans(&document.content, encoding, &document.protected_spans)?;
        let source = Document { content: &document.content, format, channel };
        check_size(source.counted_bytes(), MAX_DOCUMENT_BYTES)?;
        let draft = Draft::read(&source, &protected);
        check_draft(&draft)?;
        if request.conversation_id.is_empty() {
            return Err(Violation::new("conversation_id", RequestRule::Empty).into());
        }
        check_id("conversation_id", &request.conversation_id)?;
        check_id("request_id", &request.request_id)?;
        Ok(Self {
            request: PolishRequest {
                tone: parse_tone(request.tone)?,
                operation: parse_operation(request.operation)?,
                turns: parse_turns(request.turns)?,
                limit: channel_limit(channel),
                conversation: request.conversation_id,
                request_id: Some(request.request_id).filter(|id| !id.is_empty()),
                draft,
            },
            encoding,
            client_revision: request.client_revision,
        })
    }
}

/// What a model is to see of a draft: something, and not too much. Images and quoted history do not count.
fn check_draft(draft: &Draft) -> Result<(), Violation> {
    if draft.text().is_empty() {
        return Err(Violation::new("document.content", RequestRule::Empty));
    }
    check_size(draft.model_bytes(), MAX_DRAFT_BYTES)
}

fn check_size(size: usize, limit: usize) -> Result<(), Violation> {
    if size > limit {
        return Err(Violation::new("document.content", RequestRule::TextTooLong { size, limit }));
    }
    Ok(())
}

/// An id of the client's own. Of control characters a database may refuse some, so the same call would fail for ever.
pub(super) fn check_id(field: &str, id: &str) -> Result<(), Violation> {
    let size = id.chars().count();
    match () {
        () if size > MAX_ID_CHARACTERS => {
            Err(Violation::new(field, RequestRule::TooLong { size, limit: MAX_ID_CHARACTERS }))
        }
        () if id.chars().any(char::is_control) => Err(Violation::new(field, RequestRule::ControlCharacter)),
        () => Ok(()),
    }
}

/// The most characters that a channel takes.
const fn channel_limit(channel: MessageChannel) -> Option<usize> {
    match channel {
        MessageChannel::Sms => Some(320),
        MessageChannel::WhatsApp => Some(1600),
        MessageChannel::Unspecified | MessageChannel::WebChat | MessageChannel::Email | MessageChannel::Social => None,
    }
}

fn parse_tone(tone: i32) -> Result<Tone, Violation> {
    match proto::Tone::try_from(tone) {
        Ok(proto::Tone::Friendly) => Ok(Tone::Friendly),
        Ok(proto::Tone::Unspecified | proto::Tone::Professional) => Ok(Tone::Professional),
        Err(_) => Err(Violation::new("tone", RequestRule::Unknown { what: "tone", found: tone })),
    }
}

fn parse_operation(operation: i32) -> Result<Operation, Violation> {
    match proto::Operation::try_from(operation) {
        Ok(proto::Operation::Unspecified | proto::Operation::Improve) => Ok(Operation::Improve),
        Ok(proto::Operation::FixGrammar) => Ok(Operation::FixGrammar),
        Ok(proto::Operation::Shorten) => Ok(Operation::Shorten),
        Ok(proto::Operation::Expand) => Ok(Operation::Expand),
        Ok(proto::Operation::Simplify) => Ok(Operation::Simplify),
        Err(_) => Err(Violation::new("operation", RequestRule::Unknown { what: "operation", found: operation })),
    }
}

fn parse_turns(turns: Vec<proto::ConversationTurn>) -> Result<Vec<(Speaker, String)>, Violation> {
    if turns.len() > MAX_TURNS {
        return Err(Violation::new("turns", RequestRule::TooMany { size: turns.len(), limit: MAX_TURNS }));
    }
    let size = turns.iter().map(|turn| turn.text.len()).sum();
    if size > MAX_TURN_BYTES {
        return Err(Violation::new("turns", RequestRule::TextTooLong { size, limit: MAX_TURN_BYTES }));
    }
    let turn = |turn: proto::ConversationTurn| {
        // Whoever is not known to be the agent is the customer: less is believed.
        let by_agent = turn.speaker == i32::from(conversation_turn::Speaker::Agent);
        (if by_agent { Speaker::Agent } else { Speaker::Customer }, turn.text)
    };
    Ok(turns.into_iter().map(turn).collect())
}
