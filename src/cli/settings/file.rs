//! The file of `vermilion settings`, and its way from and to a store.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::settings::{
    Agent, AgentId, AgentType, AuditContext, DictionaryOwner, PageRequest, PagedItems, SettingsStore, Tenant, TenantId,
    page::MAX_PAGE_SIZE,
    rules,
    store::{AgentFields, AgentUpdate, TenantFields, TenantUpdate},
};

/// All tenants by id.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsFile {
    #[serde(default)]
    tenants: BTreeMap<String, TenantTable>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TenantTable {
    refine_response_enabled: bool,
    /// The id alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    administrator_agent: Option<String>,
    intelligent_agent_limit: u32,
    language_code: String,
    conversation_polish_limit: u32,
    agent_daily_polish_limit: u32,
    tenant_daily_polish_limit: u32,
    words: Vec<String>,
    agents: BTreeMap<String, AgentTable>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentTable {
    r#type: String,
    #[serde(default)]
    intelligent_recognition: bool,
    #[serde(default)]
    reply_polishing: bool,
    #[serde(default)]
    words: Vec<String>,
}

impl Default for TenantTable {
    fn default() -> Self {
        Self::from_fields(TenantFields::default())
    }
}

impl TenantTable {
    fn from_fields(fields: TenantFields) -> Self {
        Self {
            refine_response_enabled: fields.refine_response_enabled,
            administrator_agent: fields.administrator_agent.map(|id| id.to_string()),
            intelligent_agent_limit: fields.intelligent_agent_limit,
            language_code: fields.language_code,
            conversation_polish_limit: fields.conversation_polish_limit,
            agent_daily_polish_limit: fields.agent_daily_polish_limit,
            tenant_daily_polish_limit: fields.tenant_daily_polish_limit,
            words: Vec::new(),
            agents: BTreeMap::new(),
        }
    }

    fn fields(&self) -> anyhow::Result<TenantFields> {
        let limit = |name, value: u32, range| {
            rules::validate_range(value.into(), range).with_context(|| format!("{name}: found {value}"))
        };
        Ok(TenantFields {
            refine_response_enabled: self.refine_response_enabled,
            administrator_agent: self
                .administrator_agent
                .as_deref()
                .map(AgentId::new)
                .transpose()
                .context("administrator_agent")?,
            intelligent_agent_limit: limit(
                "intelligent_agent_limit",
                self.intelligent_agent_limit,
                rules::LARGE_LIMIT,
            )?,
            language_code: rules::validate_language_code(&self.language_code).context("language_code")?,
            conversation_polish_limit: limit(
                "conversation_polish_limit",
                self.conversation_polish_limit,
                rules::CONVERSATION_LIMIT,
            )?,
            agent_daily_polish_limit: limit(
                "agent_daily_polish_limit",
                self.agent_daily_polish_limit,
                rules::LARGE_LIMIT,
            )?,
            tenant_daily_polish_limit: limit(
                "tenant_daily_polish_limit",
                self.tenant_daily_polish_limit,
                rules::LARGE_LIMIT,
            )?,
        })
    }
}

impl AgentTable {
    fn fields(&self) -> anyhow::Result<AgentFields> {
        let Some(kind) = AgentType::parse(&self.r#type) else {
            bail!("type: expected \"audio\", \"video\", \"multimedia\" or \"versatile\"");
        };
        Ok(AgentFields {
            kind,
            intelligent_recognition: self.intelligent_recognition,
            reply_polishing: self.reply_polishing,
        })
    }
}

/// What an import has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ImportSummary {
    /// Tenants and agents.
    pub(super) created: usize,
    /// Tenants and agents.
    pub(super) changed: usize,
    pub(super) words: usize,
}

impl SettingsFile {
    /// All that the store holds, page by page: what changes meanwhile may or may not be in it.
    pub(super) async fn from_store(store: &dyn SettingsStore) -> anyhow::Result<Self> {
        let mut tenants = BTreeMap::new();
        let mut page = PageRequest::first(MAX_PAGE_SIZE);
        loop {
            let PagedItems { items, last_key: last } = store.list_tenants(&page).await?;
            for tenant in items {
                let id = tenant.id.clone();
                tenants.insert(id.to_string(), read_tenant(store, tenant).await?);
            }
            let Some(last) = last else { return Ok(Self { tenants }) };
            page = PageRequest::after(MAX_PAGE_SIZE, last);
        }
    }

    /// Writes all of it. What breaks a rule is found before anything is written.
    pub(super) async fn write(&self, store: &dyn SettingsStore, by: &AuditContext) -> anyhow::Result<ImportSummary> {
        for (id, table) in &self.tenants {
            validate_tenant(id, table).with_context(|| format!("tenants.{id}"))?;
        }
        let mut done = ImportSummary::default();
        for (id, table) in &self.tenants {
            write_tenant(store, id, table, by, &mut done).await.with_context(|| format!("tenants.{id}"))?;
        }
        Ok(done)
    }
}

fn validate_tenant(id: &str, table: &TenantTable) -> anyhow::Result<()> {
    TenantId::new(id)?;
    table.fields()?;
    validate_words(&table.words)?;
    for (id, agent) in &table.agents {
        let checked = || -> anyhow::Result<()> {
            AgentId::new(id)?;
            agent.fields()?;
            validate_words(&agent.words)?;
            Ok(())
        };
        checked().with_context(|| format!("agents.{id}"))?;
    }
    Ok(())
}

fn validate_words(words: &[String]) -> anyhow::Result<Vec<String>> {
    let checked = |(at, word): (usize, &String)| rules::validate_word(word).with_context(|| format!("words[{at}]"));
    words.iter().enumerate().map(checked).collect()
}

async fn read_tenant(store: &dyn SettingsStore, tenant: Tenant) -> anyhow::Result<TenantTable> {
    let id = tenant.id.clone();
    let mut table = TenantTable::from_fields(tenant_fields(tenant));
    table.words = read_words(store, &DictionaryOwner::tenant(id.clone())).await?;
    let mut page = PageRequest::first(MAX_PAGE_SIZE);
    loop {
        let PagedItems { items, last_key: last } = store.list_agents(&id, &page).await?;
        for Agent { id: agent, kind, intelligent_recognition, reply_polishing, .. } in items {
            let words = read_words(store, &DictionaryOwner::agent(id.clone(), agent.clone())).await?;
            let r#type = kind.as_str().to_owned();
            table
                .agents
                .insert(agent.to_string(), AgentTable { r#type, intelligent_recognition, reply_polishing, words });
        }
        let Some(last) = last else { return Ok(table) };
        page = PageRequest::after(MAX_PAGE_SIZE, last);
    }
}

async fn read_words(store: &dyn SettingsStore, owner: &DictionaryOwner) -> anyhow::Result<Vec<String>> {
    let mut words = Vec::new();
    let mut page = PageRequest::first(MAX_PAGE_SIZE);
    loop {
        let PagedItems { items, last_key: last } = store.list_words(owner, &page).await?;
        words.extend(items.into_iter().map(|word| word.text));
        let Some(last) = last else { return Ok(words) };
        page = PageRequest::after(MAX_PAGE_SIZE, last);
    }
}

fn tenant_fields(tenant: Tenant) -> TenantFields {
    TenantFields {
        refine_response_enabled: tenant.refine_response_enabled,
        administrator_agent: tenant.administrator_agent,
        intelligent_agent_limit: tenant.intelligent_agent_limit,
        language_code: tenant.language_code,
        conversation_polish_limit: tenant.conversation_polish_limit,
        agent_daily_polish_limit: tenant.agent_daily_polish_limit,
        tenant_daily_polish_limit: tenant.tenant_daily_polish_limit,
    }
}

async fn write_tenant(
    store: &dyn SettingsStore,
    id: &str,
    table: &TenantTable,
    by: &AuditContext,
    done: &mut ImportSummary,
) -> anyhow::Result<()> {
    let (id, fields) = (TenantId::new(id)?, table.fields()?);
    match store.get_tenant(&id).await? {
        None => {
            store.create_tenant(&id, &fields, by).await?;
            done.created += 1;
        }
        Some(old) if tenant_fields(old.clone()) != fields => {
            let change = TenantUpdate {
                refine_response_enabled: Some(fields.refine_response_enabled),
                administrator_agent: Some(fields.administrator_agent),
                intelligent_agent_limit: Some(fields.intelligent_agent_limit),
                language_code: Some(fields.language_code),
                conversation_polish_limit: Some(fields.conversation_polish_limit),
                agent_daily_polish_limit: Some(fields.agent_daily_polish_limit),
                tenant_daily_polish_limit: Some(fields.tenant_daily_polish_limit),
            };
            store.update_tenant(&id, &change, &old.etag, by).await?;
            done.changed += 1;
        }
        Some(_) => {}
    }
    write_words(store, &DictionaryOwner::tenant(id.clone()), &table.words, by, done).await?;
    // First those whose recognition goes off: the limit may have no room otherwise.
    let mut agents: Vec<_> = table.agents.iter().collect();
    agents.sort_by_key(|(_, agent)| agent.intelligent_recognition);
    for (agent, table) in agents {
        write_agent(store, &id, agent, table, by, done).await.with_context(|| format!("agents.{agent}"))?;
    }
    Ok(())
}

async fn write_agent(
    store: &dyn SettingsStore,
    tenant: &TenantId,
    id: &str,
    table: &AgentTable,
    by: &AuditContext,
    done: &mut ImportSummary,
) -> anyhow::Result<()> {
    let (id, fields) = (AgentId::new(id)?, table.fields()?);
    let AgentFields { kind, intelligent_recognition, reply_polishing } = fields;
    match store.get_agent(tenant, &id).await? {
        None => {
            store.create_agent(tenant, &id, &fields, by).await?;
            done.created += 1;
        }
        Some(old)
            if (old.kind, old.intelligent_recognition, old.reply_polishing)
                != (kind, intelligent_recognition, reply_polishing) =>
        {
            let change = AgentUpdate {
                kind: Some(kind),
                intelligent_recognition: Some(intelligent_recognition),
                reply_polishing: Some(reply_polishing),
            };
            store.update_agent(tenant, &id, &change, &old.etag, by).await?;
            done.changed += 1;
        }
        Some(_) => {}
    }
    write_words(store, &DictionaryOwner::agent(tenant.clone(), id), &table.words, by, done).await
}

async fn write_words(
    store: &dyn SettingsStore,
    owner: &DictionaryOwner,
    words: &[String],
    by: &AuditContext,
    done: &mut ImportSummary,
) -> anyhow::Result<()> {
    let there = read_words(store, owner).await?.into_iter().collect::<std::collections::HashSet<_>>();
    let missing: Vec<String> = validate_words(words)?.into_iter().filter(|word| !there.contains(word)).collect();
    for batch in missing.chunks(rules::MAX_BATCH_WORDS) {
        done.words += store.create_words(owner, batch, by).await?.len();
    }
    Ok(())
}
