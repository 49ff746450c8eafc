//! Whose turn it is to write. A tenant's writes stand in a line of the tenant's own, so what it costs others is one write at a time,
//! however many it sends; only a share of the database's writers serves settings, so the ledger waits for one of them at most.
//! All gates are first come, first served. Knows no database, and not what is written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::settings::{StoreError, TenantId};

/// How many writes of one tenant may wait. More are refused: they would outlast their callers' patience.
pub(super) const MAX_WAITING: usize = 32;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Settings,
    Ledger,
}

/// The lines of all tenants.
#[derive(Debug)]
pub(super) struct WriteTurns {
    lines: Mutex<HashMap<(Kind, TenantId), Line>>,
    /// The writers that serve settings.
    share: Arc<Semaphore>,
}

/// Of one tenant, kept while anybody stands in it.
#[derive(Debug)]
struct Line {
    gate: Arc<Semaphore>,
    people: usize,
}

/// A turn; whoever is next has it when this one is dropped.
#[derive(Debug)]
pub(super) struct Turn<'t> {
    _place: Place<'t>,
    _gate: OwnedSemaphorePermit,
    _share: Option<OwnedSemaphorePermit>,
}

/// A place in a line, given up when it is dropped.
#[derive(Debug)]
struct Place<'t> {
    turns: &'t WriteTurns,
    line: (Kind, TenantId),
}

impl WriteTurns {
    /// At most `share` writes of settings at once, of different tenants.
    pub(super) fn new(share: usize) -> Self {
        Self { lines: Mutex::default(), share: Arc::new(Semaphore::new(share.max(1))) }
    }

    /// The turn to write settings.
    ///
    /// # Errors
    /// [`StoreError::Busy`], at once, if as many writes of the tenant are waiting as may.
    pub(super) async fn settings(&self, tenant: &TenantId) -> Result<Turn<'_>, StoreError> {
        let (place, gate) = self.stand(Kind::Settings, tenant, MAX_WAITING)?;
        let gate = gate.acquire_owned().await.map_err(|_| StoreError::Unavailable)?;
        let share = Arc::clone(&self.share).acquire_owned().await.map_err(|_| StoreError::Unavailable)?;
        Ok(Turn { _place: place, _gate: gate, _share: Some(share) })
    }

    /// The turn to write the ledger. Never refused: how many polishes there are at once is bounded elsewhere.
    ///
    /// # Errors
    /// None in practice.
    pub(super) async fn ledger(&self, tenant: &TenantId) -> Result<Turn<'_>, StoreError> {
        let (place, gate) = self.stand(Kind::Ledger, tenant, usize::MAX)?;
        let gate = gate.acquire_owned().await.map_err(|_| StoreError::Unavailable)?;
        Ok(Turn { _place: place, _gate: gate, _share: None })
    }

    fn stand(
        &self,
        kind: Kind,
        tenant: &TenantId,
        most_waiting: usize,
    ) -> Result<(Place<'_>, Arc<Semaphore>), StoreError> {
        let key = (kind, tenant.clone());
        let mut lines = self.lines();
        let line = lines.entry(key.clone()).or_insert_with(|| Line { gate: Arc::new(Semaphore::new(1)), people: 0 });
        // The one whose turn it is does not wait.
        if line.people > most_waiting {
            return Err(StoreError::Busy { limit: most_waiting });
        }
        line.people += 1;
        Ok((Place { turns: self, line: key }, Arc::clone(&line.gate)))
    }

    /// A panic elsewhere leaves the counts as they are: each change is one assignment.
    fn lines(&self) -> MutexGuard<'_, HashMap<(Kind, TenantId), Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.turns.lines();
        if let Some(line) = lines.get_mut(&self.line) {
            line.people -= 1;
            if line.people == 0 {
                lines.remove(&self.line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn tenant(id: &str) -> TenantId {
        TenantId::new(id).unwrap()
    }

    /// A turn that is asked for, and whether it has come.
    struct Asked<'t>(std::pin::Pin<Box<dyn Future<Output = Result<Turn<'t>, StoreError>> + 't>>);

    impl<'t> Asked<'t> {
        fn new(turn: impl Future<Output = Result<Turn<'t>, StoreError>> + 't) -> Self {
            Self(Box::pin(turn))
        }

        fn poll(&mut self) -> Option<Result<Turn<'t>, StoreError>> {
            match self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(turn) => Some(turn),
                Poll::Pending => None,
            }
        }
    }

    #[test]
    fn tenants_take_turns_and_the_ledger_waits_for_none_of_them() {
        let turns = WriteTurns::new(1);
        let (loader, other) = (tenant("loader"), tenant("other"));
        let first = Asked::new(turns.settings(&loader)).poll().unwrap().unwrap();
        let mut second = Asked::new(turns.settings(&loader));
        let mut third = Asked::new(turns.settings(&loader));
        let mut fourth = Asked::new(turns.settings(&other));
        assert!(second.poll().is_none() && third.poll().is_none() && fourth.poll().is_none());
        for ledger in [&loader, &other] {
            assert!(Asked::new(turns.ledger(ledger)).poll().unwrap().is_ok());
        }
        drop(first);
        // The other tenant has stood at the gate of all since before the loader's second.
        assert!(second.poll().is_none());
        let of_other = fourth.poll().unwrap().unwrap();
        assert!(third.poll().is_none());
        drop(of_other);
        assert!(second.poll().unwrap().is_ok() && third.poll().unwrap().is_ok());
    }

    #[test]
    fn a_line_has_an_end_and_leaves_nothing_behind() {
        let turns = WriteTurns::new(4);
        let (loader, other) = (tenant("loader"), tenant("other"));
        let turn = Asked::new(turns.settings(&loader)).poll().unwrap().unwrap();
        let mut line: Vec<_> = (0..MAX_WAITING).map(|_| Asked::new(turns.settings(&loader))).collect();
        assert!(line.iter_mut().all(|asked| asked.poll().is_none()));
        let refused = Asked::new(turns.settings(&loader)).poll().unwrap().err();
        assert_eq!(refused, Some(StoreError::Busy { limit: MAX_WAITING }));
        assert!(Asked::new(turns.settings(&other)).poll().unwrap().is_ok());
        // Who gives up makes room.
        line.pop();
        let mut again = Asked::new(turns.settings(&loader));
        assert!(again.poll().is_none());
        drop((line, again, turn));
        assert!(turns.lines().is_empty());
        assert_eq!(turns.share.available_permits(), 4);
    }
}
