//! Ids, fields and people.

use std::time::{Duration, SystemTime};

use vermilion::settings::{
    AgentFields, AgentId, AgentType, AgentUpdate, AuditContext, DictionaryOwner, FreeText, SettingsStore, TenantFields,
    TenantId,
};

pub(crate) fn tenant(id: &str) -> TenantId {
    TenantId::new(id).unwrap()
}

pub(crate) fn agent(id: &str) -> AgentId {
    AgentId::new(id).unwrap()
}

pub(crate) fn tenant_owner(id: &str) -> DictionaryOwner {
    DictionaryOwner::tenant(tenant(id))
}

/// At a time that tells the changes apart.
pub(crate) fn author_at(milliseconds: u64) -> AuditContext {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_000 + milliseconds);
    AuditContext { actor: "tester".to_owned(), request_id: format!("request-{milliseconds}"), time }
}

pub(crate) fn tenant_fields(intelligent_agent_limit: u32) -> TenantFields {
    TenantFields { intelligent_agent_limit, ..TenantFields::default() }
}

pub(crate) fn guidance(text: &str) -> FreeText {
    FreeText::new(text, &(0..=1000)).unwrap()
}

pub(crate) fn agent_fields(intelligent_recognition: bool) -> AgentFields {
    AgentFields { kind: AgentType::Multimedia, intelligent_recognition, reply_polishing: false }
}

pub(crate) fn recognition_change(on: bool) -> AgentUpdate {
    AgentUpdate { intelligent_recognition: Some(on), ..AgentUpdate::default() }
}

/// A tenant with agents whose recognition is off.
pub(crate) async fn create_tenant_with_agents(store: &dyn SettingsStore, id: &str, places: u32, agents: &[&str]) {
    store.create_tenant(&tenant(id), &tenant_fields(places), &author_at(0)).await.unwrap();
    for name in agents {
        store.create_agent(&tenant(id), &agent(name), &agent_fields(false), &author_at(1)).await.unwrap();
    }
}
