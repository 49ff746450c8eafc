//! What every ledger must do, run here on the one in memory.

use std::time::{Duration, SystemTime};

use super::{memory::MemoryLedger, *};

const LIMITS: Limits = Limits { conversation: 2, agent_daily: 5, tenant_daily: 8 };

struct Desk {
    ledger: MemoryLedger,
    now: SystemTime,
    next: std::cell::Cell<u32>,
}

impl Desk {
    fn new() -> Self {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        Self { ledger: MemoryLedger::default(), now, next: 0.into() }
    }

    async fn claim(
        &self,
        agent: &str,
        conversation: &str,
        request: Option<(&str, u8)>,
    ) -> Result<Reserved, LedgerError> {
        self.next.set(self.next.get() + 1);
        let (tenant, agent) = (TenantId::new("acme").unwrap(), AgentId::new(agent).unwrap());
        let fingerprint = request.map(|(_, byte)| [byte; 32]);
        let claim = Claim {
            polish_id: &format!("p{}", self.next.get()),
            tenant: &tenant,
            agent: &agent,
            conversation,
            request: request.map(|(id, _)| id).zip(fingerprint.as_ref()),
            limits: LIMITS,
            now: self.now,
            expires: self.now + Duration::from_secs(90),
        };
        self.ledger.reserve(&claim).await
    }

    async fn end(&self, reserved: &Reserved, outcome: Outcome, requests: u32) {
        self.ledger.end(&TenantId::new("acme").unwrap(), &reserved.polish_id, outcome, requests).await.unwrap();
    }
}

fn reached(cap: Cap, limit: u32) -> Result<Reserved, LedgerError> {
    Err(LedgerError::Reached { cap, limit })
}

#[tokio::test]
async fn only_success_is_charged() {
    let desk = Desk::new();
    let first = desk.claim("ana", "c1", None).await.unwrap();
    assert_eq!((first.remaining, first.charged), (1, false));
    desk.end(&first, Outcome::Freed, 2).await;
    let second = desk.claim("ana", "c1", None).await.unwrap();
    desk.end(&second, Outcome::Charged, 1).await;
    let third = desk.claim("ana", "c1", None).await.unwrap();
    assert_eq!(third.remaining, 0);
    assert_eq!(desk.claim("ana", "c1", None).await, reached(Cap::Conversation, 2), "reserved counts as well");
    assert!(desk.claim("ana", "c2", None).await.is_ok());
    assert_eq!(desk.claim("ana", "c3", None).await, reached(Cap::AgentDaily, 5), "two of a freed one, then three");
}

#[tokio::test]
async fn the_tenant_has_a_cap_of_its_own_and_days_end() {
    let mut desk = Desk::new();
    for (agent, count) in [("ana", 5), ("bob", 3)] {
        for at in 0..count {
            desk.claim(agent, &format!("{agent}{at}"), None).await.unwrap();
        }
    }
    assert_eq!(desk.claim("bob", "x", None).await, reached(Cap::TenantDaily, 8));
    desk.now += Duration::from_secs(86_400);
    assert!(desk.claim("bob", "x", None).await.is_ok());
}

#[tokio::test]
async fn a_reservation_expires_by_itself() {
    let mut desk = Desk::new();
    desk.claim("ana", "c", Some(("r1", 1))).await.unwrap();
    desk.claim("ana", "c", None).await.unwrap();
    assert_eq!(desk.claim("ana", "c", Some(("r1", 1))).await, Err(LedgerError::InProgress));
    desk.now += Duration::from_secs(91);
    let again = desk.claim("ana", "c", Some(("r1", 1))).await.unwrap();
    assert_eq!((again.polish_id.as_str(), again.charged, again.remaining), ("p1", false, 1));
}

#[tokio::test]
async fn a_retried_request_is_charged_once() {
    let desk = Desk::new();
    let first = desk.claim("ana", "c", Some(("r", 1))).await.unwrap();
    desk.end(&first, Outcome::Charged, 1).await;
    assert_eq!(desk.claim("ana", "c", Some(("r", 2))).await, Err(LedgerError::Reused));
    assert_eq!(desk.claim("ana", "other", Some(("r", 1))).await, Err(LedgerError::Reused));
    for _ in 0..MAX_REPEATS {
        let again = desk.claim("ana", "c", Some(("r", 1))).await.unwrap();
        assert_eq!(again, Reserved { polish_id: first.polish_id.clone(), charged: true, remaining: 1 });
        // Even one that fails.
        desk.end(&again, Outcome::Freed, 1).await;
    }
    assert_eq!(desk.claim("ana", "c", Some(("r", 1))).await, reached(Cap::Repeats, MAX_REPEATS));
    assert!(desk.claim("bob", "c", Some(("r", 2))).await.is_ok(), "another agent's id is another id");
}

#[tokio::test]
async fn of_many_at_once_exactly_one_gets_the_last_place() {
    let desk = Desk::new();
    let first = desk.claim("ana", "c", None).await.unwrap();
    desk.end(&first, Outcome::Charged, 0).await;
    let mut admitted = 0;
    for at in 0..20 {
        admitted += usize::from(desk.claim(if at % 2 == 0 { "ana" } else { "bob" }, "c", None).await.is_ok());
    }
    assert_eq!(admitted, 1);
}

#[tokio::test]
async fn feedback_is_for_ones_own() {
    let desk = Desk::new();
    let polish = desk.claim("ana", "c", None).await.unwrap();
    let give = |tenant: &'static str, agent: &'static str, id: String| {
        let ledger = &desk.ledger;
        async move {
            let (tenant, agent) = (TenantId::new(tenant).unwrap(), AgentId::new(agent).unwrap());
            ledger.feedback(&tenant, &agent, &id, Feedback::Edited).await
        }
    };
    assert_eq!(give("acme", "ana", polish.polish_id.clone()).await, Ok(()));
    assert_eq!(give("acme", "bob", polish.polish_id.clone()).await, Err(LedgerError::NotFound));
    assert_eq!(give("other", "ana", polish.polish_id).await, Err(LedgerError::NotFound));
    assert_eq!(give("acme", "ana", "p99".to_owned()).await, Err(LedgerError::NotFound));
}

#[tokio::test]
async fn old_polishes_are_forgotten() {
    let desk = Desk::new();
    let polish = desk.claim("ana", "c", Some(("r", 1))).await.unwrap();
    desk.end(&polish, Outcome::Charged, 1).await;
    assert_eq!(desk.ledger.expire(desk.now + RETENTION - Duration::from_secs(1)).await, Ok(0));
    assert_eq!(desk.ledger.expire(desk.now + RETENTION).await, Ok(1));
}
