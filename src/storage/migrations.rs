//! The steps that bring a database up to date, in their order. A step that has been released never changes; a new one is a file
//! for each engine and a row here.

use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

struct MigrationStep {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const STEPS: &[MigrationStep] = &[
    MigrationStep {
        name: "settings",
        sqlite: include_str!("../../migrations/sqlite/0001_settings.sql"),
        postgres: include_str!("../../migrations/postgres/0001_settings.sql"),
    },
    MigrationStep {
        name: "polishes",
        sqlite: include_str!("../../migrations/sqlite/0002_polishes.sql"),
        postgres: include_str!("../../migrations/postgres/0002_polishes.sql"),
    },
    MigrationStep {
        name: "audit start",
        sqlite: include_str!("../../migrations/sqlite/0003_audit_start.sql"),
        postgres: include_str!("../../migrations/postgres/0003_audit_start.sql"),
    },
    MigrationStep {
        name: "polishing guidance",
        sqlite: include_str!("../../migrations/sqlite/0004_polishing_guidance.sql"),
        postgres: include_str!("../../migrations/postgres/0004_polishing_guidance.sql"),
    },
    MigrationStep {
        name: "learning",
        sqlite: include_str!("../../migrations/sqlite/0005_learning.sql"),
        postgres: include_str!("../../migrations/postgres/0005_learning.sql"),
    },
];

pub(super) fn sqlite() -> Migrator {
    migrator(|step| step.sqlite)
}

pub(super) fn postgres() -> Migrator {
    migrator(|step| step.postgres)
}

fn migrator(sql: impl Fn(&MigrationStep) -> &'static str) -> Migrator {
    let migration = |(version, step): (i64, &MigrationStep)| {
        Migration::new(version, step.name.into(), MigrationType::Simple, sql(step).into_sql_str(), false)
    };
    Migrator::with_migrations((1..).zip(STEPS).map(migration).collect())
}
