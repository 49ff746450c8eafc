//! The audit log: who changed what, and when. Written with the change itself or not at all.

use std::time::SystemTime;

use super::TenantId;

/// Who makes a change, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditContext {
    /// The subject of the credentials.
    pub actor: String,
    /// The id of the call.
    pub request_id: String,
    /// When the call came in.
    pub time: SystemTime,
}

/// Whose log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditScope {
    /// Of the tenant that has the id now, from its creation on: what its administrators may know.
    Tenant,
    /// Of all tenants that ever had the id, also if there is none now.
    Id,
}

/// What happened to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// It is new.
    Create,
    /// One field has changed.
    Update,
    /// It is gone.
    Delete,
}

impl AuditAction {
    /// Its word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The action of a word in the store.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Delete].into_iter().find(|action| action.as_str() == word)
    }
}

/// One change of one field, or of a resource as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Ascends within a tenant in the order in which changes are made.
    pub id: i64,
    /// Whose settings.
    pub tenant: TenantId,
    /// Who and when.
    pub by: AuditContext,
    /// What was done.
    pub change: ResourceChange,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceChange {
    /// The name of the resource.
    pub resource: String,
    /// What happened to it.
    pub action: AuditAction,
    /// The field of an update; empty for the rest.
    pub field: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}
