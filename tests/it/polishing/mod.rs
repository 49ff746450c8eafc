//! The guard against a corpus of drafts with faithful and hostile answers; the ledgers against what each must do; real programs
//! that share one.

mod corpus;
mod figures;
mod guarding;
mod hanging;
mod junk;
mod ledgers;
mod nul;
mod probes;
mod programs;
mod readings;
mod replicas;

use super::polishing_model::scripted;
use crate::support::{permit, serving};
