//! Reads HTML: which text a reader sees, where it stands in the source, what divides it. Knows no language and no
//! dictionary. Total: malformed HTML is read as a browser would, as nearly as can be without building its tree.
//!
//! `tokens.rs` runs `lol_html`, which tells text from comments in all states of the WHATWG's tokeniser; `tag.rs` reads
//! the tags in between; `open.rs` keeps the open elements; `reference.rs` reads character references; `mail.rs` knows
//! the marks of mail programs. This file knows what each element does to the text in it.
//!
//! - `lol_html` allocates for every attribute of a tag. At twice the size of the document it is stopped; `tag.rs` reads
//!   that tag, and `lol_html` starts afresh behind it. Nothing else of it can fail, and no HTML is refused.
//! - Two things are not read as browsers do. Formatting elements that are closed in the wrong order are not opened
//!   again (`<b><p></b>`: it matters only if the element carried `hidden` or `lang`). Text in the wrong place of a
//!   table is not moved.
//! - `lang` on `<html>`, on `<body>` and in documents that Word wrote is ignored: there it is the language of a
//!   template or a keyboard. It is also ignored where the script of its text contradicts it. Text in a language that
//!   cannot be checked is skipped.

mod elements;
mod mail;
mod open;
mod reference;
mod style;
mod tag;
mod tokens;

use elements::{BODY, BR, CODE, Element, FOREIGN, HTML, OBJECT, P, PREFORMATTED, UNSEEN, VOID};
use mail::{MailMarkers, MailPart};
use open::OpenElements;
use tag::Tag;
use tokens::HtmlToken;

use super::{
    SkipReason,
    builder::ProseBuilder,
    prose::{LanguageTag, MAX_SOURCE_BYTES, PackedRegion, Prose, SegmentHead, push_merged},
};
use crate::text::Span;

/// Elements within elements that change how text is read; browsers nest no deeper either.
const MAX_NESTING: usize = 512;

/// Longer values of `lang` are no language tags, in bytes.
const LONGEST_LANGUAGE: usize = 64;

/// Reads a fragment or a document. `of_mail`: quoted history, signatures and forwarded headers are left out.
///
/// O(length) time, and memory of at most three times the length beside `lol_html`'s.
pub(super) fn read(source: &str, of_mail: bool) -> Prose<'_> {
    if source.len() > MAX_SOURCE_BYTES {
        let all = PackedRegion::new(Span::new(0, source.len()), SkipReason::NotTranslatable);
        return ProseBuilder::new(source, 0, reference_lengths).finish(vec![all], false);
    }
    // Every tag and every reference may begin a segment; none of them is shorter than three bytes.
    let bytes = source.as_bytes();
    let begins =
        |at: &usize| bytes.get(at + 1).is_some_and(|&next| next.is_ascii_alphanumeric() || b"/!?#".contains(&next));
    let segments = memchr::memchr2_iter(b'<', b'&', bytes).filter(begins).count().min(bytes.len() / 3) + 1;
    let mut reader = HtmlReader {
        source,
        of_mail,
        from_microsoft_word: is_from_microsoft_word(source),
        builder: ProseBuilder::new(source, segments, reference_lengths),
        open: OpenElements::new(),
        state: TextState::default(),
        frames: Vec::new(),
        rest: None,
        region: None,
        skipped: Vec::new(),
    };
    tokens::for_each(source, |piece| reader.handle_token(piece));
    reader.finish()
}

/// The text at spans of a source, with character references read.
pub(super) fn text_at(source: &str, spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        reference::decode(span.slice(source), &mut text);
    }
    text
}

/// The length of what the character reference that `source` begins with stands for, and its own.
fn reference_lengths(source: &str) -> (usize, usize) {
    reference::read(source).map_or((0, 0), |(characters, length)| (characters.len(), length))
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
    /// Whether it is no text at all.
    unseen: bool,
    /// Whether its line ends are kept.
    preformatted: bool,
    language: LanguageTag,
    /// Whether the document's rest is a quotation once the element is closed.
    before_rest: bool,
}

/// An open element that changed the state.
#[derive(Clone, Copy, Debug)]
struct SavedState {
    /// How many elements were open before it.
    depth: u32,
    /// The state around it.
    outer: TextState,
}

/// The attributes of an element that matter.
#[derive(Debug, Default)]
struct TagAttributes<'s> {
    marks: MailMarkers<'s>,
    style: style::InlineStyle,
    language: Option<&'s str>,
    hidden: bool,
    translate: Option<bool>,
}

impl<'s> TagAttributes<'s> {
    fn read(tag: Tag<'s>) -> Self {
        let mut read = Self::default();
        tag.each_attribute(|name, value| match name.len() {
            2 if name.eq_ignore_ascii_case("id") => read.marks.id = value,
            4 if name.eq_ignore_ascii_case("lang") => read.language = Some(value),
            4 if name.eq_ignore_ascii_case("name") => read.marks.name = value,
            4 if name.eq_ignore_ascii_case("type") => read.marks.kind = value,
            5 if name.eq_ignore_ascii_case("class") => read.marks.class = value,
            5 if name.eq_ignore_ascii_case("style") => read.style = style::read(value),
            6 if name.eq_ignore_ascii_case("hidden") => read.hidden = true,
            9 if name.eq_ignore_ascii_case("translate") => read.translate = Some(!value.eq_ignore_ascii_case("no")),
            _ => {}
        });
        if read.translate.is_none() && read.marks.class.split_ascii_whitespace().any(|class| class == "notranslate") {
            read.translate = Some(false);
        }
        read
    }

    /// Why the element's text is not checked, by itself.
    fn reason(&self) -> Option<SkipReason> {
        if self.hidden || self.style.hidden {
            Some(SkipReason::Hidden)
        } else {
            (self.translate == Some(false)).then_some(SkipReason::NotTranslatable)
        }
    }
}

/// What is being left out.
#[derive(Clone, Copy, Debug)]
struct OpenRegion {
    start: usize,
    reason: SkipReason,
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
        if state != self.state || self.rest != rest {
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
                let ends = is_own.is_some_and(|frame| frame.depth as usize == depth);
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
        if self.state.unseen || self.region.is_some() {
            return;
        }
        if element == BR {
            self.builder.push_break(SegmentHead::Line);
        } else if element.is(elements::BLOCK) {
            self.builder.push_break(SegmentHead::Block);
        } else if element.is(OBJECT) {
            self.builder.push_break(SegmentHead::Object);
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
        let mut state = TextState { before_rest: false, ..self.state };
        state.unseen |= element.is(UNSEEN);
        state.preformatted |= element.is(PREFORMATTED);
        if state.reason.is_none() && element.is(CODE) {
            state.reason = Some(SkipReason::ProgramCode);
        }
        if state.unseen || !tag.has_attributes() {
            return state;
        }
        let attributes = TagAttributes::read(tag);
        if let Some(language) = attributes.language {
            self.name_language(&mut state, element, language);
        }
        state.preformatted = attributes.style.preformatted.unwrap_or(state.preformatted);
        if attributes.translate == Some(true) && state.reason == Some(SkipReason::NotTranslatable) {
            state.reason = None;
        }
        let marks = MailMarkers { style: &attributes.style.border, ..attributes.marks };
        if self.of_mail {
            self.mail_part(&mut state, tag, mail::classify(element, marks));
        }
        if state.reason.is_none() {
            state.reason = attributes.reason();
        }
        state
    }

    /// Takes note of what mail programs mark.
    fn mail_part(&mut self, state: &mut TextState, tag: Tag<'s>, part: Option<MailPart>) {
        // Within a quotation only the header of a forwarded message is told apart.
        let Some(part) = part.filter(|_| state.reason.is_none_or(|reason| reason == SkipReason::QuotedHistory)) else {
            return;
        };
        match part {
            MailPart::HeaderOfRest => (state.reason, state.before_rest) = (Some(SkipReason::ForwardedHeader), true),
            MailPart::Whole(SkipReason::ForwardedHeader) => state.reason = Some(SkipReason::ForwardedHeader),
            MailPart::Whole(reason) => state.reason = self.forwarded(tag).or(state.reason).or(Some(reason)),
            MailPart::Rest(reason) => self.rest = Some(reason),
        }
    }

    /// Gmail gives the line over a quotation and the header of a forwarded message the same class.
    fn forwarded(&self, tag: Tag<'s>) -> Option<SkipReason> {
        let begins = self.source[tag.span.end..].trim_start().starts_with("-----");
        begins.then_some(SkipReason::ForwardedHeader)
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
        let reason = state.reason.or(self.rest);
        if self.region.map(|region| region.reason) == reason {
            return;
        }
        self.close_region(at);
        self.region = reason.map(|reason| OpenRegion { start: at, reason, has_text: false });
    }

    /// Goes back to the state around the elements that are open no longer.
    fn leave(&mut self, at: usize) {
        let depth = self.open.depth();
        let mut state = None;
        while let Some(frame) = self.frames.pop_if(|frame| frame.depth as usize >= depth) {
            if state.unwrap_or(self.state).before_rest {
                self.rest = Some(SkipReason::QuotedHistory);
            }
            state = Some(frame.outer);
        }
        if let Some(state) = state {
            self.enter(state, at);
        }
    }

    fn close_region(&mut self, at: usize) {
        let Some(region) = self.region.take().filter(|region| region.has_text) else { return };
        self.builder.push_break(SegmentHead::Object);
        // A row of cells, of words in code: one region.
        let span = Span::new(region.start, at);
        push_merged(&mut self.skipped, span, region.reason, |gap| is_blank(gap.slice(self.source)));
    }

    fn finish(mut self) -> Prose<'s> {
        self.close_region(self.source.trim_end().len());
        self.builder.finish(self.skipped, false)
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
