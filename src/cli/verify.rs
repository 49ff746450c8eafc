//! `vermilion dictionary verify`: compares our verdicts with those of `zspell`, an independent reader of the same dictionary.
//!
//! zspell expands every form into a hash map when it loads, so it runs in a child process with a limit of memory and time;
//! exceeding either is a row of the report.
//!
//! This is also why zspell checks no text: version 0.5.5 needs 83 MB for en-US, 788 MB for pt-PT, and for pt-BR more
//! memory than a machine has. Within 2 GiB and 60 s, on 50,000 forms and as many mutated ones:
//!
//! | dictionary | equal | the differences |
//! |---|---|---|
//! | en-US | 99.97 % | zspell accepts any case of some words, divides at apostrophes by UAX 29, has no COMPOUNDRULE (`1th`, `44th`) |
//! | pt-PT | 98.18 % | 1,812 of 1,818 are hyphenated verbs (`abalar-nos-a`): zspell divides words by UAX 29 where Hunspell has BREAK |
//! | pt-BR | none | the child reaches the limit of 2 GiB before it answers |

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, ExitCode, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use vermilion_engine::spelling::words::lexicon::Lexicon;

use super::stopwatch::Stopwatch;

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The affix file.
    #[arg(long)]
    aff: PathBuf,
    /// The word file.
    #[arg(long)]
    dic: PathBuf,
    /// The lexicon compiled from the two.
    #[arg(long)]
    lexicon: PathBuf,
    /// How many forms of the lexicon to compare, evenly spread; as many mutated ones are added.
    #[arg(long, default_value_t = 50_000)]
    sample: usize,
    /// Differences to print for each reason.
    #[arg(long, default_value_t = 10)]
    show: usize,
    /// Memory that the other reader may take, in MiB.
    #[arg(long, default_value_t = 2048)]
    memory: u64,
    /// Time that the other reader may take, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyChildArguments {
    aff: PathBuf,
    dic: PathBuf,
    memory: u64,
}

pub(crate) fn run(arguments: &VerifyArguments) -> anyhow::Result<ExitCode> {
    let bytes =
        std::fs::read(&arguments.lexicon).with_context(|| format!("cannot read {}", arguments.lexicon.display()))?;
    let lexicon = Lexicon::open(bytes.into(), true)?;
    let words = sample_words(&lexicon, arguments.sample);
    writeln!(anstream::stdout(), "{}: {} words, half of them mutated", arguments.lexicon.display(), words.len())?;
    let stopwatch = Stopwatch::start();
    match ask_child(arguments, &words)? {
        ChildOutcome::Verdicts(theirs) => {
            writeln!(anstream::stdout(), "zspell answered in {:.1} s", stopwatch.seconds())?;
            report(&lexicon, &words, &theirs, arguments.show)?;
        }
        ChildOutcome::TimedOut => writeln!(anstream::stdout(), "zspell: stopped after {} s", arguments.seconds)?,
        ChildOutcome::Failed(status) => {
            writeln!(anstream::stdout(), "zspell: ended without verdicts within {} MiB ({status})", arguments.memory)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Every n-th form, and the same number of forms with one letter changed.
fn sample_words(lexicon: &Lexicon, count: usize) -> Vec<String> {
    let step = (lexicon.len() / count.max(1)).max(1);
    let mut words = Vec::with_capacity(2 * count);
    lexicon.for_each_form(|index, form| {
        if index % step == 0 && words.len() < count {
            words.push(form.to_owned());
        }
    });
    let mutated: Vec<String> = words.iter().enumerate().map(|(index, word)| mutate(word, index)).collect();
    words.extend(mutated);
    words
}

/// Swaps, drops, doubles or replaces one letter: which, and where, follows from the number, so that runs are alike.
fn mutate(word: &str, number: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = number.wrapping_mul(2_654_435_761) % letters.len().max(1);
    match number % 4 {
        0 if at + 1 < letters.len() => letters.swap(at, at + 1),
        1 if letters.len() > 1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(b'a' + (number % 26) as u8),
    }
    letters.into_iter().collect()
}

enum ChildOutcome {
    Verdicts(Vec<bool>),
    TimedOut,
    Failed(ExitStatus),
}

fn ask_child(arguments: &VerifyArguments, words: &[String]) -> anyhow::Result<ChildOutcome> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["dictionary", "verify-child"])
        .args([&arguments.aff, &arguments.dic])
        .arg(arguments.memory.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(stdin), Some(mut stdout)) = (child.stdin.take(), child.stdout.take()) else {
        bail!("no pipes to the child")
    };
    let lines = words.join("\n");
    let writer = thread::spawn(move || feed(stdin, &lines));
    let reader = thread::spawn(move || {
        let mut verdicts = String::new();
        stdout.read_to_string(&mut verdicts).map(|_| verdicts)
    });
    let status = wait_with_timeout(&mut child, Duration::from_secs(arguments.seconds))?;
    _ = writer.join();
    let verdicts = reader.join().ok().and_then(Result::ok).unwrap_or_default();
    Ok(match status {
        None => ChildOutcome::TimedOut,
        Some(status) if !status.success() || verdicts.len() != words.len() => ChildOutcome::Failed(status),
        Some(_) => ChildOutcome::Verdicts(verdicts.bytes().map(|verdict| verdict == b'+').collect()),
    })
}

fn feed(stdin: ChildStdin, lines: &str) {
    // A child that died of its limits closes the pipe; its status says why.
    _ = BufWriter::new(stdin).write_all(lines.as_bytes());
}

/// The child's status; `None` if it had to be stopped.
fn wait_with_timeout(child: &mut Child, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let stopwatch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if stopwatch.seconds() > limit.as_secs_f64() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Differences by the reason that explains them.
fn report(lexicon: &Lexicon, words: &[String], theirs: &[bool], show: usize) -> std::io::Result<()> {
    let mut differences: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (word, theirs) in words.iter().zip(theirs) {
        let ours = lexicon.accepts(word);
        if ours != *theirs {
            differences.entry(difference_reason(word, ours)).or_default().push(word);
        }
    }
    let all: usize = differences.values().map(Vec::len).sum();
    let share = 100.0 - 100.0 * all as f64 / words.len().max(1) as f64;
    writeln!(anstream::stdout(), "equal: {share:.3} %, different: {all}")?;
    for (reason, words) in differences {
        writeln!(anstream::stdout(), "  {:6}  {reason}: {}", words.len(), words[..words.len().min(show)].join(" "))?;
    }
    Ok(())
}

/// What zspell does otherwise than Hunspell, as far as the word shows it.
fn difference_reason(word: &str, ours: bool) -> &'static str {
    let capital = word.chars().any(char::is_uppercase);
    match ours {
        _ if word.contains(['-', '\'', '.', '’']) => {
            "it divides words at signs by UAX 29, Hunspell by BREAK and ICONV"
        }
        _ if word.contains(|c: char| c.is_ascii_digit()) => "it has no COMPOUNDRULE",
        true if capital => "it has other case rules",
        false if capital => "it accepts any case of a word",
        true => "it does not derive the form",
        false => "it derives a form that Hunspell does not",
    }
}

/// The child: reads words, answers a sign for each.
pub(crate) fn run_child(arguments: &VerifyChildArguments) -> anyhow::Result<ExitCode> {
    let bytes = arguments.memory * 1024 * 1024;
    rlimit::Resource::AS.set(bytes, bytes)?;
    let (aff, dic) = (read_text(&arguments.aff)?, read_text(&arguments.dic)?);
    // zspell loses words that carry morphology, and panics on a byte order mark.
    let dic: String = dic.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned() + "\n").collect();
    let Ok(dictionary) = zspell::builder().config_str(&aff).dict_str(&dic).build() else {
        return Ok(ExitCode::FAILURE);
    };
    let words: Vec<String> = BufReader::new(std::io::stdin().lock()).lines().collect::<Result<_, _>>()?;
    let verdicts: String = words.iter().map(|word| if dictionary.check_word(word) { '+' } else { '-' }).collect();
    std::io::stdout().write_all(verdicts.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned())
}
