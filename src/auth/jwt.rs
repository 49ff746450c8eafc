//! Identity by bearer token: which keys verify it, and what happens when the key is not known yet.

use std::{sync::Arc, time::SystemTime};

use tokio::sync::watch;

use super::{
    AuthError, Caller, Credentials, SharedSecret,
    key_cache::{CachedKeys, KeyCache, RefreshWaiter},
    key_set::KeySet,
    token::{self, ClaimRules},
};

/// Tokens of one issuer.
#[derive(Debug)]
pub struct JwtVerifier {
    keys: JwtKeys,
    rules: Arc<ClaimRules>,
}

#[derive(Debug)]
enum JwtKeys {
    Secret(watch::Sender<KeySet>),
    Cached(Arc<KeyCache>),
}

/// What comes of a look at the token.
pub(super) enum TokenOutcome {
    /// There is none.
    NoToken,
    /// It is decided.
    Decided(Result<Caller, AuthError>),
    /// Newer keys are on their way.
    Pending(PendingToken),
}

/// A token that waits for newer keys.
pub struct PendingToken {
    token: String,
    rules: Arc<ClaimRules>,
    wait: RefreshWaiter,
    now: SystemTime,
}

impl PendingToken {
    /// Ends within seconds, with newer keys or without.
    ///
    /// # Errors
    /// [`AuthError`], as if there had been no wait.
    pub async fn resolve(self) -> Result<Caller, AuthError> {
        let current = self.wait.newer_keys().await;
        if !current.are_usable() {
            return Err(AuthError::KeysUnavailable);
        }
        token::verify(&self.token, &current.keys, &self.rules, self.now)
    }
}

impl JwtVerifier {
    /// HS256 with a secret.
    #[must_use]
    pub fn with_secret(secret: &SharedSecret, rules: ClaimRules) -> Self {
        Self { keys: JwtKeys::Secret(watch::Sender::new(KeySet::from_secret(secret))), rules: Arc::new(rules) }
    }

    /// RS256, ES256 and EdDSA with a key set, which something must [keep fresh](KeyCache::keep_fresh).
    #[must_use]
    pub fn with_key_set(keys: Arc<KeyCache>, rules: ClaimRules) -> Self {
        Self { keys: JwtKeys::Cached(keys), rules: Arc::new(rules) }
    }

    /// Takes this secret from now on, if it goes by one; tokens that were signed by the one of before are refused.
    pub(super) fn replace_secret(&self, secret: &SharedSecret) {
        if let JwtKeys::Secret(keys) = &self.keys {
            keys.send_replace(KeySet::from_secret(secret));
        }
    }

    pub(super) const fn key_cache(&self) -> Option<&Arc<KeyCache>> {
        match &self.keys {
            JwtKeys::Secret(_) => None,
            JwtKeys::Cached(cache) => Some(cache),
        }
    }

    pub(super) fn authenticate(&self, credentials: &Credentials<'_>, now: SystemTime) -> TokenOutcome {
        match credentials.authorization.value("authorization") {
            Ok(None) => TokenOutcome::NoToken,
            Ok(Some(authorization)) => match token::bearer_token(authorization) {
                Ok(token) => self.verify(token, now),
                Err(error) => TokenOutcome::Decided(Err(error)),
            },
            Err(error) => TokenOutcome::Decided(Err(error)),
        }
    }

    fn verify(&self, token: &str, now: SystemTime) -> TokenOutcome {
        let cache = match &self.keys {
            JwtKeys::Secret(keys) => {
                return TokenOutcome::Decided(token::verify(token, &keys.borrow(), &self.rules, now));
            }
            JwtKeys::Cached(cache) => cache,
        };
        let current = cache.current();
        let usable = current.are_usable();
        let outcome = token::verify(token, &current.keys, &self.rules, now);
        match outcome {
            // Keys that are not there are unknown, too: asking brings them.
            Err(AuthError::TokenKey) => self.request_newer_keys(cache, token, now, &current),
            _ if usable => TokenOutcome::Decided(outcome),
            Err(error @ (AuthError::TokenMalformed | AuthError::TokenAlgorithm)) => TokenOutcome::Decided(Err(error)),
            _ => TokenOutcome::Decided(Err(AuthError::KeysUnavailable)),
        }
    }

    fn request_newer_keys(&self, cache: &KeyCache, token: &str, now: SystemTime, seen: &CachedKeys) -> TokenOutcome {
        let key = token::key_id(token).unwrap_or_default();
        if let Some(wait) = cache.request_refresh(&key) {
            return TokenOutcome::Pending(PendingToken {
                token: token.to_owned(),
                rules: Arc::clone(&self.rules),
                wait,
                now,
            });
        }
        let current = cache.current();
        if !current.are_usable() {
            return TokenOutcome::Decided(Err(AuthError::KeysUnavailable));
        }
        // The fetch may have ended between the two looks.
        let newer = !Arc::ptr_eq(&current.keys, &seen.keys);
        let outcome =
            if newer { token::verify(token, &current.keys, &self.rules, now) } else { Err(AuthError::TokenKey) };
        TokenOutcome::Decided(outcome)
    }
}
