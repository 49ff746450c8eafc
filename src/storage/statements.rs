//! The statements of the settings, each alone; what they add up to, and in which order, is in `changes` and `lists`. Knows no
//! driver. Statements about a missing row do nothing.

use super::{
    rows::{self, agent_column, milliseconds},
    transaction::{Dialect, Row, Statement, Transaction},
};
use crate::settings::{
    Agent, AgentFields, AgentId, AuditContext, DictionaryOwner, DictionaryWord, DictionaryWordId, StoreError, Tenant,
    TenantFields, TenantId,
    audit::{AuditEntry, ResourceChange},
    fields::{Field as _, FieldSet, FieldValue},
    store::SettingsVersions,
};

impl Transaction {
    pub(super) async fn get_versions(&mut self, tenant: &TenantId) -> Result<Option<SettingsVersions>, StoreError> {
        let versions = self.statement("SELECT settings_version, words_version FROM tenants WHERE id = $1");
        versions.bind(tenant.as_str()).fetch_optional().await?.as_ref().map(rows::versions).transpose()
    }

    pub(super) async fn get_tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        let tenant = self.assembled_statement(select_tenants(self.dialect, "WHERE id = $1"));
        tenant.bind(id.as_str()).fetch_optional().await?.as_ref().map(rows::tenant).transpose()
    }

    /// As `get_tenant`; nobody else changes the tenant, its agents or its words before this transaction has ended.
    pub(super) async fn lock_tenant(&mut self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        // First the lock, then the look: a statement that waits for a lock still counts the agents as of when it began.
        if let Some(lock) = self.dialect.lock_tenant {
            self.statement(lock).bind(id.as_str()).execute().await?;
        }
        self.get_tenant(id).await
    }

    /// In the order of their ids.
    pub(super) async fn list_tenants(&mut self, after: &str, limit: i64) -> Result<Vec<Tenant>, StoreError> {
        let tenants = self.assembled_statement(select_tenants(self.dialect, "WHERE id > $1 ORDER BY id LIMIT $2"));
        tenants.bind(after).bind(limit).fetch_all().await?.iter().map(rows::tenant).collect()
    }

    /// Whether it is new. Its versions and its revision begin with the time of its creation in microseconds, which no namesake that
    /// is gone can have counted up to: its etags do not fit, and no cache takes its words for these. Its log begins after the
    /// namesake's.
    pub(super) async fn create_tenant(&mut self, tenant: &Tenant) -> Result<bool, StoreError> {
        let sql = format!(
            "INSERT INTO tenants (id, revision, settings_version, words_version, created, updated, audit_start, {}) \
             VALUES ($1, $2 * 1000, $2 * 1000, $2 * 1000, $2, $2, \
             (SELECT coalesce(max(id), 0) + 1 FROM audit_entries WHERE tenant = $1), {}) ON CONFLICT DO NOTHING",
            columns::<TenantFields>(|_, column| column.to_owned()),
            columns::<TenantFields>(|at, _| format!("${}", at + 3)),
        );
        let created = self.assembled_statement(sql).bind(tenant.id.as_str()).bind(milliseconds(tenant.created));
        Ok(bind_fields(created, &tenant.fields).execute().await? == 1)
    }

    pub(super) async fn update_tenant(&mut self, tenant: &Tenant) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE tenants SET revision = revision + 1, updated = $2, {} WHERE id = $1",
            columns::<TenantFields>(|at, column| format!("{column} = ${}", at + 3)),
        );
        let updated = self.assembled_statement(sql).bind(tenant.id.as_str()).bind(milliseconds(tenant.updated));
        bind_fields(updated, &tenant.fields).execute().await.map(drop)
    }

    /// With its agents and words, by their foreign keys.
    pub(super) async fn delete_tenant(&mut self, id: &TenantId) -> Result<(), StoreError> {
        self.statement("DELETE FROM tenants WHERE id = $1").bind(id.as_str()).execute().await?;
        self.notify_changed(id).await
    }

    /// Counts a change of the tenant, its agents or its words; once in each transaction that changes anything.
    pub(super) async fn update_versions(&mut self, id: &TenantId, words: bool) -> Result<(), StoreError> {
        let updated = self.statement(
            "UPDATE tenants SET settings_version = settings_version + 1, \
             words_version = CASE WHEN $2 THEN settings_version + 1 ELSE words_version END WHERE id = $1",
        );
        updated.bind(id.as_str()).bind(words).execute().await?;
        self.notify_changed(id).await
    }

    async fn notify_changed(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        if let Some(notify) = self.dialect.notify_changed {
            self.statement(notify).bind(tenant.as_str()).execute().await?;
        }
        Ok(())
    }

    pub(super) async fn get_agent(&mut self, tenant: &TenantId, id: &AgentId) -> Result<Option<Agent>, StoreError> {
        let agent = self.assembled_statement(select_agents("WHERE tenant = $1 AND id = $2"));
        agent.bind(tenant.as_str()).bind(id.as_str()).fetch_optional().await?.as_ref().map(rows::agent).transpose()
    }

    /// In the order of their ids.
    pub(super) async fn list_agents(
        &mut self,
        tenant: &TenantId,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Agent>, StoreError> {
        let agents = self.assembled_statement(select_agents("WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3"));
        agents.bind(tenant.as_str()).bind(after).bind(limit).fetch_all().await?.iter().map(rows::agent).collect()
    }

    /// Whether it is new.
    pub(super) async fn create_agent(&mut self, agent: &Agent) -> Result<bool, StoreError> {
        let sql = format!(
            "INSERT INTO agents (tenant, id, revision, created, updated, {}) VALUES ($1, $2, $3 * 1000, $3, $3, {}) \
             ON CONFLICT DO NOTHING",
            columns::<AgentFields>(|_, column| column.to_owned()),
            columns::<AgentFields>(|at, _| format!("${}", at + 4)),
        );
        let created = self.assembled_statement(sql).bind(agent.tenant.as_str()).bind(agent.id.as_str());
        let created = created.bind(milliseconds(agent.created));
        Ok(bind_fields(created, &agent.fields).execute().await? == 1)
    }

    pub(super) async fn update_agent(&mut self, agent: &Agent) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE agents SET revision = revision + 1, updated = $3, {} WHERE tenant = $1 AND id = $2",
            columns::<AgentFields>(|at, column| format!("{column} = ${}", at + 4)),
        );
        let updated = self.assembled_statement(sql).bind(agent.tenant.as_str()).bind(agent.id.as_str());
        let updated = updated.bind(milliseconds(agent.updated));
        bind_fields(updated, &agent.fields).execute().await.map(drop)
    }

    /// With its words.
    pub(super) async fn delete_agent(&mut self, tenant: &TenantId, id: &AgentId) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM dictionary_words WHERE tenant = $1 AND agent = $2",
            "DELETE FROM agents WHERE tenant = $1 AND id = $2",
        ] {
            self.statement(sql).bind(tenant.as_str()).bind(id.as_str()).execute().await?;
        }
        Ok(())
    }

    pub(super) async fn list_word_texts(&mut self, owner: &DictionaryOwner) -> Result<Vec<String>, StoreError> {
        let texts = self.statement("SELECT text FROM dictionary_words WHERE tenant = $1 AND agent = $2");
        let texts = texts.bind(owner.tenant.as_str()).bind(agent_column(owner)).fetch_all().await?;
        texts.iter().map(|row| row.get(0)).collect()
    }

    pub(super) async fn count_words(&mut self, owner: &DictionaryOwner) -> Result<i64, StoreError> {
        let count = self.statement("SELECT count(*) FROM dictionary_words WHERE tenant = $1 AND agent = $2");
        count.bind(owner.tenant.as_str()).bind(agent_column(owner)).fetch_one().await?.get(0)
    }

    /// In the order of their ids.
    pub(super) async fn list_words(
        &mut self,
        owner: &DictionaryOwner,
        after: i64,
        limit: i64,
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        let words = self.statement(
            "SELECT id, text, created FROM dictionary_words WHERE tenant = $1 AND agent = $2 AND id > $3 \
             ORDER BY id LIMIT $4",
        );
        let words = words.bind(owner.tenant.as_str()).bind(agent_column(owner)).bind(after).bind(limit);
        read_words(owner, &words.fetch_all().await?)
    }

    /// Those of the texts that are there, in any order.
    pub(super) async fn find_words(
        &mut self,
        owner: &DictionaryOwner,
        texts: &[String],
    ) -> Result<Vec<DictionaryWord>, StoreError> {
        let words = self.statement(self.dialect.find_words).bind(owner.tenant.as_str()).bind(agent_column(owner));
        read_words(owner, &words.bind_list(texts)?.fetch_all().await?)
    }

    /// Adds words, in their order, none of which is there.
    pub(super) async fn create_words(
        &mut self,
        owner: &DictionaryOwner,
        texts: &[String],
        created: i64,
    ) -> Result<(), StoreError> {
        let words = self.statement(self.dialect.create_words).bind(owner.tenant.as_str()).bind(agent_column(owner));
        words.bind_list(texts)?.bind(created).execute().await.map(drop)
    }

    /// Its text, if it was there.
    pub(super) async fn delete_word(
        &mut self,
        owner: &DictionaryOwner,
        id: DictionaryWordId,
    ) -> Result<Option<String>, StoreError> {
        let word =
            self.statement("DELETE FROM dictionary_words WHERE tenant = $1 AND agent = $2 AND id = $3 RETURNING text");
        let word = word.bind(owner.tenant.as_str()).bind(agent_column(owner)).bind(id.0).fetch_optional().await?;
        word.map(|row| row.get(0)).transpose()
    }

    pub(super) async fn record_audit_entries(
        &mut self,
        tenant: &TenantId,
        by: &AuditContext,
        changes: &[ResourceChange],
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = changes.iter().map(entry_row).collect();
        let entries = self.statement(self.dialect.record_audit_entries).bind(tenant.as_str());
        let entries = entries.bind(milliseconds(by.time)).bind(by.actor.as_str()).bind(by.request_id.as_str());
        entries.bind_rows(&rows)?.execute().await.map(drop)
    }

    /// Where the log of the tenant begins that has the id now.
    pub(super) async fn get_audit_start(&mut self, tenant: &TenantId) -> Result<Option<i64>, StoreError> {
        let start = self.statement("SELECT audit_start FROM tenants WHERE id = $1").bind(tenant.as_str());
        start.fetch_optional().await?.map(|row| row.get(0)).transpose()
    }

    /// The newest first.
    pub(super) async fn list_audit_entries(
        &mut self,
        tenant: &TenantId,
        start: i64,
        before: i64,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let entries = self.statement(
            "SELECT id, time, actor, request_id, resource, action, field, old_value, new_value FROM audit_entries \
             WHERE tenant = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4",
        );
        let entries = entries.bind(tenant.as_str()).bind(start).bind(before).bind(limit).fetch_all().await?;
        entries.iter().map(|row| rows::audit_entry(tenant, row)).collect()
    }
}

fn select_tenants(dialect: &Dialect, which: &str) -> String {
    format!(
        "SELECT id, revision, created, updated, {}, \
         (SELECT count(*) FROM agents WHERE tenant = tenants.id AND {}) AS intelligent_agent_count FROM tenants {which}",
        columns::<TenantFields>(|_, column| column.to_owned()),
        dialect.is_intelligent,
    )
}

fn select_agents(which: &str) -> String {
    let columns = columns::<AgentFields>(|_, column| column.to_owned());
    format!("SELECT tenant, id, revision, created, updated, {columns} FROM agents {which}")
}

/// Something for each column of the fields, by its place and its name.
fn columns<F: FieldSet>(write: impl Fn(usize, &str) -> String) -> String {
    let columns = F::Field::ALL.iter().enumerate().map(|(at, field)| write(at, field.row().column));
    columns.collect::<Vec<_>>().join(", ")
}

fn bind_fields<'t>(statement: Statement<'t>, fields: &impl FieldSet) -> Statement<'t> {
    fields.values().into_iter().fold(statement, |statement, value| match value {
        FieldValue::Flag(on) => statement.bind(on),
        FieldValue::Number(number) => statement.bind(i64::from(number)),
        FieldValue::LanguageCode(tag) => statement.bind(tag),
        FieldValue::Text(text) => statement.bind(text.as_str()),
        FieldValue::Agent(agent) => statement.bind(agent.as_ref().map(AgentId::as_str)),
        FieldValue::AgentType(kind) => statement.bind(kind.as_str()),
    })
}

fn entry_row(change: &ResourceChange) -> [&str; 5] {
    [&change.resource, change.action.as_str(), &change.field, &change.old, &change.new]
}

fn read_words(owner: &DictionaryOwner, rows: &[Row]) -> Result<Vec<DictionaryWord>, StoreError> {
    rows.iter().map(|row| rows::word(owner, row)).collect()
}
