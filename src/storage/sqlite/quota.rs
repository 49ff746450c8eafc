//! The ledger's statements for Sqlite. A transaction that writes has the file to itself.

use super::SqliteTransaction;
use crate::{
    settings::{AgentId, StoreError, TenantId},
    storage::{
        failure::failed,
        quota::{OpenReservationRow, PolishRow, ReservationRow, quota_statements},
    },
};

quota_statements!(SqliteTransaction, None::<&str>);
