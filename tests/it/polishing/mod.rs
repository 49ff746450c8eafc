//! The guard against a corpus of drafts with faithful and hostile answers; the ledgers against what each must do; real programs
//! that share one.

mod corpus;
mod guarding;
mod hanging;
mod held_out;
mod ledgers;
mod programs;
mod replicas;

use super::polishing_model::scripted;
use crate::support::{engines::on_each_engine, permit, serving, spelling};
