//! What the fuzz target `request` runs: a request as it comes over the wire, up to what a handler makes of it.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use prost::Message;

use super::{
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    feedback::parse_feedbacks,
    layers::{RequestShapes, prepare_message, split},
    polishing::request::ParsedPolishRequest,
    proto, reflection,
    status::CallError,
};

/// What a message may have, as the configuration has it by default.
const MOST: usize = 1 << 20;

static SHAPES: LazyLock<RequestShapes> =
    LazyLock::new(|| RequestShapes::of(&reflection::descriptor_pools().expect("the descriptors")));

/// Reads a body for the method of that number, with a header for gzip or without.
///
/// # Panics
/// If what takes a message in is wrong about it.
pub fn read_request(method: u8, body: &[u8]) {
    let method = method % 4;
    let path = [
        "/vermilion.v1.SpellingService/CheckSpelling",
        "/vermilion.v1.SpellingService/GetSuggestions",
        "/vermilion.v1.SpellingService/RecordSpellingFeedback",
        "/vermilion.v1.PolishingService/PolishReply",
    ][usize::from(method)];
    let mut headers = HeaderMap::new();
    headers.insert("grpc-encoding", HeaderValue::from_static("gzip"));
    let mut room = 0;
    let make_room = |size: usize| {
        room = room.max(size);
        if size > 16 * MOST { Err(CallError::Overloaded) } else { Ok(()) }
    };
    let ready = match prepare_message(&SHAPES, path, &headers, Bytes::copy_from_slice(body), MOST, make_room) {
        Ok(ready) => ready,
        Err(CallError::Unreadable(_)) => return check_unreadable(method, body),
        Err(_) => return,
    };
    let Ok(Some((0, message))) = split(&ready) else { return };
    match method {
        0 => {
            let Ok(request) = proto::CheckSpellingRequest::decode(message) else { return };
            let kinds = request.options.as_ref().map_or(0, |options| options.kinds.len());
            let protected = request.document.as_ref().map_or(0, |document| document.protected_spans.len());
            let (only, words) = (request.only_spans.len(), request.ignored_words.len());
            assert!(kinds + protected + only + words <= 20_000, "more entries than there may be");
            assert!(room >= 8 * (protected + only) + 24 * words + 4 * kinds, "more memory than there is room");
            let _ = ParsedCheckRequest::parse(request, Default::default());
        }
        1 => {
            let Ok(request) = proto::GetSuggestionsRequest::decode(message) else { return };
            let _ = ParsedSuggestRequest::parse(request, Default::default());
        }
        2 => {
            let Ok(request) = proto::RecordSpellingFeedbackRequest::decode(message) else { return };
            assert!(room >= request.feedbacks.len() * size_of::<proto::SpellingFeedback>(), "more than there is room");
            let _ = parse_feedbacks(&request.feedbacks);
        }
        _ => {
            let Ok(request) = proto::PolishReplyRequest::decode(message) else { return };
            assert!(room >= request.turns.len() * size_of::<proto::ConversationTurn>(), "more than there is room");
            let _ = ParsedPolishRequest::try_from(request);
        }
    }
}

/// What is said to be no message is none to prost, either.
fn check_unreadable(method: u8, body: &[u8]) {
    let Ok(Some((0, message))) = split(body) else { return };
    let is_read = match method {
        0 => proto::CheckSpellingRequest::decode(message).is_ok(),
        1 => proto::GetSuggestionsRequest::decode(message).is_ok(),
        2 => proto::RecordSpellingFeedbackRequest::decode(message).is_ok(),
        _ => proto::PolishReplyRequest::decode(message).is_ok(),
    };
    assert!(!is_read, "refused, though it can be read");
}
