//! The ledger's statements for Postgres. The lock ends with the transaction.

use super::PostgresSession;
use crate::{
    settings::{AgentId, StoreError, TenantId},
    storage::{
        failure::failed,
        quota::{KnownRow, OpenRow, Reservation, quota_statements},
    },
};

quota_statements!(PostgresSession, Some("SELECT pg_advisory_xact_lock(hashtextextended('polishes:' || $1, 0))"));
