//! `vermilion config`: the reference; `vermilion config check`: all that is wrong with the configuration, and with the files it names.

use std::{io::Write as _, process::ExitCode};

use anyhow::Context as _;
use tokio::runtime::Builder;

use super::GlobalArguments;
use crate::{
    app,
    config::{self, Config, check, reference},
};

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ConfigArguments {
    #[command(subcommand)]
    command: Option<ConfigCommand>,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum ConfigCommand {
    /// Say all that is wrong with the configuration and the files it names: exit code 0 if nothing is, else 1.
    Check,
}

pub(crate) fn run(global: &GlobalArguments, arguments: ConfigArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        None => {
            write!(anstream::stdout(), "{}", reference::render())?;
            Ok(ExitCode::SUCCESS)
        }
        Some(ConfigCommand::Check) => run_check(global),
    }
}

fn run_check(global: &GlobalArguments) -> anyhow::Result<ExitCode> {
    let environment = config::environment();
    let file = config::read_file(global.config.as_deref(), &environment)?;
    let mut problems: Vec<String> = check::problems(&file, &environment).iter().map(ToString::to_string).collect();
    // What stands in files is looked at where it is known which.
    if problems.is_empty() {
        let config = Config::parse(&file, &environment)?;
        let runtime = Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
        problems.extend(runtime.block_on(app::file_problems(&config)).iter().map(|problem| format!("{problem:#}")));
    }
    let mut output = anstream::stdout();
    for problem in &problems {
        writeln!(output, "{problem}")?;
    }
    if !problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    writeln!(output, "the configuration can be used")?;
    Ok(ExitCode::SUCCESS)
}
