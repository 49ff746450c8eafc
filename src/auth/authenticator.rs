//! Judges the credentials of each call by the mode that the operator has chosen.

use std::{sync::Arc, time::SystemTime};

use super::{
    AuthError, Caller, Credentials, Method, SharedSecret,
    anonymous::AnonymousLimiter,
    development,
    error::IdentityHint,
    jwt::{JwtVerifier, PendingToken, TokenOutcome},
    key_cache::KeyCache,
    proxy::TrustedProxy,
};

/// Judges credentials.
#[derive(Debug)]
pub struct Authenticator {
    mode: IdentitySource,
    anonymous: Option<AnonymousLimiter>,
}

/// Where identity comes from.
#[derive(Debug)]
enum IdentitySource {
    None,
    Development,
    Proxy(TrustedProxy),
    Jwt(JwtVerifier),
}

/// What comes of the credentials of a call.
pub enum AuthDecision {
    /// At once, as nearly always.
    Ready(Result<Caller, AuthError>),
    /// Keys must be fetched first.
    Pending(PendingToken),
}

impl Authenticator {
    /// Trusts nothing: nobody has an identity.
    #[must_use]
    pub const fn disabled() -> Self {
        Self { mode: IdentitySource::None, anonymous: None }
    }

    /// Trusts the headers of whoever calls from this machine.
    #[must_use]
    pub const fn development() -> Self {
        Self { mode: IdentitySource::Development, anonymous: None }
    }

    /// Trusts the headers of a proxy that proves itself.
    #[must_use]
    pub const fn proxy(proxy: TrustedProxy) -> Self {
        Self { mode: IdentitySource::Proxy(proxy), anonymous: None }
    }

    /// Trusts tokens.
    #[must_use]
    pub const fn jwt(jwt: JwtVerifier) -> Self {
        Self { mode: IdentitySource::Jwt(jwt), anonymous: None }
    }

    /// Lets calls without credentials spell.
    #[must_use]
    pub fn with_anonymous_spelling(self, anonymous: AnonymousLimiter) -> Self {
        Self { anonymous: Some(anonymous), ..self }
    }

    /// The cache that must be kept fresh while this is used, if there is one.
    #[must_use]
    pub fn key_cache(&self) -> Option<Arc<KeyCache>> {
        match &self.mode {
            IdentitySource::Jwt(jwt) => jwt.key_cache().cloned(),
            IdentitySource::None | IdentitySource::Development | IdentitySource::Proxy(_) => None,
        }
    }

    /// Takes this secret from now on, where identity is proved by one: of tokens, or of the proxy.
    pub fn replace_secret(&self, secret: SharedSecret) {
        match &self.mode {
            IdentitySource::Jwt(jwt) => jwt.replace_secret(&secret),
            IdentitySource::Proxy(proxy) => proxy.replace_secret(secret),
            IdentitySource::None | IdentitySource::Development => {}
        }
    }

    /// Who calls. Credentials that are sent and wrong are refused, whatever could be had without any.
    #[must_use]
    pub fn authenticate(&self, credentials: &Credentials<'_>, method: Method, now: SystemTime) -> AuthDecision {
        let (named, hint) = match &self.mode {
            IdentitySource::None => (Ok(None), IdentityHint::NoMode),
            IdentitySource::Development => (development::identify(credentials).map(Some), IdentityHint::Headers),
            IdentitySource::Proxy(proxy) => (proxy.identify(credentials), IdentityHint::Headers),
            IdentitySource::Jwt(jwt) => match jwt.authenticate(credentials, now) {
                TokenOutcome::NoToken => (Ok(None), IdentityHint::Token),
                TokenOutcome::Decided(outcome) => (outcome.map(Some), IdentityHint::Token),
                TokenOutcome::Pending(pending) => return AuthDecision::Pending(pending),
            },
        };
        AuthDecision::Ready(match named {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => self.authenticate_anonymous(credentials, method, hint),
            Err(error) => Err(error),
        })
    }

    fn authenticate_anonymous(
        &self,
        credentials: &Credentials<'_>,
        method: Method,
        hint: IdentityHint,
    ) -> Result<Caller, AuthError> {
        match &self.anonymous {
            Some(anonymous) if method.is_anonymous() => {
                if anonymous.admits(credentials.peer) {
                    Ok(Caller::default())
                } else {
                    Err(AuthError::TooMany)
                }
            }
            _ => Err(AuthError::Missing(hint)),
        }
    }
}
