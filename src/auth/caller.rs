//! The caller: what the credentials of a call say, verified. Made by a verifier only, never from a field of a request.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::settings::{AgentId, InvalidId, TenantId};

/// What a caller may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Answers customers: checks, polishes, reads its own availability.
    Agent,
    /// Owns the switches, the language, the dictionary and the conversation limit of one tenant.
    TenantAdmin,
    /// Runs the service: owns tenants, entitlements, agent types and limits.
    Operator,
    /// A backend that checks spelling for a tenant without an agent.
    Service,
}

impl Role {
    /// As in the claim and in headers.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The role of that name.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleSet(u8);

impl RoleSet {
    /// No role at all.
    pub const EMPTY: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    /// Those of the names that are roles; other services' roles are none of ours.
    #[must_use]
    pub(crate) fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        names.into_iter().filter_map(Role::from_name).fold(Self::EMPTY, Self::with)
    }

    /// Whether the role is among them.
    #[must_use]
    pub const fn contains(self, role: Role) -> bool {
        self.0 & 1 << role as u8 != 0
    }
}

/// Who calls. A call without credentials has none, or is [`Caller::default`] where the service may be used anonymously.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// For the audit log: the subject of the token, or what stands for it.
    pub subject: String,
    /// The tenant that the caller belongs to; an operator may have none.
    pub tenant: Option<TenantId>,
    /// The agent that the caller is, in that tenant.
    pub agent: Option<AgentId>,
    /// What the caller may be.
    pub roles: RoleSet,
}

/// The longest subject, in bytes.
pub(crate) const MAX_SUBJECT_LENGTH: usize = 128;

/// Why what credentials say makes no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCaller {
    /// No role that this service knows.
    #[error("no role among \"agent\", \"tenant_admin\", \"operator\" and \"service\"")]
    Role,
    /// The subject is empty, too long, or holds control characters.
    #[error("the subject is not 1 to {MAX_SUBJECT_LENGTH} bytes of one line")]
    Subject,
    /// The tenant's id.
    #[error("the tenant: {0}")]
    Tenant(#[source] InvalidId),
    /// The agent's id.
    #[error("the agent: {0}")]
    Agent(#[source] InvalidId),
    /// Only an operator may be of no tenant.
    #[error("the role needs a tenant")]
    TenantMissing,
    /// An agent without an id.
    #[error("the role \"agent\" needs an agent")]
    AgentMissing,
}

impl Caller {
    /// Checks that the parts make a caller: ids are valid, there is a role, and each role has the ids that it needs.
    ///
    /// # Errors
    /// [`InvalidCaller`], if they do not.
    pub fn new(
        subject: &str,
        tenant: Option<&str>,
        agent: Option<&str>,
        roles: RoleSet,
    ) -> Result<Self, InvalidCaller> {
        if subject.is_empty() || subject.len() > MAX_SUBJECT_LENGTH || subject.chars().any(char::is_control) {
            return Err(InvalidCaller::Subject);
        }
        if roles == RoleSet::EMPTY {
            return Err(InvalidCaller::Role);
        }
        let tenant = tenant.map(TenantId::new).transpose().map_err(InvalidCaller::Tenant)?;
        let agent = agent.map(AgentId::new).transpose().map_err(InvalidCaller::Agent)?;
        let of_a_tenant = [Role::Agent, Role::TenantAdmin, Role::Service].into_iter().any(|role| roles.contains(role));
        if tenant.is_none() && (of_a_tenant || agent.is_some()) {
            return Err(InvalidCaller::TenantMissing);
        }
        if roles.contains(Role::Agent) && agent.is_none() {
            return Err(InvalidCaller::AgentMissing);
        }
        Ok(Self { subject: subject.to_owned(), tenant, agent, roles })
    }

    /// Whether the call came without credentials. A verifier gives every identity at least one role.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.roles == RoleSet::EMPTY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_the_names_of_the_claim() {
        let expected = ["agent", "tenant_admin", "operator", "service"];
        let names: Vec<&str> = Role::VARIANTS.iter().map(|one| one.name()).collect();
        assert_eq!(names, expected);
        assert!(names.iter().zip(Role::VARIANTS).all(|(name, role)| Role::from_name(name) == Some(*role)));
        assert_eq!(Role::from_name("Agent"), None);
    }
}
