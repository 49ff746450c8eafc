//! The cache as [`SettingsStore`] and [`LearningStore`]: hands everything on, and forgets what a change may have made old, whether it was acknowledged,
//! refused or given up.

use std::time::SystemTime;

use super::Cache;
use crate::settings::{
    Agent, AgentFields, AgentId, AgentUpdate, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId,
    LearningStore, PageRequest, PagedItems, SettingsStore, StoreError, Tenant, TenantFields, TenantId, TenantUpdate,
    audit::{AuditEntry, AuditScope},
    learning::{DictionaryCandidate, SpellingFeedback},
    name::DictionaryCandidateId,
    store::{ChangeNotice, SettingsSnapshot, SettingsVersions},
};

/// Forgets the tenant when it is dropped: a client may hang up between the commit and the answer.
struct Changing<'c>(&'c Cache, &'c TenantId);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.0.forget(&ChangeNotice::Tenant(self.1.clone()));
    }
}

#[async_trait::async_trait]
impl SettingsStore for Cache {
    async fn get_tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.store.get_tenant(id).await
    }

    async fn list_tenants(&self, page: &PageRequest) -> Result<PagedItems<Tenant>, StoreError> {
        self.store.list_tenants(page).await
    }

    async fn create_tenant(
        &self,
        id: &TenantId,
        fields: &TenantFields,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        let _changing = Changing(self, id);
        self.store.create_tenant(id, fields, by).await
    }

    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        let _changing = Changing(self, id);
        self.store.update_tenant(id, change, etag, by).await
    }

    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &AuditContext) -> Result<(), StoreError> {
        let _changing = Changing(self, id);
        self.store.delete_tenant(id, etag, by).await
    }

    async fn get_agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        self.store.get_agent(tenant, id).await
    }

    async fn list_agents(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<Agent>, StoreError> {
        self.store.list_agents(tenant, page).await
    }

    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        let _changing = Changing(self, tenant);
        self.store.create_agent(tenant, id, fields, by).await
    }

    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        let _changing = Changing(self, tenant);
        self.store.update_agent(tenant, id, change, etag, by).await
    }

    async fn delete_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        etag: &str,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        let _changing = Changing(self, tenant);
        self.store.delete_agent(tenant, id, etag, by).await
    }

    fn check_line(&self, owner: &DictionaryOwner) -> Result<(), StoreError> {
        self.store.check_line(owner)
    }

    async fn list_words(
        &self,
        owner: &DictionaryOwner,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryWord>, StoreError> {
        self.store.list_words(owner, page).await
    }

    async fn create_word(
        &self,
        owner: &DictionaryOwner,
        text: &str,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        let _changing = Changing(self, &owner.tenant);
        self.store.create_word(owner, text, by).await
    }

    async fn create_words(
        &self,
        owner: &DictionaryOwner,
        texts: &[String],
        by: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        let _changing = Changing(self, &owner.tenant);
        self.store.create_words(owner, texts, by).await
    }

    async fn delete_word(
        &self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        let _changing = Changing(self, &owner.tenant);
        self.store.delete_word(owner, id, by).await
    }

    async fn list_audit_entries(
        &self,
        tenant: &TenantId,
        scope: AuditScope,
        page: &PageRequest,
    ) -> Result<PagedItems<AuditEntry>, StoreError> {
        self.store.list_audit_entries(tenant, scope, page).await
    }

    async fn get_versions(&self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
        self.store.get_versions(tenant).await
    }

    async fn get_snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError> {
        self.store.get_snapshot(tenant, agent, words_known).await
    }

    async fn watch_changes(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        self.store.watch_changes(tell).await;
    }
}

#[async_trait::async_trait]
impl LearningStore for Cache {
    async fn record_spelling_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        feedback: &[SpellingFeedback],
        now: SystemTime,
    ) -> Result<(), StoreError> {
        self.store.record_spelling_feedback(tenant, agent, feedback, now).await
    }

    async fn list_candidates(
        &self,
        tenant: &TenantId,
        min_agents: u32,
        now: SystemTime,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryCandidate>, StoreError> {
        self.store.list_candidates(tenant, min_agents, now, page).await
    }

    async fn accept_candidate(
        &self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        let _changing = Changing(self, tenant);
        self.store.accept_candidate(tenant, id, by).await
    }

    async fn dismiss_candidate(
        &self,
        tenant: &TenantId,
        id: DictionaryCandidateId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.store.dismiss_candidate(tenant, id, by).await
    }

    async fn delete_expired_candidates(&self, now: SystemTime) -> Result<u64, StoreError> {
        self.store.delete_expired_candidates(now).await
    }
}
