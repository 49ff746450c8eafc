//! What the fuzz target `request` runs: a request as it comes over the wire, up to what a handler makes of it.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use prost::Message;

use super::{
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    feedback::parse_feedbacks,
    layers::{RequestShapes, prepare_message},
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
    let path = [
        "/vermilion.v1.SpellingService/CheckSpelling",
        "/vermilion.v1.SpellingService/GetSuggestions",
        "/vermilion.v1.SpellingService/RecordSpellingFeedback",
        "/vermilion.v1.PolishingService/PolishReply",
    ][usize::from(method) % 4];
    let mut headers = HeaderMap::new();
    headers.insert("grpc-encoding", HeaderValue::from_static("gzip"));
    let mut room = 0;
    let make_room = |size: usize| {
        room = room.max(size);
        if size > 8 * MOST { Err(CallError::Overloaded) } else { Ok(()) }
    };
    let Ok(ready) = prepare_message(&SHAPES, path, &headers, Bytes::copy_from_slice(body), MOST, make_room) else {
        return;
    };
    let Some((&[0, a, b, c, d], message)) = ready.split_first_chunk() else { return };
    if u32::from_be_bytes([a, b, c, d]) as usize != message.len() {
        return;
    }
    match usize::from(method) % 4 {
        0 => read::<proto::CheckSpellingRequest>(message, room, |request| {
            let _ = ParsedCheckRequest::parse(request, Default::default());
        }),
        1 => read::<proto::GetSuggestionsRequest>(message, room, |request| {
            let _ = ParsedSuggestRequest::parse(request, Default::default());
        }),
        2 => read::<proto::RecordSpellingFeedbackRequest>(message, room, |request| {
            let _ = parse_feedbacks(&request.feedbacks);
        }),
        _ => read::<proto::PolishReplyRequest>(message, room, |request| {
            let _ = ParsedPolishRequest::try_from(request);
        }),
    }
}

/// Decodes a message for which there was so much room, and hands it on.
fn read<M: Message + Default>(message: &[u8], room: usize, parse: impl FnOnce(M)) {
    if let Ok(request) = M::decode(message) {
        assert!(room >= request.encoded_len().min(message.len()), "{room} bytes for {}", message.len());
        parse(request);
    }
}
