//! The ledger of polishes in a database: what is decided within a transaction, once for all engines. Sees no text.

use std::time::SystemTime;

use super::{
    rows::milliseconds,
    session::{DatabaseEngine, StoreTransaction},
    settings::DatabaseStore,
};
use crate::{
    polishing::quota::{
        Feedback, LedgerError, MAX_REPEATS, QuotaLedger, QuotaLimit, RETENTION, ReservationGrant, ReservationOutcome,
        ReservationRequest, utc_day,
    },
    settings::{AgentId, StoreError, TenantId},
};

/// A polish that is known by its request: id, fingerprint, conversation, reserved, expires, charged, repeats.
pub(super) type PolishRow = (String, Option<Vec<u8>>, String, bool, i64, bool, i64);

/// A reservation to be ended: agent, day, reserved, repeats.
pub(super) type OpenReservationRow = (String, i64, bool, i64);

/// A row to be written.
pub struct ReservationRow<'c> {
    /// Of the polish, new or known.
    pub id: &'c str,
    /// What is asked for.
    pub claim: &'c ReservationRequest<'c>,
    /// In milliseconds since 1970.
    pub expires: i64,
    /// Since 1970.
    pub day: i64,
    /// In milliseconds since 1970; counts for a new polish.
    pub created: i64,
    /// How often it was asked again, with this claim.
    pub repeats: i64,
}

/// The statements.
#[async_trait::async_trait]
pub trait QuotaTransaction: StoreTransaction {
    /// Nobody else reserves for the tenant before this transaction has ended.
    async fn lock_quota(&mut self, tenant: &TenantId) -> Result<(), StoreError>;

    async fn known(
        &mut self,
        tenant: &TenantId,
        agent: &AgentId,
        request: &str,
    ) -> Result<Option<PolishRow>, StoreError>;

    /// Places taken in a conversation by other polishes than this.
    async fn places(&mut self, tenant: &TenantId, conversation: &str, now: i64, but: &str) -> Result<i64, StoreError>;

    /// Requests of the day; the agent "" is the whole tenant.
    async fn requests(&mut self, tenant: &TenantId, agent: &str, day: i64) -> Result<i64, StoreError>;

    async fn count_requests(&mut self, tenant: &TenantId, agent: &str, day: i64, more: i64) -> Result<(), StoreError>;

    async fn write_reservation(&mut self, reservation: &ReservationRow<'_>) -> Result<(), StoreError>;

    async fn open(&mut self, tenant: &TenantId, id: &str) -> Result<Option<OpenReservationRow>, StoreError>;

    /// Charges it too, if it is to be.
    async fn close(&mut self, id: &str, reserved: bool, charged: bool) -> Result<(), StoreError>;

    /// What was said of it before, if it is the agent's own.
    async fn said(
        &mut self,
        tenant: &TenantId,
        agent: &AgentId,
        id: &str,
    ) -> Result<Option<Option<String>>, StoreError>;

    async fn say(&mut self, id: &str, feedback: &str) -> Result<(), StoreError>;

    async fn count_feedback(&mut self, tenant: &TenantId, feedback: &str, more: i64) -> Result<(), StoreError>;

    /// Forgets polishes created before, and days before. How many polishes that were.
    async fn forget(&mut self, created: i64, day: i64) -> Result<u64, StoreError>;
}

impl From<StoreError> for LedgerError {
    fn from(_: StoreError) -> Self {
        // The one who noticed has logged it.
        Self::Unavailable
    }
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
    row: Option<PolishRow>,
    claim: &ReservationRequest<'_>,
    fingerprint: &[u8; 32],
    now: i64,
) -> Result<KnownRequest, LedgerError> {
    let Some((id, known, conversation, reserved, expires, charged, repeats)) = row else {
        return Ok(KnownRequest::default());
    };
    if known.as_deref() != Some(fingerprint.as_slice()) || conversation != claim.conversation {
        return Err(LedgerError::RequestIdReused);
    }
    let again = charged || (reserved && expires > now);
    if again && repeats >= i64::from(MAX_REPEATS) {
        let reached = LedgerError::LimitReached { cap: QuotaLimit::Repeats, limit: MAX_REPEATS };
        return Err(if charged { reached } else { LedgerError::InProgress });
    }
    Ok(KnownRequest { id: Some(id), charged, repeats: repeats + i64::from(again) })
}

const fn word(feedback: Feedback) -> &'static str {
    match feedback {
        Feedback::Accepted => "accepted",
        Feedback::Edited => "edited",
        Feedback::Discarded => "discarded",
    }
}

impl<E> DatabaseStore<E>
where
    E: DatabaseEngine,
    E::Transaction: QuotaTransaction,
{
    async fn take(&self, claim: &ReservationRequest<'_>) -> Result<ReservationGrant, LedgerError> {
        let (now, today) = (milliseconds(claim.now), utc_day(claim.now));
        let mut session = self.engine.write().await?;
        session.lock_quota(claim.tenant).await?;
        let known = match claim.request {
            None => KnownRequest::default(),
            Some((request, fingerprint)) => {
                judge(session.known(claim.tenant, claim.agent, request).await?, claim, fingerprint, now)?
            }
        };
        let id = known.id.as_deref().unwrap_or(claim.polish_id);
        let used = session.places(claim.tenant, claim.conversation, now, id).await?;
        let limit = claim.limits.conversation;
        if used >= i64::from(limit) && !known.charged {
            return Err(LedgerError::LimitReached { cap: QuotaLimit::Conversation, limit });
        }
        for (agent, limit, cap) in [
            (claim.agent.as_str(), claim.limits.agent_daily, QuotaLimit::AgentDaily),
            ("", claim.limits.tenant_daily, QuotaLimit::TenantDaily),
        ] {
            if session.requests(claim.tenant, agent, today).await? >= i64::from(limit) {
                return Err(LedgerError::LimitReached { cap, limit });
            }
            session.count_requests(claim.tenant, agent, today, 1).await?;
        }
        let reservation = ReservationRow {
            id,
            claim,
            expires: milliseconds(claim.expires),
            day: today,
            created: now,
            repeats: known.repeats,
        };
        session.write_reservation(&reservation).await?;
        session.commit().await?;
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        let remaining = limit.saturating_sub(used.saturating_add(1));
        let attempt = u32::try_from(known.repeats).unwrap_or(u32::MAX);
        Ok(ReservationGrant { polish_id: id.to_owned(), charged: known.charged, remaining, repeats: attempt })
    }

    async fn finish(
        &self,
        tenant: &TenantId,
        ended: &ReservationGrant,
        outcome: ReservationOutcome,
        requests: u32,
    ) -> Result<(), LedgerError> {
        let mut session = self.engine.write().await?;
        session.lock_quota(tenant).await?;
        let id = ended.polish_id.as_str();
        let Some((agent, day, reserved, repeats)) = session.open(tenant, id).await? else { return Ok(()) };
        let taken_over = repeats != i64::from(ended.repeats);
        if !reserved && !taken_over {
            return Ok(());
        }
        session.close(id, reserved && taken_over, outcome == ReservationOutcome::Charged).await?;
        // One was counted when the place was reserved.
        let more = i64::from(requests) - 1;
        if more != 0 {
            for agent in [agent.as_str(), ""] {
                session.count_requests(tenant, agent, day, more).await?;
            }
        }
        Ok(session.commit().await?)
    }

    async fn note(&self, tenant: &TenantId, agent: &AgentId, id: &str, feedback: Feedback) -> Result<(), LedgerError> {
        let mut session = self.engine.write().await?;
        session.lock_quota(tenant).await?;
        let before = session.said(tenant, agent, id).await?.ok_or(LedgerError::NotFound)?;
        if before.as_deref() == Some(word(feedback)) {
            return Ok(());
        }
        if let Some(before) = before {
            session.count_feedback(tenant, &before, -1).await?;
        }
        session.say(id, word(feedback)).await?;
        session.count_feedback(tenant, word(feedback), 1).await?;
        Ok(session.commit().await?)
    }

    /// Nothing that is asked of it takes longer than the store's timeout.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, LedgerError>>) -> Result<T, LedgerError> {
        self.within(async { Ok(work.await) }).await?
    }
}

#[async_trait::async_trait]
impl<E> QuotaLedger for DatabaseStore<E>
where
    E: DatabaseEngine,
    E::Transaction: QuotaTransaction,
{
    async fn reserve(&self, claim: &ReservationRequest<'_>) -> Result<ReservationGrant, LedgerError> {
        self.in_time(self.take(claim)).await
    }

    async fn end_reservation(
        &self,
        tenant: &TenantId,
        reserved: &ReservationGrant,
        outcome: ReservationOutcome,
        requests: u32,
    ) -> Result<(), LedgerError> {
        self.in_time(self.finish(tenant, reserved, outcome, requests)).await
    }

    async fn remaining_polishes(
        &self,
        tenant: &TenantId,
        conversation: &str,
        limit: u32,
        now: SystemTime,
    ) -> Result<u32, LedgerError> {
        let count = async {
            let used = self.engine.read().await?.places(tenant, conversation, milliseconds(now), "").await?;
            Ok(limit.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX)))
        };
        self.in_time(count).await
    }

    async fn record_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        id: &str,
        feedback: Feedback,
    ) -> Result<(), LedgerError> {
        self.in_time(self.note(tenant, agent, id, feedback)).await
    }

    async fn delete_expired(&self, now: SystemTime) -> Result<u64, LedgerError> {
        let work = async {
            let before = now.checked_sub(RETENTION).unwrap_or(SystemTime::UNIX_EPOCH);
            let mut session = self.engine.write().await?;
            let forgotten = session.forget(milliseconds(before) + 1, utc_day(now) - 1).await?;
            session.commit().await?;
            Ok(forgotten)
        };
        self.in_time(work).await
    }
}

/// The statements of [`QuotaTransaction`], which are the same for both engines but for the lock.
macro_rules! quota_statements {
    ($session:ty, $lock:expr) => {
        #[async_trait::async_trait]
        impl $crate::storage::quota::QuotaTransaction for $session {
            async fn lock_quota(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
                let Some(lock) = $lock else { return Ok(()) };
                let lock: &'static str = lock;
                sqlx::query(lock).bind(tenant.as_str()).execute(&mut *self.0).await.map(|_| ()).map_err(failed)
            }

            async fn known(
                &mut self,
                tenant: &TenantId,
                agent: &AgentId,
                request: &str,
            ) -> Result<Option<PolishRow>, StoreError> {
                sqlx::query_as(
                    "SELECT id, fingerprint, conversation, reserved, expires, charged, repeats FROM polishes \
                     WHERE tenant = $1 AND agent = $2 AND request_id = $3",
                )
                .bind(tenant.as_str())
                .bind(agent.as_str())
                .bind(request)
                .fetch_optional(&mut *self.0)
                .await
                .map_err(failed)
            }

            async fn places(
                &mut self,
                tenant: &TenantId,
                conversation: &str,
                now: i64,
                but: &str,
            ) -> Result<i64, StoreError> {
                let (count,): (i64,) = sqlx::query_as(
                    "SELECT count(*) FROM polishes WHERE tenant = $1 AND conversation = $2 AND id <> $4 \
                     AND (charged OR (reserved AND expires > $3))",
                )
                .bind(tenant.as_str())
                .bind(conversation)
                .bind(now)
                .bind(but)
                .fetch_one(&mut *self.0)
                .await
                .map_err(failed)?;
                Ok(count)
            }

            async fn requests(&mut self, tenant: &TenantId, agent: &str, day: i64) -> Result<i64, StoreError> {
                let row: Option<(i64,)> =
                    sqlx::query_as("SELECT requests FROM polish_days WHERE tenant = $1 AND agent = $2 AND day = $3")
                        .bind(tenant.as_str())
                        .bind(agent)
                        .bind(day)
                        .fetch_optional(&mut *self.0)
                        .await
                        .map_err(failed)?;
                Ok(row.map_or(0, |(requests,)| requests))
            }

            async fn count_requests(
                &mut self,
                tenant: &TenantId,
                agent: &str,
                day: i64,
                more: i64,
            ) -> Result<(), StoreError> {
                sqlx::query(
                    "INSERT INTO polish_days (tenant, agent, day, requests) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (tenant, agent, day) DO UPDATE SET requests = polish_days.requests + excluded.requests",
                )
                .bind(tenant.as_str())
                .bind(agent)
                .bind(day)
                .bind(more)
                .execute(&mut *self.0)
                .await
                .map(|_| ())
                .map_err(failed)
            }

            async fn write_reservation(&mut self, reservation: &ReservationRow<'_>) -> Result<(), StoreError> {
                let claim = reservation.claim;
                sqlx::query(
                    "INSERT INTO polishes (id, tenant, agent, conversation, request_id, fingerprint, reserved, expires, \
                     charged, repeats, day, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                     ON CONFLICT (id) DO UPDATE SET reserved = excluded.reserved, expires = excluded.expires, \
                     repeats = excluded.repeats, day = excluded.day",
                )
                .bind(reservation.id)
                .bind(claim.tenant.as_str())
                .bind(claim.agent.as_str())
                .bind(claim.conversation)
                .bind(claim.request.map(|(id, _)| id))
                .bind(claim.request.map(|(_, fingerprint)| fingerprint.as_slice()))
                .bind(true)
                .bind(reservation.expires)
                .bind(false)
                .bind(reservation.repeats)
                .bind(reservation.day)
                .bind(reservation.created)
                .execute(&mut *self.0)
                .await
                .map(|_| ())
                .map_err(failed)
            }

            async fn open(&mut self, tenant: &TenantId, id: &str) -> Result<Option<OpenReservationRow>, StoreError> {
                sqlx::query_as("SELECT agent, day, reserved, repeats FROM polishes WHERE tenant = $1 AND id = $2")
                    .bind(tenant.as_str())
                    .bind(id)
                    .fetch_optional(&mut *self.0)
                    .await
                    .map_err(failed)
            }

            async fn close(&mut self, id: &str, reserved: bool, charged: bool) -> Result<(), StoreError> {
                sqlx::query("UPDATE polishes SET reserved = $2, charged = (charged OR $3) WHERE id = $1")
                    .bind(id)
                    .bind(reserved)
                    .bind(charged)
                    .execute(&mut *self.0)
                    .await
                    .map(|_| ())
                    .map_err(failed)
            }

            async fn said(
                &mut self,
                tenant: &TenantId,
                agent: &AgentId,
                id: &str,
            ) -> Result<Option<Option<String>>, StoreError> {
                let row: Option<(Option<String>,)> =
                    sqlx::query_as("SELECT feedback FROM polishes WHERE tenant = $1 AND agent = $2 AND id = $3")
                        .bind(tenant.as_str())
                        .bind(agent.as_str())
                        .bind(id)
                        .fetch_optional(&mut *self.0)
                        .await
                        .map_err(failed)?;
                Ok(row.map(|(feedback,)| feedback))
            }

            async fn say(&mut self, id: &str, feedback: &str) -> Result<(), StoreError> {
                sqlx::query("UPDATE polishes SET feedback = $2 WHERE id = $1")
                    .bind(id)
                    .bind(feedback)
                    .execute(&mut *self.0)
                    .await
                    .map(|_| ())
                    .map_err(failed)
            }

            async fn count_feedback(&mut self, tenant: &TenantId, feedback: &str, more: i64) -> Result<(), StoreError> {
                sqlx::query(
                    "INSERT INTO polish_feedback (tenant, feedback, count) VALUES ($1, $2, $3) \
                     ON CONFLICT (tenant, feedback) DO UPDATE SET count = polish_feedback.count + excluded.count",
                )
                .bind(tenant.as_str())
                .bind(feedback)
                .bind(more)
                .execute(&mut *self.0)
                .await
                .map(|_| ())
                .map_err(failed)
            }

            async fn forget(&mut self, created: i64, day: i64) -> Result<u64, StoreError> {
                sqlx::query("DELETE FROM polish_days WHERE day < $1")
                    .bind(day)
                    .execute(&mut *self.0)
                    .await
                    .map_err(failed)?;
                sqlx::query("DELETE FROM polishes WHERE created < $1")
                    .bind(created)
                    .execute(&mut *self.0)
                    .await
                    .map(|done| done.rows_affected())
                    .map_err(failed)
            }
        }
    };
}

pub(super) use quota_statements;
