//! The caller: what the credentials of a call say, verified. Made by a verifier only, never from a field of a request.

use crate::settings::{AgentId, TenantId};

/// What a caller may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::TenantAdmin => "tenant_admin",
            Self::Operator => "operator",
            Self::Service => "service",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Agent, Self::TenantAdmin, Self::Operator, Self::Service].into_iter().find(|role| role.name() == name)
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// No role at all.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
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
    pub roles: Roles,
}

impl Caller {
    /// Whether the call came without credentials. A verifier gives every identity at least one role.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.roles == Roles::NONE
    }
}
