//! `vermilion eval sentences`: measures correction on sentences of which the right form is known. The figures are those of the
//! field: SIGHAN's detection and correction by sentence and by character, and pycorrector's.

use std::{fmt::Write as _, fs, ops::Range, path::PathBuf, process::ExitCode, sync::atomic::AtomicBool};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::{
    app,
    cli::{self, stopwatch::Stopwatch},
};
use vermilion_engine::spelling::{CheckRequest, FindingKind, SpellerLayers};

#[derive(Debug, Args)]
pub(crate) struct SentencesArguments {
    /// Lines of `sentence as written TAB right sentence`.
    file: PathBuf,
    /// The language, as a BCP 47 tag.
    #[arg(long, default_value = "zh")]
    language: String,
    /// Which marks to count.
    #[arg(long, value_enum, default_value_t = LaneArgument::Error)]
    lane: LaneArgument,
    /// Print the figures as one JSON object.
    #[arg(long)]
    json: bool,
    /// Write every sentence whose marks are not those of its right form into this file, for reading.
    #[arg(long, value_name = "FILE")]
    alarms: Option<PathBuf>,
}

/// Which marks are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LaneArgument {
    /// What everyone is shown.
    Error,
    /// Hints as well.
    Hint,
}

pub(super) fn run(global: &cli::GlobalArguments, arguments: &SentencesArguments) -> anyhow::Result<ExitCode> {
    let language = cli::parse_language(&arguments.language)?;
    let speller = app::load_speller(&global.config()?, SpellerLayers::ALL)?;
    let path = arguments.file.display();
    let text = fs::read_to_string(&arguments.file).with_context(|| format!("cannot read {path}"))?;
    let cancelled = AtomicBool::new(false);
    let (mut tally, mut alarms) = (Tally::default(), String::new());
    for (index, line) in text.lines().enumerate() {
        let (written, right) =
            line.split_once('\t').with_context(|| format!("{path}:{}: expected a tab", index + 1))?;
        let hints = arguments.lane == LaneArgument::Hint;
        let request = CheckRequest {
            max_suggestions: 1,
            kinds: &[FindingKind::WrongCharacter],
            hints,
            ..CheckRequest::new(written, language, &cancelled)
        };
        let stopwatch = Stopwatch::start();
        let report = speller.check(&request);
        let seconds = stopwatch.seconds();
        tally.cut_short += usize::from(report.incomplete);
        let mark = |finding: vermilion_engine::spelling::SpellingFinding| {
            let (span, first) = (finding.spans[0], finding.suggestions.first());
            (span.start..span.end, first.map(|suggestion| suggestion.text.clone()))
        };
        let marks: Vec<SentenceMark> = report.findings.into_iter().map(mark).collect();
        let outcome = tally.add(written, right, &marks, seconds);
        if outcome != SentenceOutcome::Right {
            _ = writeln!(alarms, "{outcome:?}\t{}\t{right}", render_marks(written, &marks));
        }
    }
    if let Some(path) = &arguments.alarms {
        fs::write(path, alarms).with_context(|| format!("cannot write {}", path.display()))?;
    }
    super::print(&tally.figures(), arguments.json)?;
    Ok(ExitCode::SUCCESS)
}

/// The sentence with its marks, as in `我[门>们]`.
fn render_marks(written: &str, marks: &[SentenceMark]) -> String {
    let (mut shown, mut at) = (String::new(), 0);
    for (range, suggestion) in marks {
        let suggestion = suggestion.as_deref().unwrap_or_default();
        _ = write!(shown, "{}[{}>{suggestion}]", &written[at..range.start], &written[range.clone()]);
        at = range.end;
    }
    shown + &written[at..]
}

/// Precision, recall and their harmonic mean, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct PrecisionRecall {
    pub(super) precision: f64,
    pub(super) recall: f64,
    pub(super) f1: f64,
}

impl PrecisionRecall {
    fn from_counts(hits: usize, predicted: usize, expected: usize) -> Self {
        let share = |whole: usize| if whole == 0 { 0.0 } else { hits as f64 / whole as f64 };
        let (precision, recall) = (share(predicted), share(expected));
        let f1 = if hits == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        Self { precision, recall, f1 }
    }
}

/// All figures of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct SentenceFigures {
    pub(super) sentences: usize,
    pub(super) with_errors: usize,
    /// All and only the wrong characters are marked.
    pub(super) sentence_detection: PrecisionRecall,
    /// All and only the wrong characters are marked, and the first suggestion is right for each.
    pub(super) sentence_correction: PrecisionRecall,
    pub(super) char_detection: PrecisionRecall,
    pub(super) char_correction: PrecisionRecall,
    /// As pycorrector counts: a sentence with errors is a hit only if wholly right after correction, else a miss; a clean one
    /// that changes is a false alarm.
    pub(super) pycorrector: PrecisionRecall,
    /// Share of the sentences without error that get a mark.
    pub(super) clean_alarmed: f64,
    /// Sentences that asked for more work than a check does.
    pub(super) cut_short: usize,
    pub(super) us_per_char: f64,
}

/// A mark: bytes of the sentence, and the first suggestion; none where there is no suggestion.
pub(super) type SentenceMark = (Range<usize>, Option<String>);

/// Counts sentence by sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    sentences: usize,
    with_errors: usize,
    marked: usize,
    detected: usize,
    corrected: usize,
    changed_clean: usize,
    marked_clean: usize,
    wrong_characters: usize,
    marked_characters: usize,
    detected_characters: usize,
    corrected_characters: usize,
    characters: usize,
    cut_short: usize,
    seconds: f64,
}

/// What became of one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SentenceOutcome {
    /// All right.
    Right,
    /// A sentence without error was marked.
    FalseAlarm,
    /// An error has no mark, or a mark has no error, or the first suggestion is another.
    Different,
}

impl Tally {
    /// Counts one sentence, and the seconds that its check took. Where characters are lost or added, and `written` and `right`
    /// have no characters to compare one by one, it counts as a sentence with errors that no replacement finds.
    pub(super) fn add(&mut self, written: &str, right: &str, marks: &[SentenceMark], seconds: f64) -> SentenceOutcome {
        let corrected = apply_marks(written, marks);
        if written.chars().count() != right.chars().count() {
            self.sentences += 1;
            self.characters += written.chars().count();
            self.seconds += seconds;
            self.with_errors += 1;
            self.marked += usize::from(!marks.is_empty());
            return SentenceOutcome::Different;
        }
        let (mut wrong, mut marked, mut detected, mut fixed) = (0, 0, 0, 0);
        for ((index, w), r) in written.char_indices().zip(right.chars()) {
            let mark = corrected.get(&index, w);
            wrong += usize::from(w != r);
            marked += usize::from(mark.is_some());
            detected += usize::from(mark.is_some() && w != r);
            fixed += usize::from(w != r && mark == Some(Some(r)));
        }
        self.sentences += 1;
        self.characters += written.chars().count();
        self.seconds += seconds;
        self.wrong_characters += wrong;
        self.marked_characters += marked;
        self.detected_characters += detected;
        self.corrected_characters += fixed;
        self.marked += usize::from(marked > 0);
        if wrong == 0 {
            self.marked_clean += usize::from(!marks.is_empty());
            self.changed_clean += usize::from(corrected.changes(written));
            return if marks.is_empty() { SentenceOutcome::Right } else { SentenceOutcome::FalseAlarm };
        }
        self.with_errors += 1;
        self.detected += usize::from(detected == wrong && marked == wrong);
        self.corrected += usize::from(fixed == wrong && marked == wrong);
        if fixed == wrong && marked == wrong { SentenceOutcome::Right } else { SentenceOutcome::Different }
    }

    /// The figures so far.
    pub(super) fn figures(&self) -> SentenceFigures {
        let clean = self.sentences - self.with_errors;
        SentenceFigures {
            sentences: self.sentences,
            with_errors: self.with_errors,
            sentence_detection: PrecisionRecall::from_counts(self.detected, self.marked, self.with_errors),
            sentence_correction: PrecisionRecall::from_counts(self.corrected, self.marked, self.with_errors),
            char_detection: PrecisionRecall::from_counts(
                self.detected_characters,
                self.marked_characters,
                self.wrong_characters,
            ),
            char_correction: PrecisionRecall::from_counts(
                self.corrected_characters,
                self.marked_characters,
                self.wrong_characters,
            ),
            pycorrector: PrecisionRecall::from_counts(
                self.corrected,
                self.corrected + self.changed_clean,
                self.with_errors,
            ),
            clean_alarmed: if clean == 0 { 0.0 } else { self.marked_clean as f64 / clean as f64 },
            cut_short: self.cut_short,
            us_per_char: 1e6 * self.seconds / self.characters.max(1) as f64,
        }
    }
}

/// By byte of the sentence, the marked characters and what each becomes; none where the suggestion has another length.
struct CorrectedCharacters(Vec<(usize, Option<char>)>);

impl CorrectedCharacters {
    /// Whether the character at a byte is marked, and what it becomes. A character that a mark leaves as it is counts as unmarked.
    fn get(&self, at: &usize, written: char) -> Option<Option<char>> {
        let index = self.0.binary_search_by_key(at, |(at, _)| *at).ok()?;
        let becomes = self.0[index].1;
        (becomes != Some(written)).then_some(becomes)
    }

    fn changes(&self, written: &str) -> bool {
        written.char_indices().any(|(at, c)| self.get(&at, c).is_some_and(|becomes| becomes.is_some()))
    }
}

fn apply_marks(written: &str, marks: &[SentenceMark]) -> CorrectedCharacters {
    let mut corrected = Vec::new();
    for (range, suggestion) in marks {
        let marked = &written[range.clone()];
        let replacement: Vec<char> = suggestion.iter().flat_map(|text| text.chars()).collect();
        let fits = replacement.len() == marked.chars().count();
        for (index, (at, _)) in marked.char_indices().enumerate() {
            corrected.push((range.start + at, if fits { Some(replacement[index]) } else { None }));
        }
    }
    corrected.sort_unstable();
    CorrectedCharacters(corrected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mark on the n-th to m-th character.
    fn mark(written: &str, characters: Range<usize>, suggestion: &str) -> SentenceMark {
        let at = |n: usize| written.char_indices().nth(n).map_or(written.len(), |(at, _)| at);
        (at(characters.start)..at(characters.end), Some(suggestion.to_owned()))
    }

    fn sample() -> SentenceFigures {
        let mut tally = Tally::default();
        // Two errors, both corrected.
        let both = [mark("我门以经到了", 1..2, "们"), mark("我门以经到了", 2..3, "已")];
        assert_eq!(tally.add("我门以经到了", "我们已经到了", &both, 0.0), SentenceOutcome::Right);
        // One of two errors found, and corrected wrongly.
        let wrong = [mark("在见，门口", 0..1, "载")];
        assert_eq!(tally.add("在见，门口", "再见，闷口", &wrong, 0.0), SentenceOutcome::Different);
        // Clean: one left alone, one changed.
        assert_eq!(tally.add("好的", "好的", &[], 0.0), SentenceOutcome::Right);
        assert_eq!(tally.add("您好", "您好", &[mark("您好", 0..1, "你")], 13e-6), SentenceOutcome::FalseAlarm);
        tally.figures()
    }

    #[test]
    fn counts_as_the_field_does() {
        let figures = sample();
        assert_eq!((figures.sentences, figures.with_errors), (4, 2));
        let quality = |precision: f64, recall: f64| {
            let f1 = 2.0 * precision * recall / (precision + recall);
            PrecisionRecall { precision, recall, f1 }
        };
        assert_eq!(figures.sentence_detection, quality(1.0 / 3.0, 0.5));
        assert_eq!(figures.sentence_correction, quality(1.0 / 3.0, 0.5));
        assert_eq!(figures.char_detection, quality(0.75, 0.75));
        assert_eq!(figures.char_correction, quality(0.5, 0.5));
        assert_eq!(figures.pycorrector, quality(0.5, 0.5));
        assert!((figures.clean_alarmed - 0.5).abs() < 1e-9);
        assert!((figures.us_per_char - 13.0 / 15.0).abs() < 1e-9);
    }

    #[test]
    fn a_lost_character_is_an_error_that_no_replacement_finds() {
        let mut tally = Tally::default();
        assert_eq!(tally.add("好谢谢", "好的谢谢", &[], 0.0), SentenceOutcome::Different);
        let figures = tally.figures();
        assert_eq!((figures.sentences, figures.with_errors, figures.clean_alarmed), (1, 1, 0.0));
    }

    #[test]
    fn a_mark_without_suggestion_detects_but_does_not_correct() {
        let mut tally = Tally::default();
        assert_eq!(tally.add("我门", "我们", &[(3..6, None)], 0.0), SentenceOutcome::Different);
        let figures = tally.figures();
        assert!(figures.char_detection.f1 > 0.99 && figures.char_correction.f1 < 0.01);
    }

    #[test]
    fn characters_that_a_mark_leaves_alone_are_not_counted_as_marked() {
        let mut tally = Tally::default();
        assert_eq!(tally.add("以经", "已经", &[(0..6, Some("已经".to_owned()))], 0.0), SentenceOutcome::Right);
    }
}
