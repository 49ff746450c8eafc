//! The databases: the only room that names them. Everything above knows traits of
//! `settings` and `polishing::quota` alone.

mod changes;
mod failure;
mod postgres;
mod quota;
mod rows;
mod session;
mod settings;
mod sqlite;
mod statements;

pub use postgres::PostgresEngine;
pub use settings::DatabaseStore;
pub use sqlite::SqliteEngine;
