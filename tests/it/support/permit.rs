//! A permit, in the way that production gets one, and settings that give it.

use std::{sync::Arc, time::SystemTime};

use vermilion::{
    polishing::{self, Permit},
    settings::{
        Agent, AgentFields, AgentId, AgentType, PolishingSettings, SettingsReader, SettingsUnavailable,
        SpellingSettings, Tenant, TenantFields, TenantId,
    },
};

/// Of a tenant that holds every condition; the limits are out of the way.
pub(crate) fn permit(tenant: &str) -> Permit {
    let view = permitting_settings(&TenantId::new(tenant).unwrap(), &AgentId::new("ana").unwrap());
    polishing::evaluate(&view).permit().unwrap()
}

/// Settings by which every agent of every tenant may polish.
pub(crate) struct PermittingSettings;

#[async_trait::async_trait]
impl SettingsReader for PermittingSettings {
    async fn polishing_settings(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
    ) -> Result<PolishingSettings, SettingsUnavailable> {
        Ok(agent.map_or_else(PolishingSettings::default, |agent| permitting_settings(tenant, agent)))
    }

    async fn spelling_settings(&self, _: &TenantId, _: Option<&AgentId>) -> SpellingSettings {
        SpellingSettings::default()
    }
}

fn permitting_settings(tenant: &TenantId, agent: &AgentId) -> PolishingSettings {
    let record = Tenant {
        id: tenant.clone(),
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
        tenant: tenant.clone(),
        id: agent.clone(),
        etag: String::new(),
        fields: AgentFields { kind: AgentType::Versatile, intelligent_recognition: true, reply_polishing: true },
        created: SystemTime::UNIX_EPOCH,
        updated: SystemTime::UNIX_EPOCH,
    });
    PolishingSettings {
        tenant: Some(Arc::new(record)),
        administrator_agent: Some(Arc::clone(&agent)),
        caller: Some(agent),
    }
}
