//! What is read of the settings, page by page, or all at once for a cache. Each takes a transaction that sees one state throughout.

use super::transaction::Transaction;
use crate::settings::{
    Agent, AgentId, DictionaryOwner, DictionaryWord, PageRequest, PagedItems, StoreError, Tenant, TenantId,
    audit::{AuditEntry, AuditScope},
    page::InvalidPageToken,
    store::SettingsSnapshot,
};

pub(super) async fn get_snapshot(
    mut transaction: Transaction,
    id: &TenantId,
    agent: Option<&AgentId>,
    words_known: Option<i64>,
) -> Result<Option<SettingsSnapshot>, StoreError> {
    let (Some(versions), Some(tenant)) = (transaction.get_versions(id).await?, transaction.get_tenant(id).await?)
    else {
        return Ok(None);
    };
    let administrator_agent = match &tenant.fields.administrator_agent {
        Some(administrator) => transaction.get_agent(id, administrator).await?,
        None => None,
    };
    let words = if words_known == Some(versions.words) {
        None
    } else {
        Some(transaction.list_word_texts(&DictionaryOwner::tenant(id.clone())).await?)
    };
    let (mut found, mut agent_words) = (None, Vec::new());
    if let Some(agent) = agent {
        found = transaction.get_agent(id, agent).await?;
        agent_words = transaction.list_word_texts(&DictionaryOwner::agent(id.clone(), agent.clone())).await?;
    }
    Ok(Some(SettingsSnapshot { versions, tenant, administrator_agent, words, agent: found, agent_words }))
}

pub(super) async fn list_tenants(
    mut transaction: Transaction,
    page: &PageRequest,
) -> Result<PagedItems<Tenant>, StoreError> {
    let after = page.after.as_deref().unwrap_or_default();
    let items = transaction.list_tenants(after, one_more(page)).await?;
    Ok(PagedItems::from_overfetched(items, page.size, |tenant| tenant.id.to_string()))
}

pub(super) async fn list_agents(
    mut transaction: Transaction,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<PagedItems<Agent>, StoreError> {
    let after = page.after.as_deref().unwrap_or_default();
    let items = transaction.list_agents(tenant, after, one_more(page)).await?;
    if items.is_empty() && transaction.get_versions(tenant).await?.is_none() {
        return Err(StoreError::NotFound);
    }
    Ok(PagedItems::from_overfetched(items, page.size, |agent| agent.id.to_string()))
}

pub(super) async fn list_words(
    mut transaction: Transaction,
    owner: &DictionaryOwner,
    page: &PageRequest,
    after: i64,
) -> Result<PagedItems<DictionaryWord>, StoreError> {
    let items = transaction.list_words(owner, after, one_more(page)).await?;
    let exists = match &owner.agent {
        _ if !items.is_empty() => true,
        None => transaction.get_versions(&owner.tenant).await?.is_some(),
        Some(agent) => transaction.get_agent(&owner.tenant, agent).await?.is_some(),
    };
    if exists {
        Ok(PagedItems::from_overfetched(items, page.size, |word| word.id.to_string()))
    } else {
        Err(StoreError::NotFound)
    }
}

pub(super) async fn list_audit_entries(
    mut transaction: Transaction,
    tenant: &TenantId,
    scope: AuditScope,
    page: &PageRequest,
    before: i64,
) -> Result<PagedItems<AuditEntry>, StoreError> {
    let own = transaction.get_audit_start(tenant).await?;
    let start = match scope {
        AuditScope::Tenant => own.ok_or(StoreError::NotFound)?,
        AuditScope::Id => 0,
    };
    let items = transaction.list_audit_entries(tenant, start, before, one_more(page)).await?;
    if items.is_empty() && own.is_none() {
        return Err(StoreError::NotFound);
    }
    Ok(PagedItems::from_overfetched(items, page.size, |entry| entry.id.to_string()))
}

/// One item more than the page holds shows whether there is a next page.
pub(super) fn one_more(page: &PageRequest) -> i64 {
    i64::from(page.size) + 1
}

/// The key of a list that is ordered by number: read before a transaction is opened for it.
pub(super) fn key(page: &PageRequest, first: i64) -> Result<i64, StoreError> {
    page.after.as_ref().map_or(Ok(first), |key| key.parse().map_err(|_| InvalidPageToken.into()))
}
