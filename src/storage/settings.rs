//! [`SettingsStore`] over any engine: what is read, page by page; what is changed is in `changes`.

use std::time::Duration;

use super::session::{DatabaseEngine, StoreTransaction as _};
use crate::settings::{
    Agent, AgentId, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, PageRequest, PagedItems,
    SettingsStore, StoreError, Tenant, TenantId,
    audit::AuditEntry,
    page::InvalidPageToken,
    store::{AgentFields, AgentUpdate, ChangeNotice, SettingsSnapshot, SettingsVersions, TenantFields, TenantUpdate},
};

/// A store over an engine.
#[derive(Debug)]
pub struct DatabaseStore<E> {
    pub(super) engine: E,
    timeout: Duration,
}

impl<E: DatabaseEngine> DatabaseStore<E> {
    /// Nothing that is asked of it takes longer than `timeout`.
    pub const fn new(engine: E, timeout: Duration) -> Self {
        Self { engine, timeout }
    }

    pub(super) async fn within<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        tokio::time::timeout(self.timeout, work).await.unwrap_or_else(|_| {
            tracing::warn!(timeout = ?self.timeout, "the settings store does not answer in time");
            Err(StoreError::Unavailable)
        })
    }

    async fn read_snapshot(
        &self,
        id: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError> {
        let mut session = self.engine.read().await?;
        let (Some(versions), Some(tenant)) = (session.versions(id).await?, session.tenant(id).await?) else {
            return Ok(None);
        };
        let administrator_agent = match &tenant.administrator_agent {
            Some(administrator) => session.agent(id, administrator).await?,
            None => None,
        };
        let words = if words_known == Some(versions.words) {
            None
        } else {
            Some(session.word_texts(&DictionaryOwner::tenant(id.clone())).await?)
        };
        let (mut found, mut agent_words) = (None, Vec::new());
        if let Some(agent) = agent {
            found = session.agent(id, agent).await?;
            agent_words = session.word_texts(&DictionaryOwner::agent(id.clone(), agent.clone())).await?;
        }
        Ok(Some(SettingsSnapshot { versions, tenant, administrator_agent, words, agent: found, agent_words }))
    }

    async fn list_tenants(&self, page: &PageRequest) -> Result<PagedItems<Tenant>, StoreError> {
        let after = page.after.as_deref().unwrap_or_default();
        let items = self.engine.read().await?.tenants_after(after, one_more(page)).await?;
        Ok(PagedItems::from_overfetched(items, page.size, |tenant| tenant.id.to_string()))
    }

    async fn list_agents(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<Agent>, StoreError> {
        let after = page.after.as_deref().unwrap_or_default();
        let mut session = self.engine.read().await?;
        let items = session.agents_after(tenant, after, one_more(page)).await?;
        if items.is_empty() && session.versions(tenant).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        Ok(PagedItems::from_overfetched(items, page.size, |agent| agent.id.to_string()))
    }

    async fn list_words(
        &self,
        owner: &DictionaryOwner,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryWord>, StoreError> {
        let after = key(page, 0)?;
        let mut session = self.engine.read().await?;
        let items = session.words_after(owner, after, one_more(page)).await?;
        let exists = match &owner.agent {
            _ if !items.is_empty() => true,
            None => session.versions(&owner.tenant).await?.is_some(),
            Some(agent) => session.agent(&owner.tenant, agent).await?.is_some(),
        };
        if exists {
            Ok(PagedItems::from_overfetched(items, page.size, |word| word.id.to_string()))
        } else {
            Err(StoreError::NotFound)
        }
    }

    async fn list_entries(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<AuditEntry>, StoreError> {
        let before = key(page, i64::MAX)?;
        let mut session = self.engine.read().await?;
        let items = session.entries_before(tenant, before, one_more(page)).await?;
        if items.is_empty() && session.versions(tenant).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        Ok(PagedItems::from_overfetched(items, page.size, |entry| entry.id.to_string()))
    }
}

#[async_trait::async_trait]
impl<E: DatabaseEngine> SettingsStore for DatabaseStore<E> {
    async fn get_tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.within(async { self.engine.read().await?.tenant(id).await }).await
    }

    async fn list_tenants(&self, page: &PageRequest) -> Result<PagedItems<Tenant>, StoreError> {
        self.within(self.list_tenants(page)).await
    }

    async fn create_tenant(
        &self,
        id: &TenantId,
        fields: &TenantFields,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        self.within(self.add_tenant(id, fields, by)).await
    }

    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        self.within(self.change_tenant(id, change, etag, by)).await
    }

    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &AuditContext) -> Result<(), StoreError> {
        self.within(self.remove_tenant(id, etag, by)).await
    }

    async fn get_agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        self.within(async { self.engine.read().await?.agent(tenant, id).await }).await
    }

    async fn list_agents(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<Agent>, StoreError> {
        self.within(self.list_agents(tenant, page)).await
    }

    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.within(self.add_agent(tenant, id, fields, by)).await
    }

    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.within(self.change_agent(tenant, id, change, etag, by)).await
    }

    async fn delete_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        etag: &str,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.within(self.remove_agent(tenant, id, etag, by)).await
    }

    async fn list_words(
        &self,
        owner: &DictionaryOwner,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryWord>, StoreError> {
        self.within(self.list_words(owner, page)).await
    }

    async fn create_word(
        &self,
        owner: &DictionaryOwner,
        text: &str,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        self.within(self.add_one_word(owner, text, by)).await
    }

    async fn create_words(
        &self,
        owner: &DictionaryOwner,
        texts: &[String],
        by: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        self.within(self.add_all_words(owner, texts, by)).await
    }

    async fn delete_word(
        &self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.within(self.remove_word(owner, id, by)).await
    }

    async fn list_audit_entries(
        &self,
        tenant: &TenantId,
        page: &PageRequest,
    ) -> Result<PagedItems<AuditEntry>, StoreError> {
        self.within(self.list_entries(tenant, page)).await
    }

    async fn versions(&self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
        self.within(async { self.engine.read().await?.versions(tenant).await }).await
    }

    async fn snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError> {
        self.within(self.read_snapshot(tenant, agent, words_known)).await
    }

    async fn watch_changes(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        self.engine.watch(tell).await;
    }
}

/// One item more than the page holds shows whether there is a next page.
fn one_more(page: &PageRequest) -> i64 {
    i64::from(page.size) + 1
}

/// The key of a list that is ordered by number.
fn key(page: &PageRequest, first: i64) -> Result<i64, StoreError> {
    page.after.as_ref().map_or(Ok(first), |key| key.parse().map_err(|_| InvalidPageToken.into()))
}
