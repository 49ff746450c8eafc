//! `vermilion eval`: measures the checker on lists of typos, on text without errors, on sentences, and on words in
//! context.

mod contexts;
mod sentences;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::AtomicBool,
};

use crate::app;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use vermilion_engine::{
    document::SkipReason,
    language::Language,
    spelling::{CheckRequest, Speller, SpellerLayers, SpellingReport},
};

use super::{GlobalArguments, parse_language, stopwatch::Stopwatch};

#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// Typos and what is right instead, or text that holds no error.
    Words(WordsArguments),
    /// Sentences and their right form.
    Sentences(sentences::SentencesArguments),
    /// Sentences with right words in the wrong place.
    Contexts(contexts::ContextsArguments),
}

#[derive(Debug, Args)]
pub(crate) struct WordsArguments {
    /// Lines of `typo TAB right|right...`; with --correct, text without errors, one message a line.
    file: PathBuf,
    /// The language, as a BCP 47 tag.
    #[arg(long)]
    language: String,
    /// The file holds text without errors: count false marks.
    #[arg(long)]
    correct: bool,
    /// Print every miss, or every false mark.
    #[arg(long)]
    list: bool,
    /// Print the figures as one JSON object.
    #[arg(long)]
    json: bool,
    /// Leave the supplements out.
    #[arg(long)]
    without_supplements: bool,
}

pub(crate) fn run(global: &GlobalArguments, command: EvalCommand) -> anyhow::Result<ExitCode> {
    match command {
        EvalCommand::Words(arguments) => run_words(global, &arguments),
        EvalCommand::Sentences(arguments) => sentences::run(global, &arguments),
        EvalCommand::Contexts(arguments) => contexts::run(global, &arguments),
    }
}

fn run_words(global: &GlobalArguments, arguments: &WordsArguments) -> anyhow::Result<ExitCode> {
    let language = parse_language(&arguments.language)?;
    // Without the memory of suggestions every call searches: that is what is timed.
    let layers = SpellerLayers { supplements: !arguments.without_supplements, memory: false };
    let speller = app::load_speller(&global.config()?, layers)?;
    let text =
        fs::read_to_string(&arguments.file).with_context(|| format!("cannot read {}", arguments.file.display()))?;
    if arguments.correct {
        let figures = measure_correct_text(&speller, language, &text, arguments.list)?;
        print(&figures, arguments.json)?;
    } else {
        let figures = measure_typos(&speller, language, &text, &arguments.file, arguments.list)?;
        print(&figures, arguments.json)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Figures on a list of typos. All counts but `pairs` are over the lines with a right word that is accepted.
#[derive(Debug, Serialize)]
struct TypoFigures {
    pairs: usize,
    in_lexicon: usize,
    /// Typos that get no mark of any default kind.
    accepted: usize,
    flagged: usize,
    top1: usize,
    top5: usize,
    /// A right word among all of ten suggestions.
    any: usize,
    suggest_ms: LatencyFigures,
}

/// One warm call for each flagged line, on one thread.
#[derive(Debug, Serialize)]
struct LatencyFigures {
    p50: f64,
    p99: f64,
    max: f64,
}

const SUGGESTIONS: usize = 10;

fn measure_typos(
    speller: &Speller,
    language: Language,
    text: &str,
    path: &Path,
    list: bool,
) -> anyhow::Result<TypoFigures> {
    let mut figures = TypoFigures {
        pairs: 0,
        in_lexicon: 0,
        accepted: 0,
        flagged: 0,
        top1: 0,
        top5: 0,
        any: 0,
        suggest_ms: LatencyFigures { p50: 0.0, p99: 0.0, max: 0.0 },
    };
    let mut times = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let (typo, right) =
            line.split_once('\t').with_context(|| format!("{}:{}: expected a tab", path.display(), index + 1))?;
        let right: Vec<String> = right.split('|').map(|word| word.nfc().collect()).collect();
        figures.pairs += 1;
        let mut known = false;
        for word in &right {
            known |= check(speller, language, word, 0).findings.is_empty() || speller.accepts(word, language);
        }
        if !known {
            continue;
        }
        figures.in_lexicon += 1;
        let report = check(speller, language, typo, SUGGESTIONS);
        if report.findings.is_empty() {
            figures.accepted += 1;
            if list {
                writeln!(anstream::stdout(), "accepted\t{typo}\t{}", right.join("|"))?;
            }
            continue;
        }
        // The suggestions that the answer carries: of the mark, or of the whole word where several parts are marked.
        let suggestions = match report.findings.as_slice() {
            [only] if only.spans[0].slice(typo) == typo => only.suggestions.to_vec(),
            [only] => whole_word_suggestions(typo, only),
            _ => speller.suggest(typo, language, SUGGESTIONS),
        };
        let rank = suggestions.iter().position(|suggestion| right.contains(&suggestion.text.nfc().collect()));
        figures.top1 += usize::from(rank.is_some_and(|rank| rank < 1));
        figures.top5 += usize::from(rank.is_some_and(|rank| rank < 5));
        figures.any += usize::from(rank.is_some());
        if list && rank != Some(0) {
            let offered: Vec<&str> = suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
            writeln!(
                anstream::stdout(),
                "{}\t{typo}\t{}\t{}",
                rank.map_or("none".to_owned(), |r| (r + 1).to_string()),
                right.join("|"),
                offered.join(" ")
            )?;
        }
        let stopwatch = Stopwatch::start();
        _ = speller.suggest(typo, language, SUGGESTIONS);
        times.push(stopwatch.milliseconds());
    }
    figures.flagged = figures.in_lexicon - figures.accepted;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len().max(1) - 1) as f64 * share).round() as usize).copied().unwrap_or(0.0);
    figures.suggest_ms = LatencyFigures { p50: at(0.5), p99: at(0.99), max: at(1.0) };
    Ok(figures)
}

/// The suggestions for a mark on a part of the word, as whole words.
fn whole_word_suggestions(
    typo: &str,
    finding: &vermilion_engine::spelling::SpellingFinding,
) -> Vec<vermilion_engine::spelling::Suggestion> {
    let span = finding.spans[0];
    let whole = |text: &str| format!("{}{text}{}", &typo[..span.start], &typo[span.end..]);
    let suggestions = finding.suggestions.iter();
    suggestions.map(|s| vermilion_engine::spelling::Suggestion { text: whole(&s.text), score: s.score }).collect()
}

/// Figures on text without errors.
#[derive(Debug, Serialize)]
struct CorrectFigures {
    words: usize,
    flagged: usize,
    flagged_per_1000: f64,
    /// Of warm checks without suggestions, on one thread.
    words_per_second: f64,
}

fn measure_correct_text(
    speller: &Speller,
    language: Language,
    text: &str,
    list: bool,
) -> anyhow::Result<CorrectFigures> {
    let mut flagged = 0;
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let mut seconds = 0.0;
    for (index, line) in text.lines().enumerate() {
        // The first look pages the lexicon in; the second is timed.
        flagged += check(speller, language, line, 0).findings.len();
        let stopwatch = Stopwatch::start();
        check(speller, language, line, 0);
        seconds += stopwatch.seconds();
        if !list {
            continue;
        }
        let report = check(speller, language, line, SUGGESTIONS);
        for finding in &report.findings {
            let offered: Vec<&str> = finding.suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
            writeln!(
                anstream::stdout(),
                "{}\t{:?}\t{}\t{}",
                index + 1,
                finding.kind,
                finding.spans[0].slice(line),
                offered.join(" ")
            )?;
        }
        let excuses = |reason| {
            use SkipReason::{Acronym, Code, OtherLanguage, ProperName};
            matches!(reason, ProperName | Acronym | OtherLanguage(_) | Code)
        };
        for skipped in report.skipped.iter().filter(|skipped| excuses(skipped.reason)) {
            writeln!(anstream::stdout(), "{}\t({:?})\t{}", index + 1, skipped.reason, skipped.span.slice(line))?;
        }
    }
    Ok(CorrectFigures {
        words,
        flagged,
        flagged_per_1000: 1000.0 * flagged as f64 / words.max(1) as f64,
        words_per_second: words as f64 / f64::max(seconds, 1e-9),
    })
}

fn check(speller: &Speller, language: Language, text: &str, max_suggestions: usize) -> SpellingReport {
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest { max_suggestions, ..CheckRequest::new(text, language, &cancelled) };
    speller.check(&request)
}

fn print(figures: &impl Serialize, json: bool) -> anyhow::Result<()> {
    let value = serde_json::to_value(figures)?;
    if json {
        writeln!(anstream::stdout(), "{value}")?;
    } else if let serde_json::Value::Object(fields) = value {
        for (name, value) in fields {
            writeln!(anstream::stdout(), "{name:18} {value}")?;
        }
    }
    Ok(())
}
