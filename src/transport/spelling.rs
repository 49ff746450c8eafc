//! `SpellingService`: thin handlers.

use std::sync::Arc;

use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use super::{
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    engine::SpellingEngine,
    layers::{Cancelled, Facts},
    proto::{
        CheckSpellingRequest, CheckSpellingResponse, GetSuggestionsRequest, GetSuggestionsResponse,
        spelling_service_server::SpellingService,
    },
    status::{CallError, RequestRule, Violation},
    workers::Workers,
};
use crate::{
    auth::Caller,
    config::limits::LimitsConfig,
    settings::{SettingsReader, SpellingSettings},
};

/// The handlers.
pub(crate) struct SpellingHandlers {
    workers: Workers,
    settings: Arc<dyn SettingsReader>,
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
        Self { workers: Workers::new(engine, limits.long_checks, tasks), settings, text_bytes: limits.text_bytes }
    }

    /// Language and words of the caller; the defaults for one who has none.
    async fn caller_settings<T>(&self, request: &Request<T>) -> SpellingSettings {
        match request.extensions().get() {
            Some(Caller { tenant: Some(tenant), agent, .. }) => {
                self.settings.spelling_settings(tenant, agent.as_ref()).await
            }
            _ => SpellingSettings::default(),
        }
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
        let (facts, cancelled) = call_context(&request);
        let settings = self.caller_settings(&request).await;
        let message = request.into_inner();
        facts.note_size(message.document.as_ref().map_or(0, |document| document.content.len()));
        let check = ParsedCheckRequest::parse(message, settings)?;
        self.check_text_limit(&check)?;
        facts.note_language(check.language.language);
        Ok(Response::new(self.workers.check(check, cancelled).await?))
    }

    async fn get_suggestions(
        &self,
        request: Request<GetSuggestionsRequest>,
    ) -> Result<Response<GetSuggestionsResponse>, Status> {
        let (facts, _) = call_context(&request);
        facts.note_size(request.get_ref().word.len());
        let settings = self.caller_settings(&request).await;
        let asked = ParsedSuggestRequest::parse(request.into_inner(), settings)?;
        let language = asked.language.language;
        facts.note_language(language);
        let language_fallback = asked.language.fallback;
        let (suggestions, accepted) = self.workers.suggest(asked).await?;
        Ok(Response::new(GetSuggestionsResponse {
            suggestions: suggestions.into_iter().map(Into::into).collect(),
            accepted,
            language_code: language.tag().to_owned(),
            language_fallback,
        }))
    }
}

/// What the layers have laid down for the call.
fn call_context<T>(request: &Request<T>) -> (Arc<Facts>, Cancelled) {
    let extensions = request.extensions();
    (extensions.get().cloned().unwrap_or_default(), extensions.get().cloned().unwrap_or_default())
}
