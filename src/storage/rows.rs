//! Rows, and what they mean. A row that no version of ours has written is damage, not a panic.

use std::time::{Duration, SystemTime};

use super::transaction::Row;
use crate::settings::{
    Agent, AgentId, AgentType, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, FreeText, StoreError,
    Tenant, TenantId,
    audit::{AuditAction, AuditEntry, ResourceChange},
    fields::{Field as _, FieldKind, FieldRow, FieldSet, FieldUpdate as _, FieldValue},
    learning::DictionaryCandidate,
    name::DictionaryCandidateId,
    store::SettingsVersions,
};

pub(super) fn tenant(row: &Row) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        id: TenantId::new(&row.get::<String>("id")?).map_err(|_| damaged("tenants.id"))?,
        etag: etag(row)?,
        fields: fields(row)?,
        intelligent_agent_count: number(row, "intelligent_agent_count")?,
        created: time(row.get("created")?),
        updated: time(row.get("updated")?),
    })
}

pub(super) fn agent(row: &Row) -> Result<Agent, StoreError> {
    Ok(Agent {
        tenant: TenantId::new(&row.get::<String>("tenant")?).map_err(|_| damaged("agents.tenant"))?,
        id: AgentId::new(&row.get::<String>("id")?).map_err(|_| damaged("agents.id"))?,
        etag: etag(row)?,
        fields: fields(row)?,
        created: time(row.get("created")?),
        updated: time(row.get("updated")?),
    })
}

/// Whatever the fields are, their columns have their names.
fn fields<F: FieldSet>(row: &Row) -> Result<F, StoreError> {
    let mut read = F::Update::default();
    for field in F::Field::ALL {
        read.set(*field, field_value(row, field.row())?);
    }
    read.complete().ok_or_else(|| damaged("a field"))
}

fn field_value(row: &Row, field: &FieldRow) -> Result<FieldValue, StoreError> {
    let column = field.column;
    Ok(match field.kind {
        FieldKind::Flag => FieldValue::Flag(row.get(column)?),
        FieldKind::Number => FieldValue::Number(number(row, column)?),
        FieldKind::LanguageCode => FieldValue::LanguageCode(row.get(column)?),
        FieldKind::Text => FieldValue::Text(FreeText::stored(row.get(column)?)),
        FieldKind::Agent => {
            let id = row.get::<Option<String>>(column)?;
            FieldValue::Agent(id.map(|id| AgentId::new(&id)).transpose().map_err(|_| damaged(column))?)
        }
        FieldKind::AgentType => {
            FieldValue::AgentType(AgentType::parse(&row.get::<String>(column)?).ok_or_else(|| damaged(column))?)
        }
    })
}

pub(super) fn word(owner: &DictionaryOwner, row: &Row) -> Result<DictionaryWord, StoreError> {
    Ok(DictionaryWord {
        owner: owner.clone(),
        id: DictionaryWordId(row.get("id")?),
        text: row.get("text")?,
        created: time(row.get("created")?),
    })
}

pub(super) fn candidate(tenant: &TenantId, row: &Row) -> Result<DictionaryCandidate, StoreError> {
    Ok(DictionaryCandidate {
        tenant: tenant.clone(),
        id: DictionaryCandidateId(row.get("id")?),
        text: row.get("text")?,
        language: row.get("language")?,
        agents: number(row, "agents")?,
        ignored: number(row, "ignored")?,
        added: number(row, "added")?,
        created: time(row.get("created")?),
        reported: time(row.get("reported")?),
    })
}

pub(super) fn audit_entry(tenant: &TenantId, row: &Row) -> Result<AuditEntry, StoreError> {
    let action = AuditAction::parse(&row.get::<String>("action")?).ok_or_else(|| damaged("audit_entries.action"))?;
    Ok(AuditEntry {
        id: row.get("id")?,
        tenant: tenant.clone(),
        by: AuditContext { actor: row.get("actor")?, request_id: row.get("request_id")?, time: time(row.get("time")?) },
        change: ResourceChange {
            resource: row.get("resource")?,
            action,
            field: row.get("field")?,
            old: row.get("old_value")?,
            new: row.get("new_value")?,
        },
    })
}

pub(super) fn versions(row: &Row) -> Result<SettingsVersions, StoreError> {
    Ok(SettingsVersions { settings: row.get("settings_version")?, words: row.get("words_version")? })
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

fn etag(row: &Row) -> Result<String, StoreError> {
    Ok(format!("{:x}", row.get::<i64>("revision")?))
}

fn number(row: &Row, column: &'static str) -> Result<u32, StoreError> {
    u32::try_from(row.get::<i64>(column)?).map_err(|_| damaged(column))
}

fn damaged(column: &'static str) -> StoreError {
    tracing::error!(column, "the settings store holds a value that means nothing");
    StoreError::Damaged
}
