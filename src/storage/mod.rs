//! The databases: the only room that names them. Everything above knows traits of
//! `settings` and `polishing::quota` alone.

mod changes;
mod engine;
mod failure;
mod health;
mod learning;
mod learning_statements;
mod lists;
mod migrations;
mod opened_file;
mod postgres;
mod quota;
mod quota_statements;
mod rows;
mod sqlite;
mod statements;
mod store;
mod transaction;
mod turns;

pub use postgres::PostgresEngine;
pub use sqlite::SqliteEngine;
pub use store::DatabaseStore;
