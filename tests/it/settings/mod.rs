//! Settings in real databases. SQLite always; PostgreSQL where TEST_POSTGRES_URL names one whose user may create databases
//! (tools/postgres-test.sh makes one), else each test says that it has not run on it.

mod audit;
mod cache;
mod changes;
mod engines;
mod files;
mod killed;
mod outage;
mod pages;
mod replicas;
mod servers;
mod support;
mod words;

use crate::support::serving;
