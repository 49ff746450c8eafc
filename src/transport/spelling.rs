//! `SpellingService`: thin handlers.

use std::sync::Arc;

use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use super::{
    convert::{Check, Suggest},
    engine::Engine,
    layers::{Cancelled, Facts},
    proto::{
        CheckSpellingRequest, CheckSpellingResponse, GetSuggestionsRequest, GetSuggestionsResponse,
        spelling_service_server::SpellingService,
    },
    status::{CallError, Rule, Violation},
    workers::Workers,
};
use crate::{
    auth::Caller,
    config::limits::Limits,
    settings::{Reader, SpellingSettings},
};

/// The handlers.
pub struct SpellingHandlers {
    workers: Workers,
    settings: Arc<dyn Reader>,
    text_bytes: usize,
}

impl SpellingHandlers {
    /// Over an engine, for callers whose language and words `settings` knows; `tasks` knows of all work that may outlive
    /// its call.
    #[must_use]
    pub fn new(engine: Arc<dyn Engine>, settings: Arc<dyn Reader>, limits: &Limits, tasks: TaskTracker) -> Self {
        Self { workers: Workers::new(engine, limits.long_checks, tasks), settings, text_bytes: limits.text_bytes }
    }

    /// Language and words of the caller; the defaults for one who has none.
    async fn settings_of<T>(&self, request: &Request<T>) -> SpellingSettings {
        match request.extensions().get() {
            Some(Caller { tenant: Some(tenant), agent, .. }) => self.settings.spelling(tenant, agent.as_ref()).await,
            _ => SpellingSettings::default(),
        }
    }

    fn within_limit(&self, size: usize) -> Result<(), CallError> {
        let limit = self.text_bytes;
        if size <= limit {
            return Ok(());
        }
        Err(Violation::of("document.content", Rule::TextTooLong { size, limit }).into())
    }
}

#[tonic::async_trait]
impl SpellingService for SpellingHandlers {
    async fn check_spelling(
        &self,
        request: Request<CheckSpellingRequest>,
    ) -> Result<Response<CheckSpellingResponse>, Status> {
        let (facts, cancelled) = surroundings(&request);
        let settings = self.settings_of(&request).await;
        let message = request.into_inner();
        let size = message.document.as_ref().map_or(0, |document| document.content.len());
        facts.note_size(size);
        self.within_limit(size)?;
        let check = Check::read(message, settings)?;
        facts.note_language(check.language.language);
        Ok(Response::new(self.workers.check(check, cancelled).await?))
    }

    async fn get_suggestions(
        &self,
        request: Request<GetSuggestionsRequest>,
    ) -> Result<Response<GetSuggestionsResponse>, Status> {
        let (facts, _) = surroundings(&request);
        facts.note_size(request.get_ref().word.len());
        let settings = self.settings_of(&request).await;
        let asked = Suggest::read(request.into_inner(), settings)?;
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
fn surroundings<T>(request: &Request<T>) -> (Arc<Facts>, Cancelled) {
    let extensions = request.extensions();
    (extensions.get().cloned().unwrap_or_default(), extensions.get().cloned().unwrap_or_default())
}
