//! The command line: one file a command. Knows everything below; nothing knows it.

mod check;
mod dictionary;
mod eval;
mod licenses;
mod stopwatch;
mod suggest;
mod verify;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use vermilion::language::{self, Language};

/// Spelling and reply polishing for contact-centre workbenches, over gRPC.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the text on standard input.
    Check(check::Arguments),
    /// Suggest right spellings of a word.
    Suggest(suggest::Arguments),
    /// Print the licences of the program and of its language data.
    Licenses,
    /// Compile dictionaries.
    #[command(subcommand)]
    Dictionary(dictionary::Command),
    /// Measure the checker.
    #[command(subcommand)]
    Eval(eval::Command),
}

/// Runs the program with the arguments of the process.
///
/// # Errors
/// What stopped the command, for the terminal.
pub fn run() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Suggest(arguments) => suggest::run(&arguments),
        Command::Licenses => Ok(licenses::run()),
        Command::Dictionary(command) => dictionary::run(command),
        Command::Eval(command) => eval::run(command),
    }
}

/// The language that a tag on the command line names.
fn language(tag: &str) -> anyhow::Result<Language> {
    Ok(language::resolve(tag, "").with_context(|| format!("--language {tag}"))?.language)
}
