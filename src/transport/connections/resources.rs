//! What clients share and could use up: connections, calls, and bytes in memory. Whoever wants some takes it at three levels,
//! of all, of its address and of its connection, and gives it back by dropping what it got. Knows no protocol.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::config::{connections::ConnectionsConfig, limits::LimitsConfig};

/// What can be used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// Open connections.
    Connections,
    /// Whatever is asked over a connection but for standing calls, until the last of its answer has gone.
    OpenCalls,
    /// Calls whose request is there, until the last of their answer has gone.
    Calls,
    /// Calls whose request is still on its way.
    ArrivingCalls,
    /// Calls of health and reflection, which have no deadline.
    StandingCalls,
    /// Bytes of requests that are on their way or not yet read.
    RequestBytes,
    /// Bytes of answers that wait to be sent.
    WaitingBytes,
}

/// How many kinds there are.
const KINDS: usize = 7;

/// For each call there may be so many whose request is still on its way: they cost a task and a head, and no work.
const ARRIVING_FACTOR: usize = 4;

/// For each call there may be so many of any kind, with what is no call at all: they cost a task and a head. Never fewer than
/// [`LEAST_OPEN`], so that those few that are served can be told from those that are refused.
const OPEN_FACTOR: usize = 8;

/// The least of the above.
const LEAST_OPEN: usize = 1024;

/// Standing calls for each call: a probe that is refused ends the process, so one network alone cannot use them up. One connection
/// may have half as many as it may have calls, as a proxy bundles those of many clients.
const STANDING_FACTOR: usize = 2;

/// The counts of one level.
#[derive(Debug)]
struct Level {
    used: [AtomicUsize; KINDS],
    most: [usize; KINDS],
}

impl Level {
    fn new(most: [usize; KINDS]) -> Self {
        Self { used: Default::default(), most }
    }

    /// Takes all or nothing.
    fn take(&self, resource: Resource, amount: usize) -> bool {
        let (used, most) = (&self.used[resource as usize], self.most[resource as usize]);
        // Others may see a little too much for a moment, and be refused for it; nobody gets more than there is.
        let before = used.fetch_add(amount, Ordering::Relaxed);
        let fits = before.checked_add(amount).is_some_and(|sum| sum <= most);
        if !fits {
            used.fetch_sub(amount, Ordering::Relaxed);
        }
        fits
    }

    fn give_back(&self, resource: Resource, amount: usize) {
        self.used[resource as usize].fetch_sub(amount, Ordering::Relaxed);
    }
}

/// The counts of everyone who has some, by who they are; those who have gone are forgotten.
#[derive(Debug)]
pub(crate) struct Shares<K> {
    most: [usize; KINDS],
    levels: Mutex<Levels<K>>,
}

#[derive(Debug)]
struct Levels<K> {
    of: HashMap<K, Weak<Level>>,
    /// How many there may be before those that have gone are looked for.
    tidy_at: usize,
}

impl<K: Eq + Hash + Clone> Shares<K> {
    /// Everyone may have so many calls.
    #[must_use]
    pub(crate) fn of_calls(calls: usize) -> Self {
        let mut most = [usize::MAX; KINDS];
        most[Resource::Calls as usize] = calls;
        Self::new(most)
    }

    fn new(most: [usize; KINDS]) -> Self {
        Self { most, levels: Mutex::new(Levels { of: HashMap::new(), tidy_at: 0 }) }
    }

    /// A call for whoever this is, unless there are too many already.
    #[must_use]
    pub(crate) fn take_call(&self, key: &K) -> Option<ShareTaken> {
        let level = self.level(key);
        level.take(Resource::Calls, 1).then(|| ShareTaken(level))
    }

    fn level(&self, key: &K) -> Arc<Level> {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(level) = levels.of.get(key).and_then(Weak::upgrade) {
            return level;
        }
        if levels.of.len() >= levels.tidy_at {
            levels.of.retain(|_, level| level.strong_count() > 0);
            levels.tidy_at = 2 * levels.of.len() + 64;
        }
        let level = Arc::new(Level::new(self.most));
        levels.of.insert(key.clone(), Arc::downgrade(&level));
        level
    }
}

/// A call of someone's share, until it is dropped.
#[derive(Debug)]
pub(crate) struct ShareTaken(Arc<Level>);

impl Drop for ShareTaken {
    fn drop(&mut self) {
        self.0.give_back(Resource::Calls, 1);
    }
}

/// All there is, and what each address has of it.
#[derive(Debug)]
pub(crate) struct Resources {
    whole: Arc<Level>,
    of_connection: [usize; KINDS],
    addresses: Shares<IpAddr>,
}

impl Resources {
    /// As the configuration says, with at most `descriptors` connections.
    #[must_use]
    pub(crate) fn new(connections: &ConnectionsConfig, limits: &LimitsConfig, descriptors: usize) -> Self {
        let most = [
            connections.max.min(descriptors),
            limits.calls.saturating_mul(OPEN_FACTOR).max(LEAST_OPEN),
            limits.calls,
            limits.calls.saturating_mul(ARRIVING_FACTOR),
            limits.calls.saturating_mul(STANDING_FACTOR).max(LEAST_OPEN / 4),
            limits.request_bytes,
            limits.waiting_bytes,
        ];
        let mut of_connection = [usize::MAX; KINDS];
        of_connection[Resource::StandingCalls as usize] = (connections.max_streams as usize).div_ceil(2);
        of_connection[Resource::WaitingBytes as usize] = limits.waiting_bytes_per_connection;
        Self {
            whole: Arc::new(Level::new(most)),
            of_connection,
            addresses: Shares::new(most.map(|most| limits.address_share.of(most))),
        }
    }

    /// The account of a new connection from this address.
    #[must_use]
    pub(crate) fn account(&self, address: IpAddr) -> Arc<Account> {
        Arc::new(Account {
            levels: [Arc::clone(&self.whole), self.addresses.level(&network(address))],
            connection: Level::new(self.of_connection),
        })
    }
}

/// Who shares one allotment: an IPv4 address, or the first 64 bits of an IPv6 address, which one subscriber has to himself.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

/// What one connection takes from.
#[derive(Debug)]
pub(crate) struct Account {
    /// Of all, and of its address.
    levels: [Arc<Level>; 2],
    connection: Level,
}

impl Account {
    /// Takes some, unless one of the levels has too little left.
    #[must_use]
    pub(crate) fn take(self: &Arc<Self>, resource: Resource, amount: usize) -> Option<Taken> {
        self.charge(resource, amount).then(|| Taken { account: Arc::clone(self), resource, amount })
    }

    fn charge(&self, resource: Resource, amount: usize) -> bool {
        // The narrowest first: who has used up his own leaves the others' counts alone.
        for (count, level) in self.levels().enumerate() {
            if !level.take(resource, amount) {
                self.levels().take(count).for_each(|level| level.give_back(resource, amount));
                return false;
            }
        }
        true
    }

    fn levels(&self) -> impl Iterator<Item = &Level> {
        let [whole, address] = &self.levels;
        [&self.connection, address, whole].into_iter()
    }
}

/// Something taken, until it is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    account: Arc<Account>,
    resource: Resource,
    amount: usize,
}

impl Taken {
    /// Takes more of the same; whether there was enough.
    #[must_use]
    pub(crate) fn grow(&mut self, more: usize) -> bool {
        let grown = self.account.charge(self.resource, more);
        self.amount += if grown { more } else { 0 };
        grown
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.account.levels().for_each(|level| level.give_back(self.resource, self.amount));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, limits::Share};

    fn resources(share: usize) -> Resources {
        let mut config = Config::parse("", &[]).unwrap().server;
        (config.limits.calls, config.limits.address_share) = (10, Share::percent(share));
        (config.limits.waiting_bytes, config.limits.waiting_bytes_per_connection) = (1000, 300);
        Resources::new(&config.connections, &config.limits, 8)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn take_all(account: &Arc<Account>, resource: Resource, amount: usize) -> Vec<Taken> {
        std::iter::from_fn(|| account.take(resource, amount)).collect()
    }

    #[test]
    fn an_address_has_its_share_and_all_have_the_whole() {
        let resources = resources(50);
        let [first, second] = [0, 1].map(|_| resources.account(address("192.0.2.1")));
        let mut taken = take_all(&first, Resource::Calls, 1);
        assert_eq!(taken.len(), 5);
        assert!(second.take(Resource::Calls, 1).is_none(), "the same address");
        let other = resources.account(address("192.0.2.2"));
        assert_eq!(take_all(&other, Resource::Calls, 1).len(), 5);
        taken.pop();
        assert!(second.take(Resource::Calls, 1).is_some(), "one was given back");
        let mut held = take_all(&other, Resource::Calls, 1);
        held.extend(take_all(&second, Resource::Calls, 1));
        assert_eq!(held.len() + taken.len(), 10);
        assert!(resources.account(address("192.0.2.3")).take(Resource::Calls, 1).is_none(), "none is left");
    }

    #[test]
    fn a_connection_has_less_than_its_address() {
        let resources = resources(100);
        let account = resources.account(address("192.0.2.1"));
        assert!(account.take(Resource::WaitingBytes, 301).is_none());
        let held = account.take(Resource::WaitingBytes, 300);
        assert!(held.is_some() && account.take(Resource::WaitingBytes, 1).is_none());
        assert!(resources.account(address("192.0.2.1")).take(Resource::WaitingBytes, 300).is_some());
        assert!(account.take(Resource::WaitingBytes, usize::MAX).is_none(), "no sum overflows");
        drop(held);
        let mut held = account.take(Resource::WaitingBytes, 100).unwrap();
        assert!(held.grow(200) && !held.grow(1));
        drop(held);
        assert!(account.take(Resource::WaitingBytes, 300).is_some());
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let resources = resources(50);
        let account = resources.account(address("192.0.2.1"));
        for _ in 0..100 {
            assert!(account.take(Resource::Calls, 6).is_none());
        }
        assert_eq!(take_all(&account, Resource::Calls, 1).len(), 5);
    }

    #[test]
    fn networks_share() {
        let same = |a: &str, b: &str| network(address(a)) == network(address(b));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn addresses_that_have_gone_are_forgotten() {
        let resources = resources(50);
        for number in 0..10_000_u32 {
            drop(resources.account(IpAddr::V4(number.into())));
        }
        let addresses = resources.addresses.levels.lock().unwrap();
        assert!(addresses.of.len() <= 64, "{}", addresses.of.len());
    }
}
