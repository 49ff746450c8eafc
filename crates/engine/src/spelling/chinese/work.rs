//! The work that a check may still do. Text in which every character may be any other costs thirty times what text that people
//! write does, so work is counted, not timed: the same text always gets the same answer.

use crate::spelling::meter::StepMeter;

/// Steps for any text: a short one may be as wrong as it likes.
const BASE_STEPS: u32 = 8_000;
/// Steps more for each character; what a window leaves is there for those after it. Text that people write takes 15 to 50, and no
/// sentence of the development sets more than 13,000 in all.
const STEPS_PER_CHARACTER: u32 = 50;

/// What a character of text that people write takes of the meter, all told: some 5 us.
const METERED_PER_CHARACTER: u32 = 50;
/// How many steps are in that.
const COVERED_PER_CHARACTER: u32 = 20;
/// What a step beyond takes of the meter.
const METERED_PER_STEP: u32 = 2;

/// Counts the steps of a text. A step is an edit that is looked at: some 0.2 us with all that follows from it.
#[derive(Debug)]
pub struct WorkBudget<'c> {
    left: u32,
    /// Steps that the meter has been told of with their characters.
    covered: u32,
    meter: &'c StepMeter<'c>,
    cut: bool,
    incomplete: bool,
}

impl<'c> WorkBudget<'c> {
    /// The work that a text deserves, until its `meter` says stop.
    #[must_use]
    pub const fn new(meter: &'c StepMeter<'c>) -> Self {
        Self { left: BASE_STEPS, covered: 0, meter, cut: false, incomplete: false }
    }

    /// Work without end.
    #[must_use]
    pub const fn unlimited(meter: &'c StepMeter<'c>) -> Self {
        Self { left: u32::MAX, ..Self::new(meter) }
    }

    /// Tells the meter of a text of this number of characters, before any work is done: whether to begin at all.
    pub(crate) fn begin_text(&mut self, characters: usize) -> bool {
        let characters = u32::try_from(characters).unwrap_or(u32::MAX);
        self.covered = COVERED_PER_CHARACTER.saturating_mul(characters);
        self.meter.spend(METERED_PER_CHARACTER.saturating_mul(characters))
    }

    /// Begins a window of this number of characters: adds the work for it to what is left.
    pub(crate) fn begin_window(&mut self, characters: usize) {
        let characters = u32::try_from(characters).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(STEPS_PER_CHARACTER.saturating_mul(characters));
        self.cut = false;
    }

    /// Does some steps; whether there is work left for the piece. Once there is none, the rest of the piece gets none.
    pub(crate) fn spend(&mut self, steps: u32) -> bool {
        let left = self.left.checked_sub(steps);
        self.left = left.unwrap_or(0);
        let beyond = steps.saturating_sub(self.covered);
        self.covered = self.covered.saturating_sub(steps);
        let goes_on = self.meter.spend(METERED_PER_STEP.saturating_mul(beyond));
        self.cut |= left.is_none() || !goes_on;
        self.incomplete |= self.cut;
        !self.cut
    }

    /// Whether the piece asked for more than there was.
    #[must_use]
    pub(crate) fn is_exhausted(&self) -> bool {
        self.cut
    }

    /// Whether any piece did.
    #[must_use]
    pub(crate) fn is_incomplete(&self) -> bool {
        self.incomplete
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn each_piece_gets_its_own_and_what_is_left() {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::unlimited(&cancelled);
        let mut work = WorkBudget::new(&meter);
        work.begin_window(100);
        assert!(work.spend(BASE_STEPS), "the first piece may use what any text has");
        assert!(work.spend(100 * STEPS_PER_CHARACTER) && !work.is_incomplete());
        assert!(!work.spend(1) && work.is_exhausted());
        work.begin_window(10);
        assert!(!work.is_exhausted() && work.is_incomplete());
        assert!(work.spend(4 * STEPS_PER_CHARACTER));
        work.begin_window(10);
        assert!(work.spend(16 * STEPS_PER_CHARACTER), "six characters' were left");
        assert!(!work.spend(1));
        assert!(!work.spend(0), "the rest of the piece gets none");
    }

    #[test]
    fn a_cancelled_check_has_no_work() {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::unlimited(&cancelled);
        let mut work = WorkBudget::unlimited(&meter);
        work.begin_window(usize::MAX);
        assert!(work.spend(1_000_000));
        cancelled.store(true, Ordering::Relaxed);
        assert!(!work.spend(1) && work.is_incomplete());
    }

    /// Text that people write takes what was told beforehand; what asks for more is told as it does.
    #[test]
    fn the_meter_is_told_of_characters_first_and_then_of_what_is_beyond() {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::lending(10 * METERED_PER_CHARACTER + 100 * METERED_PER_STEP, &cancelled);
        let mut work = WorkBudget::new(&meter);
        assert!(work.begin_text(10) && meter.left() == 100 * METERED_PER_STEP);
        work.begin_window(10);
        assert!(work.spend(10 * COVERED_PER_CHARACTER) && meter.left() == 100 * METERED_PER_STEP);
        assert!(work.spend(100) && meter.left() == 0);
        assert!(!work.spend(1) && meter.is_outrun());
    }

    #[test]
    fn a_text_beyond_what_is_lent_is_not_begun() {
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::lending(1_000, &cancelled);
        assert!(!WorkBudget::new(&meter).begin_text(21));
    }
}
