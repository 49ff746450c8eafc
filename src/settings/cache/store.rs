//! The cache as [`Store`]: hands everything on, and forgets what a change may have made old, whether it was acknowledged,
//! refused or given up.

use super::Cache;
use crate::settings::{
    Agent, AgentId, By, DictionaryWord, Owner, Page, Paged, Store, StoreError, Tenant, TenantId, WordId,
    audit::Entry,
    store::{AgentChange, AgentFields, Changed, Snapshot, TenantChange, TenantFields, Versions},
};

/// Forgets the tenant when it is dropped: a client may hang up between the commit and the answer.
struct Changing<'c>(&'c Cache, &'c TenantId);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.0.forget(&Changed::Tenant(self.1.clone()));
    }
}

#[async_trait::async_trait]
impl Store for Cache {
    async fn tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.store.tenant(id).await
    }

    async fn tenants(&self, page: &Page) -> Result<Paged<Tenant>, StoreError> {
        self.store.tenants(page).await
    }

    async fn create_tenant(&self, id: &TenantId, fields: &TenantFields, by: &By) -> Result<Tenant, StoreError> {
        let _changing = Changing(self, id);
        self.store.create_tenant(id, fields, by).await
    }

    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantChange,
        etag: &str,
        by: &By,
    ) -> Result<Tenant, StoreError> {
        let _changing = Changing(self, id);
        self.store.update_tenant(id, change, etag, by).await
    }

    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &By) -> Result<(), StoreError> {
        let _changing = Changing(self, id);
        self.store.delete_tenant(id, etag, by).await
    }

    async fn agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        self.store.agent(tenant, id).await
    }

    async fn agents(&self, tenant: &TenantId, page: &Page) -> Result<Paged<Agent>, StoreError> {
        self.store.agents(tenant, page).await
    }

    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &By,
    ) -> Result<Agent, StoreError> {
        let _changing = Changing(self, tenant);
        self.store.create_agent(tenant, id, fields, by).await
    }

    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentChange,
        etag: &str,
        by: &By,
    ) -> Result<Agent, StoreError> {
        let _changing = Changing(self, tenant);
        self.store.update_agent(tenant, id, change, etag, by).await
    }

    async fn delete_agent(&self, tenant: &TenantId, id: &AgentId, etag: &str, by: &By) -> Result<(), StoreError> {
        let _changing = Changing(self, tenant);
        self.store.delete_agent(tenant, id, etag, by).await
    }

    async fn words(&self, owner: &Owner, page: &Page) -> Result<Paged<DictionaryWord>, StoreError> {
        self.store.words(owner, page).await
    }

    async fn create_word(&self, owner: &Owner, text: &str, by: &By) -> Result<DictionaryWord, StoreError> {
        let _changing = Changing(self, &owner.tenant);
        self.store.create_word(owner, text, by).await
    }

    async fn add_words(&self, owner: &Owner, texts: &[String], by: &By) -> Result<Vec<DictionaryWord>, StoreError> {
        let _changing = Changing(self, &owner.tenant);
        self.store.add_words(owner, texts, by).await
    }

    async fn delete_word(&self, owner: &Owner, id: WordId, by: &By) -> Result<(), StoreError> {
        let _changing = Changing(self, &owner.tenant);
        self.store.delete_word(owner, id, by).await
    }

    async fn audit_entries(&self, tenant: &TenantId, page: &Page) -> Result<Paged<Entry>, StoreError> {
        self.store.audit_entries(tenant, page).await
    }

    async fn versions(&self, tenant: &TenantId) -> Result<Option<Versions>, StoreError> {
        self.store.versions(tenant).await
    }

    async fn snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<Snapshot>, StoreError> {
        self.store.snapshot(tenant, agent, words_known).await
    }

    async fn watch(&self, tell: &(dyn Fn(Changed) + Send + Sync)) {
        self.store.watch(tell).await;
    }
}
