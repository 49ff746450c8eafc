//! The stack of open elements, in outline: which element an end tag closes, and what a start tag closes by itself, as the
//! WHATWG's tree builder has it but for formatting elements and tables that are nested wrongly. Knows no attribute.

use super::elements::{
    ADDRESS, BUTTON, DD, DIV, DT, ELEMENT_COUNT, ENDS_P, Element, LI, OPTGROUP, OPTION, P, SCOPE, SPECIAL, TABLE,
    TBODY, TD, TFOOT, TH, THEAD, TR,
};

/// How far down an element is looked for: browsers nest no deeper than 512.
const MAX_SEARCH_DEPTH: usize = 1024;

/// The elements that are open, two bytes each.
pub(super) struct OpenElements {
    elements: Vec<Element>,
    /// How many of each are open: most stray end tags are known by a zero.
    counts: [u32; ELEMENT_COUNT],
}

impl OpenElements {
    /// None.
    pub(super) const fn new() -> Self {
        Self { elements: Vec::new(), counts: [0; ELEMENT_COUNT] }
    }

    /// How many are open.
    pub(super) const fn depth(&self) -> usize {
        self.elements.len()
    }

    /// The element at a depth.
    pub(super) fn at(&self, depth: usize) -> Option<Element> {
        self.elements.get(depth).copied()
    }

    /// Opens an element.
    pub(super) fn push(&mut self, element: Element) {
        self.elements.push(element);
        self.counts[element.index()] += 1;
    }

    /// Closes what an end tag closes. Returns the depth of the element it names; `None` if it is stray.
    pub(super) fn close(&mut self, element: Element) -> Option<usize> {
        if self.counts[element.index()] == 0 {
            return None;
        }
        let stop = if element.is(SPECIAL) { SCOPE } else { SPECIAL };
        self.close_nearest(|open| open == element, |open| open.is(stop) || element == P && open == BUTTON)
    }

    /// Closes what a start tag closes by itself.
    pub(super) fn close_before(&mut self, element: Element) {
        let hard = |open: Element| open.is(SPECIAL) && ![ADDRESS, DIV, P].contains(&open);
        if element.is(ENDS_P) {
            self.close(P);
        }
        match element {
            LI => self.close_nearest(|open| open == LI, hard),
            DD | DT => self.close_nearest(|open| matches!(open, DD | DT), hard),
            TD | TH => self.close_nearest(|open| matches!(open, TD | TH), |open| matches!(open, TR | TABLE)),
            TR => self.close_nearest(|open| open == TR, |open| open == TABLE),
            TBODY | THEAD | TFOOT => {
                self.close_nearest(|open| matches!(open, TBODY | THEAD | TFOOT), |open| open == TABLE)
            }
            OPTION | OPTGROUP => self.close_nearest(|open| open == OPTION, |open| open.is(SPECIAL)),
            _ => None,
        };
    }

    /// Closes the nearest element that `is_target`, unless a `stop` comes first.
    fn close_nearest(&mut self, is_target: impl Fn(Element) -> bool, stop: impl Fn(Element) -> bool) -> Option<usize> {
        let floor = self.elements.len().saturating_sub(MAX_SEARCH_DEPTH);
        for at in (floor..self.elements.len()).rev() {
            let open = self.elements[at];
            if is_target(open) {
                for closed in self.elements.drain(at..) {
                    self.counts[closed.index()] -= 1;
                }
                return Some(at);
            }
            if stop(open) {
                return None;
            }
        }
        None
    }
}
