//! The guard against a corpus of drafts with faithful and hostile answers; the ledgers against what each must do; real programs
//! that share one.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::print_stderr, reason = "a test that is skipped must say so")]

mod corpus;
mod guarding;
mod hanging;
mod held_out;
mod ledgers;
#[path = "../support/permit.rs"]
mod permit;
mod programs;
mod replicas;
#[expect(dead_code, reason = "the tests of the model's side need more of it")]
#[path = "../polishing_model/scripted.rs"]
mod scripted;
#[path = "../support/serving.rs"]
mod serving;
