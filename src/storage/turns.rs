//! Whose turn it is to write. Whoever has words, a tenant or one of its agents, has a line; of those of one tenant one writes at a time,
//! so what a tenant costs others is one write, however many it sends; what its agents report has a line of its own; and only a share of
//! the database's writers serves settings and reports, so the ledger waits for one of them at most. All gates are first come, first served. Knows no database, and not what is written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::settings::{DictionaryOwner, StoreError, TenantId};

/// How many writes may wait in one line. More are refused: they would outlast their callers' patience.
pub(super) const MAX_WAITING: usize = 32;

/// A line before a gate that lets one in at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Line {
    /// An agent that changes its words, or whoever changes anything else of the tenant.
    Owner(DictionaryOwner),
    /// The first of each line of the tenant's.
    Tenant(TenantId),
    /// What the tenant's agents report of marks.
    Feedback(TenantId),
    /// The tenant's polishes.
    Ledger(TenantId),
}

/// All lines.
#[derive(Debug)]
pub(super) struct WriteTurns {
    gates: Mutex<HashMap<Line, Gate>>,
    /// The writers that serve settings.
    share: Arc<Semaphore>,
}

/// Kept while anybody stands before it or has passed it.
#[derive(Debug)]
struct Gate {
    semaphore: Arc<Semaphore>,
    people: usize,
}

/// A turn; whoever is next has it when this one is dropped.
#[derive(Debug)]
pub(super) struct Turn<'t> {
    _passed: Vec<Place<'t>>,
    _share: Option<OwnedSemaphorePermit>,
}

/// A place in a line, given up when it is dropped.
#[derive(Debug)]
struct Place<'t> {
    turns: &'t WriteTurns,
    line: Line,
    /// Once it has passed.
    permit: Option<OwnedSemaphorePermit>,
}

impl WriteTurns {
    /// At most `share` writes of settings at once, of different tenants.
    pub(super) fn new(share: usize) -> Self {
        Self { gates: Mutex::default(), share: Arc::new(Semaphore::new(share.max(1))) }
    }

    /// The turn to write settings.
    ///
    /// # Errors
    /// [`StoreError::Busy`], at once, if as many are waiting in the line as may.
    pub(super) async fn settings(&self, owner: DictionaryOwner) -> Result<Turn<'_>, StoreError> {
        let tenant = Line::Tenant(owner.tenant.clone());
        let own = self.pass(Line::Owner(owner), MAX_WAITING).await?;
        let first = self.pass(tenant, usize::MAX).await?;
        let share = Arc::clone(&self.share).acquire_owned().await.map_err(|_| StoreError::Unavailable)?;
        Ok(Turn { _passed: vec![own, first], _share: Some(share) })
    }

    /// The turn to record what agents of the tenant report.
    ///
    /// # Errors
    /// [`StoreError::Busy`], at once, if as many are waiting in the line as may: counts may be a little too low.
    pub(super) async fn feedback(&self, tenant: &TenantId) -> Result<Turn<'_>, StoreError> {
        let first = self.pass(Line::Feedback(tenant.clone()), MAX_WAITING).await?;
        let share = Arc::clone(&self.share).acquire_owned().await.map_err(|_| StoreError::Unavailable)?;
        Ok(Turn { _passed: vec![first], _share: Some(share) })
    }

    /// The turn to write the ledger. Never refused: how many polishes there are at once is bounded elsewhere.
    pub(super) async fn ledger(&self, tenant: &TenantId) -> Result<Turn<'_>, StoreError> {
        let first = self.pass(Line::Ledger(tenant.clone()), usize::MAX).await?;
        Ok(Turn { _passed: vec![first], _share: None })
    }

    /// Whether there is room in the line, for who would rather know before it goes to any length.
    pub(super) fn check(&self, owner: &DictionaryOwner) -> Result<(), StoreError> {
        let is_full = |gate: &Gate| gate.people > MAX_WAITING;
        if self.gates().get(&Line::Owner(owner.clone())).is_some_and(is_full) {
            return Err(StoreError::Busy { limit: MAX_WAITING });
        }
        Ok(())
    }

    async fn pass(&self, line: Line, most_waiting: usize) -> Result<Place<'_>, StoreError> {
        let (mut place, gate) = self.stand(line, most_waiting)?;
        place.permit = Some(gate.acquire_owned().await.map_err(|_| StoreError::Unavailable)?);
        Ok(place)
    }

    fn stand(&self, line: Line, most_waiting: usize) -> Result<(Place<'_>, Arc<Semaphore>), StoreError> {
        let mut gates = self.gates();
        let gate =
            gates.entry(line.clone()).or_insert_with(|| Gate { semaphore: Arc::new(Semaphore::new(1)), people: 0 });
        // The one that has passed does not wait.
        if gate.people > most_waiting {
            return Err(StoreError::Busy { limit: most_waiting });
        }
        gate.people += 1;
        Ok((Place { turns: self, line, permit: None }, Arc::clone(&gate.semaphore)))
    }

    /// A panic elsewhere leaves the counts as they are: each change is one assignment.
    fn gates(&self) -> MutexGuard<'_, HashMap<Line, Gate>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut gates = self.turns.gates();
        if let Some(gate) = gates.get_mut(&self.line) {
            gate.people -= 1;
            if gate.people == 0 {
                gates.remove(&self.line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::settings::AgentId;

    fn tenant(id: &str) -> TenantId {
        TenantId::new(id).unwrap()
    }

    fn of_tenant(id: &str) -> DictionaryOwner {
        DictionaryOwner::tenant(tenant(id))
    }

    fn of_agent(id: &str, agent: &str) -> DictionaryOwner {
        DictionaryOwner::agent(tenant(id), AgentId::new(agent).unwrap())
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

    fn ask(turns: &WriteTurns, owner: DictionaryOwner) -> Asked<'_> {
        Asked::new(turns.settings(owner))
    }

    #[test]
    fn tenants_take_turns_and_the_ledger_waits_for_none_of_them() {
        let turns = WriteTurns::new(1);
        let first = ask(&turns, of_tenant("loader")).poll().unwrap().unwrap();
        let [mut second, mut third] = [0, 1].map(|_| ask(&turns, of_tenant("loader")));
        let mut fourth = ask(&turns, of_tenant("other"));
        assert!(second.poll().is_none() && third.poll().is_none() && fourth.poll().is_none());
        for ledger in ["loader", "other"] {
            assert!(Asked::new(turns.ledger(&tenant(ledger))).poll().unwrap().is_ok());
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
    fn the_lines_of_a_tenant_take_turns_whatever_their_length() {
        let turns = WriteTurns::new(4);
        let first = ask(&turns, of_agent("acme", "ana")).poll().unwrap().unwrap();
        let mut line: Vec<_> = (0..MAX_WAITING).map(|_| ask(&turns, of_agent("acme", "ana"))).collect();
        assert!(line.iter_mut().all(|asked| asked.poll().is_none()));
        assert!(ask(&turns, of_agent("acme", "ana")).poll().unwrap().is_err());
        let mut administrator = ask(&turns, of_tenant("acme"));
        assert!(administrator.poll().is_none(), "one of the tenant writes at a time");
        drop(first);
        assert!(line[0].poll().is_none());
        assert!(administrator.poll().unwrap().is_ok());
        assert!(line[0].poll().unwrap().is_ok());
    }

    #[test]
    fn reports_are_refused_before_they_hold_up_anyone() {
        let turns = WriteTurns::new(1);
        let acme = tenant("acme");
        let first = Asked::new(turns.feedback(&acme)).poll().unwrap().unwrap();
        let mut line: Vec<_> = (0..MAX_WAITING).map(|_| Asked::new(turns.feedback(&acme))).collect();
        assert!(line.iter_mut().all(|asked| asked.poll().is_none()));
        let refused = Asked::new(turns.feedback(&acme)).poll().unwrap().err();
        assert_eq!(refused, Some(StoreError::Busy { limit: MAX_WAITING }));
        assert!(Asked::new(turns.ledger(&acme)).poll().unwrap().is_ok());
        let mut change = ask(&turns, of_tenant("acme"));
        assert!(change.poll().is_none());
        drop(first);
        assert!(line[0].poll().is_none(), "the change has stood there for longer");
        assert!(change.poll().unwrap().is_ok());
    }

    #[test]
    fn a_line_has_an_end_and_leaves_nothing_behind() {
        let turns = WriteTurns::new(4);
        let turn = ask(&turns, of_tenant("loader")).poll().unwrap().unwrap();
        let mut line: Vec<_> = (0..MAX_WAITING).map(|_| ask(&turns, of_tenant("loader"))).collect();
        assert!(line.iter_mut().all(|asked| asked.poll().is_none()));
        let refused = ask(&turns, of_tenant("loader")).poll().unwrap().err();
        assert_eq!(refused, Some(StoreError::Busy { limit: MAX_WAITING }));
        assert_eq!(turns.check(&of_tenant("loader")), Err(StoreError::Busy { limit: MAX_WAITING }));
        assert!(ask(&turns, of_tenant("other")).poll().unwrap().is_ok());
        // Who gives up makes room.
        line.pop();
        assert_eq!(turns.check(&of_tenant("loader")), Ok(()));
        let mut again = ask(&turns, of_tenant("loader"));
        assert!(again.poll().is_none());
        drop((line, again, turn));
        assert!(turns.gates().is_empty());
        assert_eq!(turns.share.available_permits(), 4);
    }
}
