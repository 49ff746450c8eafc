//! Where a check runs: a short one at once, a long one on the blocking pool, where only so many run at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::{convert::Check, engine::Engine, layers::Cancelled, proto::CheckSpellingResponse, status::CallError};
use crate::{language::Language, spelling::CheckRequest, telemetry::RequestId};

/// Up to this many bytes a check holds its thread no longer than 0.4 ms, at two million words a second, and the thread of the
/// pool need not be woken.
const INLINE_BYTES: usize = 4 * 1024;

/// The same for Chinese: some sixty characters, at 6 us for one as a rule.
const INLINE_BYTES_OF_CHINESE: usize = 192;

/// Runs checks.
pub(super) struct Workers {
    engine: Arc<dyn Engine>,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Workers {
    /// At most `long_checks` at a time on the blocking pool; `tasks` knows of each.
    pub(super) fn new(engine: Arc<dyn Engine>, long_checks: usize, tasks: TaskTracker) -> Self {
        Self { engine, slots: Arc::new(Semaphore::new(long_checks)), tasks }
    }

    pub(super) fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// Checks and words the answer.
    pub(super) async fn check(&self, check: Check, cancelled: Cancelled) -> Result<CheckSpellingResponse, CallError> {
        let inline = match check.language.language {
            Language::ChineseSimplified | Language::ChineseTraditional => INLINE_BYTES_OF_CHINESE,
            Language::English
            | Language::EnglishUs
            | Language::EnglishGb
            | Language::PortugueseBr
            | Language::PortuguesePt => INLINE_BYTES,
        };
        if check.text.len() <= inline {
            return run(&*self.engine, &check, &cancelled);
        }
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| CallError::ShuttingDown)?;
        let engine = Arc::clone(&self.engine);
        let request_id = RequestId::current().unwrap_or_else(RequestId::generate);
        let work = move || {
            let answer = request_id.scope_sync(|| run(&*engine, &check, &cancelled));
            drop(slot);
            answer
        };
        // Only a panic ends it without an answer, and the hook has logged that.
        self.tasks.spawn_blocking(work).await.unwrap_or(Err(CallError::Internal))
    }
}

fn run(engine: &dyn Engine, check: &Check, cancelled: &Cancelled) -> Result<CheckSpellingResponse, CallError> {
    let report = engine.check(&CheckRequest {
        text: &check.text,
        language: check.language.language,
        protected: &check.protected,
        max_suggestions: check.max_suggestions,
        kinds: &check.kinds,
        hints: check.hints,
        style: check.style,
        cancelled: cancelled.flag(),
    });
    Ok(check.answer(report))
}
