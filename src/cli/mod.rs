//! The command line: one file per command. Thin; whatever it prints comes from below, and output that cannot be written is an error,
//! not a panic.

mod check;
mod chinese_model;
mod config;
mod contexts;
mod dictionary;
mod eval;
mod health;
mod licenses;
mod serve;
mod settings;
#[cfg(fuzzing)]
pub use settings::read_file;
mod stopwatch;
mod suggest;
mod token;
mod verify;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::mpsc::sync_channel,
    thread,
    time::Duration,
};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{app, config::Config};
use vermilion_engine::language::{self, Language};

/// Spelling for contact-centre workbenches, over gRPC.
#[derive(Debug, Parser)]
#[command(name = "vermilion", version)]
struct CliArguments {
    #[command(flatten)]
    global: GlobalArguments,
    #[command(subcommand)]
    command: Option<CliCommand>,
}

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct GlobalArguments {
    /// Configuration file (TOML); `vermilion config` prints the reference.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl GlobalArguments {
    /// The configuration: defaults, file, environment.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        self.config_with(None)
    }

    /// The same, where a flag stands for a variable of the environment.
    fn config_with(&self, flag: Option<(String, String)>) -> anyhow::Result<Config> {
        let mut environment = crate::config::environment();
        if let Some((name, value)) = flag {
            environment.retain(|(other, _)| *other != name);
            environment.push((name, value));
        }
        Ok(Config::load(self.config.as_deref(), &environment)?)
    }
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Start the service (the default).
    Serve(serve::ServeArguments),
    /// Check the text on standard input.
    Check(check::CheckArguments),
    /// Suggest right spellings of a word.
    Suggest(suggest::SuggestArguments),
    /// Ask a running service whether it is well: exit code 0 if so, else 1.
    Health(health::HealthArguments),
    /// Mint a token for development, by the secret of `[auth.jwt]`.
    Token(token::TokenArguments),
    /// Print the reference of the configuration (every key, its default and what it does), or check the configuration.
    Config(config::ConfigArguments),
    /// Print the licences of the program and of its language data.
    Licenses,
    /// Write and read tenants and agents as a file.
    #[command(subcommand)]
    Settings(settings::SettingsCommand),
    /// Compile and verify dictionaries.
    #[command(subcommand)]
    Dictionary(dictionary::DictionaryCommand),
    /// Measure the checker.
    #[command(subcommand)]
    Eval(eval::EvalCommand),
}

/// Runs the command that the process was called with.
#[must_use]
pub fn main() -> ExitCode {
    app::prepare();
    let CliArguments { global, command } = CliArguments::parse();
    let outcome = match command.unwrap_or(CliCommand::Serve(serve::ServeArguments::default())) {
        CliCommand::Serve(arguments) => serve::run(&global, arguments),
        CliCommand::Check(arguments) => check::run(&global, &arguments),
        CliCommand::Suggest(arguments) => suggest::run(&global, &arguments),
        CliCommand::Health(arguments) => health::run(&global, arguments),
        CliCommand::Token(arguments) => token::run(&global, arguments),
        CliCommand::Config(arguments) => config::run(&global, arguments),
        CliCommand::Licenses => licenses::run(),
        CliCommand::Settings(command) => settings::run(&global, command),
        CliCommand::Dictionary(command) => dictionary::run(command),
        CliCommand::Eval(command) => eval::run(&global, command),
    };
    outcome.unwrap_or_else(|error| {
        // Whoever has closed our output, as `head` does, has seen enough.
        if error.downcast_ref::<io::Error>().is_none_or(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            print_error(format!("vermilion: {error:#}\n"));
        }
        ExitCode::FAILURE
    })
}

/// On standard error, for which the end does not wait long: after hours of service nobody may read it.
fn print_error(message: String) {
    let (done, printed) = sync_channel(1);
    thread::spawn(move || {
        let _ = io::stderr().write_all(message.as_bytes());
        let _ = done.send(());
    });
    let _ = printed.recv_timeout(Duration::from_secs(1));
}

/// The language that a tag on the command line names.
fn parse_language(tag: &str) -> anyhow::Result<Language> {
    Ok(language::resolve(tag, "").with_context(|| format!("--language {tag}"))?.language)
}

/// Writes a file whole or not at all: a lexicon cut short must not stay behind.
fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let partial = path.with_extension("partial");
    fs::write(&partial, bytes).with_context(|| format!("cannot write {}", partial.display()))?;
    fs::rename(&partial, path).with_context(|| format!("cannot write {}", path.display()))
}
