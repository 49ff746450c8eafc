//! Where a check runs: on the thread that received it while it takes few steps, else anew on the blocking pool, where a bounded
//! number runs at a time and callers take turns.

use std::{net::IpAddr, sync::Arc, time::Duration};

use http::Extensions;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, Span, field, info_span};

use super::{
    connections::Peer,
    convert::{ParsedCheckRequest, ParsedSuggestRequest},
    engine::SpellingEngine,
    layers::{CallTime, Cancelled},
    proto::CheckSpellingResponse,
    status::CallError,
    work_queue::WorkQueue,
};
use crate::{
    auth::Caller,
    config::limits::LimitsConfig,
    settings::{AgentId, TenantId},
    telemetry::{RequestId, traces::step},
};
use vermilion_engine::spelling::{SpellingReport, Suggestion, with_own_words};

/// Steps of some 0.1 us that a check may take on the thread that received it, which serves other calls, too: half a
/// millisecond. Enough for a message of 4 KiB without mistakes, or one with a usual mistake or two, or 90 characters of
/// Chinese. What takes more has lost them, and is told so by a count: the same text always goes the same way, but for what is
/// remembered.
const INLINE_STEPS: u32 = 5_000;

/// A call that has waited so long for its thread is late: the thread has more to do than it can, and does nothing more of it itself.
/// What it then hands on is served in turns or refused soon, where it would else all be served, one after the other, when nobody
/// waits any more. Ten times what a call waits at the highest rate that is served.
const LATE: Duration = Duration::from_millis(50);

/// Runs checks.
pub(super) struct Workers {
    engine: Arc<dyn SpellingEngine>,
    queue: WorkQueue<CallerKey>,
    answer_bytes: usize,
    tasks: TaskTracker,
}

impl Workers {
    /// At most `long_checks` of one caller at a time on the blocking pool, and one more of others; `tasks` knows of each.
    pub(super) fn new(engine: Arc<dyn SpellingEngine>, limits: &LimitsConfig, tasks: TaskTracker) -> Self {
        Self {
            engine,
            queue: WorkQueue::new(limits.long_checks + 1, limits.long_checks),
            answer_bytes: limits.answer_bytes,
            tasks,
        }
    }

    /// Checks and words the answer.
    pub(super) async fn check(
        &self,
        check: ParsedCheckRequest,
        call: &Extensions,
    ) -> Result<CheckSpellingResponse, CallError> {
        let cancelled: Cancelled = call.get().cloned().unwrap_or_default();
        let answer_bytes = self.answer_bytes;
        if !is_late(call) {
            let step = check_step(&check, true);
            let report =
                step.in_scope(|| self.engine.check_within(&check.engine_request(cancelled.flag()), INLINE_STEPS));
            if let Some(report) = report {
                return Ok(word(&check, report, answer_bytes, step));
            }
        }
        let work = move |engine: &dyn SpellingEngine| {
            let step = check_step(&check, false);
            let report = step.in_scope(|| engine.check(&check.engine_request(cancelled.flag())));
            word(&check, report, answer_bytes, step)
        };
        self.run(call, work).await
    }

    /// The suggestions for a word, and whether it is right as it is.
    pub(super) async fn suggest(
        &self,
        asked: ParsedSuggestRequest,
        call: &Extensions,
    ) -> Result<(Vec<Suggestion>, bool), CallError> {
        let (language, limit) = (asked.language.language, asked.max_suggestions);
        if !is_late(call) {
            let _step = step(|| info_span!("suggest", vermilion.inline = true)).entered();
            if let Some(suggestions) = self.engine.suggest_within(&asked.word, language, limit, INLINE_STEPS) {
                return Ok(with_verdict(&*self.engine, &asked, suggestions));
            }
        }
        let work = move |engine: &dyn SpellingEngine| {
            let _step = step(|| info_span!("suggest", vermilion.inline = false)).entered();
            with_verdict(engine, &asked, engine.suggest(&asked.word, language, limit))
        };
        self.run(call, work).await
    }

    /// Does work where it holds up nobody, when it is its caller's turn.
    async fn run<T: Send + 'static>(
        &self,
        call: &Extensions,
        work: impl FnOnce(&dyn SpellingEngine) -> T + Send + 'static,
    ) -> Result<T, CallError> {
        let turn = self.queue.enter(CallerKey::of(call), CallTime::of(call).deadline);
        let place = turn.instrument(step(|| info_span!("wait"))).await;
        let place = place.map_err(|_| CallError::Overloaded)?;
        let engine = Arc::clone(&self.engine);
        let request_id = RequestId::current().unwrap_or_else(RequestId::generate);
        let span = Span::current();
        let work = move || {
            let done = request_id.scope_sync(|| span.in_scope(|| work(&*engine)));
            drop(place);
            done
        };
        // Only a panic ends it without an answer, and the hook has logged that.
        self.tasks.spawn_blocking(work).await.map_err(|_| CallError::Internal)
    }
}

/// The step in which a document is read and checked; `inline`: on the thread that serves calls, where it may be given up.
fn check_step(check: &ParsedCheckRequest, inline: bool) -> Span {
    step(|| {
        info_span!(
            "check",
            vermilion.inline = inline,
            vermilion.channel = ?check.channel,
            vermilion.format = ?check.format,
            vermilion.marks = field::Empty,
            vermilion.skipped = field::Empty,
        )
    })
}

/// The answer to a check, whose step ends here.
fn word(check: &ParsedCheckRequest, report: SpellingReport, limit: usize, check_step: Span) -> CheckSpellingResponse {
    check_step
        .record("vermilion.marks", report.findings.len() as i64)
        .record("vermilion.skipped", report.skipped.len() as i64);
    drop(check_step);
    step(|| info_span!("answer")).in_scope(|| check.response(report, limit))
}

/// Whether its thread has come to the call too late. Counts the time in which its request arrives, too: who sends slowly is not served by
/// a thread that serves everybody.
#[expect(clippy::disallowed_methods, reason = "how long a call has waited decides where it is served")]
fn is_late(call: &Extensions) -> bool {
    Instant::now().saturating_duration_since(CallTime::of(call).started) > LATE
}

fn with_verdict(
    engine: &dyn SpellingEngine,
    asked: &ParsedSuggestRequest,
    suggestions: Vec<Suggestion>,
) -> (Vec<Suggestion>, bool) {
    let ParsedSuggestRequest { word, glossary, max_suggestions, language } = asked;
    let suggestions = with_own_words(suggestions, glossary, word, *max_suggestions);
    (suggestions, glossary.contains(word) || engine.accepts(word, language.language))
}

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CallerKey {
    Agent(TenantId, Option<AgentId>),
    /// Whoever has no identity is told by the network of its address.
    Peer(Option<IpAddr>),
}

impl CallerKey {
    fn of(call: &Extensions) -> Self {
        if let Some(Caller { tenant: Some(tenant), agent, .. }) = call.get() {
            return Self::Agent(tenant.clone(), agent.clone());
        }
        Self::Peer(call.get().map(Peer::network))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;
    use crate::{
        auth::{Role, RoleSet},
        settings::SpellingSettings,
        transport::proto,
    };
    use vermilion_engine::{
        language::Language,
        spelling::{CheckRequest, SpellingReport},
    };

    #[test]
    fn a_caller_is_told_by_identity_and_else_by_address() {
        let mut call = Extensions::new();
        assert_eq!(CallerKey::of(&call), CallerKey::Peer(None));
        call.insert(Caller::default());
        for (address, network) in [("192.0.2.7", "192.0.2.7"), ("2001:db8::7:8", "2001:db8::")] {
            call.insert(Peer::alone_at(address.parse().unwrap()));
            assert_eq!(CallerKey::of(&call), CallerKey::Peer(network.parse().ok()));
        }
        let roles = RoleSet::EMPTY.with(Role::Agent);
        let caller = |agent| Caller::new("subject", Some("acme"), Some(agent), roles).unwrap();
        let [ana, bruno] = ["ana", "bruno"].map(|agent| {
            call.insert(caller(agent));
            CallerKey::of(&call)
        });
        assert!(ana != bruno && matches!(&ana, CallerKey::Agent(tenant, _) if tenant.as_str() == "acme"));
    }

    /// Remembers where it was asked.
    #[derive(Default)]
    struct Watched {
        inline: AtomicUsize,
        pool: AtomicUsize,
    }

    impl SpellingEngine for Watched {
        fn check(&self, _: &CheckRequest<'_>) -> SpellingReport {
            self.pool.fetch_add(1, SeqCst);
            SpellingReport::default()
        }

        fn check_within(&self, _: &CheckRequest<'_>, _: u32) -> Option<SpellingReport> {
            self.inline.fetch_add(1, SeqCst);
            Some(SpellingReport::default())
        }

        fn suggest(&self, _: &str, _: Language, _: usize) -> Vec<Suggestion> {
            self.pool.fetch_add(1, SeqCst);
            Vec::new()
        }

        fn suggest_within(&self, _: &str, _: Language, _: usize, _: u32) -> Option<Vec<Suggestion>> {
            self.inline.fetch_add(1, SeqCst);
            Some(Vec::new())
        }

        fn accepts(&self, _: &str, _: Language) -> bool {
            true
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_call_is_not_served_by_the_thread_that_serves_everybody() {
        let engine = Arc::new(Watched::default());
        let limits = crate::config::Config::parse("", &[]).unwrap().server.limits;
        let workers = Workers::new(Arc::clone(&engine) as _, &limits, TaskTracker::new());
        for (waited, inline, pool) in [(0, 2, 0), (50, 2, 0), (51, 0, 2), (5_000, 0, 2)] {
            let mut call = Extensions::new();
            call.insert(CallTime::of(&call));
            tokio::time::advance(Duration::from_millis(waited)).await;
            let check = ParsedCheckRequest::parse(proto::CheckSpellingRequest::default(), SpellingSettings::default());
            workers.check(check.unwrap(), &call).await.unwrap();
            let asked = proto::GetSuggestionsRequest { word: "word".to_owned(), ..Default::default() };
            let asked = ParsedSuggestRequest::parse(asked, SpellingSettings::default()).unwrap();
            workers.suggest(asked, &call).await.unwrap();
            assert_eq!((engine.inline.swap(0, SeqCst), engine.pool.swap(0, SeqCst)), (inline, pool), "{waited} ms");
        }
    }
}
