//! A transaction of either engine, and its statements: the one file that knows both drivers. What the engines say in different
//! words is in a [`Dialect`]; which statements there are, and in which order, is not known here.

use sqlx::{
    AssertSqlSafe, ColumnIndex, Decode, Encode, PgConnection, Postgres, Row as _, SqlStr, Sqlite, SqliteConnection,
    Type,
    postgres::{PgArguments, PgRow},
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::failure::failed;
use crate::settings::StoreError;

/// What SQLite and PostgreSQL say in different words.
#[derive(Debug)]
pub(super) struct Dialect {
    /// Nobody else changes the tenant `$1`, its agents or its words before the transaction has ended; `None`: nobody can.
    pub(super) lock_tenant: Option<&'static str>,
    /// Nobody else reserves for the tenant `$1` before the transaction has ended; `None`: nobody can.
    pub(super) lock_quota: Option<&'static str>,
    /// Nobody else records what agents of the tenant `$1` report, or changes the tenant, before the transaction has ended; `None`:
    /// nobody can.
    pub(super) lock_feedback: Option<&'static str>,
    /// Tells other replicas that the tenant `$1` has changed, once the transaction is committed; `None`: they ask.
    pub(super) notify_changed: Option<&'static str>,
    /// The condition by which agents with Intelligent Recognition are found in their partial index.
    pub(super) is_intelligent: &'static str,
    /// The words of the tenant `$1` and the agent `$2` among the list `$3`: id, text, created.
    pub(super) find_words: &'static str,
    /// Adds the words of the list `$3`, in their order, for the tenant `$1` and the agent `$2` at the time `$4`.
    pub(super) create_words: &'static str,
    /// Adds the rows from `$5` on, in their order, for the tenant `$1` at the time `$2` by the actor `$3` in the request `$4`.
    pub(super) record_audit_entries: &'static str,
    /// Changes nothing, but fails where nothing can be written.
    pub(super) probe: &'static str,
}

/// A transaction: rolled back unless it is committed.
pub struct Transaction {
    connection: Connection,
    /// How its engine speaks.
    pub(super) dialect: &'static Dialect,
}

enum Connection {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    pub(super) const fn sqlite(transaction: sqlx::Transaction<'static, Sqlite>, dialect: &'static Dialect) -> Self {
        Self { connection: Connection::Sqlite(transaction), dialect }
    }

    pub(super) const fn postgres(transaction: sqlx::Transaction<'static, Postgres>, dialect: &'static Dialect) -> Self {
        Self { connection: Connection::Postgres(transaction), dialect }
    }

    /// Makes the changes last, and known to who watches.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.connection {
            Connection::Sqlite(transaction) => transaction.commit().await,
            Connection::Postgres(transaction) => transaction.commit().await,
        }
        .map_err(failed)
    }

    /// A statement that stands in the source.
    pub(super) fn statement(&mut self, sql: &'static str) -> Statement<'_> {
        self.prepare(sqlx::SqlSafeStr::into_sql_str(sql))
    }

    /// A statement that is put together of names in the source; values are bound, never written into it.
    pub(super) fn assembled_statement(&mut self, sql: String) -> Statement<'_> {
        self.prepare(sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql)))
    }

    fn prepare(&mut self, sql: SqlStr) -> Statement<'_> {
        match &mut self.connection {
            Connection::Sqlite(transaction) => Statement::Sqlite(transaction, sqlx::query(sql)),
            Connection::Postgres(transaction) => Statement::Postgres(transaction, sqlx::query(sql)),
        }
    }
}

/// A statement about to be made. Its values are bound in the order of its parameters.
pub(super) enum Statement<'t> {
    Sqlite(&'t mut SqliteConnection, Query<'t, Sqlite, SqliteArguments>),
    Postgres(&'t mut PgConnection, Query<'t, Postgres, PgArguments>),
}

impl Statement<'_> {
    pub(super) fn bind<'v>(self, value: impl Parameter<'v>) -> Self {
        match self {
            Self::Sqlite(connection, query) => Self::Sqlite(connection, query.bind(value)),
            Self::Postgres(connection, query) => Self::Postgres(connection, query.bind(value)),
        }
    }

    /// One parameter for a list: JSON, or an array.
    pub(super) fn bind_list(self, list: &[String]) -> Result<Self, StoreError> {
        Ok(match self {
            Self::Sqlite(connection, query) => Self::Sqlite(connection, query.bind(json(list)?)),
            Self::Postgres(connection, query) => Self::Postgres(connection, query.bind(list)),
        })
    }

    /// Many rows: one parameter of JSON, or an array for each column.
    pub(super) fn bind_rows<const COLUMNS: usize>(self, rows: &[[&str; COLUMNS]]) -> Result<Self, StoreError> {
        Ok(match self {
            Self::Sqlite(connection, query) => {
                let rows: Vec<&[&str]> = rows.iter().map(<[_; COLUMNS]>::as_slice).collect();
                Self::Sqlite(connection, query.bind(json(&rows)?))
            }
            Self::Postgres(connection, mut query) => {
                for column in 0..COLUMNS {
                    query = query.bind(rows.iter().map(|row| row[column]).collect::<Vec<_>>());
                }
                Self::Postgres(connection, query)
            }
        })
    }

    /// How many rows it has touched.
    pub(super) async fn execute(self) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection, query) => query.execute(connection).await.map(|done| done.rows_affected()),
            Self::Postgres(connection, query) => query.execute(connection).await.map(|done| done.rows_affected()),
        }
        .map_err(failed)
    }

    pub(super) async fn fetch_optional(self) -> Result<Option<Row>, StoreError> {
        match self {
            Self::Sqlite(connection, query) => query.fetch_optional(connection).await.map(|row| row.map(Row::Sqlite)),
            Self::Postgres(connection, query) => {
                query.fetch_optional(connection).await.map(|row| row.map(Row::Postgres))
            }
        }
        .map_err(failed)
    }

    pub(super) async fn fetch_one(self) -> Result<Row, StoreError> {
        self.fetch_optional().await?.ok_or_else(|| failed(sqlx::Error::RowNotFound))
    }

    pub(super) async fn fetch_all(self) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(connection, query) => {
                query.fetch_all(connection).await.map_err(failed)?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(connection, query) => {
                query.fetch_all(connection).await.map_err(failed)?.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

/// A row of an answer.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of a column, by its name or its place.
    pub(super) fn get<T: Readable>(
        &self,
        column: impl ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(failed)
    }
}

/// What both drivers can bind.
pub(super) trait Parameter<'v>:
    Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres>
{
}

impl<'v, T: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres>> Parameter<'v> for T {}

/// What both drivers can read.
pub(super) trait Readable:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Readable for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{}

fn json<T: serde::Serialize + ?Sized>(list: &T) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|_| StoreError::Damaged)
}
