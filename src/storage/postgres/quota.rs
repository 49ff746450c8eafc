//! The ledger's statements for Postgres. The lock ends with the transaction.

use super::PostgresTransaction;
use crate::{
    settings::{AgentId, StoreError, TenantId},
    storage::{
        failure::failed,
        quota::{OpenReservationRow, PolishRow, ReservationRow, quota_statements},
    },
};

quota_statements!(PostgresTransaction, Some("SELECT pg_advisory_xact_lock(hashtextextended('polishes:' || $1, 0))"));
