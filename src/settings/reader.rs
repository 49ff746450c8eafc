//! What a call asks of the settings: a consistent view for the conditions of polishing, language and words for spelling.

use std::sync::Arc;

use super::{Agent, AgentId, Tenant, TenantId};
use vermilion_engine::glossary::Glossary;

/// The settings store cannot be read just now; the log of the one who noticed knows why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the settings store cannot be read")]
pub struct SettingsUnavailable;

/// What the conditions of polishing depend on, read together. Missing records are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolishingSettings {
    /// The caller's tenant.
    pub tenant: Option<Arc<Tenant>>,
    /// The agent bound to the tenant administrator, if the tenant names one and it exists.
    pub administrator_agent: Option<Arc<Agent>>,
    /// The calling agent.
    pub caller: Option<Arc<Agent>>,
}

/// What spelling takes from the settings. The default is that of a caller without settings.
#[derive(Clone, Debug, Default)]
pub struct SpellingSettings {
    /// BCP 47 tag of the tenant's language; empty: none.
    pub language_code: Arc<str>,
    /// The words of the tenant and of the agent.
    pub glossary: Arc<Glossary>,
}

/// Reads settings, as a rule from a cache.
#[async_trait::async_trait]
pub trait SettingsReader: Send + Sync + 'static {
    /// What the conditions depend on, no older than the time to live of the cache.
    ///
    /// # Errors
    /// [`SettingsUnavailable`], if nothing recent enough is known: polishing is closed then.
    async fn polishing_settings(
        &self,
        tenant: &TenantId,
        agent: Option<&AgentId>,
    ) -> Result<PolishingSettings, SettingsUnavailable>;

    /// Language and words, the last known ones while the store is down, the defaults if none are known: spelling always
    /// goes on.
    async fn spelling_settings(&self, tenant: &TenantId, agent: Option<&AgentId>) -> SpellingSettings;
}

/// The settings of a service that has no store: there is no tenant, and everyone checks with the defaults.
#[derive(Clone, Copy, Debug)]
pub struct NoSettings;

#[async_trait::async_trait]
impl SettingsReader for NoSettings {
    async fn polishing_settings(
        &self,
        _: &TenantId,
        _: Option<&AgentId>,
    ) -> Result<PolishingSettings, SettingsUnavailable> {
        Ok(PolishingSettings::default())
    }

    async fn spelling_settings(&self, _: &TenantId, _: Option<&AgentId>) -> SpellingSettings {
        SpellingSettings::default()
    }
}
