//! A place in a conversation that a polish has reserved: it is charged or freed, whatever happens.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use super::{
    conditions::PolishLimits,
    quota::{LedgerError, QuotaLedger, ReservationGrant, ReservationOutcome},
};
use crate::settings::TenantId;

/// Ends a reservation, at the latest when it is dropped.
pub(super) struct QuotaReservation {
    ledger: Arc<dyn QuotaLedger>,
    tasks: TaskTracker,
    tenant: TenantId,
    grant: ReservationGrant,
    /// How many requests the model's servers have worked on.
    pub(super) requests: u32,
    ended: bool,
}

impl QuotaReservation {
    /// `tasks` know of what outlives the call.
    pub(super) fn new(
        ledger: Arc<dyn QuotaLedger>,
        tasks: TaskTracker,
        tenant: TenantId,
        grant: ReservationGrant,
    ) -> Self {
        Self { ledger, tasks, tenant, grant, requests: 0, ended: false }
    }

    pub(super) fn polish_id(&self) -> &str {
        &self.grant.polish_id
    }

    /// Counts one more request for the day, before it is made. If the caller hangs up in the midst of it, one that is never made may
    /// stay counted.
    ///
    /// # Errors
    /// As [`QuotaLedger::reserve_request`].
    pub(super) async fn reserve_request(&mut self, limits: PolishLimits) -> Result<(), LedgerError> {
        self.grant.left_today = self.ledger.reserve_request(&self.tenant, &self.grant, limits).await?;
        self.grant.requests += 1;
        Ok(())
    }

    /// Charges or frees it; says how many are left in the conversation, and how many requests today.
    pub(super) async fn end(mut self, outcome: ReservationOutcome) -> (u32, u32) {
        let ended = self.ledger.end_reservation(&self.tenant, &self.grant, outcome, self.requests).await;
        // Only now: a caller that hangs up meanwhile leaves it to `drop`.
        self.ended = true;
        if let Err(error) = ended {
            // It will expire by itself; the result is not withheld for that.
            tracing::warn!(%error, "a reservation could not be ended");
        }
        // What is not charged is free again.
        let freed = outcome == ReservationOutcome::Released && !self.grant.charged;
        // Nor is a request that was never made.
        let unmade = self.grant.requests.saturating_sub(self.requests);
        (self.grant.remaining.saturating_add(u32::from(freed)), self.grant.left_today.saturating_add(unmade))
    }
}

impl Drop for QuotaReservation {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let (ledger, tenant, reserved) = (Arc::clone(&self.ledger), self.tenant.clone(), self.grant.clone());
        let requests = self.requests;
        // Without a runtime the process is ending; the reservation expires by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let free = async move {
                if let Err(error) =
                    ledger.end_reservation(&tenant, &reserved, ReservationOutcome::Released, requests).await
                {
                    tracing::warn!(%error, "the reservation of an abandoned call could not be freed");
                }
            };
            self.tasks.spawn_on(free, &runtime);
        }
    }
}
