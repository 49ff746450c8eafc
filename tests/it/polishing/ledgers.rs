//! What every ledger must do: in SQLite (two handles on one file) and in PostgreSQL, as two replicas would use it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use tempfile::TempDir;
use vermilion::{
    polishing::{
        conditions::PolishLimits,
        quota::{
            Feedback, LedgerError, MAX_REPEATS, QuotaLedger, QuotaLimit, RETENTION, ReservationGrant,
            ReservationOutcome, ReservationRequest,
        },
    },
    settings::{AgentId, TenantId},
    storage::{DatabaseStore, PostgresEngine, SqliteEngine},
};

use crate::support::engines::{StorageEngine, create_postgres_database, on_each_engine};

/// Long: a test machine may be busy.
const TIMEOUT: Duration = Duration::from_secs(20);

const LIMITS: PolishLimits = PolishLimits { conversation: 2, agent_daily: 5, tenant_daily: 8 };

#[derive(Clone)]
struct Desk {
    /// Two replicas, which take turns.
    replicas: [Arc<dyn QuotaLedger>; 2],
    now: SystemTime,
    next: Arc<AtomicU32>,
    _folder: Option<Arc<TempDir>>,
}

impl Desk {
    async fn open(engine: StorageEngine) -> Self {
        let (replicas, folder): ([Arc<dyn QuotaLedger>; 2], _) = match engine {
            StorageEngine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("vermilion.db");
                let [one, other] = [0, 1].map(|_| SqliteEngine::open(&path, 2));
                let (one, other) = (one.await.unwrap(), other.await.unwrap());
                let replicas = [one, other].map(|engine| Arc::new(DatabaseStore::new(engine, TIMEOUT)) as _);
                (replicas, Some(Arc::new(folder)))
            }
            StorageEngine::Postgres => {
                let url = create_postgres_database().await;
                let one = PostgresEngine::open(&url, 5, TIMEOUT).await.unwrap();
                let other = PostgresEngine::open(&url, 5, TIMEOUT).await.unwrap();
                ([one, other].map(|engine| Arc::new(DatabaseStore::new(engine, TIMEOUT)) as _), None)
            }
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        Self { replicas, now, next: Arc::default(), _folder: folder }
    }

    fn ledger(&self) -> &dyn QuotaLedger {
        &*self.replicas[self.next.load(Ordering::Relaxed) as usize % 2]
    }

    async fn claim(
        &self,
        agent: &str,
        conversation: &str,
        request: Option<(&str, u8)>,
    ) -> Result<ReservationGrant, LedgerError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let (tenant, agent) = (TenantId::new("acme").unwrap(), AgentId::new(agent).unwrap());
        let fingerprint = request.map(|(_, byte)| [byte; 32]);
        let claim = ReservationRequest {
            polish_id: &format!("p{number}"),
            tenant: &tenant,
            agent: &agent,
            conversation,
            request: request.map(|(id, _)| id).zip(fingerprint.as_ref()),
            limits: LIMITS,
            now: self.now,
            expires: self.now + Duration::from_secs(90),
        };
        self.replicas[number as usize % 2].reserve(&claim).await
    }

    async fn left(&self, conversation: &str) -> u32 {
        let tenant = TenantId::new("acme").unwrap();
        self.ledger().remaining_polishes(&tenant, conversation, LIMITS.conversation, self.now).await.unwrap()
    }

    /// One request more for the day, if it has one.
    async fn claim_request(&self, reserved: &mut ReservationGrant) -> Result<(), LedgerError> {
        self.ledger().reserve_request(&TenantId::new("acme").unwrap(), reserved, LIMITS).await?;
        reserved.requests += 1;
        Ok(())
    }

    async fn end(&self, reserved: &ReservationGrant, outcome: ReservationOutcome, requests: u32) {
        self.ledger().end_reservation(&TenantId::new("acme").unwrap(), reserved, outcome, requests).await.unwrap();
    }
}

fn reached(cap: QuotaLimit, limit: u32) -> Result<ReservationGrant, LedgerError> {
    Err(LedgerError::LimitReached { cap, limit })
}

on_each_engine!(only_success_is_charged);
async fn only_success_is_charged(engine: StorageEngine) {
    let desk = Desk::open(engine).await;
    let first = desk.claim("ana", "c1", None).await.unwrap();
    assert_eq!((first.remaining, first.charged), (1, false));
    desk.end(&first, ReservationOutcome::Released, 2).await;
    let second = desk.claim("ana", "c1", None).await.unwrap();
    desk.end(&second, ReservationOutcome::Charged, 1).await;
    let third = desk.claim("ana", "c1", None).await.unwrap();
    assert_eq!(third.remaining, 0);
    assert_eq!(desk.claim("ana", "c1", None).await, reached(QuotaLimit::Conversation, 2), "reserved counts as well");
    assert!(desk.claim("ana", "c2", None).await.is_ok());
    assert_eq!(
        desk.claim("ana", "c3", None).await,
        reached(QuotaLimit::AgentDaily, 5),
        "two of a freed one, then three"
    );
}

on_each_engine!(the_tenant_has_a_cap_of_its_own_and_days_end);
async fn the_tenant_has_a_cap_of_its_own_and_days_end(engine: StorageEngine) {
    let mut desk = Desk::open(engine).await;
    for (agent, count) in [("ana", 5), ("bob", 3)] {
        for at in 0..count {
            desk.claim(agent, &format!("{agent}{at}"), None).await.unwrap();
        }
    }
    assert_eq!(desk.claim("bob", "x", None).await, reached(QuotaLimit::TenantDaily, 8));
    desk.now += Duration::from_secs(86_400);
    assert!(desk.claim("bob", "x", None).await.is_ok());
}

on_each_engine!(a_reservation_expires_by_itself);
async fn a_reservation_expires_by_itself(engine: StorageEngine) {
    let mut desk = Desk::open(engine).await;
    desk.claim("ana", "c", Some(("r1", 1))).await.unwrap();
    desk.claim("ana", "c", None).await.unwrap();
    assert_eq!(desk.claim("ana", "c", None).await, reached(QuotaLimit::Conversation, 2));
    desk.now += Duration::from_secs(91);
    let again = desk.claim("ana", "c", Some(("r1", 1))).await.unwrap();
    assert_eq!((again.polish_id.as_str(), again.charged, again.remaining), ("p1", false, 1));
}

on_each_engine!(a_retried_request_is_charged_once);
async fn a_retried_request_is_charged_once(engine: StorageEngine) {
    let desk = Desk::open(engine).await;
    let first = desk.claim("ana", "c", Some(("r", 1))).await.unwrap();
    desk.end(&first, ReservationOutcome::Charged, 1).await;
    assert_eq!(desk.claim("ana", "c", Some(("r", 2))).await, Err(LedgerError::RequestIdReused));
    assert_eq!(desk.claim("ana", "other", Some(("r", 1))).await, Err(LedgerError::RequestIdReused));
    for repeats in 1..=MAX_REPEATS {
        let again = desk.claim("ana", "c", Some(("r", 1))).await.unwrap();
        assert_eq!(
            again,
            ReservationGrant {
                polish_id: first.polish_id.clone(),
                charged: true,
                remaining: 1,
                repeats,
                requests: 1,
                // Each repeat is a request.
                left_today: first.left_today - repeats,
            }
        );
        // Even one that fails.
        desk.end(&again, ReservationOutcome::Released, 1).await;
    }
    assert_eq!(desk.claim("ana", "c", Some(("r", 1))).await, reached(QuotaLimit::Repeats, MAX_REPEATS));
    assert!(desk.claim("bob", "c", Some(("r", 2))).await.is_ok(), "another agent's id is another id");
}

on_each_engine!(a_request_in_hand_elsewhere_is_taken_over_on_its_place);
/// As by replicas of which each may be killed, or may only be slow.
async fn a_request_in_hand_elsewhere_is_taken_over_on_its_place(engine: StorageEngine) {
    const REQUEST: Option<(&str, u8)> = Some(("r", 1));
    // What the one that was taken over comes to, and when: before or after the other, which comes to something else.
    for (first, second, is_last, left) in [
        (ReservationOutcome::Released, ReservationOutcome::Charged, false, 1),
        (ReservationOutcome::Released, ReservationOutcome::Charged, true, 1),
        (ReservationOutcome::Charged, ReservationOutcome::Released, false, 1),
        (ReservationOutcome::Charged, ReservationOutcome::Released, true, 1),
        (ReservationOutcome::Charged, ReservationOutcome::Charged, false, 1),
        (ReservationOutcome::Released, ReservationOutcome::Released, true, 2),
    ] {
        let desk = Desk::open(engine).await;
        let slow = desk.claim("ana", "c", REQUEST).await.unwrap();
        let other = desk.claim("ana", "c", REQUEST).await.unwrap();
        assert_eq!((&other.polish_id, other.charged, other.remaining), (&slow.polish_id, false, 1));
        if is_last {
            desk.end(&other, second, 1).await;
            desk.end(&slow, first, 1).await;
        } else {
            desk.end(&slow, first, 1).await;
            assert_eq!(desk.left("c").await, 1, "the place stays with who took it");
            desk.end(&other, second, 1).await;
        }
        desk.end(&other, ReservationOutcome::Charged, 9).await;
        assert_eq!(
            desk.left("c").await,
            left,
            "{first:?}, {second:?}, last: {is_last}: a second end changes nothing, and no place is charged twice"
        );
        // Two requests of five are counted for the day.
        for n in 0..3 {
            desk.claim("ana", &format!("c{n}"), None).await.unwrap();
        }
        assert_eq!(desk.claim("ana", "c9", None).await, reached(QuotaLimit::AgentDaily, 5));
    }
    let desk = Desk::open(engine).await;
    for _ in 0..=MAX_REPEATS {
        desk.claim("ana", "c", REQUEST).await.unwrap();
    }
    assert_eq!(desk.claim("ana", "c", REQUEST).await, Err(LedgerError::InProgress));
    assert_eq!(desk.claim("ana", "c", Some(("r", 2))).await, Err(LedgerError::RequestIdReused));
    assert_eq!(desk.left("c").await, 1);
}

on_each_engine!(of_many_at_once_exactly_one_gets_the_last_place);
async fn of_many_at_once_exactly_one_gets_the_last_place(engine: StorageEngine) {
    let desk = Desk::open(engine).await;
    let first = desk.claim("ana", "c", None).await.unwrap();
    desk.end(&first, ReservationOutcome::Charged, 0).await;
    let claims = (0..20).map(|_| {
        let desk = desk.clone();
        tokio::spawn(async move { desk.claim("ana", "c", None).await })
    });
    let mut admitted = 0;
    for claim in claims.collect::<Vec<_>>() {
        match claim.await.unwrap() {
            Ok(_) => admitted += 1,
            Err(error) => assert_eq!(error, LedgerError::LimitReached { cap: QuotaLimit::Conversation, limit: 2 }),
        }
    }
    assert_eq!(admitted, 1);
}

on_each_engine!(what_is_reserved_counts_for_the_day_before_it_is_made);
async fn what_is_reserved_counts_for_the_day_before_it_is_made(engine: StorageEngine) {
    let desk = Desk::open(engine).await;
    let calls = (0..20).map(|n| {
        let desk = desk.clone();
        tokio::spawn(async move {
            let mut grant = desk.claim("ana", &format!("c{n}"), None).await.ok()?;
            let limit = LIMITS.agent_daily;
            match desk.claim_request(&mut grant).await {
                Ok(()) => {}
                Err(error) => assert_eq!(error, LedgerError::LimitReached { cap: QuotaLimit::AgentDaily, limit }),
            }
            Some(grant)
        })
    });
    let mut grants = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        grants.extend(call.await.unwrap());
    }
    assert_eq!(grants.iter().map(|grant| grant.requests).sum::<u32>(), LIMITS.agent_daily);
    // One that was counted and not made after all is there for another; one that was made is not.
    for grant in &grants {
        desk.end(grant, ReservationOutcome::Released, grant.requests).await;
    }
    assert_eq!(desk.claim("ana", "x", None).await, reached(QuotaLimit::AgentDaily, 5));
    let mut other = desk.claim("bob", "x", None).await.unwrap();
    desk.claim_request(&mut other).await.unwrap();
    desk.end(&other, ReservationOutcome::Released, 0).await;
    for n in 0..3 {
        desk.claim("bob", &format!("x{n}"), None).await.unwrap();
    }
    assert_eq!(desk.claim("bob", "x", None).await, reached(QuotaLimit::TenantDaily, 8));
}

on_each_engine!(feedback_is_for_ones_own);
async fn feedback_is_for_ones_own(engine: StorageEngine) {
    let desk = Desk::open(engine).await;
    let polish = desk.claim("ana", "c", None).await.unwrap();
    let give = |tenant: &'static str, agent: &'static str, id: String| {
        let ledger = desk.ledger();
        async move {
            let (tenant, agent) = (TenantId::new(tenant).unwrap(), AgentId::new(agent).unwrap());
            ledger.record_feedback(&tenant, &agent, &id, Feedback::Edited).await
        }
    };
    assert_eq!(give("acme", "ana", polish.polish_id.clone()).await, Ok(()));
    assert_eq!(give("acme", "bob", polish.polish_id.clone()).await, Err(LedgerError::NotFound));
    assert_eq!(give("other", "ana", polish.polish_id).await, Err(LedgerError::NotFound));
    assert_eq!(give("acme", "ana", "p99".to_owned()).await, Err(LedgerError::NotFound));
}

on_each_engine!(old_polishes_are_forgotten);
async fn old_polishes_are_forgotten(engine: StorageEngine) {
    let desk = Desk::open(engine).await;
    let polish = desk.claim("ana", "c", Some(("r", 1))).await.unwrap();
    desk.end(&polish, ReservationOutcome::Charged, 1).await;
    assert_eq!(desk.ledger().delete_expired(desk.now + RETENTION - Duration::from_secs(1)).await, Ok(0));
    assert_eq!(desk.ledger().delete_expired(desk.now + RETENTION).await, Ok(1));
}
