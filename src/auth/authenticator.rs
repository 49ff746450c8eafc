//! Judges the credentials of each call by the mode that the operator has chosen.

use std::{sync::Arc, time::SystemTime};

use super::{
    AuthError, Caller, Credentials, Method,
    anonymous::Anonymous,
    development,
    error::Hint,
    jwt::{Jwt, Looked, Pending},
    key_cache::KeyCache,
    proxy::TrustedProxy,
};

/// Judges credentials.
#[derive(Debug)]
pub struct Authenticator {
    mode: Mode,
    anonymous: Option<Anonymous>,
}

/// Where identity comes from.
#[derive(Debug)]
enum Mode {
    Nowhere,
    Development,
    Proxy(TrustedProxy),
    Jwt(Jwt),
}

/// What comes of the credentials of a call.
pub enum Verdict {
    /// At once, as nearly always.
    Now(Result<Caller, AuthError>),
    /// Keys must be fetched first.
    Later(Pending),
}

impl Authenticator {
    /// Trusts nothing: nobody has an identity.
    #[must_use]
    pub const fn nobody() -> Self {
        Self { mode: Mode::Nowhere, anonymous: None }
    }

    /// Trusts the headers of whoever calls from this machine.
    #[must_use]
    pub const fn development() -> Self {
        Self { mode: Mode::Development, anonymous: None }
    }

    /// Trusts the headers of a proxy that proves itself.
    #[must_use]
    pub const fn proxy(proxy: TrustedProxy) -> Self {
        Self { mode: Mode::Proxy(proxy), anonymous: None }
    }

    /// Trusts tokens.
    #[must_use]
    pub const fn jwt(jwt: Jwt) -> Self {
        Self { mode: Mode::Jwt(jwt), anonymous: None }
    }

    /// Lets calls without credentials spell.
    #[must_use]
    pub fn with_anonymous_spelling(self, anonymous: Anonymous) -> Self {
        Self { anonymous: Some(anonymous), ..self }
    }

    /// The cache that must be kept fresh while this is used, if there is one.
    #[must_use]
    pub fn key_cache(&self) -> Option<Arc<KeyCache>> {
        match &self.mode {
            Mode::Jwt(jwt) => jwt.key_cache().cloned(),
            Mode::Nowhere | Mode::Development | Mode::Proxy(_) => None,
        }
    }

    /// Who calls. Credentials that are sent and wrong are refused, whatever could be had without any.
    #[must_use]
    pub fn judge(&self, credentials: &Credentials<'_>, method: Method, now: SystemTime) -> Verdict {
        let (named, hint) = match &self.mode {
            Mode::Nowhere => (Ok(None), Hint::NoMode),
            Mode::Development => (development::identify(credentials).map(Some), Hint::Headers),
            Mode::Proxy(proxy) => (proxy.identify(credentials), Hint::Headers),
            Mode::Jwt(jwt) => match jwt.look(credentials, now) {
                Looked::Nothing => (Ok(None), Hint::Token),
                Looked::Decided(outcome) => (outcome.map(Some), Hint::Token),
                Looked::Wait(pending) => return Verdict::Later(pending),
            },
        };
        Verdict::Now(match named {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => self.without_identity(credentials, method, hint),
            Err(error) => Err(error),
        })
    }

    fn without_identity(&self, credentials: &Credentials<'_>, method: Method, hint: Hint) -> Result<Caller, AuthError> {
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
