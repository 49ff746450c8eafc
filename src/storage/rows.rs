//! Rows of all engines, and what they mean. A row that no version of ours has written is damage, not a panic.

use std::time::{Duration, SystemTime};

use crate::settings::{
    Agent, AgentId, AgentType, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, StoreError, Tenant,
    TenantId,
    audit::{AuditAction, AuditEntry, ResourceChange},
    store::SettingsVersions,
};

/// The columns of [`tenant`].
pub(super) type TenantRow = (String, i64, bool, Option<String>, i64, i64, String, i64, i64, i64, i64, i64);

/// The columns of [`agent`].
pub(super) type AgentRow = (String, String, i64, String, bool, bool, i64, i64);

/// The columns of [`entry`].
pub(super) type AuditEntryRow = (i64, i64, String, String, String, String, String, String, String);

/// Id, text, created.
pub(super) type WordRow = (i64, String, i64);

/// From id, revision, feature, administrator's agent, limit and number of intelligent agents, language, limits of a
/// conversation, an agent and the tenant, times.
pub(super) fn tenant(row: TenantRow) -> Result<Tenant, StoreError> {
    let (
        id,
        revision,
        feature,
        administrator,
        limit,
        intelligent,
        language,
        conversation,
        daily,
        all,
        created,
        updated,
    ) = row;
    Ok(Tenant {
        id: TenantId::new(&id).map_err(|_| damaged("tenants.id"))?,
        etag: etag(revision),
        refine_response_enabled: feature,
        administrator_agent: administrator
            .map(|id| AgentId::new(&id).map_err(|_| damaged("tenants.administrator_agent")))
            .transpose()?,
        intelligent_agent_limit: number(limit)?,
        intelligent_agent_count: number(intelligent)?,
        language_code: language,
        conversation_polish_limit: number(conversation)?,
        agent_daily_polish_limit: number(daily)?,
        tenant_daily_polish_limit: number(all)?,
        created: time(created),
        updated: time(updated),
    })
}

/// From tenant, id, revision, type, switches, times.
pub(super) fn agent(row: AgentRow) -> Result<Agent, StoreError> {
    let (tenant, id, revision, kind, intelligent_recognition, reply_polishing, created, updated) = row;
    Ok(Agent {
        tenant: TenantId::new(&tenant).map_err(|_| damaged("agents.tenant"))?,
        id: AgentId::new(&id).map_err(|_| damaged("agents.id"))?,
        etag: etag(revision),
        kind: AgentType::parse(&kind).ok_or_else(|| damaged("agents.kind"))?,
        intelligent_recognition,
        reply_polishing,
        created: time(created),
        updated: time(updated),
    })
}

/// From id, text, time.
pub(super) fn word(owner: &DictionaryOwner, (id, text, created): WordRow) -> DictionaryWord {
    DictionaryWord { owner: owner.clone(), id: DictionaryWordId(id), text, created: time(created) }
}

/// From id, time, actor, request id, resource, action, field, old and new value.
pub(super) fn entry(tenant: &TenantId, row: AuditEntryRow) -> Result<AuditEntry, StoreError> {
    let (id, at, actor, request_id, resource, action, field, old, new) = row;
    let action = AuditAction::parse(&action).ok_or_else(|| damaged("audit_entries.action"))?;
    Ok(AuditEntry {
        id,
        tenant: tenant.clone(),
        by: AuditContext { actor, request_id, time: time(at) },
        change: ResourceChange { resource, action, field, old, new },
    })
}

/// From the version of the settings and that of the words.
pub(super) const fn versions((settings, words): (i64, i64)) -> SettingsVersions {
    SettingsVersions { settings, words }
}

/// Milliseconds since 1970; what is out of range is the nearest end.
pub(super) fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// An agent as it stands in a column that is empty for the tenant itself.
pub(super) fn agent_column(owner: &DictionaryOwner) -> &str {
    owner.agent.as_ref().map_or("", AgentId::as_str)
}

pub(super) fn time(milliseconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default())
}

fn etag(revision: i64) -> String {
    format!("{revision:x}")
}

fn number(column: i64) -> Result<u32, StoreError> {
    u32::try_from(column).map_err(|_| damaged("a number"))
}

fn damaged(column: &'static str) -> StoreError {
    tracing::error!(column, "the settings store holds a value that means nothing");
    StoreError::Damaged
}
