//! The statements of the ledger of polishes, each alone; what they add up to is in `quota`. Times are milliseconds, days are days
//! since 1970. Sees no text.

use super::transaction::Transaction;
use crate::{
    polishing::quota::ReservationRequest,
    settings::{AgentId, StoreError, TenantId},
};

/// A polish that is known by its request.
pub(super) struct KnownPolish {
    pub(super) id: String,
    pub(super) fingerprint: Option<Vec<u8>>,
    pub(super) conversation: String,
    pub(super) reserved: bool,
    pub(super) expires: i64,
    pub(super) charged: bool,
    pub(super) repeats: i64,
}

/// A reservation to be ended.
pub(super) struct OpenReservation {
    pub(super) agent: String,
    pub(super) day: i64,
    pub(super) reserved: bool,
    pub(super) repeats: i64,
}

/// A reservation to be recorded.
pub(super) struct PolishRecord<'c> {
    /// Of the polish, new or known.
    pub(super) id: &'c str,
    /// What is asked for.
    pub(super) claim: &'c ReservationRequest<'c>,
    pub(super) expires: i64,
    pub(super) day: i64,
    /// Counts for a new polish.
    pub(super) created: i64,
    /// How often it was asked again, with this claim.
    pub(super) repeats: i64,
}

impl Transaction {
    /// Nobody else reserves for the tenant before this transaction has ended.
    pub(super) async fn lock_quota(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        if let Some(lock) = self.dialect.lock_quota {
            self.statement(lock).bind(tenant.as_str()).execute().await?;
        }
        Ok(())
    }

    pub(super) async fn get_polish(
        &mut self,
        tenant: &TenantId,
        agent: &AgentId,
        request: &str,
    ) -> Result<Option<KnownPolish>, StoreError> {
        let polish = self.statement(
            "SELECT id, fingerprint, conversation, reserved, expires, charged, repeats FROM polishes \
             WHERE tenant = $1 AND agent = $2 AND request_id = $3",
        );
        let polish = polish.bind(tenant.as_str()).bind(agent.as_str()).bind(request);
        let Some(row) = polish.fetch_optional().await? else { return Ok(None) };
        Ok(Some(KnownPolish {
            id: row.get("id")?,
            fingerprint: row.get("fingerprint")?,
            conversation: row.get("conversation")?,
            reserved: row.get("reserved")?,
            expires: row.get("expires")?,
            charged: row.get("charged")?,
            repeats: row.get("repeats")?,
        }))
    }

    /// How many polishes of a conversation are charged or reserved, but for this one.
    pub(super) async fn count_polishes(
        &mut self,
        tenant: &TenantId,
        conversation: &str,
        now: i64,
        but: &str,
    ) -> Result<i64, StoreError> {
        let count = self.statement(
            "SELECT count(*) FROM polishes WHERE tenant = $1 AND conversation = $2 AND id <> $4 \
             AND (charged OR (reserved AND expires > $3))",
        );
        count.bind(tenant.as_str()).bind(conversation).bind(now).bind(but).fetch_one().await?.get(0)
    }

    /// Requests of the day; the agent "" is the whole tenant.
    pub(super) async fn count_requests(&mut self, tenant: &TenantId, agent: &str, day: i64) -> Result<i64, StoreError> {
        let count = self.statement("SELECT requests FROM polish_days WHERE tenant = $1 AND agent = $2 AND day = $3");
        let row = count.bind(tenant.as_str()).bind(agent).bind(day).fetch_optional().await?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    pub(super) async fn record_requests(
        &mut self,
        tenant: &TenantId,
        agent: &str,
        day: i64,
        more: i64,
    ) -> Result<(), StoreError> {
        let count = self.statement(
            "INSERT INTO polish_days (tenant, agent, day, requests) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, agent, day) DO UPDATE SET requests = polish_days.requests + excluded.requests",
        );
        count.bind(tenant.as_str()).bind(agent).bind(day).bind(more).execute().await.map(drop)
    }

    pub(super) async fn record_reservation(&mut self, record: &PolishRecord<'_>) -> Result<(), StoreError> {
        let claim = record.claim;
        let reservation = self.statement(
            "INSERT INTO polishes (id, tenant, agent, conversation, request_id, fingerprint, reserved, expires, \
             charged, repeats, day, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (id) DO UPDATE SET reserved = excluded.reserved, expires = excluded.expires, \
             repeats = excluded.repeats, day = excluded.day",
        );
        let reservation = reservation
            .bind(record.id)
            .bind(claim.tenant.as_str())
            .bind(claim.agent.as_str())
            .bind(claim.conversation)
            .bind(claim.request.map(|(id, _)| id))
            .bind(claim.request.map(|(_, fingerprint)| fingerprint.as_slice()))
            .bind(true)
            .bind(record.expires)
            .bind(false)
            .bind(record.repeats)
            .bind(record.day)
            .bind(record.created);
        reservation.execute().await.map(drop)
    }

    pub(super) async fn get_reservation(
        &mut self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Option<OpenReservation>, StoreError> {
        let reservation =
            self.statement("SELECT agent, day, reserved, repeats FROM polishes WHERE tenant = $1 AND id = $2");
        let Some(row) = reservation.bind(tenant.as_str()).bind(id).fetch_optional().await? else { return Ok(None) };
        Ok(Some(OpenReservation {
            agent: row.get("agent")?,
            day: row.get("day")?,
            reserved: row.get("reserved")?,
            repeats: row.get("repeats")?,
        }))
    }

    /// Charges it too, if it is to be; it stays reserved if another holds it.
    pub(super) async fn end_reservation(&mut self, id: &str, reserved: bool, charged: bool) -> Result<(), StoreError> {
        let end = self.statement("UPDATE polishes SET reserved = $2, charged = (charged OR $3) WHERE id = $1");
        end.bind(id).bind(reserved).bind(charged).execute().await.map(drop)
    }

    /// What was said of it before, if it is the agent's own.
    pub(super) async fn get_feedback(
        &mut self,
        tenant: &TenantId,
        agent: &AgentId,
        id: &str,
    ) -> Result<Option<Option<String>>, StoreError> {
        let feedback = self.statement("SELECT feedback FROM polishes WHERE tenant = $1 AND agent = $2 AND id = $3");
        let row = feedback.bind(tenant.as_str()).bind(agent.as_str()).bind(id).fetch_optional().await?;
        row.map(|row| row.get(0)).transpose()
    }

    pub(super) async fn record_feedback(&mut self, id: &str, feedback: &str) -> Result<(), StoreError> {
        let record = self.statement("UPDATE polishes SET feedback = $2 WHERE id = $1");
        record.bind(id).bind(feedback).execute().await.map(drop)
    }

    pub(super) async fn record_feedback_count(
        &mut self,
        tenant: &TenantId,
        feedback: &str,
        more: i64,
    ) -> Result<(), StoreError> {
        let count = self.statement(
            "INSERT INTO polish_feedback (tenant, feedback, count) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant, feedback) DO UPDATE SET count = polish_feedback.count + excluded.count",
        );
        count.bind(tenant.as_str()).bind(feedback).bind(more).execute().await.map(drop)
    }

    /// Days before this one.
    pub(super) async fn delete_days(&mut self, before: i64) -> Result<(), StoreError> {
        self.statement("DELETE FROM polish_days WHERE day < $1").bind(before).execute().await.map(drop)
    }

    /// Polishes created before. How many they were.
    pub(super) async fn delete_polishes(&mut self, before: i64) -> Result<u64, StoreError> {
        self.statement("DELETE FROM polishes WHERE created < $1").bind(before).execute().await
    }
}
