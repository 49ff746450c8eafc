//! Where settings are kept: the trait of a store, and the changes that it takes. Each change is one transaction, with its
//! lines of the audit log. Knows no database and no rights: whoever calls has been judged.

use super::{
    Agent, AgentFields, AgentId, AgentUpdate, DictionaryOwner, DictionaryWord, DictionaryWordId, LearningStore,
    PageRequest, PagedItems, StoreError, Tenant, TenantFields, TenantId, TenantUpdate,
    audit::{AuditContext, AuditEntry, AuditScope},
};

/// How often a tenant's settings have changed, as far as a cache must know: equal versions mean equal settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingsVersions {
    /// Of the tenant, its agents and all their words together.
    pub settings: i64,
    /// Of the tenant's own words.
    pub words: i64,
}

/// What a cache reads, all of the same instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsSnapshot {
    /// As of when.
    pub versions: SettingsVersions,
    /// The tenant.
    pub tenant: Tenant,
    /// The agent bound to the tenant administrator, if the tenant names one and it exists.
    pub administrator_agent: Option<Agent>,
    /// The tenant's words; `None`: they are of the version that the cache has.
    pub words: Option<Vec<String>>,
    /// The agent that was asked for, if it exists.
    pub agent: Option<Agent>,
    /// Its words.
    pub agent_words: Vec<String>,
}

/// What another replica may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeNotice {
    /// Something of this tenant.
    Tenant(TenantId),
    /// Anything: news may have been missed.
    Anything,
}

/// A store of settings.
///
/// An empty `etag` fits every resource. An update that changes nothing writes nothing. [`StoreError::NotFound`] also stands
/// for a missing parent, [`StoreError::Unavailable`] may be the answer to everything.
#[async_trait::async_trait]
pub trait SettingsStore: LearningStore {
    /// One tenant.
    async fn get_tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError>;

    /// All tenants, by id.
    async fn list_tenants(&self, page: &PageRequest) -> Result<PagedItems<Tenant>, StoreError>;

    /// Adds a tenant.
    async fn create_tenant(
        &self,
        id: &TenantId,
        fields: &TenantFields,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError>;

    /// Changes a tenant.
    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError>;

    /// Removes a tenant, its agents and their words; the audit log stays.
    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &AuditContext) -> Result<(), StoreError>;

    /// One agent.
    async fn get_agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError>;

    /// The agents of a tenant, by id.
    async fn list_agents(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<Agent>, StoreError>;

    /// Adds an agent. One with Intelligent Recognition on counts against the tenant's limit.
    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &AuditContext,
    ) -> Result<Agent, StoreError>;

    /// Changes an agent. Turning Intelligent Recognition on counts against the tenant's limit, in the transaction that locks
    /// the tenant: of two at the last place, one is refused.
    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Agent, StoreError>;

    /// Removes an agent and its words.
    async fn delete_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        etag: &str,
        by: &AuditContext,
    ) -> Result<(), StoreError>;

    /// Whether a change of these words would find room in its line, before ten thousand of them are looked at. It may be otherwise when
    /// the change is made.
    fn check_line(&self, owner: &DictionaryOwner) -> Result<(), StoreError>;

    /// The words of a tenant or of an agent, in the order in which they were added.
    async fn list_words(
        &self,
        owner: &DictionaryOwner,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryWord>, StoreError>;

    /// Adds a word that is not there yet.
    async fn create_word(
        &self,
        owner: &DictionaryOwner,
        text: &str,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError>;

    /// Adds words, all or none; those that are there already stay as they are. Answers in the order of the texts.
    async fn create_words(
        &self,
        owner: &DictionaryOwner,
        texts: &[String],
        by: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError>;

    /// Removes a word.
    async fn delete_word(
        &self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
        by: &AuditContext,
    ) -> Result<(), StoreError>;

    /// The audit log of a tenant, newest first.
    async fn list_audit_entries(
        &self,
        tenant: &TenantId,
        scope: AuditScope,
        page: &PageRequest,
    ) -> Result<PagedItems<AuditEntry>, StoreError>;

    /// The versions of a tenant's settings; the cheapest question to the store. `None`: there is no such tenant.
    async fn get_versions(&self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError>;

    /// What a cache keeps of a tenant and, if one is named, of an agent. The tenant's words are left out if the cache has them
    /// in this version. `None`: there is no such tenant.
    async fn get_snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError>;

    /// Tells of changes by others, as soon as they are known, until it is dropped. A store without news never calls.
    async fn watch_changes(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync));
}
