//! The way of a draft: reserve, mask, ask, judge, perhaps ask once more, restore, proofread, compare. Whatever happens, what
//! comes out is safe to insert, and what was reserved is charged or freed.

use std::{sync::Arc, time::SystemTime};

use tokio::sync::{Semaphore, mpsc::Sender};
use tracing::{Instrument as _, field, info_span};

use super::{
    Permit,
    conditions::PolishLimits,
    idempotency::{IdempotencyCache, IdempotencyLookup},
    job::{PolishJob, TenantVoice, WrittenReply},
    prompt,
    quota::{self, Feedback, LedgerError, RESERVATION_GRACE, ReservationRequest},
    request::{PolishError, PolishOutcome, PolishRequest, PolishWindow, PolishedReply},
    reservation::QuotaReservation,
    review::{ReviewState, Reviewer},
    rounds::{AnswerVerdict, Asking, Rounds},
    secret,
};
use crate::settings::{AgentId, TenantId};

pub use super::{
    dependencies::{PolisherDependencies, Proofreader},
    privacy::MaskingPolicy,
};

/// Polishes drafts. Shared by all calls.
pub struct Polisher {
    dependencies: PolisherDependencies,
    /// Who compares draft and reply; without one rules do it alone.
    reviewer: Option<Reviewer>,
    idempotency_cache: IdempotencyCache,
    polish_slots: Semaphore,
}

impl Polisher {
    /// Over its parts; as many drafts at once as come.
    #[must_use]
    pub fn new(dependencies: PolisherDependencies) -> Self {
        Self {
            dependencies,
            reviewer: None,
            idempotency_cache: IdempotencyCache::default(),
            polish_slots: Semaphore::new(Semaphore::MAX_PERMITS),
        }
    }

    /// With a second reading of every reply that rules let through.
    #[must_use]
    pub fn with_reviewer(self, reviewer: Reviewer) -> Self {
        Self { reviewer: Some(reviewer), ..self }
    }

    /// Who compares draft and reply, if it is not rules alone.
    #[must_use]
    pub(crate) const fn reviewer(&self) -> Option<&Reviewer> {
        self.reviewer.as_ref()
    }

    /// Whether no server of models would be asked just now, as each has failed repeatedly.
    #[must_use]
    pub(crate) fn is_model_resting(&self) -> bool {
        self.dependencies.model.is_resting()
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
        let reserved = self.reserve(&permit, order, fingerprint.as_ref(), window);
        let mut seat = reserved.instrument(info_span!("reserve")).await?;
        let voice = self.voice(&permit).instrument(info_span!("settings")).await;
        let job = self.mask(order, voice);
        let asking = Asking::new(&self.dependencies, self.reviewer.as_ref(), &job, &mut seat, window.deadline);
        let rounds = asking.run(&permit, deltas).await?;
        let step = info_span!("edits", vermilion.outcome = field::Empty, vermilion.edits = field::Empty);
        let polished = self.settle(job, rounds, seat).instrument(step.clone()).await;
        step.record("vermilion.outcome", polished.outcome.name())
            .record("vermilion.edits", polished.edits.len() as i64);
        drop(step);
        let tokens = polished.usage.tokens;
        tracing::info!(
            outcome = polished.outcome.name(),
            findings = polished.findings.len(),
            review = polished.review.name(),
            points = polished.points.len(),
            masked = polished.masked.iter().map(|(_, count)| count).sum::<usize>(),
            tokens = tokens.prompt.saturating_add(tokens.completion),
            "polished"
        );
        if let Some(working) = working {
            working.complete(&polished);
        }
        Ok(polished)
    }

    fn mask<'o>(&self, order: &'o PolishRequest, voice: TenantVoice) -> PolishJob<'o> {
        let step = info_span!("mask", vermilion.masked = field::Empty).entered();
        let job = PolishJob::prepare(order, &self.dependencies.privacy, voice);
        step.record("vermilion.masked", job.masked.iter().map(|(_, count)| count).sum::<usize>() as i64);
        job
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

    /// How many requests to the model an agent has left today.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    pub async fn remaining_today(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        limits: PolishLimits,
        now: SystemTime,
    ) -> Result<u32, LedgerError> {
        self.dependencies.ledger.remaining_today(tenant, agent, limits, now).await
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

    /// What the tenant has a say in: its wishes and its dictionary, not the agent's own words.
    async fn voice(&self, permit: &Permit) -> TenantVoice {
        let settings = self.dependencies.settings.spelling_settings(permit.tenant(), None).await;
        TenantVoice { guidance: permit.guidance().clone(), glossary: settings.glossary }
    }

    async fn settle(&self, job: PolishJob<'_>, rounds: Rounds, seat: QuotaReservation) -> PolishedReply {
        let Rounds { verdict, usage, review_usage } = rounds;
        let polish_id = seat.polish_id().to_owned();
        let state = |read: bool| if read { ReviewState::Model } else { ReviewState::RulesOnly };
        let (outcome, accepted, findings, review) = match verdict {
            AnswerVerdict::Rejected { findings, by_reading } => {
                (PolishOutcome::RejectedByGuard, None, job.placed(&findings), state(by_reading))
            }
            AnswerVerdict::Accepted(answer) if answer.reply == job.draft => {
                // There was nothing to read.
                (PolishOutcome::Unchanged, None, Vec::new(), state(self.reviewer.is_some()))
            }
            AnswerVerdict::Accepted(answer) => {
                let review = state(answer.differences.is_some());
                (PolishOutcome::Polished, Some(answer), Vec::new(), review)
            }
        };
        // In its form it may be the draft all the same.
        let accepted = accepted.and_then(|answer| job.body(&answer).map(|body| (answer, body)));
        let outcome =
            if outcome == PolishOutcome::Polished && accepted.is_none() { PolishOutcome::Unchanged } else { outcome };
        let charge = if outcome == PolishOutcome::Polished {
            quota::ReservationOutcome::Charged
        } else {
            quota::ReservationOutcome::Released
        };
        let as_sent =
            || WrittenReply { content: job.request.draft.content().to_owned(), edits: Vec::new(), points: Vec::new() };
        // The edits are found while the database writes.
        let written = async { accepted.as_ref().map_or_else(as_sent, |(answer, body)| job.write(answer, body)) };
        let ((remaining, remaining_today), WrittenReply { content, edits, points }) =
            tokio::join!(seat.end(charge), written);
        PolishedReply {
            outcome,
            content,
            edits,
            findings,
            review,
            points,
            masked: job.masked,
            usage,
            review_usage,
            remaining,
            remaining_today,
            polish_id,
        }
    }
}
