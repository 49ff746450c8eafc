//! `vermilion check`: checks the text on standard input and underlines what is wrong.

use std::{
    io::{IsTerminal as _, Read as _, Write as _},
    process::ExitCode,
    sync::atomic::AtomicBool,
};

use super::GlobalArguments;
use crate::{
    app,
    settings::SpellingSettings,
    transport::{
        convert::ParsedCheckRequest,
        json,
        proto::{self, CheckSpellingOptions, CheckSpellingRequest, Document, document},
    },
};
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use unicode_width::UnicodeWidthChar as _;
use vermilion_engine::{
    spelling::{SpellerLayers, SpellingFinding},
    text::Span,
};

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The language, as a BCP 47 tag.
    #[arg(long, default_value = "en")]
    language: String,
    /// How to read the text.
    #[arg(long, value_enum, default_value_t = FormatArgument::Plain)]
    format: FormatArgument,
    /// Where the text will be sent; quoted history and signatures are skipped in e-mail only.
    #[arg(long, value_enum)]
    channel: Option<ChannelArgument>,
    /// At most this many suggestions for each misspelling, up to 20.
    #[arg(long, default_value_t = 5)]
    max_suggestions: i32,
    /// Also mark what is less certain; in Chinese among it 的地得 and 他她它.
    #[arg(long)]
    hints: bool,
    /// Also mark variants that a style guide would change (Chinese).
    #[arg(long)]
    style: bool,
    /// Print the CheckSpelling response as proto3 JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArgument {
    Plain,
    Html,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ChannelArgument {
    WebChat,
    Email,
    Whatsapp,
    Sms,
    Social,
}

impl CheckArguments {
    /// The document as a client would send it.
    fn document(&self, content: String) -> Document {
        let format = match self.format {
            FormatArgument::Plain => document::Format::Plain,
            FormatArgument::Html => document::Format::Html,
        };
        let channel = match self.channel {
            None => proto::Channel::Unspecified,
            Some(ChannelArgument::WebChat) => proto::Channel::WebChat,
            Some(ChannelArgument::Email) => proto::Channel::Email,
            Some(ChannelArgument::Whatsapp) => proto::Channel::Whatsapp,
            Some(ChannelArgument::Sms) => proto::Channel::Sms,
            Some(ChannelArgument::Social) => proto::Channel::Social,
        };
        Document { content, format: format.into(), channel: channel.into(), ..Document::default() }
    }
}

/// Exit status 0 if nothing is marked, 1 otherwise.
pub(crate) fn run(global: &GlobalArguments, arguments: &CheckArguments) -> anyhow::Result<ExitCode> {
    let mut content = String::new();
    std::io::stdin().read_to_string(&mut content).context("cannot read standard input as UTF-8")?;
    // The same message and the same conversions as on the wire, so that `--json` is what a client would get.
    let asked = CheckSpellingRequest {
        document: Some(arguments.document(content)),
        language_code: arguments.language.clone(),
        max_suggestions: Some(arguments.max_suggestions),
        options: Some(CheckSpellingOptions {
            include_hints: arguments.hints,
            include_style: arguments.style,
            ..CheckSpellingOptions::default()
        }),
        ..CheckSpellingRequest::default()
    };
    let check = ParsedCheckRequest::parse(asked, SpellingSettings::default())?;
    let speller = app::load_speller(&global.config()?, SpellerLayers::ALL)?;
    let report = speller.check(&check.engine_request(&AtomicBool::new(false)));
    let status = if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    if arguments.json {
        writeln!(
            anstream::stdout(),
            "{}",
            json::to_json(&check.response(report, usize::MAX), "vermilion.v1.CheckSpellingResponse")?
        )?;
    } else {
        if check.language.fallback {
            let _ = writeln!(
                anstream::stderr(),
                "{} is not supported: checked as {}",
                arguments.language,
                check.language.language.tag()
            );
        }
        show(&check, &report.findings)?;
    }
    Ok(status)
}

/// Underlined in red on a terminal; with carets on a line of their own elsewhere.
fn show(check: &ParsedCheckRequest, findings: &[SpellingFinding]) -> std::io::Result<()> {
    let colours = std::io::stdout().is_terminal();
    let red = Style::new().fg_color(Some(AnsiColor::Red.into())).underline();
    // A word that markup divides is marked piece by piece, and told about where it ends.
    let mut pieces = findings
        .iter()
        .flat_map(|finding| {
            let last = finding.spans.len() - 1;
            finding.spans.iter().enumerate().map(move |(at, &span)| (span, (at == last).then_some(finding)))
        })
        .peekable();
    let mut start = 0;
    for line in check.text.split_inclusive('\n') {
        let here = Span::new(start, start + line.len());
        start = here.end;
        let mut marks = Vec::new();
        let mut ended = Vec::new();
        while let Some((span, finding)) = pieces.next_if(|(span, _)| span.start < here.end) {
            marks.push(span);
            ended.extend(finding);
        }
        let line = line.trim_end_matches(['\n', '\r']);
        if colours {
            writeln!(anstream::stdout(), "{}", coloured(line, here.start, &marks, red))?;
        } else {
            writeln!(anstream::stdout(), "{line}")?;
            if !marks.is_empty() {
                writeln!(anstream::stdout(), "{}", carets(line, here.start, &marks))?;
            }
        }
        for finding in ended {
            let offered: Vec<&str> = finding.suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect();
            writeln!(anstream::stdout(), "  {} -> {}", check.document().text_at(&finding.spans), offered.join(", "))?;
        }
    }
    Ok(())
}

fn coloured(line: &str, start: usize, marks: &[Span], style: Style) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in marks {
        let (from, to) = (span.start - start, span.end - start);
        out.push_str(&line[at..from]);
        out.push_str(&format!("{style}{}{style:#}", &line[from..to]));
        at = to;
    }
    out.push_str(&line[at..]);
    out
}

fn carets(line: &str, start: usize, marks: &[Span]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in marks {
        let (from, to) = (span.start - start, span.end - start);
        for c in line[at..from].chars() {
            if c == '\t' {
                out.push(c);
            } else {
                out.extend(std::iter::repeat_n(' ', columns(c)));
            }
        }
        out.extend(line[from..to].chars().flat_map(|c| std::iter::repeat_n('^', columns(c))));
        at = to;
    }
    out
}

/// What a character takes on a terminal: Chinese ones two columns, combining marks none.
fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}
