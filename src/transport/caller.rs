//! `CallerService`: who calls, as its credentials say, and the limits of requests. Knows no store; the tenant's language comes from the
//! reader of settings.

use std::sync::Arc;

use strum::VariantArray as _;
use tonic::{Request, Response, Status};

use super::{
    convert::{MAX_IGNORED_WORDS, offset_i32, resolve_language},
    feedback::MAX_FEEDBACKS,
    layers::authorized_caller,
    polishing::{MAX_DRAFT_BYTES, MAX_TURN_BYTES, MAX_TURNS},
    proto::{self, CallerLimits, GetCallerRequest, caller_service_server::CallerService},
    spelling::caller_settings,
};
use crate::{
    auth::{Caller, Method, Role},
    config::limits::LimitsConfig,
    settings::{DictionaryOwner, SettingsReader, rules::MAX_WORD_CHARACTERS},
};
use vermilion_engine::spelling::service::MAX_SUGGESTIONS;

/// The handler.
pub(crate) struct CallerHandlers {
    settings: Arc<dyn SettingsReader>,
    limits: CallerLimits,
}

impl CallerHandlers {
    /// For callers whose language `settings` knows.
    #[must_use]
    pub(crate) fn new(settings: Arc<dyn SettingsReader>, limits: &LimitsConfig) -> Self {
        let limits = CallerLimits {
            text_bytes: offset_i32(limits.text_bytes),
            message_bytes: offset_i32(limits.message_bytes()),
            suggestions: offset_i32(MAX_SUGGESTIONS),
            ignored_words: offset_i32(MAX_IGNORED_WORDS),
            dictionary_word_characters: offset_i32(MAX_WORD_CHARACTERS),
            feedbacks: offset_i32(MAX_FEEDBACKS),
            draft_bytes: offset_i32(MAX_DRAFT_BYTES),
            conversation_turns: offset_i32(MAX_TURNS),
            conversation_bytes: offset_i32(MAX_TURN_BYTES),
        };
        Self { settings, limits }
    }
}

#[tonic::async_trait]
impl CallerService for CallerHandlers {
    async fn get_caller(&self, request: Request<GetCallerRequest>) -> Result<Response<proto::Caller>, Status> {
        let caller = authorized_caller(request.extensions(), Method::GetCaller)?;
        let settings = caller_settings(self.settings.as_ref(), Some(&caller)).await;
        let language = resolve_language("", &settings)?;
        let Caller { tenant, agent, roles, .. } = caller;
        let agent = tenant.clone().zip(agent).map(|(tenant, agent)| DictionaryOwner::agent(tenant, agent).to_string());
        Ok(Response::new(proto::Caller {
            tenant: tenant.map(|tenant| DictionaryOwner::tenant(tenant).to_string()).unwrap_or_default(),
            agent: agent.unwrap_or_default(),
            roles: Role::VARIANTS
                .iter()
                .filter(|role| roles.contains(**role))
                .map(|role| wire_role(*role).into())
                .collect(),
            language_code: language.language.tag().to_owned(),
            limits: Some(self.limits),
        }))
    }
}

const fn wire_role(role: Role) -> proto::Role {
    match role {
        Role::Agent => proto::Role::Agent,
        Role::TenantAdmin => proto::Role::TenantAdmin,
        Role::Operator => proto::Role::Operator,
        Role::Service => proto::Role::Service,
    }
}
