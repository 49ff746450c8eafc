//! Who may what: one table, from which calls are judged and `docs/permissions.md` is printed. Pure; knows no store, so that
//! an answer never depends on whether a resource exists.

use std::fmt::Write as _;

use super::{Caller, Role};
use crate::settings::{
    AgentId, TenantId,
    fields::{AgentField, Field as _, FieldOwner, FieldRow, TenantField},
};

/// Why a caller may not. None of the three depends on whether the resource exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no identity, and this needs one.
    #[error("this call needs an identity")]
    Unauthenticated,
    /// The identity may not do this, here or anywhere, or not to this resource of its own tenant.
    #[error("the caller may not do this")]
    Forbidden,
    /// The identity may do this, but not in that tenant: to be answered exactly as if the resource were missing.
    #[error("the resource does not exist")]
    Hidden,
}

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessTarget<'a> {
    /// The caller itself, or its tenant's texts: spelling and polishing, which name no resource.
    Caller,
    /// All tenants together.
    AllTenants,
    /// A tenant, or what belongs to it and to no agent, by the name in the request.
    Tenant(&'a TenantId),
    /// An agent or what belongs to it, by the name in the request.
    Agent(&'a TenantId, &'a AgentId),
}

impl<'a> AccessTarget<'a> {
    /// The agent, if one is named, else the tenant.
    #[must_use]
    pub const fn new(tenant: &'a TenantId, agent: Option<&'a AgentId>) -> Self {
        match agent {
            None => Self::Tenant(tenant),
            Some(agent) => Self::Agent(tenant, agent),
        }
    }
}

/// How far a role reaches with a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nowhere.
    No,
    /// The calling agent itself and what belongs to it.
    OwnAgent,
    /// The caller's tenant and all that belongs to it.
    OwnTenant,
    /// Every tenant.
    Everything,
}

macro_rules! methods {
    ($($service:ident { $($name:ident: $agent:ident, $admin:ident, $operator:ident, $back:ident;)* })*) => {
        /// A method of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Method {
            $($($name,)*)*
        }

        /// The table. One row a method: how far agents, tenant administrators, operators and services reach.
        const TABLE: &[PermissionRow] = &[$($(PermissionRow {
            method: Method::$name,
            service: stringify!($service),
            name: stringify!($name),
            path: concat!("/vermilion.v1.", stringify!($service), "/", stringify!($name)),
            reach: [Reach::$agent, Reach::$admin, Reach::$operator, Reach::$back],
        },)*)*];
    };
}

methods! {
    // method: agent, tenant_admin, operator, service
    SpellingService {
        CheckSpelling: OwnAgent, OwnTenant, Everything, OwnTenant;
        GetSuggestions: OwnAgent, OwnTenant, Everything, OwnTenant;
        RecordSpellingFeedback: OwnAgent, No, No, No;
    }
    PolishingService {
        GetPolishingAvailability: OwnAgent, No, No, No;
        PolishReply: OwnAgent, No, No, No;
        StreamPolishReply: OwnAgent, No, No, No;
        RecordPolishFeedback: OwnAgent, No, No, No;
    }
    SettingsService {
        GetTenant: OwnTenant, OwnTenant, Everything, No;
        ListTenants: No, No, Everything, No;
        CreateTenant: No, No, Everything, No;
        UpdateTenant: No, OwnTenant, Everything, No;
        DeleteTenant: No, No, Everything, No;
        GetAgent: OwnAgent, OwnTenant, Everything, No;
        ListAgents: No, OwnTenant, Everything, No;
        CreateAgent: No, No, Everything, No;
        UpdateAgent: No, OwnTenant, Everything, No;
        DeleteAgent: No, No, Everything, No;
        ListDictionaryWords: OwnAgent, OwnTenant, Everything, No;
        CreateDictionaryWord: OwnAgent, OwnTenant, No, No;
        BatchCreateDictionaryWords: OwnAgent, OwnTenant, No, No;
        DeleteDictionaryWord: OwnAgent, OwnTenant, No, No;
        ListDictionaryCandidates: No, OwnTenant, Everything, No;
        AcceptDictionaryCandidate: No, OwnTenant, No, No;
        DismissDictionaryCandidate: No, OwnTenant, No, No;
        ListAuditEntries: No, OwnTenant, Everything, No;
    }
    CallerService {
        GetCaller: OwnAgent, OwnTenant, Everything, OwnTenant;
    }
}

/// In the order of the table's columns.
const ROLES: [Role; 4] = [Role::Agent, Role::TenantAdmin, Role::Operator, Role::Service];

/// What a caller without credentials may call, if `auth.anonymous_spelling` is on.
const ANONYMOUS: [Method; 2] = [Method::CheckSpelling, Method::GetSuggestions];

struct PermissionRow {
    method: Method,
    service: &'static str,
    name: &'static str,
    path: &'static str,
    reach: [Reach; ROLES.len()],
}

impl Method {
    /// Every method, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.method)
    }

    /// The method that is called at a path, such as `/vermilion.v1.SettingsService/GetTenant`.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.path == path).map(|row| row.method)
    }

    /// Where it is called.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.row().path
    }

    /// Whether a caller without credentials may call it, where that is allowed at all.
    #[must_use]
    pub fn is_anonymous(self) -> bool {
        ANONYMOUS.contains(&self)
    }

    /// How far a role reaches with it.
    #[must_use]
    pub fn reach(self, role: Role) -> Reach {
        self.row().reach[role as usize]
    }

    fn row(self) -> &'static PermissionRow {
        &TABLE[self as usize]
    }
}

/// A field that an update may change, from the tables in `settings/fields.rs`. What is not there is output only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateField {
    /// Of `UpdateTenant`.
    Tenant(TenantField),
    /// Of `UpdateAgent`.
    Agent(AgentField),
}

/// A kind of resource with fields that an update may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// `UpdateTenant`.
    Tenant,
    /// `UpdateAgent`.
    Agent,
}

impl UpdateField {
    /// Every field, in the order of the tables.
    pub fn all() -> impl Iterator<Item = Self> {
        let tenant = TenantField::ALL.iter().copied().map(Self::Tenant);
        tenant.chain(AgentField::ALL.iter().copied().map(Self::Agent))
    }

    /// The field that a path of an update mask names.
    #[must_use]
    pub fn at(resource: Resource, path: &str) -> Option<Self> {
        match resource {
            Resource::Tenant => TenantField::at(path).map(Self::Tenant),
            Resource::Agent => AgentField::at(path).map(Self::Agent),
        }
    }

    /// Its path in an update mask.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.row().path
    }

    /// Of which resource.
    #[must_use]
    pub const fn resource(self) -> Resource {
        match self {
            Self::Tenant(_) => Resource::Tenant,
            Self::Agent(_) => Resource::Agent,
        }
    }

    /// Who alone may change it once the resource exists.
    #[must_use]
    pub fn owner(self) -> Role {
        match self.row().owner {
            FieldOwner::Operator => Role::Operator,
            FieldOwner::TenantAdmin => Role::TenantAdmin,
        }
    }

    fn row(self) -> &'static FieldRow {
        match self {
            Self::Tenant(field) => field.row(),
            Self::Agent(field) => field.row(),
        }
    }
}

/// Judges a call by the table: the first thing that a handler does once it has read the names in the request.
///
/// # Errors
/// [`Denied`], which must be answered before the store is asked for the resource.
pub fn authorize(caller: &Caller, method: Method, target: AccessTarget<'_>) -> Result<(), Denied> {
    if caller.is_anonymous() {
        // That anonymous calls are allowed at all is for the authenticator to say: else there is no such caller.
        let open = method.is_anonymous() && target == AccessTarget::Caller;
        return if open { Ok(()) } else { Err(Denied::Unauthenticated) };
    }
    if ROLES.into_iter().any(|role| reaches(caller, role, method.reach(role), target)) {
        return Ok(());
    }
    let foreign = match target {
        AccessTarget::Caller | AccessTarget::AllTenants => false,
        AccessTarget::Tenant(tenant) | AccessTarget::Agent(tenant, _) => caller.tenant.as_ref() != Some(tenant),
    };
    Err(if foreign && may_call(caller, method) { Denied::Hidden } else { Denied::Forbidden })
}

/// Judges the change of one field by an update that [`authorize`] has let through. (Who creates a tenant or an agent sets
/// all its fields; later each has its owner.)
///
/// # Errors
/// [`Denied`], as from [`authorize`].
pub fn authorize_change(caller: &Caller, field: UpdateField, target: AccessTarget<'_>) -> Result<(), Denied> {
    let method = match field.resource() {
        Resource::Tenant => Method::UpdateTenant,
        Resource::Agent => Method::UpdateAgent,
    };
    authorize(caller, method, target)?;
    let owner = field.owner();
    if reaches(caller, owner, method.reach(owner), target) { Ok(()) } else { Err(Denied::Forbidden) }
}

/// Whether the caller may call the method on anything at all.
#[must_use]
pub fn may_call(caller: &Caller, method: Method) -> bool {
    if caller.is_anonymous() {
        return method.is_anonymous();
    }
    ROLES.into_iter().any(|role| caller.roles.contains(role) && method.reach(role) != Reach::No)
}

fn reaches(caller: &Caller, role: Role, reach: Reach, target: AccessTarget<'_>) -> bool {
    if !caller.roles.contains(role) {
        return false;
    }
    let (tenant, agent) = (caller.tenant.as_ref(), caller.agent.as_ref());
    match (reach, target) {
        (Reach::No, _) => false,
        (Reach::OwnAgent, AccessTarget::Caller) => tenant.is_some() && agent.is_some(),
        (Reach::OwnAgent, AccessTarget::Agent(owner, named)) => tenant == Some(owner) && agent == Some(named),
        (Reach::OwnAgent, AccessTarget::Tenant(_) | AccessTarget::AllTenants) => false,
        (Reach::OwnTenant, AccessTarget::Caller) => tenant.is_some(),
        (Reach::OwnTenant, AccessTarget::Tenant(owner) | AccessTarget::Agent(owner, _)) => tenant == Some(owner),
        (Reach::OwnTenant, AccessTarget::AllTenants) => false,
        (Reach::Everything, _) => true,
    }
}

/// `docs/permissions.md`.
#[must_use]
pub fn markdown() -> String {
    let mut page = INTRODUCTION.to_owned();
    for row in TABLE {
        let anonymous = if row.method.is_anonymous() { "if allowed" } else { "-" };
        let _ = write!(page, "| {}.{} ", row.service, row.name);
        for reach in row.reach {
            let cell = match reach {
                Reach::No => "-",
                Reach::OwnAgent => "own",
                Reach::OwnTenant => "own tenant",
                Reach::Everything => "all",
            };
            let _ = write!(page, "| {cell} ");
        }
        let _ = writeln!(page, "| {anonymous} |");
    }
    page += FIELDS_INTRODUCTION;
    for field in UpdateField::all() {
        let resource = match field.resource() {
            Resource::Tenant => "Tenant",
            Resource::Agent => "Agent",
        };
        let _ = writeln!(page, "| {resource}.{} | {} |", field.path(), field.owner().name());
    }
    page
}

const INTRODUCTION: &str = "\
# Who may what

Printed from the tables in `src/auth/permissions.rs` and, for fields, `src/settings/fields.rs`, by which every call is judged; a test holds
them together.

*own*: the calling agent itself and what belongs to it. *own tenant*: the caller's tenant and all that belongs to it, its
agents and their words included. *all*: every tenant. Operators read everything and change only what is theirs.

A caller with several roles may do what any of them may. What a role may not do at all, or not to this resource of its own
tenant, is PERMISSION_DENIED; what it may do, but not in that tenant, is answered exactly like a missing resource; whether the
resource exists makes no difference to either. *anonymous* is a call without credentials: spelling, if
`auth.anonymous_spelling` is on, else UNAUTHENTICATED. Health and reflection need no identity.

| method | agent | tenant_admin | operator | service | anonymous |
|---|---|---|---|---|---|
";

const FIELDS_INTRODUCTION: &str = "
Who creates a tenant or an agent sets all its fields. Afterwards each field is changed by its owner alone:

| field | owner |
|---|---|
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_stand_in_the_order_of_their_methods_and_fields_have_paths_of_their_own() {
        for (n, method) in Method::all().enumerate() {
            assert_eq!(method as usize, n);
            assert_eq!(Method::at(method.path()), Some(method));
        }
        for field in UpdateField::all() {
            assert_eq!(UpdateField::at(field.resource(), field.path()), Some(field));
        }
        for (n, role) in ROLES.into_iter().enumerate() {
            assert_eq!(role as usize, n);
        }
    }

    #[test]
    fn unknown_paths_are_no_methods_and_output_only_fields_no_fields() {
        for path in ["", "/", "/vermilion.v1.SettingsService/", "/vermilion.v1.SettingsService/gettenant", "GetTenant"]
        {
            assert_eq!(Method::at(path), None, "{path}");
        }
        for path in ["*", "", "name", "etag", "create_time", "intelligent_agent_count", "type", "LANGUAGE_CODE"] {
            assert_eq!(UpdateField::at(Resource::Tenant, path), None, "{path}");
        }
    }
}
