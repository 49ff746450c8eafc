//! `SpellingService`: thin handlers.

use std::sync::Arc;

use http::Extensions;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use super::{
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    engine::SpellingEngine,
    layers::Facts,
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
        Self { workers: Workers::new(engine, limits, tasks), settings, text_bytes: limits.text_bytes }
    }

    /// Language and words of the caller; the defaults for one who has none.
    async fn caller_settings(&self, call: &Extensions) -> SpellingSettings {
        match call.get() {
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
        let (_, call, message) = request.into_parts();
        let facts = facts(&call);
        let settings = self.caller_settings(&call).await;
        facts.note_size(message.document.as_ref().map_or(0, |document| document.content.len()));
        let check = ParsedCheckRequest::parse(message, settings)?;
        self.check_text_limit(&check)?;
        facts.note_language(check.language.language);
        Ok(Response::new(self.workers.check(check, &call).await?))
    }

    async fn get_suggestions(
        &self,
        request: Request<GetSuggestionsRequest>,
    ) -> Result<Response<GetSuggestionsResponse>, Status> {
        let (_, call, message) = request.into_parts();
        let facts = facts(&call);
        facts.note_size(message.word.len());
        let settings = self.caller_settings(&call).await;
        let asked = ParsedSuggestRequest::parse(message, settings)?;
        let language = asked.language.language;
        facts.note_language(language);
        let language_fallback = asked.language.fallback;
        let (suggestions, accepted) = self.workers.suggest(asked, &call).await?;
        Ok(Response::new(GetSuggestionsResponse {
            suggestions: suggestions.into_iter().map(Into::into).collect(),
            accepted,
            language_code: language.tag().to_owned(),
            language_fallback,
        }))
    }
}

/// For the line of the log; nobody's, where no layer writes one.
fn facts(call: &Extensions) -> Arc<Facts> {
    call.get().cloned().unwrap_or_default()
}
