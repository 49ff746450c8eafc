//! Every change of the settings, once for all engines: lock the tenant, look, judge, write, record, commit. What fails on the way
//! leaves nothing behind. The statements that a transaction has are in `statements`, by the same names.

use std::collections::{HashMap, HashSet};

use super::{
    rows::{milliseconds, time},
    transaction::Transaction,
};
use crate::settings::{
    Agent, AgentFields, AgentId, AgentUpdate, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId,
    StoreError, Tenant, TenantFields, TenantId, TenantUpdate,
    audit::{AuditAction, ResourceChange},
    fields::{Field as _, FieldSet, FieldValue},
    rules::MAX_WORDS,
};

pub(super) async fn create_tenant(
    mut transaction: Transaction,
    id: &TenantId,
    fields: &TenantFields,
    by: &AuditContext,
) -> Result<Tenant, StoreError> {
    let created = time(milliseconds(by.time));
    let tenant = Tenant {
        id: id.clone(),
        etag: String::new(),
        fields: fields.clone(),
        intelligent_agent_count: 0,
        created,
        updated: created,
    };
    if !transaction.create_tenant(&tenant).await? {
        return Err(StoreError::AlreadyExists);
    }
    transaction
        .record_audit_entries(id, by, &[whole_resource(id, tenant_name(id), AuditAction::Create, &tenant.fields)])
        .await?;
    finish_tenant(transaction, id).await
}

pub(super) async fn update_tenant(
    mut transaction: Transaction,
    id: &TenantId,
    change: &TenantUpdate,
    etag: &str,
    by: &AuditContext,
) -> Result<Tenant, StoreError> {
    let old = lock_tenant(&mut transaction, id).await?;
    check_etag(etag, &old.etag)?;
    let fields = old.fields.updated(change);
    let changes = differences(id, &tenant_name(id), &old.fields, &fields);
    if changes.is_empty() {
        return Ok(old);
    }
    if old.fields.dictionary_learning && !fields.dictionary_learning {
        transaction.delete_candidates(id).await?;
    }
    transaction.update_tenant(&Tenant { fields, updated: time(milliseconds(by.time)), ..old }).await?;
    transaction.record_audit_entries(id, by, &changes).await?;
    finish_tenant(transaction, id).await
}

pub(super) async fn delete_tenant(
    mut transaction: Transaction,
    id: &TenantId,
    etag: &str,
    by: &AuditContext,
) -> Result<(), StoreError> {
    let old = lock_tenant(&mut transaction, id).await?;
    check_etag(etag, &old.etag)?;
    transaction
        .record_audit_entries(id, by, &[whole_resource(id, tenant_name(id), AuditAction::Delete, &old.fields)])
        .await?;
    transaction.delete_tenant(id).await?;
    transaction.commit().await
}

pub(super) async fn create_agent(
    mut transaction: Transaction,
    tenant: &TenantId,
    id: &AgentId,
    fields: &AgentFields,
    by: &AuditContext,
) -> Result<Agent, StoreError> {
    let parent = lock_tenant(&mut transaction, tenant).await?;
    let created = time(milliseconds(by.time));
    let agent = Agent {
        tenant: tenant.clone(),
        id: id.clone(),
        etag: String::new(),
        fields: fields.clone(),
        created,
        updated: created,
    };
    if !transaction.create_agent(&agent).await? {
        return Err(StoreError::AlreadyExists);
    }
    if agent.fields.intelligent_recognition {
        admit(&parent)?;
    }
    transaction
        .record_audit_entries(
            tenant,
            by,
            &[whole_resource(tenant, agent_name(&agent), AuditAction::Create, &agent.fields)],
        )
        .await?;
    finish_agent(transaction, tenant, id).await
}

pub(super) async fn update_agent(
    mut transaction: Transaction,
    tenant: &TenantId,
    id: &AgentId,
    change: &AgentUpdate,
    etag: &str,
    by: &AuditContext,
) -> Result<Agent, StoreError> {
    let parent = lock_tenant(&mut transaction, tenant).await?;
    let old = transaction.get_agent(tenant, id).await?.ok_or(StoreError::NotFound)?;
    check_etag(etag, &old.etag)?;
    let fields = old.fields.updated(change);
    let changes = differences(tenant, &agent_name(&old), &old.fields, &fields);
    if changes.is_empty() {
        return Ok(old);
    }
    if fields.intelligent_recognition && !old.fields.intelligent_recognition {
        admit(&parent)?;
    }
    transaction.update_agent(&Agent { fields, updated: time(milliseconds(by.time)), ..old }).await?;
    transaction.record_audit_entries(tenant, by, &changes).await?;
    finish_agent(transaction, tenant, id).await
}

pub(super) async fn delete_agent(
    mut transaction: Transaction,
    tenant: &TenantId,
    id: &AgentId,
    etag: &str,
    by: &AuditContext,
) -> Result<(), StoreError> {
    lock_tenant(&mut transaction, tenant).await?;
    let old = transaction.get_agent(tenant, id).await?.ok_or(StoreError::NotFound)?;
    check_etag(etag, &old.etag)?;
    transaction
        .record_audit_entries(tenant, by, &[whole_resource(tenant, agent_name(&old), AuditAction::Delete, &old.fields)])
        .await?;
    transaction.delete_agent(tenant, id).await?;
    transaction.delete_candidate_agent(tenant, id).await?;
    transaction.update_versions(tenant, false).await?;
    transaction.commit().await
}

pub(super) async fn create_word(
    mut transaction: Transaction,
    owner: &DictionaryOwner,
    text: &str,
    by: &AuditContext,
) -> Result<DictionaryWord, StoreError> {
    lock_owner(&mut transaction, owner).await?;
    let texts = [text.to_owned()];
    if !transaction.find_words(owner, &texts).await?.is_empty() {
        return Err(StoreError::AlreadyExists);
    }
    let mut words = create_missing_words(&mut transaction, owner, &texts, by).await?;
    transaction.update_versions(&owner.tenant, owner.agent.is_none()).await?;
    transaction.commit().await?;
    words.pop().ok_or(StoreError::Damaged)
}

pub(super) async fn create_words(
    mut transaction: Transaction,
    owner: &DictionaryOwner,
    texts: &[String],
    by: &AuditContext,
) -> Result<Vec<DictionaryWord>, StoreError> {
    lock_owner(&mut transaction, owner).await?;
    let mut words = transaction.find_words(owner, texts).await?;
    let mut there: HashSet<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let missing: Vec<String> = texts.iter().filter(|text| there.insert(text)).cloned().collect();
    if !missing.is_empty() {
        words.extend(create_missing_words(&mut transaction, owner, &missing, by).await?);
        transaction.update_versions(&owner.tenant, owner.agent.is_none()).await?;
        transaction.commit().await?;
    }
    let by_text: HashMap<&str, &DictionaryWord> = words.iter().map(|word| (word.text.as_str(), word)).collect();
    texts.iter().map(|text| by_text.get(text.as_str()).copied().cloned().ok_or(StoreError::Damaged)).collect()
}

pub(super) async fn delete_word(
    mut transaction: Transaction,
    owner: &DictionaryOwner,
    id: DictionaryWordId,
    by: &AuditContext,
) -> Result<(), StoreError> {
    lock_owner(&mut transaction, owner).await?;
    let old = transaction.delete_word(owner, id).await?.ok_or(StoreError::NotFound)?;
    transaction.record_audit_entries(&owner.tenant, by, &[gone(owner.word_name(id), old)]).await?;
    transaction.update_versions(&owner.tenant, owner.agent.is_none()).await?;
    transaction.commit().await
}

pub(super) async fn lock_tenant(transaction: &mut Transaction, id: &TenantId) -> Result<Tenant, StoreError> {
    transaction.lock_tenant(id).await?.ok_or(StoreError::NotFound)
}

async fn lock_owner(transaction: &mut Transaction, owner: &DictionaryOwner) -> Result<(), StoreError> {
    lock_tenant(transaction, &owner.tenant).await?;
    if let Some(agent) = &owner.agent {
        transaction.get_agent(&owner.tenant, agent).await?.ok_or(StoreError::NotFound)?;
    }
    Ok(())
}

/// Words that are not there yet, with their lines of the log.
pub(super) async fn create_missing_words(
    transaction: &mut Transaction,
    owner: &DictionaryOwner,
    texts: &[String],
    by: &AuditContext,
) -> Result<Vec<DictionaryWord>, StoreError> {
    let added = i64::try_from(texts.len()).unwrap_or(i64::MAX);
    if transaction.count_words(owner).await?.saturating_add(added) > i64::from(MAX_WORDS) {
        return Err(StoreError::DictionaryFull { limit: MAX_WORDS });
    }
    transaction.create_words(owner, texts, milliseconds(by.time)).await?;
    let mut words = transaction.find_words(owner, texts).await?;
    words.sort_unstable_by_key(|word| word.id);
    let created = |word: &DictionaryWord| ResourceChange {
        resource: owner.word_name(word.id),
        action: AuditAction::Create,
        field: String::new(),
        old: String::new(),
        new: word.text.clone(),
    };
    let changes: Vec<ResourceChange> = words.iter().map(created).collect();
    transaction.record_audit_entries(&owner.tenant, by, &changes).await?;
    Ok(words)
}

async fn finish_tenant(mut transaction: Transaction, id: &TenantId) -> Result<Tenant, StoreError> {
    transaction.update_versions(id, false).await?;
    let tenant = transaction.get_tenant(id).await?.ok_or(StoreError::Damaged)?;
    transaction.commit().await?;
    Ok(tenant)
}

async fn finish_agent(mut transaction: Transaction, tenant: &TenantId, id: &AgentId) -> Result<Agent, StoreError> {
    transaction.update_versions(tenant, false).await?;
    let agent = transaction.get_agent(tenant, id).await?.ok_or(StoreError::Damaged)?;
    transaction.commit().await?;
    Ok(agent)
}

/// Whether one agent more may have Intelligent Recognition on. The tenant is locked, so the count stands.
const fn admit(tenant: &Tenant) -> Result<(), StoreError> {
    if tenant.intelligent_agent_count < tenant.fields.intelligent_agent_limit {
        Ok(())
    } else {
        Err(StoreError::IntelligentAgentLimit { limit: tenant.fields.intelligent_agent_limit })
    }
}

fn check_etag(sent: &str, current: &str) -> Result<(), StoreError> {
    if sent.is_empty() || sent == current { Ok(()) } else { Err(StoreError::EtagMismatch) }
}

/// The fields that differ, each a line.
fn differences<F: FieldSet>(tenant: &TenantId, resource: &str, old: &F, new: &F) -> Vec<ResourceChange> {
    let fields = F::Field::ALL.iter().zip(old.values().into_iter().zip(new.values()));
    let changed = fields.filter(|(_, (old, new))| old != new).map(|(field, (old, new))| ResourceChange {
        resource: resource.to_owned(),
        action: AuditAction::Update,
        field: field.row().path.to_owned(),
        old: audit_value(tenant, old),
        new: audit_value(tenant, new),
    });
    changed.collect()
}

/// The line of the log about a word that is there no more.
pub(super) fn gone(resource: String, old: String) -> ResourceChange {
    ResourceChange { resource, action: AuditAction::Delete, field: String::new(), old, new: String::new() }
}

/// A resource that comes or goes: all its fields that say anything, in one line.
fn whole_resource(tenant: &TenantId, resource: String, action: AuditAction, fields: &impl FieldSet) -> ResourceChange {
    let value = list_fields(tenant, fields);
    let (old, new) = if action == AuditAction::Create { (String::new(), value) } else { (value, String::new()) };
    ResourceChange { resource, action, field: String::new(), old, new }
}

fn list_fields<F: FieldSet>(tenant: &TenantId, fields: &F) -> String {
    let values = F::Field::ALL.iter().zip(fields.values()).map(|(field, value)| (field, audit_value(tenant, value)));
    let said = values.filter(|(_, value)| !value.is_empty());
    said.map(|(field, value)| format!("{}: {value}", field.row().path)).collect::<Vec<_>>().join(", ")
}

/// A value as it stands in the log; empty, if there is none.
fn audit_value(tenant: &TenantId, value: FieldValue) -> String {
    match value {
        FieldValue::Flag(on) => on.to_string(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::LanguageCode(tag) => tag,
        FieldValue::Text(text) => text.as_str().to_owned(),
        FieldValue::Agent(agent) => {
            agent.map(|id| DictionaryOwner::agent(tenant.clone(), id).to_string()).unwrap_or_default()
        }
        FieldValue::AgentType(kind) => kind.as_str().to_owned(),
    }
}

fn tenant_name(id: &TenantId) -> String {
    DictionaryOwner::tenant(id.clone()).to_string()
}

fn agent_name(agent: &Agent) -> String {
    DictionaryOwner::agent(agent.tenant.clone(), agent.id.clone()).to_string()
}
