//! Counts the steps of a check and says when to stop: when nobody waits for it any more, or when it has taken more steps than
//! it was lent. Knows no clock, so the same text always takes the same steps, but for what is remembered of earlier ones.

use std::{
    cell::Cell,
    sync::atomic::{AtomicBool, Ordering},
};

/// Counts steps; each takes some 0.1 us.
#[derive(Debug)]
pub struct StepMeter<'c> {
    left: Cell<u32>,
    outrun: Cell<bool>,
    cancelled: &'c AtomicBool,
}

impl<'c> StepMeter<'c> {
    /// Steps without end, until the check is `cancelled`.
    #[must_use]
    pub const fn unlimited(cancelled: &'c AtomicBool) -> Self {
        Self::lending(u32::MAX, cancelled)
    }

    /// So many steps.
    #[must_use]
    pub const fn lending(steps: u32, cancelled: &'c AtomicBool) -> Self {
        Self { left: Cell::new(steps), outrun: Cell::new(false), cancelled }
    }

    /// Counts some steps; whether to go on.
    pub(super) fn spend(&self, steps: u32) -> bool {
        // Without end is without end.
        if self.left.get() != u32::MAX {
            match self.left.get().checked_sub(steps) {
                Some(left) => self.left.set(left),
                None => self.outrun(),
            }
        }
        self.goes_on()
    }

    /// Counts a look at so many bytes: 20 million in a second.
    pub(super) fn spend_bytes(&self, bytes: usize) -> bool {
        self.spend(u32::try_from(bytes / 2).unwrap_or(u32::MAX))
    }

    /// Steps that may still be taken.
    pub(super) fn left(&self) -> u32 {
        self.left.get()
    }

    /// More steps are needed than there are.
    pub(super) fn outrun(&self) {
        self.left.set(0);
        self.outrun.set(true);
    }

    /// Whether more steps were needed than there were: what was found is not all.
    pub(super) fn is_outrun(&self) -> bool {
        self.outrun.get()
    }

    /// Whether to go on.
    pub(super) fn goes_on(&self) -> bool {
        !self.outrun.get() && !self.cancelled.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_when_the_steps_do() {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::lending(10, &cancelled);
        assert!(meter.spend(4) && meter.spend(6) && meter.left() == 0, "all that was lent");
        assert!(!meter.spend(1) && meter.is_outrun() && !meter.goes_on());
    }

    #[test]
    fn without_end_until_cancelled() {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::unlimited(&cancelled);
        assert!(meter.spend(u32::MAX - 1) && meter.spend(u32::MAX) && meter.spend_bytes(usize::MAX));
        cancelled.store(true, Ordering::Relaxed);
        assert!(!meter.spend(1) && !meter.is_outrun(), "cancelled is not outrun");
    }
}
