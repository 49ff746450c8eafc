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

use crate::{polishing::ModelError, settings::TenantId};

/// So many tenants' rates are kept before those that have rested are forgotten.
const SWEEP: usize = 1024;

/// Requests in hand by tenant; a tenant without any has no entry, so that the map is no longer than the calls in hand.
type InHand = Arc<Mutex<HashMap<TenantId, u32>>>;

/// The limits of all tenants.
pub(super) struct Tenants {
    most: u32,
    in_hand: InHand,
    rate: RateLimiter<TenantId, DashMapStateStore<TenantId>, TokioClock, NoOpMiddleware<Nanos>>,
    next_sweep: AtomicUsize,
}

impl Tenants {
    pub(super) fn new(most: u32, per_minute: NonZeroU32) -> Self {
        Self {
            most,
            in_hand: InHand::default(),
            rate: RateLimiter::dashmap_with_clock(Quota::per_minute(per_minute), TokioClock(Instant::now())),
            next_sweep: AtomicUsize::new(SWEEP),
        }
    }

    /// A place for one request, held until it is dropped.
    ///
    /// # Errors
    /// [`ModelError::TenantBusy`] if the tenant has as many in hand, or has sent as many lately, as it may.
    pub(super) fn admit(&self, tenant: &TenantId) -> Result<Place, ModelError> {
        let place = self.place(tenant).ok_or(ModelError::TenantBusy)?;
        self.sweep();
        self.rate.check_key(tenant).map_err(|_| ModelError::TenantBusy)?;
        Ok(place)
    }

    fn place(&self, tenant: &TenantId) -> Option<Place> {
        let mut in_hand = lock(&self.in_hand);
        let count = in_hand.entry(tenant.clone()).or_default();
        // A limit of nought cannot be set, so that an entry made here and refused would not stay at nought.
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { in_hand: Arc::clone(&self.in_hand), tenant: tenant.clone() })
    }

    /// Forgets tenants whose allowance is whole again; how often depends on how many there are, so it costs little each.
    fn sweep(&self) {
        if self.rate.len() >= self.next_sweep.load(Ordering::Relaxed) {
            self.rate.retain_recent();
            self.rate.shrink_to_fit();
            self.next_sweep.store((self.rate.len() * 2).max(SWEEP), Ordering::Relaxed);
        }
    }
}

/// One request's place.
pub(super) struct Place {
    in_hand: InHand,
    tenant: TenantId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut in_hand = lock(&self.in_hand);
        if let Some(count) = in_hand.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                in_hand.remove(&self.tenant);
            }
        }
    }
}

fn lock(in_hand: &InHand) -> MutexGuard<'_, HashMap<TenantId, u32>> {
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
        let tenants = Tenants::new(2, NonZeroU32::new(100).unwrap());
        let (acme, other) = (tenant("acme"), tenant("other"));
        let first = tenants.admit(&acme).unwrap();
        let _second = tenants.admit(&acme).unwrap();
        assert_eq!(tenants.admit(&acme).err(), Some(ModelError::TenantBusy));
        assert!(tenants.admit(&other).is_ok(), "another tenant is not held up");
        drop(first);
        assert!(tenants.admit(&acme).is_ok());
        assert_eq!(lock(&tenants.in_hand).len(), 1, "who has nothing in hand has no entry");
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_sends_so_many_requests_in_a_minute() {
        let tenants = Tenants::new(10, NonZeroU32::new(3).unwrap());
        let acme = tenant("acme");
        for _ in 0..3 {
            assert!(tenants.admit(&acme).is_ok());
        }
        assert_eq!(tenants.admit(&acme).err(), Some(ModelError::TenantBusy));
        assert!(tenants.admit(&tenant("other")).is_ok());
        tokio::time::advance(Duration::from_secs(20)).await;
        assert!(tenants.admit(&acme).is_ok(), "a third of a minute is one request");
        assert_eq!(tenants.admit(&acme).err(), Some(ModelError::TenantBusy));
        assert!(lock(&tenants.in_hand).is_empty(), "a refused request holds no place");
    }

    #[tokio::test(start_paused = true)]
    async fn tenants_that_rest_are_forgotten() {
        let tenants = Tenants::new(1, NonZeroU32::new(60).unwrap());
        for wave in 0..5 {
            for n in 0..SWEEP {
                tenants.admit(&tenant(&format!("t{wave}-{n}"))).unwrap();
            }
            tokio::time::advance(Duration::from_secs(600)).await;
        }
        assert!(tenants.rate.len() <= SWEEP + 1, "{}", tenants.rate.len());
    }
}
