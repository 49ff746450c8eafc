//! The command line: one file a command. Knows everything below; nothing knows it.

mod dictionary;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Spelling and reply polishing for contact-centre workbenches, over gRPC.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compile dictionaries.
    #[command(subcommand)]
    Dictionary(dictionary::Command),
}

/// Runs the program with the arguments of the process.
///
/// # Errors
/// What stopped the command, for the terminal.
pub fn run() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Dictionary(command) => dictionary::run(command),
    }
}
