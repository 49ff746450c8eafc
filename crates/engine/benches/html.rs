//! The time to read and to check HTML, by size and by kind: `cargo bench --bench html`. One thread, medians of nine rounds.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, and may stop at the first surprise"
)]

use std::{
    hint::black_box,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel},
    language::Language,
    spelling::{CheckRequest, Speller},
};

const ROUNDS: usize = 9;
const KILOBYTE: usize = 1024;

fn main() {
    // `cargo test --benches` passes --test: build and go.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let speller = Speller::embedded().expect("the embedded data");
    println!("{:34} {:>8} {:>12} {:>12}", "", "KB", "read, ms", "check, ms");
    let replies = [
        ("replies, en", include_str!("../tests/replies/en.txt"), Language::English),
        ("replies, pt-BR", include_str!("../tests/replies/pt-BR.txt"), Language::PortugueseBr),
        ("replies, zh-Hans", include_str!("../tests/replies/zh-Hans.txt"), Language::ChineseSimplified),
    ];
    for (name, text, language) in replies {
        for kilobytes in [50, 100, 200, 400] {
            row(&speller, name, &page(text, kilobytes * KILOBYTE), language);
        }
    }
    let mistakes = include_str!("../tests/replies/en.txt").replace("you ", "yuo ").replace(" the ", " teh ");
    row(&speller, "replies, en, many mistakes", &page(&mistakes, 200 * KILOBYTE), Language::English);
    for (name, unit) in [
        ("nested tags, <b>", "<b>"),
        ("nested blocks, <p><div>", "<p><div>"),
        ("references, &lt;", "&lt;"),
        ("references, a&eacute;", "a&eacute;"),
        ("lines, a<br>", "a<br>"),
        ("quotations", "<br>&gt; a<br>a"),
        ("attributions", "On 1 10:30 &lt;a@b&gt; wrote:<br>"),
        ("lines like attributions", "On 1 10:30 a@b wrote:<br>"),
        ("lines like headers", "From: a<br>"),
        ("containers", "<div class=gmail_quote>a</div>"),
        ("blockquotes", "On 1 a wrote:<blockquote>a</blockquote>"),
        ("struck out", "a <s>a</s> "),
        ("languages, <i lang=pt>a</i>", "<i lang=pt>a</i> "),
        ("angle brackets", "<"),
        ("comments", "<!--"),
        ("cells", "<table><tr><td>"),
    ] {
        for kilobytes in [100, 200, 400] {
            row(&speller, name, &unit.repeat(kilobytes * KILOBYTE / unit.len()), Language::English);
        }
    }
    for kilobytes in [100, 200, 400] {
        let size = kilobytes * KILOBYTE;
        row(&speller, "one attribute", &format!("<p title='{}'>text", "x".repeat(size)), Language::English);
        row(&speller, "many attributes", &format!("<p {}>text", "a ".repeat(size / 2)), Language::English);
        let stray = format!("<i><div>{}{}", "<b>".repeat(size / 7), "</i>".repeat(size / 7));
        row(&speller, "stray end tags", &stray, Language::English);
    }
}

/// Replies as a mail program would write them: a paragraph each, with markup inside and an entity or two.
fn page(text: &str, size: usize) -> String {
    let mut page = String::from("<html><body>");
    for (number, line) in text.lines().cycle().enumerate() {
        if page.len() >= size {
            break;
        }
        let line = line.replace('&', "&amp;").replace('é', "&eacute;").replace(". ", ".&nbsp;");
        page.push_str("<p class=\"paragraph\" style=\"margin:0px;font-family:Arial,sans-serif\"><span>");
        match line.char_indices().nth(10) {
            Some((middle, _)) if number % 3 == 0 => {
                page.push_str(&format!("<b>{}</b>{}", &line[..middle], &line[middle..]));
            }
            _ => page.push_str(&line),
        }
        page.push_str("</span><br></p>\n");
    }
    page + "</body></html>"
}

fn row(speller: &Speller, name: &str, source: &str, language: Language) {
    let document = Document { content: source, format: DocumentFormat::Html, channel: MessageChannel::Email };
    let read = median((0..ROUNDS).map(|_| timed(|| document.read().text().len())).collect());
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest {
        format: DocumentFormat::Html,
        channel: MessageChannel::Email,
        ..CheckRequest::new(source, language, &cancelled)
    };
    let check = median((0..ROUNDS).map(|_| timed(|| speller.check(&request).findings.len())).collect());
    println!("{name:34} {:>8} {:>12.2} {:>12.2}", source.len() / KILOBYTE, ms(read), ms(check));
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
