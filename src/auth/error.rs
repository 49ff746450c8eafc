//! Why credentials are refused, and what to do about it. Never holds a token, a secret or a piece of either.

use super::caller::InvalidCaller;

/// Why there is no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No credentials where some are needed.
    #[error("this call needs an identity: {0}")]
    Missing(IdentityHint),
    /// A header was sent more than once, or holds something else than visible ASCII.
    #[error("{0}: expected once, in visible ASCII")]
    Header(&'static str),
    /// An `authorization` that is no bearer token.
    #[error("authorization: expected \"Bearer\" and a token")]
    Scheme,
    /// A token in a mode that reads none.
    #[error(
        "authorization: tokens are not read here; set auth.mode = \"jwt\", or send x-tenant-id, x-agent-id and x-roles"
    )]
    TokenUnread,
    /// More than [`MAX_TOKEN_BYTES`](super::token::MAX_TOKEN_BYTES).
    #[error("the token is too long")]
    TokenTooLong,
    /// No JSON Web Token that could be read.
    #[error("the token is malformed")]
    TokenMalformed,
    /// Signed by an algorithm that is not the key's.
    #[error("the token is signed by an algorithm that is not accepted")]
    TokenAlgorithm,
    /// Signed by a key that is not known.
    #[error("the token is signed by an unknown key")]
    TokenKey,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    TokenSignature,
    /// A claim is missing, or not of its type.
    #[error("the token's claim {0} is missing or malformed")]
    TokenClaim(&'static str),
    /// The claim `exp` is past.
    #[error("the token has expired: get a new one")]
    TokenExpired,
    /// The claim `nbf` is yet to come.
    #[error("the token is not valid yet: compare the clocks")]
    TokenNotYetValid,
    /// From someone else.
    #[error("the token's issuer is not auth.jwt.issuer")]
    TokenIssuer,
    /// For someone else.
    #[error("the token's audience is not auth.jwt.audience")]
    TokenAudience,
    /// What the credentials say makes no caller.
    #[error("the identity is not valid: {0}")]
    Identity(#[from] InvalidCaller),
    /// Not from the trusted proxy.
    #[error("the call does not come through the trusted proxy")]
    Proxy,
    /// Development mode, asked under a name that is not this machine's, from elsewhere, or through a proxy.
    #[error(
        "development mode answers only calls to a loopback address or \"localhost\", from this machine, through no proxy"
    )]
    NotLocal,
    /// The keys to verify tokens by cannot be had just now.
    #[error("the keys to verify tokens by cannot be read just now")]
    KeysUnavailable,
    /// Too many calls without an identity from one address.
    #[error("too many calls without an identity from this address")]
    TooMany,
}

/// What to send to have an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityHint {
    /// No mode.
    #[error("the service has none to offer until its operator sets auth.mode")]
    NoMode,
    /// A token.
    #[error("send the header authorization, \"Bearer\" and a token")]
    Token,
    /// Headers, by the proxy.
    #[error("the trusted proxy sends x-tenant-id, x-agent-id and x-roles")]
    Headers,
}

impl AuthError {
    /// `google.rpc.ErrorInfo.reason`: stable, part of the API.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Missing(_) => "IDENTITY_MISSING",
            Self::Header(_) => "HEADER_MALFORMED",
            Self::Scheme => "AUTHORIZATION_MALFORMED",
            Self::TokenUnread => "TOKEN_NOT_READ",
            Self::TokenTooLong => "TOKEN_TOO_LONG",
            Self::TokenMalformed => "TOKEN_MALFORMED",
            Self::TokenAlgorithm => "TOKEN_ALGORITHM_REFUSED",
            Self::TokenKey => "TOKEN_KEY_UNKNOWN",
            Self::TokenSignature => "TOKEN_SIGNATURE_WRONG",
            Self::TokenClaim(_) => "TOKEN_CLAIM_MALFORMED",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::TokenNotYetValid => "TOKEN_NOT_YET_VALID",
            Self::TokenIssuer => "TOKEN_ISSUER_REFUSED",
            Self::TokenAudience => "TOKEN_AUDIENCE_REFUSED",
            Self::Identity(_) => "IDENTITY_INVALID",
            Self::Proxy => "PROXY_NOT_TRUSTED",
            Self::NotLocal => "NOT_LOCAL",
            Self::KeysUnavailable => "KEYS_UNAVAILABLE",
            Self::TooMany => "ANONYMOUS_RATE_EXCEEDED",
        }
    }
}
