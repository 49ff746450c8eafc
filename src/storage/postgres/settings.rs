//! The statements of the settings that are PostgreSQL's own.

use super::{CHANNEL, PostgresTransaction};
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

settings_statements!(PostgresTransaction, "intelligent_recognition");

impl PostgresTransaction {
    /// Nobody else locks the tenant's row before this transaction has ended.
    async fn lock(&mut self, id: &TenantId) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await
            .map(|_| ())
            .map_err(failed)
    }

    /// Delivered when the transaction commits, or never.
    async fn tell(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(tenant.as_str())
            .execute(&mut *self.0)
            .await
            .map(|_| ())
            .map_err(failed)
    }

    async fn words_among(&mut self, owner: &DictionaryOwner, texts: &[String]) -> Result<Vec<WordRow>, StoreError> {
        sqlx::query_as(
            "SELECT id, text, created FROM dictionary_words \
             WHERE tenant = $1 AND agent = $2 AND text = ANY($3)",
        )
        .bind(owner.tenant.as_str())
        .bind(agent_column(owner))
        .bind(texts)
        .fetch_all(&mut *self.0)
        .await
        .map_err(failed)
    }

    async fn write_words(&mut self, owner: &DictionaryOwner, texts: &[String], created: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO dictionary_words (tenant, agent, text, created) \
             SELECT $1, $2, text, $4 FROM unnest($3::text[]) WITH ORDINALITY AS given (text, line) ORDER BY line",
        )
        .bind(owner.tenant.as_str())
        .bind(agent_column(owner))
        .bind(texts)
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
        let column =
            |of: fn(&ResourceChange) -> &str| changes.iter().map(|change| of(change).to_owned()).collect::<Vec<_>>();
        sqlx::query(
            "INSERT INTO audit_entries (tenant, time, actor, request_id, resource, action, field, old_value, new_value) \
             SELECT $1, $2, $3, $4, resource, action, field, old_value, new_value \
             FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) \
             WITH ORDINALITY AS given (resource, action, field, old_value, new_value, line) ORDER BY line",
        )
        .bind(tenant.as_str())
        .bind(milliseconds(by.time))
        .bind(&by.actor)
        .bind(&by.request_id)
        .bind(column(|change| &change.resource))
        .bind(column(|change| change.action.as_str()))
        .bind(column(|change| &change.field))
        .bind(column(|change| &change.old))
        .bind(column(|change| &change.new))
        .execute(&mut *self.0)
        .await
        .map(|_| ())
        .map_err(failed)
    }
}
