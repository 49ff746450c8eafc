//! A ledger in memory: for a service without a store, whose counts end with the process, and for tests.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use super::{
    Feedback, LedgerError, MAX_REPEATS, QuotaLedger, QuotaLimit, RETENTION, ReservationGrant, ReservationOutcome,
    ReservationRequest, utc_day,
};
use crate::settings::{AgentId, TenantId};

/// Counts of this process alone.
#[derive(Debug, Default)]
pub struct MemoryLedger(Mutex<LedgerState>);

#[derive(Debug, Default)]
struct LedgerState {
    polishes: HashMap<String, PolishRecord>,
    /// By tenant, agent and request id.
    requests: HashMap<(TenantId, AgentId, String), String>,
    /// Requests by day; without an agent: of the whole tenant.
    days: HashMap<(TenantId, Option<AgentId>, i64), u32>,
}

#[derive(Debug)]
struct PolishRecord {
    tenant: TenantId,
    agent: AgentId,
    conversation: String,
    fingerprint: Option<[u8; 32]>,
    status: ReservationStatus,
    charged: bool,
    repeats: u32,
    day: i64,
    created: SystemTime,
    feedback: Option<Feedback>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReservationStatus {
    Reserved(SystemTime),
    Ended,
}

impl PolishRecord {
    fn counts_towards_limit(&self, now: SystemTime) -> bool {
        self.charged || matches!(self.status, ReservationStatus::Reserved(expires) if expires > now)
    }
}

impl LedgerState {
    fn used(&self, tenant: &TenantId, conversation: &str, now: SystemTime, but: Option<&str>) -> u32 {
        let counts = |(id, polish): &(&String, &PolishRecord)| {
            Some(id.as_str()) != but
                && polish.tenant == *tenant
                && polish.conversation == conversation
                && polish.counts_towards_limit(now)
        };
        u32::try_from(self.polishes.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    fn check_days(&self, claim: &ReservationRequest<'_>) -> Result<(), LedgerError> {
        let day = utc_day(claim.now);
        let count = |agent| self.days.get(&(claim.tenant.clone(), agent, day)).copied().unwrap_or(0);
        for (used, limit, cap) in [
            (count(Some(claim.agent.clone())), claim.limits.agent_daily, QuotaLimit::AgentDaily),
            (count(None), claim.limits.tenant_daily, QuotaLimit::TenantDaily),
        ] {
            if used >= limit {
                return Err(LedgerError::LimitReached { cap, limit });
            }
        }
        Ok(())
    }

    fn count_days(&mut self, tenant: &TenantId, agent: &AgentId, day: i64, change: impl Fn(u32) -> u32) {
        for agent in [Some(agent.clone()), None] {
            let count = self.days.entry((tenant.clone(), agent, day)).or_default();
            *count = change(*count);
        }
    }

    fn known(&self, claim: &ReservationRequest<'_>) -> Result<Option<String>, LedgerError> {
        let Some((request, fingerprint)) = claim.request else { return Ok(None) };
        let key = (claim.tenant.clone(), claim.agent.clone(), request.to_owned());
        let Some((id, polish)) = self.requests.get(&key).and_then(|id| Some((id, self.polishes.get(id)?))) else {
            return Ok(None);
        };
        if polish.fingerprint.as_ref() != Some(fingerprint) || polish.conversation != claim.conversation {
            return Err(LedgerError::RequestIdReused);
        }
        if polish.repeats >= MAX_REPEATS && polish.counts_towards_limit(claim.now) {
            return Err(if polish.charged {
                LedgerError::LimitReached { cap: QuotaLimit::Repeats, limit: MAX_REPEATS }
            } else {
                LedgerError::InProgress
            });
        }
        Ok(Some(id.clone()))
    }
}

impl MemoryLedger {
    fn state(&self) -> MutexGuard<'_, LedgerState> {
        // No holder panics between two changes that belong together.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl QuotaLedger for MemoryLedger {
    async fn reserve(&self, claim: &ReservationRequest<'_>) -> Result<ReservationGrant, LedgerError> {
        let mut state = self.state();
        let known = state.known(claim)?;
        let before = known.as_ref().and_then(|id| state.polishes.get(id));
        let charged = before.is_some_and(|polish| polish.charged);
        let again = before.is_some_and(|polish| polish.counts_towards_limit(claim.now));
        let used = state.used(claim.tenant, claim.conversation, claim.now, known.as_deref());
        let limit = claim.limits.conversation;
        if used >= limit && !charged {
            return Err(LedgerError::LimitReached { cap: QuotaLimit::Conversation, limit });
        }
        state.check_days(claim)?;
        let today = utc_day(claim.now);
        state.count_days(claim.tenant, claim.agent, today, |count| count.saturating_add(1));
        let id = known.unwrap_or_else(|| claim.polish_id.to_owned());
        if let Some((request, _)) = claim.request {
            let key = (claim.tenant.clone(), claim.agent.clone(), request.to_owned());
            state.requests.insert(key, id.clone());
        }
        let polish = state.polishes.entry(id.clone()).or_insert_with(|| PolishRecord {
            tenant: claim.tenant.clone(),
            agent: claim.agent.clone(),
            conversation: claim.conversation.to_owned(),
            fingerprint: claim.request.map(|(_, fingerprint)| *fingerprint),
            status: ReservationStatus::Ended,
            charged: false,
            repeats: 0,
            day: today,
            created: claim.now,
            feedback: None,
        });
        polish.status = ReservationStatus::Reserved(claim.expires);
        polish.day = today;
        polish.repeats += u32::from(again);
        let repeats = polish.repeats;
        Ok(ReservationGrant { polish_id: id, charged, remaining: limit.saturating_sub(used + 1), repeats })
    }

    async fn end_reservation(
        &self,
        _: &TenantId,
        reserved: &ReservationGrant,
        outcome: ReservationOutcome,
        requests: u32,
    ) -> Result<(), LedgerError> {
        let mut state = self.state();
        let Some(polish) = state.polishes.get_mut(&reserved.polish_id) else { return Ok(()) };
        if polish.repeats == reserved.repeats {
            if polish.status == ReservationStatus::Ended {
                return Ok(());
            }
            polish.status = ReservationStatus::Ended;
        }
        polish.charged |= outcome == ReservationOutcome::Charged;
        let (tenant, agent, day) = (polish.tenant.clone(), polish.agent.clone(), polish.day);
        // One was counted when the place was reserved.
        state.count_days(&tenant, &agent, day, |count| count.saturating_sub(1).saturating_add(requests));
        Ok(())
    }

    async fn remaining_polishes(
        &self,
        tenant: &TenantId,
        conversation: &str,
        limit: u32,
        now: SystemTime,
    ) -> Result<u32, LedgerError> {
        Ok(limit.saturating_sub(self.state().used(tenant, conversation, now, None)))
    }

    async fn record_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        polish_id: &str,
        feedback: Feedback,
    ) -> Result<(), LedgerError> {
        let mut state = self.state();
        let own = |polish: &&mut PolishRecord| polish.tenant == *tenant && polish.agent == *agent;
        let polish = state.polishes.get_mut(polish_id).filter(own).ok_or(LedgerError::NotFound)?;
        polish.feedback = Some(feedback);
        Ok(())
    }

    async fn delete_expired(&self, now: SystemTime) -> Result<u64, LedgerError> {
        let mut state = self.state();
        let before = state.polishes.len();
        let young = |created: SystemTime| now.duration_since(created).is_ok_and(|age| age < RETENTION) || created > now;
        state.polishes.retain(|_, polish| young(polish.created));
        let LedgerState { polishes, requests, days } = &mut *state;
        requests.retain(|_, id| polishes.contains_key(id));
        let today = utc_day(now);
        days.retain(|(_, _, day), _| *day >= today - 1);
        Ok(u64::try_from(before - polishes.len()).unwrap_or(u64::MAX))
    }
}
