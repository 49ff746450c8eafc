//! `vermilion check`: checks the text on standard input and underlines what is wrong.

use std::{
    io::{IsTerminal as _, Read as _},
    process::ExitCode,
    sync::atomic::AtomicBool,
};

use super::Global;
use crate::{
    app,
    spelling::{CheckRequest, Finding},
    text::Span,
};
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The language, as a BCP 47 tag.
    #[arg(long, default_value = "en")]
    language: String,
    /// At most this many suggestions for each misspelling, up to 20.
    #[arg(long, default_value_t = 5)]
    max_suggestions: usize,
}

/// Exit status 0 if nothing is marked, 1 otherwise.
pub(crate) fn run(global: &Global, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let language = super::language(&arguments.language)?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read standard input as UTF-8")?;
    let cancelled = AtomicBool::new(false);
    let report = app::speller(&global.config()?)?.check(&CheckRequest {
        text: &text,
        language,
        protected: &[],
        max_suggestions: arguments.max_suggestions,
        kinds: &[],
        cancelled: &cancelled,
    })?;
    show(&text, &report.findings);
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Underlined in red on a terminal; with carets on a line of their own elsewhere.
fn show(text: &str, findings: &[Finding]) {
    let colours = std::io::stdout().is_terminal();
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).underline();
    let mut findings = findings.iter().peekable();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let here = Span::new(start, start + line.len());
        start = here.end;
        let mut marks = Vec::new();
        while let Some(finding) = findings.next_if(|finding| finding.spans[0].start < here.end) {
            marks.push(finding);
        }
        let line = line.trim_end_matches(['\n', '\r']);
        if colours {
            anstream::println!("{}", coloured(line, here.start, &marks, red));
        } else {
            anstream::println!("{line}");
            if !marks.is_empty() {
                anstream::println!("{}", carets(line, here.start, &marks));
            }
        }
        for finding in marks {
            let offered: Vec<&str> = finding.suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
            anstream::println!("  {} -> {}", finding.spans[0].of(text), offered.join(", "));
        }
    }
}

fn coloured(line: &str, start: usize, marks: &[&Finding], style: Style) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in marks.iter().map(|finding| finding.spans[0]) {
        let (from, to) = (span.start - start, span.end - start);
        out.push_str(&line[at..from]);
        out.push_str(&format!("{style}{}{style:#}", &line[from..to]));
        at = to;
    }
    out.push_str(&line[at..]);
    out
}

fn carets(line: &str, start: usize, marks: &[&Finding]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in marks.iter().map(|finding| finding.spans[0]) {
        let (from, to) = (span.start - start, span.end - start);
        out.extend(line[at..from].chars().map(|c| if c == '\t' { '\t' } else { ' ' }));
        out.extend(line[from..to].chars().map(|_| '^'));
        at = to;
    }
    out
}
