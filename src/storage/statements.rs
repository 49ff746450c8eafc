//! The statements of [`StoreTransaction`](super::session::StoreTransaction) that are the same for both engines: all but locks, news, and
//! lists as parameters, which each engine has its own way to write.

/// The columns of a [`TenantRow`](super::rows::TenantRow); `$is_on` is the condition by which an engine finds agents with
/// Intelligent Recognition in its index.
macro_rules! tenants {
    ($is_on:literal, $which:literal) => {
        concat!(
            "SELECT id, revision, refine_response_enabled, administrator_agent, intelligent_agent_limit, \
            (SELECT count(*) FROM agents WHERE tenant = tenants.id AND ",
            $is_on,
            "), language_code, conversation_polish_limit, agent_daily_polish_limit, tenant_daily_polish_limit, created, \
            updated FROM tenants ",
            $which
        )
    };
}

/// The columns of an [`AgentRow`](super::rows::AgentRow).
macro_rules! agents {
    ($which:literal) => {
        concat!(
            "SELECT tenant, id, revision, kind, intelligent_recognition, reply_polishing, created, updated FROM agents ",
            $which
        )
    };
}

/// Implements `StoreTransaction` for a session that has `lock`, `tell`, `words_among`, `write_words` and `write_entries`.
macro_rules! settings_statements {
    ($session:ty, $is_on:literal) => {
        #[async_trait::async_trait]
        impl $crate::storage::session::StoreTransaction for $session {
            async fn commit(self) -> Result<(), StoreError> {
                self.0.commit().await.map_err(failed)
            }

            async fn versions(&mut self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
                sqlx::query_as("SELECT settings_version, words_version FROM tenants WHERE id = $1")
                    .bind(tenant.as_str())
                    .fetch_optional(&mut *self.0)
                    .await
                    .map(|row| row.map(rows::versions))
                    .map_err(failed)
            }

            async fn tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
                let row: Option<TenantRow> = sqlx::query_as(tenants!($is_on, "WHERE id = $1"))
                    .bind(id.as_str())
                    .fetch_optional(&mut *self.0)
                    .await
                    .map_err(failed)?;
                row.map(rows::tenant).transpose()
            }

            async fn lock_tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
                // First the lock, then the look: a statement that waits for a lock still counts the agents as of when it began.
                self.lock(id).await?;
                self.tenant(id).await
            }

            async fn tenants_after(&mut self, id: &str, limit: i64) -> Result<Vec<Tenant>, StoreError> {
                let rows: Vec<TenantRow> = sqlx::query_as(tenants!($is_on, "WHERE id > $1 ORDER BY id LIMIT $2"))
                    .bind(id)
                    .bind(limit)
                    .fetch_all(&mut *self.0)
                    .await
                    .map_err(failed)?;
                rows.into_iter().map(rows::tenant).collect()
            }

            async fn insert_tenant(&mut self, tenant: &Tenant) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "INSERT INTO tenants (id, revision, settings_version, words_version, refine_response_enabled, \
                     administrator_agent, intelligent_agent_limit, language_code, conversation_polish_limit, \
                     agent_daily_polish_limit, tenant_daily_polish_limit, created, updated) \
                     VALUES ($1, $9, $9, $9, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING",
                )
                .bind(tenant.id.as_str())
                .bind(tenant.refine_response_enabled)
                .bind(tenant.administrator_agent.as_ref().map(AgentId::as_str))
                .bind(i64::from(tenant.intelligent_agent_limit))
                .bind(&tenant.language_code)
                .bind(i64::from(tenant.conversation_polish_limit))
                .bind(i64::from(tenant.agent_daily_polish_limit))
                .bind(i64::from(tenant.tenant_daily_polish_limit))
                .bind(milliseconds(tenant.created))
                .execute(&mut *self.0)
                .await
                .map_err(failed)?;
                Ok(done.rows_affected() == 1)
            }

            async fn write_tenant(&mut self, tenant: &Tenant) -> Result<(), StoreError> {
                sqlx::query(
                    "UPDATE tenants SET revision = revision + 1, refine_response_enabled = $2, administrator_agent = $3, \
                     intelligent_agent_limit = $4, language_code = $5, conversation_polish_limit = $6, \
                     agent_daily_polish_limit = $7, tenant_daily_polish_limit = $8, updated = $9 WHERE id = $1",
                )
                .bind(tenant.id.as_str())
                .bind(tenant.refine_response_enabled)
                .bind(tenant.administrator_agent.as_ref().map(AgentId::as_str))
                .bind(i64::from(tenant.intelligent_agent_limit))
                .bind(&tenant.language_code)
                .bind(i64::from(tenant.conversation_polish_limit))
                .bind(i64::from(tenant.agent_daily_polish_limit))
                .bind(i64::from(tenant.tenant_daily_polish_limit))
                .bind(milliseconds(tenant.updated))
                .execute(&mut *self.0)
                .await
                .map(|_| ())
                .map_err(failed)
            }

            async fn delete_tenant(&mut self, id: &TenantId) -> Result<(), StoreError> {
                // Agents and words go with it by their foreign keys.
                sqlx::query("DELETE FROM tenants WHERE id = $1")
                    .bind(id.as_str())
                    .execute(&mut *self.0)
                    .await
                    .map_err(failed)?;
                self.tell(id).await
            }

            async fn touch(&mut self, id: &TenantId, words: bool) -> Result<(), StoreError> {
                sqlx::query(
                    "UPDATE tenants SET settings_version = settings_version + 1, \
                     words_version = CASE WHEN $2 THEN settings_version + 1 ELSE words_version END WHERE id = $1",
                )
                .bind(id.as_str())
                .bind(words)
                .execute(&mut *self.0)
                .await
                .map_err(failed)?;
                self.tell(id).await
            }

            async fn agent(&mut self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
                let row: Option<AgentRow> = sqlx::query_as(agents!("WHERE tenant = $1 AND id = $2"))
                    .bind(tenant.as_str())
                    .bind(id.as_str())
                    .fetch_optional(&mut *self.0)
                    .await
                    .map_err(failed)?;
                row.map(rows::agent).transpose()
            }

            async fn agents_after(&mut self, tenant: &TenantId, id: &str, limit: i64) -> Result<Vec<Agent>, StoreError> {
                let rows: Vec<AgentRow> = sqlx::query_as(agents!("WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3"))
                    .bind(tenant.as_str())
                    .bind(id)
                    .bind(limit)
                    .fetch_all(&mut *self.0)
                    .await
                    .map_err(failed)?;
                rows.into_iter().map(rows::agent).collect()
            }

            async fn insert_agent(&mut self, agent: &Agent) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "INSERT INTO agents (tenant, id, revision, kind, intelligent_recognition, reply_polishing, created, updated) \
                     VALUES ($1, $2, $6, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING",
                )
                .bind(agent.tenant.as_str())
                .bind(agent.id.as_str())
                .bind(agent.kind.as_str())
                .bind(agent.intelligent_recognition)
                .bind(agent.reply_polishing)
                .bind(milliseconds(agent.created))
                .execute(&mut *self.0)
                .await
                .map_err(failed)?;
                Ok(done.rows_affected() == 1)
            }

            async fn write_agent(&mut self, agent: &Agent) -> Result<(), StoreError> {
                sqlx::query(
                    "UPDATE agents SET revision = revision + 1, kind = $3, intelligent_recognition = $4, reply_polishing = $5, \
                     updated = $6 WHERE tenant = $1 AND id = $2",
                )
                .bind(agent.tenant.as_str())
                .bind(agent.id.as_str())
                .bind(agent.kind.as_str())
                .bind(agent.intelligent_recognition)
                .bind(agent.reply_polishing)
                .bind(milliseconds(agent.updated))
                .execute(&mut *self.0)
                .await
                .map(|_| ())
                .map_err(failed)
            }

            async fn delete_agent(&mut self, tenant: &TenantId, id: &AgentId) -> Result<(), StoreError> {
                for statement in [
                    "DELETE FROM dictionary_words WHERE tenant = $1 AND agent = $2",
                    "DELETE FROM agents WHERE tenant = $1 AND id = $2",
                ] {
                    sqlx::query(statement)
                        .bind(tenant.as_str())
                        .bind(id.as_str())
                        .execute(&mut *self.0)
                        .await
                        .map_err(failed)?;
                }
                Ok(())
            }

            async fn word_texts(&mut self, owner: &DictionaryOwner) -> Result<Vec<String>, StoreError> {
                sqlx::query_scalar("SELECT text FROM dictionary_words WHERE tenant = $1 AND agent = $2")
                    .bind(owner.tenant.as_str())
                    .bind(agent_column(owner))
                    .fetch_all(&mut *self.0)
                    .await
                    .map_err(failed)
            }

            async fn word_count(&mut self, owner: &DictionaryOwner) -> Result<i64, StoreError> {
                sqlx::query_scalar("SELECT count(*) FROM dictionary_words WHERE tenant = $1 AND agent = $2")
                    .bind(owner.tenant.as_str())
                    .bind(agent_column(owner))
                    .fetch_one(&mut *self.0)
                    .await
                    .map_err(failed)
            }

            async fn words_after(&mut self, owner: &DictionaryOwner, id: i64, limit: i64) -> Result<Vec<DictionaryWord>, StoreError> {
                let rows: Vec<WordRow> = sqlx::query_as(
                    "SELECT id, text, created FROM dictionary_words WHERE tenant = $1 AND agent = $2 AND id > $3 \
                     ORDER BY id LIMIT $4",
                )
                .bind(owner.tenant.as_str())
                .bind(agent_column(owner))
                .bind(id)
                .bind(limit)
                .fetch_all(&mut *self.0)
                .await
                .map_err(failed)?;
                Ok(rows.into_iter().map(|row| rows::word(owner, row)).collect())
            }

            async fn find_words(&mut self, owner: &DictionaryOwner, texts: &[String]) -> Result<Vec<DictionaryWord>, StoreError> {
                let rows = self.words_among(owner, texts).await?;
                Ok(rows.into_iter().map(|row| rows::word(owner, row)).collect())
            }

            async fn insert_words(&mut self, owner: &DictionaryOwner, texts: &[String], created: i64) -> Result<(), StoreError> {
                self.write_words(owner, texts, created).await
            }

            async fn delete_word(&mut self, owner: &DictionaryOwner, id: DictionaryWordId) -> Result<Option<String>, StoreError> {
                sqlx::query_scalar("DELETE FROM dictionary_words WHERE tenant = $1 AND agent = $2 AND id = $3 RETURNING text")
                    .bind(owner.tenant.as_str())
                    .bind(agent_column(owner))
                    .bind(id.0)
                    .fetch_optional(&mut *self.0)
                    .await
                    .map_err(failed)
            }

            async fn log(&mut self, tenant: &TenantId, by: &AuditContext, changes: &[ResourceChange]) -> Result<(), StoreError> {
                self.write_entries(tenant, by, changes).await
            }

            async fn entries_before(&mut self, tenant: &TenantId, id: i64, limit: i64) -> Result<Vec<AuditEntry>, StoreError> {
                let rows: Vec<AuditEntryRow> = sqlx::query_as(
                    "SELECT id, time, actor, request_id, resource, action, field, old_value, new_value FROM audit_entries \
                     WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                )
                .bind(tenant.as_str())
                .bind(id)
                .bind(limit)
                .fetch_all(&mut *self.0)
                .await
                .map_err(failed)?;
                rows.into_iter().map(|row| rows::entry(tenant, row)).collect()
            }
        }
    };
}

pub(super) use {agents, settings_statements, tenants};
