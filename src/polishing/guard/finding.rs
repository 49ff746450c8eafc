//! What the guard finds: a rule that was broken, and where. Knows places, no text.

use vermilion_engine::text::Span;

use super::{GuardClass, GuardCode};

/// One fact that an answer states otherwise than its draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardFinding {
    /// Which rule.
    pub code: GuardCode,
    /// Where in the masked draft, in bytes; nowhere where the draft says nothing of it, or where the rule cannot point.
    pub draft: Vec<Span>,
    /// Where in the masked answer, in bytes; nowhere where the answer says nothing of it, or where the rule cannot point.
    pub reply: Vec<Span>,
}

impl GuardFinding {
    /// About the whole.
    #[must_use]
    pub const fn whole(code: GuardCode) -> Self {
        Self { code, draft: Vec::new(), reply: Vec::new() }
    }

    /// Whether it points at a place that another points at.
    pub(super) fn touches(&self, other: &Self) -> bool {
        let overlap = |one: &[Span], other: &[Span]| {
            one.iter().any(|span| other.iter().any(|other| span.start < other.end && other.start < span.end))
        };
        overlap(&self.draft, &other.draft) || overlap(&self.reply, &other.reply)
    }

    /// Whether the answer must be refused for it.
    #[must_use]
    pub const fn refuses(&self) -> bool {
        matches!(self.code.class(), GuardClass::Hard)
    }
}
