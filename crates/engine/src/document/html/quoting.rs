//! What the reader does where mail programs have marked quotations, headers, signatures and the elements that hold them. Knows
//! their marks by [`super::mail`] alone.

use super::{
    HtmlReader, TextState,
    containers::BeforeContainer,
    elements::{BLOCKQUOTE, Element},
    is_blank,
    mail::MailPart,
    tag::{self, Tag},
};
use crate::{
    document::{
        SkipReason,
        mail::{Frame, LeftOut, is_all_quoted},
        prose::{PackedRegion, SegmentHead, push_merged},
    },
    text::Span,
};

impl<'s> HtmlReader<'s> {
    /// Takes note of what mail programs mark.
    pub(super) fn mail_part(&mut self, state: &mut TextState, element: Element, tag: Tag<'s>, part: Option<MailPart>) {
        // Within a quotation only the header of a forwarded message is told apart.
        if state.reason.is_some_and(|reason| reason != SkipReason::QuotedHistory) {
            return;
        }
        // In a container, and directly below a header, every blockquote is a quotation.
        let is_announced = self.mail_frames.is_in_container() || self.is_rest_empty();
        match part {
            Some(MailPart::HeaderOfRest) => {
                (state.reason, state.before_rest) = (Some(SkipReason::ForwardedHeader), true);
                state.left_out = Some(LeftOut::Header);
            }
            Some(MailPart::Whole(SkipReason::ForwardedHeader)) => {
                (state.reason, state.left_out) = (Some(SkipReason::ForwardedHeader), Some(LeftOut::Header));
            }
            Some(MailPart::Whole(reason)) => state.reason = state.reason.or(Some(reason)),
            Some(MailPart::Rest(reason)) => self.rest = Some(reason),
            Some(MailPart::Attribution) if self.is_forwarded(tag) => {
                (state.reason, state.left_out) = (Some(SkipReason::ForwardedHeader), Some(LeftOut::Header));
            }
            Some(MailPart::Attribution) if state.reason.is_none() => {
                (state.reason, state.left_out) = (Some(SkipReason::QuotedHistory), Some(LeftOut::Attribution));
            }
            Some(MailPart::Quotation) => self.quote(state),
            None if element == BLOCKQUOTE && is_announced => self.quote(state),
            None if element == BLOCKQUOTE && self.mail_frames.is_empty() => {
                self.open_frame(Frame::Blockquote, state, tag);
            }
            Some(MailPart::Container) => self.open_frame(Frame::Container, state, tag),
            Some(MailPart::Attribution) | None => {}
        }
    }

    /// An earlier message as an element: with it ends what is announced as the rest.
    fn quote(&mut self, state: &mut TextState) {
        if self.is_rest_empty() {
            self.rest = None;
        }
        state.left_out = state.reason.map_or(Some(LeftOut::Quotation), |_| state.left_out);
        state.reason = Some(SkipReason::QuotedHistory);
    }

    /// Whether the rest of the document is history, of which nothing has come yet.
    fn is_rest_empty(&self) -> bool {
        self.rest == Some(SkipReason::QuotedHistory) && self.region.is_none_or(|region| !region.has_text)
    }

    /// An element in which the text may be a quotation, or hold one; unless all of it is history anyway. A container in what is
    /// left out holds nothing to be read; an empty blockquote still ends its attribution.
    fn open_frame(&mut self, frame: Frame, state: &TextState, tag: Tag<'s>) {
        let is_history = state.reason.is_some() || self.rest == Some(SkipReason::QuotedHistory);
        if is_history || frame == Frame::Container && self.region.is_some() {
            return;
        }
        let outline = self.outline.mark();
        let number = self.outline.open(self.builder.text().len(), frame);
        let before = BeforeContainer {
            builder: self.builder.mark(),
            outline,
            skipped: self.skipped.len(),
            source: tag.span.start,
        };
        let before = (frame == Frame::Container).then_some(before);
        self.mail_frames.open(self.open.depth(), number, self.rest, before);
    }

    /// Gmail gives the line over a quotation and the header of a forwarded message the same class.
    fn is_forwarded(&self, tag: Tag<'s>) -> bool {
        self.source[tag.span.end..].trim_start().starts_with("-----")
    }

    /// Notes where an element ends. What it announced as the rest ends with it; and so does a signature that stood above it.
    pub(super) fn close_frame(&mut self, number: u32, outer_rest: Option<SkipReason>) {
        self.outline.close(number, self.builder.text().len());
        if self.rest != outer_rest {
            self.rest = None;
        }
    }

    /// If nothing in the outermost container was the writer's own, it is left out as a whole, but for headers in it.
    pub(super) fn settle_container(&mut self, end: usize) {
        let Some(before) = self.mail_frames.take_outermost() else { return };
        let start = before.builder.text();
        if !is_all_quoted(self.builder.text(), &self.outline, start, before.outline) {
            return;
        }
        let headers: Vec<PackedRegion> = self.skipped.drain(before.skipped..).collect();
        self.builder.return_to(before.builder);
        self.outline.return_to(before.outline);
        let mut at = before.source;
        for header in headers {
            let region = header.unpack();
            if region.reason == SkipReason::ForwardedHeader {
                self.skip_history(Span::new(at, region.span.start));
                self.skipped.push(header);
                at = region.span.end;
            }
        }
        self.skip_history(Span::new(at, end));
        self.outline.leave_out(self.builder.text().len(), LeftOut::Quotation);
        if self.skipped.len() > before.skipped {
            self.builder.push_break(SegmentHead::Object);
        }
    }

    /// Leaves history out, unless it shows nothing.
    fn skip_history(&mut self, span: Span) {
        let source = span.slice(self.source);
        let (mut at, mut shows) = (0, false);
        while let Some(tag) = tag::next(source, at).filter(|_| !shows) {
            shows = !is_blank(&source[at..tag.span.start]);
            at = tag.span.end;
        }
        if shows || !is_blank(&source[at..]) {
            push_merged(&mut self.skipped, span, SkipReason::QuotedHistory, |gap| is_blank(gap.slice(self.source)));
        }
    }
}
