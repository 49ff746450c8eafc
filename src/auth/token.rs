//! JSON Web Tokens: verified into callers, and minted for development. Pure: keys and time are parameters.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{
    AuthError, Caller, Role, RoleSet, SharedSecret,
    key_set::{KeyLookupError, KeySet},
};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// What a token must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRules {
    /// The claim `iss`, exactly.
    pub issuer: String,
    /// One of the claim `aud`, exactly.
    pub audience: String,
    /// How far the issuer's clock may be from ours.
    pub clock_skew: Duration,
}

/// The token of `authorization: Bearer <token>`.
pub(super) fn bearer_token(authorization: &str) -> Result<&str, AuthError> {
    let (scheme, token) = authorization.split_once(' ').ok_or(AuthError::Scheme)?;
    let token = token.trim_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains([' ', ',']) {
        return Err(AuthError::Scheme);
    }
    if token.len() > MAX_TOKEN_BYTES { Err(AuthError::TokenTooLong) } else { Ok(token) }
}

/// The name of the key that a token says it is signed by.
pub(super) fn key_id(token: &str) -> Option<String> {
    jsonwebtoken::decode_header(token).ok()?.kid
}

/// The caller that a token speaks for. The signature comes first: of a token that is not the issuer's nothing is told.
///
/// # Errors
/// [`AuthError`]; [`AuthError::TokenKey`] if a newer key set might know the key.
pub fn verify(token: &str, keys: &KeySet, rules: &ClaimRules, now: SystemTime) -> Result<Caller, AuthError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| AuthError::TokenMalformed)?;
    if header.crit.is_some() {
        // An extension that must be understood, and is not.
        return Err(AuthError::TokenMalformed);
    }
    let key = keys.find(header.kid.as_deref(), header.alg).map_err(|missing| match missing {
        KeyLookupError::Algorithm => AuthError::TokenAlgorithm,
        KeyLookupError::Unknown | KeyLookupError::Unnamed => AuthError::TokenKey,
    })?;
    let mut validation = Validation::new(header.alg);
    // The claims are checked below, against the time that is a parameter here.
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => AuthError::TokenSignature,
        jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => AuthError::TokenAlgorithm,
        _ => AuthError::TokenMalformed,
    })?;
    claims.claims.to_caller(rules, now)
}

/// The claims that are read; all others are none of ours. A claim that stands twice makes the token malformed.
#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<OneOrMany>,
    exp: Option<f64>,
    nbf: Option<f64>,
    sub: Option<String>,
    tenant: Option<String>,
    agent: Option<String>,
    roles: Option<OneOrMany>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(text) => std::slice::from_ref(text).iter(),
            Self::Many(texts) => texts.iter(),
        }
        .map(String::as_str)
    }
}

impl Claims {
    fn to_caller(&self, rules: &ClaimRules, now: SystemTime) -> Result<Caller, AuthError> {
        if self.iss.as_ref().ok_or(AuthError::TokenClaim("iss"))? != &rules.issuer {
            return Err(AuthError::TokenIssuer);
        }
        if !self.aud.as_ref().ok_or(AuthError::TokenClaim("aud"))?.iter().any(|audience| audience == rules.audience) {
            return Err(AuthError::TokenAudience);
        }
        let (now, skew) = (unix_seconds(now), rules.clock_skew.as_secs_f64());
        // Written so that NaN is refused.
        let running = self.exp.ok_or(AuthError::TokenClaim("exp"))? + skew > now;
        if !running {
            return Err(AuthError::TokenExpired);
        }
        let begun = self.nbf.is_none_or(|nbf| nbf - skew <= now);
        if !begun {
            return Err(AuthError::TokenNotYetValid);
        }
        let roles = RoleSet::from_names(self.roles.as_ref().ok_or(AuthError::TokenClaim("roles"))?.iter());
        let subject = self.sub.as_deref().or(self.agent.as_deref()).ok_or(AuthError::TokenClaim("sub"))?;
        Ok(Caller::new(subject, self.tenant.as_deref(), self.agent.as_deref(), roles)?)
    }
}

fn unix_seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// What a minted token says.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The claim `sub`.
    pub subject: String,
    /// The claim `tenant`.
    pub tenant: Option<String>,
    /// The claim `agent`.
    pub agent: Option<String>,
    /// The claim `roles`.
    pub roles: Vec<Role>,
    /// From now to the claim `exp`.
    pub lifetime: Duration,
}

/// Why no token is minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// It would be refused.
    #[error("the token would be refused: {0}")]
    Refused(#[source] AuthError),
    /// The library could not sign.
    #[error("cannot sign")]
    Signing,
}

/// Mints a token for development, by HS256.
///
/// # Errors
/// [`MintError`], if the service would not accept it.
pub fn mint(grant: &Grant, secret: &SharedSecret, rules: &ClaimRules, now: SystemTime) -> Result<String, MintError> {
    #[derive(Serialize)]
    struct MintedClaims<'g> {
        iss: &'g str,
        aud: &'g str,
        sub: &'g str,
        iat: u64,
        exp: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        tenant: Option<&'g str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        agent: Option<&'g str>,
        roles: Vec<&'static str>,
    }
    let whole = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = MintedClaims {
        iss: &rules.issuer,
        aud: &rules.audience,
        sub: &grant.subject,
        iat: whole(now),
        exp: whole(now + grant.lifetime),
        tenant: grant.tenant.as_deref(),
        agent: grant.agent.as_deref(),
        roles: grant.roles.iter().map(|role| role.name()).collect(),
    };
    let key = EncodingKey::from_secret(secret.bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|_| MintError::Signing)?;
    verify(&token, &KeySet::from_secret(secret), rules, now).map_err(MintError::Refused)?;
    Ok(token)
}
