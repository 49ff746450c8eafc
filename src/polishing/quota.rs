//! How often a draft may be polished: what is reserved, charged and freed. Knows no database; holds no text, ever.
//!
//! A polish reserves its place before the model is asked. Success charges the conversation; anything else frees its place
//! there. Each request to the model counts for the day, from before it is made and whatever comes of it. A reservation that nobody
//! ends expires by itself.

use std::time::{Duration, SystemTime};

use super::conditions::PolishLimits;
use crate::settings::{AgentId, TenantId};

/// How often a request that is charged or reserved may be asked again, elsewhere than where it is remembered.
pub const MAX_REPEATS: u32 = 2;

/// How long a reservation outlives the deadline of its call.
pub const RESERVATION_GRACE: Duration = Duration::from_secs(60);

/// How long what was charged is remembered: longer than conversations last and clients retry.
pub const RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A limit that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotaLimit {
    /// Polishes in one conversation.
    Conversation,
    /// Requests of one agent in one UTC day.
    AgentDaily,
    /// Requests of one tenant in one UTC day.
    TenantDaily,
    /// Repeats of one charged request.
    Repeats,
}

impl QuotaLimit {
    /// Its stable name, part of the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conversation => "CONVERSATION_POLISHES",
            Self::AgentDaily => "AGENT_DAILY_POLISHES",
            Self::TenantDaily => "TENANT_DAILY_POLISHES",
            Self::Repeats => "REQUEST_REPEATS",
        }
    }
}

/// Why a place is not reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A limit is reached.
    #[error("the limit {} of {limit} is reached", cap.name())]
    LimitReached {
        /// Which.
        cap: QuotaLimit,
        /// How many there are.
        limit: u32,
    },
    /// The id was used for another request.
    #[error("the request id was used for another request")]
    RequestIdReused,
    /// A call with this id is still being answered.
    #[error("a call with this request id is still being answered")]
    InProgress,
    /// No such polish of this agent.
    #[error("there is no such polish")]
    NotFound,
    /// The ledger cannot be read or written; the log of the one who noticed knows why.
    #[error("the ledger cannot be reached")]
    Unavailable,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct ReservationRequest<'c> {
    /// A new id for the polish, if it becomes a new one.
    pub polish_id: &'c str,
    /// Whose.
    pub tenant: &'c TenantId,
    /// Of which agent.
    pub agent: &'c AgentId,
    /// The client's name of the conversation, scoped to the tenant.
    pub conversation: &'c str,
    /// The client's name of the request, scoped to the agent, and a keyed hash of what it asks.
    pub request: Option<(&'c str, &'c [u8; 32])>,
    /// How many are granted.
    pub limits: PolishLimits,
    /// When the call came in.
    pub now: SystemTime,
    /// When the reservation ends by itself.
    pub expires: SystemTime,
}

/// A place that is reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationGrant {
    /// The id of the polish: the first one's, for a request that is repeated.
    pub polish_id: String,
    /// Whether the request was charged before, and so costs nothing now.
    pub charged: bool,
    /// How many are left in the conversation with this one charged.
    pub remaining: u32,
    /// Tells the reservations of one polish apart, of which the last counts: how often it was asked again.
    pub repeats: u32,
    /// How many requests to the model are counted for the day so far.
    pub requests: u32,
    /// How many requests the agent and its tenant had left for the day when the last one was counted.
    pub left_today: u32,
}

/// What became of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservationOutcome {
    /// A result that counts in the conversation.
    Charged,
    /// Anything else.
    Released,
}

/// What the agent did with a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feedback {
    /// Inserted as it was.
    Accepted,
    /// Inserted and edited.
    Edited,
    /// Not used.
    Discarded,
}

/// Keeps the counts. Every method is one transaction; calls may run in parallel, on many replicas.
#[async_trait::async_trait]
pub trait QuotaLedger: Send + Sync + 'static {
    /// Reserves a place, or says why not. One request for the day is counted at once: what is counted before it is made cannot
    /// be made too often.
    ///
    /// A request id that is known: freed or expired before, it is reserved anew; charged before, it is free, [`MAX_REPEATS`]
    /// times. Reserved and not expired, it is taken over, as often: who reserved it may have been killed, and the client
    /// waits. Both are then one polish with one place. Calls of one process keep apart by themselves.
    ///
    /// # Errors
    /// [`LedgerError`].
    async fn reserve(&self, claim: &ReservationRequest<'_>) -> Result<ReservationGrant, LedgerError>;

    /// Counts one request more for the day of a reservation, before it is made; whoever holds the grant adds it there. Returns how
    /// many are left.
    ///
    /// # Errors
    /// [`LedgerError::LimitReached`], if the day has none left; [`LedgerError::Unavailable`].
    async fn reserve_request(
        &self,
        tenant: &TenantId,
        reserved: &ReservationGrant,
        limits: PolishLimits,
    ) -> Result<u32, LedgerError>;

    /// Ends a reservation; `requests` were really made to the model and count for the day, whatever was counted before. A second
    /// end of the last attempt changes nothing. One that was taken over leaves the place to who took it, but charges it if there
    /// is something to charge.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`]: the reservation will expire by itself.
    async fn end_reservation(
        &self,
        tenant: &TenantId,
        reserved: &ReservationGrant,
        outcome: ReservationOutcome,
        requests: u32,
    ) -> Result<(), LedgerError>;

    /// How many places are left in a conversation.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn remaining_polishes(
        &self,
        tenant: &TenantId,
        conversation: &str,
        limit: u32,
        now: SystemTime,
    ) -> Result<u32, LedgerError>;

    /// How many requests to the model an agent has left in the UTC day of `now`, of its own and of its tenant's whichever are fewer.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn remaining_today(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        limits: PolishLimits,
        now: SystemTime,
    ) -> Result<u32, LedgerError>;

    /// Counts what an agent did with a polish of its own; the last word of each polish counts.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`], [`LedgerError::Unavailable`].
    async fn record_feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        polish_id: &str,
        feedback: Feedback,
    ) -> Result<(), LedgerError>;

    /// Forgets what is older than [`RETENTION`]. Returns how many polishes that were.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    async fn delete_expired(&self, now: SystemTime) -> Result<u64, LedgerError>;
}

/// The UTC day of a time, in days since 1970.
#[must_use]
pub fn utc_day(time: SystemTime) -> i64 {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds / 86_400).unwrap_or(i64::MAX)
}
