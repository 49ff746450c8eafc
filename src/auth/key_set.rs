//! The keys that tokens are verified by: one secret, or the public keys of a JSON Web Key Set (RFC 7517). Each key is bound
//! to one algorithm, so that no token chooses how it is verified.

use std::fmt;

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;

use super::SharedSecret;

/// More keys than this are no key set of an issuer's.
pub(crate) const MAX_KEYS: usize = 100;

/// Why a key set is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// No JSON object with `keys`.
    #[error("not a JSON Web Key Set")]
    Syntax,
    /// More than [`MAX_KEYS`].
    #[error("more than {MAX_KEYS} keys")]
    TooMany,
    /// None of the keys is for signatures by RS256, ES256 or EdDSA.
    #[error("no key for RS256, ES256 or EdDSA")]
    Empty,
}

/// Why there is no key for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyLookupError {
    /// No key of this set is for the algorithm, or the one of that name is for another.
    Algorithm,
    /// No key has that name; a newer set may have it.
    Unknown,
    /// The token names no key, and there is more than one.
    Unnamed,
}

struct VerificationKey {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Keys, ready to verify by.
#[derive(Default)]
pub struct KeySet {
    keys: Vec<VerificationKey>,
    is_secret: bool,
}

impl KeySet {
    /// One key, for HS256 alone.
    #[must_use]
    pub fn from_secret(secret: &SharedSecret) -> Self {
        let key =
            VerificationKey { id: None, algorithm: Algorithm::HS256, key: DecodingKey::from_secret(secret.bytes()) };
        Self { keys: vec![key], is_secret: true }
    }

    /// Reads a JSON Web Key Set. Keys for other purposes and other algorithms are skipped; symmetric ones as well: a public
    /// document is no place for a secret.
    ///
    /// # Errors
    /// [`KeySetError`], if it is none or holds no key for us.
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        #[derive(Deserialize)]
        struct JwksDocument {
            keys: Vec<serde_json::Value>,
        }
        let document: JwksDocument = serde_json::from_slice(json).map_err(|_| KeySetError::Syntax)?;
        if document.keys.len() > MAX_KEYS {
            return Err(KeySetError::TooMany);
        }
        // By itself each: one kind of key that is not known here must not hide the others.
        let keys: Vec<VerificationKey> = document
            .keys
            .into_iter()
            .filter_map(|value| serde_json::from_value(value).ok())
            .filter_map(verification_key)
            .collect();
        if keys.is_empty() { Err(KeySetError::Empty) } else { Ok(Self { keys, is_secret: false }) }
    }

    /// The key for a token that names a key and an algorithm.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<&DecodingKey, KeyLookupError> {
        let accepted = if self.is_secret {
            algorithm == Algorithm::HS256
        } else {
            matches!(algorithm, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA)
        };
        if !accepted {
            return Err(KeyLookupError::Algorithm);
        }
        let key = match (id, &self.keys[..]) {
            (_, [only]) if self.is_secret => Ok(only),
            (Some(id), keys) => keys.iter().find(|key| key.id.as_deref() == Some(id)).ok_or(KeyLookupError::Unknown),
            (None, [only]) => Ok(only),
            (None, _) => Err(KeyLookupError::Unnamed),
        }?;
        if key.algorithm == algorithm { Ok(&key.key) } else { Err(KeyLookupError::Algorithm) }
    }
}

fn verification_key(jwk: Jwk) -> Option<VerificationKey> {
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    let for_signatures = jwk.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
    let for_algorithm = jwk.common.key_algorithm.is_none_or(|found| found == named);
    if !for_signatures || !for_algorithm {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some(VerificationKey { id: jwk.common.key_id, algorithm, key })
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}
