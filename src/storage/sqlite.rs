//! SQLite: one file, or memory. One connection writes, so that writers queue here and not at the file's lock; some read. A connection
//! that cannot be trusted any more is closed, and a file that is gone is not written to.
#![expect(clippy::disallowed_methods, reason = "here pools are opened with their limits")]

use std::{path::Path, pin::Pin, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool,
    pool::PoolConnectionMetadata,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    engine::DatabaseEngine,
    failure::failed,
    migrations,
    opened_file::OpenedFile,
    transaction::{Dialect, Transaction},
};
use crate::settings::{StoreError, store::ChangeNotice};

/// How long another process that writes to the same file is waited for.
const BUSY: Duration = Duration::from_secs(2);

/// A transaction that writes has the file to itself, from BEGIN IMMEDIATE on; a file tells nobody; lists are JSON.
static DIALECT: Dialect = Dialect {
    lock_tenant: None,
    lock_quota: None,
    lock_feedback: None,
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
    // Writes the first page, even if the number is what it was; nothing of ours goes by it.
    probe: "PRAGMA user_version = 0",
};

/// An open database.
#[derive(Clone, Debug)]
pub struct SqliteEngine {
    writer: SqlitePool,
    reader: SqlitePool,
    /// `None`: in memory.
    file: Option<OpenedFile>,
    /// In memory: one connection that nobody uses, so that the database outlives the one that does.
    _anchor: Option<SqlitePool>,
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
        let mut first = options.connect().await?;
        migrations::sqlite().run(&mut first).await?;
        let file = OpenedFile::new(path)?;
        // From now on a file that is missing is a loss, not a beginning.
        let options = options.create_if_missing(false);
        let writer = pool(1).after_release(is_reusable).connect_with(options.clone()).await?;
        let reader = pool(readers).after_release(is_reusable).connect_with(options).await?;
        first.close().await?;
        Ok(Self { writer, reader, file: Some(file), _anchor: None })
    }

    /// A database in memory, which ends with the process.
    ///
    /// # Errors
    /// If SQLite itself fails.
    pub async fn in_memory() -> Result<Self, sqlx::Error> {
        // Each database of this name is one of its own, which its connections share while there is any. A call that is given up in the
        // middle of a query takes its connection with it.
        let options: SqliteConnectOptions = "sqlite::memory:".parse()?;
        let options = options.foreign_keys(true).disable_statement_logging();
        let lasting = || pool(1).min_connections(1).idle_timeout(None).max_lifetime(None);
        let anchor = lasting().connect_with(options.clone()).await?;
        let only = lasting().connect_with(options).await?;
        migrations::sqlite().run(&only).await?;
        Ok(Self { writer: only.clone(), reader: only, file: None, _anchor: Some(anchor) })
    }
}

#[async_trait::async_trait]
impl DatabaseEngine for SqliteEngine {
    async fn read(&self) -> Result<Transaction, StoreError> {
        self.check()?;
        let transaction = self.reader.begin().await.map_err(failed)?;
        Ok(Transaction::sqlite(transaction, &DIALECT))
    }

    async fn write(&self) -> Result<Transaction, StoreError> {
        self.check()?;
        // A transaction that reads first and then writes could find that another process has written in between.
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        Ok(Transaction::sqlite(transaction, &DIALECT))
    }

    /// One at a time.
    fn settings_writers(&self) -> usize {
        1
    }

    fn check(&self) -> Result<(), StoreError> {
        self.file.as_ref().map_or(Ok(()), OpenedFile::check)
    }

    /// A file tells nobody; who else writes to it is found out by asking.
    async fn watch(&self, _: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        std::future::pending::<()>().await;
    }
}

/// Whether a connection that comes back may be used again. After a full disk, an error of the disk or a lack of memory, SQLite has
/// rolled back by itself: the driver's own ROLLBACK then fails, and it goes on to count a transaction that is none, whose parts it
/// would never commit. Such a connection is closed, and the next caller opens another.
fn is_reusable(
    connection: &mut SqliteConnection,
    _: PoolConnectionMetadata,
) -> Pin<Box<dyn Future<Output = Result<bool, sqlx::Error>> + Send + '_>> {
    Box::pin(async move {
        // Behind the rollback in the connection's queue.
        connection.ping().await?;
        Ok(!connection.is_in_transaction())
    })
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).acquire_timeout(2 * BUSY)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::{
        polishing::{
            conditions::PolishLimits,
            quota::{LedgerError, QuotaLedger as _, ReservationRequest},
        },
        settings::{AgentId, AuditContext, DictionaryOwner, SettingsStore as _, TenantFields, TenantId},
        storage::DatabaseStore,
    };

    const LONG: Duration = Duration::from_secs(20);

    fn author() -> AuditContext {
        AuditContext { actor: "test".to_owned(), request_id: "test".to_owned(), time: SystemTime::UNIX_EPOCH }
    }

    async fn reserve(store: &DatabaseStore, id: &str) -> Result<(), LedgerError> {
        let claim = ReservationRequest {
            polish_id: id,
            tenant: &TenantId::new("acme").unwrap(),
            agent: &AgentId::new("ana").unwrap(),
            conversation: id,
            request: None,
            limits: PolishLimits { conversation: 1, agent_daily: 100_000, tenant_daily: 100_000 },
            now: SystemTime::UNIX_EPOCH,
            expires: SystemTime::UNIX_EPOCH + LONG,
        };
        store.reserve(&claim).await.map(drop)
    }

    /// A file that may not grow is a disk without space.
    async fn limit(engine: &SqliteEngine, pages: &'static str) {
        sqlx::query(pages).execute(&engine.writer).await.unwrap();
    }

    #[tokio::test]
    async fn what_is_in_memory_outlives_calls_that_are_given_up() {
        let engine = SqliteEngine::in_memory().await.expect("a database");
        for microseconds in 0..400 {
            let given_up = async {
                let transaction = if microseconds % 2 == 0 { engine.read().await } else { engine.write().await };
                drop(transaction);
                sqlx::query("SELECT count(*) FROM tenants").fetch_one(&engine.reader).await
            };
            let _ = tokio::time::timeout(std::time::Duration::from_micros(microseconds), given_up).await;
        }
        sqlx::query("SELECT count(*) FROM tenants").fetch_one(&engine.reader).await.expect("the tables are there");
    }

    #[tokio::test]
    async fn a_full_disk_is_an_outage_that_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let engine = SqliteEngine::open(&folder.path().join("settings.db"), 1).await.unwrap();
        let store = DatabaseStore::new(engine.clone(), LONG);
        let acme = TenantId::new("acme").unwrap();
        store.create_tenant(&acme, &TenantFields::default(), &author()).await.unwrap();
        let owner = DictionaryOwner::tenant(acme);
        for round in 0..3 {
            limit(&engine, "PRAGMA max_page_count = 1").await;
            let many: Vec<_> = (0..2000).map(|at| format!("word{round}x{at}")).collect();
            assert_eq!(store.create_words(&owner, &many, &author()).await, Err(StoreError::Unavailable));
            let mut filled = 0;
            while reserve(&store, &format!("filler{round}x{filled:0100}")).await.is_ok() {
                filled += 1;
                assert!(filled < 1000, "it is never full");
            }
            limit(&engine, "PRAGMA max_page_count = 1000000").await;
            reserve(&store, &format!("polish{round}")).await.unwrap();
            store.create_word(&owner, &format!("word{round}"), &author()).await.unwrap();
        }
        let words = store.get_snapshot(&owner.tenant, None, None).await.unwrap().unwrap().words.unwrap();
        assert_eq!(words, ["word0", "word1", "word2"], "what was refused left nothing, what was acknowledged is there");
    }
}
