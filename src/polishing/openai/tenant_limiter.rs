//! How much of the models' servers one tenant may take: requests at once, and requests in a minute. Knows no HTTP.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use governor::{
    Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::DashMapStateStore,
};
use tokio::time::Instant;

use super::clock;
use crate::{polishing::ModelError, settings::TenantId};

/// So many tenants' rates are kept before those that have rested are forgotten.
const MIN_SWEEP_SIZE: usize = 1024;

/// Requests in hand by tenant; a tenant without any has no entry, so that the map is no longer than the calls in hand.
type InFlightCounts = Arc<Mutex<HashMap<TenantId, u32>>>;

/// The limits of all tenants.
pub(super) struct TenantLimiter {
    max_in_flight: u32,
    in_flight: InFlightCounts,
    rate: RateLimiter<TenantId, DashMapStateStore<TenantId>, TokioClock, NoOpMiddleware<Nanos>>,
    next_sweep: AtomicUsize,
}

impl TenantLimiter {
    pub(super) fn new(max_in_flight: u32, per_minute: NonZeroU32) -> Self {
        Self {
            max_in_flight,
            in_flight: InFlightCounts::default(),
            rate: RateLimiter::dashmap_with_clock(Quota::per_minute(per_minute), TokioClock(clock::now())),
            next_sweep: AtomicUsize::new(MIN_SWEEP_SIZE),
        }
    }

    /// A place for one request, held until it is dropped.
    ///
    /// # Errors
    /// [`ModelError::TenantBusy`] if the tenant has as many in hand, or has sent as many lately, as it may.
    pub(super) fn admit(&self, tenant: &TenantId) -> Result<InFlightSlot, ModelError> {
        let place = self.acquire_slot(tenant).ok_or(ModelError::TenantBusy)?;
        self.sweep();
        self.rate.check_key(tenant).map_err(|_| ModelError::TenantBusy)?;
        Ok(place)
    }

    fn acquire_slot(&self, tenant: &TenantId) -> Option<InFlightSlot> {
        let mut in_hand = lock(&self.in_flight);
        let count = in_hand.entry(tenant.clone()).or_default();
        // A limit of nought cannot be set, so that an entry made here and refused would not stay at nought.
        if *count >= self.max_in_flight {
            return None;
        }
        *count += 1;
        Some(InFlightSlot { in_flight: Arc::clone(&self.in_flight), tenant: tenant.clone() })
    }

    /// Forgets tenants whose allowance is whole again; how often depends on how many there are, so it costs little each.
    fn sweep(&self) {
        if self.rate.len() >= self.next_sweep.load(Ordering::Relaxed) {
            self.rate.retain_recent();
            self.rate.shrink_to_fit();
            self.next_sweep.store((self.rate.len() * 2).max(MIN_SWEEP_SIZE), Ordering::Relaxed);
        }
    }
}

/// One request's place.
pub(super) struct InFlightSlot {
    in_flight: InFlightCounts,
    tenant: TenantId,
}

impl Drop for InFlightSlot {
    fn drop(&mut self) {
        let mut in_hand = lock(&self.in_flight);
        if let Some(count) = in_hand.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                in_hand.remove(&self.tenant);
            }
        }
    }
}

fn lock(in_hand: &InFlightCounts) -> MutexGuard<'_, HashMap<TenantId, u32>> {
    in_hand.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime's clock, which tests can stop, in nanoseconds since the limits were made.
#[derive(Clone, Copy, Debug)]
struct TokioClock(Instant);

impl Clock for TokioClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn tenant(name: &str) -> TenantId {
        TenantId::new(name).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_has_so_many_requests_in_hand() {
        let tenants = TenantLimiter::new(2, NonZeroU32::new(100).unwrap());
        let (acme, other) = (tenant("acme"), tenant("other"));
        let first = tenants.admit(&acme).unwrap();
        let _second = tenants.admit(&acme).unwrap();
        assert_eq!(tenants.admit(&acme).err(), Some(ModelError::TenantBusy));
        assert!(tenants.admit(&other).is_ok(), "another tenant is not held up");
        drop(first);
        assert!(tenants.admit(&acme).is_ok());
        assert_eq!(lock(&tenants.in_flight).len(), 1, "who has nothing in hand has no entry");
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_sends_so_many_requests_in_a_minute() {
        let tenants = TenantLimiter::new(10, NonZeroU32::new(3).unwrap());
        let acme = tenant("acme");
        for _ in 0..3 {
            assert!(tenants.admit(&acme).is_ok());
        }
        assert_eq!(tenants.admit(&acme).err(), Some(ModelError::TenantBusy));
        assert!(tenants.admit(&tenant("other")).is_ok());
        tokio::time::advance(Duration::from_secs(20)).await;
        assert!(tenants.admit(&acme).is_ok(), "a third of a minute is one request");
        assert_eq!(tenants.admit(&acme).err(), Some(ModelError::TenantBusy));
        assert!(lock(&tenants.in_flight).is_empty(), "a refused request holds no place");
    }

    #[tokio::test(start_paused = true)]
    async fn tenants_that_rest_are_forgotten() {
        let tenants = TenantLimiter::new(1, NonZeroU32::new(60).unwrap());
        for wave in 0..5 {
            for n in 0..MIN_SWEEP_SIZE {
                tenants.admit(&tenant(&format!("t{wave}-{n}"))).unwrap();
            }
            tokio::time::advance(Duration::from_secs(600)).await;
        }
        assert!(tenants.rate.len() <= MIN_SWEEP_SIZE + 1, "{}", tenants.rate.len());
    }
}
