//! Development mode: whoever reaches the port is whoever the headers say, so only this machine may reach it.

use std::net::IpAddr;

use super::{AuthError, Caller, Credentials, Role, RoleSet, proxy};

/// Who calls without saying so.
pub(crate) const DEMO_TENANT: &str = "demo";

/// The agent of that tenant, who may polish.
pub(crate) const DEMO_AGENT: &str = "ana";

/// The caller that the headers name. Without any it is the demo tenant's eligible agent; with `x-roles` alone, that role in
/// the demo tenant.
///
/// # Errors
/// [`AuthError`], if the call was not made on this machine to this machine, or the headers make no caller.
pub(super) fn identify(credentials: &Credentials<'_>) -> Result<Caller, AuthError> {
    if !is_local(credentials)? {
        return Err(AuthError::NotLocal);
    }
    if credentials.authorization.value("authorization")?.is_some() {
        return Err(AuthError::TokenUnread);
    }
    let mut named = proxy::identity_headers(credentials)?;
    if named.roles.is_none() && named.tenant.is_none() {
        named.roles = Some(RoleSet::EMPTY.with(Role::Agent));
    }
    if named.tenant.is_none() && named.agent.is_none() && named.roles.is_some_and(|roles| roles.contains(Role::Agent)) {
        named.agent = Some(DEMO_AGENT);
    }
    named.tenant = named.tenant.or(Some(DEMO_TENANT));
    Ok(named.into_caller()?)
}

/// The name that was asked for is this machine's, which a page that has rebound its own name does not know to say; and no
/// proxy stands between, behind which might be anyone.
fn is_local(credentials: &Credentials<'_>) -> Result<bool, AuthError> {
    let host = credentials.host.value("host")?;
    let asked = [host, credentials.authority];
    let named = asked.iter().flatten().all(|authority| is_loopback_authority(authority));
    Ok(asked.iter().any(Option::is_some)
        && named
        && !credentials.forwarded
        && credentials.peer.is_some_and(|peer| peer.to_canonical().is_loopback()))
}

/// Whether a host, with or without a port, can only be this machine.
#[must_use]
pub(crate) fn is_loopback_authority(authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((host, port))) => (host, port),
        Some(None) => return false,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let address = host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    let name = host.to_ascii_lowercase();
    // No browser and no resolver of note looks up names below localhost (RFC 6761).
    let label =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    is_port && (address || name == "localhost" || name.strip_suffix(".localhost").is_some_and(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::CredentialHeader;

    #[test]
    fn knows_the_names_of_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST:50051",
            "127.0.0.1:1",
            "127.8.9.1",
            "[::1]:50051",
            "[::1]",
            "app.localhost:80",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(is_loopback_authority(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:50051",
            "127.0.0.1.evil.example",
            "evil@localhost",
            "localhost@evil",
            "0.0.0.0:50051",
            "10.0.0.1",
            "[::]",
            "[::1",
            "::1",
            "localhost:80:80",
            "localhost:x",
            "2130706433",
            "0x7f.1",
            ".localhost",
            "notlocalhost",
            "evil/.localhost",
            "localhost.",
            "[fe80::1]",
            "\u{212a}localhost",
        ] {
            assert!(!is_loopback_authority(host), "{host}");
        }
    }

    fn here() -> Credentials<'static> {
        Credentials {
            host: CredentialHeader::Once("localhost:50051"),
            peer: Some(std::net::Ipv4Addr::LOCALHOST.into()),
            ..Credentials::default()
        }
    }

    #[track_caller]
    fn check(tenant: &str, agent: &str, roles: &str, expected: Result<(&str, Option<&str>, &[Role]), ()>) {
        let sent =
            |text: &'static str| if text.is_empty() { CredentialHeader::Absent } else { CredentialHeader::Once(text) };
        let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        let credentials =
            Credentials { tenant: sent(leak(tenant)), agent: sent(leak(agent)), roles: sent(leak(roles)), ..here() };
        let found = identify(&credentials);
        match expected {
            Err(()) => assert!(found.is_err(), "{found:?}"),
            Ok((tenant, agent, roles)) => {
                let found = found.unwrap();
                assert_eq!(found.tenant.unwrap().as_str(), tenant);
                assert_eq!(found.agent.as_ref().map(crate::settings::AgentId::as_str), agent);
                assert_eq!(found.roles, roles.iter().fold(RoleSet::EMPTY, |all, role| all.with(*role)));
            }
        }
    }

    #[test]
    fn headers_say_who_calls_and_silence_is_the_demo_agent() {
        use Role::{Agent, Operator, Service, TenantAdmin};
        check("", "", "", Ok(("demo", Some("ana"), &[Agent])));
        check("", "bob", "", Ok(("demo", Some("bob"), &[Agent])));
        check("acme", "bob", "", Ok(("acme", Some("bob"), &[Agent])));
        check("acme", "", "", Ok(("acme", None, &[Service])));
        check("", "", "tenant_admin", Ok(("demo", None, &[TenantAdmin])));
        check("", "", "operator", Ok(("demo", None, &[Operator])));
        check("acme", "", "tenant_admin, operator", Ok(("acme", None, &[TenantAdmin, Operator])));
        check("", "", "agent", Ok(("demo", Some("ana"), &[Agent])));
        check("acme", "", "agent", Err(()));
        check("", "", "root", Err(()));
        check("a/../b", "", "", Err(()));
        check("a' or 1=1 --", "", "", Err(()));
        check("acme", "..", "", Err(()));
    }

    #[test]
    fn only_this_machine_is_answered() {
        assert!(identify(&here()).is_ok());
        let evil = "evil.example:50051";
        for credentials in [
            Credentials { host: CredentialHeader::Once(evil), ..here() },
            Credentials { host: CredentialHeader::Absent, authority: Some(evil), ..here() },
            Credentials { authority: Some(evil), ..here() },
            Credentials { host: CredentialHeader::Absent, authority: None, ..here() },
            Credentials { forwarded: true, ..here() },
            Credentials { peer: None, ..here() },
            Credentials { peer: Some([192, 0, 2, 1].into()), ..here() },
        ] {
            assert_eq!(identify(&credentials), Err(AuthError::NotLocal), "{credentials:?}");
        }
        let twice = Credentials { host: CredentialHeader::Unusable, ..here() };
        assert_eq!(identify(&twice), Err(AuthError::Header("host")));
        let token = Credentials { authorization: CredentialHeader::Once("Bearer x"), ..here() };
        assert_eq!(identify(&token), Err(AuthError::TokenUnread));
    }
}
