//! The file of `vermilion settings`, and its way from and to a store.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::Value;

use crate::settings::{
    AgentFields, AgentId, AgentType, AgentUpdate, AuditContext, DictionaryOwner, PageRequest, PagedItems,
    SettingsStore, Tenant, TenantFields, TenantId,
    fields::{Field as _, FieldKind, FieldRow, FieldSet, FieldUpdate, FieldValue},
    page::MAX_PAGE_SIZE,
    rules,
};

/// All tenants by id.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsFile {
    #[serde(default)]
    tenants: BTreeMap<String, TenantTable>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct TenantTable {
    #[serde(flatten)]
    fields: FieldTable,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    agents: BTreeMap<String, AgentTable>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct AgentTable {
    #[serde(flatten)]
    fields: FieldTable,
    #[serde(default)]
    words: Vec<String>,
}

impl TenantTable {
    fn fields(&self) -> anyhow::Result<TenantFields> {
        Ok(TenantFields::default().updated(&self.fields.read()?))
    }
}

impl AgentTable {
    fn fields(&self) -> anyhow::Result<AgentFields> {
        let update: AgentUpdate = self.fields.read()?;
        let kind = update.kind.context("missing field `type`")?;
        Ok(AgentFields::new(kind).updated(&update))
    }
}

/// The fields of a tenant or an agent by their paths, in the order of `settings/fields.rs` where they are printed.
#[derive(Debug, PartialEq)]
struct FieldTable(Vec<(String, Value)>);

impl Serialize for FieldTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(path, value)| (path, value)))
    }
}

impl<'de> Deserialize<'de> for FieldTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(toml::Table::deserialize(deserializer)?.into_iter().collect()))
    }
}

impl FieldTable {
    fn from_fields<F: FieldSet>(fields: &F) -> Self {
        let values = F::Field::ALL.iter().zip(fields.values());
        let printed = values.filter_map(|(field, value)| Some((field.row().path.to_owned(), toml_value(value)?)));
        Self(printed.collect())
    }

    fn read<U: FieldUpdate>(&self) -> anyhow::Result<U> {
        let mut update = U::default();
        for (path, value) in &self.0 {
            let field = U::Field::at(path).with_context(|| format!("unknown field `{path}`"))?;
            update.set(field, field_value(field.row(), value).with_context(|| path.clone())?);
        }
        Ok(update)
    }
}

/// `None`: nothing is printed.
fn toml_value(value: FieldValue) -> Option<Value> {
    Some(match value {
        FieldValue::Flag(on) => on.into(),
        FieldValue::Number(number) => i64::from(number).into(),
        FieldValue::LanguageCode(tag) => tag.into(),
        FieldValue::Text(text) => text.as_str().into(),
        // The id alone.
        FieldValue::Agent(agent) => agent?.as_str().into(),
        FieldValue::AgentType(kind) => kind.as_str().into(),
    })
}

fn field_value(field: &FieldRow, value: &Value) -> anyhow::Result<FieldValue> {
    let text = || value.as_str().context("expected text");
    Ok(match field.kind {
        FieldKind::Flag => FieldValue::Flag(value.as_bool().context("expected true or false")?),
        FieldKind::Number => {
            let number = value.as_integer().context("expected a whole number")?;
            FieldValue::Number(field.validate_number(number).with_context(|| format!("found {number}"))?)
        }
        FieldKind::LanguageCode => FieldValue::LanguageCode(rules::validate_language_code(text()?)?),
        FieldKind::Text => FieldValue::Text(field.validate_text(text()?)?),
        FieldKind::Agent => FieldValue::Agent(Some(AgentId::new(text()?)?)),
        FieldKind::AgentType => FieldValue::AgentType(
            AgentType::parse(text()?).context("expected \"audio\", \"video\", \"multimedia\" or \"versatile\"")?,
        ),
    })
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

/// What the fuzz target `import` runs: a file, up to what would be written.
///
/// # Panics
/// If a file that is in order does not read the same when it is printed.
#[cfg(fuzzing)]
pub fn read_file(text: &str) {
    let Ok(file) = toml::from_str::<SettingsFile>(text) else { return };
    if file.tenants.iter().all(|(id, table)| validate_tenant(id, table).is_ok()) {
        let printed = toml::to_string(&file).expect("what was read can be printed");
        assert_eq!(toml::from_str::<SettingsFile>(&printed).expect(&printed), file);
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
    let fields = FieldTable::from_fields(&tenant.fields);
    let words = read_words(store, &DictionaryOwner::tenant(id.clone())).await?;
    let mut table = TenantTable { fields, words, agents: BTreeMap::new() };
    let mut page = PageRequest::first(MAX_PAGE_SIZE);
    loop {
        let PagedItems { items, last_key: last } = store.list_agents(&id, &page).await?;
        for agent in items {
            let words = read_words(store, &DictionaryOwner::agent(id.clone(), agent.id.clone())).await?;
            let fields = FieldTable::from_fields(&agent.fields);
            table.agents.insert(agent.id.to_string(), AgentTable { fields, words });
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
        Some(old) if old.fields != fields => {
            store.update_tenant(&id, &fields.to_update(), &old.etag, by).await?;
            done.changed += 1;
        }
        Some(_) => {}
    }
    write_words(store, &DictionaryOwner::tenant(id.clone()), &table.words, by, done).await?;
    // First those whose recognition goes off: the limit may have no room otherwise.
    let mut agents = Vec::new();
    for (agent, table) in &table.agents {
        agents.push((AgentId::new(agent)?, table.fields()?, &table.words));
    }
    agents.sort_by_key(|(_, fields, _)| fields.intelligent_recognition);
    for (agent, fields, words) in agents {
        let owner = DictionaryOwner::agent(id.clone(), agent.clone());
        let written = async {
            write_agent(store, &id, &agent, &fields, by, done).await?;
            write_words(store, &owner, words, by, done).await
        };
        written.await.with_context(|| format!("agents.{agent}"))?;
    }
    Ok(())
}

async fn write_agent(
    store: &dyn SettingsStore,
    tenant: &TenantId,
    id: &AgentId,
    fields: &AgentFields,
    by: &AuditContext,
    done: &mut ImportSummary,
) -> anyhow::Result<()> {
    match store.get_agent(tenant, id).await? {
        None => {
            store.create_agent(tenant, id, fields, by).await?;
            done.created += 1;
        }
        Some(old) if old.fields != *fields => {
            store.update_agent(tenant, id, &fields.to_update(), &old.etag, by).await?;
            done.changed += 1;
        }
        Some(_) => {}
    }
    Ok(())
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
