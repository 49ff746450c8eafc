//! What a call brings to say who it is from: headers and facts of its connection, nothing judged yet.

use std::{fmt, net::IpAddr};

use super::AuthError;

/// A header as it was sent. Its value is not shown: it may be a token.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum CredentialHeader<'a> {
    /// Not at all.
    #[default]
    Absent,
    /// Once, in visible ASCII.
    Once(&'a str),
    /// Several times, or with other characters. Which of two was meant is never guessed.
    Unusable,
}

impl<'a> CredentialHeader<'a> {
    /// The value, if there is one; `name` goes into the error.
    pub(super) const fn value(self, name: &'static str) -> Result<Option<&'a str>, AuthError> {
        match self {
            Self::Absent => Ok(None),
            Self::Once(value) => Ok(Some(value)),
            Self::Unusable => Err(AuthError::Header(name)),
        }
    }
}

impl fmt::Debug for CredentialHeader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Once(_) => "Once(..)",
            Self::Unusable => "Unusable",
        })
    }
}

/// Everything that an authenticator may look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Credentials<'a> {
    /// `authorization`.
    pub authorization: CredentialHeader<'a>,
    /// `x-tenant-id`.
    pub tenant: CredentialHeader<'a>,
    /// `x-agent-id`.
    pub agent: CredentialHeader<'a>,
    /// `x-roles`: names divided by commas.
    pub roles: CredentialHeader<'a>,
    /// `x-subject`: who is written into the audit log.
    pub subject: CredentialHeader<'a>,
    /// `x-proxy-secret`.
    pub proxy_secret: CredentialHeader<'a>,
    /// `host`.
    pub host: CredentialHeader<'a>,
    /// `:authority` of HTTP/2.
    pub authority: Option<&'a str>,
    /// Whether there is a header that proxies add.
    pub forwarded: bool,
    /// Where the connection comes from.
    pub peer: Option<IpAddr>,
    /// Whether the connection has shown a certificate of `server.tls.client_ca`.
    pub certificate: bool,
}
