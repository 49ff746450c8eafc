//! What an engine must be able to do: single statements within a transaction. What they add up to, and in which order, is in
//! `settings` and `changes`, once for all engines.

use crate::settings::{
    Agent, AgentId, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, StoreError, Tenant, TenantId,
    audit::{AuditEntry, ResourceChange},
    store::{ChangeNotice, SettingsVersions},
};

/// A database with its pool of connections.
#[async_trait::async_trait]
pub trait DatabaseEngine: Send + Sync + 'static {
    /// Its transaction.
    type Transaction: StoreTransaction;

    /// A transaction that sees one state of the database throughout.
    async fn read(&self) -> Result<Self::Transaction, StoreError>;

    /// A transaction that may write.
    async fn write(&self) -> Result<Self::Transaction, StoreError>;

    /// As [`crate::settings::SettingsStore::watch_changes`].
    async fn watch(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync));
}

/// A transaction: rolled back unless it is committed. Statements about a missing row do nothing.
#[async_trait::async_trait]
pub trait StoreTransaction: Send {
    /// Makes the changes last, and known to who watches.
    async fn commit(self) -> Result<(), StoreError>;

    async fn versions(&mut self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError>;

    async fn tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, StoreError>;

    /// As `tenant`; nobody else changes the tenant, its agents or its words before this transaction has ended.
    async fn lock_tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, StoreError>;

    /// In the order of their ids.
    async fn tenants_after(&mut self, id: &str, limit: i64) -> Result<Vec<Tenant>, StoreError>;

    /// Whether it is new. Its versions and its revision begin with the time of its creation, so that an etag of a namesake
    /// that is gone does not fit.
    async fn insert_tenant(&mut self, tenant: &Tenant) -> Result<bool, StoreError>;

    async fn write_tenant(&mut self, tenant: &Tenant) -> Result<(), StoreError>;

    async fn delete_tenant(&mut self, id: &TenantId) -> Result<(), StoreError>;

    /// Counts a change of the tenant, its agents or its words; once in each transaction that changes anything.
    async fn touch(&mut self, id: &TenantId, words: bool) -> Result<(), StoreError>;

    async fn agent(&mut self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError>;

    /// In the order of their ids.
    async fn agents_after(&mut self, tenant: &TenantId, id: &str, limit: i64) -> Result<Vec<Agent>, StoreError>;

    /// Whether it is new.
    async fn insert_agent(&mut self, agent: &Agent) -> Result<bool, StoreError>;

    async fn write_agent(&mut self, agent: &Agent) -> Result<(), StoreError>;

    /// With its words.
    async fn delete_agent(&mut self, tenant: &TenantId, id: &AgentId) -> Result<(), StoreError>;

    async fn word_texts(&mut self, owner: &DictionaryOwner) -> Result<Vec<String>, StoreError>;

    async fn word_count(&mut self, owner: &DictionaryOwner) -> Result<i64, StoreError>;

    /// In the order of their ids.
    async fn words_after(
        &mut self,
        owner: &DictionaryOwner,
        id: i64,
        limit: i64,
    ) -> Result<Vec<DictionaryWord>, StoreError>;

    /// Those of the texts that are there, in any order.
    async fn find_words(
        &mut self,
        owner: &DictionaryOwner,
        texts: &[String],
    ) -> Result<Vec<DictionaryWord>, StoreError>;

    /// Adds words, in their order, none of which is there.
    async fn insert_words(&mut self, owner: &DictionaryOwner, texts: &[String], created: i64)
    -> Result<(), StoreError>;

    /// Its text, if it was there.
    async fn delete_word(
        &mut self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
    ) -> Result<Option<String>, StoreError>;

    async fn log(&mut self, tenant: &TenantId, by: &AuditContext, changes: &[ResourceChange])
    -> Result<(), StoreError>;

    /// The newest first.
    async fn entries_before(&mut self, tenant: &TenantId, id: i64, limit: i64) -> Result<Vec<AuditEntry>, StoreError>;
}
