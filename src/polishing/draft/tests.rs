//! What a model sees of drafts, and what comes back of its answers.

use proptest::prelude::*;

use super::*;
use crate::polishing::privacy::{Patterns, Scope};
use vermilion_engine::document::MessageChannel;

const HTML: DocumentFormat = DocumentFormat::Html;
const PLAIN: DocumentFormat = DocumentFormat::Plain;

fn read(content: &str, format: DocumentFormat, protected: &[Span]) -> Draft {
    Draft::read(&Document { content, format, channel: MessageChannel::Email }, protected)
}

/// Checks what a model sees, `□` for what is fixed.
#[track_caller]
fn sees(content: &str, format: DocumentFormat, expected: &str) {
    let draft = read(content, format, &[]);
    let mut seen = draft.text().to_owned();
    for (span, _) in draft.fixed().iter().rev() {
        seen.replace_range(span.range(), "□");
    }
    assert_eq!(seen, expected, "{content}");
    assert_eq!(polished(&draft, str::to_owned), content, "what is as it was comes back byte for byte");
}

/// The whole content with an answer, `change` being what the model does.
fn polished(draft: &Draft, change: impl Fn(&str) -> String) -> String {
    let mut masking = Masking::new(&[draft.content()], || 77_777);
    let masked = masking.mask(draft.text(), draft.fixed(), &Patterns::default(), Scope::All).text;
    let body = draft.body_of(&masking, &masked, &change(&masked));
    draft.with_body(&body.text)
}

/// Checks where a piece of the masked draft stands in the content, and where one of the answer stands in the reply.
#[track_caller]
fn stands(content: &str, format: DocumentFormat, change: (&str, &str), words: &str, expected: [&[&str]; 2]) {
    let draft = read(content, format, &[]);
    let mut masking = Masking::new(&[content], || 77_777);
    let masked = masking.mask(draft.text(), draft.fixed(), &Patterns::default(), Scope::All).text;
    let masked = masked.trim();
    let answer = masked.replace(change.0, change.1);
    // The words as a reader reads them, with a blank for whatever stands for something else.
    let span = |text: &str| {
        let seen: String = text
            .match_indices("[[")
            .map(|(at, _)| at..at + text[at..].find("]]").map_or(0, |end| end + 2))
            .fold(text.to_owned(), |mut seen, hole| {
                let blanks = "\u{1}".repeat(hole.len());
                seen.replace_range(hole, &blanks);
                seen
            });
        let (first, last) = words.split_once("..").unwrap_or((words, words));
        seen.find(first).map(|at| {
            let end = at + seen[at..].find(last).map_or(0, |found| found + last.len());
            Span::new(at, end)
        })
    };
    let slices = |spans: Vec<Span>, text: &str| -> Vec<String> {
        spans.iter().map(|span| span.slice(text).to_owned()).collect()
    };
    let before = span(masked).map(|span| draft.masked_map(&masking, masked).map(span)).unwrap_or_default();
    assert_eq!(slices(before, content), expected[0], "the draft, {content}");
    let body = draft.body_of(&masking, masked, &answer);
    let after = span(&answer).map(|span| body.map.map(span)).unwrap_or_default();
    assert_eq!(slices(after, &body.text), expected[1], "the reply, {}", body.text);
}

#[test]
fn words_are_found_again_in_the_draft_and_in_the_reply() {
    stands("  call us at 5", PLAIN, ("call", "phone"), "at 5", [&["at 5"], &["at 5"]]);
    stands("call us\r\nat 5", PLAIN, ("call", "phone"), "us..5", [&["us\r\nat 5"], &["us\r\nat 5"]]);
    stands("call\r\nus", PLAIN, ("us", "us\nnow"), "us", [&["us"], &["us"]]);
    stands(
        "see https://a.com/x or a@b.com now",
        PLAIN,
        ("see", "visit"),
        "or..now",
        [&["or a@b.com now"], &["or a@b.com now"]],
    );
    stands(
        "<p>a caf&eacute; is <b>here</b> now</p>",
        HTML,
        ("now", "today"),
        "caf..here",
        [&["caf&eacute; is ", "here"], &["caf&eacute; is ", "here"]],
    );
    stands(
        "<p>a caf&eacute; is <b>here</b> now</p>",
        HTML,
        ("a café", "one café"),
        "caf..here",
        [&["caf&eacute; is ", "here"], &["caf&eacute; is ", "here"]],
    );
    stands(
        "<p>T&amp;C at <i>https://a.com/?x&amp;y</i> &gt; 2</p>",
        HTML,
        ("at", "on"),
        "T&..2",
        [&["T&amp;C at ", "https://a.com/?x&amp;y", " &gt; 2"], &["T&amp;C on ", "https://a.com/?x&amp;y", " &gt; 2"]],
    );
}

#[test]
fn a_model_sees_the_writers_own_words() {
    sees("<p>caf&eacute; R&amp;D is&nbsp;here</p>", HTML, "café R&D is\u{A0}here");
    sees("<p>Hi <b>Ana</b>,</p>\n<p class=x>&nbsp;bye &lt;3</p>\n", HTML, "Hi □Ana□,□bye <3");
    sees("<p>a</p><img src='data:x'><p>b</p><blockquote type=cite>c</blockquote>", HTML, "a□b");
    sees("<p>a<br>On Tue, 12 Nov 2024, B &lt;b@c.de&gt; wrote:<br>&gt; c<br>d</p>", HTML, "a□d");
    sees("<p>a <code>b</code> c <s>d</s> e</p>", HTML, "a □ c □ e");
    sees("\n a\r\n\r\nb \r\n", PLAIN, "a\r\n\r\nb");
    sees("a\n\nOn Tue, 12 Nov 2024, B <b@c.de> wrote:\n> c\n", PLAIN, "a");
    sees("> a\nb\n> c\n\n> d\ne\n-- \nf", PLAIN, "b□e");
    sees("mis*spe*lled *so* &amp; x", PLAIN, "mis*spe*lled *so* &amp; x");
    sees("<p> </p><!-- a -->", HTML, "");
    sees("> a", PLAIN, "");
    sees("", PLAIN, "");
}

#[test]
fn an_answer_is_written_as_the_draft_is() {
    let draft = read("<p>caf&eacute; &#39;x&#39; &amp; <b>y&nbsp;z</b> 1 &gt 0</p>", HTML, &[]);
    let reply = polished(&draft, |masked| masked.replace("café", "<Café> é & ü\u{A0}").replace("1 >", "2 >"));
    assert_eq!(reply, "<p>&lt;Caf&eacute;&gt; &eacute; &amp; ü&nbsp; &#39;x&#39; &amp; <b>y&nbsp;z</b> 2 &gt; 0</p>");
    let draft = read("a\r\nb", PLAIN, &[]);
    assert_eq!(polished(&draft, |masked| masked.replace('b', "c\n<d>")), "a\r\nc\r\n<d>");
}

#[test]
fn values_and_protected_ranges_come_back_as_they_were() {
    let content = "<p>see https://a.com/?x=1&amp;y=2 and <i>T&amp;C</i>&reg;</p>";
    let protected = content.find("T&amp;C").map(|at| Span::new(at, at + "T&amp;C</i>&reg;".len()));
    let draft = read(content, HTML, &[protected.expect("it is there"), Span::new(0, 1)]);
    assert_eq!(polished(&draft, |masked| masked.replace("see", "read")), content.replace("see", "read"));
    assert!(draft.text().starts_with("see https://a.com/?x=1&y=2 and "), "{}", draft.text());
}

#[test]
fn what_is_fixed_counts_as_a_placeholder() {
    let image = "x".repeat(40_000);
    let draft = read(&format!("<p>a</p><img src='data:{image}'><p>b</p><blockquote>{image}</blockquote>"), HTML, &[]);
    assert!(draft.model_bytes() > 40_000, "a blockquote that nobody announces is the writer's");
    let draft =
        read(&format!("<p>a</p><img src='{image}'><p>b</p><blockquote type=cite>{image}</blockquote>"), HTML, &[]);
    assert_eq!(draft.model_bytes(), 2 + PLACEHOLDER_BYTES);
}

const PIECES: &str =
    r"(<b>|</b>|<br>|</p><p>|&eacute;|&amp;|&nbsp;|é|e\u{301}|a|\r\n|\n| |🙂|https://a.com/x|\[\[|> b\n){0,16}";

proptest! {
    /// Wherever a span of a masked text is, its places are pieces of the content, or of the reply, in their order.
    #[test]
    fn places_are_pieces_of_the_texts(
        content in PIECES, more in PIECES, html: bool, at in 0..64_usize, length in 0..64_usize, cut in 0..64_usize,
    ) {
        let draft = read(&content, if html { HTML } else { PLAIN }, &[Span::new(0, 0)]);
        let mut masking = Masking::new(&[&content, &more], || 77_777);
        let masked = masking.mask(draft.text(), draft.fixed(), &Patterns::default(), Scope::All).text;
        let masked = masked.trim();
        let insert = masked.floor_char_boundary(cut.min(masked.len()));
        let inside = masked[..insert].rfind("[[").is_some_and(|open| !masked[open..insert].contains("]]"));
        let answer = if inside { masked.to_owned() } else { format!("{}{more}{}", &masked[..insert], &masked[insert..]) };
        let body = draft.body_of(&masking, masked, &answer);
        for (text, map, target) in [
            (masked, draft.masked_map(&masking, masked), content.as_str()),
            (answer.as_str(), body.map.clone(), body.text.as_str()),
        ] {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            let places = map.map(Span::new(start, end));
            prop_assert!(places.iter().all(|span| target.get(span.range()).is_some()), "{places:?} of {target:?}");
            prop_assert!(places.windows(2).all(|pair| pair[0].end <= pair[1].start), "{places:?}");
            // Letters are those that stand there.
            let letters = |text: &str| text.chars().filter(|c| *c == 'a').count();
            if !text.contains("[[") && !html {
                let there: usize = places.iter().map(|span| letters(span.slice(target))).sum();
                prop_assert_eq!(there, letters(&text[start..end]));
            }
        }
    }
}
