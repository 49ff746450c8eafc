//! Identity by bearer token: which keys verify it, and what happens when the key is not known yet.

use std::{sync::Arc, time::SystemTime};

use tokio::time::Instant;

use super::{
    AuthError, Caller, Credentials, Secret,
    key_cache::{Current, KeyCache, Wait},
    key_set::KeySet,
    token::{self, Rules},
};

/// Tokens of one issuer.
#[derive(Debug)]
pub struct Jwt {
    keys: Keys,
    rules: Arc<Rules>,
}

#[derive(Debug)]
enum Keys {
    Secret(KeySet),
    Cached(Arc<KeyCache>),
}

/// What comes of a look at the token.
pub(super) enum Looked {
    /// There is none.
    Nothing,
    /// It is decided.
    Decided(Result<Caller, AuthError>),
    /// Newer keys are on their way.
    Wait(Pending),
}

/// A token that waits for newer keys.
pub struct Pending {
    token: String,
    rules: Arc<Rules>,
    wait: Wait,
    now: SystemTime,
}

impl Pending {
    /// Ends within seconds, with newer keys or without.
    ///
    /// # Errors
    /// [`AuthError`], as if there had been no wait.
    pub async fn resolve(self) -> Result<Caller, AuthError> {
        let current = self.wait.newer().await;
        if !current.are_usable(Instant::now()) {
            return Err(AuthError::KeysUnavailable);
        }
        token::verify(&self.token, &current.keys, &self.rules, self.now)
    }
}

impl Jwt {
    /// HS256 with a secret.
    #[must_use]
    pub fn by_secret(secret: &Secret, rules: Rules) -> Self {
        Self { keys: Keys::Secret(KeySet::secret(secret)), rules: Arc::new(rules) }
    }

    /// RS256, ES256 and EdDSA with a key set, which something must [keep fresh](KeyCache::keep_fresh).
    #[must_use]
    pub fn by_key_set(keys: Arc<KeyCache>, rules: Rules) -> Self {
        Self { keys: Keys::Cached(keys), rules: Arc::new(rules) }
    }

    pub(super) const fn key_cache(&self) -> Option<&Arc<KeyCache>> {
        match &self.keys {
            Keys::Secret(_) => None,
            Keys::Cached(cache) => Some(cache),
        }
    }

    pub(super) fn look(&self, credentials: &Credentials<'_>, now: SystemTime) -> Looked {
        match credentials.authorization.value("authorization") {
            Ok(None) => Looked::Nothing,
            Ok(Some(authorization)) => match token::bearer(authorization) {
                Ok(token) => self.verify(token, now),
                Err(error) => Looked::Decided(Err(error)),
            },
            Err(error) => Looked::Decided(Err(error)),
        }
    }

    fn verify(&self, token: &str, now: SystemTime) -> Looked {
        let cache = match &self.keys {
            Keys::Secret(keys) => return Looked::Decided(token::verify(token, keys, &self.rules, now)),
            Keys::Cached(cache) => cache,
        };
        let current = cache.current();
        let usable = current.are_usable(Instant::now());
        let outcome = token::verify(token, &current.keys, &self.rules, now);
        match outcome {
            // Keys that are not there are unknown, too: asking brings them.
            Err(AuthError::TokenKey) => self.ask(cache, token, now, &current),
            _ if usable => Looked::Decided(outcome),
            Err(error @ (AuthError::TokenMalformed | AuthError::TokenAlgorithm)) => Looked::Decided(Err(error)),
            _ => Looked::Decided(Err(AuthError::KeysUnavailable)),
        }
    }

    fn ask(&self, cache: &KeyCache, token: &str, now: SystemTime, seen: &Current) -> Looked {
        let at = Instant::now();
        let key = token::key_id(token).unwrap_or_default();
        if let Some(wait) = cache.ask(&key, at) {
            return Looked::Wait(Pending { token: token.to_owned(), rules: Arc::clone(&self.rules), wait, now });
        }
        let current = cache.current();
        if !current.are_usable(at) {
            return Looked::Decided(Err(AuthError::KeysUnavailable));
        }
        // The fetch may have ended between the two looks.
        let newer = !Arc::ptr_eq(&current.keys, &seen.keys);
        let outcome =
            if newer { token::verify(token, &current.keys, &self.rules, now) } else { Err(AuthError::TokenKey) };
        Looked::Decided(outcome)
    }
}
