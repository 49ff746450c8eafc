//! [`SettingsStore`] over any engine: a transaction for each question and each change, none of which takes too long. What is read is
//! in `lists`, what is changed in `changes`.

use std::time::Duration;

use super::{changes, engine::DatabaseEngine, lists};
use crate::settings::{
    Agent, AgentFields, AgentId, AgentUpdate, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId,
    PageRequest, PagedItems, SettingsStore, StoreError, Tenant, TenantFields, TenantId, TenantUpdate,
    audit::AuditEntry,
    store::{ChangeNotice, SettingsSnapshot, SettingsVersions},
};

/// A store over an engine.
#[derive(Debug)]
pub struct DatabaseStore {
    pub(super) engine: Box<dyn DatabaseEngine>,
    timeout: Duration,
}

impl DatabaseStore {
    /// Nothing that is asked of it takes longer than `timeout`.
    pub fn new(engine: impl DatabaseEngine, timeout: Duration) -> Self {
        Self { engine: Box::new(engine), timeout }
    }

    pub(super) async fn within<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        tokio::time::timeout(self.timeout, work).await.unwrap_or_else(|_| {
            tracing::warn!(timeout = ?self.timeout, "the settings store does not answer in time");
            Err(StoreError::Unavailable)
        })
    }
}

#[async_trait::async_trait]
impl SettingsStore for DatabaseStore {
    async fn get_tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.within(async { self.engine.read().await?.get_tenant(id).await }).await
    }

    async fn list_tenants(&self, page: &PageRequest) -> Result<PagedItems<Tenant>, StoreError> {
        self.within(async { lists::list_tenants(self.engine.read().await?, page).await }).await
    }

    async fn create_tenant(
        &self,
        id: &TenantId,
        fields: &TenantFields,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        self.within(async { changes::create_tenant(self.engine.write().await?, id, fields, by).await }).await
    }

    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        self.within(async { changes::update_tenant(self.engine.write().await?, id, change, etag, by).await }).await
    }

    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &AuditContext) -> Result<(), StoreError> {
        self.within(async { changes::delete_tenant(self.engine.write().await?, id, etag, by).await }).await
    }

    async fn get_agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        self.within(async { self.engine.read().await?.get_agent(tenant, id).await }).await
    }

    async fn list_agents(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<Agent>, StoreError> {
        self.within(async { lists::list_agents(self.engine.read().await?, tenant, page).await }).await
    }

    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.within(async { changes::create_agent(self.engine.write().await?, tenant, id, fields, by).await }).await
    }

    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.within(async { changes::update_agent(self.engine.write().await?, tenant, id, change, etag, by).await })
            .await
    }

    async fn delete_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        etag: &str,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.within(async { changes::delete_agent(self.engine.write().await?, tenant, id, etag, by).await }).await
    }

    async fn list_words(
        &self,
        owner: &DictionaryOwner,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryWord>, StoreError> {
        let after = lists::key(page, 0)?;
        self.within(async { lists::list_words(self.engine.read().await?, owner, page, after).await }).await
    }

    async fn create_word(
        &self,
        owner: &DictionaryOwner,
        text: &str,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        self.within(async { changes::create_word(self.engine.write().await?, owner, text, by).await }).await
    }

    async fn create_words(
        &self,
        owner: &DictionaryOwner,
        texts: &[String],
        by: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        self.within(async { changes::create_words(self.engine.write().await?, owner, texts, by).await }).await
    }

    async fn delete_word(
        &self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.within(async { changes::delete_word(self.engine.write().await?, owner, id, by).await }).await
    }

    async fn list_audit_entries(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<PagedItems<AuditEntry>, StoreError> {
        let before = lists::key(page, i64::MAX)?;
        self.within(async { lists::list_audit_entries(self.engine.read().await?, tenant, page, before).await }).await
    }

    async fn get_versions(&self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
        self.within(async { self.engine.read().await?.get_versions(tenant).await }).await
    }

    async fn get_snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError> {
        self.within(async { lists::get_snapshot(self.engine.read().await?, tenant, agent, words_known).await }).await
    }

    async fn watch_changes(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        self.engine.watch(tell).await;
    }
}
