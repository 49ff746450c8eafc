//! What a model may not touch in an HTML draft, and how its text becomes HTML again. Pure.

use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel},
    text::Span,
};

/// What of an HTML draft is no text of the writer's own: tags, character references, what is not shown, quoted history and
/// signatures. White space between two tags goes with them.
/// Ascending, disjoint, in bytes. O(length), times the number of quoted regions.
#[must_use]
pub fn spans(content: &str, channel: MessageChannel) -> Vec<Span> {
    let prose = Document { content, format: DocumentFormat::Html, channel }.read();
    let quoted = |text: Span| prose.quoted_regions().any(|region| region.span.overlaps(text));
    let mut texts: Vec<Span> = Vec::new();
    for block in prose.blocks().filter(|block| !quoted(block.text)) {
        texts.extend(prose.source_spans(block.text));
    }
    texts.sort_unstable();
    let mut markup = Vec::new();
    let mut done = 0;
    for text in texts {
        if text.end <= done {
            continue;
        }
        let start = text.start.max(done);
        let between = Span::new(done, start);
        if !between.is_empty() {
            markup.push(between);
        }
        markup.extend(references(content, Span::new(start, text.end)));
        done = text.end;
    }
    if done < content.len() {
        markup.push(Span::new(done, content.len()));
    }
    markup
}

/// Character references in a stretch of text: `&nbsp;`, `&#231;`. What a model writes is text, so they stay out of its hands.
fn references(content: &str, text: Span) -> Vec<Span> {
    let inner = text.slice(content);
    let ends = |start: usize| inner[start..].find(';').filter(|length| *length <= 32).map(|length| start + length + 1);
    let found = inner.match_indices('&').filter_map(|(start, _)| Some(Span::new(start, ends(start)?)));
    let is_reference = |span: &Span| {
        let name = &span.slice(inner)[1..span.len() - 1];
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') && !name.is_empty()
    };
    found.filter(is_reference).map(|span| span.shifted(text.start)).collect()
}

/// Text as it stands in HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_text_is_markup() {
        let content = "<p>Hi <b>Ana</b>,&nbsp;caf&eacute;</p>\n<p class=\"x\">Bye</p>";
        let markup: Vec<&str> =
            super::spans(content, MessageChannel::Unspecified).into_iter().map(|span| span.slice(content)).collect();
        let mut rest = content.to_owned();
        for piece in &markup {
            let at = rest.find(piece).unwrap();
            rest.replace_range(at..at + piece.len(), "|");
        }
        assert!(
            !rest.contains(['<', '>', '&', '"']) && rest.contains("Ana") && rest.contains("Bye"),
            "{rest} {markup:?}"
        );
    }
}
