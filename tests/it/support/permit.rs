//! A permit, in the way that production gets one.

use std::{sync::Arc, time::SystemTime};

use vermilion::{
    polishing::{self, Permit},
    settings::{Agent, AgentFields, AgentId, AgentType, PolishingSettings, Tenant, TenantFields, TenantId},
};

/// Of a tenant that holds every condition; the limits are out of the way.
pub(crate) fn permit(tenant: &str) -> Permit {
    let (id, agent) = (TenantId::new(tenant).unwrap(), AgentId::new("ana").unwrap());
    let record = Tenant {
        id: id.clone(),
        etag: String::new(),
        fields: TenantFields {
            refine_response_enabled: true,
            administrator_agent: Some(agent.clone()),
            intelligent_agent_limit: 1,
            conversation_polish_limit: 1_000_000,
            agent_daily_polish_limit: 1_000_000,
            tenant_daily_polish_limit: 1_000_000,
            ..TenantFields::default()
        },
        intelligent_agent_count: 1,
        created: SystemTime::UNIX_EPOCH,
        updated: SystemTime::UNIX_EPOCH,
    };
    let agent = Arc::new(Agent {
        tenant: id,
        id: agent,
        etag: String::new(),
        fields: AgentFields { kind: AgentType::Versatile, intelligent_recognition: true, reply_polishing: true },
        created: SystemTime::UNIX_EPOCH,
        updated: SystemTime::UNIX_EPOCH,
    });
    let view = PolishingSettings {
        tenant: Some(Arc::new(record)),
        administrator_agent: Some(Arc::clone(&agent)),
        caller: Some(agent),
    };
    polishing::evaluate(&view).permit().unwrap()
}
