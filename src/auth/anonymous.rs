//! Spelling without an identity: a limited number of calls a minute from one address.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    num::NonZeroU32,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// As many counters as there may be, whatever the number of addresses: those that share one share its calls.
const COUNTERS: u64 = 1 << 16;

/// What part of a minute's calls may come at once.
const BURST_DIVISOR: u32 = 6;

/// Counts calls by address. A whole /64 of IPv6 counts as one address, as one line has it all.
#[derive(Debug)]
pub struct AnonymousLimiter {
    calls: Option<DefaultKeyedRateLimiter<u16>>,
    hasher: RandomState,
}

impl AnonymousLimiter {
    /// So many calls a minute from one address, a sixth of them at once.
    #[must_use]
    pub fn per_minute(calls: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(calls.get() / BURST_DIVISOR).unwrap_or(NonZeroU32::MIN);
        let calls = RateLimiter::dashmap(Quota::per_minute(calls).allow_burst(burst));
        Self { calls: Some(calls), hasher: hasher() }
    }

    /// Any number of calls.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { calls: None, hasher: hasher() }
    }

    /// Whether one more call from there is within the limit. Where the address is unknown, all such calls share a counter.
    pub(super) fn admits(&self, peer: Option<IpAddr>) -> bool {
        let Some(calls) = &self.calls else { return true };
        let part = peer.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => u64::from(u32::from(address)),
            IpAddr::V6(address) => u64::try_from(u128::from(address) >> 64).unwrap_or_default(),
        });
        let counter = u16::try_from(self.hasher.hash_one(part) % COUNTERS).unwrap_or_default();
        calls.check_key(&counter).is_ok()
    }
}

/// Random, so that nobody can choose whom to share a counter with.
#[expect(clippy::disallowed_methods, reason = "what is random about it is the point")]
fn hasher() -> RandomState {
    RandomState::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_asks_too_often_is_refused_and_others_are_not() {
        let anonymous = AnonymousLimiter::per_minute(NonZeroU32::new(60).unwrap());
        let admitted = |address: &str, times| {
            let address = address.parse().unwrap();
            (0..times).filter(|_| anonymous.admits(Some(address))).count()
        };
        // A minute gives 60, a burst is ten; one more may drip in while the test runs.
        assert!((10..=11).contains(&admitted("192.0.2.1", 100)));
        assert!((10..=11).contains(&admitted("192.0.2.2", 100)));
        assert!((10..=11).contains(&admitted("2001:db8::1", 100)));
        assert!(admitted("2001:db8::2", 100) <= 1, "the same /64");
    }

    #[test]
    fn counters_are_bounded() {
        let anonymous = AnonymousLimiter::per_minute(NonZeroU32::MAX);
        for n in 0..200_000_u32 {
            assert!(anonymous.admits(Some(std::net::Ipv4Addr::from(n).into())));
        }
        assert!(anonymous.calls.unwrap().len() as u64 <= COUNTERS);
    }
}
