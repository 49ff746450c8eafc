//! SQLite: one file, or memory. One connection writes, so that writers queue here and not at the file's lock; some read.
#![expect(clippy::disallowed_methods, reason = "here pools are opened with their limits")]

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    engine::DatabaseEngine,
    failure::failed,
    migrations,
    transaction::{Dialect, Transaction},
};
use crate::settings::{StoreError, store::ChangeNotice};

/// How long another process that writes to the same file is waited for.
const BUSY: Duration = Duration::from_secs(2);

/// A transaction that writes has the file to itself, from BEGIN IMMEDIATE on; a file tells nobody; lists are JSON.
static DIALECT: Dialect = Dialect {
    lock_tenant: None,
    lock_quota: None,
    notify_changed: None,
    is_intelligent: "intelligent_recognition = 1",
    find_words: "SELECT id, text, created FROM dictionary_words \
                 WHERE tenant = $1 AND agent = $2 AND text IN (SELECT value FROM json_each($3))",
    create_words: "INSERT INTO dictionary_words (tenant, agent, text, created) \
                   SELECT $1, $2, value, $4 FROM json_each($3) ORDER BY key",
    record_audit_entries: "INSERT INTO audit_entries \
         (tenant, time, actor, request_id, resource, action, field, old_value, new_value) \
         SELECT $1, $2, $3, $4, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 \
         FROM json_each($5) ORDER BY key",
};

/// An open database.
#[derive(Clone, Debug)]
pub struct SqliteEngine {
    writer: SqlitePool,
    reader: SqlitePool,
}

impl SqliteEngine {
    /// Opens a file, makes it if it is missing (its folder too), and brings it up to date.
    ///
    /// # Errors
    /// If the file cannot be opened or written, is no database, or is of a later version.
    pub async fn open(path: &Path, readers: u32) -> Result<Self, sqlx::Error> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(BUSY)
            // Readers and the writer do not wait for each other, and a process that is killed leaves a whole file.
            .journal_mode(SqliteJournalMode::Wal)
            // Each commit is on the disk before it is acknowledged: settings change seldom, and a power cut loses none.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Statements are not worth a line, and what they hold is nobody's business.
            .disable_statement_logging();
        let writer = pool(1).connect_with(options.clone()).await?;
        migrations::sqlite().run(&writer).await?;
        let reader = pool(readers).connect_with(options.create_if_missing(false)).await?;
        Ok(Self { writer, reader })
    }

    /// A database in memory, which ends with the process.
    ///
    /// # Errors
    /// If SQLite itself fails.
    pub async fn in_memory() -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true).disable_statement_logging();
        // Each connection in memory is a database of its own: so there is one, for ever.
        let only = pool(1).min_connections(1).idle_timeout(None).max_lifetime(None).connect_with(options).await?;
        migrations::sqlite().run(&only).await?;
        Ok(Self { writer: only.clone(), reader: only })
    }
}

#[async_trait::async_trait]
impl DatabaseEngine for SqliteEngine {
    async fn read(&self) -> Result<Transaction, StoreError> {
        let transaction = self.reader.begin().await.map_err(failed)?;
        Ok(Transaction::sqlite(transaction, &DIALECT))
    }

    async fn write(&self) -> Result<Transaction, StoreError> {
        // A transaction that reads first and then writes could find that another process has written in between.
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        Ok(Transaction::sqlite(transaction, &DIALECT))
    }

    /// A file tells nobody; who else writes to it is found out by asking.
    async fn watch(&self, _: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        std::future::pending::<()>().await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).acquire_timeout(2 * BUSY)
}
