//! [`SettingsStore`] over any engine: a transaction for each question and each change, none of which takes too long. What is read is
//! in `lists`, what is changed in `changes`, and whose turn it is to change something in `turns`.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{error::Elapsed, timeout},
};

use super::{
    changes,
    engine::DatabaseEngine,
    health::StoreHealth,
    lists,
    transaction::Transaction,
    turns::{MAX_WAITING, Turn, WriteTurns},
};
use crate::{
    metrics::store_failed,
    settings::{
        Agent, AgentFields, AgentId, AgentUpdate, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId,
        PageRequest, PagedItems, SettingsStore, StoreError, Tenant, TenantFields, TenantId, TenantUpdate,
        audit::{AuditEntry, AuditScope},
        store::{ChangeNotice, SettingsSnapshot, SettingsVersions},
    },
};

/// What a caller of the store is told, the store's own failures among it.
pub(super) trait Failure: From<StoreError> + PartialEq {}

impl<E: From<StoreError> + PartialEq> Failure for E {}

/// A store over an engine.
#[derive(Debug)]
pub struct DatabaseStore {
    pub(super) engine: Box<dyn DatabaseEngine>,
    pub(super) turns: WriteTurns,
    pub(super) health: StoreHealth,
    timeout: Duration,
}

impl DatabaseStore {
    /// Nothing that is asked of it takes longer than `timeout`.
    pub fn new(engine: impl DatabaseEngine, timeout: Duration) -> Self {
        let turns = WriteTurns::new(engine.settings_writers());
        Self { engine: Box::new(engine), turns, health: StoreHealth::new(), timeout }
    }

    /// Whether it takes changes, as far as [`DatabaseStore::watch_over`] knows.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<bool> {
        self.health.subscribe()
    }

    /// Finds out whether it takes changes. Never ends.
    pub async fn watch_over(&self) -> Infallible {
        self.health.follow(|| self.engine.check().is_ok(), || async { self.probe().await.is_ok() }).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.within(async {
            let mut transaction = self.engine.write().await?;
            transaction.statement(transaction.dialect.probe).execute().await?;
            transaction.commit().await
        })
        .await
    }

    /// A question, or a change that waits for no turn.
    pub(super) async fn within<T, E: Failure>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        self.concluded(timeout(self.timeout, work).await)
    }

    /// A change, when its turn has come. Waiting for that is a matter of the tenant's own, and no fault of the store.
    pub(super) async fn in_turn<T, E: Failure, F>(
        &self,
        turn: impl Future<Output = Result<Turn<'_>, StoreError>>,
        work: impl FnOnce(Transaction) -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let is_waiting = AtomicBool::new(true);
        let change = async {
            let _turn = turn.await?;
            is_waiting.store(false, Ordering::Relaxed);
            work(self.engine.write().await?).await
        };
        let answer = timeout(self.timeout, change).await;
        if answer.is_err() && is_waiting.into_inner() {
            return Err(StoreError::Busy { limit: MAX_WAITING }.into());
        }
        self.concluded(answer)
    }

    fn concluded<T, E: Failure>(&self, answer: Result<Result<T, E>, Elapsed>) -> Result<T, E> {
        let answer = answer.unwrap_or_else(|_| {
            tracing::warn!(timeout = ?self.timeout, "the settings store does not answer in time");
            Err(StoreError::Unavailable.into())
        });
        if answer.as_ref().is_err_and(|error| *error == E::from(StoreError::Unavailable)) {
            store_failed();
            self.health.suspect();
        }
        answer
    }

    pub(super) async fn read<T, F>(&self, work: impl FnOnce(Transaction) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.within(async { work(self.engine.read().await?).await }).await
    }

    /// A change of a tenant or of one of its agents, by whoever may.
    pub(super) async fn write<T, F>(
        &self,
        tenant: &TenantId,
        work: impl FnOnce(Transaction) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.write_words(&DictionaryOwner::tenant(tenant.clone()), work).await
    }

    /// A change of someone's words.
    async fn write_words<T, F>(
        &self,
        owner: &DictionaryOwner,
        work: impl FnOnce(Transaction) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.in_turn(self.turns.settings(owner.clone()), work).await
    }
}

#[async_trait::async_trait]
impl SettingsStore for DatabaseStore {
    async fn get_tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.read(async |mut transaction| transaction.get_tenant(id).await).await
    }

    async fn list_tenants(&self, page: &PageRequest) -> Result<PagedItems<Tenant>, StoreError> {
        self.read(|transaction| lists::list_tenants(transaction, page)).await
    }

    async fn create_tenant(
        &self,
        id: &TenantId,
        fields: &TenantFields,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        self.write(id, |transaction| changes::create_tenant(transaction, id, fields, by)).await
    }

    async fn update_tenant(
        &self,
        id: &TenantId,
        change: &TenantUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        self.write(id, |transaction| changes::update_tenant(transaction, id, change, etag, by)).await
    }

    async fn delete_tenant(&self, id: &TenantId, etag: &str, by: &AuditContext) -> Result<(), StoreError> {
        self.write(id, |transaction| changes::delete_tenant(transaction, id, etag, by)).await
    }

    async fn get_agent(&self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        self.read(async |mut transaction| transaction.get_agent(tenant, id).await).await
    }

    async fn list_agents(&self, tenant: &TenantId, page: &PageRequest) -> Result<PagedItems<Agent>, StoreError> {
        self.read(|transaction| lists::list_agents(transaction, tenant, page)).await
    }

    async fn create_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.write(tenant, |transaction| changes::create_agent(transaction, tenant, id, fields, by)).await
    }

    async fn update_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        self.write(tenant, |transaction| changes::update_agent(transaction, tenant, id, change, etag, by)).await
    }

    async fn delete_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        etag: &str,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.write(tenant, |transaction| changes::delete_agent(transaction, tenant, id, etag, by)).await
    }

    fn check_line(&self, owner: &DictionaryOwner) -> Result<(), StoreError> {
        self.turns.check(owner)
    }

    async fn list_words(
        &self,
        owner: &DictionaryOwner,
        page: &PageRequest,
    ) -> Result<PagedItems<DictionaryWord>, StoreError> {
        let after = lists::key(page, 0)?;
        self.read(|transaction| lists::list_words(transaction, owner, page, after)).await
    }

    async fn create_word(
        &self,
        owner: &DictionaryOwner,
        text: &str,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        self.write_words(owner, |transaction| changes::create_word(transaction, owner, text, by)).await
    }

    async fn create_words(
        &self,
        owner: &DictionaryOwner,
        texts: &[String],
        by: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        self.write_words(owner, |transaction| changes::create_words(transaction, owner, texts, by)).await
    }

    async fn delete_word(
        &self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        self.write_words(owner, |transaction| changes::delete_word(transaction, owner, id, by)).await
    }

    async fn list_audit_entries(
        &self,
        tenant: &TenantId,
        scope: AuditScope,
        page: &PageRequest,
    ) -> Result<PagedItems<AuditEntry>, StoreError> {
        let before = lists::key(page, i64::MAX)?;
        self.read(|transaction| lists::list_audit_entries(transaction, tenant, scope, page, before)).await
    }

    async fn get_versions(&self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
        self.read(async |mut transaction| transaction.get_versions(tenant).await).await
    }

    async fn get_snapshot(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
        words_known: Option<i64>,
    ) -> Result<Option<SettingsSnapshot>, StoreError> {
        self.read(|transaction| lists::get_snapshot(transaction, tenant, agent, words_known)).await
    }

    async fn watch_changes(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        self.engine.watch(tell).await;
    }
}
