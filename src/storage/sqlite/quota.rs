//! The ledger's statements for Sqlite. A transaction that writes has the file to itself.

use super::SqliteSession;
use crate::{
    settings::{AgentId, StoreError, TenantId},
    storage::{
        failure::failed,
        quota::{KnownRow, OpenRow, Reservation, quota_statements},
    },
};

quota_statements!(SqliteSession, None::<&str>);
