//! A tenant: a customer of the contact centre, and what is on for it.

use std::time::SystemTime;

use super::{AgentId, TenantId};

/// A customer of the contact centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Which.
    pub id: TenantId,
    /// Changes with every change; opaque.
    pub etag: String,
    /// The Refine response feature. The operator's.
    pub refine_response_enabled: bool,
    /// The agent bound to the tenant administrator. The operator's.
    pub administrator_agent: Option<AgentId>,
    /// How many agents may have Intelligent Recognition on at once. The operator's.
    pub intelligent_agent_limit: u32,
    /// How many have it on.
    pub intelligent_agent_count: u32,
    /// BCP 47 tag of the language of its texts; empty: none. The tenant administrator's.
    pub language_code: String,
    /// Polishes in one conversation. The tenant administrator's.
    pub conversation_polish_limit: u32,
    /// Polishes of one agent in one UTC day. The operator's.
    pub agent_daily_polish_limit: u32,
    /// Polishes of the whole tenant in one UTC day. The operator's.
    pub tenant_daily_polish_limit: u32,
    /// When it was created, in whole milliseconds.
    pub created: SystemTime,
    /// When it was last changed, in whole milliseconds.
    pub updated: SystemTime,
}
