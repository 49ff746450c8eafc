//! Reads HTML: which text a reader sees, where it stands in the source, what divides it. Knows no language and no
//! dictionary. Total: malformed HTML is read as a browser would, as nearly as can be without building its tree.
//!
//! `tokens.rs` runs `lol_html`, which tells text from comments in all states of the WHATWG's tokeniser; `tag.rs` reads
//! the tags in between; `open.rs` keeps the open elements; `reference.rs` reads character references; `mail.rs` knows
//! the marks of mail programs, `containers.rs` the elements in which they mix quotations with what people type. This file knows what each element does to the text in it.
//!
//! - `lol_html` allocates for every attribute of a tag. At twice the size of the document it is stopped; `tag.rs` reads
//!   that tag, and `lol_html` starts afresh behind it. Nothing else of it can fail, and no HTML is refused.
//! - Two things are not read as browsers do. Formatting elements that are closed in the wrong order are not opened
//!   again (`<b><p></b>`: it matters only if the element carried `hidden` or `lang`). Text in the wrong place of a
//!   table is not moved.
//! - `lang` on `<html>`, on `<body>` and in documents that Word wrote is ignored: there it is the language of a
//!   template or a keyboard. It is also ignored where the script of its text contradicts it. Text in a language that
//!   cannot be checked is skipped.

mod attributes;
mod containers;
mod elements;
mod mail;
mod open;
mod quoting;
mod reference;
mod source;
mod style;
mod tag;
mod tokens;

pub(super) use source::{data_url_bytes, references, text_at};

use attributes::{Switches, TagAttributes};
use containers::OpenFrames;
use elements::{BLOCKQUOTE, BODY, BR, CODE, Element, FOREIGN, HTML, OBJECT, P, PREFORMATTED, STRUCK_OUT, UNSEEN, VOID};
use mail::{MailMarkers, MailPart};
use open::OpenElements;
use source::reference_lengths;
use tag::Tag;
use tokens::HtmlToken;

use super::{
    SkipReason,
    builder::ProseBuilder,
    mail::{LeftOut, MailOutline},
    prose::{LanguageTag, MAX_SOURCE_BYTES, PackedRegion, Prose, SegmentHead, push_merged},
};
use crate::text::Span;

/// Elements within elements that change how text is read; browsers nest no deeper either.
const MAX_NESTING: usize = 512;

/// Longer values of `lang` are no language tags, in bytes.
const LONGEST_LANGUAGE: usize = 64;

/// Reads a fragment or a document. `of_mail`: what is marked as quoted history, signatures and forwarded headers is left out, and
/// the outline tells where.
///
/// O(length) time, and memory of at most three times the length beside `lol_html`'s.
pub(super) fn read(source: &str, of_mail: bool) -> (Prose<'_>, MailOutline) {
    if source.len() > MAX_SOURCE_BYTES {
        let all = PackedRegion::new(Span::new(0, source.len()), SkipReason::NotTranslatable);
        let nothing = ProseBuilder::new(source, 0, reference_lengths).finish(vec![all], false);
        return (nothing, MailOutline::default());
    }
    let (segments, skipped) = most_segments_and_regions(source);
    let mut reader = HtmlReader {
        source,
        of_mail,
        from_microsoft_word: is_from_microsoft_word(source),
        builder: ProseBuilder::new(source, segments, reference_lengths),
        open: OpenElements::new(),
        state: TextState::default(),
        frames: Vec::new(),
        mail_frames: OpenFrames::default(),
        outline: MailOutline::default(),
        rest: None,
        region: None,
        skipped: Vec::with_capacity(skipped),
    };
    tokens::for_each(source, |piece| reader.handle_token(piece));
    reader.finish()
}

/// How many segments and regions a source may have at most, but for regions that take more than some bytes of it.
fn most_segments_and_regions(source: &str) -> (usize, usize) {
    let bytes = source.as_bytes();
    let (mut segments, mut regions) = (0, 0);
    for at in memchr::memchr2_iter(b'<', b'&', bytes) {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        // Every tag and every reference may begin a segment; none of them is shorter than three bytes.
        segments += usize::from(next.is_ascii_alphanumeric() || matches!(next, b'/' | b'!' | b'?' | b'#'));
        // The shortest element whose text is left out, `<s>`, may be a region for every nine bytes.
        if next | 0x20 == b's' && bytes[at] == b'<' {
            regions += usize::from(bytes.get(at + 2).is_some_and(|next| !next.is_ascii_alphanumeric()));
        }
    }
    (segments.min(bytes.len() / 3) + 1, regions)
}

/// Whether Word, or Outlook by Word, wrote a document. It notes the language of the keyboard in `lang`, not of the text.
fn is_from_microsoft_word(source: &str) -> bool {
    ["MsoNormal", "schemas-microsoft-com:office"]
        .iter()
        .any(|mark| memchr::memmem::find(source.as_bytes(), mark.as_bytes()).is_some())
}

/// How the text at a place is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct TextState {
    /// Why it is not checked.
    reason: Option<SkipReason>,
    /// Why else: what an element within may switch back.
    switched: Switches,
    /// What it is if it is not the writer's own.
    left_out: Option<LeftOut>,
    /// Whether it is no text at all.
    unseen: bool,
    /// Whether its line ends are kept.
    preformatted: bool,
    language: LanguageTag,
    /// Whether the document's rest is a quotation once the element is closed.
    before_rest: bool,
    /// Whether the element is a block by its style.
    is_block: bool,
}

impl TextState {
    fn skip_reason(&self) -> Option<SkipReason> {
        self.reason.or_else(|| self.switched.reason())
    }
}

/// An open element that changed the state.
#[derive(Clone, Copy, Debug)]
struct SavedState {
    /// How many elements were open before it.
    depth: u32,
    /// The state around it.
    outer: TextState,
}

/// What is being left out.
#[derive(Clone, Copy, Debug)]
struct OpenRegion {
    start: usize,
    reason: SkipReason,
    left_out: Option<LeftOut>,
    has_text: bool,
}

struct HtmlReader<'s> {
    source: &'s str,
    of_mail: bool,
    from_microsoft_word: bool,
    builder: ProseBuilder<'s>,
    open: OpenElements,
    state: TextState,
    frames: Vec<SavedState>,
    mail_frames: OpenFrames,
    outline: MailOutline,
    /// Why everything from here on is not the writer's own.
    rest: Option<SkipReason>,
    region: Option<OpenRegion>,
    skipped: Vec<PackedRegion>,
}

impl<'s> HtmlReader<'s> {
    fn handle_token(&mut self, piece: HtmlToken) {
        match piece {
            HtmlToken::Text(span) => self.handle_text(span),
            HtmlToken::Tags(span) => {
                let tags = &self.source[..span.end];
                let mut at = span.start;
                while let Some(tag) = tag::next(tags, at) {
                    if tag.is_end {
                        self.end_tag(tag);
                    } else {
                        self.start_tag(tag);
                    }
                    at = tag.span.end;
                }
            }
            HtmlToken::RawText | HtmlToken::Comment => {}
        }
    }

    fn handle_text(&mut self, span: Span) {
        if self.state.unseen {
            return;
        }
        if let Some(region) = &mut self.region {
            region.has_text |= !is_blank(span.slice(self.source));
            return;
        }
        let bytes = self.source.as_bytes();
        let mut at = span.start;
        if self.builder.is_at_line_start() && !self.state.preformatted {
            at += bytes[span.range()].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        }
        let mut literal = at;
        while let Some(offset) = memchr::memchr(b'&', &bytes[at..span.end]) {
            at += offset;
            match reference::read(&self.source[at..span.end]) {
                Some((characters, length)) => {
                    self.builder.push_text(Span::new(literal, at), self.state.preformatted);
                    self.builder.push_reference(Span::new(at, at + length), |text| characters.push_to(text));
                    at += length;
                    literal = at;
                }
                None => at += 1,
            }
        }
        self.builder.push_text(Span::new(literal, span.end), self.state.preformatted);
    }

    fn start_tag(&mut self, tag: Tag<'s>) {
        let element = Element::named(tag.name);
        if !self.state.unseen || !self.is_foreign() {
            let depth = self.open.depth();
            self.open.close_before(element);
            if self.open.depth() < depth {
                self.leave(tag.span.start);
            }
        } else if tag.self_closing {
            return;
        }
        self.pause(element);
        if element.is(VOID) {
            self.begin_rest(element, tag);
            return;
        }
        if element.is(FOREIGN) && tag.self_closing {
            return;
        }
        let rest = self.rest;
        let state = self.state_in(element, tag);
        if state.is_block {
            self.push_break(SegmentHead::Block);
        }
        if state != self.state || state.is_block || self.rest != rest {
            #[expect(clippy::cast_possible_truncation, reason = "fewer elements than bytes of the source")]
            self.frames.push(SavedState { depth: self.open.depth() as u32, outer: self.state });
            self.enter(state, tag.span.start);
        }
        self.open.push(element);
    }

    fn end_tag(&mut self, tag: Tag<'s>) {
        let element = Element::named(tag.name);
        match self.open.close(element) {
            Some(depth) => {
                let is_own = self.frames.iter().rev().take_while(|frame| frame.depth as usize >= depth).last();
                let ends =
                    is_own.is_some_and(|frame| frame.depth as usize == depth) || self.mail_frames.closes_own(depth);
                self.leave(if ends { tag.span.end } else { tag.span.start });
                self.pause(element);
            }
            // A browser reads these two as if they were an element.
            None if matches!(element, P | BR) => self.pause(element),
            None => {}
        }
    }

    /// What an element puts between the text before it and the text after it.
    fn pause(&mut self, element: Element) {
        if element == BR {
            self.push_break(SegmentHead::Line);
        } else if element.is(elements::BLOCK) {
            self.push_break(SegmentHead::Block);
        } else if element.is(OBJECT) {
            self.push_break(SegmentHead::Object);
        }
    }

    /// What is struck out is no object in the line, so it divides the text only by what it holds.
    fn push_break(&mut self, head: SegmentHead) {
        let is_left_out = self.region.is_some_and(|region| region.reason != SkipReason::StruckOut);
        if !self.state.unseen && !is_left_out {
            self.builder.push_break(head);
        }
    }

    fn is_foreign(&self) -> bool {
        // What is unseen is so from its outermost element on, and only the outermost has a frame.
        self.frames
            .iter()
            .rev()
            .find(|frame| !frame.outer.unseen)
            .is_some_and(|frame| self.open.at(frame.depth as usize).is_some_and(|element| element.is(FOREIGN)))
    }

    /// A void element of mail programs that begins the rest.
    fn begin_rest(&mut self, element: Element, tag: Tag<'s>) {
        if !self.of_mail || !tag.has_attributes() {
            return;
        }
        if let Some(MailPart::Rest(reason)) = mail::classify(element, TagAttributes::read(tag).marks) {
            self.rest = Some(reason);
            self.enter(self.state, tag.span.start);
        }
    }

    /// The state within an element.
    fn state_in(&mut self, element: Element, tag: Tag<'s>) -> TextState {
        let mut state = TextState { before_rest: false, is_block: false, ..self.state };
        state.unseen |= element.is(UNSEEN);
        state.preformatted |= element.is(PREFORMATTED);
        if state.reason.is_none() {
            state.reason = if element.is(CODE) {
                Some(SkipReason::ProgramCode)
            } else {
                element.is(STRUCK_OUT).then_some(SkipReason::StruckOut)
            };
        }
        let may_quote = self.of_mail && element == BLOCKQUOTE;
        if state.unseen || !tag.has_attributes() && !may_quote {
            return state;
        }
        let attributes = TagAttributes::read(tag);
        if let Some(language) = attributes.language {
            self.name_language(&mut state, element, language);
        }
        state.preformatted = attributes.style.preformatted.unwrap_or(state.preformatted);
        state.is_block = attributes.style.block && !element.is(elements::BLOCK);
        state.switched = attributes.switches(state.switched);
        let marks = MailMarkers { style: &attributes.style.border, ..attributes.marks };
        if self.of_mail {
            self.mail_part(&mut state, element, tag, mail::classify(element, marks));
        }
        if state.reason.is_none() {
            let struck_out = attributes.style.struck_out.then_some(SkipReason::StruckOut);
            let is_hidden = attributes.hidden || attributes.style.hidden;
            state.reason = if is_hidden { Some(SkipReason::Hidden) } else { struck_out };
        }
        state
    }

    fn name_language(&self, state: &mut TextState, element: Element, tag: &'s str) {
        // The language of a whole page is its template's; the request knows better.
        if self.from_microsoft_word || matches!(element, HTML | BODY) || tag.len() > LONGEST_LANGUAGE {
            return;
        }
        // A language within a language, hundreds deep, is an attack on memory.
        if self.frames.len() >= MAX_NESTING || state.language.read_from(self.source) == tag {
            return;
        }
        // An attribute without a value has an empty one that is no part of the source.
        state.language = if tag.trim().is_empty() {
            LanguageTag::default()
        } else {
            LanguageTag::at(tag.as_ptr() as usize - self.source.as_ptr() as usize)
        };
    }

    /// Takes up a state at a place of the source.
    fn enter(&mut self, state: TextState, at: usize) {
        self.state = state;
        self.builder.set_language(state.language);
        let (reason, left_out) = match state.skip_reason() {
            // What an editor has locked below an attribution is the quotation, whatever its element.
            Some(reason @ (SkipReason::NotEditable | SkipReason::SpellcheckOff)) => {
                (Some(reason), Some(LeftOut::Quotation))
            }
            Some(reason) => (Some(reason), state.left_out),
            None => (self.rest, Some(LeftOut::Quotation).filter(|_| self.rest == Some(SkipReason::QuotedHistory))),
        };
        if self.region.map(|region| region.reason) == reason {
            return;
        }
        self.close_region(at);
        self.region = reason.map(|reason| OpenRegion { start: at, reason, left_out, has_text: false });
    }

    /// Goes back to the state around the elements that are open no longer.
    fn leave(&mut self, at: usize) {
        let depth = self.open.depth();
        let (mut state, mut ends_block) = (None, false);
        while let Some(frame) = self.frames.pop_if(|frame| frame.depth as usize >= depth) {
            let inner: TextState = state.unwrap_or(self.state);
            ends_block |= inner.is_block;
            if inner.before_rest {
                self.rest = Some(SkipReason::QuotedHistory);
            }
            state = Some(frame.outer);
        }
        let rest = self.rest;
        while let Some(frame) = self.mail_frames.close(depth) {
            self.close_frame(frame.number, frame.outer_rest);
        }
        if state.is_some() || self.rest != rest {
            self.enter(state.unwrap_or(self.state), at);
        }
        self.settle_container(at);
        if ends_block {
            self.push_break(SegmentHead::Block);
        }
    }

    fn close_region(&mut self, at: usize) {
        let Some(region) = self.region.take() else { return };
        if let Some(left_out) = region.left_out {
            self.outline.leave_out(self.builder.text().len(), left_out);
        }
        if !region.has_text {
            return;
        }
        if region.reason == SkipReason::Signature {
            self.outline.leave_out_signature(self.builder.text().len());
        }
        if region.reason != SkipReason::StruckOut {
            self.builder.push_break(SegmentHead::Object);
        }
        // A row of cells, of words in code: one region, unless the blanks between are of the text.
        let span = Span::new(region.start, at);
        let text_end = self.builder.source_end();
        push_merged(&mut self.skipped, span, region.reason, |gap| {
            text_end <= gap.start && is_blank(gap.slice(self.source))
        });
    }

    fn finish(mut self) -> (Prose<'s>, MailOutline) {
        let end = self.source.trim_end().len();
        self.close_region(end);
        while self.mail_frames.close(0).is_some() {}
        self.settle_container(end);
        (self.builder.finish(self.skipped, false), self.outline)
    }
}

/// Whether text shows nothing: blanks and the references that mail programs fill empty lines with.
fn is_blank(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix("&nbsp;") {
        rest = after.trim_start();
    }
    rest.is_empty()
}
