//! `vermilion dictionary`: makes compiled dictionaries from their sources.

use std::{
    fs,
    io::{BufRead as _, BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{chinese_model, contexts, verify, write_atomically};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use vermilion_engine::spelling::words::{
    common,
    compile::{self, CompileProgress, NamedBytes},
    lexicon::Lexicon,
};

#[derive(Debug, Subcommand)]
pub(crate) enum DictionaryCommand {
    /// Compile a Hunspell dictionary into a lexicon.
    Compile(CompileArguments),
    /// Compile word frequencies into the common tier of a language.
    Frequencies(FrequenciesArguments),
    /// Pack a language model of Chinese words.
    ChineseModel(chinese_model::ChineseModelArguments),
    /// Learn what stands around words that are taken for one another.
    Contexts(contexts::ContextsArguments),
    /// Compare the verdicts of a lexicon with those of zspell, an independent reader of its sources.
    Verify(verify::VerifyArguments),
    /// The other reader, in a process of its own.
    #[command(hide = true)]
    VerifyChild(verify::VerifyChildArguments),
    /// Say of each line of standard input whether the lexicon alone, without the layers above it, accepts it: `+` or `-`.
    Verdicts {
        /// A compiled lexicon.
        #[arg(long)]
        lexicon: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    /// The affix file.
    #[arg(long)]
    aff: PathBuf,
    /// The word file.
    #[arg(long)]
    dic: PathBuf,
    /// Where to write the lexicon.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct FrequenciesArguments {
    /// Lines of a word, a tab and its frequency in hundredths of the Zipf scale.
    #[arg(long)]
    tsv: PathBuf,
    /// A compiled lexicon; words that none of them accepts are left out. May be repeated.
    #[arg(long = "lexicon", required = true)]
    lexicons: Vec<PathBuf>,
    /// Where to write the common words.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(command: DictionaryCommand) -> anyhow::Result<ExitCode> {
    match command {
        DictionaryCommand::Compile(arguments) => compile(&arguments),
        DictionaryCommand::Frequencies(arguments) => frequencies(&arguments),
        DictionaryCommand::ChineseModel(arguments) => chinese_model::run(&arguments),
        DictionaryCommand::Contexts(arguments) => contexts::run(&arguments),
        DictionaryCommand::Verify(arguments) => verify::run(&arguments),
        DictionaryCommand::VerifyChild(arguments) => verify::run_child(&arguments),
        DictionaryCommand::Verdicts { lexicon } => print_verdicts(&lexicon),
    }
}

fn compile(arguments: &CompileArguments) -> anyhow::Result<ExitCode> {
    let affix = read_file(&arguments.aff)?;
    let entries = read_file(&arguments.dic)?;
    let (aff_name, dic_name) = (arguments.aff.display().to_string(), arguments.dic.display().to_string());
    let mut terminal = std::io::stderr();
    let shows = terminal.is_terminal();
    let compiled = compile::compile_lexicon(
        NamedBytes { name: &aff_name, bytes: &affix },
        NamedBytes { name: &dic_name, bytes: &entries },
        |progress| {
            if shows {
                // A terminal that cannot be written to is no reason to fail.
                _ = match progress {
                    CompileProgress::Deriving { done, all } => {
                        write!(terminal, "\rderiving forms: {:3} %", 100 * done / all.max(1))
                    }
                    CompileProgress::Writing { forms } => write!(terminal, "\rsorting and writing {forms} forms\n"),
                };
            }
        },
    )?;
    write_atomically(&arguments.out, &compiled.bytes)?;
    writeln!(
        anstream::stdout(),
        "{}: {} entries, {} forms, {} bytes",
        arguments.out.display(),
        compiled.entries,
        compiled.forms,
        compiled.bytes.len()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn frequencies(arguments: &FrequenciesArguments) -> anyhow::Result<ExitCode> {
    let tsv = String::from_utf8(read_file(&arguments.tsv)?)?;
    let lexicons = arguments.lexicons.iter().map(|path| open_lexicon(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let bytes = common::compile_frequencies(&tsv, &lexicons)
        .with_context(|| format!("cannot use {}", arguments.tsv.display()))?;
    write_atomically(&arguments.out, &bytes)?;
    writeln!(anstream::stdout(), "{}: {} bytes", arguments.out.display(), bytes.len())?;
    Ok(ExitCode::SUCCESS)
}

fn open_lexicon(path: &Path) -> anyhow::Result<Lexicon> {
    Lexicon::open(read_file(path)?.into(), true).with_context(|| format!("cannot use {}", path.display()))
}

fn print_verdicts(path: &Path) -> anyhow::Result<ExitCode> {
    let lexicon = open_lexicon(path)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let word = line?;
        writeln!(out, "{}{word}", if lexicon.accepts(&word) { '+' } else { '-' })?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
