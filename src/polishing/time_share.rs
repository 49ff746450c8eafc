//! Shares of the time that a call has left: what is asked of others must leave time to answer.

use tokio::time::Instant;

/// Waiting for others takes a clock, which tests can stop.
#[expect(clippy::disallowed_methods, reason = "a share of what is left depends on what time it is")]
fn now() -> Instant {
    Instant::now()
}

/// Now, and when so many per cent of the time until a deadline will have passed.
pub(super) fn share_until(deadline: Instant, percent: u32) -> (Instant, Instant) {
    let started = now();
    (started, started + deadline.saturating_duration_since(started) / 100 * percent)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_share_is_of_what_is_left() {
        let deadline = now() + Duration::from_secs(10);
        tokio::time::advance(Duration::from_secs(5)).await;
        let (started, by) = share_until(deadline, 40);
        assert_eq!(by - started, Duration::from_secs(2));
        tokio::time::advance(Duration::from_secs(9)).await;
        let (started, by) = share_until(deadline, 40);
        assert_eq!(by, started, "nothing is left");
    }
}
