//! `vermilion suggest`: the likeliest right spellings of one word.

use std::{io::Write as _, process::ExitCode};

use super::GlobalArguments;
use crate::app;
use clap::Args;
use vermilion_engine::spelling::SpellerLayers;

#[derive(Debug, Args)]
pub(crate) struct SuggestArguments {
    /// The word.
    word: String,
    /// The language, as a BCP 47 tag.
    #[arg(long, default_value = "en")]
    language: String,
    /// At most this many, up to 20.
    #[arg(long, default_value_t = 5)]
    limit: usize,
}

/// Exit status 0 if the word is right, 1 if not.
pub(crate) fn run(global: &GlobalArguments, arguments: &SuggestArguments) -> anyhow::Result<ExitCode> {
    let language = super::parse_language(&arguments.language)?;
    let speller = app::load_speller(&global.config()?, SpellerLayers::ALL)?;
    for suggestion in speller.suggest(&arguments.word, language, arguments.limit) {
        writeln!(anstream::stdout(), "{:.2}  {}", suggestion.score, suggestion.text)?;
    }
    Ok(if speller.accepts(&arguments.word, language) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
