//! Ids, fields and people.

use std::time::{Duration, SystemTime};

use vermilion::settings::{
    AgentId, AgentType, By, Owner, Store, TenantId,
    store::{AgentChange, AgentFields, TenantFields},
};

pub(crate) fn tenant(id: &str) -> TenantId {
    TenantId::new(id).unwrap()
}

pub(crate) fn agent(id: &str) -> AgentId {
    AgentId::new(id).unwrap()
}

pub(crate) fn own(id: &str) -> Owner {
    Owner::tenant(tenant(id))
}

/// At a time that tells the changes apart.
pub(crate) fn by(milliseconds: u64) -> By {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_000 + milliseconds);
    By { actor: "tester".to_owned(), request_id: format!("request-{milliseconds}"), time }
}

pub(crate) fn limit(intelligent_agent_limit: u32) -> TenantFields {
    TenantFields { intelligent_agent_limit, ..TenantFields::default() }
}

pub(crate) fn recognition(intelligent_recognition: bool) -> AgentFields {
    AgentFields { kind: AgentType::Multimedia, intelligent_recognition, reply_polishing: false }
}

pub(crate) fn turned(on: bool) -> AgentChange {
    AgentChange { intelligent_recognition: Some(on), ..AgentChange::default() }
}

/// A tenant with agents whose recognition is off.
pub(crate) async fn fill(store: &dyn Store, id: &str, places: u32, agents: &[&str]) {
    store.create_tenant(&tenant(id), &limit(places), &by(0)).await.unwrap();
    for name in agents {
        store.create_agent(&tenant(id), &agent(name), &recognition(false), &by(1)).await.unwrap();
    }
}
