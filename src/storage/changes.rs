//! Every change of the settings, once for all engines: lock the tenant, look, judge, write, log, commit. What fails on the way
//! leaves nothing behind.

use std::collections::{HashMap, HashSet};

use super::{
    rows::{milliseconds, time},
    session::{DatabaseEngine, StoreTransaction},
    settings::DatabaseStore,
};
use crate::settings::{
    Agent, AgentId, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, StoreError, Tenant, TenantId,
    audit::{AuditAction, ResourceChange},
    rules::MAX_WORDS,
    store::{AgentFields, AgentUpdate, TenantFields, TenantUpdate},
};

impl<E: DatabaseEngine> DatabaseStore<E> {
    pub(super) async fn add_tenant(
        &self,
        id: &TenantId,
        fields: &TenantFields,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        let fields = fields.clone();
        let created = time(milliseconds(by.time));
        let tenant = Tenant {
            id: id.clone(),
            etag: String::new(),
            refine_response_enabled: fields.refine_response_enabled,
            administrator_agent: fields.administrator_agent,
            intelligent_agent_limit: fields.intelligent_agent_limit,
            intelligent_agent_count: 0,
            language_code: fields.language_code,
            conversation_polish_limit: fields.conversation_polish_limit,
            agent_daily_polish_limit: fields.agent_daily_polish_limit,
            tenant_daily_polish_limit: fields.tenant_daily_polish_limit,
            created,
            updated: created,
        };
        let mut session = self.engine.write().await?;
        if !session.insert_tenant(&tenant).await? {
            return Err(StoreError::AlreadyExists);
        }
        session.log(id, by, &[whole(tenant_name(id), AuditAction::Create, &tenant_fields(&tenant))]).await?;
        finish_tenant(session, id, false).await
    }

    pub(super) async fn change_tenant(
        &self,
        id: &TenantId,
        change: &TenantUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Tenant, StoreError> {
        let mut session = self.engine.write().await?;
        let old = locked(&mut session, id).await?;
        fits(etag, &old.etag)?;
        let new = changed_tenant(&old, change, by);
        let changes = differences(&tenant_name(id), &tenant_fields(&old), &tenant_fields(&new));
        if changes.is_empty() {
            return Ok(old);
        }
        session.write_tenant(&new).await?;
        session.log(id, by, &changes).await?;
        finish_tenant(session, id, false).await
    }

    pub(super) async fn remove_tenant(&self, id: &TenantId, etag: &str, by: &AuditContext) -> Result<(), StoreError> {
        let mut session = self.engine.write().await?;
        let old = locked(&mut session, id).await?;
        fits(etag, &old.etag)?;
        session.log(id, by, &[whole(tenant_name(id), AuditAction::Delete, &tenant_fields(&old))]).await?;
        session.delete_tenant(id).await?;
        session.commit().await
    }

    pub(super) async fn add_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        fields: &AgentFields,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        let mut session = self.engine.write().await?;
        let parent = locked(&mut session, tenant).await?;
        let created = time(milliseconds(by.time));
        let agent = Agent {
            tenant: tenant.clone(),
            id: id.clone(),
            etag: String::new(),
            kind: fields.kind,
            intelligent_recognition: fields.intelligent_recognition,
            reply_polishing: fields.reply_polishing,
            created,
            updated: created,
        };
        if !session.insert_agent(&agent).await? {
            return Err(StoreError::AlreadyExists);
        }
        if agent.intelligent_recognition {
            admit(&parent)?;
        }
        session.log(tenant, by, &[whole(agent_name(&agent), AuditAction::Create, &agent_fields(&agent))]).await?;
        finish_agent(session, tenant, id).await
    }

    pub(super) async fn change_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        change: &AgentUpdate,
        etag: &str,
        by: &AuditContext,
    ) -> Result<Agent, StoreError> {
        let mut session = self.engine.write().await?;
        let parent = locked(&mut session, tenant).await?;
        let old = session.agent(tenant, id).await?.ok_or(StoreError::NotFound)?;
        fits(etag, &old.etag)?;
        let new = Agent {
            kind: change.kind.unwrap_or(old.kind),
            intelligent_recognition: change.intelligent_recognition.unwrap_or(old.intelligent_recognition),
            reply_polishing: change.reply_polishing.unwrap_or(old.reply_polishing),
            updated: time(milliseconds(by.time)),
            ..old.clone()
        };
        let changes = differences(&agent_name(&old), &agent_fields(&old), &agent_fields(&new));
        if changes.is_empty() {
            return Ok(old);
        }
        if new.intelligent_recognition && !old.intelligent_recognition {
            admit(&parent)?;
        }
        session.write_agent(&new).await?;
        session.log(tenant, by, &changes).await?;
        finish_agent(session, tenant, id).await
    }

    pub(super) async fn remove_agent(
        &self,
        tenant: &TenantId,
        id: &AgentId,
        etag: &str,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        let mut session = self.engine.write().await?;
        locked(&mut session, tenant).await?;
        let old = session.agent(tenant, id).await?.ok_or(StoreError::NotFound)?;
        fits(etag, &old.etag)?;
        session.log(tenant, by, &[whole(agent_name(&old), AuditAction::Delete, &agent_fields(&old))]).await?;
        session.delete_agent(tenant, id).await?;
        session.touch(tenant, false).await?;
        session.commit().await
    }

    pub(super) async fn add_one_word(
        &self,
        owner: &DictionaryOwner,
        text: &str,
        by: &AuditContext,
    ) -> Result<DictionaryWord, StoreError> {
        let mut session = self.engine.write().await?;
        locked_owner(&mut session, owner).await?;
        let texts = [text.to_owned()];
        if !session.find_words(owner, &texts).await?.is_empty() {
            return Err(StoreError::AlreadyExists);
        }
        let mut words = insert_words(&mut session, owner, &texts, by).await?;
        session.touch(&owner.tenant, owner.agent.is_none()).await?;
        session.commit().await?;
        words.pop().ok_or(StoreError::Damaged)
    }

    pub(super) async fn add_all_words(
        &self,
        owner: &DictionaryOwner,
        texts: &[String],
        by: &AuditContext,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        let mut session = self.engine.write().await?;
        locked_owner(&mut session, owner).await?;
        let mut words = session.find_words(owner, texts).await?;
        let mut there: HashSet<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let missing: Vec<String> = texts.iter().filter(|text| there.insert(text)).cloned().collect();
        if !missing.is_empty() {
            words.extend(insert_words(&mut session, owner, &missing, by).await?);
            session.touch(&owner.tenant, owner.agent.is_none()).await?;
            session.commit().await?;
        }
        let by_text: HashMap<&str, &DictionaryWord> = words.iter().map(|word| (word.text.as_str(), word)).collect();
        texts.iter().map(|text| by_text.get(text.as_str()).copied().cloned().ok_or(StoreError::Damaged)).collect()
    }

    pub(super) async fn remove_word(
        &self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
        by: &AuditContext,
    ) -> Result<(), StoreError> {
        let mut session = self.engine.write().await?;
        locked_owner(&mut session, owner).await?;
        let old = session.delete_word(owner, id).await?.ok_or(StoreError::NotFound)?;
        let change = ResourceChange {
            resource: owner.word_name(id),
            action: AuditAction::Delete,
            field: String::new(),
            old,
            new: String::new(),
        };
        session.log(&owner.tenant, by, &[change]).await?;
        session.touch(&owner.tenant, owner.agent.is_none()).await?;
        session.commit().await
    }
}

async fn locked(session: &mut impl StoreTransaction, id: &TenantId) -> Result<Tenant, StoreError> {
    session.lock_tenant(id).await?.ok_or(StoreError::NotFound)
}

async fn locked_owner(session: &mut impl StoreTransaction, owner: &DictionaryOwner) -> Result<(), StoreError> {
    locked(session, &owner.tenant).await?;
    if let Some(agent) = &owner.agent {
        session.agent(&owner.tenant, agent).await?.ok_or(StoreError::NotFound)?;
    }
    Ok(())
}

/// Words that are not there yet, with their lines of the log.
async fn insert_words(
    session: &mut impl StoreTransaction,
    owner: &DictionaryOwner,
    texts: &[String],
    by: &AuditContext,
) -> Result<Vec<DictionaryWord>, StoreError> {
    let added = i64::try_from(texts.len()).unwrap_or(i64::MAX);
    if session.word_count(owner).await?.saturating_add(added) > i64::from(MAX_WORDS) {
        return Err(StoreError::DictionaryFull { limit: MAX_WORDS });
    }
    session.insert_words(owner, texts, milliseconds(by.time)).await?;
    let mut words = session.find_words(owner, texts).await?;
    words.sort_unstable_by_key(|word| word.id);
    let created = |word: &DictionaryWord| ResourceChange {
        resource: owner.word_name(word.id),
        action: AuditAction::Create,
        field: String::new(),
        old: String::new(),
        new: word.text.clone(),
    };
    let changes: Vec<ResourceChange> = words.iter().map(created).collect();
    session.log(&owner.tenant, by, &changes).await?;
    Ok(words)
}

async fn finish_tenant(mut session: impl StoreTransaction, id: &TenantId, words: bool) -> Result<Tenant, StoreError> {
    session.touch(id, words).await?;
    let tenant = session.tenant(id).await?.ok_or(StoreError::Damaged)?;
    session.commit().await?;
    Ok(tenant)
}

async fn finish_agent(
    mut session: impl StoreTransaction,
    tenant: &TenantId,
    id: &AgentId,
) -> Result<Agent, StoreError> {
    session.touch(tenant, false).await?;
    let agent = session.agent(tenant, id).await?.ok_or(StoreError::Damaged)?;
    session.commit().await?;
    Ok(agent)
}

/// Whether one agent more may have Intelligent Recognition on. The tenant is locked, so the count stands.
const fn admit(tenant: &Tenant) -> Result<(), StoreError> {
    if tenant.intelligent_agent_count < tenant.intelligent_agent_limit {
        Ok(())
    } else {
        Err(StoreError::IntelligentAgentLimit { limit: tenant.intelligent_agent_limit })
    }
}

fn fits(sent: &str, current: &str) -> Result<(), StoreError> {
    if sent.is_empty() || sent == current { Ok(()) } else { Err(StoreError::EtagMismatch) }
}

fn changed_tenant(old: &Tenant, change: &TenantUpdate, by: &AuditContext) -> Tenant {
    let change = change.clone();
    Tenant {
        refine_response_enabled: change.refine_response_enabled.unwrap_or(old.refine_response_enabled),
        administrator_agent: change.administrator_agent.unwrap_or_else(|| old.administrator_agent.clone()),
        intelligent_agent_limit: change.intelligent_agent_limit.unwrap_or(old.intelligent_agent_limit),
        language_code: change.language_code.unwrap_or_else(|| old.language_code.clone()),
        conversation_polish_limit: change.conversation_polish_limit.unwrap_or(old.conversation_polish_limit),
        agent_daily_polish_limit: change.agent_daily_polish_limit.unwrap_or(old.agent_daily_polish_limit),
        tenant_daily_polish_limit: change.tenant_daily_polish_limit.unwrap_or(old.tenant_daily_polish_limit),
        updated: time(milliseconds(by.time)),
        ..old.clone()
    }
}

/// A field and its value, as they stand in the log.
type AuditFields<const N: usize> = [(&'static str, String); N];

fn tenant_fields(tenant: &Tenant) -> AuditFields<7> {
    let administrator = tenant.administrator_agent.as_ref();
    [
        ("refine_response_enabled", tenant.refine_response_enabled.to_string()),
        (
            "administrator_agent",
            administrator
                .map(|id| DictionaryOwner::agent(tenant.id.clone(), id.clone()).to_string())
                .unwrap_or_default(),
        ),
        ("intelligent_agent_limit", tenant.intelligent_agent_limit.to_string()),
        ("language_code", tenant.language_code.clone()),
        ("conversation_polish_limit", tenant.conversation_polish_limit.to_string()),
        ("agent_daily_polish_limit", tenant.agent_daily_polish_limit.to_string()),
        ("tenant_daily_polish_limit", tenant.tenant_daily_polish_limit.to_string()),
    ]
}

fn agent_fields(agent: &Agent) -> AuditFields<3> {
    [
        ("type", agent.kind.as_str().to_owned()),
        ("intelligent_recognition", agent.intelligent_recognition.to_string()),
        ("reply_polishing", agent.reply_polishing.to_string()),
    ]
}

fn differences<const N: usize>(resource: &str, old: &AuditFields<N>, new: &AuditFields<N>) -> Vec<ResourceChange> {
    let differ = old.iter().zip(new).filter(|(old, new)| old != new);
    differ
        .map(|((field, old), (_, new))| ResourceChange {
            resource: resource.to_owned(),
            action: AuditAction::Update,
            field: (*field).to_owned(),
            old: old.clone(),
            new: new.clone(),
        })
        .collect()
}

/// A resource that comes or goes: all its fields that say anything, in one line.
fn whole<const N: usize>(resource: String, action: AuditAction, fields: &AuditFields<N>) -> ResourceChange {
    let said = fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| format!("{field}: {value}"));
    let value = said.collect::<Vec<_>>().join(", ");
    let (old, new) = if action == AuditAction::Create { (String::new(), value) } else { (value, String::new()) };
    ResourceChange { resource, action, field: String::new(), old, new }
}

fn tenant_name(id: &TenantId) -> String {
    DictionaryOwner::tenant(id.clone()).to_string()
}

fn agent_name(agent: &Agent) -> String {
    DictionaryOwner::agent(agent.tenant.clone(), agent.id.clone()).to_string()
}
