//! How fast and how much at once each tenant may polish on this replica, so that one cannot take the model from the others.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::order::PolishError;
use crate::settings::TenantId;

/// When to ask again if all places are taken: about as long as a polish lasts.
const TAKEN_RETRY: Duration = Duration::from_secs(2);

/// The limits of all tenants.
pub struct Pace {
    places: Mutex<HashMap<TenantId, Arc<Semaphore>>>,
    at_once: usize,
    rates: DefaultKeyedRateLimiter<TenantId>,
}

/// A place that is taken until it is dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Pace {
    /// So many polishes of a tenant at once, and so many in a minute.
    #[must_use]
    pub fn new(at_once: usize, per_minute: NonZeroU32) -> Self {
        let rates = DefaultKeyedRateLimiter::keyed(Quota::per_minute(per_minute));
        Self { places: Mutex::default(), at_once, rates }
    }

    /// Takes a place; never waits. Only tenants that exist get here, so the table stays as small as their number.
    ///
    /// # Errors
    /// [`PolishError::Pace`] says when to come back.
    pub fn enter(&self, tenant: &TenantId) -> Result<Place, PolishError> {
        let places = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(places.entry(tenant.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.at_once))))
        };
        let place = places.try_acquire_owned().map_err(|_| PolishError::Pace { retry_after: TAKEN_RETRY })?;
        self.rates.check_key(tenant).map_err(|until| {
            let retry_after = until.wait_time_from(self.rates.clock().now());
            PolishError::Pace { retry_after }
        })?;
        Ok(Place(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_takes_nothing_from_another() {
        let pace = Pace::new(1, NonZeroU32::new(2).unwrap());
        let [one, other] = ["one", "other"].map(|id| TenantId::new(id).unwrap());
        let place = pace.enter(&one).unwrap();
        assert!(matches!(pace.enter(&one), Err(PolishError::Pace { .. })));
        assert!(pace.enter(&other).is_ok());
        drop(place);
        assert!(pace.enter(&one).is_ok());
        let third = pace.enter(&one).unwrap_err();
        assert!(matches!(third, PolishError::Pace { retry_after } if retry_after > Duration::from_secs(10)), "{third:?}");
    }
}
