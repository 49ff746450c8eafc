//! `vermilion settings`: tenants, agents and words as a TOML file, straight from and to the store of the configuration.

mod file;

use std::{
    fs,
    io::{Read as _, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use tokio::runtime::Builder;

#[cfg(fuzzing)]
pub use self::file::read_file;
use self::file::{ImportSummary, SettingsFile};
use super::GlobalArguments;
use crate::{
    app,
    config::{Config, settings::StoreLocation},
    settings::{AuditContext, SettingsStore},
};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum SettingsCommand {
    /// Print all tenants, their agents and words.
    Export,
    /// Create what is missing, change what differs, add words; remove nothing. May be repeated: what has been done is
    /// done.
    Import {
        /// As `export` prints it; `-`: standard input.
        file: PathBuf,
    },
}

pub(crate) fn run(global: &GlobalArguments, command: SettingsCommand) -> anyhow::Result<ExitCode> {
    let config = global.config()?;
    let runtime = Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(async {
        let store = open_store(&config).await?;
        match command {
            SettingsCommand::Export => {
                write!(anstream::stdout(), "{}", toml::to_string(&SettingsFile::from_store(store.as_ref()).await?)?)?;
            }
            SettingsCommand::Import { file } => {
                let ImportSummary { created, changed, words } = import(store.as_ref(), &file).await?;
                writeln!(anstream::stdout(), "{created} created, {changed} changed, {words} words added")?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn SettingsStore>> {
    match config.settings.store {
        StoreLocation::Sqlite(_) | StoreLocation::Postgres(_) => {}
        StoreLocation::None | StoreLocation::Memory => bail!(
            "settings.store is neither a file nor a database: set it, as in \
             VERMILION_SETTINGS__STORE=sqlite:settings.db"
        ),
    }
    Ok(app::settings::open_storage(config).await?.context("there is no store")?.store)
}

async fn import(store: &dyn SettingsStore, path: &PathBuf) -> anyhow::Result<ImportSummary> {
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        text
    } else {
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
    };
    let file: SettingsFile =
        toml::from_str(&text).with_context(|| format!("{} is not a file of settings", path.display()))?;
    let user = std::env::var("USER").unwrap_or_default();
    let by = AuditContext {
        actor: format!("vermilion settings import ({user})").chars().filter(|c| !c.is_control()).take(128).collect(),
        request_id: String::new(),
        time: app::wall_clock(),
    };
    file.write(store, &by).await
}
