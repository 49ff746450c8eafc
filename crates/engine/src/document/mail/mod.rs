//! Finds in the text of an e-mail what is not the writer's own: quoted history, signatures, notices of firms, headers of
//! earlier messages. Knows lines of text and the outline of their document, no HTML and no language: the phrases are in `forms/`.
//!
//! What is in doubt is checked, as a few marks in old text harm less than a mistake that is sent. So history is
//!
//! - lines that begin with `>`, and what the document itself marks as quoted (it is in the outline);
//! - what follows an attribution ("On ... wrote:") that only a program writes, or that stands directly over a quotation: up to
//!   the end of that quotation, else to the end of its container or of the message;
//! - likewise what follows the header of an earlier message: a sender, a subject and one label more, with an address, a date and
//!   a time, with a date and a time beside the sender, or below a line that announces it;
//! - what stands below the line of a help desk ("Please type your reply above this line"), if the writer's text stands above.
//!
//! In a container that holds a quotation and other text (`gmail_quote`), the other text is the writer's.

mod attribution;
mod forms;
mod header;
mod introduction;
mod notice;
mod outline;
mod signature;
mod words;

use attribution::Attribution;
use forms::{MailForms, forms};
use header::Header;
use introduction::Introduction;
use notice::OwnText;
use signature::Delimiter;
use words::{after, is_blank, is_space, line};

pub(crate) use forms::verify;
pub(super) use outline::{Frame, LeftOut, MailOutline, OutlineMark};

use super::{
    SkipReason,
    prose::{MAX_SOURCE_BYTES, OBJECT_REPLACEMENT, PackedRegion, push_merged},
};
use crate::text::Span;

/// The lines over a quotation are no longer than this, in bytes, nor more than [`ATTRIBUTION_LINES`].
const LONGEST_ATTRIBUTION: usize = 400;
const ATTRIBUTION_LINES: usize = 3;
/// Outlook draws a line of so many underscores, at least, over a header that may be without addresses.
const RULE_LENGTH: usize = 20;

/// The parts of a text that are not the writer's own, ascending and disjoint; `is_plain` if programs break its lines. O(length).
pub(super) fn quoted_regions(text: &str, outline: &MailOutline, is_plain: bool) -> Vec<PackedRegion> {
    // Offsets are kept short; nobody writes mails of half a gigabyte.
    if text.len() > MAX_SOURCE_BYTES {
        return Vec::new();
    }
    // A quoted line and one that is not have four bytes at least, with their ends.
    let lines = memchr::memmem::find_iter(text.as_bytes(), "\n>").count().min(text.len() / 4) + 1;
    let mut regions = MailScanner::new(text, outline, lines).scan(0);
    add_notices(&mut regions, text, outline, is_plain);
    regions
}

/// Adds the notices that stand where the writer's text ends: over what is left out, over a region, at the end. O(length).
fn add_notices(regions: &mut Vec<PackedRegion>, text: &str, outline: &MailOutline, is_plain: bool) {
    let mut notices = Vec::new();
    let mut start = 0;
    let mut add = |start: usize, end: usize| {
        let own = OwnText { text: &text[start..end], is_plain, is_below_history: start > 0 };
        if let Some((from, to)) = own.notice(&forms().notices) {
            notices.push(PackedRegion::new(Span::new(start + from, start + to), SkipReason::Signature));
        }
    };
    for region in regions.iter().map(|region| region.unpack().span).chain([Span::new(text.len(), text.len())]) {
        for end in outline.left_out_between(start, region.start) {
            add(start, end);
            start = end;
        }
        add(start, region.start);
        start = region.end;
    }
    if !notices.is_empty() {
        regions.append(&mut notices);
        regions.sort_unstable_by_key(|region| region.unpack().span.start);
    }
}

/// Whether nothing of a text from `start` on is the writer's own, `mark` being what the outline held there. O(length behind it).
pub(super) fn is_all_quoted(text: &str, outline: &MailOutline, start: usize, mark: OutlineMark) -> bool {
    let mut at = start;
    let scanner = MailScanner { frames: mark.frame(), ..MailScanner::new(text, outline, 1) };
    for region in scanner.scan(start) {
        let span = region.unpack().span;
        if !is_blank(&text[at..span.start]) {
            return false;
        }
        at = span.end;
    }
    is_blank(&text[at..])
}

struct MailScanner<'p> {
    text: &'p str,
    outline: &'p MailOutline,
    forms: &'static MailForms,
    found: Vec<PackedRegion>,
    /// The dashes of what may be a signature that we are in.
    signature: Option<Delimiter>,
    /// Where the containers end that we are in, the outermost first.
    containers: Vec<usize>,
    /// The same of blockquotes that are the writer's own, as far as is known.
    blockquotes: Vec<usize>,
    /// How many frames of the outline we have passed.
    frames: usize,
    /// Whether something of the writer's has come.
    has_own: bool,
}

impl<'p> MailScanner<'p> {
    fn new(text: &'p str, outline: &'p MailOutline, regions: usize) -> Self {
        let found = Vec::with_capacity(regions);
        Self {
            text,
            outline,
            forms: forms(),
            found,
            signature: None,
            containers: Vec::new(),
            blockquotes: Vec::new(),
            frames: 0,
            has_own: false,
        }
    }

    fn scan(mut self, start: usize) -> Vec<PackedRegion> {
        let mut at = start;
        while at < self.text.len() {
            self.frames = self.outline.enter(self.frames, at, &mut self.containers, &mut self.blockquotes);
            while self.containers.pop_if(|end| *end <= at).is_some() {}
            while self.blockquotes.pop_if(|end| *end <= at).is_some() {}
            at = self.read(at);
        }
        self.close_signature(self.text.len());
        self.found
    }

    /// Reads the line that begins at `start`, and those that belong to it. Returns where to go on.
    fn read(&mut self, start: usize) -> usize {
        let line = line(self.text, start);
        let words = line.slice(self.text);
        let next = after(self.text, line);
        if is_blank(words) {
            return next;
        }
        if is_quote(words) {
            self.close_signature(start);
            self.push(start, line.end, SkipReason::QuotedHistory);
            return next;
        }
        if let Some(end) = self.announced(start) {
            return end;
        }
        if introduction::may_be_one(words)
            && let Some(end) = self.introduced(line).or_else(|| self.headed(start))
        {
            return end;
        }
        if let Some(end) = self.headed_by_notes(start).or_else(|| self.above_line(line)) {
            return end;
        }
        if let Some(end) = self.attribution(line) {
            self.close_signature(start);
            self.push(start, end, SkipReason::QuotedHistory);
            return self.quotation(end, true);
        }
        if let Some(delimiter) = Delimiter::read(start, words) {
            self.signature = Some(self.signature.map_or(delimiter, |before| before.followed_by(delimiter)));
        } else if self.signature.is_none() && signature::is_sent_from(words, &self.forms.sent_from, &self.forms.devices)
        {
            self.push(start, line.end, SkipReason::Signature);
        } else {
            self.has_own = true;
        }
        next
    }

    /// History at `start` that the document announces: below an attribution or a header that is left out.
    fn announced(&mut self, start: usize) -> Option<usize> {
        let (_, what, frame) = self.outline.last_left_out(start).filter(|&(at, ..)| is_blank(&self.text[at..start]))?;
        let by_attribution = what == LeftOut::Attribution;
        let end = match (what, self.outline.frame_end(frame, start)) {
            (LeftOut::Quotation, _) => return None,
            (_, Some(end)) => self.with_next_blockquotes(end.min(self.text.len())),
            (_, None) if self.containers.is_empty() => return None,
            (_, None) => self.rest_of_scope(start, by_attribution),
        };
        if end <= start {
            return None;
        }
        self.close_signature(start);
        self.push(start, end, SkipReason::QuotedHistory);
        Some(end)
    }

    /// An earlier message that a line introduces: `-----Original Message-----`.
    fn introduced(&mut self, line: Span) -> Option<usize> {
        let Some(introduction) = Introduction::read(line.slice(self.text)) else { return self.dashed(line) };
        let below = self.after_blank_lines(after(self.text, line));
        let header = if introduction == Introduction::WithHeader { None } else { Header::read(self.text, below) };
        if introduction == Introduction::Undashed && header.is_none() && !self.is_quotation(line.end, below) {
            return None;
        }
        self.close_signature(line.start);
        let end = header.map_or(line.end, |header| header.end);
        // A mark without a header is as much history as what it introduces.
        let is_header = header.is_some() || introduction != Introduction::Original;
        let reason = if is_header { SkipReason::ForwardedHeader } else { SkipReason::QuotedHistory };
        self.push(line.start, end, reason);
        Some(self.quotation(end, false))
    }

    /// The same of a line between dashes whose words we do not know: over a header that has a date and a time.
    fn dashed(&mut self, line: Span) -> Option<usize> {
        if !introduction::is_dashed(line.slice(self.text)) {
            return None;
        }
        let header = Header::read(self.text, self.after_blank_lines(after(self.text, line)))?;
        header.has_time.then(|| self.earlier_message(line.start, header.end))
    }

    /// What stands below the line of a help desk: earlier messages, if the writer's text stands above it.
    fn above_line(&mut self, line: Span) -> Option<usize> {
        if !introduction::is_reply_line(&self.text[..line.start], line.slice(self.text)) {
            return None;
        }
        self.close_signature(line.start);
        self.push(line.start, line.end, SkipReason::QuotedHistory);
        Some(if self.has_own { self.quotation(line.end, false) } else { line.end })
    }

    /// An earlier message whose header Lotus Notes has written: the line at `start` is its date, the sender stands above.
    fn headed_by_notes(&mut self, start: usize) -> Option<usize> {
        let end = header::end_below_time(self.text, start)?;
        let done = self.found.last().map_or(0, |region| region.unpack().span.end);
        let sender = header::sender_above(self.text, start).filter(|&sender| sender >= done)?;
        Some(self.earlier_message(sender, end))
    }

    /// The header from `start` to `end` and the message below it.
    fn earlier_message(&mut self, start: usize, end: usize) -> usize {
        self.close_signature(start);
        self.push(start, end, SkipReason::ForwardedHeader);
        self.quotation(end, false)
    }

    /// An earlier message whose header nothing introduces: only with an address, a date and a time, with these two beside the sender,
    /// in a container or below a rule.
    fn headed(&mut self, start: usize) -> Option<usize> {
        let header = Header::read(self.text, start)?;
        let above = self.text[..start].trim_end_matches(is_space);
        let rule = above.len() - above.trim_end_matches('_').len();
        let is_by_program = header.has_timed_address || header.is_by_outlook;
        if !is_by_program && self.containers.is_empty() && rule < RULE_LENGTH {
            return None;
        }
        Some(self.earlier_message(start, header.end))
    }

    /// The quotation that is announced before `at`: marked line by line or by the document, or all that is left here.
    fn quotation(&mut self, at: usize, by_attribution: bool) -> usize {
        let first = self.after_blank_lines(at);
        if self.is_marked(at, first) {
            return first;
        }
        let frame = self.outline.frame_end(self.outline.frame_behind(at), first);
        let end = match frame {
            Some(end) => self.with_next_blockquotes(end.min(self.text.len())),
            None => self.rest_of_scope(first, by_attribution),
        };
        if end <= first {
            return first;
        }
        self.push(first, end, SkipReason::QuotedHistory);
        end
    }

    /// Where a quotation that ends at `end` ends with the blockquotes that follow it at once: Quill 2 makes one of every line.
    fn with_next_blockquotes(&self, mut end: usize) -> usize {
        let mut number = self.outline.frame_behind(end);
        while let Some(next) = self.outline.blockquote_end(number, self.after_blank_lines(end)) {
            end = end.max(next.min(self.text.len()));
            number = self.outline.frame_behind(end).max(number + 1);
        }
        end
    }

    /// Where history ends that begins at `first` and is not marked: in a container at its next quotation, if there is one; then
    /// what stands between an attribution and that is the writer's.
    fn rest_of_scope(&self, first: usize, by_attribution: bool) -> usize {
        let scope = self.scope_end();
        let next = self.outline.quotation_between(first, scope).filter(|_| !self.containers.is_empty());
        next.map_or(scope, |quotation| if by_attribution { first } else { quotation })
    }

    /// Whether a quotation is marked at `first`, with nothing between it and what ends at `at`.
    fn is_marked(&self, at: usize, first: usize) -> bool {
        is_quote(line(self.text, first).slice(self.text))
            || self.outline.last_left_out(first).is_some_and(|(out, ..)| out >= at)
    }

    /// Whether a quotation stands at `first`, marked or in an element that may hold one.
    fn is_quotation(&self, at: usize, first: usize) -> bool {
        self.is_marked(at, first) || self.outline.frame_end(self.outline.frame_behind(at), first).is_some()
    }

    /// Where the innermost container or blockquote ends that we are in, or the text.
    fn scope_end(&self) -> usize {
        [self.containers.last(), self.blockquotes.last()]
            .into_iter()
            .flatten()
            .fold(self.text.len(), |end, &other| end.min(other))
    }

    /// Where an attribution ends that begins with a line, perhaps broken into lines, if what stands below it is history.
    fn attribution(&self, first: Span) -> Option<usize> {
        let (start, mut last) = (first.start, first);
        let first = first.slice(self.text);
        for index in 0..ATTRIBUTION_LINES {
            if last.end - start > LONGEST_ATTRIBUTION || is_blank(last.slice(self.text)) {
                return None;
            }
            // What begins one of its own ends no other: the line before, that begins alike, is a sentence (`On Friday we came.`).
            if index > 0
                && attribution::opens(last.slice(self.text), &self.forms.attributions)
                && self.attribution(last).is_some()
            {
                return None;
            }
            if attribution::ends(first, last.slice(self.text)) {
                let read = Attribution::read(Span::new(start, last.end).slice(self.text), &self.forms.attributions)?;
                let below = self.after_blank_lines(after(self.text, last));
                let is_over_quotation = read.is_over_quotation() && self.is_quotation(last.end, below);
                return (is_over_quotation || read.is_by_program()).then_some(last.end);
            }
            let next = after(self.text, last);
            if next >= self.text.len() || index == 0 && !attribution::may_go_on(first, &self.forms.attributions) {
                return None;
            }
            last = line(self.text, next);
        }
        None
    }

    fn close_signature(&mut self, end: usize) {
        if let Some(delimiter) = self.signature.take()
            && let below = &self.text[delimiter.start..end]
            && delimiter.opens_signature(below)
        {
            let length = signature::signature_end(below, |paragraph| self.forms.notices.are_in(paragraph));
            self.push(delimiter.start, delimiter.start + length, SkipReason::Signature);
        }
    }

    /// Takes a region, without the blanks around it; one that goes on the region before it lengthens that.
    fn push(&mut self, start: usize, end: usize, reason: SkipReason) {
        let region = &self.text[start..end];
        let shown = region.trim_end_matches(is_space);
        let start = start + shown.len() - shown.trim_start_matches(is_space).len();
        let end = end - (region.len() - shown.len());
        if start >= end {
            return;
        }
        push_merged(&mut self.found, Span::new(start, end), reason, |gap| is_blank(gap.slice(self.text)));
    }

    /// The first line at or after `at` that shows something.
    fn after_blank_lines(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let shown = at + rest.len() - rest.trim_start_matches(|c| is_space(c) || c == OBJECT_REPLACEMENT).len();
        self.text[at..shown].rfind('\n').map_or(at, |end| at + end + 1)
    }
}

fn is_quote(line: &str) -> bool {
    line.trim_start_matches(' ').starts_with('>')
}
