//! `vermilion eval contexts`: measures words in context on sentences of which the right form is known: what is found of the words
//! that are wrong in their place, what of right sentences is marked, by what was written for what.

use std::{
    collections::BTreeMap, fmt::Write as _, fs, io::Write as _, ops::Range, path::PathBuf, process::ExitCode,
    sync::atomic::AtomicBool,
};

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use crate::{
    app,
    cli::{self, stopwatch::Stopwatch},
};
use vermilion_engine::spelling::{CheckRequest, FindingKind, Speller, SpellerLayers, SpellingFinding};

/// Marks that the words around ask for; of others none is false. On an error any is right.
const KINDS: [FindingKind; 2] = [FindingKind::RealWord, FindingKind::LikelyAccent];

#[derive(Debug, Args)]
pub(crate) struct ContextsArguments {
    /// Lines of `sentence as written TAB right sentence`, `#` begins a comment; of a sentence without error both are the same.
    file: PathBuf,
    /// The language, as a BCP 47 tag.
    #[arg(long)]
    language: String,
    /// Count hints as well.
    #[arg(long)]
    hints: bool,
    /// Check the right sentences, too, as sentences without error.
    #[arg(long)]
    twins: bool,
    /// Print the figures as one JSON object.
    #[arg(long)]
    json: bool,
    /// Write every sentence whose marks are not those of its right form into this file, for reading.
    #[arg(long, value_name = "FILE")]
    alarms: Option<PathBuf>,
}

pub(super) fn run(global: &cli::GlobalArguments, arguments: &ContextsArguments) -> anyhow::Result<ExitCode> {
    let language = cli::parse_language(&arguments.language)?;
    let speller = app::load_speller(&global.config()?, SpellerLayers::ALL)?;
    let path = arguments.file.display();
    let text = fs::read_to_string(&arguments.file).with_context(|| format!("cannot read {path}"))?;
    let cancelled = AtomicBool::new(false);
    let mut tally = Tally::default();
    let request = |text| CheckRequest { hints: arguments.hints, ..CheckRequest::new(text, language, &cancelled) };
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (written, right) =
            line.split_once('\t').with_context(|| format!("{path}:{}: expected a tab", index + 1))?;
        tally.check(&speller, &request(written), right);
        if arguments.twins && written != right {
            tally.check(&speller, &request(right), right);
        }
    }
    if let Some(path) = &arguments.alarms {
        fs::write(path, &tally.alarms).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let figures = tally.figures();
    if arguments.json {
        writeln!(anstream::stdout(), "{}", serde_json::to_value(&figures)?)?;
    } else {
        print(&figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Counts of what was written for what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct PairCounts {
    /// Places where it is wrong.
    errors: usize,
    /// Of these, marked.
    found: usize,
    /// Of these, with the right word as the first suggestion.
    corrected: usize,
}

/// All figures of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ContextFigures {
    sentences: usize,
    with_errors: usize,
    /// Marks.
    marks: usize,
    /// Marks where nothing is wrong.
    false_marks: usize,
    errors: usize,
    found: usize,
    corrected: usize,
    /// Share of the marks that are on an error, 0 to 1.
    precision: f64,
    /// Share of the errors that are marked.
    recall: f64,
    /// Share of the errors whose first suggestion is right.
    correction: f64,
    false_marks_per_1000_words: f64,
    words_per_second: f64,
    /// By `written>right`, in small letters.
    pairs: BTreeMap<String, PairCounts>,
    /// False marks by the word that is marked, in small letters.
    marked_though_right: BTreeMap<String, usize>,
}

#[derive(Debug, Default)]
struct Tally {
    sentences: usize,
    with_errors: usize,
    words: usize,
    marks: usize,
    seconds: f64,
    pairs: BTreeMap<String, PairCounts>,
    marked_though_right: BTreeMap<String, usize>,
    alarms: String,
}

impl Tally {
    fn check(&mut self, speller: &Speller, request: &CheckRequest<'_>, right: &str) {
        let written = request.text;
        let stopwatch = Stopwatch::start();
        let findings = speller.check(request).findings;
        self.seconds += stopwatch.seconds();
        self.sentences += 1;
        self.words += written.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
        let errors = differences(written, right);
        let counts = |finding: &&SpellingFinding| {
            KINDS.contains(&finding.kind) || errors.iter().any(|error| meets(finding, &error.written))
        };
        let findings: Vec<SpellingFinding> = findings.iter().filter(counts).cloned().collect();
        self.marks += findings.len();
        self.with_errors += usize::from(!errors.is_empty());
        let mut other = String::new();
        for error in &errors {
            let name = format!("{}>{}", written[error.written.clone()].to_lowercase(), error.right.to_lowercase());
            let counts = self.pairs.entry(name.clone()).or_default();
            counts.errors += 1;
            let Some(finding) = findings.iter().find(|finding| meets(finding, &error.written)) else {
                _ = write!(other, "\tmissed {name}");
                continue;
            };
            counts.found += 1;
            if corrected(written, finding, error) {
                counts.corrected += 1;
            } else {
                _ = write!(other, "\tsuggested otherwise {name}");
            }
        }
        for finding in findings.iter().filter(|finding| !errors.iter().any(|error| meets(finding, &error.written))) {
            let word = finding.spans[0].slice(written).to_lowercase();
            let best = finding.suggestions.first().map_or("", |suggestion| suggestion.text.as_str());
            _ = write!(other, "\tmarked {word}>{best}");
            *self.marked_though_right.entry(word).or_default() += 1;
        }
        if !other.is_empty() {
            _ = writeln!(self.alarms, "{written}{other}");
        }
    }

    fn figures(self) -> ContextFigures {
        let sum = |of: fn(&PairCounts) -> usize| self.pairs.values().map(of).sum::<usize>();
        let (errors, found, corrected) = (sum(|one| one.errors), sum(|one| one.found), sum(|one| one.corrected));
        let false_marks: usize = self.marked_though_right.values().sum();
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        ContextFigures {
            sentences: self.sentences,
            with_errors: self.with_errors,
            marks: self.marks,
            false_marks,
            errors,
            found,
            corrected,
            precision: share(self.marks - false_marks, self.marks),
            recall: share(found, errors),
            correction: share(corrected, errors),
            false_marks_per_1000_words: 1000.0 * share(false_marks, self.words),
            words_per_second: self.words as f64 / f64::max(self.seconds, 1e-9),
            pairs: self.pairs,
            marked_though_right: self.marked_though_right,
        }
    }
}

/// Words that differ between a sentence as written and as right.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Difference {
    /// Bytes of the sentence as written.
    written: Range<usize>,
    right: String,
}

/// The words that differ, by a longest common subsequence of words; without the punctuation that words share.
fn differences(written: &str, right: &str) -> Vec<Difference> {
    let (ours, theirs) = (words(written), words(right));
    let mut longest = vec![vec![0_usize; theirs.len() + 1]; ours.len() + 1];
    for (i, one) in ours.iter().enumerate().rev() {
        for (j, other) in theirs.iter().enumerate().rev() {
            longest[i][j] = if written[one.clone()] == right[other.clone()] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, Vec::new());
    while i < ours.len() || j < theirs.len() {
        let (from_ours, from_theirs) = (i, j);
        let same = |i: usize, j: usize| {
            i < ours.len() && j < theirs.len() && written[ours[i].clone()] == right[theirs[j].clone()]
        };
        while (i < ours.len() || j < theirs.len()) && !same(i, j) {
            if j == theirs.len() || (i < ours.len() && longest[i + 1][j] >= longest[i][j + 1]) {
                i += 1;
            } else {
                j += 1;
            }
        }
        if i > from_ours && j > from_theirs {
            found.push(trimmed(
                written,
                ours[from_ours].start..ours[i - 1].end,
                &right[theirs[from_theirs].start..theirs[j - 1].end],
            ));
        }
        (i, j) = (i + 1, j + 1);
    }
    found
}

fn words(text: &str) -> Vec<Range<usize>> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| start(word)..start(word) + word.len()).collect()
}

/// Without the signs around that both have.
fn trimmed(written: &str, range: Range<usize>, right: &str) -> Difference {
    let ours = &written[range.clone()];
    let is_sign = |c: char| !c.is_alphanumeric();
    let head = ours
        .chars()
        .zip(right.chars())
        .take_while(|(a, b)| a == b && is_sign(*a))
        .map(|(a, _)| a.len_utf8())
        .sum::<usize>();
    let tail = ours[head..]
        .chars()
        .rev()
        .zip(right[head..].chars().rev())
        .take_while(|(a, b)| a == b && is_sign(*a))
        .map(|(a, _)| a.len_utf8())
        .sum::<usize>();
    Difference { written: range.start + head..range.end - tail, right: right[head..right.len() - tail].to_owned() }
}

fn meets(finding: &SpellingFinding, range: &Range<usize>) -> bool {
    finding.spans.iter().any(|span| span.start < range.end && span.end > range.start)
}

/// Whether the first suggestion makes the difference go away.
fn corrected(written: &str, finding: &SpellingFinding, error: &Difference) -> bool {
    let (Some(best), Some(span)) = (finding.suggestions.first(), finding.spans.first()) else { return false };
    let (start, end) = (span.start.min(error.written.start), span.end.max(error.written.end));
    let becomes = format!("{}{}{}", &written[start..span.start], best.text, &written[span.end..end]);
    let wanted = format!("{}{}{}", &written[start..error.written.start], error.right, &written[error.written.end..end]);
    becomes == wanted
}

fn print(figures: &ContextFigures) -> std::io::Result<()> {
    let mut out = anstream::stdout();
    for (pair, counts) in &figures.pairs {
        let PairCounts { errors, found, corrected } = counts;
        let marked = figures.marked_though_right.get(pair.split('>').next().unwrap_or_default()).unwrap_or(&0);
        writeln!(out, "{pair:28} errors {errors:4}  found {found:4}  corrected {corrected:4}  false {marked:4}")?;
    }
    let ContextFigures { sentences, with_errors, marks, false_marks, errors, found, corrected, .. } = figures;
    writeln!(out, "sentences {sentences}, with errors {with_errors}; marks {marks}, false {false_marks}")?;
    writeln!(out, "errors {errors}, found {found}, corrected {corrected}")?;
    writeln!(
        out,
        "precision {:.3}  recall {:.3}  correction {:.3}  false marks per 1000 words {:.3}  words per second {:.0}",
        figures.precision,
        figures.recall,
        figures.correction,
        figures.false_marks_per_1000_words,
        figures.words_per_second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, right: &str, expected: &[(&str, &str)]) {
        let found = differences(written, right);
        let found: Vec<(&str, &str)> =
            found.iter().map(|one| (&written[one.written.clone()], one.right.as_str())).collect();
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn differences_are_words_without_the_signs_around() {
        check("Your welcome!", "You're welcome!", &[("Your", "You're")]);
        check("me to.", "me too.", &[("to", "too")]);
        check("Senão receber, ligue", "Se não receber, ligue", &[("Senão", "Se não")]);
        check("Se não, ligue", "Senão, ligue", &[("Se não", "Senão")]);
        check("(their was) than", "(there was) then", &[("their", "there"), ("than", "then")]);
        check("all is right", "all is right", &[]);
    }
}
