//! Where a check runs: a short one at once, a long one on the blocking pool, where a bounded number runs at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::{
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    engine::SpellingEngine,
    layers::Cancelled,
    proto::CheckSpellingResponse,
    status::CallError,
};
use crate::telemetry::RequestId;
use vermilion_engine::{
    language::Language,
    spelling::{Suggestion, with_own_words},
};

/// Up to this many bytes a check holds its thread no longer than 0.4 ms, at two million words a second, and the thread of the
/// pool need not be woken.
const INLINE_BYTES: usize = 4 * 1024;

/// The same for Chinese: some sixty characters, at 6 us for one as a rule.
const INLINE_BYTES_OF_CHINESE: usize = 192;

/// Runs checks.
pub(super) struct Workers {
    engine: Arc<dyn SpellingEngine>,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Workers {
    /// At most `long_checks` at a time on the blocking pool; `tasks` knows of each.
    pub(super) fn new(engine: Arc<dyn SpellingEngine>, long_checks: usize, tasks: TaskTracker) -> Self {
        Self { engine, slots: Arc::new(Semaphore::new(long_checks)), tasks }
    }

    /// Checks and words the answer.
    pub(super) async fn check(
        &self,
        check: ParsedCheckRequest,
        cancelled: Cancelled,
    ) -> Result<CheckSpellingResponse, CallError> {
        let (bytes, language) = (check.text.len(), check.language.language);
        self.run(bytes, language, move |engine| check.response(engine.check(&check.engine_request(cancelled.flag()))))
            .await
    }

    /// The suggestions for a word, and whether it is right as it is.
    pub(super) async fn suggest(&self, asked: ParsedSuggestRequest) -> Result<(Vec<Suggestion>, bool), CallError> {
        let (bytes, language) = (asked.word.len(), asked.language.language);
        let both = move |engine: &dyn SpellingEngine| {
            let ParsedSuggestRequest { word, glossary, max_suggestions: limit, .. } = &asked;
            let suggestions = engine.suggest(word, language, *limit);
            let suggestions = with_own_words(suggestions, glossary, word, *limit);
            (suggestions, glossary.contains(word) || engine.accepts(word, language))
        };
        self.run(bytes, language, both).await
    }

    /// Does work on a text of `bytes` bytes, where it holds up nobody.
    async fn run<T: Send + 'static>(
        &self,
        bytes: usize,
        language: Language,
        work: impl FnOnce(&dyn SpellingEngine) -> T + Send + 'static,
    ) -> Result<T, CallError> {
        if bytes <= inline_bytes(language) {
            return Ok(work(&*self.engine));
        }
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| CallError::ShuttingDown)?;
        let engine = Arc::clone(&self.engine);
        let request_id = RequestId::current().unwrap_or_else(RequestId::generate);
        let work = move || {
            let done = request_id.scope_sync(|| work(&*engine));
            drop(slot);
            done
        };
        // Only a panic ends it without an answer, and the hook has logged that.
        self.tasks.spawn_blocking(work).await.map_err(|_| CallError::Internal)
    }
}

const fn inline_bytes(language: Language) -> usize {
    match language {
        Language::ChineseSimplified | Language::ChineseTraditional => INLINE_BYTES_OF_CHINESE,
        Language::English
        | Language::EnglishUs
        | Language::EnglishGb
        | Language::PortugueseBr
        | Language::PortuguesePt => INLINE_BYTES,
    }
}
