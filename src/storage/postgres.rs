//! PostgreSQL: one database for many replicas, which tell each other of changes by NOTIFY.
#![expect(clippy::disallowed_methods, reason = "here pools are opened with their limits")]

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _, PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::sync::OnceCell;

use super::{
    engine::DatabaseEngine,
    failure::{failed, is_outage},
    migrations,
    transaction::{Dialect, Transaction},
};
use crate::settings::{StoreError, TenantId, store::ChangeNotice};

/// Where replicas tell each other which tenant has changed.
const CHANNEL: &str = "vermilion_settings";

/// Locks end with the transaction, news are delivered when it commits, lists are arrays.
static DIALECT: Dialect = Dialect {
    lock_tenant: Some("SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE"),
    lock_quota: Some("SELECT pg_advisory_xact_lock(hashtextextended('polishes:' || $1, 0))"),
    // Of the row as little as keeps the switch of learning from being turned off meanwhile.
    lock_feedback: Some(
        "SELECT pg_advisory_xact_lock(hashtextextended('feedback:' || id, 0)) FROM tenants WHERE id = $1 FOR KEY SHARE",
    ),
    // The name of CHANNEL.
    notify_changed: Some("SELECT pg_notify('vermilion_settings', $1)"),
    is_intelligent: "intelligent_recognition",
    find_words: "SELECT id, text, created FROM dictionary_words \
                 WHERE tenant = $1 AND agent = $2 AND text = ANY($3)",
    create_words: "INSERT INTO dictionary_words (tenant, agent, text, created) \
                   SELECT $1, $2, text, $4 FROM unnest($3::text[]) WITH ORDINALITY AS given (text, line) ORDER BY line",
    record_audit_entries: "INSERT INTO audit_entries \
         (tenant, time, actor, request_id, resource, action, field, old_value, new_value) \
         SELECT $1, $2, $3, $4, resource, action, field, old_value, new_value \
         FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) \
         WITH ORDINALITY AS given (resource, action, field, old_value, new_value, line) ORDER BY line",
    // Takes a number of its own, which a standby has none of to give.
    probe: "SELECT txid_current()",
};

/// The longest time to wait before a lost listener is connected again.
const RETRY: Duration = Duration::from_secs(2);

/// A database, reachable now or later.
#[derive(Debug)]
pub struct PostgresEngine {
    pool: PgPool,
    /// Filled once the database is up to date.
    ready: OnceCell<()>,
}

impl PostgresEngine {
    /// A database by its URL, brought up to date. One that cannot be reached now is brought up to date when it can.
    ///
    /// # Errors
    /// If the URL is none, or the database refuses: no such database, a wrong password, a later version.
    pub async fn open(url: &str, connections: u32, timeout: Duration) -> Result<Self, sqlx::Error> {
        // The driver's error may quote what is wrong.
        let options = PgConnectOptions::from_str(url).map_err(|_| sqlx::Error::Configuration("it is no URL".into()))?;
        let options = options
            .application_name("vermilion")
            .options([("statement_timeout", format!("{}ms", timeout.as_millis()))])
            // Statements hold nothing that is worth a line, and may hold words of customers.
            .disable_statement_logging();
        let pool =
            PgPoolOptions::new().max_connections(connections).acquire_timeout(timeout).connect_lazy_with(options);
        let engine = Self { pool, ready: OnceCell::new() };
        match engine.prepare().await {
            Err(error) if !is_outage(&error) => Err(error),
            Err(_) => {
                tracing::warn!("the settings store cannot be reached yet: until it can, only spelling is open");
                Ok(engine)
            }
            Ok(()) => Ok(engine),
        }
    }

    /// Replicas that start together wait for each other: the migrator takes a lock.
    async fn prepare(&self) -> Result<(), sqlx::Error> {
        self.ready.get_or_try_init(|| async { migrations::postgres().run(&self.pool).await }).await?;
        Ok(())
    }

    async fn begin(&self, statement: &'static str) -> Result<Transaction, StoreError> {
        self.prepare().await.map_err(failed)?;
        let transaction = self.pool.begin_with(statement).await.map_err(failed)?;
        Ok(Transaction::postgres(transaction, &DIALECT))
    }

    /// Tells until the connection fails.
    async fn listen(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        // What was told before there was a listener.
        tell(ChangeNotice::Anything);
        tracing::debug!("listening to changes of the settings");
        while let Some(notification) = listener.try_recv().await? {
            tell(TenantId::new(notification.payload()).map_or(ChangeNotice::Anything, ChangeNotice::Tenant));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl DatabaseEngine for PostgresEngine {
    async fn read(&self) -> Result<Transaction, StoreError> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }

    async fn write(&self) -> Result<Transaction, StoreError> {
        self.begin("BEGIN").await
    }

    fn settings_writers(&self) -> usize {
        self.pool.options().get_max_connections() as usize / 2
    }

    /// Only a question can tell.
    fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn watch(&self, tell: &(dyn Fn(ChangeNotice) + Send + Sync)) {
        let mut pause = Duration::from_millis(50);
        loop {
            if let Ok(()) = self.listen(tell).await {
                pause = Duration::from_millis(50);
            }
            // The connection was lost, and with it perhaps news.
            tell(ChangeNotice::Anything);
            tracing::debug!("not listening to changes of the settings: trying again");
            tokio::time::sleep(pause).await;
            pause = (2 * pause).min(RETRY);
        }
    }
}
