//! An agent: a person who answers customers, and the agent's switches.

use std::time::SystemTime;

use super::{AgentId, TenantId};

/// What an agent may handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgentType {
    /// Calls.
    Audio,
    /// Video calls.
    Video,
    /// Text channels.
    Multimedia,
    /// All of them.
    Versatile,
}

/// A person who answers customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Whose.
    pub tenant: TenantId,
    /// Which, in the tenant.
    pub id: AgentId,
    /// Changes with every change; opaque.
    pub etag: String,
    /// What the agent may handle. The operator's.
    pub kind: AgentType,
    /// The Intelligent Recognition switch. The tenant administrator's.
    pub intelligent_recognition: bool,
    /// The Reply polishing switch. The tenant administrator's.
    pub reply_polishing: bool,
    /// When it was created, in whole milliseconds.
    pub created: SystemTime,
    /// When it was last changed, in whole milliseconds.
    pub updated: SystemTime,
}
