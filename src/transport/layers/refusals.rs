//! How many lines refused calls may have in the log: strangers can have calls refused as fast as they can ask. Each status has lines of
//! its own, so that nobody hides one refusal behind many of another kind.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use tonic::Code;

/// Lines of each status in a second.
pub(super) const LINES_PER_SECOND: u32 = 20;

/// As many as gRPC has.
const CODES: usize = 17;

/// The lines of one service.
#[derive(Debug)]
pub(super) struct RefusalLines {
    begun: Instant,
    of: [Lines; CODES],
}

/// Of one status.
#[derive(Debug, Default)]
struct Lines {
    /// The second since the beginning in its upper half, and how many calls ended in it in its lower half.
    in_second: AtomicU64,
    withheld: AtomicU64,
}

/// Whether a call has a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It has; and so many before it had none, which nobody has told yet.
    Written { withheld: u64 },
    /// It is counted instead.
    Withheld,
}

impl RefusalLines {
    pub(super) fn from(begun: Instant) -> Self {
        Self { begun, of: Default::default() }
    }

    /// For a call that ended with `code` at `now`.
    pub(super) fn take(&self, code: Code, now: Instant) -> Line {
        let lines = &self.of[code as usize];
        let second = now.saturating_duration_since(self.begun).as_secs() & u64::from(u32::MAX);
        let next = |state: u64| if state >> 32 == second { state.saturating_add(1) } else { second << 32 | 1 };
        // Another call may end in between: each has its own number all the same.
        let before = lines.in_second.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |state| Some(next(state)));
        let count = next(before.unwrap_or_else(|state| state)) & u64::from(u32::MAX);
        if count > LINES_PER_SECOND.into() {
            lines.withheld.fetch_add(1, Ordering::Relaxed);
            return Line::Withheld;
        }
        Line::Written { withheld: lines.withheld.swap(0, Ordering::Relaxed) }
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
        let at = |milliseconds| begun + Duration::from_millis(milliseconds);
        let most = u64::from(LINES_PER_SECOND);
        let written = |code, from: u64, count: u64| {
            (0..count).filter(|call| lines.take(code, at(from + call % 900)) != Line::Withheld).count() as u64
        };
        assert_eq!(written(Code::InvalidArgument, 0, 1000), most);
        assert_eq!(written(Code::PermissionDenied, 0, 5), 5, "of another kind");
        assert_eq!(lines.take(Code::InvalidArgument, at(1000)), Line::Written { withheld: 1000 - most });
        assert_eq!(lines.take(Code::InvalidArgument, at(1001)), Line::Written { withheld: 0 }, "told once");
        assert_eq!(lines.take(Code::PermissionDenied, at(9000)), Line::Written { withheld: 0 });
    }
}
