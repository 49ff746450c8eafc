//! What a call brings to say who it is from: headers and facts of its connection, nothing judged yet.

use std::{fmt, net::IpAddr};

use super::AuthError;

/// A header as it was sent. Its value is not shown: it may be a token.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Sent<'a> {
    /// Not at all.
    #[default]
    No,
    /// Once, in visible ASCII.
    Once(&'a str),
    /// Several times, or with other characters. Which of two was meant is never guessed.
    Unusable,
}

impl<'a> Sent<'a> {
    /// The value, if there is one; `name` goes into the error.
    pub(super) const fn value(self, name: &'static str) -> Result<Option<&'a str>, AuthError> {
        match self {
            Self::No => Ok(None),
            Self::Once(value) => Ok(Some(value)),
            Self::Unusable => Err(AuthError::Header(name)),
        }
    }
}

impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::No => "No",
            Self::Once(_) => "Once(..)",
            Self::Unusable => "Unusable",
        })
    }
}

/// Everything that an authenticator may look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// `authorization`.
    pub authorization: Sent<'a>,
    /// `x-tenant-id`.
    pub tenant: Sent<'a>,
    /// `x-agent-id`.
    pub agent: Sent<'a>,
    /// `x-roles`: names divided by commas.
    pub roles: Sent<'a>,
    /// `x-subject`: who is written into the audit log.
    pub subject: Sent<'a>,
    /// `x-proxy-secret`.
    pub proxy_secret: Sent<'a>,
    /// `host`.
    pub host: Sent<'a>,
    /// `:authority` of HTTP/2.
    pub authority: Option<&'a str>,
    /// Whether there is a header that proxies add.
    pub forwarded: bool,
    /// Where the connection comes from.
    pub peer: Option<IpAddr>,
    /// Whether the connection has shown a certificate of `server.tls.client_ca`.
    pub certificate: bool,
}
