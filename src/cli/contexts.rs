//! `vermilion dictionary contexts`: learns what stands around words that are taken for one another from right text.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;

use super::{chinese_model::read_text, write_atomically};
use vermilion_engine::spelling::words::{
    common::CommonWords,
    context::train::{
        DisputedPlace, LaneBudget, PairFigures, TrainedContexts, TrainingExamples, TrainingInput, TrainingSource,
        train_contexts,
    },
    lexicon::Lexicon,
};

#[derive(Debug, Args)]
pub(crate) struct ContextsArguments {
    /// Right text, one sentence a line, one file a source; may be compressed by xz.
    #[arg(required = true)]
    texts: Vec<PathBuf>,
    /// The reviewed confusion sets.
    #[arg(long)]
    sets: PathBuf,
    /// Sentences as agents write them, one a line, for what the text hardly has.
    #[arg(long)]
    examples: PathBuf,
    /// Learn the examples without their commas, too, as people type in a hurry.
    #[arg(long)]
    also_without_commas: bool,
    /// The common words of a language with accents, for words that differ by them.
    #[arg(long, requires = "lexicons")]
    frequencies: Option<PathBuf>,
    /// A compiled lexicon of that language. May be repeated.
    #[arg(long = "lexicon", requires = "frequencies")]
    lexicons: Vec<PathBuf>,
    /// Slips of the text's writers, which are not taken for right: lines that begin with a key of `--disputed`.
    #[arg(long)]
    known_slips: Option<PathBuf>,
    /// Write the places of the text where something else may have been meant into this file, for reading: key, written and meant,
    /// log-odds, the bar of hints, how many there are, the words around, the line.
    #[arg(long)]
    disputed: Option<PathBuf>,
    /// Leave out sources of this name (a file's name up to its first full stop), to measure on them. May be repeated.
    #[arg(long)]
    without: Vec<String>,
    /// Marks for everyone in a million words of the text that are borne, slips of its writers among them.
    #[arg(long, default_value_t = 65.0)]
    error_budget: f64,
    /// The same with hints.
    #[arg(long, default_value_t = 200.0)]
    hint_budget: f64,
    /// Where to write the model.
    #[arg(long)]
    out: PathBuf,
    /// Print how each pair did on parts of the text that its weights were not learnt from.
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(arguments: &ContextsArguments) -> anyhow::Result<ExitCode> {
    let mut texts = Vec::new();
    for path in &arguments.texts {
        let (folder, name) = (path.parent().and_then(Path::file_name), path.file_name().unwrap_or_default());
        let name = name.to_string_lossy();
        let source = name.split('.').next().unwrap_or_default();
        if !arguments.without.iter().any(|left_out| left_out == source) {
            let folder = folder.unwrap_or_default().to_string_lossy();
            texts.push((format!("{folder}/{source}"), read_text(path)?));
        }
    }
    let sources = texts.iter().map(|(name, text)| TrainingSource { name, text }).collect();
    let (sets, examples) = (read_text(&arguments.sets)?, read_text(&arguments.examples)?);
    let accents = match &arguments.frequencies {
        Some(path) => {
            let common = CommonWords::open(read(path)?.into(), true)?;
            let lexicons = arguments.lexicons.iter().map(|path| Ok(Lexicon::open(read(path)?.into(), true)?));
            Some((common, lexicons.collect::<anyhow::Result<Vec<_>>>()?))
        }
        None => None,
    };
    let mut terminal = std::io::stderr();
    let shows = terminal.is_terminal();
    let examples = TrainingExamples { text: &examples, also_without_commas: arguments.also_without_commas };
    let budget = LaneBudget { error: arguments.error_budget, hint: arguments.hint_budget };
    let known_slips = arguments.known_slips.as_deref().map(read_text).transpose()?.unwrap_or_default();
    let input = TrainingInput { sets: &sets, examples, sources, known_slips: &known_slips, accents, budget };
    let trained = train_contexts(input, |what| {
        if shows {
            // A terminal that cannot be written to is no reason to fail.
            _ = writeln!(terminal, "{what}");
        }
    });
    let trained = trained.context("cannot learn from --sets and --known-slips")?;
    write_atomically(&arguments.out, &trained.bytes)?;
    if let Some(path) = &arguments.disputed {
        write_atomically(path, disputed(&trained).as_bytes())?;
    }
    report(arguments, &trained)?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn disputed(trained: &TrainedContexts) -> String {
    let lines = trained.disputed.iter().map(|place| {
        let DisputedPlace { written, meant, log_odds, hint_bar, count, key, snippet, line } = place;
        format!("{key:016x}\t{written}>{meant}\t{log_odds:.1}\t{hint_bar:.1}\t{count}\t{snippet}\t{line}\n")
    });
    lines.collect()
}

fn report(arguments: &ContextsArguments, trained: &TrainedContexts) -> std::io::Result<()> {
    let mut out = anstream::stdout();
    let TrainedContexts { bytes, words, figures, .. } = trained;
    if arguments.list {
        writeln!(out, "written TAB meant TAB bars (log-odds) TAB right places, marked TAB wrong places, found")?;
    }
    for pair in figures.iter().filter(|_| arguments.list) {
        let PairFigures { written, meant, error_bar, hint_bar, right_places, wrong_places, false_marks, found } = pair;
        writeln!(
            out,
            "{written}\t{meant}\t{error_bar:.1} {hint_bar:.1}\t{right_places}, {} {}\t{wrong_places}, {} {}",
            false_marks[0], false_marks[1], found[0], found[1]
        )?;
    }
    let marks = |lane: usize| figures.iter().map(|pair| pair.false_marks[lane]).sum::<u64>() as f64;
    writeln!(
        out,
        "{}: {words} words, {} bytes; false marks in 1,000 words: {:.3} for everyone, {:.3} with hints",
        arguments.out.display(),
        bytes.len(),
        1000.0 * marks(0) / *words as f64,
        1000.0 * marks(1) / *words as f64
    )
}
