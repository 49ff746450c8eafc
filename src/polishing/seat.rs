//! A place in a conversation that a polish has reserved: it is charged or freed, whatever happens.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use super::quota::{Ledger, Outcome, Reserved};
use crate::settings::TenantId;

/// Ends a reservation, at the latest when it is dropped.
pub(super) struct Seat {
    ledger: Arc<dyn Ledger>,
    tasks: TaskTracker,
    tenant: TenantId,
    reserved: Reserved,
    /// How many requests the model's servers have worked on.
    pub(super) requests: u32,
    ended: bool,
}

impl Seat {
    /// `tasks` know of what outlives the call.
    pub(super) fn new(ledger: Arc<dyn Ledger>, tasks: TaskTracker, tenant: TenantId, reserved: Reserved) -> Self {
        Self { ledger, tasks, tenant, reserved, requests: 0, ended: false }
    }

    pub(super) fn polish_id(&self) -> &str {
        &self.reserved.polish_id
    }

    /// Charges or frees it; says how many are left in the conversation.
    pub(super) async fn end(mut self, outcome: Outcome) -> u32 {
        let ended = self.ledger.end(&self.tenant, &self.reserved, outcome, self.requests).await;
        // Only now: a caller that hangs up meanwhile leaves it to `drop`.
        self.ended = true;
        if let Err(error) = ended {
            // It will expire by itself; the result is not withheld for that.
            tracing::warn!(%error, "a reservation could not be ended");
        }
        // What is not charged is free again.
        let freed = outcome == Outcome::Freed && !self.reserved.charged;
        self.reserved.remaining.saturating_add(u32::from(freed))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let (ledger, tenant, reserved) = (Arc::clone(&self.ledger), self.tenant.clone(), self.reserved.clone());
        let requests = self.requests;
        // Without a runtime the process is ending; the reservation expires by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let free = async move {
                if let Err(error) = ledger.end(&tenant, &reserved, Outcome::Freed, requests).await {
                    tracing::warn!(%error, "the reservation of an abandoned call could not be freed");
                }
            };
            self.tasks.spawn_on(free, &runtime);
        }
    }
}
