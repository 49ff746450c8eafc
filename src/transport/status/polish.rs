//! What a failed polish is on the wire: its code, its reason, its details. The words are those of the errors, which hold no text.

use std::time::Duration;

use tonic::Code;
use tonic_types::ErrorDetails;

use super::RETRY_AFTER;
use crate::polishing::{model::ModelError, quota::LedgerError, request::PolishError};

pub(super) const fn code(error: &PolishError) -> Code {
    match error {
        PolishError::Ledger(error) => match error {
            LedgerError::LimitReached { .. } => Code::ResourceExhausted,
            LedgerError::RequestIdReused => Code::InvalidArgument,
            LedgerError::InProgress => Code::Aborted,
            LedgerError::NotFound => Code::NotFound,
            LedgerError::Unavailable => Code::Unavailable,
        },
        PolishError::Model(ModelError::TenantBusy) => Code::ResourceExhausted,
        // As of calls in general: another replica may well have room.
        PolishError::Model(_) | PolishError::Busy => Code::Unavailable,
    }
}

pub(super) const fn reason(error: &PolishError) -> &'static str {
    match error {
        PolishError::Ledger(error) => match error {
            LedgerError::LimitReached { .. } => "POLISH_LIMIT_REACHED",
            LedgerError::RequestIdReused => "REQUEST_ID_REUSED",
            LedgerError::InProgress => "REQUEST_IN_PROGRESS",
            LedgerError::NotFound => "NOT_FOUND",
            LedgerError::Unavailable => "LEDGER_UNAVAILABLE",
        },
        PolishError::Model(error) => match error {
            ModelError::Unreachable => "MODEL_UNREACHABLE",
            ModelError::Timeout => "MODEL_TIMEOUT",
            ModelError::CircuitOpen => "MODEL_RESTING",
            ModelError::TenantBusy => "TENANT_BUSY",
            ModelError::RateLimited { .. } => "MODEL_RATE_LIMITED",
            ModelError::Credentials => "MODEL_CREDENTIALS",
            ModelError::Refused { .. } => "MODEL_REFUSED",
            ModelError::QuotaExhausted => "MODEL_QUOTA_EXHAUSTED",
            ModelError::Overloaded { .. } => "MODEL_OVERLOADED",
            ModelError::ServerFailed { .. } => "MODEL_FAILED",
            ModelError::Malformed => "MODEL_MALFORMED",
            ModelError::Truncated => "MODEL_CUT",
            ModelError::Withheld => "MODEL_WITHHELD",
            ModelError::Empty => "MODEL_EMPTY",
        },
        PolishError::Busy => "POLISHING_BUSY",
    }
}

/// The limit that is reached, the field that is wrong, the time to wait.
pub(super) fn detail(error: &PolishError, details: &mut ErrorDetails) {
    match error {
        PolishError::Ledger(LedgerError::LimitReached { cap, .. }) => {
            details.add_quota_failure_violation(cap.name(), error.to_string());
        }
        PolishError::Ledger(LedgerError::RequestIdReused) => {
            details.add_bad_request_violation("request_id", error.to_string());
        }
        PolishError::Ledger(LedgerError::NotFound) => {}
        // A matter for the operator: no retry helps.
        PolishError::Model(ModelError::Credentials | ModelError::Refused { .. } | ModelError::QuotaExhausted) => {}
        PolishError::Ledger(LedgerError::InProgress | LedgerError::Unavailable)
        | PolishError::Model(_)
        | PolishError::Busy => {
            details.set_retry_info(Some(retry_after(error)));
        }
    }
}

fn retry_after(error: &PolishError) -> Duration {
    match error {
        PolishError::Model(
            ModelError::RateLimited { retry_after: Some(after) } | ModelError::Overloaded { retry_after: after, .. },
        ) => *after,
        // About as long as a server is given a rest.
        PolishError::Model(ModelError::CircuitOpen | ModelError::RateLimited { .. }) => 10 * RETRY_AFTER,
        _ => RETRY_AFTER,
    }
}
