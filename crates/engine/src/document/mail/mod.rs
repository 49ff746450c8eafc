//! Finds in the text of an e-mail what is not the writer's own: quoted history, signatures, headers of earlier messages.
//! Knows lines of text, no HTML and no language beyond the phrases of mail programs.
//!
//! An attribution ("On ... wrote:") without `>` lines or a quotation below it makes the rest of the message history
//! only if it holds an address or a time of day: a program writes those, a person does not. A header needs a sender, a
//! subject and one label more.

mod phrases;

use phrases::HeaderLabel;

use super::{
    SkipReason,
    prose::{MAX_SOURCE_BYTES, OBJECT_REPLACEMENT, PackedRegion, Prose, push_merged},
};
use crate::text::Span;

/// A line over a quotation is no longer than this, in bytes, nor than [`ATTRIBUTION_LINES`].
const LONGEST_ATTRIBUTION: usize = 400;
const ATTRIBUTION_LINES: usize = 3;
/// Lines of a header, with those that its receivers are continued on.
const HEADER_LINES: usize = 12;

/// The parts of a text that are not the writer's own, ascending and disjoint. O(length).
pub(super) fn quoted_regions(prose: &Prose<'_>) -> Vec<PackedRegion> {
    // Offsets are kept short; nobody writes mails of half a gigabyte.
    if prose.text().len() > MAX_SOURCE_BYTES {
        return Vec::new();
    }
    // A quoted line and one that is not have four bytes at least, with their ends.
    let lines = memchr::memmem::find_iter(prose.text().as_bytes(), "\n>").count().min(prose.text().len() / 4) + 1;
    let mut reader = MailScanner { prose, text: prose.text(), found: Vec::with_capacity(lines), signature: None };
    let mut at = 0;
    while at < reader.text.len() {
        at = reader.read(at);
    }
    reader.close_signature(reader.text.len());
    reader.found
}

struct MailScanner<'p> {
    prose: &'p Prose<'p>,
    text: &'p str,
    found: Vec<PackedRegion>,
    /// Where the signature begins that we are in.
    signature: Option<usize>,
}

impl MailScanner<'_> {
    /// Reads the line that begins at `start`, and those that belong to it. Returns where to go on.
    fn read(&mut self, start: usize) -> usize {
        let line = self.line(start);
        let words = line.slice(self.text);
        let next = self.after(line);
        if is_quote(words) {
            self.close_signature(start);
            self.push(start, line.end, SkipReason::QuotedHistory);
            return next;
        }
        if let Some(is_forwarded) = phrases::introduces(words) {
            return self.message(start, next, is_forwarded);
        }
        match phrases::label(words) {
            Some(HeaderLabel::From) if self.header(start).is_some() => return self.message(start, start, false),
            _ => {}
        }
        if let Some(end) = self.attribution(start) {
            return self.history(start, end);
        }
        if self.signature.is_none() {
            if is_delimiter(words) {
                self.signature = Some(start);
            } else if phrases::is_sent_from(words) {
                self.push(start, line.end, SkipReason::Signature);
            }
        }
        next
    }

    /// An earlier message that is introduced at `start`; its header, if it has one, begins at or after `header`.
    fn message(&mut self, start: usize, header: usize, is_forwarded: bool) -> usize {
        self.close_signature(start);
        let first = self.after_blank_lines(header);
        let body = self.header(first);
        let end = body.unwrap_or(header);
        // A mark without a header is as much history as what it introduces.
        let reason =
            if body.is_some() || is_forwarded { SkipReason::ForwardedHeader } else { SkipReason::QuotedHistory };
        self.push(start, end, reason);
        self.quotation(end)
    }

    /// What stands below an attribution.
    fn history(&mut self, start: usize, end: usize) -> usize {
        self.close_signature(start);
        self.push(start, end, SkipReason::QuotedHistory);
        self.quotation(end)
    }

    /// The quotation that is announced before `at`: marked line by line or by the document, or all that is left.
    fn quotation(&mut self, at: usize) -> usize {
        let first = self.after_blank_lines(at);
        let is_marked = is_quote(self.line(first).slice(self.text)) || self.is_left_out(at, first);
        if is_marked || first >= self.text.len() {
            return first;
        }
        self.push(first, self.text.len(), SkipReason::QuotedHistory);
        self.text.len()
    }

    /// Whether between two places of the text the document has a quotation that is not in the text.
    fn is_left_out(&self, from: usize, to: usize) -> bool {
        let skipped = &self.prose.skipped;
        let before = (0..from).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        let start = self.prose.source_extent(Span::new(before, from.max(before))).map_or(0, |span| span.end);
        let next = self.text[to..].chars().next().map_or(to, |c| to + c.len_utf8());
        let end = self.prose.source_extent(Span::new(to, next)).map_or(usize::MAX, |span| span.start);
        let first = skipped.partition_point(|region| region.unpack().span.end <= start);
        let mut between =
            skipped[first..].iter().map(|region| region.unpack()).take_while(|region| region.span.start < end);
        between.any(|region| region.reason.is_quoting())
    }

    /// Where a header ends that begins at `start`: lines with labels, the sender's first, the subject's among them.
    fn header(&self, start: usize) -> Option<usize> {
        let (mut at, mut end) = (start, None);
        let (mut labels, mut has_subject) = (0, false);
        for index in 0..HEADER_LINES {
            let line = self.line(at);
            let words = line.slice(self.text);
            match phrases::label(words) {
                Some(HeaderLabel::From) if index > 0 => break,
                Some(label) => {
                    labels += 1;
                    has_subject |= label == HeaderLabel::Subject;
                    end = Some(line.end);
                }
                None if index == 0 || is_blank(words) => break,
                None => {}
            }
            at = self.after(line);
            if at >= self.text.len() {
                break;
            }
        }
        end.filter(|_| has_subject && labels >= 3)
    }

    /// Where an attribution ends that begins at `start`: `On ... wrote:`, perhaps broken into lines.
    fn attribution(&self, start: usize) -> Option<usize> {
        let begins = phrases::begins_attribution(self.line(start).slice(self.text));
        let mut at = start;
        for index in 0..ATTRIBUTION_LINES {
            let line = self.line(at);
            let words = line.slice(self.text);
            if line.end - start > LONGEST_ATTRIBUTION || is_blank(words) {
                return None;
            }
            if phrases::ends_attribution(words) {
                let whole = Span::new(start, line.end).slice(self.text);
                // Gmail in Chinese begins with the name; a program's line has an address or a time.
                let is_one = if begins { phrases::has_day(whole) } else { index == 0 && phrases::has_day(whole) };
                let below = self.after_blank_lines(self.after(line));
                let is_followed = is_quote(self.line(below).slice(self.text)) || self.is_left_out(line.end, below);
                return (is_one && (phrases::is_by_program(whole) || begins && is_followed)).then_some(line.end);
            }
            if !begins && index > 0 {
                return None;
            }
            at = self.after(line);
            if at >= self.text.len() {
                return None;
            }
        }
        None
    }

    fn close_signature(&mut self, end: usize) {
        if let Some(start) = self.signature.take() {
            self.push(start, end, SkipReason::Signature);
        }
    }

    /// Takes a region, without the blanks around it; one that goes on the region before it lengthens that.
    fn push(&mut self, start: usize, end: usize, reason: SkipReason) {
        let region = &self.text[start..end];
        let shown = region.trim_end_matches(phrases::is_space);
        let start = start + shown.len() - shown.trim_start_matches(phrases::is_space).len();
        let end = end - (region.len() - shown.len());
        if start >= end {
            return;
        }
        push_merged(&mut self.found, Span::new(start, end), reason, |gap| is_blank(gap.slice(self.text)));
    }

    /// The line that begins at `start`, without its end.
    fn line(&self, start: usize) -> Span {
        let rest = &self.text[start..];
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        Span::new(start, start + length)
    }

    /// Where the line after a line begins.
    fn after(&self, line: Span) -> usize {
        (line.end + 1).min(self.text.len())
    }

    /// The first line at or after `at` that shows something.
    fn after_blank_lines(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let shown =
            at + rest.len() - rest.trim_start_matches(|c| phrases::is_space(c) || c == OBJECT_REPLACEMENT).len();
        self.text[..shown].rfind('\n').map_or(0, |end| end + 1).max(at)
    }
}

fn is_quote(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('>')
}

/// The line above a signature, the blank behind the dashes often lost.
fn is_delimiter(line: &str) -> bool {
    line.starts_with("--") && line.trim_end_matches(phrases::is_space) == "--"
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| phrases::is_space(c) || c == OBJECT_REPLACEMENT)
}
