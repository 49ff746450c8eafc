//! The name of one call, by which an operator finds its log lines. Knows no protocol.

use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::{BuildHasher as _, Hasher as _},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The longest id taken from a client, in bytes: a UUID, a ULID and a W3C trace id fit well.
const MAX_LENGTH: usize = 64;

/// The name of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The client's own, if it is fit for a log: letters, digits and `-_.:/+=`, at most 64 of them.
    #[must_use]
    pub fn from_client(id: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
        ((1..=MAX_LENGTH).contains(&id.len()) && id.bytes().all(fits)).then(|| Self(id.into()))
    }

    /// A new one: 32 hexadecimal digits, not to be guessed from another process's.
    #[expect(clippy::disallowed_methods, reason = "an id is there to differ from others")]
    #[must_use]
    pub(crate) fn generate() -> Self {
        // The standard library's hash keys are random in each process; hashing a counter by them gives ids that do not
        // meet, which is all that is asked of an id for log lines.
        static KEYS: LazyLock<[RandomState; 2]> = LazyLock::new(|| [RandomState::new(), RandomState::new()]);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let [high, low] = [0, 1].map(|half: usize| {
            let mut hasher = KEYS[half].build_hasher();
            hasher.write_u64(count);
            hasher.finish()
        });
        let digits = hexadecimal(u128::from(high) << 64 | u128::from(low));
        // They are ASCII.
        Self(std::str::from_utf8(&digits).unwrap_or_default().into())
    }

    /// As it stands in headers and log lines.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the call that this thread works for just now.
    #[must_use]
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Names the call for as long as the future is polled.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    /// Names the call for as long as the closure runs.
    pub fn scope_sync<T>(self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(self, work)
    }
}

/// All 32 digits. Formatting by the standard library takes several times as long, and every call has an id.
fn hexadecimal(number: u128) -> [u8; 32] {
    std::array::from_fn(|at| b"0123456789abcdef"[(number >> (124 - 4 * at) & 15) as usize])
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_is_fit_for_a_log() {
        assert!(RequestId::from_client("0b8c9f8e-5a5f-4f0e-9a57-2f4d9b0b6f5c").is_some());
        for unfit in ["", "two words", "line\nbreak", "caf\u{e9}", "{\"a\":1}", &"a".repeat(65)] {
            assert_eq!(RequestId::from_client(unfit), None, "{unfit:?}");
        }
    }

    #[test]
    fn generated_ids_differ_and_are_fit() {
        let (one, other) = (RequestId::generate(), RequestId::generate());
        assert_ne!(one, other);
        assert_eq!(RequestId::from_client(one.as_str()), Some(one));
        for number in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210] {
            assert_eq!(hexadecimal(number), format!("{number:032x}").as_bytes());
        }
    }
}
