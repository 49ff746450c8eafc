//! `SpellingService`: thin handlers. Checks need no store; what agents report of marks goes into one, if there is one.

use std::sync::Arc;

use http::Extensions;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};
use tracing::{Instrument as _, info_span};

use super::{
    compression,
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    engine::SpellingEngine,
    feedback::parse_feedbacks,
    layers::{CallTime, Facts, authorized_caller},
    proto::{
        CheckSpellingRequest, CheckSpellingResponse, GetSuggestionsRequest, GetSuggestionsResponse,
        RecordSpellingFeedbackRequest, RecordSpellingFeedbackResponse, spelling_service_server::SpellingService,
    },
    status::{CallError, RequestRule, Violation},
    tallies,
    workers::Workers,
};
use crate::{
    auth::{Caller, Method},
    config::limits::LimitsConfig,
    settings::{SettingsReader, SettingsStore, SpellingSettings},
    telemetry::traces::step,
};

/// The handlers.
pub(crate) struct SpellingHandlers {
    workers: Workers,
    settings: Arc<dyn SettingsReader>,
    store: Option<Arc<dyn SettingsStore>>,
    text_bytes: usize,
}

impl SpellingHandlers {
    /// Over an engine, for callers whose language and words `settings` knows; `tasks` knows of all work that may outlive
    /// its call.
    #[must_use]
    pub(crate) fn new(
        engine: Arc<dyn SpellingEngine>,
        settings: Arc<dyn SettingsReader>,
        limits: &LimitsConfig,
        tasks: TaskTracker,
    ) -> Self {
        Self { workers: Workers::new(engine, limits, tasks), settings, store: None, text_bytes: limits.text_bytes }
    }

    /// Keeps what agents report of marks in this store; without one nothing is kept.
    #[must_use]
    pub(crate) fn with_store(self, store: Option<Arc<dyn SettingsStore>>) -> Self {
        Self { store, ..self }
    }

    /// The limit of what is checked; `data:` addresses of HTML do not count, but for the size of the message.
    fn check_text_limit(&self, check: &ParsedCheckRequest) -> Result<(), CallError> {
        let limit = self.text_bytes;
        if check.text.len() <= limit {
            return Ok(());
        }
        let size = check.document().counted_bytes();
        if size <= limit {
            return Ok(());
        }
        Err(Violation::new("document.content", RequestRule::TextTooLong { size, limit }).into())
    }
}

#[tonic::async_trait]
impl SpellingService for SpellingHandlers {
    async fn check_spelling(
        &self,
        request: Request<CheckSpellingRequest>,
    ) -> Result<Response<CheckSpellingResponse>, Status> {
        let (_, call, message) = request.into_parts();
        let facts = facts(&call);
        let settings = caller_settings(self.settings.as_ref(), call.get()).await;
        facts.note_size(message.document.as_ref().map_or(0, |document| document.content.len()));
        let check = step(|| info_span!("parse")).in_scope(|| {
            let check = ParsedCheckRequest::parse(message, settings)?;
            self.check_text_limit(&check)?;
            Ok::<_, CallError>(check)
        })?;
        let language = check.language.language;
        facts.note_language(language);
        let response = self.workers.check(check, &call).await?;
        tallies::count_check(&response, language);
        Ok(compression::unary(response))
    }

    async fn get_suggestions(
        &self,
        request: Request<GetSuggestionsRequest>,
    ) -> Result<Response<GetSuggestionsResponse>, Status> {
        let (_, call, message) = request.into_parts();
        let facts = facts(&call);
        facts.note_size(message.word.len());
        let settings = caller_settings(self.settings.as_ref(), call.get()).await;
        let asked = step(|| info_span!("parse")).in_scope(|| ParsedSuggestRequest::parse(message, settings))?;
        let language = asked.language.language;
        facts.note_language(language);
        let language_fallback = asked.language.fallback;
        let (suggestions, accepted) = self.workers.suggest(asked, &call).await?;
        Ok(compression::unary(GetSuggestionsResponse {
            suggestions: suggestions.into_iter().map(Into::into).collect(),
            accepted,
            language_code: language.tag().to_owned(),
            language_fallback,
        }))
    }

    async fn record_spelling_feedback(
        &self,
        request: Request<RecordSpellingFeedbackRequest>,
    ) -> Result<Response<RecordSpellingFeedbackResponse>, Status> {
        let (_, call, message) = request.into_parts();
        let caller = authorized_caller(&call, Method::RecordSpellingFeedback)?;
        let feedbacks = parse_feedbacks(&message.feedbacks)?;
        if let (Some(store), Some(tenant), Some(agent)) = (&self.store, &caller.tenant, &caller.agent) {
            let recorded = store.record_spelling_feedback(tenant, agent, &feedbacks, CallTime::of(&call).now).await;
            recorded.map_err(|error| CallError::Settings { resource: format!("tenants/{tenant}"), error })?;
        }
        Ok(compression::unary(RecordSpellingFeedbackResponse {}))
    }
}

/// Language and words of the caller; the defaults for one who has none.
pub(super) async fn caller_settings(settings: &dyn SettingsReader, caller: Option<&Caller>) -> SpellingSettings {
    match caller {
        Some(Caller { tenant: Some(tenant), agent, .. }) => {
            settings.spelling_settings(tenant, agent.as_ref()).instrument(step(|| info_span!("settings"))).await
        }
        _ => SpellingSettings::default(),
    }
}

/// For the line of the log; nobody's, where no layer writes one.
fn facts(call: &Extensions) -> Arc<Facts> {
    call.get().cloned().unwrap_or_default()
}
