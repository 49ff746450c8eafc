//! How many lines refused calls may have in the log: strangers can have calls refused as fast as they can ask. Each status has lines of
//! its own, and so have callers who are known, so that nobody hides one refusal behind many others.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use tonic::Code;

/// Lines of each status in a second.
pub(super) const LINES_PER_SECOND: u64 = 20;

/// As many as gRPC has.
const CODES: usize = 17;

/// The lines of one service.
#[derive(Debug)]
pub(super) struct RefusalLines {
    begun: Instant,
    strangers: [LineCount; CODES],
    known: [LineCount; CODES],
}

/// The second since the beginning in its upper half, and how many calls ended in it in its lower half.
#[derive(Debug, Default)]
struct LineCount(AtomicU64);

/// Whether a call has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It has.
    Written,
    /// It is the first of its second that has none, which is told.
    FirstWithheld,
    /// It has none; the metrics have counted it.
    Withheld,
}

impl RefusalLines {
    pub(super) fn from(begun: Instant) -> Self {
        Self { begun, strangers: Default::default(), known: Default::default() }
    }

    /// For a call that ended with `code` at `now`.
    pub(super) fn take(&self, code: Code, is_known: bool, now: Instant) -> Line {
        let LineCount(count) = &(if is_known { &self.known } else { &self.strangers })[code as usize];
        let second = now.saturating_duration_since(self.begun).as_secs() & u64::from(u32::MAX);
        // A call that is late is counted in the second that has begun since.
        let next = |state: u64| if state >> 32 >= second { state.saturating_add(1) } else { second << 32 | 1 };
        let before = count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |state| Some(next(state)));
        match next(before.unwrap_or_else(|state| state)) & u64::from(u32::MAX) {
            0..=LINES_PER_SECOND => Line::Written,
            count if count == LINES_PER_SECOND + 1 => Line::FirstWithheld,
            _ => Line::Withheld,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_status_has_lines_of_its_own_in_each_second() {
        let begun = Instant::now();
        let lines = RefusalLines::from(begun);
        let take =
            |code, is_known, milliseconds| lines.take(code, is_known, begun + Duration::from_millis(milliseconds));
        let written = |code, is_known, from: u64| {
            let taken: Vec<Line> = (0..1000).map(|call| take(code, is_known, from + call % 900)).collect();
            assert_eq!(taken.iter().filter(|line| **line == Line::FirstWithheld).count(), 1, "told once");
            taken.iter().filter(|line| **line == Line::Written).count() as u64
        };
        assert_eq!(written(Code::InvalidArgument, false, 0), LINES_PER_SECOND);
        assert_eq!(written(Code::InvalidArgument, true, 0), LINES_PER_SECOND, "of those who are known");
        assert_eq!(written(Code::PermissionDenied, false, 0), LINES_PER_SECOND, "of another kind");
        assert_eq!(take(Code::InvalidArgument, false, 1000), Line::Written, "in the next second");
        assert_eq!(take(Code::PermissionDenied, false, 9000), Line::Written);
        for _ in 1..LINES_PER_SECOND {
            assert_eq!(take(Code::PermissionDenied, false, 8999), Line::Written, "late");
        }
        assert_eq!(take(Code::PermissionDenied, false, 9001), Line::FirstWithheld);
    }
}
