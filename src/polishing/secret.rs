//! Random ids and nonces, and keyed hashes of requests whose text must not be kept.

use aws_lc_rs::{hmac, rand};
use tokio::sync::watch;

/// A key of this deployment: equal on all replicas, and in no database. Clones are one key, and change together.
#[derive(Clone)]
pub struct FingerprintKey(watch::Sender<hmac::Key>);

impl FingerprintKey {
    /// Derived from a secret that all replicas have.
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let outer = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = hmac::sign(&outer, b"vermilion: fingerprints of polish requests, version 1");
        Self(watch::Sender::new(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())))
    }

    /// Becomes another key: the secret that it comes from was changed, on all replicas.
    pub(crate) fn replace(&self, other: &Self) {
        let other = other.0.borrow().clone();
        self.0.send_replace(other);
    }

    /// The fingerprint of a request, by its parts in their order.
    #[must_use]
    pub fn fingerprint<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0.borrow());
        for part in parts {
            // With its length, so that no part can pass for the end of another.
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.sign().as_ref());
        fingerprint
    }
}

/// Random bytes of the system's; zeros if it has none to give, which it never lacks once it runs.
#[expect(clippy::disallowed_methods, reason = "the one source of randomness")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The nonce of a masking is checked against the texts, and an id that is there already is refused by the ledger.
    let _ = rand::fill(&mut bytes);
    bytes
}

/// A random number.
#[must_use]
pub(crate) fn random_number() -> u64 {
    u64::from_be_bytes(random())
}

/// A new id: 32 hexadecimal digits that nobody can guess.
pub(super) fn random_id() -> String {
    format!("{:016x}{:016x}", random_number(), random_number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_bounds() {
        let key = FingerprintKey::derive(b"secret");
        let of = |parts: &[&str]| key.fingerprint(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["ab", ""]), of(&["a", "b"]));
        assert_ne!(FingerprintKey::derive(b"other").fingerprint([b"a".as_slice()]), key.fingerprint([b"a".as_slice()]));
        assert_ne!(random_id(), random_id());
    }
}
