//! An agent: a person who answers customers, and the agent's switches.

use std::time::SystemTime;

use super::{AgentFields, AgentId, TenantId};

/// A person who answers customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Whose.
    pub tenant: TenantId,
    /// Which, in the tenant.
    pub id: AgentId,
    /// Changes with every change; opaque.
    pub etag: String,
    /// What is decided about the agent.
    pub fields: AgentFields,
    /// When it was created, in whole milliseconds.
    pub created: SystemTime,
    /// When it was last changed, in whole milliseconds.
    pub updated: SystemTime,
}
