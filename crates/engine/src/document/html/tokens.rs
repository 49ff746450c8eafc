//! Divides HTML into text and markup with `lol_html`, the only file that names it. Knows nothing of what tags mean.
//!
//! `lol_html` tells what is text, in which state of the WHATWG's tokeniser, and where comments are; what lies between is
//! tags, which [`super::tag`] reads. Its own handlers of elements are not used: they keep a stack on which a stray end tag
//! is searched for from the top down (quadratic for hostile input), and report end tags only where they match.

use std::{cell::RefCell, mem::size_of};

use lol_html::{
    DocumentContentHandlers, HtmlRewriter, MemorySettings, Settings,
    html_content::{Comment, TextChunk, TextType},
};

use super::tag;
use crate::text::Span;

/// A part of an HTML source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HtmlToken {
    /// Text that a reader may see, with character references in it.
    Text(Span),
    /// Text of scripts, style sheets and other elements whose content is no HTML.
    RawText,
    /// Tags and a document type, one after the other.
    Tags(Span),
    /// A comment, or what is read as one.
    Comment,
}

/// What `lol_html` may allocate besides twice the source: its buffers of fixed size.
const FIXED_MEMORY: usize = 64 * 1024;

/// What one attribute of a tag costs `lol_html`, at least.
const ATTRIBUTE_COST: usize = 2 * size_of::<usize>();

/// Calls `each` for every piece of `source`, in order. O(length) time; memory at most twice the source for a single tag as
/// long as the source.
pub(super) fn for_each(source: &str, each: impl FnMut(HtmlToken)) {
    let collector = RefCell::new(TokenCollector { at: 0, text: None, each });
    let mut base = 0;
    while !tokenise(source, base, &collector) {
        // One tag has more attributes than memory is allowed for. It is among the next tags, and long; tags up to it are
        // read without lol_html, which starts afresh behind it. A document has room for a few such tags only.
        let collector = &mut *collector.borrow_mut();
        collector.flush();
        let long = (source.len() - base) / (4 * ATTRIBUTE_COST);
        let mut end = collector.at;
        while let Some(tag) = tag::next(source, end) {
            end = tag.span.end;
            if tag.span.len() >= long {
                break;
            }
        }
        // Nothing moves only if there is no tag: then what is left is taken for markup and not checked.
        base = if end > collector.at { end } else { source.len() };
        collector.markup_until(base);
    }
    let collector = &mut *collector.borrow_mut();
    collector.flush();
    collector.markup_until(source.len());
}

/// Reads from `base` to the end; `false` if memory did not suffice.
fn tokenise<F: FnMut(HtmlToken)>(source: &str, base: usize, collector: &RefCell<TokenCollector<F>>) -> bool {
    let rest = &source[base..];
    let place = |bytes: std::ops::Range<usize>| Span::new(base + bytes.start, base + bytes.end);
    let handlers = DocumentContentHandlers::default()
        .text(|chunk: &mut TextChunk<'_>| {
            collector.borrow_mut().text(place(chunk.source_location().bytes()), chunk.text_type());
            Ok(())
        })
        .comments(|comment: &mut Comment<'_>| {
            collector.borrow_mut().comment(place(comment.source_location().bytes()));
            Ok(())
        });
    let memory = MemorySettings::new()
        .with_preallocated_parsing_buffer_size(0)
        .with_max_allowed_memory_usage(2 * rest.len() + FIXED_MEMORY);
    let settings =
        Settings::new().append_document_content_handler(handlers).with_strict(false).with_memory_settings(memory);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(rest.as_bytes()).is_ok() && rewriter.end().is_ok()
}

struct TokenCollector<F> {
    /// Where the next piece begins.
    at: usize,
    /// Text that may go on in the next chunk.
    text: Option<(Span, TextType)>,
    each: F,
}

impl<F: FnMut(HtmlToken)> TokenCollector<F> {
    fn text(&mut self, span: Span, kind: TextType) {
        if span.is_empty() {
            return;
        }
        match &mut self.text {
            Some((text, last)) if *last == kind && text.end == span.start => text.end = span.end,
            _ => {
                self.flush();
                self.markup_until(span.start);
                self.text = Some((span, kind));
            }
        }
    }

    fn comment(&mut self, span: Span) {
        self.flush();
        self.markup_until(span.start);
        (self.each)(HtmlToken::Comment);
        self.at = self.at.max(span.end);
    }

    fn flush(&mut self) {
        let Some((span, kind)) = self.text.take() else { return };
        (self.each)(if kind.allows_html_entities() { HtmlToken::Text(span) } else { HtmlToken::RawText });
        self.at = span.end;
    }

    fn markup_until(&mut self, end: usize) {
        if self.at < end {
            (self.each)(HtmlToken::Tags(Span::new(self.at, end)));
            self.at = end;
        }
    }
}
