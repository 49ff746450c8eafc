//! The file descriptors of the process, of which every connection takes one.

use rlimit::Resource;

/// So many are kept for databases, models and files, or half of all if there are few.
const OTHERS: u64 = 256;

/// Raises the limit as far as the system allows without privileges, and says how many connections it is enough for.
pub(super) fn for_connections() -> usize {
    let limit = match Resource::NOFILE.get() {
        Ok((soft, hard)) if soft < hard && Resource::NOFILE.set(hard, hard).is_ok() => hard,
        Ok((soft, _)) => soft,
        // Where the system has no such limit.
        Err(_) => u64::MAX,
    };
    usize::try_from(limit - OTHERS.min(limit / 2)).unwrap_or(usize::MAX)
}
