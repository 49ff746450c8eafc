//! The ledger of polishes in a database: what is decided within a transaction, once for all engines. Sees no text.

use std::time::SystemTime;

use super::{
    quota_statements::{KnownPolish, PolishRecord},
    rows::milliseconds,
    store::DatabaseStore,
    transaction::Transaction,
};
use crate::{
    polishing::{
        conditions::PolishLimits,
        quota::{
            Feedback, LedgerError, MAX_REPEATS, QuotaLedger, QuotaLimit, RETENTION, ReservationGrant,
            ReservationOutcome, ReservationRequest, utc_day,
        },
    },
    settings::{AgentId, StoreError, TenantId},
};

impl From<StoreError> for LedgerError {
    fn from(_: StoreError) -> Self {
        // The one who noticed has logged it.
        Self::Unavailable
    }
}

impl DatabaseStore {
    /// A change, in the tenant's turn; of the settings it waits for one change in hand at most.
    async fn record<T, F>(&self, tenant: &TenantId, work: impl FnOnce(Transaction) -> F) -> Result<T, LedgerError>
    where
        F: Future<Output = Result<T, LedgerError>>,
    {
        self.in_turn(self.turns.ledger(tenant), work).await
    }
}

#[async_trait::async_trait]
impl QuotaLedger for DatabaseStore {
    async fn reserve(&self, claim: &ReservationRequest<'_>) -> Result<ReservationGrant, LedgerError> {
        self.record(claim.tenant, |transaction| reserve(transaction, claim)).await
    }

    async fn reserve_request(
        &self,
        tenant: &TenantId,
        reserved: &ReservationGrant,
        limits: PolishLimits,
    ) -> Result<u32, LedgerError> {
        self.record(tenant, |transaction| reserve_request(transaction, tenant, reserved, limits)).await
    }

    async fn end_reservation(
        &self,
        tenant: &TenantId,
        reserved: &ReservationGrant,
        outcome: ReservationOutcome,
        requests: u32,
    ) -> Result<(), LedgerError> {
        self.record(tenant, |transaction| end_reservation(transaction, tenant, reserved, outcome, requests)).await
    }

    async fn remaining_polishes(
        &self,
        tenant: &TenantId,
        conversation: &str,
        limit: u32,
        now: SystemTime,
    ) -> Result<u32, LedgerError> {
        let count = async {
            let mut transaction = self.engine.read().await?;
            let used = transaction.count_polishes(tenant, conversation, milliseconds(now), "").await?;
            Ok(left(limit, used))
        };
        self.within(count).await
    }

    async fn remaining_today(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        limits: PolishLimits,
        now: SystemTime,
    ) -> Result<u32, LedgerError> {
        let count = async {
            let mut transaction = self.engine.read().await?;
            let mut least = u32::MAX;
            for (agent, limit) in [(agent.as_str(), limits.agent_daily), ("", limits.tenant_daily)] {
                let used = transaction.count_requests(tenant, agent, utc_day(now)).await?;
                least = least.min(left(limit, used));
            }
            Ok(least)
        };
        self.within(count).await
    }

    async fn record_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        id: &str,
        feedback: Feedback,
    ) -> Result<(), LedgerError> {
        self.record(tenant, |transaction| record_feedback(transaction, tenant, agent, id, feedback)).await
    }

    async fn delete_expired(&self, now: SystemTime) -> Result<u64, LedgerError> {
        self.within(async { delete_expired(self.engine.write().await?, now).await }).await
    }
}

async fn reserve(
    mut transaction: Transaction,
    claim: &ReservationRequest<'_>,
) -> Result<ReservationGrant, LedgerError> {
    let (now, today) = (milliseconds(claim.now), utc_day(claim.now));
    transaction.lock_quota(claim.tenant).await?;
    let known = match claim.request {
        None => KnownRequest::default(),
        Some((request, fingerprint)) => {
            let polish = transaction.get_polish(claim.tenant, claim.agent, request).await?;
            judge(polish, claim, fingerprint, now)?
        }
    };
    let id = known.id.as_deref().unwrap_or(claim.polish_id);
    let used = transaction.count_polishes(claim.tenant, claim.conversation, now, id).await?;
    let limit = claim.limits.conversation;
    if used >= i64::from(limit) && !known.charged {
        return Err(LedgerError::LimitReached { cap: QuotaLimit::Conversation, limit });
    }
    let left_today = count_request(&mut transaction, claim.tenant, claim.agent.as_str(), claim.limits, today).await?;
    let record = PolishRecord {
        id,
        claim,
        expires: milliseconds(claim.expires),
        day: today,
        created: now,
        repeats: known.repeats,
    };
    transaction.record_reservation(&record).await?;
    transaction.commit().await?;
    let remaining = left(limit, used + 1);
    let repeats = u32::try_from(known.repeats).unwrap_or(u32::MAX);
    let (polish_id, charged) = (id.to_owned(), known.charged);
    Ok(ReservationGrant { polish_id, charged, remaining, repeats, requests: 1, left_today })
}

async fn reserve_request(
    mut transaction: Transaction,
    tenant: &TenantId,
    reserved: &ReservationGrant,
    limits: PolishLimits,
) -> Result<u32, LedgerError> {
    transaction.lock_quota(tenant).await?;
    let known = transaction.get_reservation(tenant, &reserved.polish_id).await?.ok_or(LedgerError::NotFound)?;
    let left = count_request(&mut transaction, tenant, &known.agent, limits, known.day).await?;
    transaction.commit().await?;
    Ok(left)
}

/// How many of a limit are left, of which so many are used.
fn left(limit: u32, used: i64) -> u32 {
    limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
}

/// One request more for the day, if agent and tenant have one left; how many are left then.
async fn count_request(
    transaction: &mut Transaction,
    tenant: &TenantId,
    agent: &str,
    limits: PolishLimits,
    day: i64,
) -> Result<u32, LedgerError> {
    let mut least = u32::MAX;
    for (agent, limit, cap) in
        [(agent, limits.agent_daily, QuotaLimit::AgentDaily), ("", limits.tenant_daily, QuotaLimit::TenantDaily)]
    {
        let used = transaction.count_requests(tenant, agent, day).await?;
        if used >= i64::from(limit) {
            return Err(LedgerError::LimitReached { cap, limit });
        }
        transaction.record_requests(tenant, agent, day, 1).await?;
        least = least.min(left(limit, used + 1));
    }
    Ok(least)
}

async fn end_reservation(
    mut transaction: Transaction,
    tenant: &TenantId,
    ended: &ReservationGrant,
    outcome: ReservationOutcome,
    requests: u32,
) -> Result<(), LedgerError> {
    transaction.lock_quota(tenant).await?;
    let id = ended.polish_id.as_str();
    let Some(known) = transaction.get_reservation(tenant, id).await? else { return Ok(()) };
    let taken_over = known.repeats != i64::from(ended.repeats);
    if !known.reserved && !taken_over {
        return Ok(());
    }
    let charged = outcome == ReservationOutcome::Charged;
    transaction.end_reservation(id, known.reserved && taken_over, charged).await?;
    let more = i64::from(requests) - i64::from(ended.requests);
    if more != 0 {
        for agent in [known.agent.as_str(), ""] {
            transaction.record_requests(tenant, agent, known.day, more).await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn record_feedback(
    mut transaction: Transaction,
    tenant: &TenantId,
    agent: &AgentId,
    id: &str,
    feedback: Feedback,
) -> Result<(), LedgerError> {
    transaction.lock_quota(tenant).await?;
    let before = transaction.get_feedback(tenant, agent, id).await?.ok_or(LedgerError::NotFound)?;
    if before.as_deref() == Some(word(feedback)) {
        return Ok(());
    }
    if let Some(before) = before {
        transaction.record_feedback_count(tenant, &before, -1).await?;
    }
    transaction.record_feedback(id, word(feedback)).await?;
    transaction.record_feedback_count(tenant, word(feedback), 1).await?;
    Ok(transaction.commit().await?)
}

async fn delete_expired(mut transaction: Transaction, now: SystemTime) -> Result<u64, LedgerError> {
    let before = now.checked_sub(RETENTION).unwrap_or(SystemTime::UNIX_EPOCH);
    transaction.delete_days(utc_day(now) - 1).await?;
    let deleted = transaction.delete_polishes(milliseconds(before) + 1).await?;
    transaction.commit().await?;
    Ok(deleted)
}

/// What is known of a claim's request.
#[derive(Default)]
struct KnownRequest {
    id: Option<String>,
    charged: bool,
    /// How often it was asked again, with this claim.
    repeats: i64,
}

fn judge(
    polish: Option<KnownPolish>,
    claim: &ReservationRequest<'_>,
    fingerprint: &[u8; 32],
    now: i64,
) -> Result<KnownRequest, LedgerError> {
    let Some(known) = polish else { return Ok(KnownRequest::default()) };
    if known.fingerprint.as_deref() != Some(fingerprint.as_slice()) || known.conversation != claim.conversation {
        return Err(LedgerError::RequestIdReused);
    }
    let again = known.charged || (known.reserved && known.expires > now);
    if again && known.repeats >= i64::from(MAX_REPEATS) {
        let reached = LedgerError::LimitReached { cap: QuotaLimit::Repeats, limit: MAX_REPEATS };
        return Err(if known.charged { reached } else { LedgerError::InProgress });
    }
    Ok(KnownRequest { id: Some(known.id), charged: known.charged, repeats: known.repeats + i64::from(again) })
}

const fn word(feedback: Feedback) -> &'static str {
    match feedback {
        Feedback::Accepted => "accepted",
        Feedback::Edited => "edited",
        Feedback::Discarded => "discarded",
    }
}
