//! Settings in real databases: SQLite, and PostgreSQL where TEST_POSTGRES_URL names one whose user may create databases
//! (tools/postgres-test.sh makes one).

mod audit;
mod cache;
mod changes;
mod engines;
mod files;
mod full;
mod gone;
mod killed;
mod learning;
mod outage;
mod pages;
mod replicas;
mod servers;
pub(crate) mod support;
mod turns;
mod words;

use crate::support::serving;
