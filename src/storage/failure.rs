//! What an error of the driver means: the one place where it is logged and turned into [`StoreError`].

use sqlx::Error;

use crate::settings::StoreError;

/// Logs an error of the driver, which may be the state of the world or a fault of ours.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn failed(error: Error) -> StoreError {
    if is_outage(&error) {
        tracing::warn!(error = describe(&error), "the settings store cannot be reached");
        return StoreError::Unavailable;
    }
    tracing::error!(error = describe(&error), "the settings store has failed");
    StoreError::Damaged
}

/// Whether it may go away by itself.
pub(super) fn is_outage(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed | Error::BeginFailed => true,
        // A server that goes away cuts its messages short.
        Error::Protocol(_) | Error::Tls(_) => true,
        Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        Error::Migrate(error) => match error.as_ref() {
            sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => {
                is_outage(error)
            }
            _ => false,
        },
        _ => false,
    }
}

/// PostgreSQL: classes 08 (connection), 40 (rolled back, may be tried again), 53 (resources), 57 (the operator stops it), 55P03
/// (lock timeout), 25006 (a standby). SQLite: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, in their extended codes, too.
fn is_passing(code: &str) -> bool {
    if let Ok(number) = code.parse::<u32>()
        && code.len() < 5
    {
        return [5, 6, 8, 10, 13, 14].contains(&(number & 0xff));
    }
    ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) || ["55P03", "25006"].contains(&code)
}

/// Without what a statement was about: a message of PostgreSQL may quote a value in its details, which are left out here.
fn describe(error: &Error) -> String {
    match error {
        Error::Database(error) => {
            format!("{} (code {})", error.message(), error.code().unwrap_or_default())
        }
        other => other.to_string(),
    }
}
