//! What the fuzz target `stream` runs: the bytes of a model's server, up to the text of its answer.

use bytes::Bytes;

use super::{
    event_lines::{EventLines, MAX_HELD},
    response::{ChatResponse, ResponseAssembler, read_error},
};
use crate::polishing::Prompt;

/// Reads the body of an answer that comes in pieces of that size.
///
/// # Panics
/// If it depends on how the body is cut.
pub fn read_stream(size: u8, body: &[u8]) {
    let whole = clean(body, body.len().max(1));
    // A line of more blanks than are waited for goes through as it is.
    if body.split(|byte| *byte == b'\n').all(|line| line.len() <= MAX_HELD) {
        assert_eq!(clean(body, usize::from(size).max(1)), whole, "cut in pieces of {size}");
    }
    let prompt = Prompt { messages: Vec::new() };
    let mut assembler = ResponseAssembler::new(&prompt);
    let mut text = String::new();
    for line in whole.split(|byte| *byte == b'\n') {
        let Some(data) = line.strip_prefix(b"data:") else { continue };
        let Ok(event) = serde_json::from_slice::<ChatResponse>(data) else { continue };
        if let Ok(piece) = assembler.push_event(event) {
            text.push_str(&piece);
        }
    }
    if let Ok(usage) = assembler.finish() {
        assert!(!text.trim().is_empty(), "a blank answer is whole");
        assert!(usage.prompt > 0 || usage.estimated);
    }
    let _ = read_error(body);
    if let Ok(answer) = serde_json::from_slice::<ChatResponse>(body) {
        let _ = ResponseAssembler::new(&prompt).complete(answer);
    }
}

fn clean(body: &[u8], size: usize) -> Vec<u8> {
    let mut lines = EventLines::default();
    body.chunks(size).flat_map(|piece| lines.push(Bytes::copy_from_slice(piece))).collect()
}
