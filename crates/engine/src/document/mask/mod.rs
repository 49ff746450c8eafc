//! Finds what in plain text is no prose: addresses, placeholders, codes, file names. Knows no language and no dictionary.
//!
//! Plain words are passed over by a table of byte classes. A byte that they do not hold leads to the token around it:
//! letters, digits and the marks that join them, up to white space, brackets, quotes, Han or full-width punctuation. A
//! token is taken apart from the outside in, so that each byte is read a fixed number of times:
//! token `email:ana@acme.com/v2`, fields at `:` and `=`, steps at `/` and `\`, labels at `.`.

mod address;
mod class;
mod code;
mod delimited;
mod file_name;
mod protected;
mod tag;
#[cfg(test)]
mod tests;

use super::{SkipReason, SkippedRegion};
use crate::text::Span;

pub(crate) use code::has_stray_digit;
pub(crate) use protected::{overlay, protected_regions};

/// Regions of `text` that are no prose, ascending and disjoint. O(length) time; no allocation for text without any region.
#[must_use]
pub fn scan(text: &str) -> Vec<SkippedRegion> {
    let mut reader = MaskScanner { text, found: Vec::new() };
    let mut at = 0;
    while let Some(trigger) = class::next_trigger(text.as_bytes(), at) {
        at = reader.read(at, trigger);
    }
    reader.found
}

/// Collects the regions of one text, from left to right.
struct MaskScanner<'t> {
    text: &'t str,
    found: Vec<SkippedRegion>,
}

impl MaskScanner<'_> {
    /// Reads what is around the byte `trigger`; what lies before `floor` is done. Returns where to go on, after it.
    fn read(&mut self, floor: usize, trigger: usize) -> usize {
        let bytes = self.text.as_bytes();
        match bytes[trigger] {
            b'.' | b':' if bytes.get(trigger + 1).is_none_or(u8::is_ascii_whitespace) => return trigger + 1,
            b'#' => {
                return match tag::hashtag(self.text, trigger) {
                    Some((end, reason)) => self.push(trigger, end, reason),
                    None => trigger + 1,
                };
            }
            byte if class::byte_class(byte) == class::OPENER => {
                return match delimited::read(self.text, trigger) {
                    delimited::DelimiterMatch::Until(end, reason) => self.push(trigger, end, reason),
                    delimited::DelimiterMatch::Nothing(next) => next,
                };
            }
            _ => {}
        }
        let start = class::token_start(self.text, floor, trigger);
        if start == trigger && bytes[trigger] == b'@' {
            return match tag::mention(self.text, trigger) {
                Some(end) => self.push(trigger, end, SkipReason::Mention),
                None => trigger + 1,
            };
        }
        let end = class::token_end(self.text, trigger);
        self.token(start, end).max(end)
    }

    /// Takes a region. Returns its end.
    fn push(&mut self, start: usize, end: usize, reason: SkipReason) -> usize {
        self.found.push(SkippedRegion { span: Span::new(start, end), reason });
        end
    }

    /// Reads a token. Returns where to go on, which may lie behind the token.
    fn token(&mut self, start: usize, end: usize) -> usize {
        let whole = &self.text[start..end];
        let trimmed = whole.trim_end_matches(['.', ':', '=', '-', '+', '@']);
        let token = trimmed.trim_start_matches([':', '=', '-', '+']);
        let start = start + trimmed.len() - token.len();
        let trimmed_end = start + token.len();
        let classes = class::union_of_classes(token.as_bytes());
        if classes & (class::LETTER | class::UNDERSCORE) == 0 {
            // Numbers, prices, dates, times: prose.
            return if code::is_ipv4(token) { self.push(start, trimmed_end, SkipReason::Code) } else { end };
        }
        if classes & class::COLON != 0 {
            if let Some((offset, scheme)) = address::find_scheme(token, &self.text[trimmed_end..]) {
                let url = start + offset;
                // What is in front comes first, and may reach into the address: the mention `@https` in `-@https://a`.
                return match self.fields(start, url) {
                    Some(reached) if reached > url => reached,
                    _ => self.push(url, address::with_scheme(self.text, url, scheme), SkipReason::Url),
                };
            }
            if let Some(length) = address::content_id(token) {
                return self.push(start, start + length, SkipReason::Url);
            }
            if file_name::has_drive(token) {
                return self.push(start, trimmed_end, SkipReason::FileName);
            }
            if code::is_hardware_or_ipv6(token) {
                return self.push(start, trimmed_end, SkipReason::Code);
            }
        }
        self.fields(start, trimmed_end).unwrap_or(end)
    }

    /// Reads the fields of a token. Returns where to go on if that lies behind the field it stopped at.
    fn fields(&mut self, start: usize, end: usize) -> Option<usize> {
        let mut field = start;
        while field < end {
            let field_end = find(self.text, field, end, b":=");
            let reached = self.field(field, field_end);
            if reached > field_end {
                return Some(reached);
            }
            field = field_end + 1;
        }
        None
    }

    /// Reads a field: a path, or steps on their own. Returns the end of what it read.
    fn field(&mut self, start: usize, end: usize) -> usize {
        let first_end = find(self.text, start, end, b"/\\");
        if first_end < end {
            let first = self.trim(start, first_end);
            if let Some(url_end) = address::without_scheme(self.text, first.start, first_end) {
                return self.push(first.start, url_end, SkipReason::Url);
            }
            let before = self.text[..start].chars().next_back();
            if file_name::is_path(&self.text[start..end], before) {
                return self.push(start, end, SkipReason::FileName);
            }
        }
        let mut step = start;
        while step < end {
            let step_end = find(self.text, step, end, b"/\\");
            let reached = self.step(step, step_end);
            if reached > step_end {
                return reached;
            }
            step = step_end + 1;
        }
        end
    }

    /// Reads a run of letters, digits, `.`, `_`, `-`, `+`, `@`. Returns the end of what it read.
    fn step(&mut self, start: usize, end: usize) -> usize {
        let whole = &self.text[start..end];
        if code::is_dunder(whole) {
            return self.push(start, end, SkipReason::Code);
        }
        let Span { start: from, end: to } = self.trim(start, end);
        let step = &self.text[from..to];
        if let Some(at) = memchr::memchr(b'@', step.as_bytes()) {
            if at == 0 {
                return tag::mention(self.text, from).map_or(end, |end| self.push(from, end, SkipReason::Mention));
            }
            if let Some(length) = address::email(step, at) {
                let scheme = if self.text[..from].ends_with("mailto:") { "mailto:".len() } else { 0 };
                return self.push(from - scheme, from + length, SkipReason::EmailAddress).max(end);
            }
        }
        if let Some(url_end) = address::without_scheme(self.text, from, to) {
            return self.push(from, url_end, SkipReason::Url).max(end);
        }
        if let Some(length) = file_name::file_end(step) {
            self.push(from, from + length, SkipReason::FileName);
            return end;
        }
        if &whole[..from - start] == "." && file_name::is_extension(step) {
            self.push(start, to, SkipReason::FileName);
            return end;
        }
        let found = &mut self.found;
        code::each_code(step, |code, code_end| {
            found.push(SkippedRegion { span: Span::new(from + code, from + code_end), reason: SkipReason::Code });
        });
        end
    }

    /// A part without the marks around it: those of sentences, of italics, of lists.
    fn trim(&self, start: usize, end: usize) -> Span {
        let part = &self.text[start..end];
        let marks = ['.', '_', '-', '+'];
        let trimmed = part.trim_end_matches(marks);
        let inner = trimmed.trim_start_matches(marks);
        Span::new(start + trimmed.len() - inner.len(), start + trimmed.len())
    }
}

/// The first of `separators` in the bytes `start..end`, or `end`.
fn find(text: &str, start: usize, end: usize, separators: &[u8]) -> usize {
    text.as_bytes()[start..end].iter().position(|byte| separators.contains(byte)).map_or(end, |length| start + length)
}
