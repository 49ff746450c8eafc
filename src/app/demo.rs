//! The demonstration: tenants and agents that show each answer about polishing, and a word of a tenant's own.

use anyhow::Context as _;

use crate::{
    auth::development::{DEMO_AGENT, DEMO_TENANT},
    settings::{AgentFields, AgentId, AgentType, AuditContext, DictionaryOwner, SettingsStore, TenantFields, TenantId},
    transport::page::PageTenant,
};

/// A tenant: its id, whether Refine response is on, the type of its administrator's agent.
const TENANTS: [(&str, bool, AgentType); 3] = [
    (DEMO_TENANT, true, AgentType::Versatile),
    ("demo-refine-off", false, AgentType::Versatile),
    ("demo-not-versatile", true, AgentType::Multimedia),
];

/// The agent bound to the tenant administrator, in each of them.
const ADMINISTRATOR: &str = "chief";

/// An agent of each: its id, its type, Intelligent Recognition, Reply polishing.
const AGENTS: [(&str, AgentType, bool, bool); 5] = [
    (DEMO_AGENT, AgentType::Multimedia, true, true),
    ("bruno", AgentType::Multimedia, false, true),
    ("chen", AgentType::Multimedia, true, false),
    // Two conditions at once.
    ("dora", AgentType::Multimedia, false, false),
    // Its own type is no condition.
    ("audio", AgentType::Audio, true, true),
];

/// A word that no dictionary has.
const WORD: &str = "FreteBox";

/// Whom the workbench page may be: every agent of every tenant.
pub(super) fn page_tenants() -> Vec<PageTenant> {
    let agents: Vec<&'static str> = AGENTS.iter().map(|(id, ..)| *id).chain([ADMINISTRATOR]).collect();
    TENANTS.iter().map(|(id, ..)| PageTenant { id, agents: agents.clone() }).collect()
}

/// Writes it into an empty store.
///
/// # Errors
/// If the store is not empty, or fails.
pub async fn seed(store: &dyn SettingsStore) -> anyhow::Result<()> {
    let by = AuditContext { actor: "vermilion".to_owned(), request_id: "demo".to_owned(), time: super::wall_clock() };
    for (id, refine_response_enabled, administrator) in TENANTS {
        let tenant = TenantId::new(id).context("a tenant's id")?;
        let fields = TenantFields {
            refine_response_enabled,
            administrator_agent: Some(AgentId::new(ADMINISTRATOR).context("an agent's id")?),
            intelligent_agent_limit: 10,
            ..TenantFields::default()
        };
        store.create_tenant(&tenant, &fields, &by).await?;
        let administrator = (ADMINISTRATOR, administrator, false, false);
        for (id, kind, intelligent_recognition, reply_polishing) in AGENTS.into_iter().chain([administrator]) {
            let fields = AgentFields { kind, intelligent_recognition, reply_polishing };
            store.create_agent(&tenant, &AgentId::new(id).context("an agent's id")?, &fields, &by).await?;
        }
        store.create_word(&DictionaryOwner::tenant(tenant), WORD, &by).await?;
    }
    Ok(())
}
