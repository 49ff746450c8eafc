//! The open elements in which mail programs put a quotation and people type: their extent in the text, and what is taken back
//! where nothing in them is the writer's. Knows no tag.

use super::super::{
    builder::BuilderMark,
    mail::{Frame, OutlineMark},
};
use crate::document::SkipReason;

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenFrame {
    /// How many elements were open before it.
    depth: u32,
    /// Its number in the outline.
    pub(super) number: u32,
    /// What the rest of the document around it was, which it is again behind it.
    pub(super) outer_rest: Option<SkipReason>,
    frame: Frame,
}

/// How far all was when the outermost container was opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct BeforeContainer {
    pub(super) builder: BuilderMark,
    pub(super) outline: OutlineMark,
    /// How many regions were left out.
    pub(super) skipped: usize,
    /// Where its tag begins.
    pub(super) source: usize,
}

/// All that are open.
#[derive(Debug, Default)]
pub(super) struct OpenFrames {
    open: Vec<OpenFrame>,
    outermost: Option<BeforeContainer>,
}

impl OpenFrames {
    /// Whether we are in a container.
    pub(super) const fn is_in_container(&self) -> bool {
        self.outermost.is_some()
    }

    /// Whether we are in a blockquote or a container.
    pub(super) const fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Opens one.
    #[expect(clippy::cast_possible_truncation, reason = "fewer elements than bytes of the source")]
    pub(super) fn open(
        &mut self,
        depth: usize,
        number: u32,
        outer_rest: Option<SkipReason>,
        before: Option<BeforeContainer>,
    ) {
        let frame = if before.is_some() { Frame::Container } else { Frame::Blockquote };
        self.open.push(OpenFrame { depth: depth as u32, number, outer_rest, frame });
        if self.outermost.is_none() {
            self.outermost = before;
        }
    }

    /// Closes the innermost if its element is open no longer, with the number of elements that are.
    pub(super) fn close(&mut self, depth: usize) -> Option<OpenFrame> {
        self.open.pop_if(|frame| frame.depth as usize >= depth)
    }

    /// Whether the outermost one that is closed then is the element at this depth.
    pub(super) fn closes_own(&self, depth: usize) -> bool {
        self.open
            .iter()
            .rev()
            .take_while(|frame| frame.depth as usize >= depth)
            .last()
            .is_some_and(|frame| frame.depth as usize == depth)
    }

    /// How far all was before the outermost container, once it is closed.
    pub(super) fn take_outermost(&mut self) -> Option<BeforeContainer> {
        let is_closed = || self.open.iter().all(|frame| frame.frame == Frame::Blockquote);
        self.outermost.take_if(|_| is_closed())
    }
}
