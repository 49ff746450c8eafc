//! [`Store`] over any engine: what is read, page by page; what is changed is in `changes`.

use std::time::Duration;

use super::session::{Engine, Session as _};
use crate::settings::{
    Agent, AgentId, By, DictionaryWord, Owner, Page, Paged, Store, StoreError, Tenant, TenantId, WordId,
    audit::Entry,
    page::InvalidToken,
    store::{AgentChange, AgentFields, Changed, Snapshot, TenantChange, TenantFields, Versions},
};

/// A store over an engine.
#[derive(Debug)]
pub struct Database<E> {
    pub(super) engine: E,
    timeout: Duration,
}

impl<E: Engine> Database<E> {
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
    ) -> Result<Option<Snapshot>, StoreError> {
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
            Some(session.word_texts(&Owner::tenant(id.clone())).await?)
        };
        let (mut found, mut agent_words) = (None, Vec::new());
        if let Some(agent) = agent {
            found = session.agent(id, agent).await?;
            agent_words = session.word_texts(&Owner::agent(id.clone(), agent.clone())).await?;
        }
        Ok(Some(Snapshot { versions, tenant, administrator_agent, words, agent: found, agent_words }))
    }

    async fn list_tenants(&self, page: &Page) -> Result<Paged<Tenant>, StoreError> {
        let after = page.after.as_deref().unwrap_or_default();
        let items = self.engine.read().await?.tenants_after(after, one_more(page)).await?;
        Ok(Paged::cut(items, page.size, |tenant| tenant.id.to_string()))
    }

    async fn list_agents(&self, tenant: &TenantId, page: &Page) -> Result<Paged<Agent>, StoreError> {
        let after = page.after.as_deref().unwrap_or_default();
        let mut session = self.engine.read().await?;
        let items = session.agents_after(tenant, after, one_more(page)).await?;
        if items.is_empty() && session.versions(tenant).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        Ok(Paged::cut(items, page.size, |agent| agent.id.to_string()))
    }

    async fn list_words(&self, owner: &Owner, page: &Page) -> Result<Paged<DictionaryWord>, StoreError> {
        let after = key(page, 0)?;
        let mut session = self.engine.read().await?;
        let items = session.words_after(owner, after, one_more(page)).await?;
        let exists = match &owner.agent {
            _ if !items.is_empty() => true,
            None => session.versions(&owner.tenant).await?.is_some(),
            Some(agent) => session.agent(&owner.tenant, agent).await?.is_some(),
        };
        if exists { Ok(Paged::cut(items, page.size, |word| word.id.to_string())) } else { Err(StoreError::NotFound) }
    }

    async fn list_entries(&self, tenant: &TenantId, page: &Page) -> Result<Paged<Entry>, StoreError> {
        let before = key(page, i64::MAX)?;
        let mut session = self.engine.read().await?;
        let items = session.entries_before(tenant, before, one_more(page)).await?;
        if items.is_empty() && session.versions(tenant).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        Ok(Paged::cut(items, page.size, |entry| entry.id.to_string()))
    }
}

#[async_trait::async_trait]
impl<E: Engine> Store for Database<E> {
    async fn tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.within(async { self.engine.read().await?.tenant(id).await }).await
    }

    async fn tenants(&self, page: &Page) -> Result<Paged<Tenant>, StoreError> {
        self.within(self.list_tenants(page)).await
    }

    async fn create_tenant(&self, id: &TenantId, fields: &TenantFields, by: &By) -> Result<Tenant, StoreError> {
        self.within(self.add_tenant(id, fields, by)).await
    }

    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantChange,
        etag: &str,
        by: &By,
    ) -> Result<Tenant, StoreError> {
        self.within(self.change_tenant(id, change, etag, by)).await
    }

    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &By) -> Result<(), StoreError> {
        self.within(self.remove_tenant(id, etag, by)).await
    }

    async fn agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        self.within(async { self.engine.read().await?.agent(tenant, id).await }).await
    }

    async fn agents(&self, tenant: &TenantId, page: &Page) -> Result<Paged<Agent>, StoreError> {
        self.within(self.list_agents(tenant, page)).await
    }

    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &By,
    ) -> Result<Agent, StoreError> {
        self.within(self.add_agent(tenant, id, fields, by)).await
    }

    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentChange,
        etag: &str,
        by: &By,
    ) -> Result<Agent, StoreError> {
        self.within(self.change_agent(tenant, id, change, etag, by)).await
    }

    async fn delete_agent(&self, tenant: &TenantId, id: &AgentId, etag: &str, by: &By) -> Result<(), StoreError> {
        self.within(self.remove_agent(tenant, id, etag, by)).await
    }

    async fn words(&self, owner: &Owner, page: &Page) -> Result<Paged<DictionaryWord>, StoreError> {
        self.within(self.list_words(owner, page)).await
    }

    async fn create_word(&self, owner: &Owner, text: &str, by: &By) -> Result<DictionaryWord, StoreError> {
        self.within(self.add_one_word(owner, text, by)).await
    }

    async fn add_words(&self, owner: &Owner, texts: &[String], by: &By) -> Result<Vec<DictionaryWord>, StoreError> {
        self.within(self.add_all_words(owner, texts, by)).await
    }

    async fn delete_word(&self, owner: &Owner, id: WordId, by: &By) -> Result<(), StoreError> {
        self.within(self.remove_word(owner, id, by)).await
    }

    async fn audit_entries(&self, tenant: &TenantId, page: &Page) -> Result<Paged<Entry>, StoreError> {
        self.within(self.list_entries(tenant, page)).await
    }

    async fn versions(&self, tenant: &TenantId) -> Result<Option<Versions>, StoreError> {
        self.within(async { self.engine.read().await?.versions(tenant).await }).await
    }

    async fn snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<Snapshot>, StoreError> {
        self.within(self.read_snapshot(tenant, agent, words_known)).await
    }

    async fn watch(&self, tell: &(dyn Fn(Changed) + Send + Sync)) {
        self.engine.watch(tell).await;
    }
}

/// One item more than the page holds shows whether there is a next page.
fn one_more(page: &Page) -> i64 {
    i64::from(page.size) + 1
}

/// The key of a list that is ordered by number.
fn key(page: &Page, first: i64) -> Result<i64, StoreError> {
    page.after.as_ref().map_or(Ok(first), |key| key.parse().map_err(|_| InvalidToken.into()))
}
