//! What an engine must be able to do: begin a transaction, and tell of changes.

use super::transaction::Transaction;
use crate::settings::{StoreError, store::ChangeNotice};

/// A database with its pool of connections.
#[async_trait::async_trait]
pub trait DatabaseEngine: std::fmt::Debug + Send + Sync + 'static {
    /// A transaction that sees one state of the database throughout.
    async fn read(&self) -> Result<Transaction, StoreError>;

    /// A transaction that may write.
    async fn write(&self) -> Result<Transaction, StoreError>;

    /// How many transactions may write settings at once: not all that there can be, so that the ledger finds a place.
    fn settings_writers(&self) -> usize;

    /// Whether it is where it was opened. Cheap, and without a transaction.
    fn check(&self) -> Result<(), StoreError>;

    /// As [`crate::settings::SettingsStore::watch_changes`].
    async fn watch(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync));
}
