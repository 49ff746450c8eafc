//! `vermilion config`: the reference.

use std::process::ExitCode;

use crate::config::reference;

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: Arguments) -> anyhow::Result<ExitCode> {
    print!("{}", reference::print());
    Ok(ExitCode::SUCCESS)
}
