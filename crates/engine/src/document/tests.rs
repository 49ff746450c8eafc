//! Reading of documents piece by piece, and what holds for any source. Whole messages are in `tests/documents/`.

use proptest::prelude::*;

use super::{prose::OBJECT_REPLACEMENT, *};

fn html(content: &str) -> Document<'_> {
    Document { content, format: DocumentFormat::Html, channel: MessageChannel::Unspecified }
}

/// Checks the text of an HTML source: `⏎` for a line, `¶` for a block, `□` for an object.
#[track_caller]
fn check(source: &str, expected: &str) {
    check_text(&html(source).read(), source, expected);
}

#[track_caller]
fn check_mail(source: &str, expected: &str) {
    let document = Document { channel: MessageChannel::Email, ..html(source) };
    check_text(&document.read(), source, expected);
}

#[track_caller]
fn check_text(prose: &Prose<'_>, source: &str, expected: &str) {
    let mut shown = String::new();
    for block in prose.blocks() {
        shown.push_str(if shown.is_empty() { "" } else { "¶" });
        shown.push_str(&block.text.slice(prose.text()).replace(OBJECT_REPLACEMENT, "□").replace('\n', "⏎"));
    }
    assert_eq!(shown, expected, "{source}");
}

#[test]
fn blocks_end_words_and_inline_elements_do_not() {
    check("<p>mis<b>pe</b>led</p><p>two</p>three", "mispeled¶two¶three");
    check("a<br>b<hr>c<wbr>d<img src=x>e", "a⏎b¶cd□e");
    check("<ul><li>one<li>two</ul><table><tr><td>x<td>y</table>", "one¶two¶x¶y");
    check("<div>\n  one\n  two\n</div>\n<div> three </div>", "one   two¶three");
    check("a<span><i><u><font><sup>b</sup></font></u></i></span>c", "abc");
    check("a<button>b</button>c<input>d", "a□b□c□d");
    check("<textarea>a\nb</textarea><div style='white-space: pre-wrap'>c\nd</div>", "a⏎b¶c⏎d");
    check("", "");
    check("no tags at all", "no tags at all");
}

#[test]
fn what_is_no_text_is_left_out() {
    check("a<script>b</script>c<style>d</style>e<!-- f -->g<title>h</title>", "aceg");
    check("a <b title='b' data-c=c>d</b> e", "a d e");
    check("run <code>ls <b>x</b></code> now<pre>y</pre>then <kbd>z</kbd>", "run □ now¶then");
    check("a<svg><text>b</text><style>c</style><path/></svg>d<math><mi>e</mi></math>f", "a□d□f");
    check("<p hidden>a</p>b<i style='display:none'>c</i>d", "b□d");
    check("a <i translate=no>b <u translate=yes>c</u> d</i> e", "a □c□ e");
    check("<template>a</template><noscript>b</noscript><iframe>c</iframe>d", "d");
    check("a<![CDATA[b]]>c<?xml d?>e<!doctype f>g</ h>i", "acegi");
}

#[test]
fn malformed_sources_are_read_as_browsers_read_them() {
    check("<p hidden>a<div>b</div>", "b");
    check("<span hidden>a<div>b</span>c</div>d", "");
    check("<div hidden>a<span>b</div>c", "c");
    check("<ul><li hidden>a<li>b</ul>", "b");
    check("<table><tr><td hidden>a<td>b<tr><td>c</table>", "b¶c");
    check("</p>a</div></b>b</br>c", "ab⏎c");
    check("a < b, c <3 & d <", "a < b, c <3 & d <");
    check("a<b", "a");
    check("a<b c='", "a");
    check("a<!-- b", "a");
    check("<code/>a", "");
    check("<svg/>a<svg><g/><g>b</g></svg>c", "a□c");
    check("<b><p hidden></b>a</p>b", "b");
}

#[test]
fn references_are_read_where_they_stand() {
    let document = html("caf&eacute; &lt;b&gt; T&amp;C&nbsp;x");
    let prose = document.read();
    assert_eq!(prose.text(), "café <b> T&C\u{A0}x");
    let spans = prose.source_spans(Span::new(0, "café".len()));
    assert_eq!(spans, [Span::new(0, 11)]);
    assert_eq!(document.text_at(&spans), "café");
    // What cuts a reference takes all of it.
    assert_eq!(prose.text_span(Span::new(5, 6)).slice(prose.text()), "é");
    assert_eq!(prose.text_span(Span::new(0, 3)).slice(prose.text()), "caf");
    assert_eq!(prose.text_span(Span::new(11, 12)).slice(prose.text()), " ");
}

#[test]
fn languages_are_what_elements_say() {
    let source = "a <i lang=pt-BR>b <b lang='fr'>c</b></i><p lang=''>d</p> e";
    let prose = html(source).read();
    let runs: Vec<_> = prose.languages().map(|run| (run.text.slice(prose.text()), run.tag)).collect();
    assert_eq!(runs, [("b ", "pt-BR"), ("c\n", "fr")]);
    let by_word = html("<html lang=fr><body lang=pt><p class=MsoNormal lang=fr>a").read();
    assert_eq!(by_word.languages().count(), 0);
}

#[test]
fn mail_is_read_without_quotations() {
    check("<blockquote type=cite>a</blockquote>b", "a¶b");
    check_mail("<blockquote type=cite>a</blockquote>b", "b");
    check_mail("<blockquote>a</blockquote>b<div class='x gmail_quote'><blockquote>c</blockquote></div>", "a¶b");
    check_mail("a<div class='gmail_quote'>b<blockquote>c</blockquote>d</div>e", "a¶b¶d¶e");
    check_mail("a<div class='gmail_quote'><div class=gmail_attr>b</div>c</div>d", "a¶d");
    check_mail("a<div id=x_divRplyFwdMsg>b</div><p>c</p>d", "a");
    check_mail("a<div id=Signature>b</div>c<hr id=stopSpelling>d<p>e", "a¶c");
}

#[test]
fn a_tag_with_more_attributes_than_memory_is_read_without_lol_html() {
    let attributes: String = (0..40_000).map(|at| format!(" {}", at % 10)).collect();
    let source = format!("<p>one <b{attributes}>two</b> <i{attributes} hidden>three</i> four</p>");
    check(&source, "one two □ four");
    let source = format!("<p>one</p><script{attributes}>two <b>three</b></script><p>four");
    check(&source, "one¶four");
}

/// What generated sources have found.
#[test]
fn what_was_found_once_stays_mended() {
    check("<p><p>&nbsp;<p>", "");
    check("<i lang=pt>a<b lang>b", "ab");
}

/// Pieces of HTML, well-formed and not.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<div>",
    "</div>",
    "<br>",
    "<wbr>",
    "<span lang=pt>",
    "<span lang=\"zh\">",
    "</span>",
    "<blockquote type=\"cite\">",
    "</blockquote>",
    "<div class='gmail_quote'>",
    "<div class=gmail_attr>",
    "<blockquote>",
    "<s>",
    "</s>",
    "<i spellcheck=false>",
    "<i contenteditable=false>",
    "<i style='display:block;font-size:0'>",
    "----- Original Message -----",
    "---- On 1 a wrote ----",
    "<div id=divRplyFwdMsg>",
    "<hr id=FMSigSeperator>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<svg>",
    "</svg>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!",
    "<?",
    "</",
    "<",
    ">",
    "&",
    "&amp;",
    "&lt",
    "&eacute;",
    "&#233;",
    "&#x301;",
    "&nbsp;",
    "&nGt;",
    "&fjlig;",
    "&shy;",
    "&not",
    ";",
    "&#",
    "<a href=\"x>y\">",
    "<p hidden>",
    "<u translate=no>",
    "</u>",
    "<u translate=yes>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<img alt='x'>",
    "<plaintext>",
    "<select>",
    "<option>",
    "</select>",
    "<li>",
    "<x-y/>",
    "<b",
    " c='",
    "\"",
    "'",
    "=",
    "/",
    "recieve",
    "mis",
    "speled",
    "voce",
    "非常报歉",
    "以经",
    "登",
    "陆",
    "以",
    "经",
    "é",
    "e\u{301}",
    "\u{200B}",
    "😀",
    " ",
    "\n",
    "\r\n",
    "\t",
    "On 1 Jan 10:30 a@b.c wrote:",
    "-- ",
    "--",
    "> ",
    "From: x",
    "Subject: y",
    "To: z",
    "发件人：",
    "在 2024 10:30 写道：",
    "-----Original Message-----",
    "*",
    "~",
    "**",
    "https://x.y/z",
    "\0",
    "\u{FFFC}",
];

/// Messages to take apart.
const MESSAGES: &[&str] = &[
    include_str!("../../tests/documents/reply-gmail-en.txt"),
    include_str!("../../tests/documents/reply-outlook-desktop-zh.txt"),
    include_str!("../../tests/documents/draft-malformed-en.txt"),
    include_str!("../../tests/documents/plain-reply-inline-pt.txt"),
];

fn sources() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat());
    // A message of the fixtures, with bytes taken out and pieces put in.
    let edit = (any::<prop::sample::Index>(), 0..20_usize, prop::sample::select(PIECES));
    let mutated = (prop::sample::select(MESSAGES), prop::collection::vec(edit, 1..8)).prop_map(|(message, edits)| {
        let mut source = message.to_owned();
        for (place, length, piece) in edits {
            let start = source.floor_char_boundary(place.index(source.len() + 1));
            let end = source.floor_char_boundary((start + length).min(source.len()));
            source.replace_range(start..end.max(start), piece);
        }
        source
    });
    prop_oneof![3 => pieces, 1 => mutated, 1 => any::<String>()]
}

/// What holds for the reading of any source.
fn check_invariants(document: Document<'_>, cuts: &[prop::sample::Index]) -> Result<(), TestCaseError> {
    let source = document.content;
    let prose = document.read();
    let text = prose.text();
    let mut end = 0;
    for region in prose.skipped_regions() {
        prop_assert!(end <= region.span.start && !region.span.is_empty() && region.span.end <= source.len());
        prop_assert!(source.get(region.span.range()).is_some());
        end = region.span.end;
    }
    let mut end = 0;
    for region in prose.quoted_regions() {
        prop_assert!(end <= region.span.start && !region.span.is_empty() && region.span.end <= text.len());
        end = region.span.end;
    }
    // Any stretch of the text: its spans are disjoint, in order and in range, and read as it.
    let at = |cut: &prop::sample::Index| text.floor_char_boundary(cut.index(text.len() + 1));
    for pair in cuts.chunks_exact(2) {
        let span = Span::new(at(&pair[0]).min(at(&pair[1])), at(&pair[0]).max(at(&pair[1])));
        let spans = prose.source_spans(span);
        let mut end = 0;
        for piece in &spans {
            prop_assert!(end <= piece.start && piece.end <= source.len() && source.get(piece.range()).is_some());
            prop_assert!(prose.skipped_regions().all(|region| !region.span.overlaps(*piece)));
            end = piece.end;
        }
        if !prose.is_divided(span) && !is_in_reference(&prose, span) {
            let read = document.text_at(&spans).replace(['\n', '\r', '\t'], " ");
            prop_assert_eq!(&read, &span.slice(text).replace(['\n', '\r', '\t'], " "), "{:?}", spans);
            if let Some(cover) = prose.source_extent(span) {
                let back = prose.text_span(cover);
                prop_assert!(back.start <= span.start && span.end <= back.end, "{:?} for {:?}", back, span);
            }
        }
    }
    let mut end = 0;
    for block in prose.blocks() {
        prop_assert!(end <= block.text.start && !block.text.slice(text).trim().is_empty());
        prop_assert!(source.get(block.source.range()).is_some());
        end = block.text.end;
    }
    Ok(())
}

/// Whether a span of the text begins or ends within what one reference stands for.
fn is_in_reference(prose: &Prose<'_>, span: Span) -> bool {
    let all = prose.source_extent(span).map(|cover| prose.text_span(cover));
    all.is_some_and(|all| all != span)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    #[test]
    fn any_source_is_read(source in sources(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        for (format, channel) in [
            (DocumentFormat::Html, MessageChannel::Unspecified),
            (DocumentFormat::Html, MessageChannel::Email),
            (DocumentFormat::Plain, MessageChannel::WhatsApp),
            (DocumentFormat::Plain, MessageChannel::Email),
        ] {
            check_invariants(Document { content: &source, format, channel }, &cuts)?;
        }
    }
}
