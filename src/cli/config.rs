//! `vermilion config`: the reference.

use std::process::ExitCode;

use crate::config::reference;

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ConfigArguments {}

pub(crate) fn run(_: ConfigArguments) -> anyhow::Result<ExitCode> {
    print!("{}", reference::render());
    Ok(ExitCode::SUCCESS)
}
