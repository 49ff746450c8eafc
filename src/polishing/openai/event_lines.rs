//! Cleans the lines of an event stream before the library sees them: a `data:` line without data would be read as bad JSON, `[DONE]`
//! with a blank behind it as no end, and at a byte order mark it panics. Pure; knows no HTTP and no JSON.

use bytes::Bytes;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
const DATA: &[u8] = b"data:";
const DONE: &[u8] = b"[DONE]";

/// Passes lines on, but for a line that is still being judged: at most some blanks more than `data: [DONE]`.
#[derive(Debug, Default)]
pub(super) struct EventLines {
    /// The beginning of a line of which it is not yet known whether it holds anything.
    held: Vec<u8>,
    /// Whether the line that is being read goes through as it is.
    passes: bool,
    /// Whether the first bytes have come, which may be a byte order mark.
    has_begun: bool,
}

/// More blanks than this are no server's habit: such a line goes through.
pub(super) const MAX_HELD: usize = 256;

impl EventLines {
    /// The next bytes, without what is held back or dropped. No copy where a piece ends in the midst of a line that holds something.
    pub(super) fn push(&mut self, bytes: Bytes) -> Bytes {
        if self.passes && !bytes.contains(&b'\n') {
            return bytes;
        }
        let mut out = Vec::with_capacity(self.held.len() + bytes.len());
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.push_line(line, &mut out);
        }
        Bytes::from(out)
    }

    /// A line, or what there is of it.
    fn push_line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let is_whole = line.ends_with(b"\n");
        if self.passes {
            out.extend_from_slice(line);
            self.passes = !is_whole;
            return;
        }
        self.held.extend_from_slice(line);
        if !self.has_begun {
            if self.held.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(&self.held) {
                return;
            }
            self.has_begun = true;
            if self.held.starts_with(BYTE_ORDER_MARK) {
                self.held.drain(..BYTE_ORDER_MARK.len());
            }
            if self.held.is_empty() {
                return;
            }
        }
        match kind(&self.held) {
            LineKind::Blank | LineKind::Done if !is_whole && self.held.len() <= MAX_HELD => return,
            LineKind::Blank if is_whole => {}
            LineKind::Done if is_whole => out.extend_from_slice(b"data: [DONE]\n"),
            LineKind::Blank | LineKind::Done | LineKind::Other => out.extend_from_slice(&self.held),
        }
        self.held.clear();
        self.passes = !is_whole;
    }
}

enum LineKind {
    /// `data:` with nothing, as far as it is there.
    Blank,
    /// `data: [DONE]`, as far as it is there.
    Done,
    Other,
}

fn kind(line: &[u8]) -> LineKind {
    if line.len() < DATA.len() {
        return if !line.is_empty() && DATA.starts_with(line) { LineKind::Blank } else { LineKind::Other };
    }
    let Some(data) = line.strip_prefix(DATA) else { return LineKind::Other };
    match data.trim_ascii() {
        b"" => LineKind::Blank,
        b"[DONE]" => LineKind::Done,
        beginning if DONE.starts_with(beginning) => LineKind::Done,
        _ => LineKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However the stream is cut.
    #[track_caller]
    fn check(stream: &str, expected: &str) {
        for size in 1..=stream.len() {
            let mut lines = EventLines::default();
            let pieces = stream.as_bytes().chunks(size).map(|piece| lines.push(Bytes::copy_from_slice(piece)));
            let found: Vec<u8> = pieces.flatten().collect();
            assert_eq!(String::from_utf8(found).unwrap(), expected, "{stream:?} by {size}");
        }
    }

    #[test]
    fn lines_without_data_go_and_the_end_is_the_end() {
        check("data: {\"a\": 1}\n\ndata: [DONE]\n\n", "data: {\"a\": 1}\n\ndata: [DONE]\n\n");
        check("data:\n\ndata: \n\ndata: x\n\n", "\n\ndata: x\n\n");
        check("data: x\r\n\r\ndata: \r\n\r\n", "data: x\r\n\r\n\r\n");
        check("data: [DONE] \n\n", "data: [DONE]\n\n");
        check("data:[DONE]\t\r\n\n", "data: [DONE]\n\n");
        check("data: [DONE]x\n: data:\nevent: data\n", "data: [DONE]x\n: data:\nevent: data\n");
        check("data: [\"DONE\"]\nid: 1\n", "data: [\"DONE\"]\nid: 1\n");
        check("\u{FEFF}data: x\n\n", "data: x\n\n");
        check("\u{FEFF}\n\u{FEFF}data: x\n\n", "\n\u{FEFF}data: x\n\n");
        check("", "");
    }

    #[test]
    fn a_line_of_blanks_alone_does_not_pile_up() {
        let mut lines = EventLines::default();
        let blanks = format!("data:{}", " ".repeat(1000));
        assert_eq!(lines.push(Bytes::from(blanks.clone())), blanks);
        assert!(lines.held.is_empty());
    }
}
