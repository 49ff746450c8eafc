//! `vermilion config`: the reference.

use std::{io::Write as _, process::ExitCode};

use crate::config::reference;

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ConfigArguments {}

pub(crate) fn run(_: ConfigArguments) -> anyhow::Result<ExitCode> {
    write!(anstream::stdout(), "{}", reference::render())?;
    Ok(ExitCode::SUCCESS)
}
