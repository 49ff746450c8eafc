//! Reading a document takes at most four times its size, whatever is in it: the peak of all allocations beside the source.
//! `cargo test -p vermilion-engine --test memory -- --nocapture` prints the figures. One test, as the count is the process's.

use peak_alloc::PeakAlloc;
use vermilion_engine::document::{Document, DocumentFormat, MessageChannel};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const SIZE: usize = 200 * 1024;

/// The peak while a source is read, as a multiple of its size.
fn peak(source: &str, format: DocumentFormat) -> f64 {
    let document = Document { content: source, format, channel: MessageChannel::Email };
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let prose = document.read();
    let peak = ALLOCATOR.peak_usage() - before;
    drop(prose);
    peak as f64 / source.len() as f64
}

#[test]
fn reading_takes_at_most_four_times_the_source() {
    let fill = |piece: &str| piece.repeat(SIZE / piece.len());
    let message = include_str!("documents/reply-outlook-desktop-en.txt");
    let sources = [
        ("messages of Outlook", fill(message)),
        ("text alone", fill("Thank you for waiting. ")),
        ("Chinese text", fill("<p>感谢您的耐心等待。</p>")),
        ("100,000 nested tags", format!("{}text", "<b>".repeat(100_000))),
        ("nested blocks of many names", fill("<p><div><ul><li><h1>a")),
        ("one attribute", format!("<p title=\"{}\">text</p>", "x".repeat(SIZE))),
        ("one style", format!("<p style=\"border:{}\">text</p>", "x".repeat(SIZE))),
        ("100,000 attributes", format!("<p {}>text</p>", "a ".repeat(SIZE / 2))),
        ("an attribute without end", format!("text <p title=\"{}", "x".repeat(SIZE))),
        ("50,000 references", fill("&lt;")),
        ("short references", fill("&lt")),
        ("references and letters", fill("a&lt")),
        ("tags and letters", fill("a<b>")),
        ("line ends", fill("a<br>")),
        ("languages in languages", fill("a<i lang=fr>a<i lang=de>")),
        ("languages", fill("a<i lang=fr>a</i>")),
        ("code", fill("a<code>a</code>")),
        ("hidden", fill("a<p hidden>a")),
        ("comments", fill("a<!---->")),
        ("quotations", fill("<br>&gt;a<br>a")),
        ("angle brackets", fill("<")),
        ("blockquotes", fill("a<blockquote>a</blockquote>")),
        ("blockquotes in blockquotes", fill("<blockquote>a")),
        ("attributions over blockquotes", fill("On 1 a wrote:<blockquote>a</blockquote>")),
        ("containers", fill("a<i class=gmail_quote>a</i>")),
        ("containers in containers", fill("<i class=gmail_quote>a")),
        ("containers of quotations", fill("<i class=gmail_quote><blockquote>a</blockquote></i>")),
        ("marked attributions", fill("<i class=gmail_attr>a</i>a")),
        ("struck out", fill("a<s>a</s>")),
        ("blocks by style", fill("<b style=display:block>a")),
    ];
    // What is made once: the table of character references.
    peak("&amp;", DocumentFormat::Html);
    let mut worst = 0.0_f64;
    for (name, source) in &sources {
        let times = peak(source, DocumentFormat::Html);
        println!("{name:28} {times:.2} times {} bytes", source.len());
        assert!(times <= 4.0, "{name}: {times:.2}");
        worst = worst.max(times);
    }
    for (name, source) in [("plain text", fill("> a\nb\n")), ("marks in words", fill("*a*b "))] {
        let times = peak(&source, DocumentFormat::Plain);
        println!("{name:28} {times:.2} times {} bytes", source.len());
        assert!(times <= 4.0, "{name}: {times:.2}");
    }
    assert!(worst > 0.5, "nothing was counted");
}
