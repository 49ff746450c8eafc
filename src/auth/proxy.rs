//! Identity by headers from a proxy that has proved itself: by a secret, a certificate, or both.

use tokio::sync::watch;

use super::{AuthError, Caller, Credentials, Role, RoleSet, SharedSecret, caller::InvalidCaller};

/// How the proxy proves itself; whatever is set is needed.
#[derive(Debug)]
pub struct TrustedProxy {
    secret: Option<watch::Sender<SharedSecret>>,
    certificate: bool,
}

impl TrustedProxy {
    /// By a secret in `x-proxy-secret`.
    #[must_use]
    pub fn with_secret(secret: SharedSecret) -> Self {
        Self { secret: Some(watch::Sender::new(secret)), certificate: false }
    }

    /// By a certificate of `server.tls.client_ca`, and by a secret if there is one.
    #[must_use]
    pub fn with_certificate(secret: Option<SharedSecret>) -> Self {
        Self { secret: secret.map(watch::Sender::new), certificate: true }
    }

    /// Takes this secret from now on, if it goes by one.
    pub(super) fn replace_secret(&self, secret: SharedSecret) {
        if let Some(current) = &self.secret {
            current.send_replace(secret);
        }
    }

    /// The caller that the proxy names; `None` if it names none.
    pub(super) fn identify(&self, credentials: &Credentials<'_>) -> Result<Option<Caller>, AuthError> {
        let sent = credentials.proxy_secret.value("x-proxy-secret")?;
        let named = identity_headers(credentials)?;
        if !self.is_proved(sent, credentials.certificate) {
            let nothing = sent.is_none() && named.is_empty();
            return if nothing { Ok(None) } else { Err(AuthError::Proxy) };
        }
        if named.is_empty() { Ok(None) } else { Ok(Some(named.into_caller()?)) }
    }

    fn is_proved(&self, sent: Option<&str>, certificate: bool) -> bool {
        let is_sent =
            |secret: &watch::Sender<SharedSecret>| sent.is_some_and(|sent| secret.borrow().constant_time_eq(sent));
        let by_secret = self.secret.as_ref().is_none_or(is_sent);
        let by_certificate = !self.certificate || certificate;
        // With nothing set nothing is proved; the constructors do not allow that.
        (self.secret.is_some() || self.certificate) && by_secret && by_certificate
    }
}

/// What the headers say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct IdentityHeaders<'a> {
    pub(super) subject: Option<&'a str>,
    pub(super) tenant: Option<&'a str>,
    pub(super) agent: Option<&'a str>,
    /// `None` if the header is missing; what it holds beside our roles is not counted.
    pub(super) roles: Option<RoleSet>,
}

/// Reads the headers, without asking who sent them.
pub(super) fn identity_headers<'a>(credentials: &Credentials<'a>) -> Result<IdentityHeaders<'a>, AuthError> {
    let roles = credentials.roles.value("x-roles")?;
    Ok(IdentityHeaders {
        subject: credentials.subject.value("x-subject")?,
        tenant: credentials.tenant.value("x-tenant-id")?,
        agent: credentials.agent.value("x-agent-id")?,
        roles: roles.map(|names| RoleSet::from_names(names.split(',').map(str::trim))),
    })
}

impl IdentityHeaders<'_> {
    fn is_empty(&self) -> bool {
        self.subject.is_none() && self.tenant.is_none() && self.agent.is_none() && self.roles.is_none()
    }

    /// Without roles, whoever names an agent is that agent, and whoever names only a tenant is one of its services.
    pub(super) fn into_caller(self) -> Result<Caller, InvalidCaller> {
        let usual = if self.agent.is_some() { Role::Agent } else { Role::Service };
        let roles = self.roles.unwrap_or(RoleSet::EMPTY.with(usual));
        let subject = self.subject.or(self.agent).unwrap_or("unnamed");
        Caller::new(subject, self.tenant, self.agent, roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::CredentialHeader;

    const SECRET: &str = "an-example-of-a-secret-of-32-bytes-or-more";

    fn proxy() -> TrustedProxy {
        TrustedProxy::with_secret(SharedSecret::new(SECRET).unwrap())
    }

    fn ana() -> Credentials<'static> {
        Credentials {
            tenant: CredentialHeader::Once("acme"),
            agent: CredentialHeader::Once("ana"),
            ..Credentials::default()
        }
    }

    #[test]
    fn headers_count_only_with_the_proof() {
        let proved = Credentials { proxy_secret: CredentialHeader::Once(SECRET), ..ana() };
        assert_eq!(proxy().identify(&proved).unwrap().unwrap().agent.unwrap().as_str(), "ana");
        for proof in [
            CredentialHeader::Absent,
            CredentialHeader::Once(""),
            CredentialHeader::Once("wrong"),
            CredentialHeader::Once(&SECRET[1..]),
        ] {
            let refused = Credentials { proxy_secret: proof, certificate: true, ..ana() };
            assert_eq!(proxy().identify(&refused), Err(AuthError::Proxy), "{proof:?}");
        }
        let twice = Credentials { proxy_secret: CredentialHeader::Unusable, ..ana() };
        assert_eq!(proxy().identify(&twice), Err(AuthError::Header("x-proxy-secret")));
    }

    #[test]
    fn a_certificate_is_a_proof_where_one_is_asked_for() {
        let alone = TrustedProxy::with_certificate(None);
        let both = TrustedProxy::with_certificate(Some(SharedSecret::new(SECRET).unwrap()));
        for (certificate, secret, by_one, by_both) in [
            (false, CredentialHeader::Absent, false, false),
            (false, CredentialHeader::Once(SECRET), false, false),
            (true, CredentialHeader::Absent, true, false),
            (true, CredentialHeader::Once(SECRET), true, true),
        ] {
            let credentials = Credentials { certificate, proxy_secret: secret, ..ana() };
            assert_eq!(alone.identify(&credentials).is_ok(), by_one, "{credentials:?}");
            assert_eq!(both.identify(&credentials).is_ok(), by_both, "{credentials:?}");
        }
    }

    #[test]
    fn no_header_at_all_is_no_identity_and_a_doubled_one_is_refused() {
        assert_eq!(proxy().identify(&Credentials::default()), Ok(None));
        let proved = Credentials { proxy_secret: CredentialHeader::Once(SECRET), ..Credentials::default() };
        assert_eq!(proxy().identify(&proved), Ok(None));
        for credentials in [
            Credentials { tenant: CredentialHeader::Unusable, ..proved },
            Credentials { agent: CredentialHeader::Unusable, ..proved },
            Credentials { roles: CredentialHeader::Unusable, ..proved },
            Credentials { subject: CredentialHeader::Unusable, ..proved },
        ] {
            assert!(matches!(proxy().identify(&credentials), Err(AuthError::Header(_))), "{credentials:?}");
        }
    }
}
