//! The four conditions of polishing, and the permit that only they can give. Pure: what it decides on is handed in.
//!
//! "When the Refine response feature is enabled for a tenant, the agent bound to the tenant administrator is a versatile
//! agent, and the Intelligent Recognition and Reply polishing switches are turned on, the AI polishing function can be
//! used." It does not say whose switches. They are switches of an agent, so the calling agent's count; and it is the
//! administrator's agent that must be versatile, whatever the caller's own type.

use strum::{IntoStaticStr, VariantArray};

use crate::settings::{Agent, AgentId, AgentType, FreeText, PolishingSettings, Tenant, TenantId};

/// What must hold, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Condition {
    /// The Refine response feature is enabled for the tenant.
    RefineResponse,
    /// The agent bound to the tenant administrator is versatile.
    VersatileAgent,
    /// The Intelligent Recognition switch of the calling agent is on.
    IntelligentRecognition,
    /// The Reply polishing switch of the calling agent is on.
    ReplyPolishing,
}

impl Condition {
    /// Its stable name: that of the API's enum.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Why a condition is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Unmet {
    /// There is no such tenant.
    #[error("the tenant is not known; the operator creates tenants")]
    TenantNotFound,
    /// The feature is off.
    #[error("the Refine response feature is not enabled for this tenant; the operator enables it")]
    RefineResponseDisabled,
    /// No agent is bound to the tenant administrator.
    #[error("no agent is bound to the tenant administrator; the operator binds one")]
    AdministratorAgentUnset,
    /// The bound agent does not exist in this tenant.
    #[error("the agent bound to the tenant administrator does not exist; the operator binds another")]
    AdministratorAgentNotFound,
    /// The bound agent is of another type.
    #[error("the agent bound to the tenant administrator is not a versatile agent; the operator changes its type")]
    AdministratorAgentNotVersatile,
    /// The caller has no record, and so no switches.
    #[error("the calling agent is not known in this tenant; the operator creates agents")]
    AgentNotFound,
    /// The switch is off.
    #[error("Intelligent Recognition is off for this agent; the tenant administrator turns it on")]
    IntelligentRecognitionOff,
    /// The switch is off.
    #[error("Reply polishing is off for this agent; the tenant administrator turns it on")]
    ReplyPolishingOff,
}

impl Unmet {
    /// Stable, part of the API.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// The proof that all four conditions held for a caller when its call came in. Nothing else in the program can make one,
/// and no model can be asked without one. Not to be kept: the next call is evaluated anew, hence no `Clone`.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    tenant: TenantId,
    agent: AgentId,
    limits: PolishLimits,
    guidance: FreeText,
}

/// How many polishes the tenant grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolishLimits {
    /// In one conversation.
    pub conversation: u32,
    /// To one agent in one UTC day.
    pub agent_daily: u32,
    /// To the whole tenant in one UTC day.
    pub tenant_daily: u32,
}

impl Permit {
    /// The tenant for whom the draft is polished.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The calling agent.
    #[must_use]
    pub const fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// How often.
    #[must_use]
    pub const fn limits(&self) -> PolishLimits {
        self.limits
    }

    /// What the tenant wishes of wording.
    #[must_use]
    pub(crate) const fn guidance(&self) -> &FreeText {
        &self.guidance
    }
}

/// The state of every condition and, if all are met, the permit.
#[derive(Debug, PartialEq, Eq)]
pub struct Evaluation {
    unmet: [Option<Unmet>; 4],
    permit: Option<Permit>,
}

impl Evaluation {
    /// Each condition and why it is not met; `None` if it is.
    pub fn conditions(&self) -> impl Iterator<Item = (Condition, Option<Unmet>)> {
        Condition::VARIANTS.iter().copied().zip(self.unmet)
    }

    /// Whether polishing is open.
    #[must_use]
    pub(crate) const fn is_available(&self) -> bool {
        self.permit.is_some()
    }

    /// The limits of the permit, if there is one.
    #[must_use]
    pub fn limits(&self) -> Option<PolishLimits> {
        self.permit.as_ref().map(Permit::limits)
    }

    /// The permit.
    ///
    /// # Errors
    /// The conditions that are not met, all of them.
    pub fn permit(self) -> Result<Permit, Vec<(Condition, Unmet)>> {
        let unmet = self.conditions().filter_map(|(condition, unmet)| Some((condition, unmet?))).collect();
        self.permit.ok_or(unmet)
    }
}

/// Judges all four conditions; never stops at the first unmet one. Records of another tenant count as missing.
#[must_use]
pub fn evaluate(view: &PolishingSettings) -> Evaluation {
    let tenant = view.tenant.as_deref();
    let own = |agent: &&Agent| tenant.is_some_and(|tenant| agent.tenant == tenant.id);
    let caller = view.caller.as_deref().filter(own);
    let unmet = [
        refine_response(tenant),
        versatile_agent(tenant, view.administrator_agent.as_deref().filter(own)),
        switch(caller, |agent| agent.fields.intelligent_recognition, Unmet::IntelligentRecognitionOff),
        switch(caller, |agent| agent.fields.reply_polishing, Unmet::ReplyPolishingOff),
    ];
    let permit = match (unmet, tenant, caller) {
        ([None, None, None, None], Some(tenant), Some(caller)) => Some(Permit {
            tenant: tenant.id.clone(),
            agent: caller.id.clone(),
            limits: PolishLimits {
                conversation: tenant.fields.conversation_polish_limit,
                agent_daily: tenant.fields.agent_daily_polish_limit,
                tenant_daily: tenant.fields.tenant_daily_polish_limit,
            },
            guidance: tenant.fields.polishing_guidance.clone(),
        }),
        _ => None,
    };
    Evaluation { unmet, permit }
}

fn refine_response(tenant: Option<&Tenant>) -> Option<Unmet> {
    match tenant {
        None => Some(Unmet::TenantNotFound),
        Some(tenant) => (!tenant.fields.refine_response_enabled).then_some(Unmet::RefineResponseDisabled),
    }
}

fn versatile_agent(tenant: Option<&Tenant>, administrator_agent: Option<&Agent>) -> Option<Unmet> {
    let Some(tenant) = tenant else { return Some(Unmet::TenantNotFound) };
    let Some(bound) = &tenant.fields.administrator_agent else { return Some(Unmet::AdministratorAgentUnset) };
    match administrator_agent.filter(|agent| agent.id == *bound) {
        None => Some(Unmet::AdministratorAgentNotFound),
        Some(agent) => (agent.fields.kind != AgentType::Versatile).then_some(Unmet::AdministratorAgentNotVersatile),
    }
}

fn switch(caller: Option<&Agent>, is_on: impl Fn(&Agent) -> bool, off: Unmet) -> Option<Unmet> {
    match caller {
        None => Some(Unmet::AgentNotFound),
        Some(agent) => (!is_on(agent)).then_some(off),
    }
}

#[cfg(test)]
mod tests;
