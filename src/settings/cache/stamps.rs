//! Stamps tell whether something has been forgotten since: an entry holds the stamp of the time at which its question was put,
//! and is worth nothing once another is valid. Forgetting is an addition, whatever is in the cache or on its way there.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many tenants have stamps of their own; those that share one forget together, which costs a question.
const STAMPS: usize = 1024;

/// A stamp. Later ones are greater.
pub(super) type Stamp = u64;

/// All stamps.
pub(super) struct Stamps {
    all: AtomicU64,
    each: Vec<AtomicU64>,
}

impl Stamps {
    pub(super) fn new() -> Self {
        Self { all: AtomicU64::new(0), each: (0..STAMPS).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The valid stamp for the hash of a tenant. The sum of two counts that only grow changes when either does.
    pub(super) fn now(&self, hash: usize) -> Stamp {
        self.all.load(Ordering::SeqCst) + self.each[hash % STAMPS].load(Ordering::SeqCst)
    }

    /// Makes all entries of the tenant old.
    pub(super) fn renew(&self, hash: usize) {
        self.each[hash % STAMPS].fetch_add(1, Ordering::SeqCst);
    }

    /// Makes all entries old.
    pub(super) fn renew_all(&self) {
        self.all.fetch_add(1, Ordering::SeqCst);
    }
}
