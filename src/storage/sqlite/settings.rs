//! The statements of the settings that are SQLite's own.

use super::SqliteTransaction;
use crate::{
    settings::{
        Agent, AgentId, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, StoreError, Tenant, TenantId,
        audit::{AuditEntry, ResourceChange},
        store::SettingsVersions,
    },
    storage::{
        failure::failed,
        rows::{self, AgentRow, AuditEntryRow, TenantRow, WordRow, agent_column, milliseconds},
        statements::{agents, settings_statements, tenants},
    },
};

settings_statements!(SqliteTransaction, "intelligent_recognition = 1");

impl SqliteTransaction {
    /// BEGIN IMMEDIATE has locked all of it.
    async fn lock(&mut self, _: &TenantId) -> Result<(), StoreError> {
        Ok(())
    }

    /// A file tells nobody.
    async fn tell(&mut self, _: &TenantId) -> Result<(), StoreError> {
        Ok(())
    }

    async fn words_among(&mut self, owner: &DictionaryOwner, texts: &[String]) -> Result<Vec<WordRow>, StoreError> {
        sqlx::query_as(
            "SELECT id, text, created FROM dictionary_words \
             WHERE tenant = $1 AND agent = $2 AND text IN (SELECT value FROM json_each($3))",
        )
        .bind(owner.tenant.as_str())
        .bind(agent_column(owner))
        .bind(json(texts)?)
        .fetch_all(&mut *self.0)
        .await
        .map_err(failed)
    }

    async fn write_words(&mut self, owner: &DictionaryOwner, texts: &[String], created: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO dictionary_words (tenant, agent, text, created) \
             SELECT $1, $2, value, $4 FROM json_each($3) ORDER BY key",
        )
        .bind(owner.tenant.as_str())
        .bind(agent_column(owner))
        .bind(json(texts)?)
        .bind(created)
        .execute(&mut *self.0)
        .await
        .map(|_| ())
        .map_err(failed)
    }

    async fn write_entries(
        &mut self,
        tenant: &TenantId,
        by: &AuditContext,
        changes: &[ResourceChange],
    ) -> Result<(), StoreError> {
        let lines: Vec<[&str; 5]> = changes
            .iter()
            .map(|change| [&change.resource, change.action.as_str(), &change.field, &change.old, &change.new])
            .collect();
        sqlx::query(
            "INSERT INTO audit_entries (tenant, time, actor, request_id, resource, action, field, old_value, new_value) \
             SELECT $1, $2, $3, $4, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 \
             FROM json_each($5) ORDER BY key",
        )
        .bind(tenant.as_str())
        .bind(milliseconds(by.time))
        .bind(&by.actor)
        .bind(&by.request_id)
        .bind(json(&lines)?)
        .execute(&mut *self.0)
        .await
        .map(|_| ())
        .map_err(failed)
    }
}

/// A list, as `json_each` takes it: one statement for thousands of lines.
fn json<T: serde::Serialize + ?Sized>(list: &T) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|_| StoreError::Damaged)
}
