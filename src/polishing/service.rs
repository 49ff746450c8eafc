//! The way of a draft: reserve, mask, ask, judge, perhaps ask once more, restore, proofread, compare. Whatever happens, what
//! comes out is safe to insert, and what was reserved is charged or freed.

use std::{collections::HashSet, sync::Arc, time::SystemTime};

use tokio::{
    sync::{Semaphore, mpsc::Sender},
    time::Instant,
};
use tokio_stream::StreamExt as _;
use tokio_util::task::TaskTracker;

use super::{
    Permit, conditions,
    guard::{self, GuardCase, GuardCode, GuardFinding, language::DetectedLanguage},
    idempotency::{IdempotencyCache, IdempotencyLookup},
    model::{ChatModel, ModelChunk, ModelError, Prompt, TokenUsage},
    privacy::{Masking, Patterns, Scope, ValueKind},
    prompt::{self, PromptInput},
    quota::{self, Feedback, LedgerError, QuotaLedger, RESERVATION_GRACE, ReservationRequest},
    reasoning,
    request::{PolishError, PolishOutcome, PolishRequest, PolishWindow, PolishedReply},
    reservation::QuotaReservation,
    secret,
    secret::FingerprintKey,
    stream::AnswerPreview,
};
use crate::settings::{AgentId, SettingsReader, TenantId};

/// Checks the spelling of a result. Polishing does not know who implements it.
pub trait Proofreader: Send + Sync + 'static {
    /// The misspelled words of a text; none for a language that it does not know.
    fn misspelled_words(&self, text: &str, tongue: DetectedLanguage) -> Vec<String>;
}

/// What is kept from the model.
#[derive(Clone, Debug)]
pub struct MaskingPolicy {
    /// How much.
    pub scope: Scope,
    /// The operator's patterns.
    pub patterns: Patterns,
}

/// All that polishing needs from outside.
pub struct PolisherDependencies {
    /// Whom to ask.
    pub model: Arc<dyn ChatModel>,
    /// Who knows the conditions: they are evaluated again before a second answer is asked for.
    pub settings: Arc<dyn SettingsReader>,
    /// Who counts.
    pub ledger: Arc<dyn QuotaLedger>,
    /// Who checks the spelling.
    pub proofreader: Arc<dyn Proofreader>,
    /// What is masked.
    pub privacy: MaskingPolicy,
    /// Of request fingerprints.
    pub key: FingerprintKey,
    /// Knows of work that outlives a call: freeing what a client that hung up had reserved.
    pub tasks: TaskTracker,
}

/// Polishes drafts. Shared by all calls.
pub struct Polisher {
    dependencies: PolisherDependencies,
    idempotency_cache: IdempotencyCache,
    polish_slots: Semaphore,
}

/// One draft on its way.
struct PolishJob<'o> {
    request: &'o PolishRequest,
    masking: Masking,
    /// The draft, masked.
    draft: String,
    masked: Vec<(ValueKind, usize)>,
    prompt: Prompt,
}

/// What a model's answer came to.
enum AnswerVerdict {
    Accepted(String),
    Rejected(Vec<GuardFinding>),
}

impl Polisher {
    /// Over its parts; as many drafts at once as come.
    #[must_use]
    pub fn new(dependencies: PolisherDependencies) -> Self {
        Self {
            dependencies,
            idempotency_cache: IdempotencyCache::default(),
            polish_slots: Semaphore::new(Semaphore::MAX_PERMITS),
        }
    }

    /// So many drafts at once; more are refused, not queued: a model that hangs would hold all of them up.
    #[must_use]
    pub(crate) fn with_max_concurrency(self, drafts: usize) -> Self {
        Self { polish_slots: Semaphore::new(drafts), ..self }
    }

    /// Polishes a draft, no longer than until the deadline of the call; shows what is being written on `deltas`, as fast as they are taken.
    ///
    /// # Errors
    /// [`PolishError`]; nothing is charged then.
    pub async fn polish(
        &self,
        permit: Permit,
        order: &PolishRequest,
        window: PolishWindow,
        deltas: Option<Sender<String>>,
    ) -> Result<PolishedReply, PolishError> {
        let fingerprint = order.request_id.as_ref().map(|_| self.fingerprint(order));
        let working = match order.request_id.clone().zip(fingerprint) {
            None => None,
            Some((id, fingerprint)) => {
                match self
                    .idempotency_cache
                    .begin_request((permit.tenant().clone(), permit.agent().clone(), id), fingerprint)
                {
                    IdempotencyLookup::Completed(polished) => return Ok(*polished),
                    IdempotencyLookup::IdReused => return Err(LedgerError::RequestIdReused.into()),
                    IdempotencyLookup::InProgress => return Err(LedgerError::InProgress.into()),
                    IdempotencyLookup::New(working) => Some(working),
                }
            }
        };
        let _place = self.polish_slots.try_acquire().map_err(|_| PolishError::Busy)?;
        let mut seat = self.reserve(&permit, order, fingerprint.as_ref(), window).await?;
        let job = self.prepare(order);
        let (verdict, usage) = self.ask_and_judge(&permit, &job, &mut seat, window.deadline, deltas).await?;
        let polished = self.settle(job, verdict, usage, seat).await;
        tracing::info!(
            outcome = polished.outcome.name(),
            findings = polished.findings.len(),
            masked = polished.masked.iter().map(|(_, count)| count).sum::<usize>(),
            tokens = usage.prompt.saturating_add(usage.completion),
            "polished"
        );
        if let Some(working) = working {
            working.complete(&polished);
        }
        Ok(polished)
    }

    /// How many places are left in a conversation.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    pub async fn remaining_polishes(
        &self,
        tenant: &TenantId,
        conversation: &str,
        limit: u32,
        now: SystemTime,
    ) -> Result<u32, LedgerError> {
        self.dependencies.ledger.remaining_polishes(tenant, conversation, limit, now).await
    }

    /// Counts what an agent did with a result.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn record_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        polish_id: &str,
        feedback: Feedback,
    ) -> Result<(), LedgerError> {
        self.dependencies.ledger.record_feedback(tenant, agent, polish_id, feedback).await
    }

    fn fingerprint(&self, order: &PolishRequest) -> [u8; 32] {
        let draft = &order.draft;
        let shape = format!("{:?} {:?} {:?} {:?}", order.tone, order.operation, order.limit, draft.fixed());
        let turns = order.turns.iter().flat_map(|(speaker, text)| {
            [if *speaker == prompt::Speaker::Customer { b"c".as_slice() } else { b"a" }, text.as_bytes()]
        });
        // What it is read as tells HTML from plain text.
        let parts =
            [draft.content().as_bytes(), draft.text().as_bytes(), order.conversation.as_bytes(), shape.as_bytes()];
        self.dependencies.key.fingerprint(parts.into_iter().chain(turns))
    }

    async fn reserve(
        &self,
        permit: &Permit,
        order: &PolishRequest,
        fingerprint: Option<&[u8; 32]>,
        window: PolishWindow,
    ) -> Result<QuotaReservation, PolishError> {
        let claim = ReservationRequest {
            polish_id: &secret::random_id(),
            tenant: permit.tenant(),
            agent: permit.agent(),
            conversation: &order.conversation,
            request: order.request_id.as_deref().zip(fingerprint),
            limits: permit.limits(),
            now: window.now,
            expires: window.end() + RESERVATION_GRACE,
        };
        let reserved = self.dependencies.ledger.reserve(&claim).await?;
        Ok(QuotaReservation::new(
            Arc::clone(&self.dependencies.ledger),
            self.dependencies.tasks.clone(),
            permit.tenant().clone(),
            reserved,
        ))
    }

    fn prepare<'o>(&self, order: &'o PolishRequest) -> PolishJob<'o> {
        let MaskingPolicy { scope, patterns } = &self.dependencies.privacy;
        let texts: Vec<&str> =
            std::iter::once(order.draft.content()).chain(order.turns.iter().map(|(_, text)| text.as_str())).collect();
        let mut masking = Masking::new(&texts, secret::random_number);
        let draft = masking.mask(order.draft.text(), order.draft.fixed(), patterns, *scope);
        let mut masked = draft.counts;
        let mut turns = Vec::with_capacity(order.turns.len());
        for (speaker, text) in &order.turns {
            let turn = masking.mask(text, &[], patterns, *scope);
            turns.push((*speaker, turn.text));
            for (kind, count) in turn.counts {
                match masked.iter_mut().find(|(other, _)| *other == kind) {
                    Some((_, total)) => *total += count,
                    None => masked.push((kind, count)),
                }
            }
        }
        masked.sort_unstable();
        let prompt = prompt::compose(&PromptInput {
            draft: draft.text.trim(),
            turns: &turns,
            tone: order.tone,
            operation: order.operation,
            limit: order.limit,
            nonce: masking.nonce(),
            has_placeholders: draft.text.contains(masking.nonce()),
        });
        PolishJob { request: order, masking, draft: draft.text.trim().to_owned(), masked, prompt }
    }

    /// Asks the model, judges, and asks once more where the answer cannot be used.
    async fn ask_and_judge(
        &self,
        permit: &Permit,
        job: &PolishJob<'_>,
        seat: &mut QuotaReservation,
        deadline: Instant,
        deltas: Option<Sender<String>>,
    ) -> Result<(AnswerVerdict, TokenUsage), PolishError> {
        let model = &*self.dependencies.model;
        // Until the server says otherwise, it is at work for us: also for a client that hangs up.
        seat.requests = 1;
        let first = match deltas {
            None => model.complete(permit, &job.prompt, deadline).await.map(|done| (done.text, done.usage)),
            Some(deltas) => stream_answer(model, permit, job, deadline, &deltas).await,
        };
        let (answer, usage) = match first {
            Ok(done) => done,
            Err(error) => {
                seat.requests = u32::from(is_billable(error));
                let code = match error {
                    ModelError::Truncated => GuardCode::Cut,
                    ModelError::Empty => GuardCode::Empty,
                    ModelError::Withheld => GuardCode::Withheld,
                    other => return Err(other.into()),
                };
                let usage = estimate_usage(&job.prompt);
                return Ok((AnswerVerdict::Rejected(vec![GuardFinding { code, count: 1 }]), usage));
            }
        };
        let findings = match self.judge(job, &answer).await {
            AnswerVerdict::Rejected(findings) => findings,
            reply => return Ok((reply, usage)),
        };
        let renewed = match self.renew(permit, seat).await {
            Ok(renewed) => renewed,
            Err(reason) => {
                tracing::info!(reason, "no second answer is asked for");
                return Ok((AnswerVerdict::Rejected(findings), usage));
            }
        };
        let problems: Vec<String> = findings.iter().map(|finding| finding.code.to_string()).collect();
        let prompt = prompt::repair(&job.prompt, reasoning::strip(&answer).to_owned(), &problems);
        seat.requests = 2;
        match model.complete(&renewed, &prompt, deadline).await {
            Ok(done) => Ok((self.judge(job, &done.text).await, add_usage(usage, done.usage))),
            Err(error) => {
                seat.requests = 1 + u32::from(is_billable(error));
                Ok((AnswerVerdict::Rejected(findings), usage))
            }
        }
    }

    /// The permit for a second answer, or why there is none: while the model wrote the first, someone may have turned a switch off,
    /// or others may have used up the day.
    async fn renew(&self, permit: &Permit, seat: &mut QuotaReservation) -> Result<Permit, &'static str> {
        let settings = self.dependencies.settings.polishing_settings(permit.tenant(), Some(permit.agent())).await;
        let settings = settings.map_err(|_| "settings unavailable")?;
        let renewed = conditions::evaluate(&settings).permit().map_err(|_| "conditions unmet")?;
        match seat.reserve_request(renewed.limits()).await {
            Ok(()) => Ok(renewed),
            Err(LedgerError::LimitReached { cap, .. }) => Err(cap.name()),
            Err(_) => Err("ledger unavailable"),
        }
    }

    async fn judge(&self, job: &PolishJob<'_>, answer: &str) -> AnswerVerdict {
        let reply = reasoning::strip(answer);
        let case = GuardCase {
            draft: &job.draft,
            reply,
            masking: &job.masking,
            operation: job.request.operation,
            limit: job.request.limit,
        };
        let mut findings = guard::judge(&case);
        if findings.is_empty() && reply != job.draft {
            let count = self.misspellings_added(job, reply).await;
            if count > 0 {
                findings.push(GuardFinding { code: GuardCode::MisspellingAdded, count });
            }
        }
        if findings.is_empty() { AnswerVerdict::Accepted(reply.to_owned()) } else { AnswerVerdict::Rejected(findings) }
    }

    /// How many words of the reply are misspelled that were not so, or not there, in the draft.
    async fn misspellings_added(&self, job: &PolishJob<'_>, reply: &str) -> usize {
        let read = |text: &str| {
            job.masking.restore_with(
                text,
                |kind, value| if kind == ValueKind::Markup { " ".to_owned() } else { value.to_owned() },
            )
        };
        let (draft, reply) = (read(&job.draft), read(reply));
        let Some(tongue) = guard::language::detect_language(&reply) else { return 0 };
        let proofreader = Arc::clone(&self.dependencies.proofreader);
        let count = move || {
            let known = draft.to_lowercase();
            let fresh = new_sentences(&draft, &reply);
            proofreader
                .misspelled_words(&fresh, tongue)
                .iter()
                .filter(|word| !known.contains(&word.to_lowercase()))
                .count()
        };
        if tongue == DetectedLanguage::Chinese {
            // Some 6 microseconds a character: too long for a thread that serves calls.
            self.dependencies.tasks.spawn_blocking(count).await.unwrap_or(0)
        } else {
            count()
        }
    }

    async fn settle(
        &self,
        job: PolishJob<'_>,
        verdict: AnswerVerdict,
        usage: TokenUsage,
        seat: QuotaReservation,
    ) -> PolishedReply {
        let draft = &job.request.draft;
        let polish_id = seat.polish_id().to_owned();
        let (outcome, new, findings) = match verdict {
            AnswerVerdict::Rejected(findings) => (PolishOutcome::RejectedByGuard, None, findings),
            AnswerVerdict::Accepted(reply) => {
                let new = draft.body_of(&job.masking, &job.draft, &reply);
                let outcome = if new == draft.body() { PolishOutcome::Unchanged } else { PolishOutcome::Polished };
                (outcome, Some(new), Vec::new())
            }
        };
        let charge = if outcome == PolishOutcome::Polished {
            quota::ReservationOutcome::Charged
        } else {
            quota::ReservationOutcome::Released
        };
        // The edits are found while the database writes.
        let new = new.filter(|_| outcome == PolishOutcome::Polished);
        let edits = async { new.as_ref().map_or_else(Vec::new, |new| draft.edits(new)) };
        let (remaining, edits) = tokio::join!(seat.end(charge), edits);
        let content = new.map_or_else(|| draft.content().to_owned(), |new| draft.with_body(&new));
        PolishedReply { outcome, content, edits, findings, masked: job.masked, usage, remaining, polish_id }
    }
}

/// What a reply says otherwise than the draft; what stands in both cannot have been misspelled by the model.
fn new_sentences(draft: &str, reply: &str) -> String {
    const ENDS: [char; 7] = ['.', '!', '?', '\n', '。', '！', '？'];
    let known: HashSet<&str> = draft.split_inclusive(ENDS).map(str::trim).collect();
    reply.split_inclusive(ENDS).filter(|sentence| !known.contains(sentence.trim())).collect()
}

/// Whether the server did work that it may charge for.
const fn is_billable(error: ModelError) -> bool {
    matches!(
        error,
        ModelError::Malformed | ModelError::Truncated | ModelError::Empty | ModelError::Withheld | ModelError::Timeout
    )
}

const fn add_usage(one: TokenUsage, another: TokenUsage) -> TokenUsage {
    TokenUsage {
        prompt: one.prompt.saturating_add(another.prompt),
        completion: one.completion.saturating_add(another.completion),
        estimated: one.estimated || another.estimated,
    }
}

/// About a token for each four bytes, where no answer tells.
fn estimate_usage(prompt: &Prompt) -> TokenUsage {
    TokenUsage {
        prompt: u32::try_from(prompt::text_bytes(prompt) / 4).unwrap_or(u32::MAX),
        completion: 0,
        estimated: true,
    }
}

/// Asks for an answer in pieces and shows them as they come.
async fn stream_answer(
    model: &dyn ChatModel,
    permit: &Permit,
    job: &PolishJob<'_>,
    deadline: Instant,
    deltas: &Sender<String>,
) -> Result<(String, TokenUsage), ModelError> {
    let mut pieces = model.stream(permit, &job.prompt, deadline).await?;
    let mut preview = AnswerPreview::new(&job.masking, &job.request.draft);
    while let Some(piece) = pieces.next().await {
        match piece? {
            ModelChunk::Text(text) => {
                let delta = preview.push(&text);
                // Nobody may look at the preview; the result still counts.
                if !delta.is_empty() {
                    let _ = deltas.send(delta).await;
                }
            }
            ModelChunk::End(usage) => return Ok((preview.into_answer(), usage)),
        }
    }
    Err(ModelError::Malformed)
}
