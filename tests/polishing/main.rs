//! The guard against a corpus of drafts with faithful and hostile answers; the ledgers against what each must do.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::print_stderr, reason = "a test that is skipped must say so")]

mod corpus;
mod guarding;
mod ledgers;
#[path = "../support/permit.rs"]
mod permit;
