//! A tenant: a customer of the contact centre, and what is on for it.

use std::time::SystemTime;

use super::{TenantFields, TenantId};

/// A customer of the contact centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Which.
    pub id: TenantId,
    /// Changes with every change; opaque.
    pub etag: String,
    /// What is decided about it.
    pub fields: TenantFields,
    /// How many agents have Intelligent Recognition on.
    pub intelligent_agent_count: u32,
    /// When it was created, in whole milliseconds.
    pub created: SystemTime,
    /// When it was last changed, in whole milliseconds.
    pub updated: SystemTime,
}
